"""Cues for the screening: how often the text tells of staff attacked, order disturbed, and of the look-alikes (rescue, practice, guards elsewhere)."""

from __future__ import annotations

from collections import Counter

from pipeline.extract.case import Case
from pipeline.extract.engine.matching import find
from pipeline.extract.engine.rules import load_rules
from pipeline.schema import Section

_TOLD_IN = (Section.FACTS, Section.PROSECUTION, Section.PRIOR_JUDGMENT)


def scope_cues(case: Case) -> dict[str, float]:
    """Cue counts by family ("scope:staff_attacked", ...), in the acts as told; the court's reasons are counted apart ("scope:court:...")."""
    told: Counter[str] = Counter()
    stretches = case.document.stretches(*_TOLD_IN) or [(0, len(case.document.view))]
    for match in find(load_rules("scope"), case.document, stretches):
        told[f"scope:{match.rule.value}"] += 1
    for match in find(load_rules("scope"), case.document, case.document.stretches(Section.COURT_VIEW)):
        told[f"scope:court:{match.rule.value}"] += 1
    return dict(told)
