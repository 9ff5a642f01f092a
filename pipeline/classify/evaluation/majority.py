"""The baseline that has not read the case: every value as probable as it was common."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from pipeline.classify.features import CaseFeatures
from pipeline.classify.model import Matrix

MAJORITY = "majority"


@dataclass(frozen=True, slots=True)
class MajoritySettings:
    """There is nothing to set."""


class Majority:
    """Answers the commonest value of the cases it was given. It is never kept in a file, so it is no `Model` but can be scored as one."""

    kind: ClassVar[str] = MAJORITY

    def __init__(self, variable: str, settings: MajoritySettings | None = None) -> None:
        self.variable = variable
        self.settings = settings or MajoritySettings()
        self.classes: list[str] = []
        self._shares: list[float] = []

    @classmethod
    def choices(cls, variable: str) -> tuple[MajoritySettings, ...]:
        """One: there is nothing to choose."""
        return (MajoritySettings(),)

    def fit(self, cases: Sequence[CaseFeatures], values: Sequence[str]) -> Majority:
        """Count the values."""
        counts = sorted(Counter(values).items())
        self.classes, self._shares = [value for value, _ in counts], [n / len(values) for _, n in counts]
        return self

    def predict_proba(self, cases: Sequence[CaseFeatures]) -> Matrix:
        """The same row for every case, shape (cases, classes)."""
        return np.tile(self._shares, (len(cases), 1))
