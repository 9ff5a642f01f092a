"""Agreement: coefficients against published values and against their libraries, intervals, overlap of quotations, what is compared."""

from __future__ import annotations

import krippendorff
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from pipeline.annotate.agreement import Coding, Measure, case_agreement, compare, measure, tables
from pipeline.annotate.agreement.bootstrap import data, resampled
from pipeline.annotate.agreement.coefficients import alpha, drawn, kappa, percent, point_alpha
from pipeline.annotate.agreement.distances import masi, table
from pipeline.annotate.agreement.overlap import overlap
from pipeline.annotate.agreement.ratings import Ratings
from pipeline.codebook import load
from pipeline.schema import AnjuanError, Entry

BOOK = load()


def ratings(*units: str) -> Ratings:
    """Each unit as a string of its coders' one-letter answers, each in a judgment of its own."""
    domain = sorted(set("".join(units)))
    codes = tuple(tuple(domain.index(letter) for letter in unit) for unit in units)
    return Ratings(tuple((letter,) for letter in domain), tuple(str(i) for i in range(len(units))), codes)


def coding(coder: str, judgment_id: str = "j1", **values: str | tuple[str, ...]) -> Coding:
    """Entries of the case by variable; `victim_1_role` is the role of the first victim."""
    entries = []
    for name, value in values.items():
        unit, number, variable = name.split("_", 2) if name.startswith(("victim_", "defendant_")) else ("case", "", name)
        where = f"{unit}:{number}" if number else unit
        entries.append(Entry(where, variable, value if isinstance(value, tuple) else (value,)))
    return Coding(judgment_id, coder, tuple(entries))


# Krippendorff 2011, Computing Krippendorff's Alpha-Reliability: examples A (two coders, two values), B (two coders, five values)
# and D (four coders, with gaps).
MEG_AND_OWEN = ratings(*(a + b for a, b in zip("0100000000", "1110010010", strict=True)))
BEN_AND_GERRY = ratings(*(a + b for a, b in zip("aabbdcccedda", "babbbccceddd", strict=True)))
FOUR_CODERS = ratings("111", "2232", "3333", "3333", "2222", "1234", "4444", "1121", "2222", "555", "11")


def test_krippendorffs_own_examples() -> None:
    assert alpha(MEG_AND_OWEN, None, "nominal").value == pytest.approx(0.095, abs=0.0005)
    assert alpha(BEN_AND_GERRY, None, "nominal").value == pytest.approx(0.692, abs=0.0005)
    assert alpha(FOUR_CODERS, None, "nominal").value == pytest.approx(0.7434, abs=0.00005)
    assert alpha(FOUR_CODERS, None, "ordinal").value == pytest.approx(0.815, abs=0.0005)


def test_cohens_kappa_of_the_textbook_example_by_hand() -> None:
    """Fifty grant applications: 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no. Observed 0.7, expected 0.5: kappa 0.4."""
    grants = ratings(*["yy"] * 20, *["yn"] * 5, *["ny"] * 10, *["nn"] * 15)
    assert percent(grants, None).value == pytest.approx(0.7)
    assert kappa(grants, None).value == pytest.approx(0.4)


def test_alpha_of_three_units_by_hand() -> None:
    """ab, aa, bb: 4 of 6 values pair with the same; n_a = n_b = 3. Do = 2/6, De = 2*3*3/(6*5) = 0.6, alpha = 1 - 0.333/0.6."""
    assert alpha(ratings("ab", "aa", "bb"), None, "nominal").value == pytest.approx(1 - (1 / 3) / 0.6)


def test_masi_distance() -> None:
    assert masi({"a"}, {"a"}) == masi(set(), set()) == 0
    assert masi({"a", "b"}, {"a", "b", "c", "d"}) == pytest.approx(1 - 1 / 2 * 2 / 3)
    assert masi({"a", "b"}, {"b", "c"}) == pytest.approx(1 - 1 / 3 * 1 / 3)
    assert masi({"a"}, {"b"}) == masi({"a"}, set()) == 1


units = st.lists(st.text("abcd", min_size=2, max_size=4), min_size=1, max_size=20)


@given(units)
def test_the_formulas_of_the_draws_are_those_of_krippendorff(found: list[str]) -> None:
    rated = ratings(*found)
    if rated.occurring < 2:
        assert np.isnan(data(rated).alpha(table(rated.domain, "nominal"))[0])
        return
    letters = np.array([list(unit.ljust(4)) for unit in found]).T
    counts = np.stack([(letters == value).sum(axis=0) for (value,) in rated.domain], axis=1)
    for metric, distances in (("nominal", table(rated.domain, "nominal")), ("ordinal", None)):
        expected = krippendorff.alpha(value_counts=counts, level_of_measurement=metric)
        assert data(rated).alpha(distances)[0] == pytest.approx(expected)
        assert point_alpha(rated, distances) == pytest.approx(expected)


