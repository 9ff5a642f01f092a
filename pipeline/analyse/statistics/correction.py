"""Holm's correction for many tests (Scandinavian Journal of Statistics 1979; 6: 65-70)."""

from __future__ import annotations

import gc
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from pipeline.analyse.statistics.association import Association
from pipeline.analyse.statistics.medians import RankTest

Key = TypeVar("Key", bound=Hashable)
Test = TypeVar("Test", Association, RankTest)


def holm(p_values: Sequence[float | None]) -> list[float | None]:
    """Corrected p values in the given order; None (no test) stays None and does not count as a test."""
    tested = [p for p in p_values if p is not None]
    if not tested:
        return list(p_values)
    from statsmodels.stats.multitest import multipletests

    frozen = gc.get_freeze_count()  # what the caller has frozen stays so
    gc.freeze()  # multipletests() collects garbage at every call: a tenth of a second where much is in memory
    try:
        adjusted = iter(multipletests(tested, method="holm")[1])
    finally:
        if not frozen:
            gc.unfreeze()
    return [None if p is None else float(next(adjusted)) for p in p_values]


def corrected(tests: Mapping[Key, Test]) -> dict[Key, Test]:
    """The tests of one family, each with its p value corrected for all of them."""
    adjusted = holm([test.p for test in tests.values()])
    return {key: replace(test, holm=p) for (key, test), p in zip(tests.items(), adjusted, strict=True)}
