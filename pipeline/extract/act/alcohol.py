"""Whether the offender had drunk before or at the time of the act (饮酒). The victim's or a third person's drinking is not counted."""

from __future__ import annotations

import re
from itertools import islice

from pipeline.extract.act.actors import Actor, Cast
from pipeline.extract.act.drinkers import claimed_drinker, drinker, stated_drinker
from pipeline.extract.act.pleas import claim_labels, claimed, pleaded
from pipeline.extract.case import Case
from pipeline.extract.engine.matching import Match, find
from pipeline.extract.engine.rules import load_rules
from pipeline.schema import Label, Section, Speaker
from pipeline.text import Document

_FIRST_PERSON = re.compile(r"[我你咱]")
_WITNESS = re.compile(
    r"(?:证人|被害人|受害人)[^，。；\n]{0,30}(?:证言|陈述|证实|证明|笔录|的证)|[一-龥]某[^，。；\n]{0,10}(?:证言|证实|证明)"
)
_TRUST = {Speaker.COURT: 0, Speaker.PROSECUTION: 1, Speaker.EXPERT: 2, Speaker.DEFENCE: 3, Speaker.RECORD: 4, Speaker.WITNESS: 5}
_MAX_EVIDENCE = 3
_MOST_READ = 500  # mentions; who drank is known long before


def alcohol_labels(case: Case) -> list[Label]:
    """One label `alcohol`: yes, no (the text says he had not) or not_mentioned; and what the defence claims, by "defence"."""
    found = find(load_rules("alcohol"), case.document)
    if not found:
        return [Label("case", "alcohol", "not_mentioned")]
    cast = Cast.read(case)
    claims = [m for m in found[:_MOST_READ] if claimed(case.document, m.start)]
    claims = [m for m in claims if claimed_drinker(cast, m) in (Actor.OFFENDER, Actor.UNKNOWN)]
    return [_decided(case.document, cast, found), *claim_labels(case.document, "alcohol", claims)]


def _decided(document: Document, cast: Cast, found: list[Match]) -> Label:
    """The label by the most trusted words, read until there are enough of them."""
    for value in ("yes", "no"):
        trusted = sorted((m for m in found if m.rule.value == value), key=lambda m: _TRUST.get(document.speaker_at(m.start), 9))
        matches = list(islice((m for m in trusted[:_MOST_READ] if _counts(document, cast, m)), _MAX_EVIDENCE))
        if matches:
            return Label("case", "alcohol", value, spans=tuple(m.span(document) for m in matches))
    return Label("case", "alcohol", "not_mentioned")


def _counts(document: Document, cast: Cast, match: Match) -> bool:
    """Whether somebody who may be believed says it of an offender."""
    section, speaker = document.section_at(match.start), document.speaker_at(match.start)
    if match.rule.id == "alcohol.statute_18_4":
        return True
    if section is Section.DEFENCE or (
        speaker is Speaker.DEFENCE and section is Section.COURT_VIEW and not document.accepted_at(match.start)
    ):
        return False
    if pleaded(document, match.start):
        return False
    if section is Section.EVIDENCE and speaker is Speaker.DEFENCE:
        return stated_drinker(cast, match) in (Actor.OFFENDER, Actor.UNKNOWN)
    if section is Section.EVIDENCE or _testimony(document, match.start):
        clause, _ = document.clause_at(match.start)
        return not _FIRST_PERSON.search(document.view, clause, match.start) and drinker(cast, match, 1) is Actor.OFFENDER
    return drinker(cast, match) in (Actor.OFFENDER, Actor.UNKNOWN)


def _testimony(document: Document, position: int) -> bool:
    """Whether the paragraph reports a witness, though it stands among the facts."""
    paragraph = document.view.rfind("\n", 0, position) + 1
    return bool(_WITNESS.search(document.view, paragraph, min(paragraph + 60, position)))
