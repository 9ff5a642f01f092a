"""Training a model from coded cases, with its card and its out-of-fold answers."""

from __future__ import annotations

import json
import platform
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.classify.calibration import coverage, softened, temperature
from pipeline.classify.card import evaluation_that_still_holds, write_card
from pipeline.classify.coded import CodedCase, fingerprint, none_unseen
from pipeline.classify.evaluation.folds import FOLDS, OutOfFold, out_of_fold
from pipeline.classify.evaluation.scores import calibration_error, scores
from pipeline.classify.kinds import create
from pipeline.classify.model import SEED, Model
from pipeline.classify.screening import operating_point, threshold
from pipeline.classify.typology import attack_type

VARIABLES = ("in_scope", "attack_type", "cause", "motive", "relation")
KIND = "linear"
PASSAGES = frozenset({"passages", "lookalikes"})  # sources of short texts, which are easier than judgments: none calibrates
SOURCES = {
    "demonstration": "real cases retold in the project's own words with masked names, and look-alikes out of scope; incidental particulars are invented; "
    "coded by two readers that were language models of one kind (their agreement is higher than two people would reach)",
    "invented": "judgments and fact paragraphs invented in the style of real ones; written and coded by one reader, a language model",
    "lookalikes": "short invented passages about other crimes, most with a hospital, a doctor or a guard in them; written and coded by one reader, a language model",
    "passages": "short invented passages that tell how an attack came about; written and coded by one reader, a language model",
}
METHODS = {
    "rules": "the codebook's decision order on extracted variables",
    "linear": "L2 logistic regression on extracted variables, cue counts and character n-grams",
    "encoded": "L2 logistic regression on extracted variables and sentence vectors",
    "transformer": "a fine-tuned transformer over windows of sentences, with extracted variables",
    "ensemble": "a weighted average of the probabilities of several models",
}
PACKAGES = {
    "linear": ("scikit-learn", "skops"),
    "transformer": ("torch", "transformers", "safetensors"),
}
LIMITS = (
    "The rules behind the extracted variables were developed with the demonstration corpus, and in part the invented judgments, in view: scores there are optimistic.",
    "No accuracy for real judgments may be claimed from these scores: the texts are retold or invented. Code a sample of your own judgments and measure.",
    "Not for decisions about persons: no sentencing advice, no risk scores for patients, staff or defendants.",
    "Shares computed from its answers are biased by its errors; report the hand-coded sample beside them.",
    "Only Chinese criminal judgments and their fact paragraphs; not civil cases, news or police reports.",
)


def train(
    cases: Sequence[CodedCase], variable: str, folder: Path, *, codebook_version: str, rules: str, kind: str = KIND, settings: Any = None
) -> dict[str, Any]:
    """Cross-validate, fit on all cases, and write model, card and out-of-fold answers into the folder; return the card.

    An evaluation that the folder's card holds stays where labels, rules, kind and settings are the same.

    Raises:
        AnjuanError: a case that is kept to be scored as unseen is among the cases.
    """
    none_unseen(cases)
    answers = out_of_fold(cases, lambda: create(kind, variable, settings))
    model = create(kind, variable, settings).fit([case.features for case in cases], [case.value for case in cases])
    model.save(folder)
    _write_answers(folder, cases, answers)
    card = _card(cases, model, answers) | {"codebook_version": codebook_version, "rules": rules}
    card |= evaluation_that_still_holds(folder, card)
    write_card(folder, card)
    return card


def _whole(cases: Sequence[CodedCase]) -> list[int]:
    """Places of the whole judgments and fact paragraphs, which calibrate; of all cases when there are none."""
    return [i for i, case in enumerate(cases) if case.source not in PASSAGES] or list(range(len(cases)))


def _temperature(cases: Sequence[CodedCase], answers: OutOfFold) -> float:
    whole = _whole(cases)
    return temperature(answers.probabilities[whole], [answers.classes.index(cases[i].value) for i in whole])


def _coverage(cases: Sequence[CodedCase], answers: OutOfFold) -> dict[str, Any]:
    """How often prediction sets hold the coded value."""
    whole = _whole(cases)
    coded, groups = [answers.classes.index(cases[i].value) for i in whole], [cases[i].group for i in whole]
    return coverage(answers.probabilities[whole], coded, groups, answers.classes)


