"""Statistics: against published examples and R's documented outputs, and never NaN."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_database import build

from pipeline.analyse.clustering import Clusters
from pipeline.analyse.lines import Block, Level, Line
from pipeline.analyse.published import Study
from pipeline.analyse.reading import Case, open_readonly
from pipeline.analyse.statistics import (
    association,
    clustered_association,
    difference,
    holm,
    interval,
    medians,
    rank_test,
)
from pipeline.analyse.statistics import tests_of as all_tests
from pipeline.analyse.statistics.association import cramers_v, odds_ratio
from pipeline.analyse.statistics.clusters import clustered_associations
from pipeline.analyse.statistics.exact import SIMULATED, fisher
from pipeline.analyse.statistics.phrases import p_value
from pipeline.analyse.tables import Table, table_one, tabulate
from pipeline.codebook import Term, load

# Newcombe, Statistics in Medicine 1998; 17: 857-872, table I.
SHARES = [
    (81, 263, (0.2553, 0.3662), (0.2527, 0.3676)),
    (15, 148, (0.0624, 0.1605), (0.0578, 0.1617)),
    (0, 20, (0.0000, 0.1611), (0.0000, 0.1684)),
    (1, 29, (0.0061, 0.1718), (0.0009, 0.1776)),
]
# Newcombe, Statistics in Medicine 1998; 17: 873-890, table II, method 10.
DIFFERENCES = [
    (56, 70, 48, 80, 0.0524, 0.3339),
    (9, 10, 3, 10, 0.1705, 0.8090),
    (6, 7, 2, 7, 0.0582, 0.8062),
    (5, 56, 0, 29, -0.0381, 0.1926),
    (0, 10, 0, 20, -0.1611, 0.2775),
    (0, 10, 0, 10, -0.2775, 0.2775),
    (10, 10, 0, 20, 0.6791, 1.0000),
    (10, 10, 0, 10, 0.6075, 1.0000),
]
# The examples of R's fisher.test, and one of matstat.org's R course.
TEA = [[3, 1], [1, 3]]
CONVICTIONS = [[2, 15], [10, 3]]
COURSE = [[2, 10], [20, 13]]
JOBS = [[1, 2, 1, 0], [3, 3, 6, 1], [10, 10, 14, 9], [6, 7, 12, 11]]
MEHTA_AND_PATEL = [[1, 2, 2, 1, 1, 0, 1], [2, 0, 0, 2, 3, 0, 0], [0, 1, 1, 1, 2, 7, 3], [1, 1, 2, 0, 0, 0, 1], [0, 1, 1, 1, 1, 0, 0]]
# The example of R's chisq.test (Agresti 2007, page 39) and of its kruskal.test (Hollander & Wolfe 1973, page 116).
PARTIES = [[762, 327, 468], [484, 239, 477]]
DUST = {"normal": [2.9, 3.0, 2.5, 2.6, 3.2], "obstructed": [3.8, 2.7, 4.0, 2.4], "asbestosis": [2.8, 3.4, 3.7, 2.2, 2.0]}
COUNTS = st.integers(1, 4).flatmap(
    lambda columns: st.lists(st.lists(st.integers(0, 12), min_size=columns, max_size=columns), min_size=1, max_size=4)
)


@pytest.mark.parametrize(("n", "d", "wilson", "exact"), SHARES)
def test_intervals_of_a_share_are_those_that_newcombe_prints(
    n: int, d: int, wilson: tuple[float, float], exact: tuple[float, float]
) -> None:
    for method, limits in (("wilson", wilson), ("exact", exact)):
        found = interval(n, d, method)
        assert (found.low, found.high) == pytest.approx(limits, abs=5e-5)
        assert found.share == n / d


@pytest.mark.parametrize(("n1", "d1", "n2", "d2", "low", "high"), DIFFERENCES)
def test_intervals_of_a_difference_are_those_that_newcombe_prints(n1: int, d1: int, n2: int, d2: int, low: float, high: float) -> None:
    found = difference(n1, d1, n2, d2)
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)
    assert found.value == pytest.approx(n1 / d1 - n2 / d2)


def test_a_share_of_nothing_has_no_interval_and_an_impossible_one_is_refused() -> None:
    assert interval(0, 0).low is interval(0, 0).share is difference(0, 0, 1, 2).value is difference(1, 2, 0, 0).low is None
    for wrong in (lambda: interval(3, 2), lambda: interval(-1, 2), lambda: interval(1, 2, "wald"), lambda: difference(3, 2, 1, 2)):
        with pytest.raises(ValueError, match="no "):
            wrong()


def test_a_level_is_kept() -> None:
    narrow, wide = interval(5, 20, level=0.8), interval(5, 20, level=0.99)
    assert wide.low < narrow.low < 0.25 < narrow.high < wide.high  # type: ignore[operator]
    assert narrow.level == 0.8


@pytest.mark.parametrize(
    ("table", "p", "estimate", "low", "high"),
    [
        (TEA, 0.4857, 6.408309, 0.2117329, 621.9337505),
        (CONVICTIONS, 0.0005367, 0.04693661, 0.003325764, 0.363182271),
        (COURSE, 0.01655, 0.1360765, 0.01256709, 0.78740829),
    ],
)
def test_fishers_test_of_two_by_two_is_that_of_r(table: list[list[int]], p: float, estimate: float, low: float, high: float) -> None:
    odds = odds_ratio(np.asarray(table), exact=True)
    assert fisher(np.asarray(table)) == (pytest.approx(p, rel=4e-4), 0)
    assert odds is not None
    assert odds.kind == "conditional"
    assert (odds.estimate, odds.low, odds.high) == pytest.approx((estimate, low, high), rel=0.01)  # R's root is coarse


def test_the_exact_test_comes_with_the_conditional_odds_ratio() -> None:
    found = association(TEA)
    assert (found.method, found.odds) == ("fisher", odds_ratio(np.asarray(TEA), exact=True))
    assert found.text("en") == "Fisher's exact test, p = .486, φ = .50, OR 6.41 [0.212, 626]"
    assert found.text("zh").startswith("Fisher 精确检验，p = .486")


@pytest.mark.parametrize(("table", "p"), [(JOBS, 0.7827), (MEHTA_AND_PATEL, 0.03929)])
def test_fishers_test_of_larger_tables_is_that_of_r_but_for_simulation(table: list[list[int]], p: float) -> None:
    found = association(table)
    assert (found.method, found.simulated, found.odds) == ("fisher_monte_carlo", SIMULATED, None)
    assert found.p == pytest.approx(p, abs=4 * math.sqrt(p * (1 - p) / SIMULATED))
    assert association(table).p == found.p, "the simulation is seeded"


def test_the_chi_square_test_is_that_of_r() -> None:
    found = association(PARTIES)
    assert (found.method, found.df) == ("chi_square", 2)
    assert found.statistic == pytest.approx(30.07, abs=0.005)
    assert found.p == pytest.approx(2.954e-07, rel=1e-3)


def test_the_test_is_chosen_by_expected_counts() -> None:
    assert association([[10, 10], [10, 10]]).method == "chi_square"
    assert association([[4, 16], [5, 15]]).method == "fisher"  # one expected count is 4.5
    assert association([[20, 20, 20, 20, 4], [20, 20, 20, 20, 5]]).method == "chi_square"  # a fifth exactly
    assert association([[40, 40, 40, 40, 1], [40, 40, 40, 40, 0]]).method.startswith("fisher")  # one is under 1
    assert association([[30, 30, 30, 3], [30, 30, 30, 4]]).method == "fisher"


def brute_force(table: list[list[int]]) -> Fraction:
    """Fisher's p of two by k from the definition, in whole numbers."""
    columns = [a + b for a, b in zip(*table, strict=True)]

    def weight(row: tuple[int, ...]) -> int:
        return math.prod(math.comb(c, x) for c, x in zip(columns, row, strict=True))

    rows = [row for row in product(*(range(c + 1) for c in columns)) if sum(row) == sum(table[0])]
    observed = weight(tuple(table[0]))
    return Fraction(sum(weight(row) for row in rows if weight(row) <= observed), sum(map(weight, rows)))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=3, max_size=4), st.booleans())
