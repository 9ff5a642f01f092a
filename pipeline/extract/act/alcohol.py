"""Whether the offender had drunk before or at the time of the act (饮酒). The victim's or a third person's drinking is not counted."""

from __future__ import annotations

import re

from pipeline.extract.act.actors import Actor, Cast
from pipeline.extract.act.pleas import pleaded
from pipeline.extract.case import Case
from pipeline.extract.engine.matching import Match, find
from pipeline.extract.engine.rules import load_rules
from pipeline.schema import Label, Section, Speaker
from pipeline.text import Document

_WORD = re.compile(r"酒|醉|饮|第十八条第四款|乙醇")
_TOGETHER = re.compile(r"邀请?|相?约|一起|一同|共同|等[一二三四五六七八九十\d]?人|等[^，。；]{0,6}[名个位]|聚[餐会]|双方|同桌|和|与|跟|、")
_EVERYBODY = re.compile(
    r"(?:[二两三四五六七八九几]人|[二两三四五六七八九几]名?被告人|大家|众人|双方|席间|几个人|我们|他们)[^，。；]{0,6}$|(?:均|都)[^，。；]{0,4}$"
)
_SELF = re.compile(r"(?:我|其|自己|本人|他|她)[^，。；]{0,12}$")
_FIRST_PERSON = re.compile(r"[我你咱]")
_WITNESS = re.compile(
    r"(?:证人|被害人|受害人)[^，。；\n]{0,30}(?:证言|陈述|证实|证明|笔录|的证)|[一-龥]某[^，。；\n]{0,10}(?:证言|证实|证明)"
)
_OF_PERSON = re.compile(r"(?:状态下?)?的|男子|女子|人员?")
_STRANGER = re.compile(r"酒?(?:状态下?)?的?(?:女子|女性|女孩|妇女|男子|男性|客人|人|朋友|司机|乘客|患者|病人|伤者|老人)(?!犯罪)")
# What one smells, sees or measures is another's: 医生闻到其满身酒气.
_PERCEIVED = re.compile(r"(?:闻到|闻出|嗅到|发现|见到?|看到|看见|感觉|抽取|提取|检测|检验|经)[^，。；]{0,12}$")
_TRUST = {Speaker.COURT: 0, Speaker.PROSECUTION: 1, Speaker.EXPERT: 2, Speaker.DEFENCE: 3, Speaker.RECORD: 4, Speaker.WITNESS: 5}
_MAX_EVIDENCE = 3
_LONGEST_CLAUSE = 200


def alcohol_labels(case: Case) -> list[Label]:
    """One label `alcohol`: yes, no (the text says he had not) or not_mentioned."""
    if not _WORD.search(case.document.view):
        return [Label("case", "alcohol", "not_mentioned")]
    cast = Cast.read(case)
    told = [m for m in find(load_rules("alcohol"), case.document) if _counts(case, cast, m)]
    for value in ("yes", "no"):
        matches = sorted((m for m in told if m.rule.value == value), key=lambda m: _TRUST.get(case.document.speaker_at(m.start), 9))
        if matches:
            return [Label("case", "alcohol", value, spans=tuple(m.span(case.document) for m in matches[:_MAX_EVIDENCE]))]
    return [Label("case", "alcohol", "not_mentioned")]


def _counts(case: Case, cast: Cast, match: Match) -> bool:
    """Whether somebody who may be believed says it of an offender."""
    document = case.document
    section, speaker = document.section_at(match.start), document.speaker_at(match.start)
    if match.rule.id == "alcohol.statute_18_4":
        return True
    if section is Section.DEFENCE or (
        speaker is Speaker.DEFENCE and section is Section.COURT_VIEW and not document.accepted_at(match.start)
    ):
        return False
    if pleaded(document, match.start):
        return False
    testimony = section is Section.EVIDENCE or _testimony(document, match.start)
    if (
        testimony
        and speaker is not Speaker.DEFENCE
        and _FIRST_PERSON.search(document.view, document.clause_at(match.start)[0], match.start)
    ):
        return False
    drinker = _drinker(cast, match)
    if testimony and speaker is not Speaker.DEFENCE:
        return drinker is Actor.OFFENDER
    return drinker in (Actor.OFFENDER, Actor.UNKNOWN)


def _testimony(document: Document, position: int) -> bool:
    """Whether the paragraph reports a witness, though it stands among the facts."""
    paragraph = document.view.rfind("\n", 0, position) + 1
    return bool(_WITNESS.search(document.view, paragraph, min(paragraph + 60, position)))


def _drinker(cast: Cast, match: Match) -> Actor:
    """Whose drinking the words tell."""
    document, view = cast.document, cast.document.view
    start = max(document.clause_at(match.start)[0], match.start - _LONGEST_CLAUSE)
    if qualified := _qualified(cast, match):
        return qualified
    if inside := cast.mentions(match.start, match.end):
        return inside[-1][2]
    before = view[start : match.start]
    named = [side for _, _, side in cast.mentions(start, match.start)]
    if Actor.OFFENDER in named and _TOGETHER.search(view, start, match.end):
        return Actor.OFFENDER
    if _EVERYBODY.search(before) and _offender_near(cast, match.start):
        return Actor.OFFENDER
    if named and _PERCEIVED.search(before):
        return named[-1]
    if _perceived_pronoun(before):
        return Actor.OFFENDER
    if document.speaker_at(match.start) is Speaker.DEFENCE and not named and _SELF.search(before):
        return Actor.OFFENDER
    return cast.actor_at(match.start, sentences=2)


def _qualified(cast: Cast, match: Match) -> Actor | None:
    """The person whom the words qualify: 满身酒气的李某."""
    view = cast.document.view
    link = _OF_PERSON.match(view, match.end)
    at = link.end() if link else match.end
    if _STRANGER.match(view, match.end):
        return Actor.OTHER
    after = cast.mentions(at, min(at + 8, len(view)))
    return after[0][2] if link and after and after[0][0] <= at + 1 else None


def _perceived_pronoun(before: str) -> bool:
    found = _PERCEIVED.search(before)
    return bool(found and re.search(r"[其他她]", found[0]))


def _offender_near(cast: Cast, position: int) -> bool:
    start, _ = cast.document.sentence_at(position)
    previous, _ = cast.document.sentence_at(max(start - 1, 0))
    previous = max(previous, position - 2 * _LONGEST_CLAUSE)
    return any(side is Actor.OFFENDER for _, _, side in cast.mentions(previous, position))
