"""Cohen's kappa and Krippendorff's alpha, each by its library, with bootstrap intervals over judgments."""

from __future__ import annotations

from typing import Any, cast

import numpy as np

from pipeline.annotate.agreement import distances
from pipeline.annotate.agreement.bootstrap import Draws, data, resampled
from pipeline.annotate.agreement.distances import Numbers
from pipeline.annotate.agreement.nouns import Measure
from pipeline.annotate.agreement.ratings import Ratings

_MOST_CELLS = 2_000_000  # krippendorff.alpha makes several arrays of (units, values, values)


def percent(ratings: Ratings, draws: Draws | None) -> Measure:
    """Share of pairs of answers to one unit that are the same."""
    if not ratings.codes:
        return Measure(why="nothing")
    return _measured(float(data(ratings).percent()[0]), draws.percent() if draws else None)


def kappa(ratings: Ratings, draws: Draws | None) -> Measure:
    """Cohen's kappa for two coders (Cohen 1960), by scikit-learn."""
    if why := undefined(ratings):
        return Measure(why=why)
    from sklearn.metrics import cohen_kappa_score

    one, other = zip(*ratings.codes, strict=True)
    return _measured(float(cohen_kappa_score(one, other)), draws.kappa() if draws else None)


def alpha(ratings: Ratings, draws: Draws | None, metric: str) -> Measure:
    """Krippendorff's alpha with the distance "nominal", "masi" or "ordinal" (the order of the domain), by the package krippendorff."""
    if why := undefined(ratings):
        return Measure(why=why)
    table = None if metric == "ordinal" else distances.table(ratings.domain, metric)
    return _measured(point_alpha(ratings, table), draws.alpha(table) if draws else None)


def point_alpha(ratings: Ratings, table: Numbers | None) -> float:
    """Krippendorff's alpha of the data; `table` holds the distances of the answers, None takes them by rank."""
    if len(ratings.codes) * len(ratings.domain) ** 2 > _MOST_CELLS:
        return float(data(ratings).alpha(table)[0])
    import krippendorff

    def distance(v1: Any, v2: Any, i1: Any, i2: Any, n_v: Any, dtype: Any) -> Any:
        return cast(Numbers, table)[i1, i2]

    metric: Any = "ordinal" if table is None else distance
    return float(krippendorff.alpha(value_counts=ratings.value_counts, level_of_measurement=metric))


def undefined(ratings: Ratings) -> str:
    """Why chance-corrected agreement says nothing of these ratings; "" when it does."""
    if not ratings.codes:
        return "nothing"
    return "one_value" if ratings.occurring < 2 else ""


def drawn(ratings: Ratings, draws: int, seed: int) -> Draws | None:
    """Bootstrap draws over judgments; None where there are not two judgments to draw from."""
    return resampled(ratings, draws, seed) if draws and len(set(ratings.judgments)) > 1 else None


def _measured(value: float, found: Numbers | None) -> Measure:
    """A coefficient with the middle 95 % of its draws; draws in which it is undefined are left out."""
    defined = found[~np.isnan(found)] if found is not None else ()
    if not len(defined):
        return Measure(value)
    low, high = np.percentile(defined, [2.5, 97.5])
    return Measure(value, float(low), float(high))
