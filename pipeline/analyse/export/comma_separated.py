"""CSV: one file a table with the values as the database holds them, and one that says what columns and values mean.

UTF-8 with a byte order mark, for Excel takes a file without it for the system's own encoding. A text that begins with = stays as it is, for
data are not changed for one program that would compute it: who opens them in Excel exports xlsx, where text is text.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from pipeline.analyse.export.selection import Row, Selected

ENCODING = "utf-8-sig"
CODEBOOK = ("table", "column", "label", "definition", "type", "value", "value_label")


def write(tables: Sequence[Selected], paths: Sequence[Path], language: str) -> list[int]:
    """Write each table to its path, what they mean to the last one. The number of rows of each."""
    counts = [write_table(table, path) for table, path in zip(tables, paths, strict=False)]
    _write_rows(paths[-1], CODEBOOK, meanings(tables))
    return counts


def write_table(table: Selected, path: Path) -> int:
    """Write one table. Its number of rows."""
    return _write_rows(path, [column.name for column in table.columns], table.rows())


def _write_rows(path: Path, header: Sequence[str], rows: Iterable[Row]) -> int:
    written = 0
    with path.open("w", encoding=ENCODING, newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        for row in rows:
            writer.writerow(row)
            written += 1
    return written


def meanings(tables: Sequence[Selected]) -> Iterator[Row]:
    """Columns as in `CODEBOOK`: a row for each value of a closed column, one with an empty value for any other."""
    for table in tables:
        for column in table.columns:
            said = (table.name, column.name, column.label, column.definition, column.type)
            yield from ((*said, value, label) for value, label in (column.choices or {"": ""}).items())
