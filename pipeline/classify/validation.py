"""Cross-validation that keeps texts of one real event together, and scores with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline.classify.coded import CodedCase
from pipeline.classify.linear import SEED, LinearModel, Matrix, Settings, softened

FOLDS = 10
DRAWS = 1000


@dataclass(frozen=True, slots=True)
class OutOfFold:
    """Answers of models that had not seen the case; `probabilities` has shape (cases, classes)."""

    classes: list[str]
    probabilities: Matrix
    temperature: float

    @property
    def values(self) -> list[str]:
        """The most probable value of each case."""
        return [self.classes[i] for i in self.probabilities.argmax(axis=1)]


def out_of_fold(cases: Sequence[CodedCase], variable: str, settings: Settings, seed: int = SEED) -> OutOfFold:
    """Answer each case by a model trained on the other folds, and find the temperature at which the answers are calibrated."""
    from sklearn.model_selection import StratifiedGroupKFold

    values = np.array([case.value for case in cases])
    groups = [case.group for case in cases]
    classes = sorted(set(values))
    logs = np.zeros((len(cases), len(classes)))
    for train, test in StratifiedGroupKFold(FOLDS, shuffle=True, random_state=seed).split(np.zeros(len(cases)), values, groups):
        model = LinearModel(variable, settings).fit([cases[i].features for i in train], values[train])
        logs[test] = np.log(np.clip(model.predict_proba([cases[i].features for i in test]), 1e-9, 1))
    temperature = _temperature(logs, np.array([classes.index(v) for v in values]))
    return OutOfFold([str(c) for c in classes], softened(logs, temperature), temperature)


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


def _temperature(logs: Matrix, coded: Any) -> float:
    """The temperature with the least log loss on cases not seen in training."""
    from scipy.optimize import minimize_scalar

    def loss(log_temperature: float) -> float:
        chosen = softened(logs, float(np.exp(log_temperature)))[np.arange(len(coded)), coded]
        return float(-np.log(np.clip(chosen, 1e-9, 1)).mean())

    return round(float(np.exp(minimize_scalar(loss, bounds=(-2, 2), method="bounded").x)), 4)


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