def test_fishers_test_of_two_rows_is_exact(columns: list[tuple[int, int]], turned: bool) -> None:
    table = [list(row) for row in zip(*[column for column in columns if sum(column)], strict=True)]
    if len(table) < 2 or len(table[0]) < 3 or not all(map(sum, table)):
        return
    found = association([list(row) for row in zip(*table, strict=True)] if turned else table)
    if found.method == "fisher":
        assert found.p == pytest.approx(float(brute_force(table)), abs=1e-6)
    assert found.simulated == 0


@settings(max_examples=40, deadline=None)
@given(COUNTS)
def test_no_table_gives_nan_in_figures_or_words(table: list[list[int]]) -> None:
    found = association(table)
    for value in (found.p, found.statistic, found.v, found.phi, *((found.odds.estimate, found.odds.low) if found.odds else ())):
        assert value is None or not math.isnan(value)
    assert (found.p is None) == (found.reason is not None)
    for language in ("zh", "en"):
        assert "nan" not in found.text(language).lower()
    assert found.v is None or 0 <= found.v <= 1


@pytest.mark.parametrize(
    ("table", "words", "said"),
    [
        ([], "no case", "没有可检验"),
        ([[]], "no case", "没有可检验"),
        ([[0, 0], [0, 0]], "no case", "没有可检验"),
        ([[3], [4]], "only one group", "只有一组"),
        ([[3, 0], [4, 0]], "only one group", "只有一组"),
        ([[3, 4], [0, 0]], "the same value", "取值相同"),
    ],
)
def test_a_table_that_cannot_be_tested_says_why(table: list[list[int]], words: str, said: str) -> None:
    found = association(table, left_out=7)
    assert found.method == "none"
    assert found.p is None
    assert words in found.text("en")
    assert said in found.text("zh")
    assert found.text("en").endswith("7 left out")


