"""In which order each screener reads: learnt anew in the background, while pages go on with the order that there is."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline.annotate.screening import Reader, Vectors, due, vectorise
from pipeline.job.screening import SEED, TASK, Standing
from pipeline.job.simulating import query
from pipeline.store import Desk

CHUNK = 200  # texts read from the database at a time
_FIRST = """
SELECT a.judgment_id, c.in_scope_score AS score FROM assignments AS a JOIN cases AS c ON c.judgment_id = a.judgment_id
WHERE a.coder = ? AND a.task = ? ORDER BY c.in_scope_score IS NULL, c.in_scope_score DESC, a.position, a.judgment_id
"""


@dataclass(slots=True)
class Order:
    """One screener's order of a pool, after `read` decisions; `learning` while a thread works on a newer one."""

    pool: tuple[str, ...]
    order: list[str]
    read: int = -1
    reader: Reader | None = None
    learning: threading.Lock = field(default_factory=threading.Lock)


class Orders:
    """The orders of all screeners of one workbench. They can be made again at any time: nothing is stored."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._orders: dict[str, Order] = {}
        self._vectors: dict[tuple[str, ...], Vectors] = {}
        self._building = threading.Lock()

    def following(self, coder: str, standing: Standing, skipped: Sequence[str] = ()) -> list[str]:
        """The unread judgments, the next one first; those skipped come last. Never waits for the model."""
        if standing.sample:
            unread = standing.unread
        else:
            mine = self._orders.get(coder)
            if mine is None or mine.pool != standing.pool:
                mine = self._orders[coder] = Order(standing.pool, [row["judgment_id"] for row in self._first(coder)])
            if mine.read < 0 or due(len(standing.decided), abs(len(standing.decided) - mine.read)):
                self._learn(coder, mine, standing)
            unread = [name for name in mine.order if name not in standing.decided]
        last = set(skipped)
        return sorted(unread, key=lambda name: name in last)

    def _first(self, coder: str) -> list[dict[str, Any]]:
        return self._desk.store.query(_FIRST, [coder, TASK])

    def _learn(self, coder: str, mine: Order, standing: Standing) -> None:
        if mine.learning.acquire(blocking=False):
            threading.Thread(target=self._work, args=(coder, mine, standing), name=f"ranking for {coder}", daemon=True).start()

    def _work(self, coder: str, mine: Order, standing: Standing) -> None:
        try:
            mine.reader = mine.reader or self._reader(coder, mine.pool)
            rows = {name: row for row, name in enumerate(mine.pool)}
            order = mine.reader.order({rows[name]: value for name, value in standing.decided.items()})
            decided = list(standing.decided)
            mine.order = [*(mine.pool[row] for row in order), *decided]  # what is undone stands at the end
            mine.read = len(decided)
        finally:
            mine.learning.release()

    def _reader(self, coder: str, pool: tuple[str, ...]) -> Reader:
        """A screening model's scores come first where it has been asked, else the likeness to the query."""
        with self._building:
            if pool not in self._vectors:
                self._vectors[pool] = vectorise(self._texts(pool), query())
        scores = {row["judgment_id"]: row["score"] for row in self._first(coder)}
        known = [scores[name] or 0.0 for name in pool]
        return Reader(self._vectors[pool], SEED, known if any(known) else None)

    def _texts(self, pool: tuple[str, ...]) -> list[str]:
        found: dict[str, str] = {}
        for start in range(0, len(pool), CHUNK):
            some = pool[start : start + CHUNK]
            marks = ", ".join("?" * len(some))
            sql = f"SELECT judgment_id, text FROM judgments WHERE judgment_id IN ({marks})"
            found |= {row["judgment_id"]: row["text"] for row in self._desk.store.query(sql, list(some))}
        return [found.get(name, "") for name in pool]
