"""Cases that neither rules nor models have seen: the final model answers them once, and nothing is chosen by the result."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.classify.calibration import softened
from pipeline.classify.card import read_card
from pipeline.classify.coded import CodedCase
from pipeline.classify.evaluation.folds import in_columns
from pipeline.classify.evaluation.measures import gain, scored
from pipeline.classify.evaluation.report import kept_by
from pipeline.classify.evaluation.study import Study
from pipeline.classify.kinds import create, kind_of_model
from pipeline.classify.model import Model
from pipeline.schema import AnjuanError


def scored_unseen(seen: Study, unseen: Study, folder: Path, codebook_version: str) -> dict[str, Any]:
    """Scores of the model in a folder, of the rules beside it, and the paired gain of the one over the other.

    For the screening also `line`: recall and precision at the card's threshold.

    Raises:
        AnjuanError: a case to be scored is among those to learn from.
    """
    _apart(seen.cases, unseen.cases)
    card = read_card(folder, codebook_version)
    rules = create("rules", seen.variable).fit([case.features for case in seen.cases], [case.value for case in seen.cases])
    classes = sorted({*seen.classes, *unseen.classes})
    ours = _answers(kind_of_model(card["kind"]).load(folder), unseen.cases, classes, float(card["temperature"]))
    theirs = _answers(rules, unseen.cases, classes, 1.0)
    values, groups = [case.value for case in unseen.cases], [case.group for case in unseen.cases]
    found = {kind: scored(values, groups, rows, classes) for kind, rows in {"rules": theirs, card["kind"]: ours}.items()}
    found["gain"] = gain(values, groups, ours, theirs, classes)
    if seen.variable == "in_scope":
        truth = np.array([value == "1" for value in values])
        found["line"] = kept_by(float(card.get("threshold", 0.5)), ours[:, :, classes.index("1")], truth)
    return found


def _answers(model: Model, cases: Sequence[CodedCase], classes: list[str], temperature: float) -> Any:
    stated = softened(model.predict_proba([case.features for case in cases]), temperature)
    return in_columns(np.asarray(stated), model.classes, classes)[None]


def _apart(seen: Sequence[CodedCase], unseen: Sequence[CodedCase]) -> None:
    known = {case.features.judgment_id for case in seen}
    if again := [case.features.judgment_id for case in unseen if case.features.judgment_id in known]:
        raise AnjuanError(
            f"judgment {again[0]} is to be scored as unseen, but it is among the texts to learn from; take it out of one of them"
        )