def test_wrong_tables_are_refused() -> None:
    for wrong in ([[1, -1], [2, 3]], [[1, 2], [3]], [1, 2]):
        with pytest.raises(ValueError):  # noqa: PT011
            association(wrong)  # type: ignore[arg-type]


def test_equal_columns_give_no_association() -> None:
    found = association([[20, 20], [20, 20]])
    assert (found.p, found.v, found.phi) == (1, 0, 0)
    assert found.text("en").startswith("χ²(1) = 0.00, p = 1")


def test_effect_sizes() -> None:
    found = association([[30, 10], [10, 30]])
    assert found.phi == pytest.approx(0.5)
    assert found.v == pytest.approx(0.490290, abs=1e-6)  # Bergsma's correction, by hand
    assert association([[10, 30], [30, 10]]).phi == pytest.approx(-0.5)
    assert association([[50, 0], [0, 50]]).v == pytest.approx(1)
    assert cramers_v(1.0, 1, (2, 2)) is None
    assert found.odds is not None
    assert (found.odds.kind, found.odds.estimate) == ("sample", pytest.approx(9))
    assert math.log(found.odds.high) - math.log(9) == pytest.approx(1.959964 * math.sqrt(1 / 30 + 1 / 10 + 1 / 10 + 1 / 30), rel=1e-5)


def test_cramers_v_is_not_biased_where_nothing_is_associated() -> None:
    rng = np.random.default_rng(5)
    tables = rng.multinomial(40, np.full(12, 1 / 12), size=300).reshape(-1, 4, 3)
    from scipy.stats import chi2_contingency
    from scipy.stats.contingency import association as uncorrected

    full = [table for table in tables if (table.sum(axis=0) > 0).all() and (table.sum(axis=1) > 0).all()]
    ours = [cramers_v(chi2_contingency(table, correction=False).statistic, 40, table.shape) or 0.0 for table in full]
    biased = [uncorrected(table, method="cramer") for table in full]
    assert float(np.mean(ours)) < 0.5 * float(np.mean(biased))


