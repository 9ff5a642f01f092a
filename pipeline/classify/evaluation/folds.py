"""Cross-validation that keeps texts of one real event together."""

from __future__ import annotations

import warnings
from collections import Counter
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


def folds(
    cases: Sequence[CodedCase], count: int = FOLDS, seed: int = SEED, strata: Sequence[str] | None = None
) -> Iterator[tuple[Places, Places]]:
    """Places of the cases to learn from and of those to answer, stratified by value (or `strata`); a group is never in both."""
    from sklearn.model_selection import StratifiedGroupKFold

    kept, groups = strata or [case.value for case in cases], [case.group for case in cases]
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="The least populated class")  # rare values are in some folds only; the counts say so
        split = list(StratifiedGroupKFold(count, shuffle=True, random_state=seed).split(np.zeros(len(cases)), kept, groups))
    yield from split


def by_source_and_value(cases: Sequence[CodedCase], count: int) -> list[str]:
    """Strata that give every fold its share of each source and value; values too rare for that are one stratum of their source."""
    members = Counter((case.source, case.value) for case in cases)
    strata = [f"{case.source}/{case.value}" if members[case.source, case.value] >= count else case.source for case in cases]
    sizes = Counter(strata)
    return [stratum if sizes[stratum] >= count else "rare" for stratum in strata]


def out_of_fold(cases: Sequence[CodedCase], new: Callable[[], Model], count: int = FOLDS, seed: int = SEED) -> OutOfFold:
    """Answer each case by a new model trained on the other folds."""
    classes = sorted({case.value for case in cases})
    answers = np.zeros((len(cases), len(classes)))
    for learnt, asked in folds(cases, count, seed):
        model = new().fit([cases[i].features for i in learnt], [cases[i].value for i in learnt])
        answers[asked] = in_columns(model.predict_proba([cases[i].features for i in asked]), model.classes, classes)
    return OutOfFold(classes, answers)


def in_columns(probabilities: Matrix, have: Sequence[str], wanted: Sequence[str]) -> Matrix:
    """The same probabilities with a column for each wanted class, 0 where the model knows no such class."""
    placed = np.zeros((len(probabilities), len(wanted)))
    placed[:, [wanted.index(value) for value in have]] = probabilities
    return placed
