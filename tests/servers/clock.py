"""A clock that goes on only when somebody waits for it, and remembers how long."""

from __future__ import annotations

from pipeline.collect.web.allowance import Clock


class TestClock(Clock):
    """Some afternoon, on which no real second passes."""

    __test__ = False

    def __init__(self) -> None:
        self.time = 1_750_000_000.0
        self.waits: list[float] = []

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.time += seconds