def test_an_empty_cell_gets_half_a_case_everywhere() -> None:
    found = association([[0, 1], [4, 74]])
    assert found.odds is not None
    assert found.odds.kind == "haldane_anscombe"
    assert found.odds.estimate == pytest.approx((0.5 * 74.5) / (1.5 * 4.5))
    assert math.isfinite(found.odds.high)


@pytest.mark.parametrize("n", [1_000, 1_000_000])
def test_large_tables_with_rare_values(n: int) -> None:
    """scipy's own Monte Carlo method fails for the larger one."""
    found = association([[n // 4, n // 4, n // 8], [n // 8, n // 8, n // 16], [3, 1, 1], [0, 1, 2]])
    assert found.method == "fisher_monte_carlo"
    assert found.p == pytest.approx(0.565, abs=0.02)


def test_holms_correction_is_that_of_r() -> None:
    assert holm([0.01, 0.02, 0.03, 0.04, 0.05]) == pytest.approx([0.05, 0.08, 0.09, 0.09, 0.09])
    assert holm([0.04, None, 0.01]) == [pytest.approx(0.04), None, pytest.approx(0.02)]
    assert holm([]) == []
    assert holm([None]) == [None]
    assert holm([0.9, 0.8]) == [1, 1]


def test_quartiles_and_the_interval_of_a_median() -> None:
    found = medians([*range(1, 11), None, math.nan])
    assert (found.n, found.missing) == (10, 2)
    assert (found.q1, found.median, found.q3) == (3.25, 5.5, 7.75)  # R: quantile(1:10)
    assert (found.low, found.high) == (2, 9)  # second and ninth of ten: coverage 97.9 %
    assert (medians([1, 2, 3, 4, 5]).low, medians([1, 2, 3, 4, 5, 6]).low) == (None, 1)
    assert medians([7]) == medians([7.0])
    assert (medians([7]).median, medians([7]).high) == (7, None)
    empty = medians([None])
    assert (empty.n, empty.median, empty.missing) == (0, None, 1)


def test_kruskal_and_walliss_test_is_that_of_r() -> None:
    found = rank_test({**DUST, "nobody": []})
    assert found.statistic == pytest.approx(0.77143, abs=1e-5)
    assert found.df == 2
    assert found.method == "kruskal_wallis_permutation", "one group has four values"
    assert found.p == pytest.approx(0.710, abs=0.02)
    assert found.epsilon2 == pytest.approx(0.77143 / 13, abs=1e-5)
    six = {name: [*values, 3.1, 2.15][:6] for name, values in DUST.items()}
    from scipy.stats import kruskal

    assert rank_test(six).p == pytest.approx(kruskal(*six.values()).pvalue)
    assert rank_test(six).text("en").startswith("Kruskal–Wallis H(2) = ")


def test_ranks_that_cannot_be_tested_say_why() -> None:
    assert "no case" in rank_test({}).text("en")
    assert "only one group" in rank_test({"a": [1, 2, None], "b": [None]}).text("en")
    assert rank_test({"a": [1, 2, None], "b": [None]}).left_out == 2
    assert "all values are equal" in rank_test({"a": [3, 3], "b": [3]}).text("en")
    assert "所有数值相同" in rank_test({"a": [3, 3], "b": [3]}).text("zh")


def test_a_group_with_a_single_value_is_tested() -> None:
    found = rank_test({"a": [9], "b": [1, 2, 3, 4, 5]})
    assert (found.n, found.df, found.simulated) == (6, 1, math.factorial(6))
    assert found.p == pytest.approx(1 / 3), "of six places of the single value the first and the last are as extreme"
    assert rank_test({"a": [1], "b": [2]}).p == 1


def test_a_permutation_test_of_ranks_agrees_with_the_exact_one() -> None:
    from scipy.stats import mannwhitneyu

    groups = {"a": [1.0, 2.0, 3.0, 7.0], "b": [4.0, 5.0, 6.0, 8.0, 9.0]}
    assert rank_test(groups).p == pytest.approx(mannwhitneyu(*groups.values(), method="exact").pvalue, abs=0.01)


def test_months_that_differ_are_found() -> None:
    found = rank_test({"a": list(range(1, 30)), "b": list(range(30, 60))})
    assert found.p is not None
    assert found.p < 1e-6
    assert found.epsilon2 == pytest.approx(0.73, abs=0.03)


def test_p_values_are_printed_with_three_places() -> None:
    assert [p_value(p) for p in (0.0312, 0.0005, 0.9996, 1.0, 0.05)] == ["= .031", "< .001", "= 1", "= 1", "= .050"]


def test_one_unit_a_case_gives_the_exact_test() -> None:
    groups = [0] * 12 + [1] * 12
    counts = [[1, 0]] * 9 + [[0, 1]] * 3 + [[1, 0]] * 3 + [[0, 1]] * 9
    found = clustered_association(groups, counts)
    assert found.p == pytest.approx(fisher(np.asarray([[9, 3], [3, 9]]))[0], abs=0.01)
    assert found.n == 24


def test_units_that_repeat_their_case_do_not_make_a_difference_surer() -> None:
    groups = [0] * 8 + [1] * 8
    counts = [[1, 0]] * 6 + [[0, 1]] * 2 + [[1, 0]] * 3 + [[0, 1]] * 5
    once, ten = (clustered_association(groups, [[k * n for n in row] for row in counts]) for k in (1, 10))
    assert ten.n == 10 * once.n
    assert ten.p == once.p
    assert ten.p > 0.1 > 1e-4 > association([[60, 30], [20, 50]]).p  # type: ignore[operator]


def test_the_level_of_the_clustered_test_is_kept() -> None:
    rng = np.random.default_rng(3)
    small = 0
    for _ in range(30):
        groups, answers = rng.integers(0, 2, 40), rng.integers(0, 2, 40)
        persons = rng.integers(1, 6, 40)
        counts = [[int(k), 0] if answer else [0, int(k)] for answer, k in zip(answers, persons, strict=True)]
        small += (clustered_association(groups.tolist(), counts).p or 1) < 0.05
    assert small <= 6  # 1.5 expected; seven or more have a chance of one in a thousand


def test_columns_beside_the_whole_are_tested_against_it() -> None:
    groups = [0, 0, 0, 1, 1, 1]
    counts = [[2, 0, 0], [1, 1, 1], [1, 0, 0], [0, 2, 2], [0, 1, 1], [1, 1, 1]]
    whole, first, second, third = clustered_associations(groups, counts, 2)
    assert second.p == third.p == first.p == whole.p  # two values are each other's rest, and the third column repeats the second
    assert whole.n == 10
    assert clustered_associations([], [], 0)[0].reason is not None
    assert "only one group" in clustered_association([0, 0], [[1, 0], [0, 1]]).text()


def persons_of_cases(seed: int) -> tuple[dict[str, int], dict[str, int]]:
    """Sixty cases with one to five persons each, and how many of each have a property that the persons of a case tend to share."""
    rng = np.random.default_rng(seed)
    sizes = {str(case): int(size) for case, size in enumerate(rng.integers(1, 6, 60))}
    return sizes, {case: int(rng.binomial(size, rng.beta(0.5, 0.8))) for case, size in sizes.items()}


def test_the_effective_number_of_persons_is_that_of_the_cluster_robust_variance() -> None:
    import statsmodels.api as sm

    sizes, held = persons_of_cases(3)
    answers = np.concatenate([np.arange(size) < held[case] for case, size in sizes.items()]).astype(float)
    cases = np.repeat([int(case) for case in sizes], list(sizes.values()))
    robust = sm.OLS(answers, np.ones_like(answers)).fit(cov_type="cluster", cov_kwds={"groups": cases})
    share = answers.mean()
    assert share * (1 - share) / Clusters(sizes).effective(held) == pytest.approx(robust.bse[0] ** 2)


def test_the_interval_of_persons_covers_where_that_of_independent_ones_does_not() -> None:
    rng, covered, naive = np.random.default_rng(5), 0, 0
    for _ in range(300):
        sizes = dict(enumerate(rng.geometric(0.5, 60).tolist()))
        held = {case: int(rng.binomial(size, rng.beta(0.8, 1.2))) for case, size in sizes.items()}
        n, d = sum(held.values()), sum(sizes.values())
        together = interval(n, d, effective=Clusters(sizes).effective(held))  # type: ignore[arg-type]
        apart = interval(n, d)
        covered += together.low <= 0.4 <= together.high  # type: ignore[operator]
        naive += apart.low <= 0.4 <= apart.high  # type: ignore[operator]
    assert covered / 300 >= 0.92
    assert naive / 300 <= 0.91


def test_persons_are_worth_at_most_their_number_and_cases_where_nothing_varies() -> None:
    assert Clusters({"a": 1, "b": 1}).effective({"a": 1}) is None, "one person a case: all independent"
    assert Clusters({"a": 4}).effective({"a": 2}) == 1
    two = Clusters({"a": 4, "b": 2, "c": 0})
    assert two.effective({}) == two.effective({"a": 4, "b": 2}) == 2
    assert two.effective({"a": 2, "b": 1}) == 6, "the same share in every case"
    assert Clusters({}).effective({}) is None
    assert interval(0, 6, effective=2).high == pytest.approx(interval(0, 2).high)
    many = Clusters({"a": 30, "b": 30, "c": 1}).effective({"a": 30})
    assert many is not None
    assert many < 3


LABELS = Term("x", "某", "X")
LINES = [Line(f"colour={name}", Level.VALUE, LABELS, "colour", (name,)) for name in ("r", "g", "b", "unstated")]
COLOURS = (Block("colour", LABELS, LABELS, (*LINES, Line("colour?", Level.MISSING, LABELS, "colour", ("r", "g", "b", "unstated")))),)


def made_table(*types: str, values: str, unit: str = "case") -> Table:
    """A table of one variable over cases given as types and, letter by letter, values (space: nothing recorded)."""
    cases = [
        Case(
            {
                "judgment_id": f"{number // 2 if unit == 'person' else number}",
                "attack_type": kind,
                "colour": {"u": "unstated"}.get(value, value.strip()),
            }
        )
        for number, (kind, value) in enumerate(zip(types, values, strict=True))
    ]
    return tabulate(cases, load(), Study("", "", {}), "cases", COLOURS)


def test_a_table_is_tested_as_a_whole_and_row_by_row() -> None:
    kinds = ["hatred"] * 30 + ["reactive"] * 30 + [""] * 4
    found = all_tests(made_table(*kinds, values="r" * 20 + "g" * 8 + "u " + "r" * 8 + "g" * 20 + "u " + "rrgg"))
    whole, red = found["colour"], found["colour=r"]
    assert whole.n == red.n == 56
    assert whole.left_out == 8, "four have no type, two are unstated, two are not recorded"
    assert red.p == association([[20, 8], [8, 20]]).p
    assert "colour=unstated" not in found
    assert "colour?" not in found
    assert "the same value" in found["colour=b"].text("en")
    assert found["colour"].holm == whole.p, "the only block"
    assert red.holm == pytest.approx(min(1.0, 2 * (red.p or 0))), "two rows are tested"


def test_several_units_of_a_case_are_permuted_by_case() -> None:
    kinds = [kind for kind in ["hatred"] * 10 + ["reactive"] * 10 for _ in range(2)]
    found = all_tests(made_table(*kinds, values=("rr" * 8 + "gg" * 2 + "rr" * 3 + "gg" * 7), unit="person"))
    assert found["colour"].method == found["colour=r"].method == "permutation"
    assert found["colour"].p == pytest.approx(association([[8, 3], [2, 7]]).p, abs=0.03)
    assert found["colour"].p > association([[16, 6], [4, 14]]).p  # type: ignore[operator]


def test_the_odds_ratio_of_a_line_sets_hatred_against_reactive() -> None:
    kinds = ["hatred"] * 12 + ["reactive"] * 10 + ["fortuitous"] * 4
    found = all_tests(made_table(*kinds, values="rrrrrrrrggu " + "rrrggggggg" + "rrbb"))["colour=r"]
    assert found.odds is not None
    assert (found.odds.kind, found.odds.estimate) == ("sample", pytest.approx((8 * 7) / (2 * 3))), "what is not stated is left out"
    assert "OR (hatred : reactive) 9.33 [1.19, 73]" in found.text("en")
    assert "OR (仇恨型:反应型) 9.33" in found.text("zh")
    none = all_tests(made_table(*kinds, values="gggggggggggg" + "rrrggggggg" + "rrbb"))
    assert none["colour=r"].odds is not None
    assert none["colour=r"].odds.kind == "haldane_anscombe"
    assert none["colour=b"].odds is None, "in neither of the two types"
    assert all_tests(made_table(*["hatred"] * 3, *["fortuitous"] * 3, values="rggrrg"))["colour=r"].odds is None


def test_the_odds_ratio_of_persons_is_that_of_a_cluster_robust_logistic_regression() -> None:
    import statsmodels.api as sm

    cases = {kind: persons_of_cases(seed) for seed, kind in enumerate(("hatred", "reactive"))}
    rows = [
        (f"{kind}{case}", kind, "r" if n < held[case] else "g")
        for kind, (sizes, held) in cases.items()
        for case, size in sizes.items()
        for n in range(size)
    ]
    persons = [Case({"judgment_id": case, "attack_type": kind, "colour": value}) for case, kind, value in rows]
    found = all_tests(tabulate(persons, load(), Study("", "", {}), "cases", COLOURS))["colour=r"].odds
    kind, red = np.array([row[1] == "hatred" for row in rows]), np.array([row[2] == "r" for row in rows])
    groups = np.unique([row[0] for row in rows], return_inverse=True)[1]
    robust = sm.Logit(red, sm.add_constant(kind.astype(float))).fit(disp=0, cov_type="cluster", cov_kwds={"groups": groups})
    assert found is not None
    assert found.estimate == pytest.approx(math.exp(robust.params[1]))
    assert math.log(found.high / found.low) == pytest.approx(2 * 1.96 * robust.bse[1], rel=0.02)


@pytest.mark.parametrize("kinds", [[], ["hatred"], ["hatred"] * 9, ["hatred", "reactive"] * 8, [""] * 5])
def test_thin_tables_say_why_there_is_no_test(kinds: list[str]) -> None:
    for values, unit in product(("r" * len(kinds), " " * len(kinds), "u" * len(kinds)), ("case", "person")):
        found = all_tests(made_table(*kinds, values=values, unit=unit))
        assert {test.method for test in found.values()} == {"none"}
        assert all(test.text(language) for test in found.values() for language in ("zh", "en"))


def test_table_one_of_a_database_is_tested(tmp_path: Path) -> None:
    build(tmp_path / "small.db")
    found = all_tests(table_one(open_readonly(tmp_path / "small.db")))
    assert "a total" in found["cases"].text("en")
    assert "several persons" in found["persons.staff"].text("en")
    assert "several values" in found["role"].text("en")
    assert found["alcohol"].n == 5
    assert found["alcohol"].left_out == 1, "the one without a type"
    assert found["cause"].left_out == 1
    assert found["weapon_prepared=yes"].p == pytest.approx(0.2), "two hatred, two reactive, one fortuitous"
    tested = [key for key, test in found.items() if test.p is not None and ("=" in key or "." in key)]
    assert min(found[key].holm or 0 for key in tested) == 1
