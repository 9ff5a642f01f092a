"""Statistics over counts and months, each by a library: intervals, tests of association with effect sizes, medians, Holm's correction.

Nothing here is ever NaN: what cannot be computed is None, with the reason in words. scipy and statsmodels are loaded by the first call.
"""

from pipeline.analyse.statistics.association import Association, OddsRatio, association
from pipeline.analyse.statistics.clusters import clustered_association, clustered_associations
from pipeline.analyse.statistics.correction import corrected, holm
from pipeline.analyse.statistics.intervals import Difference, Interval, difference, interval
from pipeline.analyse.statistics.medians import RankTest, Summary, medians, rank_test
from pipeline.analyse.statistics.rows import tests_of

__all__ = [
    "Association",
    "Difference",
    "Interval",
    "OddsRatio",
    "RankTest",
    "Summary",
    "association",
    "clustered_association",
    "clustered_associations",
    "corrected",
    "difference",
    "holm",
    "interval",
    "medians",
    "rank_test",
    "tests_of",
]
