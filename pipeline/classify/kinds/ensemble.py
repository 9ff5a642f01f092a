"""A weighted average of several models' calibrated probabilities. Shipped only where it beat the best single kind in nested cross-validation."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from pipeline.classify.calibration import softened
from pipeline.classify.features import CaseFeatures
from pipeline.classify.kinds import create, kind_of_model
from pipeline.classify.model import Explanation, Matrix, Model
from pipeline.schema import AnjuanError

_FILE = "ensemble.json"


@dataclass(frozen=True, slots=True)
class EnsembleSettings:
    """The kinds that are averaged, each once, with its weight, the temperature that calibrates it first, and its settings.

    `settings`: one for each member; empty: the default of each.
    """

    members: tuple[str, ...] = ("rules", "linear")
    weights: tuple[float, ...] = (0.5, 0.5)
    temperatures: tuple[float, ...] = (1.0, 1.0)
    settings: tuple[Any, ...] = ()


class EnsembleModel:
    """Answers with the mean of its members' probabilities, weighted; all members answer the same variable."""

    kind: ClassVar[str] = "ensemble"

    def __init__(self, variable: str, settings: EnsembleSettings | None = None) -> None:
        self.variable = variable
        self.settings = settings or EnsembleSettings()
        self.members: list[Model] = []

    @classmethod
    def choices(cls, variable: str) -> tuple[EnsembleSettings, ...]:
        """Rules and the linear model in equal parts; better weights come from `evaluation.mixing.chosen_mixture`."""
        return (EnsembleSettings(),)

    @property
    def classes(self) -> list[str]:
        """Values in the order of the columns of `predict_proba`."""
        return self.members[0].classes

    def fit(self, cases: Sequence[CaseFeatures], values: Sequence[str]) -> EnsembleModel:
        """Fit every member on the same cases."""
        chosen = self.settings.settings or (None,) * len(self.settings.members)
        kinds = zip(self.settings.members, chosen, strict=True)
        self.members = [create(kind, self.variable, settings).fit(cases, values) for kind, settings in kinds]
        return self

    def predict_proba(self, cases: Sequence[CaseFeatures]) -> Matrix:
        """Probabilities, shape (cases, classes)."""
        rows = [self._ordered(member, cases) for member in self.members]
        softer = [softened(row, warmth) for row, warmth in zip(rows, self.settings.temperatures, strict=True)]
        return np.asarray(np.average(np.stack(softer), axis=0, weights=self.settings.weights))

    def _ordered(self, member: Model, cases: Sequence[CaseFeatures]) -> Matrix:
        return member.predict_proba(cases)[:, [member.classes.index(value) for value in self.classes]]

    def explain(self, case: CaseFeatures, value: str) -> Explanation:
        """What the weightiest member that names variables, and the weightiest that names sentences, say: their scales cannot be added."""
        order = sorted(range(len(self.members)), key=lambda i: -self.settings.weights[i])
        told = [self.members[i].explain(case, value) for i in order]
        return Explanation(
            next((one.variables for one in told if one.variables), ()), next((one.sentences for one in told if one.sentences), ())
        )

    def save(self, folder: Path) -> None:
        """Write `ensemble.json`, and each member into a folder of its own below."""
        folder.mkdir(parents=True, exist_ok=True)
        chosen = self.settings
        kept = {"variable": self.variable, "members": chosen.members, "weights": chosen.weights, "temperatures": chosen.temperatures}
        (folder / _FILE).write_text(json.dumps(kept, indent=1) + "\n", "utf-8")
        for kind, member in zip(chosen.members, self.members, strict=True):
            member.save(folder / kind)

    @classmethod
    def load(cls, folder: Path) -> EnsembleModel:
        """Read a folder written by `save`; AnjuanError when it or a member's folder cannot be read."""
        try:
            kept = json.loads((folder / _FILE).read_text("utf-8"))
            kinds, weights, warmths = (tuple(kept[name]) for name in ("members", "weights", "temperatures"))
            if not kinds or not len(kinds) == len(weights) == len(warmths):
                raise ValueError("members, weights and temperatures differ in number")
            variable = kept["variable"]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise AnjuanError(f"{folder / _FILE} cannot be read ({error!r}); train the model again with `anjuan train`") from error
        members = [kind_of_model(kind).load(folder / kind) for kind in kinds]
        model = cls(variable, EnsembleSettings(kinds, weights, warmths, tuple(member.settings for member in members)))
        model.members = members
        return model
