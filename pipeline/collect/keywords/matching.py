"""Keywords: which expressions match a text, and where."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, field
from functools import cached_property

from pipeline.collect.keywords.conditions import Condition
from pipeline.collect.keywords.filters import Filters
from pipeline.collect.keywords.folding import Folded, Folder
from pipeline.collect.keywords.reading import Places, Reading, Void
from pipeline.collect.keywords.spelling import Spelling
from pipeline.schema import Judgment
from pipeline.text.words import WordFinder


@dataclass(frozen=True, slots=True)
class Hit:
    """An expression matches at `text[start:end]` of the text that was searched."""

    expression: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Expression:
    """A named condition. `query` are words that ask a site for such cases; `hits` and `misses` are the examples that it was checked with."""

    name: str
    zh: str
    en: str
    condition: Condition = field(repr=False)
    void: Void = field(repr=False)
    query: tuple[str, ...] = ()
    hits: tuple[str, ...] = field(default=(), repr=False)
    misses: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Keywords:
    """The expressions and filters of a keyword file.

    `fingerprint` tells whether two files decide alike: labels, examples and comments do not change it.
    """

    expressions: tuple[Expression, ...]
    filters: Filters
    spelling: Spelling = field(repr=False)
    fingerprint: str

    @property
    def spellings(self) -> tuple[tuple[str, ...], ...]:
        """The words whose presence decides whether a text is worth decoding, each with every form in which it may be written.

        The index is the number of the word for `possible`. Inside a form any blanks and line breaks may stand in the text.
        """
        return self.spelling.forms

    def possible(self, present: Set[int]) -> bool:
        """Whether a text that holds just these of the `spellings` may match an expression: never False where `find` finds something."""
        words = self.spelling.words_of(present)
        return bool(words) and any(expression.condition.possible(words, self.spelling.told) for expression in self.expressions)

    def find(self, text: str) -> list[Hit]:
        """Every place where an expression matches, in characters of `text`; by expression, then in order."""
        folded = self.folded(text)
        candidates = self._candidates(folded.text)
        if not candidates:
            return []
        reading = self.reading(folded)
        found = {e.name: places for e in candidates if (places := e.condition.find(reading, e.void))}
        if not found:
            return []
        way_back = folded.places()
        return [Hit(name, *way_back.origin_span(*place)) for name, places in found.items() for place in merged(places)]

    def _candidates(self, text: str) -> list[Expression]:
        """The expressions of whose needed words the text holds one."""
        present = {number for number, _, _ in self._spotter.find(text)}
        numbers = {expression for number in present for expression in self._needing[number]}
        return [self.expressions[number] for number in sorted(numbers)]

    def folded(self, text: str) -> Folded:
        """The text as the expressions read it."""
        return self._folder.fold(text)

    def reading(self, folded: Folded) -> Reading:
        """The places of all words in a folded text."""
        places: dict[str, Places] = {}
        for number, start, end in self._finder.find(folded.text):
            places.setdefault(self._words[number], []).append((start, end))
        return Reading(folded.text, places)

    def admits(self, judgment: Judgment) -> bool:
        """Whether the filters let a judgment pass; what it does not state is not held against it."""
        return self.filters.reason(judgment) is None

    def reason(self, judgment: Judgment) -> str | None:
        """Why the filters keep a judgment out, in a few words; None where they let it pass."""
        return self.filters.reason(judgment)

    @cached_property
    def _words(self) -> list[str]:
        groups = [group for e in self.expressions for group in (*e.condition.groups(), e.void.group)]
        return sorted({word for group in groups for word in group.needed})

    @cached_property
    def _finder(self) -> WordFinder:
        return WordFinder(self._words)

    @cached_property
    def _needed(self) -> list[str]:
        return sorted(frozenset().union(*self.spelling.needed))

    @cached_property
    def _spotter(self) -> WordFinder:
        return WordFinder(self._needed)

    @cached_property
    def _needing(self) -> list[list[int]]:
        """Number of each needed word -> numbers of the expressions that need it."""
        return [[number for number, words in enumerate(self.spelling.needed) if word in words] for word in self._needed]

    @cached_property
    def _folder(self) -> Folder:
        phrases = [phrase for e in self.expressions for group in (*e.condition.groups(), e.void.group) for phrase in group.phrases]
        return Folder.of([*self._words, *(phrase.pattern.pattern for phrase in phrases if phrase.pattern)])


def merged(places: Places) -> Places:
    """Places that overlap as one."""
    merged: Places = []
    for start, end in sorted(places):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged
