"""Where the weapon came from, and whether it was prepared: brought, bought or fetched for the attack, or picked up on the spot.

Each kind of tool used has its own origin; the case is prepared when any of them is, and unclear when the origin of any stays open.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from pipeline.extract.act.actors import Actor, Cast
from pipeline.extract.case import Case
from pipeline.extract.engine.matching import Match, find
from pipeline.extract.engine.rules import load_rules, terms
from pipeline.schema import Label, Section, Speaker
from pipeline.text import Document, Expression

# What the codebook counts as made ready for the attack. Carried without a plan, picked up or taken from the victim is not; a weapon that
# another handed over may be either.
_PREPARED = {"prepared", "brought", "bought", "borrowed", "made", "fetched"}
_SETTLED = {*_PREPARED, "carried", "on_the_spot", "taken_from_victim"}
# How one came to own what one always carries tells no plan.
_OWNED = {"bought", "borrowed", "made"}
_OURS = (Actor.OFFENDER, Actor.ACCOMPLICE, Actor.UNKNOWN)
# Things that lie about where people quarrel; nobody need say that they were picked up there.
_OF_THE_SCENE = re.compile(
    r"凳|椅|桌|茶几|瓶|输液|氧气|灭火器|烟灰缸|花盆|壶|杯|碗|盘|碟|拖把|扫把|扫帚|笤帚|球杆|显示器|电视|电脑|键盘|垃圾桶|水桶|病历|电话机|饮水机|柜|锅|血压计|体温|热水|开水|沸水|包|鞋|衣|手机|笔|支架|铁架|毛巾|枕|被|话筒|麦克风|餐具|酒盒|音[箱响]|花瓶|风扇|电饭|砧板|案板|菜板|勺|铲子|轮椅|吊瓶|药瓶|广告牌|提示板|指示牌|栏杆|鼠标|喇叭|抽屉|梯|柜|盆|镜|箱|打火机|火柴|点燃|点着"
)
_STONE = re.compile(r"石|砖|水泥块")
# Nobody finds petrol, explosives or poison where he quarrels: they were brought, though the text need not say so.
_NEVER_AT_HAND = re.compile(
    r"汽油|煤油|柴油|天那水|稀料|炸|雷管|爆|燃烧瓶|硫酸|盐酸|硝酸|[投下]毒|下迷?药|[迷毒鼠眠]药|迷[魂幻]药|安定|麻醉|毒鼠强|氰化|砒霜|三唑仑|听话水"
)
_WITHOUT_SOURCE = {"funeral", "vehicle"}
_KINDS = {
    kind: Expression(terms()[name])
    for kind, name in (
        ("knife", "blade"),
        ("blunt", "club"),
        ("firearm", "gun"),
        ("fire_explosive", "fuel"),
        ("liquid", "caustic"),
        ("other", "thing"),
    )
}
_ANY_KIND = Expression(r"凶器|(?<!交通)工具|器械|械")
_LIST = 16  # characters after the first tool in which a list goes on
_TAKEN = re.compile(r"[夺抢接]")
_STRANGER = re.compile(r"男子|男青年|男的|小伙")
_FINDINGS = (Section.FACTS, Section.PRIOR_JUDGMENT, Section.PROSECUTION)
_PROOF = (Section.EVIDENCE, Section.COURT_VIEW)
_MANY = 200  # above so many, sentences one by one cost more than the whole
_MOST_OF_A_SENTENCE = 30
_MAX_EVIDENCE = 2


def source_labels(case: Case, cast: Cast, used: Sequence[Match]) -> list[Label]:
    """One label `weapon_prepared`, and one label `weapon_source` for each origin told of the tools used."""
    tools = [m for m in used if m.rule.value not in _WITHOUT_SOURCE]
    if not tools:
        return [Label("case", "weapon_prepared", "no")]
    told = _origins(case, cast, tools)
    values = list(dict.fromkeys(m.rule.value for m in told))
    sources = [_label(case, "weapon_source", value, [m for m in told if m.rule.value == value]) for value in values]
    return [_prepared(case, tools, told), *(sources or [Label("case", "weapon_source", "unstated")])]


def few(document: Document, matches: Iterable[Match]) -> list[Match]:
    """The first matches of each sentence: none tells of more in earnest, and a text of one phrase without end stays cheap."""
    counted: Counter[tuple[int, int]] = Counter()
    kept: list[Match] = []
    for match in matches:
        sentence = document.sentence_at(match.start)
        counted[sentence] += 1
        if counted[sentence] <= _MOST_OF_A_SENTENCE:
            kept.append(match)
    return kept


def _prepared(case: Case, tools: Sequence[Match], told: Sequence[Match]) -> Label:
    used = _used_kinds(tools)
    carried = {kind for m in told if m.rule.id == "weapon_source.carried_about" for kind in _kinds(m, used)}
    ready = [m for m in told if m.rule.value in _PREPARED and not (m.rule.value in _OWNED and _kinds(m, used) <= carried)] or [
        m for m in tools if _NEVER_AT_HAND.search(m.found["tool"])
    ]
    if ready:
        return _label(case, "weapon_prepared", "yes", ready)
    if _open(tools, told):
        return Label("case", "weapon_prepared", "unclear")
    return _label(case, "weapon_prepared", "no", [m for m in told if m.rule.value in _SETTLED])


def _label(case: Case, variable: str, value: str, matches: Sequence[Match]) -> Label:
    return Label("case", variable, value, spans=tuple(m.span(case.document) for m in matches[:_MAX_EVIDENCE]))


def _origins(case: Case, cast: Cast, tools: Sequence[Match]) -> list[Match]:
    """The words that tell an origin: in the findings; in the evidence of the kinds of which the findings tell none."""
    found = _told(case, cast, _FINDINGS, tools, _used_kinds(tools))
    if kinds := _open(tools, found):
        found += _told(case, cast, _PROOF, tools, kinds)
    return found


def _open(tools: Sequence[Match], told: Sequence[Match]) -> set[str]:
    """The kinds of tools whose origin is neither told nor plain."""
    at_hand = any(_OF_THE_SCENE.search(m.found["tool"]) for m in tools)
    in_doubt = {m.rule.value for m in tools if not (_OF_THE_SCENE.search(m.found["tool"]) or (at_hand and _STONE.search(m.found["tool"])))}
    used = _used_kinds(tools)
    settled = {kind for m in told if m.rule.value in _SETTLED for kind in _kinds(m, used)}
    return in_doubt - settled


def _used_kinds(tools: Sequence[Match]) -> set[str]:
    return {m.rule.value for m in tools}


def _kinds(match: Match, used: set[str]) -> set[str]:
    """The kinds of tools used of which the words speak: by name, or all of them (凶器, 工具)."""
    words = match.found[0] + match.found.string[match.end : match.end + _LIST].partition("。")[0].partition("，")[0]
    return {kind for kind in used if _KINDS[kind].regex.search(words)} or (used if _ANY_KIND.regex.search(words) else set())


def _told(case: Case, cast: Cast, sections: Sequence[Section], tools: Sequence[Match], kinds: set[str]) -> list[Match]:
    document = case.document
    told = few(document, find(load_rules("weapon_source"), document, _armed(document, document.stretches(*sections), kinds)))
    used = _used_kinds(tools)
    told = [m for m in told if _kinds(m, used) & kinds and not _already_held(m, tools) and _by_offender(case, cast, m)]
    ready = [(m.start, m.end) for m in told if m.rule.value in _PREPARED][:_MANY]
    return [m for m in told if m.rule.value in _PREPARED or not any(m.start < end and start < m.end for start, end in ready)]


def _armed(document: Document, stretches: Sequence[tuple[int, int]], kinds: set[str]) -> list[tuple[int, int]]:
    """The sentences of the stretches that name a tool of these kinds: most sentences of the evidence name none."""
    wanted = (*(_KINDS[kind] for kind in kinds), _ANY_KIND)
    named = (m.start() for start, end in stretches for words in wanted for m in document.finditer(words, start, end))
    sentences = sorted({document.sentence_at(at) for at in named})
    if len(sentences) > _MANY:
        return list(stretches)
    return [(max(a, start), min(b, end)) for start, end in stretches for a, b in sentences if a < end and start < b]


def _already_held(match: Match, tools: Sequence[Match]) -> bool:
    """Whether what was taken from the other side was not the first weapon of its kind in the hands of this one."""
    if match.rule.value != "taken_from_victim":
        return False
    kinds = _kinds(match, _used_kinds(tools))
    first = next((m for m in tools if m.rule.value in kinds), None)
    return first is not None and not _TAKEN.match(first.found[0])


def _by_offender(case: Case, cast: Cast, match: Match) -> bool:
    """Whether the words tell it of an offender; reports on the scene tell only where things were found afterwards."""
    document = case.document
    speaker, actor = document.speaker_at(match.start), cast.actor_at(match.start, sentences=2)
    if speaker is Speaker.EXPERT or match.rule.id == "weapon_source.of_the_place":
        return speaker is not Speaker.EXPERT
    if speaker in (Speaker.WITNESS, Speaker.RECORD):
        seen = bool(_STRANGER.search(document.view, document.clause_at(match.start)[0], match.start))
        return actor is Actor.OFFENDER or (actor is Actor.OTHER and seen and speaker is Speaker.WITNESS)
    return actor in _OURS
