"""Medians of months, fines and days, and whether they differ between groups."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.analyse.statistics import phrases
from pipeline.analyse.statistics.intervals import LEVEL
from pipeline.codebook import Term

PERMUTED = 9_999
_LEAST_PERMUTED = 499
_WORK = 10_000_000  # values times permutations; many values are permuted less often
SEED = 20_100_817
_SMALL_GROUP = 5


@dataclass(frozen=True, slots=True)
class Summary:
    """Median and quartiles of n values; `missing` were not recorded. All None where n is 0.

    `low` and `high` are the limits of the median's interval, observed values themselves; None where n is too small for the level
    (under 6 at 95 %).
    """

    n: int
    median: float | None
    q1: float | None
    q3: float | None
    low: float | None
    high: float | None
    missing: int
    level: float = LEVEL


@dataclass(frozen=True, slots=True)
class RankTest:
    """Kruskal and Wallis's test, or the `reason` why there is none. `epsilon2` is the effect size epsilon squared, from 0 to 1.

    `method`: "kruskal_wallis" (chi-square approximation), or "kruskal_wallis_permutation" where a group has under five values.
    """

    method: str
    n: int
    statistic: float | None = None
    df: int | None = None
    p: float | None = None
    holm: float | None = None
    epsilon2: float | None = None
    simulated: int = 0
    left_out: int = 0
    reason: Term | None = None

    def text(self, language: str = "en") -> str:
        """In words: "Kruskal–Wallis H(2) = 9.21, p = .010 (Holm .020), ε² = .11"; for no test, why."""
        if self.p is None:
            return phrases.no_test(language, self.reason or phrases.NO_CASES, self.left_out)
        figures = {"df": str(self.df), "statistic": f"{self.statistic:.2f}", "n": f"{self.simulated:,}"}
        sizes = [] if self.epsilon2 is None else [f"ε² = {phrases.bounded(self.epsilon2)}"]
        return phrases.sentence(language, phrases.method_name(self.method, language, **figures), self.p, self.holm, sizes, self.left_out)


def medians(values: Sequence[float | None], level: float = LEVEL) -> Summary:
    """Summarise values; None and NaN are missing.

    Quartiles as R's default (type 7: Hyndman & Fan, The American Statistician 1996; 50: 361-365). The interval is by order statistics
    (Conover, Practical Nonparametric Statistics, section 3.2), by scipy's quantile_test: its coverage is never below the level.
    """
    known = _known(values)
    missing = len(values) - len(known)
    if not known:
        return Summary(0, None, None, None, None, None, missing, level)
    import numpy as np
    from scipy.stats import quantile_test

    q1, median, q3 = (float(value) for value in np.quantile(known, (0.25, 0.5, 0.75)))
    limits = quantile_test(known, q=median, p=0.5).confidence_interval(level)
    low, high = float(limits.low), float(limits.high)
    attained = not (math.isnan(low) or math.isnan(high))
    return Summary(len(known), median, q1, q3, low if attained else None, high if attained else None, missing, level)


def rank_test(groups: Mapping[str, Sequence[float | None]]) -> RankTest:
    """Test whether values tend to be higher in one group than in another. Groups without values are passed over, missing ones counted.

    Where a group has under five values the chi-square approximation is poor (Kruskal & Wallis, JASA 1952; 47: 583-621): p is then from
    a seeded permutation test. Effect size: epsilon squared = H / (n - 1) (Tomczak & Tomczak, Trends in Sport Sciences 2014; 21: 19-25).
    """
    samples = [known for values in groups.values() if (known := _known(values))]
    n = sum(map(len, samples))
    missing = sum(map(len, groups.values())) - n
    if why := _untestable(samples):
        return RankTest("none", n, left_out=missing, reason=why)
    from scipy.stats import kruskal

    found = kruskal(*samples)
    statistic, p, simulated = float(found.statistic), float(found.pvalue), 0
    if min(map(len, samples)) < _SMALL_GROUP:
        p, simulated = _permuted(samples)
    method = "kruskal_wallis_permutation" if simulated else "kruskal_wallis"
    return RankTest(method, n, statistic, len(samples) - 1, p, None, min(1.0, statistic / (n - 1)), simulated, missing)


def _known(values: Sequence[float | None]) -> list[float]:
    return [float(value) for value in values if value is not None and not math.isnan(value)]


def _untestable(samples: Sequence[Sequence[float]]) -> Term | None:
    if not samples:
        return phrases.NO_CASES
    if len(samples) < 2:
        return phrases.ONE_GROUP
    return phrases.EQUAL_VALUES if len({value for sample in samples for value in sample}) < 2 else None


def _permuted(samples: Sequence[Sequence[float]]) -> tuple[float, int]:
    """The p value of H when the ranks are dealt out to the groups anew, and how many times they were; a group may hold one value.

    Given the ranks, H grows with the sum over the groups of (sum of ranks)² / n, which is all that is compared.
    """
    import numpy as np
    from scipy.stats import permutation_test, rankdata

    sizes = np.array([len(sample) for sample in samples])
    starts = np.concatenate([[0], sizes.cumsum()[:-1]])
    dealt = min(PERMUTED, max(_LEAST_PERMUTED, _WORK // int(sizes.sum())))
    found = permutation_test(
        (rankdata(np.concatenate(samples)),), lambda ranks, axis: (np.add.reduceat(ranks, starts, axis) ** 2 / sizes).sum(axis),
        permutation_type="pairings", vectorized=True, alternative="greater", n_resamples=dealt, batch=500,
        rng=np.random.default_rng(SEED),
    )  # fmt: skip
    return float(found.pvalue), len(found.null_distribution)
