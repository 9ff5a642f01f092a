"""Agreement in many bootstrap draws at once. Judgments are drawn, not units: parties of one judgment stay together.

The formulas are those of scikit-learn and krippendorff (the tests hold them equal), written for all draws in one stroke: every
coefficient follows from how often each pair of answers occurs, and a draw is a weighted sum of such counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from pipeline.annotate.agreement.distances import Numbers
from pipeline.annotate.agreement.ratings import Ratings

_CHUNK = 4_000_000  # numbers held at once
Cell = tuple[int, int]  # the answers of two coders


@dataclass(frozen=True, slots=True)
class Draws:
    """What occurs in each draw: `cells` are pairs of answers, shape (cells, 2); `masses` their weights, shape (draws, cells).

    A unit with m answers has m (m - 1) / 2 pairs, each of weight 1 / (m - 1) (Krippendorff 2011, Computing alpha-reliability).
    """

    cells: NDArray[np.int_]
    masses: Numbers
    values: int

    def percent(self) -> Numbers:
        """Share of pairs with the same answer, by draw."""
        same = self.cells[:, 0] == self.cells[:, 1]
        return self.masses[:, same].sum(axis=1) / self.masses.sum(axis=1)  # type: ignore[no-any-return]

    def kappa(self) -> Numbers:
        """Cohen's kappa by draw; nan where both coders give one and the same answer throughout."""
        total = self.masses.sum(axis=1)
        expected = (self._margin(0) * self._margin(1)).sum(axis=1) / total**2
        return _over(self.percent() - expected, 1 - expected)

    def alpha(self, table: Numbers | None) -> Numbers:
        """Krippendorff's alpha by draw, with distances of the answers, or by rank (None); nan where one answer alone occurs.

        The ordinal distance, the squared sum of the counts between two values less half of their own, is that of their middle ranks.
        """
        counts = self._margin(0) + self._margin(1)
        total = counts.sum(axis=1)
        left, right = self.cells.T
        if table is None:
            ranks = np.cumsum(counts, axis=1) - counts / 2
            apart = (ranks[:, left] - ranks[:, right]) ** 2
            expected = 2 * (total * (counts * ranks**2).sum(axis=1) - (counts * ranks).sum(axis=1) ** 2)
        else:
            apart = table[left, right]
            expected = ((counts @ table) * counts).sum(axis=1)
        observed = 2 * (self.masses * apart).sum(axis=1)
        return 1 - _over(observed * (total - 1), expected)

    def _margin(self, side: int) -> Numbers:
        """How often each value occurs on one side of the pairs, shape (draws, values)."""
        holds = np.zeros((len(self.cells), self.values))
        holds[np.arange(len(self.cells)), self.cells[:, side]] = 1
        return self.masses @ holds


def _over(upper: Numbers, lower: Numbers) -> Numbers:
    """The quotient; nan where the divisor is zero but for rounding."""
    zero = np.abs(lower) < 1e-12
    return np.where(zero, np.nan, upper / np.where(zero, 1, lower))


def data(ratings: Ratings) -> Draws:
    """The data themselves as the only draw."""
    patterns, cells = _patterns(ratings)
    masses = np.zeros((1, len(cells)))
    for pattern, times in patterns.items():
        for cell, mass in pattern:
            masses[0, cell] += mass * times
    return Draws(np.array(list(cells), dtype=np.int_).reshape(-1, 2), masses, len(ratings.domain))


def resampled(ratings: Ratings, draws: int, seed: int) -> Draws:
    """`draws` samples of as many judgments as there are, with replacement.

    Judgments with the same answers are one pattern: how often each pattern is drawn is multinomial, whatever the number of judgments.
    """
    patterns, cells = _patterns(ratings)
    weights = _matrix(patterns, len(cells))
    times = np.array(list(patterns.values()))
    masses = np.concatenate([drawn @ weights for drawn in _drawn(times, draws, np.random.default_rng(seed))])
    return Draws(np.array(list(cells), dtype=np.int_).reshape(-1, 2), masses, len(ratings.domain))


def _drawn(times: NDArray[np.int_], draws: int, random: np.random.Generator) -> Iterator[Numbers]:
    """How often each pattern is drawn, shape (some draws, patterns), in pieces that fit into memory."""
    piece = max(1, _CHUNK // len(times))
    for start in range(0, draws, piece):
        yield random.multinomial(times.sum(), times / times.sum(), size=min(piece, draws - start)).astype(float)


Pattern = tuple[tuple[int, float], ...]  # (place of the cell, weight), by cell


def _patterns(ratings: Ratings) -> tuple[Counter[Pattern], list[Cell]]:
    """How many judgments have each pattern of pairs of answers, and the cells that occur."""
    cells: dict[Cell, int] = {}
    judgments: dict[str, Counter[int]] = {}
    for judgment, codes in zip(ratings.judgments, ratings.codes, strict=True):
        found = judgments.setdefault(judgment, Counter())
        for cell in combinations(codes, 2):
            found[cells.setdefault(cell, len(cells))] += 1 / (len(codes) - 1)  # type: ignore[assignment]
    return Counter(tuple(sorted(found.items())) for found in judgments.values()), list(cells)


def _matrix(patterns: Counter[Pattern], cells: int) -> Numbers:
    """The weight of each cell in each pattern, shape (patterns, cells)."""
    matrix = np.zeros((len(patterns), cells))
    for row, pattern in enumerate(patterns):
        for cell, mass in pattern:
            matrix[row, cell] = mass
    return matrix
