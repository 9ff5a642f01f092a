"""Questions to the database in SQL, or by the name of a table or view, answered as a table, CSV or JSON lines."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from rich import box
from rich.console import Console
from rich.table import Table as RichTable

from pipeline.schema import AnjuanError

Row = Mapping[str, Any]
_TABLES = (
    "SELECT name, type FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'judgments_fts%'"
)
_LONGEST_CELL = 60
_LONGEST_LAST_CELL = 300
_WIDER_THAN_ANY_TABLE = 2000


class Source(Protocol):
    """What answers a SELECT: the store."""

    def query(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> list[dict[str, Any]]:
        """The rows of a SELECT."""


def ask(source: Source, question: str, limit: int | None = None) -> list[dict[str, Any]]:
    """The rows of a SELECT, or of the table or view of that name; an empty question lists the tables and views with their columns.

    Raises:
        AnjuanError: for a name that is no table or view, naming those there are; StoreError for what is not a SELECT.
    """
    names = {row["name"]: row["type"] for row in source.query(f"{_TABLES} ORDER BY type, name")}
    if not question:
        return [{"name": name, "kind": kind, "columns": _columns(source, name)} for name, kind in names.items()]
    if re.fullmatch(r"\w+", question):
        if question not in names:
            raise AnjuanError(f"{question}: no such table or view; there are {', '.join(names)}")
        question = f'SELECT * FROM "{question}"'
    sql = question.rstrip().rstrip(";")
    return source.query(f"SELECT * FROM ({sql}) LIMIT {int(limit)}") if limit is not None else source.query(sql)


def _columns(source: Source, name: str) -> str:
    return ", ".join(row["name"] for row in source.query("SELECT name FROM pragma_table_info(?)", [name]))


def as_csv(rows: Sequence[Row]) -> str:
    """Rows as CSV with a header; nothing for no rows."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerows([list(rows[0]), *(row.values() for row in rows)] if rows else [])
    return buffer.getvalue()


def as_json_lines(rows: Sequence[Row]) -> str:
    """Rows as one JSON object a line."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def as_table(rows: Sequence[Row]) -> str:
    """Rows as a table for the terminal; long cells are cut with …, a line break is shown as a blank."""
    if not rows:
        return "no rows\n"
    table = RichTable(*rows[0], box=box.SIMPLE_HEAD, pad_edge=False)
    for row in rows:
        *cells, last = row.values()
        table.add_row(*(_cell(value, _LONGEST_CELL) for value in cells), _cell(last, _LONGEST_LAST_CELL))
    buffer = io.StringIO()
    Console(file=buffer, width=_WIDER_THAN_ANY_TABLE, color_system=None, highlight=False, markup=False).print(table)
    lines = (line.rstrip() for line in buffer.getvalue().strip("\n").splitlines())
    return "\n".join(lines) + f"\n\n{len(rows)} rows\n"


def _cell(value: object, longest: int) -> str:
    text = "" if value is None else " ".join(str(value).split())
    return text if len(text) <= longest else text[: longest - 1] + "…"


FORMS: Mapping[str, Callable[[Sequence[Row]], str]] = {"table": as_table, "csv": as_csv, "jsonl": as_json_lines}


def write_rows(rows: Sequence[Row], form: str) -> str:
    """Rows in one of `FORMS`; AnjuanError for any other form."""
    if form not in FORMS:
        raise AnjuanError(f"unknown form {form!r}; choose one of {', '.join(FORMS)}")
    return FORMS[form](rows)
