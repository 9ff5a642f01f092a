"""Cross-validation that keeps texts of one real event together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.classify.coded import CodedCase
from pipeline.classify.model import SEED, Matrix, Model

FOLDS = 10
Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class OutOfFold:
    """Answers of models that had not seen the case; `probabilities`, shape (cases, classes), are the models' own."""

    classes: list[str]
    probabilities: Matrix

    @property
    def values(self) -> list[str]:
        """The most probable value of each case."""
        return [self.classes[i] for i in self.probabilities.argmax(axis=1)]


def folds(cases: Sequence[CodedCase], count: int = FOLDS, seed: int = SEED) -> Iterator[tuple[Places, Places]]:
    """Places of the cases to learn from and of those to answer, stratified by value; a group is never in both."""
    from sklearn.model_selection import StratifiedGroupKFold

    values, groups = [case.value for case in cases], [case.group for case in cases]
    yield from StratifiedGroupKFold(count, shuffle=True, random_state=seed).split(np.zeros(len(cases)), values, groups)


def out_of_fold(cases: Sequence[CodedCase], new: Callable[[], Model], count: int = FOLDS, seed: int = SEED) -> OutOfFold:
    """Answer each case by a new model trained on the other folds."""
    classes = sorted({case.value for case in cases})
    answers = np.zeros((len(cases), len(classes)))
    for learnt, asked in folds(cases, count, seed):
        model = new().fit([cases[i].features for i in learnt], [cases[i].value for i in learnt])
        columns = np.array([classes.index(value) for value in model.classes])
        answers[np.ix_(asked, columns)] = model.predict_proba([cases[i].features for i in asked])
    return OutOfFold(classes, answers)
