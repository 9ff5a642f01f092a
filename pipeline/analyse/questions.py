"""Questions to the database in SQL, or by the name of a table or view, answered as a table, CSV or JSON lines."""

from __future__ import annotations

import csv
import io
import json
import math
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from itertools import chain, islice
from typing import Any, Protocol

from rich.cells import cell_len

from pipeline.schema import AnjuanError

Row = Mapping[str, Any]
_TABLES = """
    SELECT name, type AS kind, (SELECT group_concat(name, ', ') FROM pragma_table_info(m.name)) AS columns FROM sqlite_master AS m
    WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'judgments_fts%' ORDER BY type, name"""
_LONGEST_CELL = 60
_LONGEST_LAST_CELL = 300
_BETWEEN = "   "  # columns of a table
_AT_ONCE = 1_000  # lines written together


class Source(Protocol):
    """What answers a SELECT: the store."""

    def query(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> list[dict[str, Any]]:
        """The rows of a SELECT."""

    def asked(self, sql: str) -> AbstractContextManager[sqlite3.Cursor]:
        """The rows of somebody's own SELECT as they come."""


def answer(source: Source, question: str, form: str, limit: int | None, write: Callable[[str], object]) -> None:
    """Give `write` the answer to a SELECT, or a table or view by its name, in one of `FORMS`; to no question, what tables and views there are.

    CSV and JSON lines are written piece by piece as the rows come, whatever their number.

    Raises:
        AnjuanError: for a name that is no table or view, naming those there are; StoreError for what is not a SELECT.
    """
    lines = _form(form)
    with source.asked(_statement(source, question)) as cursor:
        pieces = lines(_names(cursor), islice(cursor, limit))
        while together := "".join(islice(pieces, _AT_ONCE)):
            write(together)


def _statement(source: Source, question: str) -> str:
    if not question:
        return _TABLES
    if not re.fullmatch(r"\w+", question):
        return question
    names = [row["name"] for row in source.query(_TABLES)]
    if question not in names:
        raise AnjuanError(f"{question}: no such table or view; there are {', '.join(names)}")
    return f'SELECT * FROM "{question}"'


def _names(cursor: sqlite3.Cursor) -> list[str]:
    """The names of the columns, a second `a` as `a_2`."""
    names: list[str] = []
    for column in cursor.description:
        number = next(n for n in range(1, len(names) + 2) if (f"{column[0]}_{n}" if n > 1 else column[0]) not in names)
        names.append(f"{column[0]}_{number}" if number > 1 else column[0])
    return names


def as_csv(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Rows as CSV with a header, bytes in hexadecimal digits; nothing without columns."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    for row in chain([names], rows) if names else ():
        writer.writerow([value.hex() if isinstance(value, bytes) else value for value in row])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def as_json_lines(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Rows as one JSON object a line; bytes in hexadecimal digits, an infinite number as null, for JSON has none."""
    for row in rows:
        values = (None if isinstance(value, float) and not math.isfinite(value) else value for value in row)
        yield json.dumps(dict(zip(names, values, strict=True)), ensure_ascii=False, default=bytes.hex) + "\n"


def as_table(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Rows as a table for the terminal; long cells are cut with …, a line break is shown as a blank."""
    cells = [[*(_cell(value, _LONGEST_CELL) for value in row[:-1]), _cell(row[-1], _LONGEST_LAST_CELL)] for row in rows]
    if not cells:
        yield "no rows\n"
        return
    widths = [max(map(cell_len, column)) for column in zip(names, *cells, strict=True)]
    yield _line(names, widths)
    yield f" {'─' * (sum(widths) + len(_BETWEEN) * (len(widths) - 1))}\n"
    yield from (_line(row, widths) for row in cells)
    yield f"\n{len(cells)} row{'s' * (len(cells) != 1)}\n"


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    """A line of a table, in which a Chinese character is two columns wide."""
    padded = (cell + " " * (width - cell_len(cell)) for cell, width in zip(cells, widths, strict=True))
    return f" {_BETWEEN.join(padded)}".rstrip() + "\n"


def _cell(value: object, longest: int) -> str:
    text = "" if value is None else " ".join((value.hex() if isinstance(value, bytes) else str(value)).split())
    return text if len(text) <= longest else text[: longest - 1] + "…"


Form = Callable[[Sequence[str], Iterable[Sequence[Any]]], Iterator[str]]
FORMS: Mapping[str, Form] = {"table": as_table, "csv": as_csv, "jsonl": as_json_lines}


def write_rows(rows: Sequence[Row], form: str) -> str:
    """Rows in one of `FORMS`; AnjuanError for any other form."""
    names = list(rows[0]) if rows else []
    return "".join(_form(form)(names, ([*row.values()] for row in rows)))


def _form(name: str) -> Form:
    if name not in FORMS:
        raise AnjuanError(f"unknown form {name!r}; choose one of {', '.join(FORMS)}")
    return FORMS[name]
