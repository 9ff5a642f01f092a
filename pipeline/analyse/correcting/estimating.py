"""Three estimates of a share or a difference of shares: the machine's, the hand-coded sample's, and the corrected one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import sqrt

import numpy as np

from pipeline.analyse.correcting.design import Design, Floats
from pipeline.analyse.statistics.intervals import LEVEL
from pipeline.analyse.statistics.intervals import difference as newcombe
from pipeline.analyse.statistics.intervals import interval as wilson

RULE_OF_THREE = 3.0  # no error among n: at most 3 / n are wrong, at 95 % (Hanley and Lippman-Hand 1983, JAMA 249)
_TINY = 1e-9


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share (0 to 1) or a difference (-1 to 1) with its 95 % interval; None where it cannot be told."""

    value: float | None = None
    low: float | None = None
    high: float | None = None


NONE = Estimate()


@dataclass(frozen=True, slots=True)
class Indicator:
    """Whether cases have a property: the machine's count in the whole frame, and what machine and people say of each coded case (0 to 1)."""

    count: int
    machine: Floats
    people: Floats


@dataclass(frozen=True, slots=True)
class Share:
    """Cases with a property among those of a domain: two indicators, the first of which implies the second."""

    top: Indicator
    bottom: Indicator


@dataclass(frozen=True, slots=True)
class Fit:
    """A share and its residual for each coded case: the design's variance of the residual's mean is that of the share.

    `tuning` is lambda; `cases` counts the coded cases that tell of the domain; `scale` is one disagreement as a residual.
    """

    value: float
    residual: Floats
    tuning: float
    cases: int
    scale: float


def fit(design: Design, share: Share, tuning: float) -> Fit | None:
    """The share with the machine's part weighted by `tuning`; None where no case of the domain is to be expected.

    The total of a label Y with the machine's answer A is the sum of the pseudo-outcomes  t A + (R / pi) (Y - t A), R being 1 for coded
    cases (Egami et al. 2023, equation 3; t = lambda of PPI++, Angelopoulos, Duchi and Zrnic 2023, arXiv:2311.01453). It is unbiased
    whatever the machine does, because pi is known. t = 0 leaves the hand-coded cases alone. A share is a ratio of two such totals; its
    residual is the linearised (Y - share Z) - t (A - share B), over the domain's size (Woodruff 1971, JASA 66).
    """
    top, bottom = (tuning * one.count / design.size + design.mean(one.people - tuning * one.machine) for one in (share.top, share.bottom))
    if bottom * design.size < 0.5:  # not even half a case
        return None
    value = top / bottom
    residual = (_linear(share, value, "people") - tuning * _linear(share, value, "machine")) / bottom
    told = share.bottom.people > 0 if tuning == 0 else (share.bottom.people > 0) | (share.bottom.machine > 0)
    return Fit(value, residual, tuning, int(np.count_nonzero(told)), 1 / bottom)


def tuned(design: Design, share: Share) -> Fit | None:
    """The share with the tuning that makes its variance least, between 0 (ignore the machine) and 1 (PPI++, section 6).

    Lambda is the regression of what people say on what the machine says, by the covariances of the design.
    """
    found = fit(design, share, 1.0) or fit(design, share, 0.0)
    for _ in range(2):  # the residuals hang on the share, which hangs on lambda
        if found is None:
            return None
        people, machine = _linear(share, found.value, "people"), _linear(share, found.value, "machine")
        spread = design.variance(machine)
        tuning = design.covariance(people, machine) / spread if spread > 0 else float(np.array_equal(people, machine))
        found = fit(design, share, min(1.0, max(0.0, tuning)))
    return found


def _linear(share: Share, value: float, who: str) -> Floats:
    top, bottom = getattr(share.top, who), getattr(share.bottom, who)
    linear: Floats = top - value * bottom
    return linear


def machine_share(share: Share) -> Estimate:
    """The machine's labels taken for the truth, with Wilson's interval."""
    found = wilson(share.top.count, share.bottom.count)
    return Estimate(found.share, found.low, found.high)


def machine_difference(one: Share, other: Share) -> Estimate:
    """The machine's labels taken for the truth, with Newcombe's interval."""
    found = newcombe(one.top.count, one.bottom.count, other.top.count, other.bottom.count)
    return Estimate(found.value, found.low, found.high)


def coded_share(design: Design, found: Fit | None, share: Share) -> Estimate:
    """The hand-coded cases alone: Wilson's interval with the effective number of cases, as the design's variance tells it.

    (Korn and Graubard 1998, Survey Methodology 24; with Wilson's interval: Franco et al. 2019, Journal of Survey Statistics and
    Methodology 7.) Where all or none have the property that number follows from the weights (Kish 1965).
    """
    if found is None or found.cases < 1:
        return NONE
    value, spread = min(1.0, max(0.0, found.value)), variance(design, found)
    if spread <= 0:
        return Estimate(value, value, value)  # the whole frame is coded
    weight = design.weight * share.bottom.people
    by_weights = float(weight.sum() ** 2 / (weight**2).sum())
    effective = value * (1 - value) / spread if _TINY < value < 1 - _TINY else by_weights
    return _wilson(value, effective, _tail(_degrees(design, found)))


def difference(one: Fit | None, other: Fit | None) -> Fit | None:
    """The first share less the second, with the residual of the difference."""
    if one is None or other is None:
        return None
    cases = min(one.cases, other.cases)
    return Fit(one.value - other.value, one.residual - other.residual, 1.0, cases, max(one.scale, other.scale))


def interval(design: Design, found: Fit | None, low: float = 0.0, high: float = 1.0) -> Estimate:
    """Student's interval by the design's variance, kept between `low` and `high`; None with fewer than two coded cases of the domain."""
    if found is None or found.cases < 2:
        return NONE
    half = margin(design, found)
    return Estimate(*(min(high, max(low, value)) for value in (found.value, found.value - half, found.value + half)))


def margin(design: Design, found: Fit) -> float:
    """Half the width of the 95 % interval."""
    return student(_degrees(design, found)) * sqrt(variance(design, found))


def variance(design: Design, found: Fit) -> float:
    """The design's variance of a share, never below what the rule of three allows: few disagreements among n do not show that there are none."""
    least = (RULE_OF_THREE / student(_degrees(design, found)) * found.scale) ** 2 * design.unseen
    return max(design.variance(found.residual), least)


def _degrees(design: Design, found: Fit) -> int:
    """Few cases of the domain tell little of its variance, however many are coded outside it."""
    return max(1, min(design.degrees, found.cases - 1))


@cache
def student(degrees: int) -> float:
    """Student's quantile for an interval of 95 %."""
    from scipy.stats import t

    return float(t.ppf((1 + LEVEL) / 2, degrees))


@cache
def _tail(degrees: int) -> float:
    """The error level at which the normal quantile is Student's."""
    from scipy.stats import norm

    return float(2 * norm.sf(student(degrees)))


def _wilson(value: float, cases: float, level: float) -> Estimate:
    from statsmodels.stats.proportion import proportion_confint

    low, high = proportion_confint(value * cases, cases, alpha=level, method="wilson")
    return Estimate(value, min(value, float(low)), max(value, float(high)))
