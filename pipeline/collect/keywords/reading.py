"""One text being searched: where its words and phrases stand, each looked for once however many expressions ask."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.collect.keywords.phrases import Phrase

Places = list[tuple[int, int]]
_SENTENCE_END = re.compile("[。！？；!?;]")


class Group:
    """Phrases one of which is asked for."""

    __slots__ = ("longest", "name", "patterns", "phrases", "words")

    def __init__(self, name: str, phrases: Sequence[Phrase]) -> None:
        self.name = name
        self.phrases = tuple(dict.fromkeys(phrases))
        self.patterns = tuple(phrase for phrase in self.phrases if phrase.pattern)
        self.words = frozenset().union(*(phrase.words for phrase in self.phrases if not phrase.pattern))
        self.longest = max([*map(len, self.words), *(phrase.reach for phrase in self.patterns)])

    @property
    def needed(self) -> frozenset[str]:
        """Words one of which stands in every text that holds one of the phrases."""
        return frozenset().union(*(phrase.words for phrase in self.phrases))


@dataclass(frozen=True, slots=True)
class Void:
    """Phrases that make a word they touch not count (经医生抢救)."""

    phrases: tuple[Phrase, ...] = ()

    def by(self, text: str, start: int, end: int) -> tuple[Phrase, int, int] | None:
        """The first phrase that touches `text[start:end]`, with its place."""
        for phrase in self.phrases:
            for place in phrase.near(text, start, end):
                return phrase, *place
        return None


class Reading:
    """A folded text with the places of its words: word -> (start, end), in order."""

    def __init__(self, text: str, words: Mapping[str, Places]) -> None:
        self.text = text
        self.words = words
        self._groups: dict[int, tuple[Group, Places]] = {}
        self._voided: dict[tuple[int, int, int], bool] = {}

    def places(self, group: Group) -> Places:
        """Where the phrases of a group stand, in order."""
        found = self._groups.get(id(group))
        if found is None:
            found = self._groups[id(group)] = (group, self._look(group))
        return found[1]

    def _look(self, group: Group) -> Places:
        places = [place for word in group.words & self.words.keys() for place in self.words[word]]
        for phrase in group.patterns:
            anchors = [end for word in phrase.words & self.words.keys() for _, end in self.words[word]]
            places += {place for end in anchors for place in self._around(phrase, end)}
        return sorted(set(places))

    def _around(self, phrase: Phrase, end: int) -> Places:
        """Places of a pattern that may hold the word ending at `end`: those that begin at most `before` characters earlier."""
        return [place for place in phrase.near(self.text, end - 1, end) if place[0] >= end - phrase.before]

    def voided(self, void: Void, start: int, end: int) -> bool:
        """Whether a phrase of `void` touches the place."""
        if not void.phrases:
            return False
        key = (id(void), start, end)
        found = self._voided.get(key)
        if found is None:
            found = self._voided[key] = void.by(self.text, start, end) is not None
        return found

    def same_sentence(self, start: int, end: int) -> bool:
        """Whether no sentence ends inside the place."""
        return _SENTENCE_END.search(self.text, start, end) is None


def within(places: Places, longest: int, place: tuple[int, int], distance: int) -> Places:
    """Places that lie at most `distance` characters from a place and do not touch it, nearest first.

    `places` are in order, none longer than `longest`.
    """
    start, end = place
    first = bisect_left(places, (start - distance - longest, 0))
    last = bisect_right(places, (end + distance, end + distance + longest))
    near = [(gap, other) for other in places[first:last] if 0 <= (gap := max(other[0] - end, start - other[1])) <= distance]
    return [other for _, other in sorted(near)]
