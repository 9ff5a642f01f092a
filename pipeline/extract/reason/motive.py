"""Motive: what the act was for (codebook `motive`), exactly one value, decided with the cause at hand.

A grievance is vented in the conflict itself, unless the text says that it was for revenge (an earlier event, a break, a resolve) or to
force money, an explanation or a service. An act without a grievance is for gain, from a mental symptom, or vents something else.
"""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.extract.case import Case
from pipeline.extract.reason.cause import decide_cause
from pipeline.extract.reason.cues import cues, evidence, label, story, totals
from pipeline.schema import Label

_REVENGE = 4.0  # an explicit word of revenge in the findings, or a weapon fetched in a break
_PRESSURE = 4.0  # an explicit demand in the findings
_OUTCOME_LEANING = 2.5  # blame for a treatment lies before the confrontation more often than not
_SYMPTOM = 1.5
_RULED_BY_SYMPTOM = 4.0  # the findings tell the act as ruled by a delusion, whatever the grievance was
_AIM = 3.5  # robbery or a hostage told in the findings
_OTHER = ("goal", "delusion", "personal_venting")


def motive_labels(case: Case) -> list[Label]:
    """The case's `motive`, with the words that decide it as evidence."""
    told = story(case)
    if not told.passages:
        return [label("motive", "unclear")]
    cause, grounds = decide_cause(told)
    found = cues("motive", told, placed=False)
    value = _decide(cause, totals(found))
    spans = evidence(found, value, told)
    return [label("motive", value, spans or (evidence(grounds, cause, told) if value == "venting" else ()))]


def _decide(cause: str, weights: Mapping[str, float]) -> str:
    if cause in ("unrelated", "unclear"):
        return _without_grievance(cause, weights)
    if cause == "other_grievance" and weights.get("delusion", 0.0) >= _SYMPTOM:
        return "delusion"
    return _with_grievance(cause, weights)


def _with_grievance(cause: str, weights: Mapping[str, float]) -> str:
    if weights.get("delusion", 0.0) >= _RULED_BY_SYMPTOM:
        return "delusion"
    leaning = _OUTCOME_LEANING if cause == "treatment_outcome" else 0.0
    revenge = weights.get("retaliation", 0.0) + leaning
    pressure = weights.get("pressure", 0.0) + (1.0 if cause == "dispute_handling" else 0.0)
    if revenge >= _REVENGE and revenge >= pressure:
        return "retaliation"
    return "pressure" if pressure >= _PRESSURE else "venting"


def _without_grievance(cause: str, weights: Mapping[str, float]) -> str:
    if weights.get("goal", 0.0) >= _AIM:
        return "goal"
    others = (*_OTHER, "venting") if cause == "unclear" else _OTHER
    best = max(others, key=lambda v: weights.get(v, 0.0))
    if weights.get(best, 0.0) >= 1.0 and weights.get(best, 0.0) >= weights.get("unclear", 0.0):
        return best
    if cause == "unclear" and weights.get("retaliation", 0.0) >= _REVENGE:
        return "retaliation"
    return "unclear"
