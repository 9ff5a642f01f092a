"""One piece of an evaluation: learn from some cases, choosing settings and temperature among them only, and answer others.

Nested cross-validation is many such tasks, one for each kind, repeat and outer fold; a learning curve and a shift are made of them too.
Tasks do not know of each other, so they can be done on several processes and kept one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from pipeline.classify.calibration import softened, temperature
from pipeline.classify.coded import CodedCase
from pipeline.classify.evaluation.folds import OutOfFold, in_columns, out_of_fold
from pipeline.classify.evaluation.majority import MAJORITY, Majority
from pipeline.classify.evaluation.measures import measured
from pipeline.classify.evaluation.tally import tally
from pipeline.classify.kinds import create, kind_of_model
from pipeline.classify.model import SEED, Matrix

INNER_FOLDS = 3


@dataclass(frozen=True, slots=True)
class Task:
    """Fit a model of a kind on the cases at `learnt` and answer those at `asked`.

    `choose`: find settings and temperature by cross-validation inside `learnt`; otherwise the default settings, uncalibrated.
    `settings`: those to choose among; none: those of the kind.
    """

    name: str
    kind: str
    learnt: tuple[int, ...]
    asked: tuple[int, ...]
    choose: bool = True
    settings: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a task: `probabilities` (asked, classes) and, where settings were chosen, `inner` (learnt, classes), both the model's
    own, with the temperature that calibrates them."""

    classes: list[str]
    settings: dict[str, Any]
    temperature: float
    probabilities: Matrix
    inner: Matrix | None = None

    @property
    def calibrated(self) -> Matrix:
        """The probabilities as the model would state them."""
        return softened(self.probabilities, self.temperature)


def answer(cases: Sequence[CodedCase], variable: str, task: Task, calibrating: frozenset[str]) -> Answer:
    """Do a task; settings and temperature are chosen on the cases whose source is in `calibrating` (on all when there are none)."""
    learnt, asked = [cases[i] for i in task.learnt], [cases[i].features for i in task.asked]
    classes = sorted({case.value for case in learnt})
    choices = settings_of(task, variable)
    settings, inner, warmth = chosen(learnt, variable, task.kind, choices, calibrating) if task.choose else (choices[0], None, 1.0)
    model = _new(task.kind, variable, settings).fit([case.features for case in learnt], [case.value for case in learnt])
    found = in_columns(model.predict_proba(asked), model.classes, classes)
    return Answer(classes, asdict(model.settings), warmth, found, inner.probabilities if inner else None)


def chosen(
    cases: Sequence[CodedCase], variable: str, kind: str, choices: Sequence[Any], calibrating: frozenset[str]
) -> tuple[Any, OutOfFold, float]:
    """The settings with the best macro-F1 (the earliest of equals), their answers inside the cases, and the temperature of these."""
    places = places_that_count(cases, calibrating)
    tried = []
    for settings in choices:
        answers = out_of_fold(cases, lambda: _new(kind, variable, settings), INNER_FOLDS, SEED)  # noqa: B023 (called at once)
        tried.append((macro_f1(cases, answers, places), settings, answers))
    _, settings, answers = max(tried, key=lambda one: one[0])
    return settings, answers, fitted_temperature(cases, answers, places)


def settings_of(task: Task, variable: str) -> tuple[Any, ...]:
    """The settings among which a task chooses; the first is the default."""
    if task.kind == MAJORITY:
        return Majority.choices(variable)
    return task.settings or kind_of_model(task.kind).choices(variable)


def places_that_count(cases: Sequence[CodedCase], calibrating: frozenset[str]) -> list[int]:
    """Places of the whole texts, on which settings, weights and temperatures are chosen; all places when there are none."""
    return [i for i, case in enumerate(cases) if case.source in calibrating] or list(range(len(cases)))


def macro_f1(cases: Sequence[CodedCase], answers: OutOfFold, places: Sequence[int]) -> float:
    """Macro-F1 over the cases at `places`."""
    columns = [answers.classes.index(cases[i].value) for i in places]
    sums = tally(columns, ["all"] * len(places), answers.probabilities[None, list(places)])
    return float(measured(sums.whole)["macro_f1"][0])


def fitted_temperature(cases: Sequence[CodedCase], answers: OutOfFold, places: Sequence[int]) -> float:
    """The temperature that calibrates answers to the cases at `places`."""
    return temperature(answers.probabilities[list(places)], [answers.classes.index(cases[i].value) for i in places])


def keep_to_one_thread() -> None:
    """Let the linear algebra of this process use one thread: threads of processes that are as many as the cores only wait for each other."""
    from sklearn import linear_model  # noqa: F401 (only libraries that are loaded by now can be limited)
    from threadpoolctl import threadpool_limits

    threadpool_limits(1)


def _new(kind: str, variable: str, settings: Any) -> Any:
    if kind == MAJORITY:
        return Majority(variable, settings)
    return create(kind, variable, settings)
