"""Fisher's exact test for tables of any shape: every table counted where there are few enough, else seeded simulation."""

from __future__ import annotations

from typing import Any

SIMULATED = 99_999  # tables: the standard error of p = .05 is .0007
SEED = 20_100_817
MOST_COUNTED = 200_000  # tables with the same margins that are counted one by one
_BATCH = 10_000
_TIES = 1 + 1e-7  # R's fisher.test counts tables as no likelier within this relative error


def fisher(table: Any) -> tuple[float, int]:
    """The two-sided p value, and how many tables were simulated (0: it is exact). `table`: a numpy array of counts without empty margins.

    Two by two: scipy's hypergeometric. Two by k: the sum over all tables with the same margins that are no likelier (Freeman & Halton,
    Biometrika 1951; 38: 141-149), probabilities by scipy's multivariate hypergeometric. Larger ones are simulated.
    """
    if table.shape == (2, 2):
        from scipy.stats import fisher_exact

        return float(fisher_exact(table).pvalue), 0
    wide = table if table.shape[0] == 2 else table.T
    exact = _two_by_many(wide) if wide.shape[0] == 2 else None
    return (_simulated(table), SIMULATED) if exact is None else (exact, 0)


def _simulated(table: Any) -> float:
    """The share of scipy's random tables with the same margins that are no likelier, the observed one among them.

    Drawn here and not by `fisher_exact`: its Monte Carlo method (scipy 1.17) fails where cells times tables are fewer than cases, and
    compares probabilities that vanish in large tables. Given the margins, the logarithm of a table's probability is a constant less the
    sum of the logarithms of its counts' factorials; these are looked up, for `random_table.logpmf` takes thrice as long as the drawing.
    """
    import numpy as np
    from scipy.special import gammaln
    from scipy.stats import random_table

    factorials = gammaln(np.arange(1.0, table.sum() + 2))
    margins, rng = random_table(table.sum(axis=1), table.sum(axis=0)), np.random.default_rng(SEED)
    observed = factorials[table].sum() - np.log(_TIES)
    batches = [min(_BATCH, SIMULATED - start) for start in range(0, SIMULATED, _BATCH)]
    draws = (margins.rvs(size=size, random_state=rng) for size in batches)
    rarer = sum(int((factorials[drawn].sum(axis=(1, 2)) >= observed).sum()) for drawn in draws)
    return (rarer + 1) / (SIMULATED + 1)


def _two_by_many(table: Any) -> float | None:
    """The exact p value of a table with two rows; None where too many tables have its margins."""
    import numpy as np
    from scipy.stats import multivariate_hypergeom

    row = table[int(table[1].sum() < table[0].sum())]  # the smaller row: fewer tables
    columns, n = table.sum(axis=0), int(row.sum())
    most = np.minimum(columns, n)
    free = [i for i in range(len(most)) if i != int(most.argmax())]  # the largest column follows from the others
    if np.prod([float(most[i]) + 1 for i in free]) > MOST_COUNTED:
        return None
    grid = np.indices([int(most[i]) + 1 for i in free]).reshape(len(free), -1).T
    rest = n - grid.sum(axis=1)
    possible = (rest >= 0) & (rest <= most.max())
    rows = np.empty((int(possible.sum()), len(most)), dtype=np.int64)
    rows[:, free], rows[:, int(most.argmax())] = grid[possible], rest[possible]
    likelihoods = np.exp(multivariate_hypergeom.logpmf(rows, m=columns, n=n))
    observed = float(np.exp(multivariate_hypergeom.logpmf(row, m=columns, n=n)))
    return min(1.0, float(likelihoods[likelihoods <= observed * _TIES].sum()))
