"""Runs one stage over many judgments: in this process, or on several cores.

The caller gives judgments in, and takes (judgment, result) pairs out in the order in which they are finished; only a few batches are
in flight at a time, so memory does not grow with the number of judgments.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from typing import TypeVar

from pipeline.schema import Judgment, Label, RecordError

Outcome = list[Label] | RecordError
Work = Callable[[Judgment], list[Label]]
_T = TypeVar("_T")

BATCH = 32  # judgments given to a worker at a time: about half a second of work
IN_FLIGHT = 3  # batches waiting for each worker


def run(work: Work, judgments: Iterable[Judgment], jobs: int = 1) -> Iterator[list[tuple[Judgment, Outcome]]]:
    """Apply `work` to every judgment and yield finished batches.

    `work` must be importable by name (it is sent to other processes). An exception in one judgment becomes its `RecordError`; the
    others go on.
    """
    batches = _batched(judgments, BATCH)
    if jobs <= 1:
        for batch in batches:
            yield run_batch(work, batch)
        return
    context = multiprocessing.get_context("spawn" if multiprocessing.get_start_method() == "spawn" else "forkserver")
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=_leave_interrupts_to_the_parent) as pool:
        yield from _in_flight(pool, work, batches, jobs * IN_FLIGHT)


def run_batch(work: Work, batch: list[Judgment]) -> list[tuple[Judgment, Outcome]]:
    """The work on one batch, in this process."""
    return [(judgment, _safely(work, judgment)) for judgment in batch]


def _safely(work: Work, judgment: Judgment) -> Outcome:
    try:
        return work(judgment)
    except RecordError as error:
        return error
    except Exception as error:  # one odd judgment must not cost the others their results
        return RecordError("internal_error", f"{type(error).__name__}: {error}; please report it with the judgment's id")


def _in_flight(
    pool: ProcessPoolExecutor, work: Work, batches: Iterator[list[Judgment]], most: int
) -> Iterator[list[tuple[Judgment, Outcome]]]:
    waiting: deque[Future[list[tuple[Judgment, Outcome]]]] = deque()
    try:
        for batch in batches:
            waiting.append(pool.submit(run_batch, work, batch))
            if len(waiting) >= most:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _leave_interrupts_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _batched(items: Iterable[_T], size: int) -> Iterator[list[_T]]:
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
