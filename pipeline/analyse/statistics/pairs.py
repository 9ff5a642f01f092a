"""Odds ratios of the lines of a table: hatred against reactive, the two types that the study sets against each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain

from pipeline.analyse.clustering import Clusters
from pipeline.analyse.statistics.association import OddsRatio, odds_ratio
from pipeline.analyse.tables import Row
from pipeline.codebook import Term

PAIR = ("hatred", "reactive")
NAMED = Term("pair", "仇恨型:反应型", "hatred : reactive")


def pair_odds(row: Row, known: Sequence[int], effective: Sequence[float | None]) -> OddsRatio | None:
    """The odds of the line among `known` units of the first type over those of the second; None where a type or an answer has no unit.

    The interval is Woolf's logit interval, 0.5 added to every cell where one is 0 (Agresti, Biometrics 1999; 55: 597-602). Where a case has
    several units, each type counts as many as it is worth (`effective`): the ratio stays, the interval is that of fewer units.
    """
    import numpy as np

    counts = np.array([(row.cells[name].n, d - row.cells[name].n) for name, d in zip(PAIR, known, strict=True)], dtype=float)
    if not counts.sum(axis=0).all() or not counts.sum(axis=1).all():
        return None
    worth = [d if size is None else size for d, size in zip(known, effective, strict=True)]
    found = odds_ratio(counts * (np.array(worth) / known)[:, None], exact=False)
    return None if found is None else replace(found, between=NAMED)


def effective_sizes(row: Row, finest: Sequence[Row]) -> list[float | None]:
    """What the units with an answer are worth in each type of the pair, by the rows that part them; None where each is a case of its own."""
    sizes = [Counter(chain.from_iterable(each.cells[name].judgments for each in finest)) for name in PAIR]
    return [Clusters(size).effective(Counter(row.cells[name].judgments)) for name, size in zip(PAIR, sizes, strict=True)]
