"""The codebook's versions inside the database: registered when it is opened, so that the database itself refuses other values.

Nothing here opens a transaction: `connection.connect` and `recoding` do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from pipeline.codebook.meaning import meaning, meanings, recordable
from pipeline.codebook.nouns import Codebook, Value, Variable
from pipeline.schema import StoreError

FLAG_LABELS = {"0": ("否", "no"), "1": ("是", "yes")}
PEOPLE = (
    "\"by\" NOT IN ('model', 'rules', 'defence') AND \"by\" NOT LIKE 'model:%' AND \"by\" NOT LIKE 'rules:%'"  # of the index and the view
)
_VARIABLE = "variable, units, kind, zh, en, definition_zh, definition_en, silence, silence_zh, silence_en"
_VALUE = "value, zh, en, definition_zh, definition_en, rank"


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the codebook that this database knows: when first seen, when frozen ("" if never), whether it is the present one."""

    version: str
    first_seen: str
    frozen_at: str
    present: bool
    variables: Mapping[str, Variable]


def is_present(db: Database, fingerprint: str) -> bool:
    """Whether the codebook with this fingerprint is registered and the present one: one SELECT."""
    return bool(db.execute("SELECT 1 FROM codebooks WHERE fingerprint = ? AND present = 1", [fingerprint]).fetchall())


def register(db: Database, codebook: Codebook, path: Path, at: str) -> None:
    """Make `codebook` the present one, with every value that may be recorded; earlier versions stay. Does nothing when it is that already.

    StoreError when its version is registered with another meaning and has been frozen, or coded by, here.
    """
    if is_present(db, codebook.fingerprint):
        return
    stored = dict(db.execute("SELECT variable, meaning FROM codebook_variables WHERE version = ?", [codebook.version]).fetchall())
    wanted = meanings(codebook.variables)
    if stored and stored != wanted:
        changed = sorted(name for name in stored.keys() | wanted.keys() if stored.get(name) != wanted.get(name))
        _refuse_if_in_use(db, codebook.version, changed, path)
    _write(db, codebook, at)


def _refuse_if_in_use(db: Database, version: str, changed: list[str], path: Path) -> None:
    frozen = db.execute("SELECT 1 FROM codebooks WHERE version = ? AND frozen_at IS NOT NULL", [version]).fetchall()
    coded = db.execute(
        f"SELECT EXISTS (SELECT 1 FROM labels WHERE codebook_version = :version AND {PEOPLE}) "
        f"OR EXISTS (SELECT 1 FROM changes WHERE codebook_version = :version)",
        {"version": version},
    ).fetchone()[0]
    if frozen or coded:
        raise StoreError(
            f"{path}: codebook {version} has changed its meaning since it was {'frozen' if frozen else 'coded with'} here "
            f"({', '.join(changed)}): give the changed codebook a new version"
        )


def _write(db: Database, codebook: Codebook, at: str) -> None:
    version, variables = codebook.version, codebook.variables.values()
    db.execute(
        "INSERT INTO codebooks (version, fingerprint, first_seen) VALUES (?, ?, ?) "
        "ON CONFLICT (version) DO UPDATE SET fingerprint = excluded.fingerprint",
        [version, codebook.fingerprint, at],
    )
    db.execute("UPDATE codebooks SET present = (version = ?)", [version])
    for table in ("codebook_variables", "codebook_values"):
        db.execute(f"DELETE FROM {table} WHERE version = ?", [version])
    rows = ((version, *_variable_row(variable), meaning(variable)) for variable in variables)
    db.conn.executemany(f"INSERT INTO codebook_variables (version, {_VARIABLE}, meaning) VALUES (?{', ?' * 11})", rows)
    values = ((version, v.name, n, *row) for v in variables for n, row in enumerate(_value_rows(v)))
    db.conn.executemany(f"INSERT INTO codebook_values (version, variable, position, {_VALUE}) VALUES (?{', ?' * 8})", values)


def _variable_row(v: Variable) -> tuple[str, ...]:
    units = " ".join(v.units)
    return v.name, units, v.kind, v.zh, v.en, v.definition_zh, v.definition_en, v.silence, v.silence_zh, v.silence_en


def _value_rows(variable: Variable) -> Iterator[tuple[str | int | None, ...]]:
    declared = {value.name: value for value in variable.values}
    for name in recordable(variable):
        if value := declared.get(name):
            yield value.name, value.zh, value.en, value.definition_zh, value.definition_en, value.order
        else:
            yield name, *FLAG_LABELS.get(name, ("", "")), "", "", None


def versions(db: Database) -> list[Version]:
    """The versions that the database knows, in the order in which they came."""
    rows = db.execute("SELECT version, first_seen, coalesce(frozen_at, ''), present FROM codebooks ORDER BY first_seen, rowid").fetchall()
    return [Version(version, seen, frozen, bool(present), _variables(db, version)) for version, seen, frozen, present in rows]


def _variables(db: Database, version: str) -> dict[str, Variable]:
    """The variables of a version as they were registered: all that decides a coding, and the labels; no groups and no marks."""
    values: dict[str, list[Value]] = {}
    declared = f"SELECT variable, {_VALUE} FROM codebook_values WHERE version = ? AND value <> '' ORDER BY variable, position"
    for variable, name, zh, en, definition_zh, definition_en, rank in db.execute(declared, [version]):
        values.setdefault(variable, []).append(Value(name, zh, en, definition_zh, definition_en, order=rank))
    found = {}
    for name, units, kind, *words in db.execute(f"SELECT {_VARIABLE} FROM codebook_variables WHERE version = ?", [version]):
        zh, en, definition_zh, definition_en, silence, silence_zh, silence_en = words
        said = () if kind == "flag" else tuple(values.get(name, ()))
        meant = (definition_zh, definition_en, silence, silence_zh, silence_en)
        found[name] = Variable(name, zh, en, tuple(units.split()), kind, *meant, values=said)
    return found


def note_frozen(db: Database, version: str, at: str) -> None:
    """Note that a version was frozen, unless it was before."""
    db.execute("UPDATE codebooks SET frozen_at = ? WHERE version = ? AND frozen_at IS NULL", [at, version])
