"""What an evaluation is about, and its answers put in order: one row for each repeat and case."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline.classify.coded import CodedCase
from pipeline.classify.evaluation.folds import in_columns
from pipeline.classify.evaluation.measures import scored
from pipeline.classify.evaluation.nested import Answer, Task
from pipeline.classify.evaluation.tally import Sums

HEADLINE = "demonstration"
WHOLE = "whole texts"
Done = Sequence[tuple[Task, Answer]]


@dataclass(frozen=True, slots=True)
class Study:
    """What is evaluated: the cases, which of their sources are whole texts, and the form of each judgment."""

    cases: Sequence[CodedCase]
    variable: str
    whole: frozenset[str]
    forms: Mapping[str, str]

    @property
    def classes(self) -> list[str]:
        """All coded values, sorted."""
        return sorted({case.value for case in self.cases})

    @property
    def headline(self) -> str:
        """The source whose scores stand first: the retold real cases, else the first source of whole texts."""
        sources = [case.source for case in self.cases if case.source in self.whole] or [self.cases[0].source]
        return HEADLINE if HEADLINE in sources else sources[0]

    def places(self, wanted: Callable[[CodedCase], bool]) -> list[int]:
        """Places of the cases that are wanted."""
        return [i for i, case in enumerate(self.cases) if wanted(case)]

    def parts(self) -> dict[str, list[int]]:
        """The cases by source; the whole texts together and by form."""
        found = {source: self.places(lambda case, s=source: case.source == s) for source in dict.fromkeys(c.source for c in self.cases)}  # type: ignore[misc]
        found[WHOLE] = self.places(lambda case: case.source in self.whole)
        for i in found[WHOLE]:
            if form := self.forms.get(self.cases[i].features.judgment_id):
                found.setdefault(f"{WHOLE}: {form}", []).append(i)
        return {name: places for name, places in found.items() if places}

    def scored(self, places: Sequence[int], probabilities: Sums) -> dict[str, Any]:
        """Scores of the cases at `places`; `probabilities` has a row for every one of these."""
        chosen = [self.cases[i] for i in places]
        return scored([case.value for case in chosen], [case.group for case in chosen], probabilities, self.classes)


def assembled(study: Study, tasks: Done) -> Sums:
    """Calibrated answers of nested cross-validation, shape (repeats, cases, classes)."""
    return _by_repeat(study, [(task, answer) for task, answer in tasks if task.name.startswith("nested ")])[0]


def pooled(study: Study, tasks: Done) -> dict[str, Any]:
    """Scores of the cases that every repeat of these tasks answered."""
    answers, seen = _by_repeat(study, tasks)
    places = np.flatnonzero(seen.all(axis=0)).tolist()
    return study.scored(places, answers[:, places])


def _by_repeat(study: Study, tasks: Done) -> tuple[Sums, Any]:
    repeats = 1 + max(_repeat(task) for task, _ in tasks)
    found = np.zeros((repeats, len(study.cases), len(study.classes)))
    seen = np.zeros((repeats, len(study.cases)), dtype=bool)
    for task, answer in tasks:
        found[_repeat(task), list(task.asked)] = in_columns(answer.calibrated, answer.classes, study.classes)
        seen[_repeat(task), list(task.asked)] = True
    return found, seen


def _repeat(task: Task) -> int:
    return int(task.name.split()[-1].split(".")[0])
