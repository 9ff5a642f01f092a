"""Whose drinking the words tell: the offender's, the victim's, a companion's.

In the findings the subject of the sentence drank; in evidence it matters first whose statement is reported, for there 我 and 其 mean its maker.
"""

from __future__ import annotations

import re

from pipeline.extract.act.actors import Actor, Cast
from pipeline.extract.engine.matching import Match
from pipeline.schema import Speaker
from pipeline.text import Expression

_TOGETHER = re.compile(r"邀请?|相?约|一起|一同|共同|等[一二三四五六七八九十\d]?人|等[^，。；]{0,6}[名个位]|聚[餐会]|双方|同桌|和|与|跟|、")
_EVERYBODY = re.compile(
    r"(?:[二两三四五六七八九几]人|[二两三四五六七八九几]名?被告人|大家|众人|双方|席间|几个人|我们|他们)[^，。；]{0,6}$|(?:均|都)[^，。；]{0,4}$"
)
_SELF = re.compile(r"(?:我|其|自己|本人|他|她)[^，。；]{0,12}$")
_OF_PERSON = re.compile(r"(?:状态下?)?的|男子|女子|人员?")
_STRANGER = re.compile(r"酒?(?:状态下?)?的?(?:女子|女性|女孩|妇女|男子|男性|客人|人|朋友|司机|乘客|患者|病人|伤者|老人)(?!犯罪)")
# What one smells, sees or measures is another's: 医生闻到其满身酒气, 见李某醉酒, 趁李某酒后.
_PERCEIVED = re.compile(r"(?:闻到|闻出|嗅到|发现|见到?|看到|看见|感觉|抽取|提取|检测|检验|经)[^，。；]{0,12}$")
_OBSERVED = re.compile(r"(?:[见趁]|发现|看到|看见|得知|听说|怀疑|认为|以为|闻到|遇到|碰到)$")
_DRANK_AT_ONCE = re.compile(r"(?:已经?|又|都|均|因|当时|当晚|也|正|刚|处于|系|在|身上|满身|浑身|有些?|是)*")
# Somebody whom the maker of a statement speaks of: 看见一名客人喝多了.
_SOMEBODY = re.compile(
    r"(?:看到|看见|见到?|发现|听说|听[^，。；]{1,8}说|得知|知道|以为|遇到|碰到)[^，。；]{2,40}$|"
    r"(?<![和与跟同、])(?:那|这|一|两|二|几|有)(?:个|名|位|些)?[^，。；我其]{0,6}?(?:男|女|客|司机|老板|朋友|老头|小伙|孩子|人)的?[^，。；我其]{0,12}$|(?:我|其)的?(?:朋友|同学|同事|老婆|丈夫|妻子|父亲|哥哥|弟弟)(?![和与跟、])[^，。；]{0,6}$"
)
_THIRD_PERSON = re.compile(r"(?:他|她)(?!们)[^，。；我其]{0,12}$")
_SOBERED = re.compile(r"醒酒|酒醒|酒精|乙醇")
_HANDLED = re.compile(r"[将把对给](?P<pronoun>[其他她])?")
_MEASURED = re.compile(r"酒精|乙醇")
_STATEMENT = Expression(
    r"(?P<role>同案(?:被告人?|犯|人员|人)|(?:原审)?被告人|上诉人|犯罪嫌疑人|嫌疑人|证人|被害人|受害人)(?P<who>[^，。；：\n]{0,40}?)(?:供述|供认|供称|辩解|辩称|交代|证言|陈述|证实|证明|证称|笔录)"
)
_ACCUSED = {"被告人", "原审被告人", "上诉人", "犯罪嫌疑人", "嫌疑人"}
_LONGEST_CLAUSE = 200
_LONGEST_STATEMENT = 3000


def drinker(cast: Cast, match: Match, sentences: int = 2) -> Actor:
    """Whose drinking the words tell; UNKNOWN where the text leaves it open. A subject is sought in so many sentences up to the words."""
    document, view = cast.document, cast.document.view
    start = max(document.clause_at(match.start)[0], match.start - _LONGEST_CLAUSE)
    if known := _named_at_once(cast, match, start):
        return known
    before = view[start : match.start]
    mentions = cast.mentions(start, match.start)
    named = [side for _, _, side in mentions]
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
    if _SOBERED.search(match.found[0]) and (kept := _handled(cast, match.start, before)):
        return kept
    if _MEASURED.search(match.found[0]) and (tested := _last_in_sentence(cast, match.start)):
        return tested
    return cast.actor_at(match.start, sentences)


