"""How probable a model holds each value of a variable, and which values it cannot rule out. Only differences are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import NamedTuple

from sqlite_utils import Database

from pipeline.schema import StoreError
from pipeline.store.connection import bound, write

_COLUMNS = 'judgment_id, variable, value, probability, in_set, "by"'


class Answer(NamedTuple):
    """One value of a variable of the case, by a model's voice: its calibrated probability, and whether it stays possible."""

    variable: str
    value: str
    probability: float
    in_set: bool
    by: str


def replace(db: Database, voices: Set[str], batch: Mapping[str, Sequence[Answer]], variables: Set[str] | None) -> None:
    """Make `batch` all that `voices` hold possible of these judgments in `variables` (None: in any). Runs in the caller's transaction.

    StoreError for an answer of another voice or variable, and for a judgment and variable whose set is empty.
    """
    wanted = {(judgment_id, a.variable, a.value): (a.probability, int(a.in_set), a.by) for judgment_id in batch for a in batch[judgment_id]}
    for judgment_id, answers in batch.items():
        _refuse(judgment_id, answers, voices, variables)
    stored = _stored(db, voices, batch, variables)
    gone = [key for key in stored if key not in wanted]
    new = [(*key, *rest) for key, rest in wanted.items() if stored.get(key) != rest]
    write(db, "DELETE FROM predictions WHERE judgment_id = ? AND variable = ? AND value = ?", gone)
    write(db, f"INSERT OR REPLACE INTO predictions ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)", new)


def _refuse(judgment_id: str, answers: Sequence[Answer], voices: Set[str], variables: Set[str] | None) -> None:
    for answer in answers:
        where = f"judgment {judgment_id}, {answer.variable}"
        if answer.by not in voices:
            raise StoreError(f"{where}: an answer by {answer.by!r} among those of {', '.join(map(repr, sorted(voices)))}")
        if variables is not None and answer.variable not in variables:
            raise StoreError(f"{where}: this stage answers only {', '.join(sorted(variables))}")
    for variable in {answer.variable for answer in answers}:
        if not any(answer.in_set for answer in answers if answer.variable == variable):
            raise StoreError(f"judgment {judgment_id}, {variable}: no value is left possible")


def _stored(
    db: Database, voices: Set[str], ids: Mapping[str, object], variables: Set[str] | None
) -> dict[tuple[str, str, str], tuple[float, int, str]]:
    rows = db.execute(
        f"SELECT {_COLUMNS} FROM predictions WHERE judgment_id IN (SELECT value FROM json_each(:ids)) "
        'AND "by" IN (SELECT value FROM json_each(:voices)) '
        "AND (:only IS NULL OR variable IN (SELECT value FROM json_each(:only)))",
        {"ids": bound(ids), "voices": bound(sorted(voices)), "only": None if variables is None else bound(sorted(variables))},
    )
    return {(row[0], row[1], row[2]): (row[3], row[4], row[5]) for row in rows}


def possible(db: Database, ids: Sequence[str], variable: str) -> dict[str, tuple[str, ...]]:
    """The values of a variable that the model cannot rule out, sorted, for each of the judgments for which it has answered."""
    found: dict[str, tuple[str, ...]] = {}
    for judgment_id, value in db.execute(
        "SELECT judgment_id, value FROM predictions WHERE variable = ? AND in_set = 1 "
        "AND judgment_id IN (SELECT value FROM json_each(?)) ORDER BY judgment_id, value",
        [variable, bound(ids)],
    ):
        found[judgment_id] = (*found.get(judgment_id, ()), value)
    return found
