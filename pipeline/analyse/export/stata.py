"""Stata's .dta, version 118 (Stata 14 and later; all text is UTF-8), by pyreadstat.

What is coded only in scope is `.a` where the case is out of scope, which has a label; what is missing otherwise is `.`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas
import pyreadstat

from pipeline.analyse.export.numbering import NOT_CODED, NotCoded, Variable, as_numbers, columns, variables
from pipeline.analyse.export.selection import Selected

VERSION = 14  # of Stata, whose files say 118
EPOCH = 3653  # days from 1960-01-01, from which Stata counts, to 1970-01-01
LETTER = "a"


def write(tables: Sequence[Selected], paths: Sequence[Path], language: str) -> list[int]:
    """Write each table to its path. The number of rows of each."""
    return [_write_table(table, path, language) for table, path in zip(tables, paths, strict=True)]


def _write_table(table: Selected, path: Path, language: str) -> int:
    wanted = variables(table, language)
    values = columns(table, wanted)
    marked = {variable.name for variable in wanted if NotCoded in values[variable.name]}
    frame = pandas.DataFrame({variable.name: _series(variable, values[variable.name]) for variable in wanted})
    labels: dict[str, dict[Any, str]] = {variable.name: dict(variable.labels) for variable in wanted if variable.labels}
    for name in marked:
        labels[name][LETTER] = NOT_CODED[language]
    pyreadstat.write_dta(
        frame,
        path,
        file_label=table.label,
        column_labels={variable.name: variable.label for variable in wanted},
        version=VERSION,
        variable_value_labels=labels,
        missing_user_values={name: [LETTER] for name in sorted(marked)},
        variable_format={variable.name: "%td" if variable.kind == "day" else "%9.0g" for variable in wanted if variable.kind != "text"},
    )
    return len(frame)


def _series(variable: Variable, values: Sequence[Any]) -> Any:
    if variable.kind == "text":
        return pandas.Series(values, dtype=object)
    numbers = as_numbers(values, LETTER, EPOCH if variable.kind == "day" else 0)
    if LETTER not in numbers:
        return pandas.Series(numbers, dtype=float)
    # As categories: of a plain mixed column pyreadstat looks at the first hundred values, which may all be letters.
    known = sorted({number for number in numbers if number != LETTER and number == number})
    return pandas.Series(pandas.Categorical([number if number == number else None for number in numbers], categories=[*known, LETTER]))
