"""Spellings: the few words to look for in raw bytes, so that only records which may match are decoded.

An expression needs one word of some set (for `near`, the rarest of its groups). A word that holds a shorter one of them is spotted by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property

from pipeline.collect.keywords.conditions import Condition, Words
from pipeline.collect.keywords.folding import form_count, forms

MOST_FORMS = 64  # a longer word is spotted by its beginning
# How many of 1,000 ordinary criminal judgments hold a word of one, two, three and more characters, where the file does not say.
_COMMON = {1: 100.0, 2: 2.0}
_RARE = 0.5
_ROUNDS = 3  # of choosing again in view of what the others chose


@dataclass(frozen=True)
class Spelling:
    """What each expression needs, and how it is spotted.

    `needed`: for each expression, words one of which stands in every text that it matches. `spotted`: word -> the word or part of a
    word that spots it, for every word whose presence is told of.
    """

    needed: tuple[frozenset[str], ...]
    spotted: Mapping[str, str]

    @cached_property
    def told(self) -> frozenset[str]:
        """Words whose absence can be told from the spellings."""
        return frozenset(self.spotted)

    @cached_property
    def literals(self) -> tuple[str, ...]:
        """What is looked for, in the order of their numbers."""
        return tuple(sorted(set(self.spotted.values())))

    @cached_property
    def forms(self) -> tuple[tuple[str, ...], ...]:
        """Every way to write each of the literals."""
        return tuple(forms(literal) for literal in self.literals)

    @cached_property
    def _spots(self) -> tuple[frozenset[str], ...]:
        return tuple(frozenset(word for word, by in self.spotted.items() if by == literal) for literal in self.literals)

    def words_of(self, present: Set[int]) -> frozenset[str]:
        """The words that may be present where these literals are."""
        return frozenset().union(*(self._spots[number] for number in present))


def spelling(conditions: Iterable[Condition], common: Mapping[str, float]) -> Spelling:
    """Choose the words by which texts are spotted; `common` says of a word how many of 1,000 ordinary judgments hold it."""
    conditions = list(conditions)
    needed = _needed(conditions, common)
    literals = sorted({_short(word) for words in needed for word in words}, key=len)
    every = frozenset().union(*needed, *(group.needed for condition in conditions for group in condition.groups()))
    spotted = {word: by for word in every if (by := next((literal for literal in literals if literal in word), None))}
    return Spelling(tuple(needed), spotted)


def _needed(conditions: Sequence[Condition], common: Mapping[str, float]) -> list[Words]:
    """Choose for each condition the words that it needs, so that all together are rare: what one of them looks for anyway costs no other."""
    needed: list[Words] = [frozenset()] * len(conditions)
    for _ in range(_ROUNDS):
        for number, condition in enumerate(conditions):
            others = frozenset().union(*needed[:number], *needed[number + 1 :])

            def cost(words: Words, others: Words = others) -> float:
                return sum(common.get(word, _COMMON.get(len(word), _RARE)) for word in words - others)

            needed[number] = condition.needed(cost) or frozenset()
    return needed


def _short(word: str) -> str:
    """The longest beginning of a word that has not too many forms."""
    while form_count(word) > MOST_FORMS and len(word) > 1:
        word = word[:-1]
    return word
