"""An average of several kinds' probabilities, its weights chosen where their settings were: among the cases to learn from.

Made from the members' answers, so that nothing is fitted twice. It is a candidate like any other: it replaces the best single kind
only where the paired comparison says that it is better.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np

from pipeline.classify.calibration import softened
from pipeline.classify.coded import CodedCase
from pipeline.classify.evaluation.folds import OutOfFold
from pipeline.classify.evaluation.nested import Answer, fitted_temperature, macro_f1, places_that_count
from pipeline.classify.model import Matrix

AND = "+"  # "linear+encoded" is the average of these two
STEPS = 4  # weights are fourths


def members_of(kind: str) -> tuple[str, ...]:
    """The kinds that a mixture is made of; one for a single kind."""
    return tuple(kind.split(AND))


def weightings(members: int) -> list[tuple[float, ...]]:
    """Weights among which a mixture chooses: equal ones first, then all in fourths that leave nobody out."""
    shared = [tuple(parts) for parts in product(range(1, STEPS), repeat=members) if sum(parts) == STEPS]
    equal = (1 / members,) * members
    return list(dict.fromkeys([equal, *(tuple(part / STEPS for part in parts) for parts in shared)]))


def mixed(cases: Sequence[CodedCase], kinds: Sequence[str], answers: Sequence[Answer], calibrating: frozenset[str]) -> Answer:
    """The mixture of several kinds' answers to one task; `cases`: those that the task learnt from.

    Each member is calibrated first; the weights have the best macro-F1 on the members' inner answers (the earliest of equals).
    """
    inner = [softened(one.inner, one.temperature) for one in answers if one.inner is not None]
    places, classes = places_that_count(cases, calibrating), answers[0].classes
    tried = []
    for weights in weightings(len(answers)):
        mixture = OutOfFold(classes, average(inner, weights))
        tried.append((macro_f1(cases, mixture, places), weights, mixture))
    _, weights, mixture = max(tried, key=lambda one: one[0])
    settings = {"members": list(kinds), "weights": [round(w, 4) for w in weights]}
    outer = average([one.calibrated for one in answers], weights)
    return Answer(classes, settings, fitted_temperature(cases, mixture, places), outer, mixture.probabilities)


def average(probabilities: Sequence[Matrix], weights: Sequence[float]) -> Matrix:
    """Weighted mean of matrices of one shape."""
    return np.asarray(np.average(np.stack(probabilities), axis=0, weights=weights))