def _line(cases: Sequence[CodedCase], answers: OutOfFold, warmth: float) -> dict[str, Any]:
    """The threshold of the screening, and what lines drawn like it do to cases that they were not drawn by."""
    whole = _whole(cases)
    stated = softened(answers.probabilities[whole], warmth)[:, answers.classes.index("1")]
    stated = np.where([cases[i].features.medical for i in whole], stated, 0.0)
    coded, groups = [cases[i].value == "1" for i in whole], [cases[i].group for i in whole]
    return {"threshold": threshold(stated, coded), "operating_point": operating_point(stated, coded, groups)}


def _card(cases: Sequence[CodedCase], model: Model, answers: OutOfFold) -> dict[str, Any]:
    warmth = _temperature(cases, answers)
    line = _line(cases, answers, warmth) if model.variable == "in_scope" else {}
    return {
        "variable": model.variable,
        "kind": model.kind,
        "method": f"{METHODS.get(model.kind, model.kind)}, with one temperature; {FOLDS}-fold grouped cross-validation",
        "data": {
            "sources": {source: SOURCES.get(source, "the user's own codings") for source in dict.fromkeys(case.source for case in cases)},
            "cases": len(cases),
            "groups": len({case.group for case in cases}),
            "values": dict(sorted(Counter(case.value for case in cases).items())),
            "by_source": _by_source(cases),
        },
        "scores": _scores_by_source(cases, model.variable, answers, warmth, line.get("threshold")),
        "settings": asdict(model.settings),
        "temperature": warmth,
        "seed": SEED,
        "labels": fingerprint(cases),
        "versions": _versions(model),
        "limits": list(LIMITS),
        "coverage": _coverage(cases, answers),
        **line,
    }


def _versions(model: Model) -> dict[str, str]:
    """Of everything that a model's answers depend on."""
    encoder = getattr(model, "encoder", None)
    used = {name: version(name) for name in PACKAGES.get(model.kind, PACKAGES["linear"])}
    return {"python": platform.python_version()} | used | ({encoder.package: encoder.version} if encoder else {})


def _by_source(cases: Sequence[CodedCase]) -> dict[str, dict[str, int]]:
    """How often each value was coded in each source."""
    sources = dict.fromkeys(case.source for case in cases)
    return {source: dict(sorted(Counter(case.value for case in cases if case.source == source).items())) for source in sources}


def _scores_by_source(
    cases: Sequence[CodedCase], variable: str, answers: OutOfFold, warmth: float, line: float | None = None
) -> dict[str, Any]:
    """Out-of-fold scores for each source of cases apart, with those of the rules alone beside them; `line`: the screening's threshold."""
    probabilities = softened(answers.probabilities, warmth)
    found, stated = answers.values, probabilities.max(axis=1)
    if line is not None:
        found = [
            str(int(p >= line and case.features.medical))
            for p, case in zip(probabilities[:, answers.classes.index("1")], cases, strict=True)
        ]
    rows = {}
    for source in dict.fromkeys(case.source for case in cases):
        at = [i for i, case in enumerate(cases) if case.source == source]
        members = [cases[i] for i in at]
        row = scores(members, [found[i] for i in at])
        row["calibration_error"] = round(calibration_error(members, [found[i] for i in at], stated[at]), 3)
        if variable != "in_scope":
            row["rules_alone"] = scores(members, [_by_rules(case, variable) for case in members])
        rows[source] = row
    return rows


def _by_rules(case: CodedCase, variable: str) -> str:
    return attack_type(case.features.labels) if variable == "attack_type" else case.features.value(variable)


def _write_answers(folder: Path, cases: Sequence[CodedCase], answers: OutOfFold) -> None:
    """What a model that had not seen the case says of it: used instead of the final model wherever a training text turns up again."""
    lines = []
    for case, row in zip(cases, answers.probabilities, strict=True):
        by_class = {c: round(float(p), 6) for c, p in zip(answers.classes, row, strict=True)}
        coded = {"value": case.value, "source": case.source, "group": case.group}
        lines.append(json.dumps({"judgment_id": case.features.judgment_id, **coded, "probabilities": by_class}, ensure_ascii=False))
    (folder / "out_of_fold.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
