"""A model that learns nothing: attack types by the codebook's decision order, other variables as the rules extracted them. The yardstick."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np

from pipeline.classify.features import CaseFeatures
from pipeline.classify.model import Explanation, Matrix
from pipeline.classify.typology import DECIDED_BY, attack_type
from pipeline.schema import AnjuanError

_FILE = "rules.json"


@dataclass(frozen=True, slots=True)
class RulesSettings:
    """There is nothing to set."""


class RulesModel:
    """Says what the rules say, with the share of such answers that were right in the coded cases as its probability."""

    kind: ClassVar[str] = "rules"

    def __init__(self, variable: str, settings: RulesSettings | None = None) -> None:
        self.variable = variable
        self.settings = settings or RulesSettings()
        self.classes: list[str] = []
        self._shares: dict[str, list[float]] = {}

    @classmethod
    def choices(cls, variable: str) -> tuple[RulesSettings, ...]:
        """One: there is nothing to choose."""
        return (RulesSettings(),)

    def fit(self, cases: Sequence[CaseFeatures], values: Sequence[str]) -> RulesModel:
        """Count how often each answer of the rules was right (Laplace's rule of succession)."""
        self.classes = sorted(set(values))
        said = [self.answer(case) for case in cases]
        for answer in self.classes:
            right = [value == answer for s, value in zip(said, values, strict=True) if s == answer]
            sure = max((sum(right) + 1) / (len(right) + 2), 0.51)  # a yardstick says what the rules say, sure of it or not
            rest = (1 - sure) / (len(self.classes) - 1)
            self._shares[answer] = [sure if value == answer else rest for value in self.classes]
        return self

    def predict_proba(self, cases: Sequence[CaseFeatures]) -> Matrix:
        """Probabilities, shape (cases, classes); equal for all classes where the rules say nothing."""
        nothing = [1 / len(self.classes)] * len(self.classes)
        return np.array([self._shares.get(self.answer(case), nothing) for case in cases]).reshape(-1, len(self.classes))

    def explain(self, case: CaseFeatures, value: str) -> Explanation:
        """The extracted variables that the codebook's order looks at."""
        names = DECIDED_BY if self.variable == "attack_type" else (self.variable,)
        return Explanation(tuple((f"{name}={case.value(name)}", 1.0) for name in names if case.value(name)))

    def answer(self, case: CaseFeatures) -> str:
        """What the rules say of a case; '' when nothing. Scope: staff or institution among the victims, on the premises or over the work."""
        if self.variable == "attack_type":
            return attack_type(case.labels)
        if self.variable == "in_scope":
            return str(int(case.staff_or_order_attacked))
        return case.value(self.variable)

    def save(self, folder: Path) -> None:
        """Write `rules.json` into the folder."""
        folder.mkdir(parents=True, exist_ok=True)
        kept = {"variable": self.variable, "classes": self.classes, "shares": self._shares}
        (folder / _FILE).write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", "utf-8")

    @classmethod
    def load(cls, folder: Path) -> RulesModel:
        """Read a folder written by `save`; AnjuanError when it cannot be read."""
        try:
            kept = json.loads((folder / _FILE).read_text("utf-8"))
            model = cls(kept["variable"])
            model.classes, model._shares = list(kept["classes"]), dict(kept["shares"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise AnjuanError(f"{folder / _FILE} cannot be read ({error!r}); train the model again with `anjuan train`") from error
        return model
