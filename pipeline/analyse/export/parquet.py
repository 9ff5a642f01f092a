"""Parquet by pyarrow: typed columns; labels, definitions and value labels in the metadata of each field.

A closed column is a dictionary of the codebook's values, a list column a list; '' in a column of either kind or of dates is null.
The metadata of a field are `label`, `definition` and `values` (JSON: label by value).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet

from pipeline.analyse.dictionary import Column
from pipeline.analyse.export.json_lines import members
from pipeline.analyse.export.selection import Selected

BATCH = 10_000  # rows held in memory
_TYPES = {
    "integer": pyarrow.int64(),
    "flag": pyarrow.int8(),
    "real": pyarrow.float64(),
    "choice": pyarrow.dictionary(pyarrow.int16(), pyarrow.string()),
    "list": pyarrow.list_(pyarrow.string()),
}


def write(tables: Sequence[Selected], paths: Sequence[Path], language: str) -> list[int]:
    """Write each table to its path. The number of rows of each."""
    return [_write_table(table, path, language) for table, path in zip(tables, paths, strict=True)]


def _write_table(table: Selected, path: Path, language: str) -> int:
    about = {"label": table.label, "description": table.description, "language": language}
    schema = pyarrow.schema([_field(column) for column in table.columns], metadata=about)
    written, rows = 0, table.rows()
    with pyarrow.parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        while batch := list(islice(rows, BATCH)):
            columns = zip(*batch, strict=True)
            arrays = [_array(column, values, field.type) for column, values, field in zip(table.columns, columns, schema, strict=True)]
            writer.write_batch(pyarrow.record_batch(arrays, schema=schema))
            written += len(batch)
    return written


def _field(column: Column) -> Any:
    about = {"label": column.label, "definition": column.definition}
    if column.choices:
        about["values"] = json.dumps(column.choices, ensure_ascii=False)
    return pyarrow.field(column.name, _TYPES.get(column.type, pyarrow.string()), metadata=about)


def _array(column: Column, values: Sequence[Any], kind: Any) -> Any:
    if column.type == "list":
        return pyarrow.array([None if value is None else members(value) for value in values], kind)
    if column.type == "choice":
        return _dictionary(column, values)
    if column.type == "date":
        return pyarrow.array([value or None for value in values], kind)
    return pyarrow.array(values, kind)


def _dictionary(column: Column, values: Sequence[Any]) -> Any:
    """The codebook's values in its order, then any other that an older codebook had."""
    place = {name: n for n, name in enumerate([*column.choices, *sorted({str(value) for value in values if value} - set(column.choices))])}
    codes = pyarrow.array([place[value] if value else None for value in values], pyarrow.int16())
    return pyarrow.DictionaryArray.from_arrays(codes, pyarrow.array(list(place), pyarrow.string()))
