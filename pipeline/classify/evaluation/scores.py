"""Scores of answers beside coded values, with intervals that draw whole groups."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from pipeline.classify.coded import CodedCase
from pipeline.classify.model import SEED, Matrix

DRAWS = 1000


def scores(cases: Sequence[CodedCase], found: Sequence[str]) -> dict[str, Any]:
    """Accuracy, macro-F1 and F1 of each class, the first two with 95 % bootstrap intervals over groups."""
    from sklearn.metrics import accuracy_score, f1_score

    coded = np.array([case.value for case in cases])
    answers = np.array(found)
    classes = [str(c) for c in sorted(set(coded))]
    row: dict[str, Any] = {"n": len(cases), "classes": classes, "confusion": _confusion(coded, answers, classes)}
    each = f1_score(coded, answers, labels=classes, average=None, zero_division=0)
    row["f1"] = {c: round(float(f), 3) for c, f in zip(classes, each, strict=True)}
    points = {"accuracy": accuracy_score(coded, answers), "macro_f1": each.mean()}
    for name, (low, high) in _intervals([case.group for case in cases], coded, answers, classes).items():
        row[name] = {"score": round(float(points[name]), 3), "low": round(low, 3), "high": round(high, 3)}
    return row


def _confusion(coded: Any, answers: Any, classes: Sequence[str]) -> list[list[int]]:
    return [[int(((coded == a) & (answers == b)).sum()) for b in classes] for a in classes]


def calibration_error(cases: Sequence[CodedCase], found: Sequence[str], stated: Matrix, bins: int = 8) -> float:
    """Expected calibration error: mean gap between stated probability and share right, over equal-width bins (Guo et al. 2017)."""
    right = np.array([case.value == value for case, value in zip(cases, found, strict=True)], dtype=float)
    bin_of = np.minimum((stated * bins).astype(int), bins - 1)
    gaps = [abs(stated[bin_of == b].mean() - right[bin_of == b].mean()) * (bin_of == b).mean() for b in range(bins) if (bin_of == b).any()]
    return float(sum(gaps))


def _intervals(groups: Sequence[str], coded: Any, answers: Any, classes: Sequence[str]) -> dict[str, tuple[float, float]]:
    """Of accuracy and macro-F1. Counted from confusions of whole groups: scikit-learn checks its input at each call, 2,000 times here."""
    of_group = {name: number for number, name in enumerate(dict.fromkeys(groups))}
    known = {name: number for number, name in enumerate(classes)}
    tables = np.zeros((len(of_group), len(classes), len(classes) + 1))  # the last column: answers that no case is coded with
    for group, truth, answer in zip(groups, coded, answers, strict=True):
        tables[of_group[group], known[truth], known.get(answer, len(classes))] += 1
    random = np.random.default_rng(SEED)
    drawn = [tables[random.choice(len(tables), len(tables))].sum(axis=0) for _ in range(DRAWS)]
    counted = np.array([_accuracy_and_macro_f1(table) for table in drawn])
    low, high = np.quantile(counted, [0.025, 0.975], axis=0)
    return {name: (float(low[i]), float(high[i])) for i, name in enumerate(("accuracy", "macro_f1"))}


def _accuracy_and_macro_f1(table: Any) -> tuple[float, float]:
    """Of a confusion with the coded classes as rows; the F1 of a class that is neither coded nor answered is 0."""
    right, classes = table.diagonal(), len(table)
    counted = table.sum(axis=1) + table[:, :classes].sum(axis=0)
    return right.sum() / table.sum(), np.divide(2 * right, counted, out=np.zeros(classes), where=counted > 0).mean()
