"""Cause: what set the conflict off (codebook `cause`), exactly one value, the one that the text makes decisive."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from pipeline.extract.case import Case
from pipeline.extract.reason.cues import Cue, Story, Zone, cues, evidence, label, story, totals
from pipeline.extract.reason.grounds import grounds
from pipeline.schema import Label

_GRIEVANCES = (
    "treatment_outcome",
    "dispute_handling",
    "payment",
    "service_speed",
    "attitude",
    "management",
    "procedure",
    "other_grievance",
)  # in the order that decides a tie: the codebook's more particular subjects first
_DEATHS = frozenset({"cause.outcome.death_of_patient", "cause.outcome.blamed_death"})
_FORMULAS = frozenset({"cause.unrelated.for_no_reason", "cause.unrelated.in_drink"})
_VAGUE = frozenset({"cause.other.medical_dispute", "cause.ground.medical_dispute"})
_SCENES = frozenset(  # words of everyday scenes: they count where the acts are told, and less where a ground is stated
    f"cause.{name}"
    for name in (
        "outcome.harm_after_care",
        "outcome.reproach",
        "outcome.dead_patient",
        "speed.elapsed",
        "speed.unanswered",
        "speed.turn",
        "payment.counter",
        "attitude.retort",
        "attitude.shame",
        "procedure.demand",
        "procedure.refusal_of_step",
        "procedure.mishandled",
        "management.conduct",
        "dispute.stage",
    )
)
_TOLD = frozenset({Zone.FINDINGS, Zone.PROSECUTION, Zone.STATEMENT})
_STATED = 3.0  # the weight of a ground that the text states where it counts
_BESIDE_A_GROUND = 0.5
_ENOUGH = 1.0  # less than one plain word on the subject, told at the right place, decides nothing


def cause_labels(case: Case) -> list[Label]:
    """The case's `cause`, with the words that decide it as evidence; 'unclear' without evidence when nothing is told."""
    told = story(case)
    value, found = decide_cause(told)
    return [label("cause", value, evidence(found, value, told))]


@lru_cache(maxsize=1)
def decide_cause(told: Story) -> tuple[str, tuple[Cue, ...]]:
    """The value and the cues that were weighed."""
    if not told.passages:
        return "unclear", ()
    found = (*_scenes(cues("cause", told), grounds(told)), *grounds(told))
    return _decide(_reconciled(totals(found), found)), found


def _scenes(found: Sequence[Cue], stated: Sequence[Cue]) -> list[Cue]:
    """The cues without those scenes that are told elsewhere, the others lighter where a ground is stated."""
    lighter = _BESIDE_A_GROUND if any(c.weight >= _STATED for c in stated) else 1.0
    return [
        replace(c, weight=c.weight * lighter) if c.match.rule.id in _SCENES else c
        for c in found
        if c.match.rule.id not in _SCENES or c.zone in _TOLD
    ]


def _reconciled(weights: Mapping[str, float], found: Sequence[Cue]) -> dict[str, float]:
    """Late or refused help over which a patient died is a grievance about the outcome: its weight goes there.

    Where a grievance is told, the set phrases of 寻衅滋事 (无事生非, 酒后滋事) do not speak against it, and where its subject is named,
    医疗纠纷 adds nothing.
    """
    mended = dict(weights)
    if any(mended.get(v, 0.0) >= _ENOUGH for v in _GRIEVANCES if v != "other_grievance"):
        mended["other_grievance"] = totals(c for c in found if c.match.rule.id not in _VAGUE).get("other_grievance", 0.0)
    if any(c.match.rule.id in _DEATHS and c.weight >= _ENOUGH for c in found):
        mended["treatment_outcome"] += 0.5 * mended.pop("service_speed", 0.0)
    if any(c.match.rule.value in _GRIEVANCES and c.weight >= _ENOUGH for c in found):
        mended["unrelated"] = totals(c for c in found if c.match.rule.id not in _FORMULAS).get("unrelated", 0.0)
    return mended


def _decide(weights: Mapping[str, float]) -> str:
    grievance = max(_GRIEVANCES, key=lambda v: weights.get(v, 0.0))
    told, unrelated = weights.get(grievance, 0.0), weights.get("unrelated", 0.0)
    if max(told, unrelated) < _ENOUGH:
        return "unclear"
    return grievance if told >= unrelated else "unrelated"
