"""Expressions: regular expressions that run only around their anchors, found for all of them in one pass over the text.

The result is that of the plain regular expression, in a fraction of the time: most expressions have no anchor in most judgments.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from itertools import chain
from operator import itemgetter
from typing import ClassVar, NamedTuple

import ahocorasick_rs

from pipeline.text.anchors import Anchors, anchors

# Below this length the one pass costs more than it saves.
_SHORT = 300

Windows = list[tuple[int, int]]
_LAST = itemgetter(1)
# Half a character, which no UTF-8 can hold.
_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")


class Expression:
    """A regular expression with its anchors; `regex` is the plain one.

    The anchors of one `topic` are looked for together, once a judgment turns to it: most judgments never tell of a hospital.
    """

    __slots__ = ("anchors", "number", "regex", "topic")

    _of: ClassVar[defaultdict[str, list[Expression]]] = defaultdict(list)  # topic -> every expression of it in this process

    def __init__(self, pattern: str, topic: str = "") -> None:
        self.regex = re.compile(pattern)
        self.anchors: Anchors = anchors(pattern)
        self.topic = topic
        self.number = len(self._of[topic])
        self._of[topic].append(self)


class Scan:
    """Where each expression can match in one text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._topics: dict[str, _Hits] = {}
        self._windows: dict[Expression, Windows] = {}

    def may_match(self, expression: Expression) -> bool:
        """Whether the text holds an anchor of the expression."""
        hits = self._topics.get(expression.topic) or self._look(expression.topic)
        return expression.number in hits.ends or expression.number not in hits.searched

    def _look(self, topic: str) -> _Hits:
        """Find the anchors of a topic's expressions."""
        automaton = _Automaton.current(topic) if len(self.text) >= _SHORT else None
        found = _Hits(automaton.searched, automaton.ends(self.text)) if automaton else _Hits(frozenset(), {})
        self._topics[topic] = found
        return found

    def finditer(self, expression: Expression, start: int = 0, end: int | None = None) -> Iterator[re.Match[str]]:
        """The matches of `expression.regex.finditer(text, start, end)`."""
        windows = self.windows(expression)
        if not windows:
            return
        end = len(self.text) if end is None else end
        for n in range(bisect_right(windows, start, key=_LAST) if start else 0, len(windows)):
            first, last = windows[n]
            if first >= end:
                return
            yield from expression.regex.finditer(self.text, max(first, start), min(last, end))

    def finditer_within(self, expression: Expression, stretches: Sequence[tuple[int, int]]) -> Iterator[re.Match[str]]:
        """The matches inside each of the stretches, which are in order and apart."""
        windows = self.windows(expression)
        if len(stretches) <= len(windows):
            for start, end in stretches:
                yield from self.finditer(expression, start, end)
            return
        for first, last in windows:
            for n in range(bisect_right(stretches, first, key=_LAST), len(stretches)):
                start, end = stretches[n]
                if start >= last:
                    break
                yield from expression.regex.finditer(self.text, max(first, start), min(last, end))

    def search(self, expression: Expression, start: int = 0, end: int | None = None) -> re.Match[str] | None:
        """The first of the matches."""
        return next(self.finditer(expression, start, end), None)

    def windows(self, expression: Expression) -> Windows:
        """Stretches outside which the expression has no match, in order and apart."""
        found = self._windows.get(expression)
        if found is None:
            found = self._windows[expression] = self._around(expression)
        return found

    def beginnings(self, expression: Expression) -> Windows:
        """Stretches outside which no match of the expression begins, in order and apart."""
        hits, before = self._anchored(expression), expression.anchors.before
        return [(0, len(self.text))] if hits is None or before is None else _merged(hits, before, 0)

    def _around(self, expression: Expression) -> Windows:
        hits, before, reach, ahead = self._anchored(expression), *expression.anchors.widths
        if hits is None or before is None or reach is None or ahead is None:
            return [(0, len(self.text))]
        return _merged(hits, before, reach + ahead)

    def _anchored(self, expression: Expression) -> list[int] | None:
        """Where the expression's anchors end, in order; None when they are not known."""
        looked = self._topics.get(expression.topic) or self._look(expression.topic)
        if expression.number not in looked.searched:
            return None
        hits = looked.ends.get(expression.number, ())
        return hits[0] if len(hits) == 1 else sorted(chain.from_iterable(hits))


def _merged(ends: list[int], before: int, after: int) -> Windows:
    """Windows around the ends of anchors."""
    windows: Windows = []
    if not ends:
        return windows
    first, last = max(ends[0] - before, 0), ends[0] + after
    for end in ends:
        if end - before > last:
            windows.append((first, last))
            first = end - before
        last = end + after
    windows.append((first, last))
    return windows


class _Hits(NamedTuple):
    """What a pass over a text has found: the numbers of the expressions looked for, and for those with anchors in it, where each ends."""

    searched: Set[int]
    ends: Mapping[int, list[list[int]]]


class _Automaton:
    """Finds the anchors of all expressions of a topic known when it was made (Aho and Corasick 1975)."""

    _made: ClassVar[dict[str, _Automaton]] = {}  # one for each topic in this process

    def __init__(self, expressions: list[Expression]) -> None:
        self.size = len(expressions)
        users: dict[str, list[int]] = defaultdict(list)
        for expression in expressions:
            for word in expression.anchors.words or ():
                users[word].append(expression.number)
        self.searched = frozenset(expression.number for expression in expressions if expression.anchors.words)
        self._users = list(users.values())
        self._search = ahocorasick_rs.AhoCorasick(list(users), store_patterns=False)

    @classmethod
    def current(cls, topic: str) -> _Automaton:
        """The automaton of all expressions of the topic made so far."""
        made = cls._made.get(topic)
        if made is None or made.size != len(Expression._of[topic]):
            made = cls._made[topic] = cls(Expression._of[topic])
        return made

    def ends(self, text: str) -> dict[int, list[list[int]]]:
        """Number of each expression with an anchor in the text -> for each of its anchors, where it ends."""
        ends: dict[int, list[int]] = defaultdict(list)
        for number, _, end in self._search.find_matches_as_indexes(_LONE_SURROGATE.sub("\ufffd", text), overlapping=True):
            ends[number].append(end)
        found: dict[int, list[list[int]]] = defaultdict(list)
        for number, places in ends.items():
            for user in self._users[number]:
                found[user].append(places)
        return found
