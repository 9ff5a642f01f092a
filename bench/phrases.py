"""The words of the rule files' patterns as a phrase list, for a peer that knows phrases and no regular expressions.

A pattern is taken apart at whatever is not literal; small alternations, small character classes and optional parts are spelled out.
"""

from __future__ import annotations

import re._constants as op  # type: ignore[import-not-found]
import re._parser as parser  # type: ignore[import-not-found]
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from itertools import product
from typing import Any

from pipeline.extract.engine.rules import Rule, load_rules

MOST = 300  # spellings of one run of words; above it the run is cut in two
CLASS = 12  # characters of a class that are spelled out


@dataclass
class _Reading:
    """Phrases found so far, and (words, gap, words) where a bounded gap parts two runs."""

    phrases: set[str] = field(default_factory=set)
    gaps: list[tuple[frozenset[str], int, frozenset[str]]] = field(default_factory=list)


def all_rules() -> Iterator[Rule]:
    """Every rule of every rule file."""
    for path in sorted((files("pipeline.extract") / "rules").iterdir(), key=lambda p: p.name):
        if path.name.endswith(".toml") and "[[rule]]" in path.read_text("utf-8"):
            yield from load_rules(path.name.removesuffix(".toml"))


def words_of(patterns: list[str]) -> tuple[set[str], list[tuple[frozenset[str], int, frozenset[str]]]]:
    """Phrases of two or more characters, and the pairs of runs that a gap of at most so many characters parts."""
    reading = _Reading()
    for pattern in patterns:
        _top(parser.parse(pattern), reading)
    return {phrase for phrase in reading.phrases if len(phrase) > 1}, reading.gaps


def _top(items: Any, reading: _Reading) -> None:
    """Read one sequence of a pattern: runs of words, and gaps between them."""
    before, gap = frozenset[str](), 0
    run = {""}
    for kind, value in items:
        spelled = _spelled(kind, value)
        if spelled is not None and len(run) * len(spelled) <= MOST:
            run = {a + b for a, b in product(run, spelled)}
            continue
        before, gap = _flush(run, before, gap, reading)
        run = spelled if spelled is not None else {""}
        if spelled is None:
            gap = _gap(kind, value)
            _inside(kind, value, reading)
    _flush(run, before, gap, reading)


def _flush(run: set[str], before: frozenset[str], gap: int, reading: _Reading) -> tuple[frozenset[str], int]:
    words = frozenset(run - {""})
    if not words:
        return before, gap
    reading.phrases |= words
    if before and gap:
        reading.gaps.append((before, gap, words))
    return words, 0


def _inside(kind: Any, value: Any, reading: _Reading) -> None:
    """Alternations too large to spell out are read branch by branch."""
    if kind is op.SUBPATTERN:
        _top(value[3], reading)
    elif kind is op.BRANCH:
        for branch in value[1]:
            _top(branch, reading)
    elif kind in (op.MAX_REPEAT, op.MIN_REPEAT):
        _top(value[2], reading)


def _gap(kind: Any, value: Any) -> int:
    """The most characters of a gap such as `[^，。]{0,8}`; 0 for what is no bounded gap."""
    repeated = kind in (op.MAX_REPEAT, op.MIN_REPEAT) and len(value[2]) == 1 and value[2][0][0] in (op.IN, op.NOT_LITERAL, op.ANY)
    return int(value[1]) if repeated and value[1] <= 60 else 0


def _spelled(kind: Any, value: Any) -> set[str] | None:
    """What an item can be, spelled out; None when that is much or unknown."""
    if kind is op.LITERAL:
        return {chr(value)}
    if kind in (op.ASSERT, op.ASSERT_NOT, op.AT):
        return {""}
    if kind is op.IN:
        return {chr(v) for _, v in value} if len(value) <= CLASS and all(k is op.LITERAL for k, _ in value) else None
    if kind is op.SUBPATTERN:
        return _sequence(value[3])
    if kind is op.BRANCH:
        branches = [_sequence(branch) for branch in value[1]]
        spelled = set[str]().union(*(b for b in branches if b is not None))
        return spelled if None not in branches and len(spelled) <= MOST else None
    if kind in (op.MAX_REPEAT, op.MIN_REPEAT) and value[1] == 1:
        inner = _sequence(value[2])
        return None if inner is None else inner | ({""} if value[0] == 0 else set())
    return None


def _sequence(items: Any) -> set[str] | None:
    run = {""}
    for kind, value in items:
        spelled = _spelled(kind, value)
        if spelled is None or len(run) * len(spelled) > MOST:
            return None
        run = {a + b for a, b in product(run, spelled)}
    return run
