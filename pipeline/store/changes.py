"""The history of what people said: who changed which entry when, from what to what. Nothing in it is ever changed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from pipeline.schema import Entry

_COLUMNS = 'id, step, judgment_id, unit, variable, "by", actor, at, before, after, mode, tab, reason, undoes, codebook_version'


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one entry; changes that were saved together share a `step`, and `undoes` names a step that was taken back by it."""

    id: int
    step: int
    judgment_id: str
    unit: str
    variable: str
    by: str
    actor: str
    at: str
    before: Entry
    after: Entry
    mode: str
    tab: str
    reason: str
    undoes: int | None
    codebook_version: str


def history(db: Database, judgment_id: str, by: str | None, unit: str | None, variable: str | None) -> list[Change]:
    """All changes of a judgment, oldest first; of one voice, unit or variable only where it is named."""
    condition = 'judgment_id = ? AND (? IS NULL OR "by" = ?) AND (? IS NULL OR unit = ?) AND (? IS NULL OR variable = ?)'
    return _read(db, f"{condition} ORDER BY id", [judgment_id, by, by, unit, unit, variable, variable])


def last_change(db: Database, judgment_id: str, by: str, unit: str, variable: str) -> Change | None:
    """The newest change of an entry, or None."""
    condition = 'judgment_id = ? AND "by" = ? AND unit = ? AND variable = ? ORDER BY id DESC LIMIT 1'
    return next(iter(_read(db, condition, [judgment_id, by, unit, variable])), None)


def last_step(db: Database, judgment_id: str, by: str) -> int | None:
    """The newest step of a voice in a judgment that neither takes one back nor was taken back itself."""
    sql = (
        'SELECT max(c.step) FROM changes AS c WHERE c.judgment_id = :id AND c."by" = :by AND c.undoes IS NULL AND NOT EXISTS '
        '(SELECT 1 FROM changes AS u WHERE u.judgment_id = :id AND u."by" = :by AND u.undoes = c.step)'
    )
    step = db.execute(sql, {"id": judgment_id, "by": by}).fetchone()[0]
    return None if step is None else int(step)


def of_step(db: Database, step: int, judgment_id: str, by: str) -> list[Change]:
    """The changes of a step that one voice made in one judgment, in their order."""
    return _read(db, 'step = ? AND judgment_id = ? AND "by" = ? ORDER BY id', [step, judgment_id, by])


def seen(db: Database, judgment_id: str, by: str) -> dict[tuple[str, str], int]:
    """The id of the newest change of each entry: (unit, variable) -> id."""
    sql = 'SELECT unit, variable, max(id) FROM changes WHERE judgment_id = ? AND "by" = ? GROUP BY unit, variable'
    return {(unit, variable): number for unit, variable, number in db.execute(sql, [judgment_id, by]).fetchall()}


def _read(db: Database, condition: str, parameters: Sequence[Any]) -> list[Change]:
    rows = db.execute(f"SELECT {_COLUMNS} FROM changes WHERE {condition}", parameters).fetchall()
    return [_change(row) for row in rows]


def _change(row: Sequence[Any]) -> Change:
    said: tuple[Any, ...] = (*row[:8], _entry(row[3], row[4], row[8]), _entry(row[3], row[4], row[9]), *row[10:])
    return Change(*said)


def _entry(unit: str, variable: str, told: str) -> Entry:
    said = json.loads(told)
    words = tuple((start, end, value) for start, end, value in said.get("words", ()))
    return Entry(unit, variable, tuple(said.get("values", ())), words, said.get("unsure", False), said.get("note", ""))
