"""Screening played through on coded judgments: how much is read until nearly all in scope are found, and whether the stopping rule keeps its word."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from pipeline.annotate.screening.ranking import Reader, Vectors, due
from pipeline.annotate.screening.stopping import Rule, Sampled, quiet, verdict
from pipeline.schema import AnjuanError


@dataclass(frozen=True, slots=True)
class CodedPool:
    """Coded judgments, one row each. Those of one real event share a group; `sources` are the files they come from."""

    in_scope: tuple[bool, ...]
    groups: tuple[str, ...]
    sources: tuple[str, ...]
    characters: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Screening:
    """One simulated screening. Shares are of its pool; `until` says what share each order reads to find the wanted share of those in scope."""

    seed: int
    pool: int
    in_scope: int
    until: Mapping[str, float]
    read: float  # when the rule let it stop
    recall: float  # then


def simulate(vectors: Vectors, pool: CodedPool, prevalence: float, rule: Rule, seed: int) -> Screening:
    """Screen a pool drawn from coded judgments, from a cold start: only the query is known.

    Orders: "active" (`Reader`), "keywords" (likeness to the query), "longest" (what length alone would tell) and "random".
    """
    random = np.random.default_rng(seed)
    rows = drawn(pool, prevalence, random)
    truth = np.array([pool.in_scope[row] for row in rows])
    reader = Reader(Vectors(vectors.cases[rows], vectors.query), seed)
    active = np.fromiter(_active(reader, truth), dtype=int)
    orders = {
        "active": active,
        "keywords": np.argsort(-reader.first, kind="stable"),
        "longest": np.argsort([-pool.characters[row] for row in rows], kind="stable"),
        "random": random.permutation(len(rows)),
    }
    until = {name: _until(truth[order], rule.recall) for name, order in orders.items()}
    read, found = _stopped(truth, active, rule, random)
    return Screening(seed, len(rows), int(truth.sum()), until, read / len(rows), found / max(int(truth.sum()), 1))


def check(pool: CodedPool, prevalence: float) -> None:
    """AnjuanError when the coded judgments do not suffice for such a prevalence."""
    drawn(pool, prevalence, np.random.default_rng(0))


def drawn(pool: CodedPool, prevalence: float, random: np.random.Generator) -> list[int]:
    """Rows of one simulated pool: of each group one judgment, all that are out of scope, and as many in scope as the prevalence asks for.

    Those in scope are drawn evenly from the sources, so that a large source does not decide how they are told.

    Raises:
        AnjuanError: too few judgments in scope.
    """
    shuffled = [int(row) for row in random.permutation(len(pool.groups))]
    once = list({pool.groups[row]: row for row in shuffled}.values())
    out = [row for row in once if not pool.in_scope[row]]
    wanted = max(1, round(len(out) * prevalence / (1 - prevalence)))
    inside = list(islice(_in_turn([row for row in once if pool.in_scope[row]], pool.sources), wanted))
    if len(inside) < wanted or not out:
        raise AnjuanError(
            f"a prevalence of {prevalence:.1%} among {len(out)} judgments out of scope needs {wanted} in scope, and {len(inside)} are coded; "
            "choose a lower --prevalence or give more codings"
        )
    return [int(row) for row in random.permutation(out + inside)]


def _in_turn(rows: Sequence[int], sources: Sequence[str]) -> Iterator[int]:
    """The rows, one of each source after the other."""
    by_source: dict[str, list[int]] = {}
    for row in rows:
        by_source.setdefault(sources[row], []).append(row)
    for turn in range(max(map(len, by_source.values()), default=0)):
        yield from (some[turn] for some in by_source.values() if turn < len(some))


def _active(reader: Reader, truth: Any) -> Iterator[int]:
    """Rows in the order in which active learning reads them, to the last one in scope; then the rest as it stands."""
    decided: dict[int, bool] = {}
    left = int(truth.sum())
    while left:
        since = 0
        for row in reader.order(decided):
            decided[row] = bool(truth[row])
            left, since = left - decided[row], since + 1
            yield row
            if due(len(decided), since):
                break
    yield from reader.order(decided)


def _until(truth: Any, recall: float) -> float:
    """The share of an order that is read when the wanted share of those in scope has been found."""
    wanted = math.ceil(int(truth.sum()) * recall - 1e-9)
    return float(np.searchsorted(np.cumsum(truth), wanted) + 1) / len(truth)


def _stopped(truth: Any, active: Any, rule: Rule, random: np.random.Generator) -> tuple[int, int]:
    """How many are read, and how many in scope found, when the rule lets a screening stop: ranked while it finds, then a random sample."""
    told = [bool(truth[row]) for row in active]
    begun = next((read for read in range(len(told)) if quiet(len(told), told[:read])), len(told))
    before, unread = sum(told[:begun]), random.permutation(active[begun:])
    read = found = 0
    while more := verdict(len(told), before, Sampled(len(unread), read, found), rule).more:
        hits = np.flatnonzero(truth[unread[read : read + more]])
        read, found = (read + int(hits[0]) + 1, found + 1) if len(hits) else (read + more, found)
    return begun + read, before + found