@given(st.lists(st.text("abc", min_size=2, max_size=2), min_size=1, max_size=20))
def test_the_formula_of_the_draws_is_that_of_scikit_learn(found: list[str]) -> None:
    rated = ratings(*found)
    of_draws = data(rated).kappa()[0]
    if rated.occurring < 2:
        assert np.isnan(of_draws)
    else:
        assert of_draws == pytest.approx(cohen_kappa_score([unit[0] for unit in found], [unit[1] for unit in found]))


def test_alpha_of_many_values_is_the_same_without_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    distances = table(FOUR_CODERS.domain, "nominal")
    by_package = point_alpha(FOUR_CODERS, distances)
    monkeypatch.setattr("pipeline.annotate.agreement.coefficients._MOST_CELLS", 0)
    monkeypatch.setattr("krippendorff.alpha", None)
    assert point_alpha(FOUR_CODERS, distances) == pytest.approx(by_package)


def test_alpha_of_sets_counts_an_overlap_as_half_agreed() -> None:
    def sets(*pairs: tuple[str, str]) -> Ratings:
        domain = sorted({tuple(each) for pair in pairs for each in pair})
        codes = tuple(tuple(domain.index(tuple(each)) for each in pair) for pair in pairs)
        return Ratings(tuple(domain), tuple(map(str, range(len(pairs)))), codes)

    near, far = sets(("kl", "k"), ("b", "b"), ("", "")), sets(("kl", "v"), ("b", "b"), ("", ""))
    assert 1 > (alpha(near, None, "masi").value or 0) > (alpha(far, None, "masi").value or 0) > 0


def test_the_interval_has_the_width_that_theory_gives() -> None:
    rated = ratings(*["aa"] * 150, *["ab"] * 50, *["bb"] * 100, *["ba"] * 100)
    deviation = float(np.std(resampled(rated, 2000, 1).percent()))
    assert deviation == pytest.approx(np.sqrt(0.625 * 0.375 / 400), rel=0.05)
    found = percent(rated, drawn(rated, 1000, 1))
    assert (found.low, found.high) == (pytest.approx(0.625 - 1.96 * 0.0242, abs=0.006), pytest.approx(0.625 + 1.96 * 0.0242, abs=0.006))


def test_parties_of_one_judgment_are_drawn_together() -> None:
    """Four equal victims in each judgment tell no more than one: the interval must not shrink."""
    alone = ratings(*["aa"] * 60, *["ab"] * 40)
    four = Ratings(alone.domain, tuple(j for j in alone.judgments for _ in range(4)), tuple(c for c in alone.codes for _ in range(4)))
    assert np.std(resampled(four, 2000, 1).percent()) == pytest.approx(np.std(resampled(alone, 2000, 1).percent()), rel=0.05)


def test_draws_are_the_same_again_and_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = resampled(FOUR_CODERS, 50, 7)
    monkeypatch.setattr("pipeline.annotate.agreement.bootstrap._CHUNK", 30)
    assert (resampled(FOUR_CODERS, 50, 7).masses == whole.masses).all()


def test_where_one_value_alone_occurs_there_is_no_kappa_and_it_is_said() -> None:
    both = [coding(name, f"j{i}", alcohol="yes") for i in range(5) for name in "ab"]
    (row,) = measure(both, BOOK).rows
    assert row.percent == Measure(1.0, 1.0, 1.0)
    assert row.kappa == row.alpha == Measure(why="one_value")
    shown = tables.summary(measure(both, BOOK), BOOK, "en")
    assert shown[0]["kappa"] == "undefined: one value alone occurs"
    assert "nan" not in str([shown, tables.numbers(measure(both, BOOK))]).lower()


def test_one_judgment_has_no_interval() -> None:
    (row,) = measure([coding("a", alcohol="yes"), coding("b", alcohol="no")], BOOK).rows
    assert row.percent == Measure(0.0)
    assert row.kappa.value == 0


def test_in_scope_variables_are_compared_only_where_both_are_in_scope() -> None:
    """Where one says out of scope, the form asks that coder nothing more: what the other answered alone is no disagreement of its own."""
    first = coding("a", in_scope="1", cause="payment", alcohol="yes", compensation="1", victim_1_role="nurse")
    second = coding("b", in_scope="0", cause="payment", alcohol="yes")
    found = {each.variable: each.agreed for each in compare(first, second, BOOK)}
    assert found == {"in_scope": False, "alcohol": True}
    assert case_agreement(first, second, BOOK).share == 0.5
    both = {each.variable for each in compare(first, coding("b", in_scope="1", cause="payment"), BOOK)}
    assert both == {"in_scope", "cause", "alcohol", "compensation", ""}


def test_lists_are_sets_and_an_empty_list_is_an_answer() -> None:
    first = coding("a", weapon=("knife", "blunt"), prior_dispute_channel=("",))
    second = coding("b", weapon=("blunt", "knife"), prior_dispute_channel=("",))
    assert all(each.agreed for each in compare(first, second, BOOK))
    assert [row.metric for row in measure([first, second], BOOK).rows] == ["masi", "masi"]


def test_an_answer_of_one_alone_is_not_compared_but_told() -> None:
    found = measure([coding("a", alcohol="yes", weapon="knife"), coding("b", alcohol="yes")], BOOK)
    weapon, alcohol = found.rows
    assert (weapon.n, weapon.unanswered, weapon.percent) == (0, 1, Measure(why="nothing"))
    assert (alcohol.n, alcohol.unanswered) == (1, 0)
    assert [each["second"] for each in tables.disagreements(found)] == ["-"]


