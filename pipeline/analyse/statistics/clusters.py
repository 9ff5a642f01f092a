"""Tests of association when several units belong to one case: defendants, victims or charges against a type that is the case's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pipeline.analyse.statistics import phrases
from pipeline.analyse.statistics.association import Association, cramers_v, untested

MOST_PERMUTED = 9_999  # the standard error of p = .05 is .002
LEAST_PERMUTED = 499
SEED = 20_100_817
_WORK = 10_000_000  # cases times permutations; many cases are permuted less often
_BATCH = 4_000_000  # numbers held at once
_TIES = 1 - 1e-9


def clustered_association(groups: Sequence[int], counts: Sequence[Sequence[int]], left_out: int = 0) -> Association:
    """Test whether values go with groups, cases being independent and their units not.

    `groups`: the group of each case, counted from 0; `counts`: for each case, how many of its units have each value. The chi-square of
    units by groups is compared with what it is when the groups are dealt out to the cases anew, seeded: exact in level however alike
    the units of one case are; p = (as large + 1) / (permutations + 1) (Phipson & Smyth, SAGMB 2010; 9: 39). The statistic has no
    chi-square distribution here, therefore no df.
    """
    return clustered_associations(groups, counts, left_out=left_out)[0]


def clustered_associations(
    groups: Sequence[int], counts: Sequence[Sequence[int]], values: int | None = None, left_out: int = 0
) -> list[Association]:
    """The test of the first `values` columns of `counts` (default: all), which part the units; then that of each column by itself.

    All of them come from the same permutations, so a block with many rows costs no more than one test.
    """
    import numpy as np

    table = np.asarray(counts, dtype=float)
    if not table.size:
        return [untested(phrases.NO_CASES, 0, left_out)]
    kinds, members = np.unique(np.asarray(groups, dtype=int), return_inverse=True)
    parts = table.shape[1] if values is None else values
    observed = next(_totals(members[None, :], table, len(kinds)))
    tables = _questions(observed, parts)
    larger, dealt = np.zeros(len(tables)), 0
    first = [_chi_squares(each)[0] for each in tables]
    for totals in _permuted(members, table, len(kinds)):
        dealt += len(totals)
        for number, each in enumerate(_questions(totals, parts)):
            larger[number] += (_chi_squares(each) >= first[number] * _TIES).sum()
    found = zip(tables, first, (larger + 1) / (dealt + 1), strict=True)
    return [_result(each[0], float(statistic), float(p), dealt, left_out) for each, statistic, p in found]


def _permuted(members: Any, table: Any, kinds: int) -> Iterator[Any]:
    """The units of each group and value after the groups were dealt out anew, many times, in batches."""
    import numpy as np

    cases = max(1, len(members))
    rng, left = np.random.default_rng(SEED), min(MOST_PERMUTED, max(LEAST_PERMUTED, _WORK // cases))
    while left:
        batch = min(left, max(1, _BATCH // cases))
        yield from _totals(rng.permuted(np.tile(members, (batch, 1)), axis=1), table, kinds)
        left -= batch


def _totals(members: Any, table: Any, kinds: int) -> Iterator[Any]:
    """The sums of `table` over the cases of each group: (permutations, groups, columns)."""
    import numpy as np

    yield np.stack([(members == kind).astype(float) @ table for kind in range(kinds)], axis=1)


def _questions(totals: Any, parts: int) -> list[Any]:
    """The tables to test: all values together, then each column against all other units of its group."""
    import numpy as np

    whole = totals[:, :, :parts]
    units = whole.sum(axis=2)
    return [whole, *(np.stack([totals[:, :, i], units - totals[:, :, i]], axis=2) for i in range(totals.shape[2]))]


def _chi_squares(tables: Any) -> Any:
    """Pearson's statistic of each of many tables (permutations, groups, values); an empty group or value adds nothing."""
    import numpy as np

    rows, columns = tables.sum(axis=2, keepdims=True), tables.sum(axis=1, keepdims=True)
    expected = rows * columns / np.maximum(1, columns.sum(axis=2, keepdims=True))
    return np.divide((tables - expected) ** 2, expected, out=np.zeros_like(tables), where=expected > 0).sum(axis=(1, 2))


def _result(table: Any, statistic: float, p: float, dealt: int, left_out: int) -> Association:
    """The test of one table (groups, values), or why there is none."""
    used = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
    n = int(used.sum())
    if not n:
        return untested(phrases.NO_CASES, 0, left_out)
    if used.shape[0] < 2 or used.shape[1] < 2:
        return untested(phrases.ONE_GROUP if used.shape[0] < 2 else phrases.ONE_ANSWER, n, left_out)
    return Association("permutation", n, statistic, None, p, None, cramers_v(statistic, n, used.shape), None, None, dealt, left_out)
