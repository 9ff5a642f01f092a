"""What the analysis reads from the database, by plain SQL over the tables that every analyst may use. Nothing is ever written."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, runtime_checkable
from urllib.parse import quote

from pipeline.schema import StoreError

Row = Mapping[str, Any]

EVERY, ONCE = "cases", "cases_once"  # judgments; of copies and instances of one case only one


class HasConnection(Protocol):
    """A database that holds an open connection as `conn` (sqlite-utils' does)."""

    @property
    def conn(self) -> sqlite3.Connection:
        """The open connection."""


@runtime_checkable
class HasDatabase(Protocol):
    """A store: it holds its database as `db`."""

    @property
    def db(self) -> HasConnection:
        """The open database."""


Source = sqlite3.Connection | HasConnection | HasDatabase


@dataclass(frozen=True, slots=True)
class Case:
    """One judgment in scope: its row of `cases` and, by role, how many persons were harmed."""

    row: Row
    persons: Mapping[str, int] = field(default_factory=dict)
    judgment_id: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "judgment_id", str(self.row["judgment_id"]))  # asked for a hundred times a case

    def answers(self, variable: str, several: bool = False) -> frozenset[str]:
        """The values recorded for `variable`: one for a choice, `several` for a list and for `role`, none where nothing is recorded."""
        if variable == "role" and self.persons:
            return frozenset(self.persons)
        value = self.row.get(variable)
        if several:
            return frozenset(str(value or "").split(",")) - {""}
        return frozenset() if value in (None, "") else frozenset([str(value)])


def open_readonly(path: Path) -> sqlite3.Connection:
    """Open the database file for reading; StoreError when it is absent or not an SQLite database."""
    if not path.is_file():
        raise StoreError(f"{path} does not exist: `anjuan run INPUT --db {path}` makes it")
    connection = sqlite3.connect(f"file:{quote(str(path.resolve()))}?mode=ro", uri=True)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.Error as error:
        connection.close()
        raise StoreError(f"{path} cannot be read: {error}") from error
    return connection


def connection_of(source: Source) -> sqlite3.Connection:
    """The connection itself, or the one that a database or a store holds."""
    if isinstance(source, sqlite3.Connection):
        return source
    return source.db.conn if isinstance(source, HasDatabase) else source.conn


def rows(connection: sqlite3.Connection, sql: str, parameters: Iterable[Any] = ()) -> Iterator[Row]:
    """Run a query and give its rows as mappings; the caller's row factory is left alone. StoreError when a table is missing."""
    try:
        cursor = connection.execute(sql, tuple(parameters))
    except sqlite3.Error as error:
        raise StoreError(f"this is not a database of anjuan, or it is damaged: {error}") from error
    names = [column[0] for column in cursor.description]
    return (dict(zip(names, row, strict=True)) for row in cursor)


def cases_in_scope(connection: sqlite3.Connection, view: str = EVERY) -> list[Case]:
    """All rows of `view` that are in scope, the newest first, then by case number: `cases`, `ONCE`, or another relation like them."""
    return with_persons(
        connection, rows(connection, f"SELECT * FROM {view} WHERE in_scope = 1 ORDER BY decided_on DESC, case_number, judgment_id")
    )


def with_persons(connection: sqlite3.Connection, found: Iterable[Row]) -> list[Case]:
    """Rows with a judgment_id as cases, each with the persons harmed in its judgment, by role."""
    listed = list(found)
    persons: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    sql = "SELECT judgment_id, role, persons FROM victims WHERE role <> '' AND judgment_id IN (SELECT value FROM json_each(?))"
    for row in rows(connection, sql, [json.dumps([row["judgment_id"] for row in listed])]):
        persons[row["judgment_id"]][row["role"]] += max(1, row["persons"] or 1)
    return [Case(row, dict(persons[row["judgment_id"]])) for row in listed]


def grouped(found: Iterable[Row], key: str = "judgment_id") -> dict[str, list[Row]]:
    """Rows by the value of one of their columns."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in found:
        groups[str(row[key])].append(row)
    return dict(groups)
