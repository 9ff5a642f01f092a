"""Which tables, columns and rows of the database are exported."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.analyse.dictionary import HIDDEN, Column, TableWords, tables_in_words
from pipeline.schema import AnjuanError, StoreError

DEFAULT = ("cases", "defendants", "charges", "victims")
_NOT_EXPORTED = ("judgments_fts", "search", "sessions")  # an index without text, and who has signed in
_IN_SCOPE = "SELECT judgment_id FROM cases WHERE in_scope = 1"

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Selected:
    """A table with the columns and rows that are wanted of it."""

    name: str
    label: str
    description: str
    columns: tuple[Column, ...]
    condition: str
    connection: sqlite3.Connection

    def rows(self) -> Iterator[Row]:
        """The rows, in the order of the columns; constant memory. StoreError when the database cannot be read."""
        listed = ", ".join(f'"{column.name}"' for column in self.columns)
        yield from self._ask(f'SELECT {listed} FROM "{self.name}"{self.condition}')

    def count(self) -> int:
        """How many rows `rows` will give."""
        return int(next(self._ask(f'SELECT count(*) FROM "{self.name}"{self.condition}'))[0])

    def _ask(self, sql: str) -> Iterator[Row]:
        try:
            for row in self.connection.execute(sql):  # noqa: UP028 (`yield from` would close the cursor of a reader who stops early)
                yield row
        except sqlite3.Error as error:
            raise StoreError(f"{self.name} cannot be read: {error}") from error


def select(connection: sqlite3.Connection, names: Sequence[str], language: str, in_scope: bool, text: bool) -> list[Selected]:
    """The tables called `names` (none: the analyst's four), of judgments in scope only, with whole texts where `text` says so.

    AnjuanError, naming what there is, for a table that is not there or holds nothing that may be exported in this way.
    """
    known = tables_in_words(connection, language)
    return [_selected(connection, _known(known, name), in_scope, text) for name in dict.fromkeys(names or DEFAULT)]


def _known(known: Mapping[str, TableWords], name: str) -> TableWords:
    exported = [each for each in known if each not in _NOT_EXPORTED]
    if name not in exported:
        raise AnjuanError(f"no table or view {name!r} to export; there are {', '.join(exported)}")
    return known[name]


def _selected(connection: sqlite3.Connection, words: TableWords, in_scope: bool, text: bool) -> Selected:
    dropped = HIDDEN if text else HIDDEN | {"long"}
    columns = tuple(column for column in words.columns if column.type not in dropped)
    if not text and words.name == "originals":
        raise AnjuanError("originals holds nothing but whole texts: add --text")
    return Selected(words.name, words.label, words.description, columns, _condition(words) if in_scope else "", connection)


def _condition(words: TableWords) -> str:
    """The clause that keeps what is in scope."""
    if words.has("in_scope"):
        return " WHERE in_scope = 1"
    if words.has("judgment_id"):
        return f" WHERE judgment_id IN ({_IN_SCOPE})"
    raise AnjuanError(f"{words.name} is not about judgments, so that none of it is in or out of scope: leave --in-scope out")
