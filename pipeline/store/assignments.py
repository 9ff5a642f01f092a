"""What was drawn for whom: samples with their frames, the coders' queues, and how far each has come."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlite_utils import Database

from pipeline.schema import StoreError
from pipeline.store.connection import bound, now, write

STATES = ("open", "done")
_QUEUE = """
SELECT a.judgment_id, c.title, c.source_id, c.case_number, c.court, c.decided_on, j.characters, a.position, a.mode, a.state, a.seconds,
    (SELECT count(*) FROM labels AS l WHERE l.judgment_id = a.judgment_id AND l."by" = :voice) AS entries,
    EXISTS (SELECT 1 FROM recoding AS r WHERE r.judgment_id = a.judgment_id AND r."by" = :voice) AS stale
FROM assignments AS a JOIN cases AS c ON c.judgment_id = a.judgment_id JOIN judgments AS j ON j.judgment_id = a.judgment_id
WHERE a.coder = :coder AND a.task = :task AND (:state IS NULL OR a.state = :state)
ORDER BY a.position, a.judgment_id LIMIT :limit OFFSET :offset
"""
_NEIGHBOUR = """
SELECT b.judgment_id FROM assignments AS a JOIN assignments AS b ON b.coder = a.coder AND b.task = a.task
WHERE a.judgment_id = ? AND a.coder = ? AND a.task = ? AND (b.position, b.judgment_id) {} (a.position, a.judgment_id)
ORDER BY b.position {}, b.judgment_id {} LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Sample:
    """How a sample was drawn. `condition` is the SQL that the frame fulfils, `settings` whatever else made it what it is."""

    task: str
    strategy: str
    seed: int
    overlap: float
    condition: str
    codebook_version: str
    settings: Mapping[str, Any] = field(default_factory=dict)


class FrameRow(NamedTuple):
    """A judgment that could be drawn, with the probability that it was (inclusion probability)."""

    judgment_id: str
    stratum: str
    probability: float
    drawn: bool


class NewAssignment(NamedTuple):
    """A drawn judgment in somebody's queue."""

    judgment_id: str
    coder: str
    position: int
    mode: str


class Assignment(NamedTuple):
    """A judgment in somebody's queue, and how far they are with it; `seconds` of work."""

    judgment_id: str
    coder: str
    task: str
    sample_id: int | None
    position: int
    mode: str
    state: str
    seconds: float
    opened_at: str | None
    done_at: str | None


class QueueRow(NamedTuple):
    """A line of a queue; `entries` counts the labels that the coder has given, `stale` says that some of them are older than a definition."""

    judgment_id: str
    title: str
    source_id: str
    case_number: str
    court: str
    decided_on: str
    characters: int
    position: int
    mode: str
    state: str
    seconds: float
    entries: int
    stale: int


class Progress(NamedTuple):
    """How many of a queue are open and done, and the seconds spent on it."""

    open: int
    done: int
    seconds: float


def voice(coder: str, task: str) -> str:
    """By which voice a coder speaks in a task: a screener has seen less than one who codes the whole case."""
    return f"screen:{coder}" if task == "screen" else coder


def add_sample(db: Database, sample: Sample, frame: Iterable[FrameRow], assignments: Iterable[NewAssignment]) -> int:
    """Store a sample with its whole frame, and put what was drawn into the queues; its id. Runs in the caller's transaction.

    StoreError when somebody else has drawn one of the judgments for the same task since the frame was read.
    """
    rows, given = list(frame), list(assignments)
    _refuse_taken(db, sample.task, {new.judgment_id for new in given})
    settings = json.dumps(dict(sample.settings), ensure_ascii=False, sort_keys=True)
    drawn = sum(row.drawn for row in rows)
    head = [now(), sample.task, sample.strategy, sample.seed, sample.overlap, sample.condition, len(rows), drawn, settings]
    columns = "drawn_at, task, strategy, seed, overlap, condition, frame_size, size, settings, codebook_version"
    sql = f"INSERT INTO samples ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id"
    sample_id = int(db.execute(sql, [*head, sample.codebook_version]).fetchone()[0])
    write(
        db,
        "INSERT INTO sampling_frames VALUES (?, ?, ?, ?, ?)",
        ((sample_id, r.judgment_id, r.stratum, r.probability, int(r.drawn)) for r in rows),
    )
    free = {coder: _free_place(db, coder, sample.task) for coder in {new.coder for new in given}}
    write(
        db,
        "INSERT INTO assignments (judgment_id, coder, task, sample_id, position, mode) VALUES (?, ?, ?, ?, ?, ?)",
        ((new.judgment_id, new.coder, sample.task, sample_id, free[new.coder] + new.position, new.mode) for new in given),
    )
    return sample_id


