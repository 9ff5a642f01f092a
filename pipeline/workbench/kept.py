"""Results that take long: computed in a thread of their own, and kept until what they were made from has changed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Generic, TypeVar

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Made(Generic[Result]):
    """A result, the state of the database (`stamp`) from which it was made, and when (UTC)."""

    stamp: Hashable
    at: datetime
    result: Result


class Kept(Generic[Result]):
    """The last result for each key; one is computed at a time, so that reading pages never slows down the coders' saving twofold."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="kept")
        self._lock = threading.Lock()
        self._made: dict[Hashable, Made[Result]] = {}
        self._running: dict[Hashable, Future[Made[Result]]] = {}

    def get(self, key: Hashable, stamp: Hashable, compute: Callable[[], Result], patience: float) -> Made[Result] | None:
        """The result for `stamp`; after `patience` seconds an older one, or None where there is none yet. Errors of `compute` come out."""
        with self._lock:
            made = self._made.get(key)
            if made and made.stamp == stamp:
                return made
            future = self._begin(key, stamp, compute)
        try:
            made = future.result(patience)
        except NotYet:
            return made
        if made.stamp != stamp:  # it had been begun before the change
            with self._lock:
                self._begin(key, stamp, compute)
        return made

    def _begin(self, key: Hashable, stamp: Hashable, compute: Callable[[], Result]) -> Future[Made[Result]]:
        """The running computation for `key`, begun where there is none. The caller holds the lock."""
        if key not in self._running:
            self._running[key] = self._pool.submit(self._make, key, stamp, compute)
        return self._running[key]

    def _make(self, key: Hashable, stamp: Hashable, compute: Callable[[], Result]) -> Made[Result]:
        try:
            made = Made(stamp, datetime.now(UTC), compute())
            with self._lock:
                self._made[key] = made
            return made
        finally:
            with self._lock:
                del self._running[key]
