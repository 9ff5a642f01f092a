"""What the shipped models say of a case, as labels with evidence."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.classify.calibration import softened
from pipeline.classify.card import read_card
from pipeline.classify.features import CaseFeatures
from pipeline.classify.kinds import kind_of_model
from pipeline.classify.model import Model
from pipeline.schema import Label, Span

BY_MODEL = "model"
BY_MODEL_OUT_OF_FOLD = "model:out_of_fold"
MOST_SPANS = 4
MOST_VARIABLES = 5
MOST_SENTENCES = 1
VOICES = (BY_MODEL, BY_MODEL_OUT_OF_FOLD)


@dataclass(frozen=True, slots=True)
class Predictor:
    """A trained model that answers for its own training texts with the answers of models that had not seen them."""

    model: Model
    temperature: float
    out_of_fold: dict[str, dict[str, float]]

    @classmethod
    def load(cls, folder: Path, codebook_version: str) -> Predictor:
        """Read a model folder; AnjuanError when it is incomplete, unsafe or of another codebook version."""
        card = read_card(folder, codebook_version)
        path = folder / "out_of_fold.jsonl"
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        answers = {row["judgment_id"]: row["probabilities"] for row in map(json.loads, lines)}
        return cls(kind_of_model(card["kind"]).load(folder), float(card["temperature"]), answers)

    def labels(self, cases: Sequence[CaseFeatures]) -> list[Label]:
        """The most probable value of each case. For `in_scope` the score is the probability that the case is in scope."""
        if not cases:
            return []
        rows = self.model.predict_proba(cases)
        for i, case in enumerate(cases):
            if seen := self.out_of_fold.get(case.judgment_id):
                rows[i] = [seen[c] for c in self.model.classes]
        return [self._label(case, [float(p) for p in row]) for case, row in zip(cases, softened(rows, self.temperature), strict=True)]

    def _label(self, case: CaseFeatures, row: list[float]) -> Label:
        by_class = dict(zip(self.model.classes, row, strict=True))
        if self.model.variable == "in_scope" and not case.medical:
            by_class = {"0": 1.0, "1": 0.0}
        value = max(by_class, key=lambda c: by_class[c])
        score = by_class["1"] if self.model.variable == "in_scope" else by_class[value]
        by = BY_MODEL_OUT_OF_FOLD if case.judgment_id in self.out_of_fold else BY_MODEL
        return Label("case", self.model.variable, value, by, self._evidence(case, value), round(score, 4))

    def _evidence(self, case: CaseFeatures, value: str) -> tuple[Span, ...]:
        """The words behind the answer: of the extracted values that spoke most for it, and the sentence that tells most of it."""
        explained = self.model.explain(case, value)
        names = [name for name, _ in explained.variables[:MOST_VARIABLES]]
        told = [
            replace(span, rule=f"{self.model.variable}:{label.variable}={label.value}")
            for label in case.labels
            for span in label.spans[:1]
            if f"{label.variable}={label.value}" in names or (label.variable == "role" and any(n.startswith("victim") for n in names))
        ]
        told_by = [replace(case.sentences[i][1], rule=f"{self.model.variable}:words") for i, _ in explained.sentences[:MOST_SENTENCES]]
        return tuple(dict.fromkeys([*told[:MOST_SPANS], *told_by]))
