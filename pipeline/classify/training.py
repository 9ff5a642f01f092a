"""Training a model from coded cases, with its card and its out-of-fold answers."""

from __future__ import annotations

import json
import platform
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pipeline.classify.card import write_card
from pipeline.classify.coded import CodedCase, fingerprint
from pipeline.classify.linear import SEED, LinearModel, Settings
from pipeline.classify.typology import attack_type
from pipeline.classify.validation import FOLDS, OutOfFold, calibration_error, out_of_fold, scores

SETTINGS = {
    "in_scope": Settings(strength=0.5, text_weight=0.3),
    "attack_type": Settings(strength=0.3, text_weight=0.3),
}
ORIGIN = (
    "Trained on judgments and fact paragraphs on violence against medical staff: real cases retold in the project's own words with masked names, and "
    "look-alikes out of scope. Incidental particulars (court, dates, proceedings, some sentences) are invented. Each text was coded by two readers that "
    "were language models of one kind; their agreement is higher than two people would reach."
)
LIMITS = (
    "No accuracy for real judgments may be claimed from these scores alone: the texts are retold. Code a sample of your own judgments and measure.",
    "Not for decisions about persons: no sentencing advice, no risk scores for patients, staff or defendants.",
    "Shares computed from its answers are biased by its errors; report the hand-coded sample beside them.",
    "Only Chinese criminal judgments and their fact paragraphs; not civil cases, news or police reports.",
)


def train(cases: Sequence[CodedCase], variable: str, folder: Path, *, codebook_version: str, rules: str) -> dict[str, Any]:
    """Cross-validate, fit on all cases, and write model, card and out-of-fold answers into the folder; return the card."""
    settings = SETTINGS[variable]
    answers = out_of_fold(cases, variable, settings)
    model = LinearModel(variable, settings).fit([c.features for c in cases], [c.value for c in cases], [c.group for c in cases])
    model.save(folder)
    _write_answers(folder, cases, answers)
    card = _card(cases, variable, settings, answers) | {"codebook_version": codebook_version, "rules": rules}
    write_card(folder, card)
    return card


def _card(cases: Sequence[CodedCase], variable: str, settings: Settings, answers: OutOfFold) -> dict[str, Any]:
    import sklearn
    import skops

    card: dict[str, Any] = {
        "variable": variable,
        "method": f"L2 logistic regression on extracted variables, cue counts and character n-grams, Platt-scaled; {FOLDS}-fold grouped cross-validation",
        "data": {
            "origin": ORIGIN,
            "cases": len(cases),
            "groups": len({case.group for case in cases}),
            "values": dict(sorted(Counter(case.value for case in cases).items())),
        },
        "scores": scores(cases, answers.values),
        "calibration_error": round(calibration_error(cases, answers), 3),
        "settings": asdict(settings),
        "seed": SEED,
        "labels": fingerprint(cases),
        "versions": {"python": platform.python_version(), "scikit-learn": sklearn.__version__, "skops": skops.__version__},
        "limits": list(LIMITS),
    }
    if variable == "attack_type":
        card["yardstick"] = scores(cases, [attack_type(case.features.labels) for case in cases])
    return card


def _write_answers(folder: Path, cases: Sequence[CodedCase], answers: OutOfFold) -> None:
    """What a model that had not seen the case says of it: used instead of the final model wherever a training text turns up again."""
    lines = []
    for case, value, row in zip(cases, answers.values, answers.probabilities, strict=True):
        by_class = {c: round(float(p), 4) for c, p in zip(answers.classes, row, strict=True)}
        lines.append(json.dumps({"judgment_id": case.features.judgment_id, "value": value, "probabilities": by_class}))
    (folder / "out_of_fold.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
