"""Scores that follow from the sums of a tally, for the data and for every bootstrap draw at once."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from pipeline.classify.evaluation.tally import DRAWS, Sums, Tally, draws, tally

OVERALL = ("accuracy", "macro_f1", "log_loss", "brier", "calibration_error")
OF_A_CLASS = ("f1", "precision", "recall")
LEVELS = (0.025, 0.975)


def measured(sums: Tally) -> dict[str, Sums]:
    """Each score for each draw, the repeats averaged: shape (draws,); those of `OF_A_CLASS` (draws, classes).

    A class without a coded case in a draw has no score there (nan) and is left out of the draw's macro-F1.
    """
    confusion = sums.confusion
    right, coded, found = np.einsum("...ii->...i", confusion), confusion.sum(axis=-1), confusion.sum(axis=-2)
    cases = coded.sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a mean over nothing is nan, and meant to be
        f1 = np.where(coded > 0, 2 * right / (coded + found), np.nan)
        scores = {"accuracy": right.sum(axis=-1) / cases, "macro_f1": np.nanmean(f1, axis=-1), "f1": f1}
        scores["recall"] = right / coded
        scores["precision"] = np.where(coded > 0, right / found, np.nan)
        scores["log_loss"], scores["brier"] = sums.losses[..., 0] / cases, sums.losses[..., 1] / cases
        scores["calibration_error"] = np.abs(sums.bins[..., 1] - sums.bins[..., 2]).sum(axis=-1) / cases
        return {name: np.nanmean(score, axis=1) for name, score in scores.items()}


def scored(values: Sequence[str], groups: Sequence[str], probabilities: Sums, classes: Sequence[str], count: int = DRAWS) -> dict[str, Any]:
    """All scores of answers of shape (repeats, cases, classes), with 95 % intervals, confusion and reliability bins, as a card keeps them."""
    sums = tally([classes.index(value) for value in values], groups, probabilities)
    point, drawn = measured(sums.whole), measured(sums.drawn(draws(len(set(groups)), count)))
    members = Counter(values)
    row: dict[str, Any] = {"n": len(values), "groups": len(set(groups)), "classes": list(classes)}
    row |= {name: _with_interval(point[name][0], drawn[name]) for name in OVERALL}
    row["by_class"] = {
        value: {"n": members[value]} | {name: _with_interval(point[name][0, i], drawn[name][:, i]) for name in OF_A_CLASS}
        for i, value in enumerate(classes)
        if value in members
    }
    whole = sums.whole
    row["confusion"] = [[round(float(n), 2) for n in line] for line in whole.confusion[0].mean(axis=0)]
    row["bins"] = _reliability(whole.bins[0].sum(axis=0), len(probabilities))
    return row


def gain(
    values: Sequence[str], groups: Sequence[str], ours: Sums, theirs: Sums, classes: Sequence[str], count: int = DRAWS
) -> dict[str, dict[str, float | None]]:
    """How much better `ours` is than `theirs` on the same cases: macro-F1 and accuracy, with intervals of the paired difference."""
    columns = [classes.index(value) for value in values]
    sums = [tally(columns, groups, answers) for answers in (ours, theirs)]
    weights = draws(len(set(groups)), count)
    point, drawn = [measured(s.whole) for s in sums], [measured(s.drawn(weights)) for s in sums]
    return {
        name: _with_interval(float(point[0][name][0] - point[1][name][0]), drawn[0][name] - drawn[1][name])
        for name in ("macro_f1", "accuracy")
    }


def _with_interval(score: float, drawn: Sums) -> dict[str, float | None]:
    """`score`, `low` and `high`, rounded; None where there is nothing to score (a class that was never answered has no precision)."""
    known = drawn[~np.isnan(drawn)]
    low, high = np.quantile(known, LEVELS) if len(known) else (np.nan, np.nan)
    rounded = {"score": float(score), "low": float(low), "high": float(high)}
    return {name: None if np.isnan(number) else round(number, 3) for name, number in rounded.items()}


def _reliability(bins: Sums, repeats: int) -> list[dict[str, float]]:
    """Of each bin that holds an answer: the cases in it (mean over the repeats), the probability stated and the share right."""
    return [
        {"n": round(float(n) / repeats, 1), "stated": round(float(stated / n), 3), "right": round(float(right / n), 3)}
        for n, stated, right in bins
        if n
    ]
