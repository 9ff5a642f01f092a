"""Is a value more frequent in one group than in another: the test chosen by expected counts, with effect sizes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.analyse.statistics import phrases
from pipeline.analyse.statistics.exact import fisher
from pipeline.analyse.statistics.intervals import LEVEL
from pipeline.codebook import Term


@dataclass(frozen=True, slots=True)
class OddsRatio:
    """The odds ratio of a table of two by two; `low` and `high` may be 0 and infinite.

    `kind`: "conditional" (maximum likelihood given the margins, exact interval: as R's fisher.test), "sample" (cross-product, Woolf's
    interval), "haldane_anscombe" (the same after 0.5 was added to every cell, because one is 0).
    `between`: what is compared, where the table has other groups beside; None where it has these two.
    """

    estimate: float
    low: float
    high: float
    kind: str
    level: float = LEVEL
    between: Term | None = None

    def text(self, language: str = "en") -> str:
        """As "OR 3.2 [1.1, 9.4]", or "OR (hatred : reactive) 3.2 [1.1, 9.4]"."""
        named = f"OR ({self.between.label(language)})" if self.between else "OR"
        return f"{named} {phrases.ratio(self.estimate)} [{phrases.ratio(self.low)}, {phrases.ratio(self.high)}]"


@dataclass(frozen=True, slots=True)
class Association:
    """A test of association, or the `reason` why there is none (then `method` is "none" and every figure None).

    `method`: "fisher", "fisher_monte_carlo", "chi_square", "permutation". `n` cases were tested, `left_out` not, because nothing is
    recorded for them. `v` is Cramér's V corrected for bias, `phi` signed (two by two only), `simulated` the tables or permutations drawn.
    """

    method: str
    n: int
    statistic: float | None = None
    df: int | None = None
    p: float | None = None
    holm: float | None = None
    v: float | None = None
    phi: float | None = None
    odds: OddsRatio | None = None
    simulated: int = 0
    left_out: int = 0
    reason: Term | None = None

    def text(self, language: str = "en", sizes: bool = True) -> str:
        """In words: "Fisher's exact test, p = .003 (Holm .041), V = .31", or without effect sizes; for no test, why."""
        if self.p is None:
            return phrases.no_test(language, self.reason or phrases.NO_CASES, self.left_out)
        figures = {"df": str(self.df), "statistic": f"{self.statistic or 0:.2f}", "n": f"{self.simulated:,}"}
        name = phrases.method_name(self.method, language, **figures)
        return phrases.sentence(language, name, self.p, self.holm, self._sizes(language) if sizes else [], self.left_out)

    def _sizes(self, language: str) -> list[str]:
        """Phi where there is one, else Cramér's V; and the odds ratio."""
        named = ("V", self.v) if self.phi is None else ("φ", self.phi)
        sizes = [] if named[1] is None else [f"{named[0]} = {phrases.bounded(named[1])}"]
        return [*sizes, self.odds.text(language)] if self.odds else sizes


def untested(reason: Term, n: int = 0, left_out: int = 0) -> Association:
    """No test, and why."""
    return Association("none", n, left_out=left_out, reason=reason)


def association(table: Sequence[Sequence[int]], left_out: int = 0) -> Association:
    """Test whether rows and columns of a table of counts go together. Rows and columns without any case are passed over.

    Fisher's exact test where more than a fifth of the expected counts are under 5 or one is under 1 (Cochran, Biometrics 1954; 10:
    417-451), in a table of two by two therefore where any is under 5; else Pearson's chi-square without continuity correction.
    `left_out` is carried to the result: cases for which nothing is recorded. ValueError for negative counts or ragged rows.
    """
    import numpy as np

    counts = np.asarray(table, dtype=np.int64)
    if not counts.size:
        return untested(phrases.NO_CASES, 0, left_out)
    if counts.ndim != 2 or (counts < 0).any():
        raise ValueError("a table of counts has rows of one length and no negative count")
    counts = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    n = int(counts.sum())
    if why := _untestable(counts):
        return untested(why, n, left_out)
    statistic, df, expected = _chi_square(counts)
    small = bool((expected < 1).any() or (expected < 5).mean() > 0.2)
    v, phi, odds = cramers_v(statistic, n, counts.shape), _phi(counts), odds_ratio(counts, exact=small)
    if small:
        p, simulated = fisher(counts)
        return Association("fisher_monte_carlo" if simulated else "fisher", n, None, None, p, None, v, phi, odds, simulated, left_out)
    from scipy.stats import chi2

    return Association("chi_square", n, statistic, df, float(chi2.sf(statistic, df)), None, v, phi, odds, 0, left_out)


def _untestable(counts: Any) -> Term | None:
    """Why a table without empty rows and columns cannot be tested; a group is a column, an answer a row."""
    if not counts.size:
        return phrases.NO_CASES
    if counts.shape[1] < 2:
        return phrases.ONE_GROUP
    return phrases.ONE_ANSWER if counts.shape[0] < 2 else None


def _chi_square(counts: Any) -> tuple[float, int, Any]:
    """Pearson's statistic without continuity correction, its degrees of freedom and the expected counts."""
    from scipy.stats import chi2_contingency

    found = chi2_contingency(counts, correction=False)
    return float(found.statistic), int(found.dof), found.expected_freq


def cramers_v(statistic: float, n: int, shape: tuple[int, ...]) -> float | None:
    """Cramér's V corrected for bias (Bergsma, Journal of the Korean Statistical Society 2013; 42: 323-328); None where n is too small.

    No library of ours has it: phi² = max(0, χ²/n - (r-1)(c-1)/(n-1)), divided by the smaller of r - (r-1)²/(n-1) and c - (c-1)²/(n-1),
    less 1.
    """
    if n < 2:
        return None
    squared = max(0.0, statistic / n - (shape[0] - 1) * (shape[1] - 1) / (n - 1))
    least = min(side - (side - 1) ** 2 / (n - 1) for side in shape) - 1
    return min(1.0, float((squared / least) ** 0.5)) if least > 0 else None


def _phi(counts: Any) -> float | None:
    """The signed phi coefficient of two by two; its size is scipy's uncorrected Cramér's V."""
    if counts.shape != (2, 2):
        return None
    from scipy.stats.contingency import association as strength

    (a, b), (c, d) = counts.tolist()
    size = float(strength(counts, method="cramer"))
    return size if a * d >= b * c else -size


def odds_ratio(counts: Any, exact: bool) -> OddsRatio | None:
    """The odds ratio of two by two (a numpy array): conditional beside an `exact` test, else sample, Haldane-Anscombe where a cell is 0.

    None for any other shape.
    """
    if counts.shape != (2, 2):
        return None
    if exact and (counts > 0).all():
        from scipy.stats.contingency import odds_ratio as conditional

        found = conditional(counts)
        limits = found.confidence_interval(LEVEL)
        return OddsRatio(float(found.statistic), float(limits.low), float(limits.high), "conditional")
    from statsmodels.stats.contingency_tables import Table2x2

    whole = bool((counts > 0).all())
    # Not by shift_zeros, which (statsmodels 0.15) raises the empty cells only.
    crossed = Table2x2(counts + (0.0 if whole else 0.5), shift_zeros=False)
    low, high = crossed.oddsratio_confint(1 - LEVEL)
    return OddsRatio(float(crossed.oddsratio), float(low), float(high), "sample" if whole else "haldane_anscombe")
