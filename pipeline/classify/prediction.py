"""What the shipped models say of a case, as labels with evidence."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.classify.card import read_card
from pipeline.classify.features import CaseFeatures
from pipeline.classify.linear import LinearModel
from pipeline.schema import Label, Span

BY_MODEL = "model"
BY_MODEL_OUT_OF_FOLD = "model:out_of_fold"
MOST_SPANS = 4
VOICES = (BY_MODEL, BY_MODEL_OUT_OF_FOLD)


@dataclass(frozen=True, slots=True)
class Predictor:
    """A trained model that answers for its own training texts with the answers of models that had not seen them."""

    model: LinearModel
    out_of_fold: dict[str, dict[str, float]]

    @classmethod
    def load(cls, folder: Path, codebook_version: str) -> Predictor:
        """Read a model folder; AnjuanError when it is incomplete, unsafe or of another codebook version."""
        read_card(folder, codebook_version)
        path = folder / "out_of_fold.jsonl"
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        answers = {row["judgment_id"]: row["probabilities"] for row in map(json.loads, lines)}
        return cls(LinearModel.load(folder), answers)

    def labels(self, cases: Sequence[CaseFeatures]) -> list[Label]:
        """The most probable value of each case. For `in_scope` the score is the probability that the case is in scope."""
        if not cases:
            return []
        return [self._label(case, [float(p) for p in row]) for case, row in zip(cases, self.model.predict_proba(cases), strict=True)]

    def _label(self, case: CaseFeatures, row: list[float]) -> Label:
        seen = case.judgment_id in self.out_of_fold
        by_class = self.out_of_fold[case.judgment_id] if seen else dict(zip(self.model.classes, row, strict=True))
        if self.model.variable == "in_scope" and not case.medical:
            by_class = {"0": 1.0, "1": 0.0}
        value = max(by_class, key=lambda c: by_class[c])
        score = by_class["1"] if self.model.variable == "in_scope" else by_class[value]
        by = BY_MODEL_OUT_OF_FOLD if seen else BY_MODEL
        return Label("case", self.model.variable, value, by, self._evidence(case, value), round(score, 4))

    def _evidence(self, case: CaseFeatures, value: str) -> tuple[Span, ...]:
        """The words behind the answer: of the extracted values that spoke most for it, and the sentence that tells most of it."""
        names = self.model.spoken_for(case, value)
        told = [
            replace(span, rule=f"{self.model.variable}:{label.variable}={label.value}")
            for label in case.labels
            for span in label.spans[:1]
            if f"{label.variable}={label.value}" in names or (label.variable == "role" and any(n.startswith("victim") for n in names))
        ]
        return tuple(dict.fromkeys([*told[:MOST_SPANS], *self._sentence(case, value)]))

    def _sentence(self, case: CaseFeatures, value: str) -> list[Span]:
        if not case.sentences:
            return []
        weights = self.model.telling([text for text, _ in case.sentences], value)
        best = int(weights.argmax())
        return [replace(case.sentences[best][1], rule=f"{self.model.variable}:words")] if weights[best] > 0 else []
