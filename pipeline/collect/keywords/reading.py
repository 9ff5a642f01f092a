"""One text being searched: where its words and phrases stand, each looked for once however many expressions ask."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence

from pipeline.collect.keywords.phrases import Phrase

Places = list[tuple[int, int]]
_STEPS = (16, 64)
_SENTENCE_END = re.compile("[。！？；!?;]")


class Group:
    """Phrases one of which is asked for. `needed`: words one of which stands in every text that holds one of the phrases."""

    __slots__ = ("longest", "name", "needed", "patterns", "phrases", "words")

    def __init__(self, name: str, phrases: Sequence[Phrase]) -> None:
        self.name = name
        self.phrases = tuple(dict.fromkeys(phrases))
        self.patterns = tuple(phrase for phrase in self.phrases if phrase.pattern)
        self.words = frozenset().union(*(phrase.words for phrase in self.phrases if not phrase.pattern))
        self.needed = frozenset().union(*(phrase.words for phrase in self.phrases))
        self.longest = max((phrase.reach for phrase in self.phrases), default=0)


class Void:
    """Phrases that make a word they touch not count (经医生抢救)."""

    __slots__ = ("group",)

    def __init__(self, phrases: Sequence[Phrase] = ()) -> None:
        self.group = Group("", phrases)

    def by(self, reading: Reading, start: int, end: int) -> tuple[Phrase, int, int] | None:
        """The first phrase that touches `text[start:end]`, with its place."""
        for phrase in self.group.phrases:
            for place in phrase.near(reading.text, start, end):
                return phrase, *place
        return None

    def touches(self, reading: Reading, start: int, end: int) -> bool:
        """Whether one of the phrases touches `text[start:end]`. A pattern is tried only where one of its words is near."""
        places = reading.word_places(self.group)
        n = bisect_left(places, (end, 0)) - 1
        while n >= 0 and places[n][0] > start - self.group.longest:
            if places[n][1] > start:
                return True
            n -= 1
        for phrase, ends in reading.patterns(self.group):
            n = bisect_left(ends, start - phrase.reach)
            if n < len(ends) and ends[n] <= end + phrase.reach and next(phrase.near(reading.text, start, end), None):
                return True
        return False


class Reading:
    """A folded text with the places of its words: word -> (start, end), in order."""

    def __init__(self, text: str, words: Mapping[str, Places]) -> None:
        self.text = text
        self.words = words
        self._groups: dict[Group, Places] = {}
        self._of_words: dict[Group, Places] = {}
        self._patterns: dict[Group, list[tuple[Phrase, list[int]]]] = {}
        self._voided: dict[tuple[Void, int, int], bool] = {}

    def places(self, group: Group) -> Places:
        """Where the phrases of a group stand, in order."""
        found = self._groups.get(group)
        if found is None:
            patterned = {place for phrase, ends in self.patterns(group) for place in self._pattern_places(phrase, ends)}
            found = self._groups[group] = sorted(patterned.union(self.word_places(group)))
        return found

    def word_places(self, group: Group) -> Places:
        """Where those phrases of a group stand that are words, in order."""
        found = self._of_words.get(group)
        if found is None:
            found = self._of_words[group] = sorted(place for word in group.words & self.words.keys() for place in self.words[word])
        return found

    def patterns(self, group: Group) -> list[tuple[Phrase, list[int]]]:
        """The patterns of a group that may stand in the text, each with where its words end, in order."""
        found = self._patterns.get(group)
        if found is None:
            ends = ((phrase, sorted(self._ends(phrase))) for phrase in group.patterns if not phrase.words.isdisjoint(self.words))
            found = self._patterns[group] = list(ends)
        return found

    def _ends(self, phrase: Phrase) -> Iterator[int]:
        return (end for word in phrase.words & self.words.keys() for _, end in self.words[word])

    def _pattern_places(self, phrase: Phrase, ends: list[int]) -> Places:
        """Where a pattern stands: it begins at most `before` characters before one of its words ends."""
        return [place for end in ends for place in phrase.near(self.text, end - 1, end) if place[0] >= end - phrase.before]

    def voided(self, void: Void, start: int, end: int) -> bool:
        """Whether a phrase of `void` touches the place."""
        key = (void, start, end)
        found = self._voided.get(key)
        if found is None:
            found = self._voided[key] = void.touches(self, start, end)
        return found

    def same_sentence(self, start: int, end: int) -> bool:
        """Whether no sentence ends inside the place."""
        return _SENTENCE_END.search(self.text, start, end) is None


def within(places: Places, longest: int, place: tuple[int, int], distance: int) -> Iterator[tuple[int, int]]:
    """Places that lie at most `distance` characters from a place and do not touch it, nearest first.

    `places` are in order, none longer than `longest`. The nearest are looked for first: mostly the first one will do.
    """
    start, end = place
    told = -1
    for reach in (*(step for step in _STEPS if step < distance), distance):
        first = bisect_left(places, (start - reach - longest, 0))
        last = bisect_right(places, (end + reach, end + reach + longest))
        near = [(gap, other) for other in places[first:last] if told < (gap := max(other[0] - end, start - other[1])) <= reach]
        yield from (other for _, other in sorted(near))
        told = reach
