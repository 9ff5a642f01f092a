"""The runs, and the log of what was read. Both tell what happened to the database, so a run that changes nothing leaves no row."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import NamedTuple, Protocol

from sqlite_utils import Database

from pipeline import __version__
from pipeline.store.connection import now, write
from pipeline.store.judgments import storable


class Rejection(Protocol):
    """What the log takes as a refused record: any object that has these four."""

    @property
    def path(self) -> str:
        """The file."""

    @property
    def place(self) -> str:
        """Where in the file: line, member, record; '' for the whole file."""

    @property
    def reason(self) -> str:
        """A key, to count by."""

    @property
    def detail(self) -> str:
        """A sentence for people."""


class Rejected(NamedTuple):
    """A record that could not be used (see `Rejection`)."""

    path: str
    place: str
    reason: str
    detail: str = ""


def begin(db: Database, command: str) -> int:
    """Note that a run has started; its id."""
    row = [now(), storable(command), __version__]
    return int(db.execute("INSERT INTO runs (started_at, command, version) VALUES (?, ?, ?) RETURNING id", row).fetchone()[0])


def finish(db: Database, run_id: int, counts: Mapping[str, object]) -> None:
    """Note that a run has ended, with its counts."""
    row = [now(), json.dumps(dict(counts), ensure_ascii=False, sort_keys=True), run_id]
    db.execute("UPDATE runs SET finished_at = ?, counts = ? WHERE id = ?", row)


def forget(db: Database, run_id: int) -> None:
    """Remove a run that has changed nothing."""
    db.execute("DELETE FROM runs WHERE id = ?", [run_id])


def log_rejected(db: Database, run_id: int, rows: Iterable[Rejection]) -> None:
    """One row for each record that was refused; what an earlier run has logged already is left as it is.

    Records that a reader cannot tell apart (same path, place and reason in one run) share a row with their number.
    """
    write(
        db,
        "INSERT INTO import_log (run_id, path, place, outcome, reason, detail) VALUES (?, ?, ?, 'rejected', ?, ?) "
        "ON CONFLICT (path, place, reason) WHERE outcome = 'rejected' "
        "DO UPDATE SET records = records + 1 WHERE run_id = excluded.run_id",
        ((run_id, storable(row.path), storable(row.place), storable(row.reason), storable(row.detail)) for row in rows),
    )
