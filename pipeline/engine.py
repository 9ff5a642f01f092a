"""Runs one piece of work over many judgments: in this process, or on several cores.

The caller gives items in, and takes (item, result) pairs out in the order in which they are finished; only a few batches are
in flight at a time, so memory does not grow with the number of judgments.
"""

from __future__ import annotations

import gc
import multiprocessing
import multiprocessing.connection
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from functools import cache
from itertools import groupby, islice
from typing import TypeVar

from pipeline.schema import RecordError

T = TypeVar("T")
R = TypeVar("R")

BATCH = 32  # judgments given to a worker at a time: about half a second of work
IN_FLIGHT = 3  # batches waiting for each worker


def run(
    work: Callable[[T], R], items: Iterable[T], jobs: int = 1, stays: Callable[[T], bool] = lambda _: False
) -> Iterator[list[tuple[T, R | RecordError]]]:
    """Apply `work` to every item (a judgment, mostly) and yield finished batches of (item, result), in the order of the items.

    `work` must be importable by name (it is sent to other processes); an item that `stays` is done in this one. An exception in one
    item becomes its `RecordError`; the others go on.
    """
    batches = _batched(items, BATCH, stays)
    if jobs <= 1:
        for batch in batches:
            yield run_batch(work, batch)
        return
    context = multiprocessing.get_context("spawn" if multiprocessing.get_start_method() == "spawn" else "forkserver")
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=_follow_the_parent) as pool:
        yield from _in_flight(pool, work, batches, jobs * IN_FLIGHT, stays)


def run_batch(work: Callable[[T], R], batch: list[T]) -> list[tuple[T, R | RecordError]]:
    """The work on one batch, in this process."""
    done = [(item, _safely(work, item)) for item in batch]
    _settle()
    return done


@cache
def _settle() -> None:
    """Once in a process, when rules and models are read: they stay, so the collector of garbage need not look at them again."""
    gc.freeze()


def _safely(work: Callable[[T], R], item: T) -> R | RecordError:
    try:
        return work(item)
    except RecordError as error:
        return error
    except Exception as error:  # one odd judgment must not cost the others their results
        return RecordError("internal_error", f"{type(error).__name__}: {error}; please report it with the judgment's id")


def _in_flight(
    pool: ProcessPoolExecutor, work: Callable[[T], R], batches: Iterator[list[T]], most: int, stays: Callable[[T], bool]
) -> Iterator[list[tuple[T, R | RecordError]]]:
    waiting: deque[Future[list[tuple[T, R | RecordError]]]] = deque()
    try:
        for batch in batches:
            waiting.append(_done(run_batch(work, batch)) if stays(batch[0]) else pool.submit(run_batch, work, batch))
            if len(waiting) >= most:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _follow_the_parent() -> None:
    """Leave interrupts to the process that gives out the work, and end with it even when it is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if parent := multiprocessing.parent_process():
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    multiprocessing.connection.wait([sentinel])
    os._exit(1)


def _done(result: R) -> Future[R]:
    done: Future[R] = Future()
    done.set_result(result)
    return done


def _batched(items: Iterable[T], size: int, stays: Callable[[T], bool]) -> Iterator[list[T]]:
    """Yield the items in runs of at most `size` that all stay or all go."""
    for _, alike in groupby(items, stays):
        while batch := list(islice(alike, size)):
            yield batch
