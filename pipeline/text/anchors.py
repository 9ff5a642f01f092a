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

    The word ends at most `before` characters after the match begins. `before`, `reach` and `ahead` are None where there is no bound.
    """

    words: Words | None
    before: int | None
    reach: int | None
    ahead: int | None

    @property
    def widths(self) -> tuple[int | None, int | None, int | None]:
        """`before`, `reach` and `ahead`."""
        return self.before, self.reach, self.ahead


@dataclass(frozen=True, slots=True)
class _Needed:
    """Words one of which always stands in a part; it ends at most `before` characters after the part begins."""

    words: Words
    before: int


@dataclass(frozen=True, slots=True)
class _Part:
    """What is known of a part of an expression: all strings that it matches (`exact`), words that it always holds, its greatest length."""

    exact: Words | None
    needed: _Needed | None
    width: int

    @property
    def best(self) -> _Needed | None:
        """The rarer of what it always holds and what it is."""
        return _better(self.needed, _whole(self.exact))


def anchors(pattern: str) -> Anchors:
    """Anchors of a regular expression."""
    tree = parser.parse(pattern)
    found = _sequence(tree).best
    before, longest, ahead = found.before if found else 0, tree.getwidth()[1], _ahead(tree)
    return Anchors(found.words if found else None, _bounded(before), _bounded(longest), _bounded(ahead))


def _bounded(width: int) -> int | None:
    return width if width < _UNBOUNDED else None


def _ahead(node: Any) -> int:
    """The furthest that any lookahead inside the expression reads; 1 for what reads a word's or the text's edge."""
    if isinstance(node, tuple) and len(node) == 2 and node[0] in (op.ASSERT, op.ASSERT_NOT) and node[1][0] > 0:
        return int(node[1][1].getwidth()[1]) + _ahead(node[1][1])
    inner = node if isinstance(node, (tuple, list, parser.SubPattern)) else ()
    return max([1, *(_ahead(part) for part in inner)])


def _sequence(items: Any) -> _Part:
    """Parts one after the other: exact strings are joined until something unknown, or too much, stands between."""
    running, begun, width = _EMPTY, 0, 0
    whole, needed = True, None
    for kind, value in items:
        part = _part(kind, value)
        needed = _better(needed, _moved(part.needed, width))
        joined = _join(running, part.exact) if part.exact is not None else None
        if joined is None:
            whole = False
            needed = _better(needed, _moved(_whole(running), begun))
            running, begun = (part.exact, width) if part.exact is not None else (_EMPTY, width + part.width)
        else:
            running = joined
        width += part.width
    return _Part(running if whole else None, _better(needed, _moved(_whole(running), begun)), width)


def _part(kind: Any, value: Any) -> _Part:
    if kind is op.LITERAL:
        return _Part(frozenset({chr(value)}), None, 1)
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
    if kind in (op.AT, op.ASSERT, op.ASSERT_NOT):
        return _Part(_EMPTY, None, 0)
    return _Part(None, None, 1 if kind in (op.ANY, op.NOT_LITERAL, op.CATEGORY) else _UNBOUNDED)


def _class(members: Any) -> _Part:
    if len(members) > _MOST_CHARACTERS_OF_A_CLASS or any(kind is not op.LITERAL for kind, _ in members):
        return _Part(None, None, 1)
    return _Part(frozenset(chr(value) for _, value in members), None, 1)


def _repeat(least: int, most: int, items: Any) -> _Part:
    part = _sequence(items)
    width = min(part.width * most, _UNBOUNDED)
    if least == 0:
        known = most == 1 and part.exact is not None
        return _Part((part.exact or _EMPTY) | _EMPTY if known else None, None, width)
    return part if (least, most) == (1, 1) else _Part(None, part.best, width)


def _branch(parts: list[_Part]) -> _Part:
    width = max(part.width for part in parts)
    exact = [part.exact for part in parts if part.exact is not None]
    if len(exact) == len(parts):
        return _Part(frozenset().union(*exact), None, width)
    known = [part.best for part in parts if part.best is not None]
    if len(known) < len(parts):
        return _Part(None, None, width)
    return _Part(None, _Needed(frozenset().union(*(one.words for one in known)), max(one.before for one in known)), width)


def _join(left: Words, right: Words) -> Words | None:
    return frozenset(a + b for a in left for b in right) if len(left) * len(right) <= _MOST else None


def _whole(exact: Words | None) -> _Needed | None:
    """Exact strings as words that always stand there; the empty word says nothing."""
    return None if exact is None or "" in exact else _Needed(exact, max(map(len, exact)))


def _moved(needed: _Needed | None, by: int) -> _Needed | None:
    return needed and _Needed(needed.words, needed.before + by)


def _better(a: _Needed | None, b: _Needed | None) -> _Needed | None:
    """The rarer of two sets of words."""
    return min((one for one in (a, b) if one is not None), key=_commonness, default=None)


def _commonness(needed: _Needed) -> float:
    return sum(_EVERYWHERE_COUNTS if word in _EVERYWHERE else _COMMONNESS.get(len(word), _RARE) for word in needed.words)
