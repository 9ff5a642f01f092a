"""What the shipped models say of a case: labels with evidence, how probable each value is, and which values cannot be ruled out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.classify.calibration import Calibration, bars, softened
from pipeline.classify.card import read_card
from pipeline.classify.features import CaseFeatures
from pipeline.classify.kinds import kind_of_model
from pipeline.classify.model import Matrix, Model
from pipeline.classify.reasons import reasons
from pipeline.classify.training import PASSAGES
from pipeline.schema import AnjuanError, Label

BY_MODEL = "model"
BY_MODEL_OUT_OF_FOLD = "model:out_of_fold"
VOICES = (BY_MODEL, BY_MODEL_OUT_OF_FOLD)
_ANSWERS = "out_of_fold.jsonl"


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a model says of a case: its label, each value's probability, and the values that it cannot rule out (one or more)."""

    label: Label
    probabilities: Mapping[str, float]
    possible: frozenset[str]


@dataclass(frozen=True, slots=True)
class Predictor:
    """A trained model that answers for its own training texts with the answers of models that had not seen them."""

    model: Model
    calibration: Calibration
    out_of_fold: Mapping[str, Sequence[float]]
    threshold: float = 0.5  # of the screening: the least probability with which a case is called in scope

    @classmethod
    def load(cls, folder: Path, codebook_version: str) -> Predictor:
        """Read a model folder; AnjuanError when it is incomplete, unsafe or of another codebook version."""
        card = read_card(folder, codebook_version)
        model = kind_of_model(card["kind"]).load(folder)
        rows = _read_answers(folder / _ANSWERS, model.classes)
        calibration = _calibration(rows, model.classes, float(card["temperature"]))
        seen = {row["judgment_id"]: row["own"] for row in rows}
        return cls(model, calibration, seen, float(card.get("threshold", 0.5)))

    def labels(self, cases: Sequence[CaseFeatures]) -> list[Label]:
        """The most probable value of each case. For `in_scope` the score is the probability that the case is in scope."""
        return [prediction.label for prediction in self.predict(cases)]

    def predict(self, cases: Sequence[CaseFeatures]) -> list[Prediction]:
        """What the model says of each case, in their order."""
        if not cases:
            return []
        own = np.array(self.model.predict_proba(cases))
        for i, case in enumerate(cases):
            if seen := self.out_of_fold.get(case.judgment_id):
                own[i] = seen
        return list(self._predictions(cases, self._stated(cases, own)))

    def _stated(self, cases: Sequence[CaseFeatures], own: Matrix) -> Matrix:
        """Calibrated probabilities; what tells of nothing medical is out of scope whatever the model thinks (Codebook, Scope 1 and 2)."""
        stated = self.calibration.probabilities(own)
        if self.model.variable == "in_scope":
            foreign = [i for i, case in enumerate(cases) if not case.medical]
            stated[foreign] = [float(c == "0") for c in self.model.classes]
        return stated

    def _predictions(self, cases: Sequence[CaseFeatures], stated: Matrix) -> Iterator[Prediction]:
        classes = self.model.classes
        for case, row, inside in zip(cases, stated, self.calibration.sets(stated), strict=True):
            probabilities = {c: round(float(p), 4) for c, p in zip(classes, row, strict=True)}
            value = self._value(probabilities)
            score = probabilities["1"] if self.model.variable == "in_scope" else probabilities[value]
            by = BY_MODEL_OUT_OF_FOLD if case.judgment_id in self.out_of_fold else BY_MODEL
            label = Label("case", self.model.variable, value, by, reasons(self.model, case, value), score)
            yield Prediction(label, probabilities, frozenset(c for c, held in zip(classes, inside, strict=True) if held) | {value})

    def _value(self, probabilities: Mapping[str, float]) -> str:
        """The likeliest value; of the scope, whether the probability reaches the threshold."""
        if self.model.variable == "in_scope":
            return str(int(probabilities["1"] >= self.threshold))
        return max(probabilities, key=lambda c: probabilities[c])


def _read_answers(path: Path, classes: Sequence[str]) -> list[dict[str, Any]]:
    """The lines of the out-of-fold answers, each with its probabilities in the order of the classes ("own").

    Raises:
        AnjuanError: the file is missing or a line lacks what it must hold.
    """
    rows = []
    try:
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            wanted = {"judgment_id": row["judgment_id"], "source": row["source"], "column": classes.index(row["value"])}
            rows.append(wanted | {"own": [float(row["probabilities"][c]) for c in classes]})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise AnjuanError(f"{path}: line {len(rows) + 1} cannot be read ({error!r}); train the model again with `anjuan train`") from error
    if not rows:
        raise AnjuanError(f"{path} is empty; train the model again with `anjuan train`")
    return rows


def _calibration(rows: Sequence[Mapping[str, Any]], classes: Sequence[str], warmth: float) -> Calibration:
    """Bars from whole judgments and fact paragraphs, as the temperature is; from all cases when there are none."""
    whole = [row for row in rows if row["source"] not in PASSAGES] or rows
    own = np.array([row["own"] for row in whole]).reshape(-1, len(classes))
    return Calibration(warmth, bars(softened(own, warmth), [row["column"] for row in whole]))
