"""How speed is measured here: rows with their bars, and works that take turns."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

Work = Callable[[str], object]


class Row(NamedTuple):
    """What was measured, the value, and the bar with whether it is passed ("" where there is none)."""

    what: str
    measured: str
    bar: str = ""
    passed: bool | None = None


def best(works: Mapping[str, Work], texts: Sequence[str], rounds: int) -> dict[str, float]:
    """Least processor time of each work over all texts; the works take turns."""
    for work in works.values():
        spent(work, texts[:8])  # what is read once is read before
    gc.freeze()  # for all alike: the dictionaries of one must not weigh on the others
    found = dict.fromkeys(works, float("inf"))
    for _ in range(rounds):
        for who, work in works.items():
            found[who] = min(found[who], spent(work, texts))
    return found


def spent(work: Work, texts: Sequence[str]) -> float:
    """Processor time of the work over the texts, in seconds."""
    started = time.process_time()
    for text in texts:
        work(text)
    return time.process_time() - started


def table(rows: Sequence[Row]) -> list[str]:
    """The rows as the lines of a Markdown table."""
    verdict = {True: "yes", False: "**no**", None: ""}
    lines = (f"| {row.what} | {row.measured} | {row.bar} | {verdict[row.passed]} |" for row in rows)
    return ["| what | measured | bar | passed |", "|---|---|---|---|", *lines]
