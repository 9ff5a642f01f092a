"""Who decides a variable: which rule files speak for it, and which module weighs them or reads the text without rules.

A file is named with a variable when its matches can change the variable's value, not only when they are quoted for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Decider:
    """`module` (a path below `pipeline/`; '' for what only people code) decides, from the matches of the rule files `files`."""

    module: str
    files: tuple[str, ...] = ()


def _of(module: str, *names: str) -> Mapping[str, Decider]:
    return {name: Decider(module) for name in names}


def _circumstance(*names: str) -> Mapping[str, Decider]:
    return {name: Decider("extract/decision/circumstances.py", (name,)) for name in names}


_HARM, _REASON, _ACT = "extract/harm/victims.py", "extract/reason", "extract/act"

DECIDERS: Mapping[str, Decider] = {
    **_of("extract/heading/header.py", "title", "case_number", "court", "court_level", "province", "city", "trial_level", "decided_on"),
    **_of("extract/accused/people.py", "gender", "birth", "ethnicity", "education", "occupation", "alias", "party_kind"),
    **_of("extract/decision/disposition.py", "charge", "sentence_kind", "sentence_months", "probation_months", "fine"),
    **_of("extract/decision/disposition.py", "political_rights_months", "property_confiscated", "term_of_charge", "civil_compensation"),
    **_of("store/projection.py", "defendants", "victims", "staff_victims"),
    **_of("", "confidence", "note"),
    **_circumstance(
        "compensation", "forgiveness", "surrender", "plea_leniency", "recidivist", "accessory", "meritorious", "attempt", "juvenile"
    ),
    **_circumstance("victim_fault", "principal", "major_merit", "preparation", "discontinuance"),
    **_circumstance("elderly", "deaf_mute_or_blind", "limited_responsibility"),
    # Whoever surrendered has not confessed in the sense of the codebook.
    "confession": Decider("extract/decision/circumstances.py", ("confession", "surrender")),
    "prior_record": Decider("extract/accused/prior_record.py", ("prior_record",)),
    "incident_on": Decider(f"{_ACT}/incident.py"),
    "weapon": Decider(f"{_ACT}/weapon.py", ("weapon",)),
    "weapon_prepared": Decider(f"{_ACT}/weapon_source.py", ("weapon_source", "weapon")),
    "weapon_source": Decider(f"{_ACT}/weapon_source.py", ("weapon_source", "weapon")),
    "alcohol": Decider(f"{_ACT}/alcohol.py", ("alcohol",)),
    "mental_disorder": Decider(f"{_ACT}/mental.py", ("mental_disorder",)),
    "cause": Decider(f"{_REASON}/cause.py", ("cause", "ground")),
    "motive": Decider(f"{_REASON}/motive.py", ("motive", "cause", "ground")),
    "relation": Decider(f"{_REASON}/relation.py", ("relation", "cause", "ground")),
    "hospital_level": Decider(f"{_REASON}/setting.py", ("hospital_level",)),
    "hospital_level_basis": Decider(f"{_REASON}/setting.py", ("hospital_level",)),
    "department": Decider(f"{_REASON}/setting.py", ("department",)),
    "prior_dispute_channel": Decider(f"{_REASON}/channels.py", ("prior_dispute_channel",)),
    "name": Decider(_HARM, ("attack", "role", "injury")),
    "role": Decider(_HARM, ("role", "attack", "injury")),
    "persons": Decider(_HARM, ("role", "attack", "injury")),
    "injury": Decider(_HARM, ("injury", "attack", "role")),
    "injury_grade": Decider(_HARM, ("injury", "attack", "role")),
    "worst_injury": Decider(_HARM, ("injury", "attack", "role")),
    "worst_staff_injury": Decider(_HARM, ("injury", "attack", "role")),
    # The rules only count cues here; the answer is the model's.
    "in_scope": Decider("classify", ("scope",)),
    "attack_type": Decider("classify"),
}
