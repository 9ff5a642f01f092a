"""The words behind an answer: of the extracted values that spoke most for it, and the sentence that tells most of it.

A feature of a model stands for one or more extracted values (`cause=payment&motive=venting` for two); each has its share of the weight.
Only values that a reader may take as a reason are quoted: how badly somebody was hurt, or with what, says nothing of why.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace

from pipeline.classify.features import CaseFeatures
from pipeline.classify.model import Explanation, Model
from pipeline.classify.typology import DECIDED_BY
from pipeline.schema import Span

MOST_VALUES = 4
MOST_SENTENCES = 1
_REASONS = {
    "attack_type": {"cause", "motive", "relation", "weapon_prepared", "alcohol", "mental_disorder", "prior_dispute_channel"},
    "cause": {"cause", "motive", "alcohol", "prior_dispute_channel"},
    "motive": {"motive", "cause", "weapon_prepared", "alcohol", "mental_disorder"},
    "relation": {"relation"},
    "in_scope": {"role"},
}
_SHORT = {"drunk": ("alcohol", "yes"), "prepared": ("weapon_prepared", "yes")}
_ROLES = {
    "clinical": ("doctor", "nurse", "other_clinical"),
    "guard": ("security", "admin"),
    "institution": ("institution",),
    "police": ("police",),
    "only_others": ("patient", "police", "other", "unclear"),
}
_Value = tuple[str, str]


def reasons(model: Model, case: CaseFeatures, value: str) -> tuple[Span, ...]:
    """Spans of the text, the weightiest first; `rule` says what each is: "attack_type:cause=payment", "attack_type:words"."""
    explained = model.explain(case, value)
    values = _quoted(model.variable, case, value, _weights(case, explained))
    sentences = _sentences(model.variable, case, explained, values)
    return tuple(sorted([*values, *sentences], key=lambda span: -(span.weight or 0.0)))


def _weights(case: CaseFeatures, explained: Explanation) -> dict[_Value, float]:
    """What each extracted value adds to the answer, over all features in which it stands."""
    weights: defaultdict[_Value, float] = defaultdict(float)
    for name, weight in explained.variables:
        values = list(_values(case, name))
        for value in values:
            weights[value] += weight / len(values)
    return weights


def _values(case: CaseFeatures, name: str) -> Iterator[_Value]:
    """The extracted values (variable, value) that a feature stands for."""
    for part in name.split("&"):
        variable, _, value = part.replace(":", "=").partition("=")
        if part in _SHORT:
            yield _SHORT[part]
        elif variable == "typology":
            yield from ((decider, case.value(decider)) for decider in DECIDED_BY[:2])
        elif variable == "victim":
            yield from (("role", role) for role in _ROLES.get(value, ()))
        else:
            yield variable, value


def _quoted(variable: str, case: CaseFeatures, value: str, weights: Mapping[_Value, float]) -> list[Span]:
    """The first words behind each of the values that add most; never words for another value of the variable itself."""
    found = [
        replace(label.spans[0], rule=f"{variable}:{label.variable}={label.value}", weight=round(weights[label.variable, label.value], 4))
        for label in case.labels
        if label.spans and weights.get((label.variable, label.value), 0) > 0 and label.variable in _REASONS[variable]
        if label.variable != variable or label.value == value
    ]
    return sorted(dict.fromkeys(found), key=lambda span: -(span.weight or 0.0))[:MOST_VALUES]


def _sentences(variable: str, case: CaseFeatures, explained: Explanation, values: list[Span]) -> list[Span]:
    """The sentences that add most to the answer, by their words and by the quoted values in them; one that holds such a value comes first."""
    words, inside = dict(explained.sentences), defaultdict[int, float](float)
    for i, (_, place) in enumerate(case.sentences):
        for span in values:
            if place.start <= span.start < place.end:
                inside[i] += span.weight or 0.0
    totals = {i: words.get(i, 0.0) + inside[i] for i in inside} or words
    strongest = sorted((i for i in totals if totals[i] > 0), key=lambda i: (-totals[i], i))[:MOST_SENTENCES]
    return [replace(case.sentences[i][1], rule=f"{variable}:words", weight=round(totals[i], 4)) for i in strongest]