def _refuse_taken(db: Database, task: str, ids: Iterable[str]) -> None:
    sql = "SELECT judgment_id FROM assignments WHERE task = ? AND judgment_id IN (SELECT value FROM json_each(?)) LIMIT 1"
    if taken := db.execute(sql, [task, bound(ids)]).fetchone():
        raise StoreError(f"judgment {taken[0]} has been assigned meanwhile; nothing was drawn, draw again")


def _free_place(db: Database, coder: str, task: str) -> int:
    """The first free place of a queue, to which a new sample is joined."""
    return int(
        db.execute("SELECT coalesce(max(position) + 1, 0) FROM assignments WHERE coder = ? AND task = ?", [coder, task]).fetchone()[0]
    )


def queue(db: Database, coder: str, task: str, state: str | None, offset: int, limit: int) -> list[QueueRow]:
    """A stretch of somebody's queue in its order, all of it or only what is open or done."""
    parameters = {"coder": coder, "task": task, "voice": voice(coder, task), "state": state, "offset": offset, "limit": limit}
    return [QueueRow(*row) for row in db.execute(_QUEUE, parameters).fetchall()]


def tally(db: Database, coder: str, task: str) -> Progress:
    """How far somebody has come in a queue."""
    sql = "SELECT sum(state = 'open'), sum(state = 'done'), sum(seconds) FROM assignments WHERE coder = ? AND task = ?"
    todo, done, seconds = db.execute(sql, [coder, task]).fetchone()
    return Progress(todo or 0, done or 0, seconds or 0.0)


def one(db: Database, coder: str, task: str, judgment_id: str) -> Assignment | None:
    """The assignment of a judgment to somebody, or None when they have none."""
    columns = ", ".join(Assignment._fields)
    sql = f"SELECT {columns} FROM assignments WHERE judgment_id = ? AND coder = ? AND task = ?"
    row = db.execute(sql, [judgment_id, coder, task]).fetchone()
    return Assignment(*row) if row else None


def neighbours(db: Database, coder: str, task: str, judgment_id: str) -> tuple[str | None, str | None]:
    """The judgments before and behind one in a queue; None at its ends."""
    found = []
    for sign, order in (("<", "DESC"), (">", "ASC")):
        row = db.execute(_NEIGHBOUR.format(sign, order, order), [judgment_id, coder, task]).fetchone()
        found.append(row[0] if row else None)
    return found[0], found[1]


def mark(db: Database, coder: str, task: str, judgment_id: str, state: str) -> None:
    """Say that somebody is done with a judgment, or no longer. Runs in the caller's transaction."""
    if state not in STATES:
        raise StoreError(f"unknown state {state!r}; choose one of: {', '.join(STATES)}")
    sql = (
        "UPDATE assignments SET state = ?, done_at = CASE ? WHEN 'done' THEN ? END, opened_at = coalesce(opened_at, ?) "
        "WHERE judgment_id = ? AND coder = ? AND task = ? AND state <> ?"
    )
    at = now()
    db.execute(sql, [state, state, at, at, judgment_id, coder, task, state])


def add_seconds(db: Database, coder: str, task: str, judgment_id: str, seconds: float) -> None:
    """Count time of work on a judgment. Runs in the caller's transaction."""
    sql = (
        "UPDATE assignments SET seconds = seconds + ?, opened_at = coalesce(opened_at, ?) WHERE judgment_id = ? AND coder = ? AND task = ?"
    )
    db.execute(sql, [max(0.0, seconds), now(), judgment_id, coder, task])
