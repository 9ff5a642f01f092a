"""SPSS's .sav by pyreadstat: UTF-8, numeric codes with value labels.

What is coded only in scope is -9, declared missing and labelled, where the case is out of scope; what is missing otherwise is system-missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas
import pyreadstat

from pipeline.analyse.export.numbering import NOT_CODED, NotCoded, Variable, as_numbers, columns, variables
from pipeline.analyse.export.selection import Selected
from pipeline.schema import AnjuanError

EPOCH = 141_428  # days from 1582-10-14, from which SPSS counts (in seconds), to 1970-01-01
SECONDS = 86_400
OUT_OF_SCOPE = -9.0
LONGEST_TEXT = 32_767  # bytes
_FORMATS = {"day": "SDATE10", "code": "F8.0", "integer": "F12.0", "number": "F12.4"}
_MEASURES = {"day": "scale", "code": "nominal", "integer": "scale", "number": "scale", "text": "nominal"}


def write(tables: Sequence[Selected], paths: Sequence[Path], language: str) -> list[int]:
    """Write each table to its path. The number of rows of each. AnjuanError for a text that is longer than SPSS takes."""
    return [_write_table(table, path, language) for table, path in zip(tables, paths, strict=True)]


def _write_table(table: Selected, path: Path, language: str) -> int:
    wanted = variables(table, language)
    values = columns(table, wanted)
    marked = {variable.name for variable in wanted if NotCoded in values[variable.name]}
    frame = pandas.DataFrame({variable.name: _series(table, variable, values[variable.name]) for variable in wanted})
    labels = {variable.name: {float(code): label for code, label in variable.labels.items()} for variable in wanted if variable.labels}
    for name in marked:
        labels[name][OUT_OF_SCOPE] = NOT_CODED[language]
    pyreadstat.write_sav(
        frame,
        path,
        file_label=table.label,
        column_labels={variable.name: variable.label for variable in wanted},
        row_compress=True,
        variable_value_labels=labels,
        missing_ranges={name: [OUT_OF_SCOPE] for name in sorted(marked)},
        variable_measure={variable.name: _MEASURES[variable.kind] for variable in wanted},
        variable_format={variable.name: _FORMATS[variable.kind] for variable in wanted if variable.kind in _FORMATS},
    )
    return len(frame)


def _series(table: Selected, variable: Variable, values: Sequence[Any]) -> Any:
    if variable.kind != "text":
        day = variable.kind == "day"
        return pandas.Series(as_numbers(values, OUT_OF_SCOPE, EPOCH if day else 0, SECONDS if day else 1), dtype=float)
    if any(len(value) * 4 > LONGEST_TEXT and len(value.encode()) > LONGEST_TEXT for value in values):
        raise AnjuanError(
            f"{table.name}.{variable.name} holds texts of more than {LONGEST_TEXT} bytes, SPSS's limit: choose csv, parquet or stata"
        )
    return pandas.Series(values, dtype=object)
