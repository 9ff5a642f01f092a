"""Anchors: the words without which a regular expression cannot match, read from the expression itself.

A judgment is searched once for the anchors of all expressions (see `pipeline.text.scan`); an expression then runs only around its own.
The method is that of RE2's FilteredRE2 and of Russ Cox, "Regular Expression Matching with a Trigram Index" (2012).
"""

from __future__ import annotations

import re._constants as op
import re._parser as parser
from dataclasses import dataclass
from typing import Any

# More strings than this are no anchor: the one pass would find them everywhere.
_MOST = 160
_UNBOUNDED = 2000
_MOST_CHARACTERS_OF_A_CLASS = 40
# How much rarer a longer word is; only the order matters.
_COMMONNESS = {1: 1.0, 2: 0.05}
_RARE = 0.01
# Characters that stand in nearly every sentence of a judgment.
_EVERYWHERE = frozenset("的人被告一在是有为与将要了到和及以中于上其不车打使本行公")
_EVERYWHERE_COUNTS = 12.0

Words = frozenset[str]
_EMPTY: Words = frozenset({""})


@dataclass(frozen=True, slots=True)
class Anchors:
    """Each match holds one of `words` (None: nothing is sure), is at most `reach` characters long, and looks `ahead` so many further.

    `reach` and `ahead` are None where there is no bound.
    """

    words: Words | None
    reach: int | None
    ahead: int | None


@dataclass(frozen=True, slots=True)
class _Part:
    """What is known of a part of an expression: all strings that it matches (`exact`), or words one of which it always holds."""

    exact: Words | None
    needed: Words | None


_ANYTHING = _Part(None, None)
_NOTHING = _Part(_EMPTY, None)


def anchors(pattern: str) -> Anchors:
    """Anchors of a regular expression."""
    tree = parser.parse(pattern)
    part = _sequence(tree)
    words = _better(part.needed, part.exact)
    longest, ahead = tree.getwidth()[1], _ahead(tree)
    return Anchors(words, longest if longest < _UNBOUNDED else None, ahead if ahead < _UNBOUNDED else None)


def _ahead(node: Any) -> int:
    """The furthest that any lookahead inside the expression reads; 1 for what reads a word's or the text's edge."""
    if isinstance(node, tuple) and len(node) == 2 and node[0] in (op.ASSERT, op.ASSERT_NOT) and node[1][0] > 0:
        return int(node[1][1].getwidth()[1]) + _ahead(node[1][1])
    inner = node if isinstance(node, (tuple, list, parser.SubPattern)) else ()
    return max([1, *(_ahead(part) for part in inner)])


def _sequence(items: Any) -> _Part:
    """Parts one after the other: exact strings are joined until something unknown, or too much, stands between."""
    running: Words | None = _EMPTY
    whole, needed = True, None
    for kind, value in items:
        part = _part(kind, value)
        needed = _better(needed, part.needed)
        joined = _join(running, part.exact) if running is not None and part.exact is not None else None
        if joined is None:
            whole = False
            needed = _better(needed, running)
            running = part.exact
        else:
            running = joined
    return _Part(running if whole else None, _better(needed, running))


def _part(kind: Any, value: Any) -> _Part:
    if kind is op.LITERAL:
        return _Part(frozenset({chr(value)}), None)
    if kind is op.IN:
        return _class(value)
    if kind is op.SUBPATTERN:
        return _sequence(value[3])
    if kind is op.ATOMIC_GROUP:
        return _sequence(value)
    if kind is op.BRANCH:
        return _branch([_sequence(branch) for branch in value[1]])
    if kind in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
        return _repeat(*value)
    return _NOTHING if kind in (op.AT, op.ASSERT, op.ASSERT_NOT) else _ANYTHING


def _class(members: Any) -> _Part:
    if len(members) > _MOST_CHARACTERS_OF_A_CLASS or any(kind is not op.LITERAL for kind, _ in members):
        return _ANYTHING
    return _Part(frozenset(chr(value) for _, value in members), None)


def _repeat(least: int, most: int, items: Any) -> _Part:
    part = _sequence(items)
    if least == 0:
        known = most == 1 and part.exact is not None
        return _Part((part.exact or _EMPTY) | _EMPTY, None) if known else _ANYTHING
    return part if (least, most) == (1, 1) else _Part(None, _better(part.needed, part.exact))


def _branch(parts: list[_Part]) -> _Part:
    exact = [part.exact for part in parts if part.exact is not None]
    if len(exact) == len(parts):
        return _Part(frozenset().union(*exact), None)
    needed = [_better(part.needed, part.exact) for part in parts]
    known = [words for words in needed if words is not None]
    return _Part(None, frozenset().union(*known) if len(known) == len(parts) else None)


def _join(left: Words, right: Words) -> Words | None:
    return frozenset(a + b for a in left for b in right) if len(left) * len(right) <= _MOST else None


def _better(a: Words | None, b: Words | None) -> Words | None:
    """The rarer of two sets of words; a set that holds the empty word says nothing."""
    usable = [words for words in (a, b) if words is not None and "" not in words]
    return min(usable, key=_commonness, default=None)


def _commonness(words: Words) -> float:
    return sum(_EVERYWHERE_COUNTS if word in _EVERYWHERE else _COMMONNESS.get(len(word), _RARE) for word in words)
