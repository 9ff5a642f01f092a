"""One text being searched: where its words and phrases stand, each looked for once however many expressions ask."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence

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
        self.longest = max((phrase.reach for phrase in self.phrases), default=0)

    @property
    def needed(self) -> frozenset[str]:
        """Words one of which stands in every text that holds one of the phrases."""
        return frozenset().union(*(phrase.words for phrase in self.phrases))


class Void:
    """Phrases that make a word they touch not count (经医生抢救)."""

    __slots__ = ("_any_pattern", "_reach", "words")

    def __init__(self, phrases: Sequence[Phrase] = ()) -> None:
        self.words = Group("", phrases)
        patterns = [phrase.pattern.pattern for phrase in self.words.patterns if phrase.pattern]
        self._any_pattern = re.compile("|".join(patterns)) if patterns else None
        self._reach = max((phrase.reach for phrase in self.words.patterns), default=0)

    def by(self, reading: Reading, start: int, end: int) -> tuple[Phrase, int, int] | None:
        """The first phrase that touches `text[start:end]`, with its place."""
        for phrase in self.words.phrases:
            for place in phrase.near(reading.text, start, end):
                return phrase, *place
        return None

    def touches(self, reading: Reading, start: int, end: int) -> bool:
        """Whether one of the phrases touches `text[start:end]`."""
        places, longest = reading.word_places(self.words), self.words.longest
        n = bisect_left(places, (end, 0)) - 1
        while n >= 0 and places[n][0] > start - longest:
            if places[n][1] > start:
                return True
            n -= 1
        if self._any_pattern is None or not self._any_pattern.search(reading.text, max(start - self._reach, 0), end + self._reach):
            return False
        return any(next(phrase.near(reading.text, start, end), None) for phrase in self.words.patterns)


class Reading:
    """A folded text with the places of its words: word -> (start, end), in order."""

    def __init__(self, text: str, words: Mapping[str, Places]) -> None:
        self.text = text
        self.words = words
        self._groups: dict[Group, Places] = {}
        self._of_words: dict[Group, Places] = {}
        self._voided: dict[tuple[Void, int, int], bool] = {}

    def places(self, group: Group) -> Places:
        """Where the phrases of a group stand, in order."""
        found = self._groups.get(group)
        if found is None:
            found = self.word_places(group)
            if patterned := {place for phrase in group.patterns for place in self._pattern_places(phrase)}:
                found = sorted(patterned.union(found))
            self._groups[group] = found
        return found

    def word_places(self, group: Group) -> Places:
        """Where those phrases of a group stand that are words, in order."""
        found = self._of_words.get(group)
        if found is None:
            found = self._of_words[group] = sorted(place for word in group.words & self.words.keys() for place in self.words[word])
        return found

    def _pattern_places(self, phrase: Phrase) -> Places:
        """Where a pattern stands: it begins at most `before` characters before the end of one of its words."""
        ends = [end for word in phrase.words & self.words.keys() for _, end in self.words[word]]
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


def within(places: Places, longest: int, place: tuple[int, int], distance: int) -> Places:
    """Places that lie at most `distance` characters from a place and do not touch it, nearest first.

    `places` are in order, none longer than `longest`.
    """
    start, end = place
    first = bisect_left(places, (start - distance - longest, 0))
    last = bisect_right(places, (end + distance, end + distance + longest))
    near = [(gap, other) for other in places[first:last] if 0 <= (gap := max(other[0] - end, start - other[1])) <= distance]
    return [other for _, other in sorted(near)]
