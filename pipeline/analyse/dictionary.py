"""What tables and columns mean, read from the dictionary inside the database, in one language."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.analyse.reading import rows
from pipeline.codebook.nouns import LANGUAGES
from pipeline.schema import AnjuanError

HIDDEN = frozenset({"secret", "blob"})  # types of columns that are for no reader


@dataclass(frozen=True, slots=True)
class Column:
    """A column in words. `choices`: label by value, in order, where the values are fixed; `variable`: the codebook's, or ""."""

    name: str
    label: str
    definition: str
    type: str
    choices: Mapping[str, str]
    variable: str


@dataclass(frozen=True, slots=True)
class TableWords:
    """A table or view in words, with its columns in their order. `kind`: "table" or "view"."""

    name: str
    kind: str
    label: str
    description: str
    columns: tuple[Column, ...]

    def has(self, column: str) -> bool:
        """Whether it has a column of this name."""
        return any(each.name == column for each in self.columns)


def tables_in_words(connection: sqlite3.Connection, language: str) -> dict[str, TableWords]:
    """Every table and view of the database by its name. AnjuanError for a language that there is not; StoreError without a dictionary."""
    if language not in LANGUAGES:
        raise AnjuanError(f"unknown language {language!r}; choose one of {', '.join(LANGUAGES)}")
    columns = _columns(connection, language)
    found = rows(
        connection, f"SELECT name, kind, {language} AS label, description_{language} AS description FROM dictionary_tables ORDER BY name"
    )
    return {
        row["name"]: TableWords(row["name"], row["kind"], row["label"], row["description"], tuple(columns[row["name"]])) for row in found
    }


def _columns(connection: sqlite3.Connection, language: str) -> dict[str, list[Column]]:
    choices: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    listed = f'SELECT "table", "column", value, {language} AS label FROM dictionary_values ORDER BY "table", "column", position'
    for row in rows(connection, listed):
        choices[row["table"], row["column"]][row["value"]] = row["label"]
    found: dict[str, list[Column]] = defaultdict(list)
    fields = f'"table", "column", {language} AS label, definition_{language} AS definition, type, variable'
    for row in rows(connection, f'SELECT {fields} FROM dictionary_columns ORDER BY "table", position'):
        key = row["table"], row["column"]
        label = row["label"] or row["column"]
        found[key[0]].append(Column(key[1], label, row["definition"], row["type"], choices.get(key, {}), row["variable"]))
    return found
