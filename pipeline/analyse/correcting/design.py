"""The hand-coded cases as a probability sample: what each stands for, and the variance that the draw gives to a weighted mean."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Draw:
    """The coded cases of one sample, as an independent part of the variance.

    rows: their places among all coded cases; probability: pi, to have been drawn and coded; coefficient: the part of each case's
    weight that hangs on this draw (1 / pi where there is one sample); stratum: numbers of the strata inside which draws were random.
    """

    rows: Integers
    probability: Floats
    coefficient: Floats
    stratum: Integers


@dataclass(frozen=True)
class Design:
    """All coded cases: `weight` is how many cases of the frame each stands for, `size` how many the frame has."""

    size: int
    weight: Floats
    draws: tuple[Draw, ...]

    @property
    def coded(self) -> int:
        """How many cases are coded."""
        return len(self.weight)

    @cached_property
    def total(self) -> float:
        """The sum of the weights, near `size`."""
        return float(self.weight.sum())

    @cached_property
    def degrees(self) -> int:
        """Degrees of freedom: coded cases less strata, at least 1."""
        return max(1, sum(len(draw.rows) - len(np.unique(draw.stratum)) for draw in self.draws))

    def mean(self, values: Floats) -> float:
        """The weighted mean of one number for each coded case (Hájek 1971: the weights' own sum is the denominator)."""
        return float(self.weight @ values) / self.total

    def covariance(self, first: Floats, second: Floats) -> float:
        """The covariance, over all samples that might have been drawn, of the weighted means of two numbers of the coded cases.

        Without replacement and with a fixed size in each stratum: sum over strata of n / (n - 1) * sum of (1 - pi) (z - Z) (y - Y), z and y
        being weighted values and Z and Y their means weighted by 1 - pi (Hájek 1964, Annals of Mathematical Statistics 35; Deville 1999,
        Survey Methodology 25). For equal probabilities it is the textbook formula of stratified sampling, finite population included.
        """
        left, right = first - self.mean(first), second - self.mean(second)
        return sum(_draw_covariance(draw, left, right) for draw in self.draws) / self.total**2

    @cached_property
    def unstratified(self) -> Design:
        """The same cases and weights as if they had been drawn without strata."""
        plain = (Draw(draw.rows, draw.probability, draw.coefficient, np.zeros_like(draw.stratum)) for draw in self.draws)
        return Design(self.size, self.weight, tuple(plain))

    def variance(self, values: Floats) -> float:
        """The variance of the weighted mean of one number for each coded case."""
        return self.covariance(values, values)

    @cached_property
    def unseen(self) -> float:
        """The variance that one coded case in disagreement would give: the yardstick where none happens to disagree."""
        squares = sum(float(((1 - draw.probability) * draw.coefficient**2).sum()) for draw in self.draws)
        return squares / self.coded / self.total**2


def _draw_covariance(draw: Draw, left: Floats, right: Floats) -> float:
    open_to_chance = 1 - draw.probability
    first, second = draw.coefficient * left[draw.rows], draw.coefficient * right[draw.rows]
    groups = int(draw.stratum.max(initial=0)) + 1
    tally = [np.bincount(draw.stratum, part, groups) for part in (open_to_chance, open_to_chance * first, open_to_chance * second)]
    share = np.divide(1.0, tally[0], out=np.zeros(groups), where=tally[0] > 0)
    crossed = np.bincount(draw.stratum, open_to_chance * first * second, groups) - tally[1] * tally[2] * share
    coded = np.bincount(draw.stratum, minlength=groups)
    return float((crossed * coded / np.maximum(coded - 1, 1)).sum())


def variance_strata(stratum: Integers, expected: Floats) -> Integers:
    """The strata to compute the variance in, numbered from 0: `stratum` of each coded case, `expected` draws by stratum.

    Strata of which a broken number of draws was to be expected were only an order for a systematic draw: there is one stratum then. Those
    with a single coded case tell no variance: they are put together, a lone one with the largest (collapsed strata, Cochran 1977, 5A.12).
    """
    if not len(stratum) or np.abs(expected - np.round(expected)).max() > 1e-6:
        return np.zeros(len(stratum), dtype=np.int64)
    coded = np.bincount(stratum)
    single = np.flatnonzero(coded == 1)
    renamed = np.arange(len(coded))
    if len(single):
        renamed[single] = single[0] if len(single) > 1 else int(np.argmax(coded))
    return np.unique(renamed[stratum], return_inverse=True)[1].astype(np.int64)
