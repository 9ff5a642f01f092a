"""The answers of coders as numbers: the one form that all coefficients are computed from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.annotate.agreement.nouns import CASE, Compared, answer

Answer = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ratings:
    """Units that two coders or more have answered: `judgments[u]` is where unit u lies, `codes[u]` the places of its answers in `domain`.

    Codes of a pair of coders stand in the pair's order.
    """

    domain: tuple[Answer, ...]
    judgments: tuple[str, ...]
    codes: tuple[tuple[int, ...], ...]

    @property
    def occurring(self) -> int:
        """How many different answers occur."""
        return len({code for codes in self.codes for code in codes})

    @property
    def value_counts(self) -> NDArray[np.int_]:
        """How many coders gave each answer of the domain to each unit, shape (units, domain)."""
        counts = np.zeros((len(self.codes), len(self.domain)), dtype=np.int_)
        units = [unit for unit, codes in enumerate(self.codes) for _ in codes]
        np.add.at(counts, (units, [code for codes in self.codes for code in codes]), 1)
        return counts

    @property
    def sameness(self) -> Ratings:
        """Only which answers to a unit are the same: the first of it, the second different one, and so on, whatever they say."""
        codes = [tuple(list(dict.fromkeys(codes)).index(code) for code in codes) for codes in self.codes]
        return Ratings(tuple((str(i),) for i in range(max(map(len, codes), default=0))), self.judgments, tuple(codes))

    def within(self, wanted: Sequence[str]) -> Ratings:
        """Only answers that are one of `wanted`, which becomes the domain in its order; units with fewer than two of them are left out."""
        place: dict[Answer, int] = {(value,): i for i, value in enumerate(wanted)}
        moved = [tuple(place[self.domain[code]] for code in codes if self.domain[code] in place) for codes in self.codes]
        kept = [i for i, codes in enumerate(moved) if len(codes) > 1]
        return Ratings(tuple(place), tuple(self.judgments[i] for i in kept), tuple(moved[i] for i in kept))


def of_pair(compared: Iterable[Compared]) -> Ratings:
    """The answers of two coders to one variable, where both have answered."""
    both = [each for each in compared if each.answered]
    return _coded([(each.judgment_id, (answer(each.entries[0]), answer(each.entries[1]))) for each in both])


def of_all(compared: Iterable[Compared]) -> Ratings:
    """The answers of all coders to one variable, gathered from the pairs.

    A case is one unit with the answers of all who answered. Parties were aligned pair by pair, so each aligned pair is a unit.
    """
    units: dict[tuple[str, ...], dict[str, Answer]] = {}
    for each in compared:
        if each.answered:
            unit = units.setdefault((each.judgment_id,) if each.kind == CASE else (each.judgment_id, *each.coders, *each.units), {})
            unit |= {coder: answer(entry) for coder, entry in zip(each.coders, each.entries, strict=True)}
    return _coded([(judgment_id, tuple(unit.values())) for (judgment_id, *_), unit in units.items()])


def _coded(units: Sequence[tuple[str, tuple[Answer, ...]]]) -> Ratings:
    domain = sorted({each for _, answers in units for each in answers})
    place = {each: i for i, each in enumerate(domain)}
    return Ratings(tuple(domain), tuple(judgment for judgment, _ in units), tuple(tuple(place[a] for a in answers) for _, answers in units))
