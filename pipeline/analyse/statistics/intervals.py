"""Intervals for a share and for the difference of two shares."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

LEVEL = 0.95
METHODS = {"wilson": "wilson", "exact": "beta"}  # ours: statsmodels'


@dataclass(frozen=True, slots=True)
class Interval:
    """A share n / d with its limits, all between 0 and 1; all three None where d is 0."""

    share: float | None
    low: float | None
    high: float | None
    level: float = LEVEL
    method: str = "wilson"


@dataclass(frozen=True, slots=True)
class Difference:
    """First share minus second with the limits of Newcombe's hybrid score interval; all None where a denominator is 0."""

    value: float | None
    low: float | None
    high: float | None
    level: float = LEVEL


@lru_cache(maxsize=10_000)  # a report asks a thousand times, half of them again
def interval(n: int, d: int, method: str = "wilson", level: float = LEVEL, effective: float | None = None) -> Interval:
    """The interval of the share n / d.

    "wilson": the score interval, as recommended by Brown, Cai & DasGupta (Statistical Science 2001); "exact": Clopper & Pearson (1934),
    whose coverage is never below the level. `effective`: how many independent units the share is worth (`clustering.Clusters`), as
    where several persons belong to one case (Franco, Little, Louis & Slud, Journal of Survey Statistics and Methodology 2019; 7: 334-364).
    ValueError unless 0 <= n <= d and the method is known.
    """
    if not 0 <= n <= d or method not in METHODS:
        raise ValueError(f"no interval of {n} in {d} by {method!r}; methods: {', '.join(METHODS)}")
    if not d:
        return Interval(None, None, None, level, method)
    from statsmodels.stats.proportion import proportion_confint

    size = d if effective is None else effective
    low, high = proportion_confint(n / d * size, size, alpha=1 - level, method=METHODS[method])
    return Interval(n / d, float(low) if n else 0.0, float(high) if n < d else 1.0, level, method)  # not 1e-17 and 1 - 1e-16


def difference(n1: int, d1: int, n2: int, d2: int, level: float = LEVEL) -> Difference:
    """n1 / d1 - n2 / d2 with the interval of Newcombe (Statistics in Medicine 1998; 17: 873-890, method 10)."""
    for n, d in ((n1, d1), (n2, d2)):
        if not 0 <= n <= d:
            raise ValueError(f"no share of {n} in {d}")
    if not d1 or not d2:
        return Difference(None, None, None, level)
    from statsmodels.stats.proportion import confint_proportions_2indep

    low, high = confint_proportions_2indep(n1, d1, n2, d2, method="newcomb", compare="diff", alpha=1 - level)
    return Difference(n1 / d1 - n2 / d2, float(low), float(high), level)
