"""Circumstances of sentencing as the court finds them: surrender, confession, recidivism and the like of each defendant; compensation,
forgiveness and the victim's fault of the case.

A plea counts only when the court accepts it; what the defence pleads is kept apart, told by "defence".
"""

from __future__ import annotations

from pipeline.extract.case import Case
from pipeline.extract.decision.claims import claim_labels
from pipeline.extract.decision.reading import Reading
from pipeline.extract.engine.matching import Match
from pipeline.schema import Label

_OF_DEFENDANT = (
    "surrender",
    "plea_leniency",
    "recidivist",
    "principal",
    "accessory",
    "meritorious",
    "major_merit",
    "preparation",
    "attempt",
    "discontinuance",
    "juvenile",
    "elderly",
    "deaf_mute_or_blind",
    "limited_responsibility",
)
_OF_CASE = ("compensation", "forgiveness", "victim_fault")
# What the defence may plead; nobody pleads to be a recidivist or a principal offender.
_PLEADED_OF_DEFENDANT = ("confession", *(v for v in _OF_DEFENDANT if v not in ("recidivist", "principal")))


def circumstance_labels(case: Case) -> list[Label]:
    """Labels '0' or '1' of each circumstance of each defendant and of the case; then those '1' that the defence pleads."""
    reading = Reading(case)
    found = {variable: reading.of_defendants(variable) for variable in _OF_DEFENDANT}
    found["confession"] = reading.of_defendants("confession", besides=found["surrender"])
    labels: list[Label] = []
    for defendant in case.defendants:
        unit = defendant.unit
        labels += [_label(reading, unit, variable, matches.get(defendant.n, [])) for variable, matches in found.items()]
    labels += [_label(reading, "case", variable, reading.of_case(variable)) for variable in _OF_CASE]
    return labels + claim_labels(case, reading, _PLEADED_OF_DEFENDANT, _OF_CASE)


def _label(reading: Reading, unit: str, variable: str, matches: list[Match]) -> Label:
    return Label(unit, variable, "1", spans=reading.spans(matches)) if matches else Label(unit, variable, "0")
