"""What every classifier can do, whatever it is made of: learn from coded cases, answer, explain, be kept and be read again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from pipeline.classify.features import CaseFeatures

SEED = 20250444
Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Explanation:
    """What spoke for an answer, the strongest first.

    `variables`: names of features ('cause=payment') with their weight; `sentences`: places in `CaseFeatures.sentences` with theirs.
    """

    variables: tuple[tuple[str, float], ...] = ()
    sentences: tuple[tuple[int, float], ...] = ()


class Model(Protocol):
    """Answers one codebook variable (`in_scope`, `attack_type`, `cause`, `motive` or `relation`) for a case.

    `classes` are the values in the order of the columns of `predict_proba`, whose shape is (cases, classes). The probabilities are the
    model's own: temperature and prediction sets come after it (see calibration.py). The same cases, values and settings give the same
    model. `save` writes skops, safetensors and JSON files into a folder, never a pickle; `load` raises AnjuanError for a folder that is
    incomplete or unsafe.
    """

    kind: ClassVar[str]
    variable: str

    @property
    def classes(self) -> list[str]:
        """Values in the order of the columns of `predict_proba`."""

    @property
    def settings(self) -> Any:
        """The constants that nested cross-validation chose, a frozen dataclass."""

    @classmethod
    def choices(cls, variable: str) -> tuple[Any, ...]:
        """The settings among which the inner loop of nested cross-validation chooses; the first is the default."""

    def fit(self, cases: Sequence[CaseFeatures], values: Sequence[str]) -> Model:
        """Learn from coded cases; gives itself back."""

    def predict_proba(self, cases: Sequence[CaseFeatures]) -> Matrix:
        """Probabilities, shape (cases, classes)."""

    def explain(self, case: CaseFeatures, value: str) -> Explanation:
        """What spoke for `value` in this case."""

    def save(self, folder: Path) -> None:
        """Write the model into a folder."""

    @classmethod
    def load(cls, folder: Path) -> Model:
        """Read what `save` wrote."""
