"""Where the weapon came from: brought, bought or fetched for the attack (yes), picked up on the spot or carried without a plan (no)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.extract.act.actors import Actor, Cast
from pipeline.extract.case import Case
from pipeline.extract.engine.matching import Match, find
from pipeline.extract.engine.rules import load_rules
from pipeline.schema import Label, Section, Speaker

_OURS = (Actor.OFFENDER, Actor.ACCOMPLICE, Actor.UNKNOWN)
# Things that lie about where people quarrel; nobody need say that they were picked up there.
_OF_THE_SCENE = re.compile(
    r"凳|椅|桌|茶几|酒瓶|玻璃瓶|瓶子|输液|氧气|灭火器|烟灰缸|花盆|壶|杯|碗|盘|碟|拖把|扫把|扫帚|笤帚|球杆|显示器|电视|电脑|键盘|垃圾桶|水桶|病历|电话机|饮水机|柜|锅|血压计|体温|热水|开水|沸水|包|鞋|衣|手机|笔|支架|铁架|毛巾|枕|被"
)
# Lists of exhibits and reports on the scene say where things were found afterwards.
_THINGS = (Speaker.RECORD, Speaker.EXPERT)
_STONE = re.compile(r"石|砖|水泥块")
# Nobody finds petrol or explosives where he quarrels: they were brought, though the text need not say so.
_NEVER_AT_HAND = re.compile(r"汽油|煤油|柴油|天那水|稀料|炸|雷管|爆|燃烧瓶|硫酸|盐酸|硝酸")
_WITHOUT_SOURCE = {"funeral", "vehicle"}


def prepared_label(case: Case, cast: Cast, used: Sequence[Match]) -> Label:
    """The label `weapon_prepared` for the tools used."""
    tools = [m for m in used if m.rule.value not in _WITHOUT_SOURCE]
    if not tools:
        return Label("case", "weapon_prepared", "no")
    scene = [m for m in tools if _OF_THE_SCENE.search(m.found["tool"])]
    open_tools = [m for m in tools if m not in scene and not (scene and _STONE.search(m.found["tool"]))]
    brought = [m for m in tools if _NEVER_AT_HAND.search(m.found["tool"])]
    for sections in ((Section.FACTS, Section.PRIOR_JUDGMENT, Section.PROSECUTION), (Section.EVIDENCE, Section.COURT_VIEW)):
        told = _told(case, cast, sections)
        for value, matches in (("yes", [m for m in told if m.rule.value == "yes"] or brought), ("no", told)):
            if matches:
                return Label("case", "weapon_prepared", value, spans=tuple(m.span(case.document) for m in matches[:2]))
        if not open_tools:
            break
    return Label("case", "weapon_prepared", "unclear" if open_tools else "no")


def _told(case: Case, cast: Cast, sections: Sequence[Section]) -> list[Match]:
    document = case.document
    told = find(load_rules("weapon_source"), document, document.stretches(*sections))
    found = [m for m in told if document.speaker_at(m.start) not in _THINGS]
    return [m for m in found if cast.actor_at(m.start, sentences=2) in _OURS]