def test_ranks_count_where_the_variable_has_them() -> None:
    """A near miss is worse by name than by rank; what has no rank (unstated) counts in the nominal coefficient alone."""
    levels = [("primary", "primary"), ("secondary", "tertiary"), ("tertiary", "tertiary"), ("unstated", "primary")]
    both = [coding(name, f"j{i}", hospital_level=pair[k]) for i, pair in enumerate(levels) for k, name in enumerate("ab")]
    (row,) = measure(both, BOOK).rows
    assert (row.n, row.ordinal_n) == (4, 3)
    assert row.ordinal is not None
    assert (row.ordinal.value or 0) > (row.alpha.value or 0)


def test_free_text_has_no_chance_correction_and_own_words_are_not_compared() -> None:
    first = coding("a", court="某县人民法院", note="想一想", confidence="high")
    found = measure([first, coding("b", court="某县人民法院", note="", confidence="low")], BOOK)
    (row,) = found.rows
    assert (row.percent.value, row.kappa.why) == (1.0, "open_values")
    assert not found.disagreements


def test_three_coders_have_a_row_of_all_and_one_of_each_pair() -> None:
    """The row of all is Krippendorff's: the four coders of his example, with their gaps."""
    answers = {"1": "yes", "2": "no", "3": "not_mentioned"}
    table_of = ["111", "22 ", "333", "1 2", "123", "2 2"]
    found = [
        coding(name, f"j{i}", alcohol=answers[row[k]]) for i, row in enumerate(table_of) for k, name in enumerate("abc") if row[k] != " "
    ]
    rows = measure(found, BOOK).rows
    assert [row.coders for row in rows] == [("a", "b", "c"), ("a", "b"), ("a", "c"), ("b", "c")]
    data_by_coder = [[np.nan if row[k] == " " else float(row[k]) for row in table_of] for k in range(3)]
    assert rows[0].alpha.value == pytest.approx(krippendorff.alpha(data_by_coder, level_of_measurement="nominal"))
    assert (rows[0].n, rows[0].kappa.why) == (6, "pairs_only")
    assert [row.n for row in rows[1:]] == [4, 5, 3]


def test_quotations_overlap_by_characters() -> None:
    def quoted(coder: str, judgment_id: str, *words: tuple[int, int]) -> Coding:
        return Coding(judgment_id, coder, (Entry("case", "alcohol", ("yes",), tuple((start, end, "yes") for start, end in words)),))

    pairs = [
        (quoted("a", "j1", (0, 10)), quoted("b", "j1", (5, 15))),  # 5 of 10 and 10: F1 0.5
        (quoted("a", "j2", (0, 4), (2, 6)), quoted("b", "j2", (0, 6))),  # the same characters: 1
        (quoted("a", "j3", (0, 4)), quoted("b", "j3", (4, 8))),  # none: 0
        (quoted("a", "j4", (0, 4)), quoted("b", "j4")),  # one quotes nothing: not counted
    ]
    found = overlap(each for one, other in pairs for each in compare(one, other, BOOK))
    assert (found.n, found.f1, found.touching) == (3, pytest.approx(0.5), pytest.approx(2 / 3))


def test_confusion_counts_every_pair_of_answers() -> None:
    said = [("yes", "yes"), ("yes", "no"), ("yes", "no"), ("no", "no")]
    both = [coding(name, f"j{i}", alcohol=pair[k]) for i, pair in enumerate(said) for k, name in enumerate("ab")]
    (confusion,) = measure(both, BOOK).confusions
    place = {value: i for i, value in enumerate(confusion.values)}
    assert confusion.counts[place["yes"]][place["no"]] == 2
    assert sum(map(sum, confusion.counts)) == 4
    (first, *_) = tables.crosstab(confusion, BOOK, "zh")
    assert next(iter(first)) == "alcohol: a \\ b"


def test_case_agreement_counts_what_is_to_be_settled() -> None:
    first = coding("a", alcohol="yes", weapon="knife", compensation="1", victim_1_role="nurse", victim_2_role="doctor")
    second = coding("b", alcohol="yes", weapon="blunt", victim_1_role="doctor")
    found = case_agreement(first, second, BOOK)
    assert (found.compared, found.agreed) == (5, 2)  # alcohol and the doctor; not weapon, compensation, nor the nurse whom one alone has
    assert case_agreement(first, second, BOOK, {"alcohol", "weapon"}).share == 0.5
    assert case_agreement(coding("a"), coding("b"), BOOK).share is None


def test_an_unknown_part_is_refused() -> None:
    with pytest.raises(AnjuanError, match="unknown part 'all'; choose one of summary, parties, confusion, disagreements"):
        tables.part(measure([], BOOK), "all")


@given(units)
def test_sameness_keeps_how_many_pairs_agree(found: list[str]) -> None:
    assert data(ratings(*found).sameness).percent()[0] == pytest.approx(data(ratings(*found)).percent()[0])
