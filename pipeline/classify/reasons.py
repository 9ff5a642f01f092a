"""The words behind an answer: of the extracted values that spoke most for it, and the sentences that tell most of it."""

from __future__ import annotations

from dataclasses import replace

from pipeline.classify.features import CaseFeatures
from pipeline.classify.model import Model
from pipeline.schema import Span

MOST_SPANS = 4
MOST_VARIABLES = 5
MOST_SENTENCES = 1


def reasons(model: Model, case: CaseFeatures, value: str) -> tuple[Span, ...]:
    """Spans of the text, the strongest first; `rule` says what each is: "attack_type:cause=payment", "attack_type:words"."""
    explained = model.explain(case, value)
    names = [name for name, _ in explained.variables[:MOST_VARIABLES]]
    told = [
        replace(span, rule=f"{model.variable}:{label.variable}={label.value}")
        for label in case.labels
        for span in label.spans[:1]
        if f"{label.variable}={label.value}" in names or (label.variable == "role" and any(n.startswith("victim") for n in names))
    ]
    told_by = [replace(case.sentences[i][1], rule=f"{model.variable}:words") for i, _ in explained.sentences[:MOST_SENTENCES]]
    return tuple(dict.fromkeys([*told[:MOST_SPANS], *told_by]))
