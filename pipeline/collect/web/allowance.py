"""How many requests a host has had today and when the last one left, kept on disk: neither a restart nor a second process forgets."""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

_WAIT = 30.0  # seconds for another process that holds the file
_JITTER = 0.5  # up to this share of the pace is added at random
_FAR = 100  # a last request more paces ahead than this comes from a clock that was set back


class Clock:
    """The time, and waiting for it. Tests put their own in its place."""

    def now(self) -> float:
        """Seconds since 1970."""
        return time.time()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)


class Allowance:
    """The requests of a day to each host, counted in a file of its own."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path = path
        self._clock = clock
        with self._write() as db:
            db.execute("CREATE TABLE IF NOT EXISTS requests (host TEXT PRIMARY KEY, day TEXT, number INTEGER, last REAL) STRICT")

    def take(self, host: str, per_day: int, pace: float) -> float | None:
        """Count one request to `host` and return how many seconds to wait before it leaves; None when the day's are used up."""
        now = self._clock.now()
        day = datetime.fromtimestamp(now, UTC).date().isoformat()
        with self._write() as db:
            row = db.execute("SELECT day, number, last FROM requests WHERE host = ?", [host]).fetchone()
            number, last = (row[1] if row[0] == day else 0, row[2]) if row else (0, None)
            if number >= per_day:
                return None
            leaves = now
            if last is not None and last < now + _FAR * max(pace, 1.0):
                leaves = max(now, last + pace * random.uniform(1.0, 1.0 + _JITTER))
            db.execute("INSERT OR REPLACE INTO requests VALUES (?, ?, ?, ?)", [host, day, number + 1, leaves])
        return leaves - now

    @contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=_WAIT, isolation_level=None)) as db:
            db.execute("PRAGMA synchronous = OFF")  # a killed process loses nothing by it; after a power cut a count may be short
            db.execute("BEGIN IMMEDIATE")
            yield db
            db.execute("COMMIT")