def stated_drinker(cast: Cast, match: Match) -> Actor:
    """Whose drinking a statement in the evidence tells that an accused or an accomplice made."""
    document, view = cast.document, cast.document.view
    start = max(document.clause_at(match.start)[0], match.start - _LONGEST_CLAUSE)
    before = view[start : match.start]
    maker = maker_of_statement(cast, match.start)
    first_person = "我" in view[document.sentence_at(match.start)[0] : match.start]
    if _SOMEBODY.search(before) or (first_person and _THIRD_PERSON.search(before)):
        return _named_at_once(cast, match, start) or Actor.OTHER
    if maker is Actor.OFFENDER:
        return drinker(cast, match)
    accused_named = any(name in view[start : match.end] for name in cast.offenders)
    return Actor.OFFENDER if accused_named and drinker(cast, match) is Actor.OFFENDER else maker


def claimed_drinker(cast: Cast, match: Match) -> Actor:
    """Whose drinking a plea tells: the accused's, unless the clause names the other side."""
    start, _ = cast.document.clause_at(match.start)
    sides = {side for _, _, side in cast.mentions(max(start, match.start - _LONGEST_CLAUSE), match.end)}
    told = drinker(cast, match)
    return Actor.VICTIM if told is Actor.UNKNOWN and Actor.VICTIM in sides else told


def maker_of_statement(cast: Cast, position: int) -> Actor:
    """Who makes the statement that the evidence reports at the place; an accomplice tried elsewhere is no offender of this case."""
    heads = list(cast.document.finditer(_STATEMENT, max(position - _LONGEST_STATEMENT, 0), position))
    if not heads:
        return Actor.OFFENDER
    head = heads[-1]
    if head["role"].startswith("同案"):
        return Actor.OFFENDER if any(name in head["who"] for name in cast.offenders) else Actor.ACCOMPLICE
    sides = [side for _, _, side in cast.mentions(head.start("who"), head.end("who"))]
    if Actor.OFFENDER in sides or (head["role"] in _ACCUSED and not sides):
        return Actor.OFFENDER
    if head["role"] in _ACCUSED:
        return sides[0] if sides[0] is Actor.VICTIM else Actor.OFFENDER
    return Actor.OTHER


def _named_at_once(cast: Cast, match: Match, start: int) -> Actor | None:
    """The person whom the words qualify (满身酒气的李某), name (李某喝酒) or who is observed right before them (见李某醉酒)."""
    view = cast.document.view
    link = _OF_PERSON.match(view, match.end)
    at = link.end() if link else match.end
    if _STRANGER.match(view, match.end):
        return Actor.OTHER
    after = cast.mentions(at, min(at + 8, len(view)))
    if link and after and after[0][0] <= at + 1:
        return after[0][2]
    if inside := cast.mentions(match.start, match.end):
        return inside[-1][2]
    before = cast.mentions(start, match.start)
    if before and _OBSERVED.search(view, start, before[-1][0]) and _DRANK_AT_ONCE.fullmatch(view, before[-1][1], match.start):
        return before[-1][2]
    return None


def _handled(cast: Cast, position: int, before: str) -> Actor | None:
    """Whom the police take, test or keep until sober: 将其约束至酒醒, 对被告人张某进行酒精检测."""
    marks = list(_HANDLED.finditer(before))
    if not marks:
        return None
    if marks[-1]["pronoun"]:
        return Actor.OFFENDER
    at = position - len(before) + marks[-1].end()
    named = cast.mentions(at, position)
    return named[0][2] if named and named[0][0] <= at + 2 else None


def _last_in_sentence(cast: Cast, position: int) -> Actor | None:
    """The person last named in the sentence: whose blood was tested (对被告人张某抽血检验，血液中未检出乙醇)."""
    start, _ = cast.document.sentence_at(position)
    sides = [side for _, _, side in cast.mentions(max(start, position - _LONGEST_CLAUSE), position) if side is not Actor.OTHER]
    return sides[-1] if sides else None


def _perceived_pronoun(before: str) -> bool:
    found = _PERCEIVED.search(before)
    return bool(found and re.search(r"[其他她]", found[0]))


def _offender_near(cast: Cast, position: int) -> bool:
    start, _ = cast.document.sentence_at(position)
    previous, _ = cast.document.sentence_at(max(start - 1, 0))
    previous = max(previous, position - 2 * _LONGEST_CLAUSE)
    return any(side is Actor.OFFENDER for _, _, side in cast.mentions(previous, position))
