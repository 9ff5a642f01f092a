"""The dictionary inside the database: what every table, view, column and permitted value means, in Chinese and English.

The codebook names its own variables; the words for everything else are in `dictionary.toml`. Whoever opens the file in another program reads
them as the tables `dictionary_tables`, `dictionary_columns` and `dictionary_values`. Nothing here opens a transaction.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from sqlite_utils import Database

from pipeline.codebook.nouns import Codebook

DECLARED = {"TEXT": "text", "INTEGER": "integer", "REAL": "real", "BLOB": "blob"}
# Full-text indices keep their data in tables of their own ("shadow"), which only SQLite reads.
_RELATIONS = """
    SELECT name, CASE type WHEN 'view' THEN 'view' ELSE 'table' END FROM pragma_table_list
    WHERE schema = 'main' AND type IN ('table', 'view', 'virtual') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"""
Choices = Mapping[str, tuple[str, str]]  # Chinese and English label by value, in order


@dataclass(frozen=True, slots=True)
class Words:
    """What `dictionary.toml` says, as it says it."""

    tables: Mapping[str, Sequence[str]]
    columns: Mapping[str, Sequence[str]]
    columns_of: Mapping[str, Mapping[str, Sequence[str]]]
    values: Mapping[str, Mapping[str, Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Described:
    """A column in words. `type` as in `dictionary.toml`; `variable`: the codebook's, or ""; `choices`: what it may hold, where that is fixed."""

    zh: str
    en: str
    type: str
    definition_zh: str
    definition_en: str
    variable: str
    choices: Choices


def _source() -> bytes:
    return files("pipeline.store").joinpath("dictionary.toml").read_bytes()


@cache
def words() -> Words:
    """The words that ship, parsed once."""
    said = tomllib.loads(_source().decode())
    return Words(said["tables"], said["columns"], said["columns_of"], said["values"])


def fingerprint(codebook: str, version: int) -> str:
    """What a dictionary is written from: the words, the codebook with this fingerprint, the database's version (16 hexadecimal digits)."""
    return hashlib.blake2b(_source() + f"{codebook} {version}".encode(), digest_size=8).hexdigest()


def is_written(db: Database, fingerprint: str) -> bool:
    """Whether the dictionary was written from exactly this: one SELECT."""
    return bool(db.execute("SELECT 1 FROM dictionary_state WHERE fingerprint = ?", [fingerprint]).fetchall())


def write(db: Database, codebook: Codebook, fingerprint: str) -> None:
    """Describe every table, view and column that there is, anew. What nobody has words for is listed without them."""
    for table in ("dictionary_values", "dictionary_columns", "dictionary_tables", "dictionary_state"):
        db.execute(f"DELETE FROM {table}")
    for name, kind in db.execute(_RELATIONS).fetchall():
        said = words().tables.get(name, ("", "", "", ""))
        db.execute("INSERT INTO dictionary_tables VALUES (?, ?, ?, ?, ?, ?)", [name, kind, *said])
        _write_columns(db, codebook, name)
    db.execute("INSERT INTO dictionary_state VALUES (?)", [fingerprint])


def _write_columns(db: Database, codebook: Codebook, table: str) -> None:
    found = db.execute("SELECT name, type FROM pragma_table_xinfo(?) ORDER BY cid", [table]).fetchall()
    columns = [(name, describe(codebook, table, name, declared)) for name, declared in found]
    db.conn.executemany(
        "INSERT INTO dictionary_columns VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (table, name, n, c.zh, c.en, c.definition_zh, c.definition_en, c.type, ", ".join(c.choices), c.variable)
            for n, (name, c) in enumerate(columns)
        ),
    )
    values = ((table, name, value, n, *labels) for name, c in columns for n, (value, labels) in enumerate(c.choices.items()))
    db.conn.executemany("INSERT INTO dictionary_values VALUES (?, ?, ?, ?, ?, ?)", values)


def describe(codebook: Codebook, table: str, column: str, declared: str) -> Described:
    """A column in words: the table's own, else the codebook's, else those for the column in whatever table, else none.

    `declared`: its type in SQL, "" for what a view computes.
    """
    own = words().columns_of.get(table, {}).get(column)
    if own is None and (variable := codebook.variables.get(column)):
        kind = DECLARED.get(declared, variable.kind) if variable.kind == "text" else variable.kind
        labels = (variable.zh, variable.en, kind, variable.definition_zh, variable.definition_en, column)
        return Described(*labels, _choices(codebook, column if variable.values else variable.kind))
    zh, en, kind, values = (*(own or words().columns.get(column, ("", ""))), "", "")[:4]
    kind = kind or DECLARED.get(declared, "text")
    return Described(zh, en, kind, "", "", values if values in codebook.variables else "", _choices(codebook, values or kind))


def _choices(codebook: Codebook, values: str) -> Choices:
    """The labels of a set of values: a set of `dictionary.toml`, a variable, the sections or the speakers; none for an open column."""
    if said := words().values.get(values):
        return {value: (zh, en) for value, (zh, en) in said.items()}
    terms = {"section": codebook.sections, "speaker": codebook.speakers}.get(values)
    variable = codebook.variables.get(values)
    listed = terms.values() if terms else variable.values if variable else ()
    return {term.name: (term.zh, term.en) for term in listed}


def undescribed(db: Database) -> Iterator[str]:
    """Every table, view and column without words in both languages, as "table" or "table.column"."""
    for (name,) in db.execute("SELECT name FROM dictionary_tables WHERE '' IN (zh, en, description_zh, description_en)"):
        yield str(name)
    for table, column in db.execute("""SELECT "table", "column" FROM dictionary_columns WHERE '' IN (zh, en)"""):
        yield f"{table}.{column}"
