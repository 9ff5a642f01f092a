"""JSON Lines: one object a row; lists are arrays, JSON inside the database is JSON here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson

from pipeline.analyse.export.selection import Selected


def write(tables: Sequence[Selected], paths: Sequence[Path], language: str) -> list[int]:
    """Write each table to its path, what their columns mean to the last one. The number of rows of each."""
    counts = [_write_table(table, path) for table, path in zip(tables, paths, strict=False)]
    with paths[-1].open("wb") as file:
        for table in tables:
            for column in table.columns:
                file.write(orjson.dumps({"table": table.name, **asdict(column)}, option=orjson.OPT_APPEND_NEWLINE))
    return counts


def _write_table(table: Selected, path: Path) -> int:
    names = [column.name for column in table.columns]
    kinds = [_READ.get(column.type) for column in table.columns]
    written = 0
    with path.open("wb") as file:
        for row in table.rows():
            values = (value if read is None or value is None else read(value) for read, value in zip(kinds, row, strict=True))
            file.write(orjson.dumps(dict(zip(names, values, strict=True)), option=orjson.OPT_APPEND_NEWLINE))
            written += 1
    return written


def members(value: str) -> list[str]:
    """The members of a list, which the database holds joined with commas."""
    return value.split(",") if value else []


_READ: Mapping[str, Callable[[Any], object]] = {"list": members, "json": orjson.loads}
