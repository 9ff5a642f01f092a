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
    measures = {"accuracy": accuracy_score, "macro_f1": lambda a, b: f1_score(a, b, labels=classes, average="macro", zero_division=0)}
    for name, measure in measures.items():
        low, high = _interval([case.group for case in cases], coded, answers, measure)
        row[name] = {"score": round(float(measure(coded, answers)), 3), "low": round(low, 3), "high": round(high, 3)}
    return row


def _confusion(coded: Any, answers: Any, classes: Sequence[str]) -> list[list[int]]:
    return [[int(((coded == a) & (answers == b)).sum()) for b in classes] for a in classes]


def calibration_error(cases: Sequence[CodedCase], found: Sequence[str], stated: Matrix, bins: int = 8) -> float:
    """Expected calibration error: mean gap between stated probability and share right, over equal-width bins (Guo et al. 2017)."""
    right = np.array([case.value == value for case, value in zip(cases, found, strict=True)], dtype=float)
    bin_of = np.minimum((stated * bins).astype(int), bins - 1)
    gaps = [abs(stated[bin_of == b].mean() - right[bin_of == b].mean()) * (bin_of == b).mean() for b in range(bins) if (bin_of == b).any()]
    return float(sum(gaps))


def _interval(groups: Sequence[str], coded: Any, answers: Any, measure: Any) -> tuple[float, float]:
    random = np.random.default_rng(SEED)
    members: dict[str, list[int]] = {}
    for i, group in enumerate(groups):
        members.setdefault(group, []).append(i)
    names = list(members)
    draws = []
    for _ in range(DRAWS):
        drawn = [i for g in random.choice(len(names), len(names)) for i in members[names[g]]]
        draws.append(measure(coded[drawn], answers[drawn]))
    low, high = np.quantile(draws, [0.025, 0.975])
    return float(low), float(high)
