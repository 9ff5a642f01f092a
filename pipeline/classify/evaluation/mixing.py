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
from pipeline.classify.evaluation.nested import Answer, Task, chosen, fitted_temperature, macro_f1, places_that_count, settings_of
from pipeline.classify.kinds.ensemble import EnsembleSettings
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
    """The mixture of several kinds' answers to one task; `cases`: those that the task learnt from. Each member is calibrated first."""
    inner = [one.inner for one in answers if one.inner is not None]
    warmths = [one.temperature for one in answers]
    weights, mixture = _weighed(cases, answers[0].classes, inner, warmths, calibrating)
    settings = {"members": list(kinds), "weights": [round(w, 4) for w in weights]}
    places = places_that_count(cases, calibrating)
    outer = average([one.calibrated for one in answers], weights)
    return Answer(answers[0].classes, settings, fitted_temperature(cases, mixture, places), outer, mixture.probabilities)


def chosen_mixture(cases: Sequence[CodedCase], variable: str, kinds: Sequence[str], calibrating: frozenset[str]) -> EnsembleSettings:
    """The settings of an ensemble that learns from all cases: its members' settings and temperatures, and weights, chosen as in a fold."""
    found = [chosen(cases, variable, kind, settings_of(Task("", kind, (), ()), variable), calibrating) for kind in kinds]
    warmths = [warmth for _, _, warmth in found]
    inner = [answers.probabilities for _, answers, _ in found]
    weights, _ = _weighed(cases, found[0][1].classes, inner, warmths, calibrating)
    return EnsembleSettings(tuple(kinds), weights, tuple(warmths), tuple(settings for settings, _, _ in found))


def _weighed(
    cases: Sequence[CodedCase], classes: list[str], inner: Sequence[Matrix], warmths: Sequence[float], calibrating: frozenset[str]
) -> tuple[tuple[float, ...], OutOfFold]:
    """The weights with the best macro-F1 on answers inside the cases (the earliest of equals), and the mixture that they make."""
    calm = [softened(answers, warmth) for answers, warmth in zip(inner, warmths, strict=True)]
    places = places_that_count(cases, calibrating)
    mixtures = [(weights, OutOfFold(classes, average(calm, weights))) for weights in weightings(len(calm))]
    return max(mixtures, key=lambda one: macro_f1(cases, one[1], places))


def average(probabilities: Sequence[Matrix], weights: Sequence[float]) -> Matrix:
    """Weighted mean of matrices of one shape."""
    return np.asarray(np.average(np.stack(probabilities), axis=0, weights=weights))
