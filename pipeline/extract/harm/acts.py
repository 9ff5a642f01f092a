"""Acts that a document tells, before anybody asks whom they hit, and what is charged: most judgments tell of no violence at all."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property

from pipeline.extract.engine.matching import Match, find
from pipeline.extract.engine.rules import Rule, load_rules
from pipeline.schema import Section
from pipeline.text import Document, Expression

_HOSPITAL = Expression(r"医院|卫生院|卫生所|卫生室|诊所|门诊部?|急救中心|卫生服务中心|保健院|120|救护车")
_CHARGE = Expression(r"(?:犯|构成|以)([\u4e00-\u9fff、（）]{2,24}?罪)")
_PROPERTY_CHARGE = re.compile(
    r"故意毁坏财物|盗窃|诈骗|侵占|破坏生产经营|破坏计算机|破坏电力|破坏交通|赌博|赌场|毒品|危险驾驶|伪造|掩饰|非法侵入住宅|非法经营|敲诈勒索"
)
# Charges that need no blow: whoever is called a victim of them has suffered in person, even where no rule finds the act.
_PERSONAL_CHARGE = re.compile(
    r"伤害|杀人|致人|抢劫|抢夺|强奸|奸淫|猥亵|侮辱|诽谤|拘禁|绑架|拐卖|拐骗|寻衅|妨害公务|袭警|聚众|虐待|遗弃|暴力|强迫|交通肇事|危险方法|放火|爆炸|投放|失火|事故|敲诈|勒索|干涉|刑讯|逼供|黑社会|恶势力|卖淫|"
    r"扰乱|报复|恐吓|劫持|枪|诬告|阻碍|冲击|斗殴|非法搜查"
)
# Rules whose words mean blows whatever is charged; others also mean 扣押, 推断, 撞车, and count only where they speak of blades.
_BLOWS = frozenset({"beat", "blow", "kick", "choke"})
_BLADES = frozenset({"stab", "kill"})
_ACCIDENT_CHARGE = re.compile("交通|驾驶|事故|过失|危险方法")
_THEFT = re.compile(r"盗窃|诈骗|侵占")
_MUTUAL = Expression(r"互殴|斗殴|械斗|约架|发生(?:打架|打斗|厮打|扭打|殴斗)|互相殴打|相互殴打|对打|互打|双方[^，。]{0,8}(?:打|斗|殴)")


@dataclass(frozen=True)
class Acts:
    """Where a document tells of acts: as found, and as charged only. Persons are not yet asked for."""

    document: Document

    @cached_property
    def found(self) -> list[Match]:
        """Acts against persons in the findings, in text order."""
        return find(_against_persons(), self.document, self.document.findings)

    @cached_property
    def charged(self) -> list[Match]:
        """Acts against persons in the rest of the charge."""
        return find(_against_persons(), self.document, self._only_charged)

    @cached_property
    def against_institution(self) -> list[Match]:
        """Acts against the order or property of an institution in the findings."""
        return find(_against_institutions(), self.document, self.document.findings)

    @cached_property
    def mutual(self) -> bool:
        """Whether the findings tell of a fight in which both sides strike."""
        return any(self.document.search(_MUTUAL, a, b) for a, b in self.document.findings)

    @cached_property
    def in_hospital(self) -> bool:
        """Whether the findings name a medical institution."""
        return any(self.document.search(_HOSPITAL, a, b) for a, b in self.document.findings)

    @cached_property
    def charges(self) -> frozenset[str]:
        """Every charge that the document names."""
        return frozenset(m[1] for m in self.document.finditer(_CHARGE))

    @cached_property
    def only_property(self) -> bool:
        """Whether the document names charges, all of them of the loss of things."""
        return bool(self.charges) and all(_PROPERTY_CHARGE.search(c) for c in self.charges)

    @cached_property
    def violence(self) -> bool:
        """Whether an offence against persons is charged, or no charge is named, or the document tells of blows all the same."""
        charge = None
        for charge in self.document.finditer(_CHARGE):
            if _PERSONAL_CHARGE.search(charge[1]):
                return True
        if charge is None:
            return True
        told = find(_of_blows(), self.document, [*self.document.findings, *self._only_charged])
        return any(m.rule.id in _BLOWS or m.found[0][0] in "捅砍刺扎" for m in told)

    def accident_charged(self) -> bool:
        """Whether some charge is of an accident (交通肇事, 重大责任事故, 过失致人死亡), or none is named."""
        return not self.charges or any(_ACCIDENT_CHARGE.search(c) for c in self.charges)

    @cached_property
    def theft(self) -> bool:
        """Whether some charge is of theft or fraud."""
        return any(_THEFT.search(c) for c in self.charges)

    @cached_property
    def _only_charged(self) -> list[tuple[int, int]]:
        """The charge, where it is not taken for the findings."""
        return [s for s in self.document.stretches(Section.PROSECUTION) if s not in self.document.findings]


@cache
def _against_persons() -> tuple[Rule, ...]:
    return tuple(rule for rule in load_rules("attack") if rule.value != "institution")


@cache
def _against_institutions() -> tuple[Rule, ...]:
    return tuple(rule for rule in load_rules("attack") if rule.value == "institution")


@cache
def _of_blows() -> tuple[Rule, ...]:
    return tuple(rule for rule in load_rules("attack") if rule.id in _BLOWS | _BLADES)
