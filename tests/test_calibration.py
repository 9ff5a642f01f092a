"""Probabilities that mean what they say, and sets that hold the right answer nine times in ten."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.classify.calibration import CONFIDENCE, FEWEST, Calibration, Matrix, bars, coverage, softened, temperature

RANDOM = np.random.default_rng(7)


def drawn(cases: int, classes: int, sharpness: float = 3.0, seed: int = 1) -> tuple[Matrix, list[int]]:
    """Probabilities, and answers drawn from them: a model that is calibrated by construction."""
    random = np.random.default_rng(seed)
    powers = np.exp(sharpness * random.normal(size=(cases, classes)))
    probabilities = powers / powers.sum(axis=1, keepdims=True)
    return probabilities, [int(random.choice(classes, p=row)) for row in probabilities]


def p_values(probabilities: Matrix, own: Matrix) -> Matrix:
    """By definition: the share of cases (this one counted in) that are at least as strange."""
    return (np.array([[(own <= p).sum() for p in row] for row in probabilities]) + 1) / (len(own) + 1)


@given(st.integers(20, 80), st.integers(2, 5), st.integers(0, 10**6))
@settings(max_examples=40, deadline=None)
def test_a_value_is_in_the_conformal_set_exactly_when_its_p_value_says_so(cases: int, classes: int, seed: int) -> None:
    probabilities, coded = drawn(cases, classes, seed=seed)
    asked, _ = drawn(30, classes, seed=seed + 1)
    calibration = Calibration(1.0, bars(probabilities, coded))
    for column in range(classes):
        mine = np.array(coded) == column
        rare = [c for c in range(classes) if coded.count(c) < FEWEST]
        if mine.sum() < FEWEST:
            together = np.isin(coded, rare)
            mine = together if together.sum() >= FEWEST else np.ones(cases, dtype=bool)
        own = probabilities[np.arange(cases), coded][mine]
        expected = p_values(asked[:, [column]], own)[:, 0] > 1 - CONFIDENCE + 1e-9
        assert (calibration.reached(asked)[:, column] == expected).all()


def test_the_sets_are_those_of_crepes() -> None:
    crepes = pytest.importorskip("crepes")
    probabilities, coded = drawn(203, 4)
    asked, _ = drawn(100, 4, seed=2)
    assert min(np.bincount(coded)) >= FEWEST
    columns, reached = np.array(coded), Calibration(1.0, bars(probabilities, coded)).reached(asked)
    for column in range(4):
        own = 1 - probabilities[columns == column, column]
        theirs = crepes.ConformalClassifier().fit(own).predict_p(1 - asked[:, [column]], smoothing=False)[:, 0] > 1 - CONFIDENCE + 1e-9
        assert (reached[:, column] == theirs).all()


@pytest.mark.parametrize("classes", [2, 3, 7])
def test_sets_hold_the_right_answer_as_often_as_they_say_for_each_value(classes: int) -> None:
    held: list[list[bool]] = [[] for _ in range(classes)]
    for seed in range(40):
        probabilities, coded = drawn(700, classes, seed=seed)
        calibration = Calibration.learn(probabilities[:500], coded[:500])
        reached = calibration.reached(calibration.probabilities(probabilities[500:]))
        for row, column in zip(reached, coded[500:], strict=True):
            held[column].append(bool(row[column]))
    assert all(abs(np.mean(of_value) - CONFIDENCE) < 0.03 for of_value in held)


@given(st.integers(2, 6), st.integers(0, 10**6))
@settings(max_examples=50, deadline=None)
def test_no_shown_set_is_empty_and_a_case_stranger_than_most_leaves_two_values(classes: int, seed: int) -> None:
    asked, _ = drawn(20, classes, sharpness=0.5, seed=seed)
    calibration = Calibration(1.0, tuple([0.6] * classes))
    shown, reached = calibration.sets(asked), calibration.reached(asked)
    assert shown.any(axis=1).all()
    assert (shown >= reached).all()
    for row, inside, bare in zip(asked, shown, reached, strict=True):
        if not bare.any():
            assert set(np.flatnonzero(inside)) == set(np.argsort(-row, kind="stable")[:2])
        else:
            assert (inside == bare).all()


def test_rare_values_share_a_bar_and_too_few_cases_rule_nothing_out() -> None:
    probabilities, _ = drawn(100, 4, seed=3)
    coded = [0] * 60 + [1] * 15 + [2] * 15 + [3] * 10
    _, one, two, three = bars(probabilities, coded)
    assert one == two == three
    assert bars(probabilities[:8], [0, 1] * 4) == (0.0, 0.0, 0.0, 0.0)


@pytest.mark.parametrize("warmth", [0.5, 1.0, 2.5])
def test_the_temperature_is_found_again(warmth: float) -> None:
    probabilities, coded = drawn(4000, 3, seed=5)
    assert math.isclose(temperature(softened(probabilities, 1 / warmth), coded), warmth, rel_tol=0.1)


def test_coverage_keeps_groups_together_and_counts_both_kinds_of_sets() -> None:
    probabilities, coded = drawn(300, 3, seed=9)
    counted = coverage(probabilities, coded, [f"g{i // 3}" for i in range(300)], ["a", "b", "c"])
    assert abs(counted["conformal"] - CONFIDENCE) < 0.03
    assert counted["shown"] >= counted["conformal"]
    assert set(counted["by_value"]) == {"a", "b", "c"}
    assert counted["mean_size"] >= 1
    assert counted == coverage(probabilities, coded, [f"g{i // 3}" for i in range(300)], ["a", "b", "c"])
    # Copies of one case in one group: had calibration seen them, every copy would lie exactly on a bar.
    copied = coverage(
        np.repeat(probabilities[:60], 5, axis=0), np.repeat(coded[:60], 5).tolist(), [f"g{i // 5}" for i in range(300)], ["a", "b", "c"]
    )
    assert abs(copied["conformal"] - CONFIDENCE) < 0.06
