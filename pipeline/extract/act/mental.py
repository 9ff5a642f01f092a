"""Mental illness of an offender, as an expert or the court finds it (精神状态鉴定, 刑事责任能力).

The set phrase 作为完全刑事责任能力人 says nothing about an examination and is not counted; nor is the illness of a victim.
"""

from __future__ import annotations

import re
from itertools import islice

from pipeline.extract.act.actors import Actor, Cast
from pipeline.extract.act.pleas import claim_labels, claimed, pleaded
from pipeline.extract.case import Case
from pipeline.extract.engine.matching import Match, find
from pipeline.extract.engine.rules import load_rules
from pipeline.schema import Label, Section, Speaker
from pipeline.text import Document

# Weakened control alone, as drink brings it, is no illness; asked only where a rule fires.
_WORD = re.compile(r"精神[分病障疾发残状异活性]|责任能力|抑郁|躁狂|双相|妄想|障碍|痴呆|癔症|智[力能]|第十八条第[一三]款")
_EXAMINED = re.compile(
    r"鉴定|司法|精神医学|评定|优抚医院|安康医院|精神卫生中心|脑科医院|被鉴定人|责任能力评|(?:作案|案发|行为)时[^，。；]{0,4}(?:无|没有|未患有?)精神"
)
_PSYCHIATRIC = re.compile(r"精神(?:病|疾病|状态|医学|障碍|卫生)?[^，。；]{0,12}鉴定|精鉴|被鉴定人")
# Statements that anybody may make; they count when an examination is told with them.
_AFTER_EXAMINATION = {"mental.full_after_examination", "mental.no_illness"}
_ILLNESS = {"mental.illness", "mental.patient"}
# Whether the victim of a sexual offence could resist is examined too.
_OF_VICTIM = re.compile(r"性(?:自我)?(?:防卫|保护)能力|性自卫")
_REPORTED = (Speaker.DEFENCE, Speaker.WITNESS)
_MAX_EVIDENCE = 3
_MOST_READ = 500  # mentions; whose illness it is, is known long before
# Who is told of stands no further off: a text without signs stays fast.
_LONGEST_SENTENCE = 400


def mental_labels(case: Case) -> list[Label]:
    """One label `mental_disorder`: yes (an illness or limited responsibility), no (examined, none found) or not_mentioned.

    What the defence claims is kept by "defence".
    """
    found = find(load_rules("mental_disorder"), case.document)
    if not found or not _WORD.search(case.document.view):
        return [Label("case", "mental_disorder", "not_mentioned")]
    cast = Cast.read(case)
    claims = [m for m in found[:_MOST_READ] if claimed(case.document, m.start) and _of_offender(cast, m)]
    return [_decided(case, cast, found), *claim_labels(case.document, "mental_disorder", claims)]


def _decided(case: Case, cast: Cast, found: list[Match]) -> Label:
    for value in ("yes", "no"):
        told = [m for m in found if m.rule.value == value][:_MOST_READ]
        matches = list(islice((m for m in told if _counts(case, cast, m)), _MAX_EVIDENCE))
        if matches:
            return Label("case", "mental_disorder", value, spans=tuple(m.span(case.document) for m in matches))
    return Label("case", "mental_disorder", "not_mentioned")


def _of_offender(cast: Cast, match: Match) -> bool:
    return match.rule.id not in _AFTER_EXAMINATION and _whose(cast, match, sentences=1) in (Actor.OFFENDER, Actor.UNKNOWN)


def _counts(case: Case, cast: Cast, match: Match) -> bool:
    """Whether an expert, a record, the prosecution or the court says it of an offender."""
    document = case.document
    speaker, section = document.speaker_at(match.start), document.section_at(match.start)
    if speaker in _REPORTED and not (section is Section.COURT_VIEW and document.accepted_at(match.start)):
        return False
    if pleaded(document, match.start):
        return False
    if match.rule.id in _AFTER_EXAMINATION and not _examined(document, match):
        return False
    if match.rule.id == "mental.statute_18":
        return True
    if section is Section.EVIDENCE and speaker is Speaker.RECORD:
        return _whose(cast, match, sentences=1) is Actor.OFFENDER
    far = 2 if match.rule.id in _ILLNESS else 1
    return _whose(cast, match, far) in (Actor.OFFENDER, Actor.UNKNOWN)


def _examined(document: Document, match: Match) -> bool:
    """Whether the sentence tells an examination, or a psychiatric one stands shortly before."""
    start, _ = document.sentence_at(match.start)
    near = _EXAMINED.search(document.view, start, match.end)
    return bool(near or _PSYCHIATRIC.search(document.view, max(match.start - 160, 0), match.start))


def _whose(cast: Cast, match: Match, sentences: int) -> Actor:
    """Side of the person last named before the words, in the sentence or in as many sentences before."""
    start, end = cast.document.sentence_at(match.start)
    if _OF_VICTIM.search(cast.document.view, start, end):
        return Actor.VICTIM
    for _ in range(sentences):
        near = max(start, match.start - _LONGEST_SENTENCE)
        sides = [side for _, _, side in cast.mentions(near, match.start) if side is not Actor.OTHER]
        if sides:
            return sides[-1]
        start, _ = cast.document.sentence_at(max(start - 1, 0))
    return Actor.UNKNOWN
