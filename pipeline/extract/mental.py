"""Mental illness of an offender, as an expert or the court finds it (精神状态鉴定, 刑事责任能力).

The set phrase 作为完全刑事责任能力人 says nothing about an examination and is not counted; nor is the illness of a victim.
"""

from __future__ import annotations

import re

from pipeline.extract.actors import Actor, Cast
from pipeline.extract.case import Case
from pipeline.extract.matching import Match, find
from pipeline.extract.rules import load_rules
from pipeline.schema import Label, Section, Speaker

_WORD = re.compile(r"精神[分病障疾发残状异活性]|责任能力|抑郁|躁狂|双相|妄想|障碍|痴呆|癔症|智[力能]|第十八条第[一三]款")
_EXAMINED = re.compile(
    r"鉴定|精神病司法|司法精神|法医精神|精神医学|精神疾病|精神障碍|精神状态|精神病|评定|优抚医院|安康医院|精神卫生|脑科医院|诊断|检查"
)
_BARE = "mental.full_after_examination"
_REPORTED = (Speaker.DEFENCE, Speaker.WITNESS)
_MAX_EVIDENCE = 3


def mental_labels(case: Case) -> list[Label]:
    """One label `mental_disorder`: yes (an illness or limited responsibility), no (examined, none found) or not_mentioned."""
    if not _WORD.search(case.document.view):
        return [Label("case", "mental_disorder", "not_mentioned")]
    cast = Cast.read(case)
    told = [m for m in find(load_rules("mental_disorder"), case.document) if _counts(case, cast, m)]
    for value in ("yes", "no"):
        if matches := [m for m in told if m.rule.value == value]:
            return [Label("case", "mental_disorder", value, spans=tuple(m.span(case.document) for m in matches[:_MAX_EVIDENCE]))]
    return [Label("case", "mental_disorder", "not_mentioned")]


def _counts(case: Case, cast: Cast, match: Match) -> bool:
    """Whether an expert, a record, the prosecution or the court says it of an offender."""
    document = case.document
    speaker, section = document.speaker_at(match.start), document.section_at(match.start)
    if speaker in _REPORTED and not (section is Section.COURT_VIEW and document.accepted_at(match.start)):
        return False
    start, end = document.sentence_at(match.start)
    if match.rule.id == _BARE and not _EXAMINED.search(document.view, max(start, match.start - 160), match.start):
        return False
    return match.rule.id == "mental.statute_18" or _whose(cast, match) in (Actor.OFFENDER, Actor.UNKNOWN)


def _whose(cast: Cast, match: Match) -> Actor:
    """Side of the person last named before the words, within the sentence or the one before."""
    start, _ = cast.document.sentence_at(match.start)
    for _ in range(2):
        sides = [side for _, _, side in cast.mentions(start, match.start) if side is not Actor.OTHER]
        if sides:
            return sides[-1]
        start, _ = cast.document.sentence_at(max(start - 1, 0))
    return Actor.UNKNOWN
