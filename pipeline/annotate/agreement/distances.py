"""How far two answers lie apart, for Krippendorff's alpha: 0 for the same, 1 for answers that have nothing in common."""

from __future__ import annotations

from collections.abc import Sequence, Set

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


def masi(one: Set[str], other: Set[str]) -> float:
    """Distance of two sets: 1 - Jaccard x monotonicity (Passonneau 2006, Measuring Agreement on Set-valued Items, LREC).

    Monotonicity is 1 for equal sets, 2/3 where one holds the other, 1/3 where they overlap, 0 where they share nothing.
    """
    if one == other:
        return 0.0
    shared, all_of_them = len(one & other), len(one | other)
    monotonicity = 2 / 3 if one <= other or other <= one else 1 / 3
    return 1 - shared / all_of_them * monotonicity


def table(answers: Sequence[tuple[str, ...]], metric: str) -> Numbers:
    """Distances between all answers, shape (answers, answers); `metric` is "nominal" or "masi"."""
    if metric == "nominal":
        return 1.0 - np.eye(len(answers))
    sets = [frozenset(each) for each in answers]
    return np.array([[masi(one, other) for other in sets] for one in sets]).reshape(len(sets), len(sets))
