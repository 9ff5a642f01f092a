"""Ties by kin and by acquaintance: whose relative or friend the patient is, told from the words before and after the relative.

张某之妻, 带其女儿, 死者之兄张某 and 我妈 make the offender a relative of a patient; 由其妻陪同 and 与妻子争吵 do not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from pipeline.extract.engine.rules import terms
from pipeline.extract.reason.cues import Story, Zone
from pipeline.text import Expression

_MORE_KIN = (
    r"老伴|婆母|公爹|老丈人|丈母娘|连襟|媳妇|孙儿|独[子女]|幼[子女]|亡[父母妻夫子女]|老(?:父亲?|母亲?|娘|爹)|病[父母]|(?<![太老])爹|(?<![姑大新厨])娘|"
    r"姥[姥爷]|姑父|姨夫|舅[妈父]|叔伯|家长|亲家|儿孙|(?<=其)[大伯]爷|双胞胎|[父母]亲|(?<=[之的])孙|外孙|小姨子|大舅子|内[弟兄]"
)
_COMPANY = (
    r"朋友|同事|工友|老乡|同乡|同学|战友|同伴|伙计|徒弟|师傅|牌友|棋友|酒友|猎友|室友|同桌|哥们儿?|小工|包?工头|带班班长|装卸工|民工|雇工|雇员|老板|东家|"
    r"手下|工人|员工|同村人|村民|邻居|女友|男友|女朋友|男朋友|熟人|狱友|驴友|球友|教练|老师"
)
_DESCRIBED = frozenset({"村民", "邻居", "工人", "员工", "民工", "老师", "教练", "装卸工", "师傅"})  # 村民张某 says what he is, not whose
_PATIENT = r"患者|病人|病员|醉汉|产妇|孕妇|伤者"
_KINDS = {"kin": "family", "friend": "companion", "patient": "patient"}
_HIS = ("其", "自己", "自家", "我", "本人")
_UNWELL = (
    r"住院|就诊|看病|就医|求诊|问诊|治疗|手术|开刀|抢救|救治|死|去世|过世|病故|身亡|离世|咽气|火化|丧事|遗体|患|病|受伤|摔|跌|伤|车祸|分娩|生产|难产|剖腹产|怀孕|检查|化验|"
    r"出院|入院|输液|打针|打点滴|扎针|疫苗|昏|晕|疼|痛|哭|发烧|吐|出血|不治|溺水|触电|中毒|醉|透析|做CT|拍片|尸检|截肢|骨折|急诊|牙|取药|开药|胎|疾|瘫|洗胃|喝农药|治|缴费|医疗费|"
    r"导管|吸氧|吸痰|病床|褥疮|化疗|放疗|产检|没了|保胎"
)
_LED = re.compile(r"(?:由|被(?!告人|害人)|让|经|叫|在)[^，。；]{0,8}$")  # 由其妻陪同: the relative brings, the offender is brought
_LEADS = re.compile(r"[^，。；被]{0,6}(?:陪(?![护床])同?|陪伴|带|送|搀?扶|抬|护送|劝|叫来)")
_BRINGS = re.compile(  # 其妻将其送医, 家属报警
    r"(?:等[^，。；]{0,3})?[^，。；被]{0,4}?(?:(?:将|把|带|送|陪同?|扶)(?:其|他|她|被告人)|送医|陪同下|报警|报案|劝(?!架))"
)
_QUARREL = re.compile(r"争吵|吵架|吵嘴|离婚|分手|不和|打架|要钱|彩礼|打电话|借钱|电话|谅解|赔偿|代为|求情|证言|证实")
_NO_PATIENT = re.compile(r"证人|被害人|同病房|其他|候诊|另一|邻床|对方|别的|民警|（(?:二人)?(?:均?系|均?为)[^（）]{0,2}$")
_REACH = 60  # characters of the clause that are read before and after the relative
_BETWEEN = re.compile(r"(?:等(?:人|[^，。；]{1,2}人)?)?(?:的|之)?$")  # between a name and a relative
_MODIFIER = re.compile(r"(?<=[某×＊*X甲乙丙丁\d其己])(?:的|之)?[^，。；被]{1,4}(?:的)?$")  # 张某年迈的(母亲)
_APPOSED = re.compile(r"[、，]?(?:即|系)?(?:原审)?(?:被告人|上诉人|犯罪嫌疑人)?")
_MASKED = re.compile(r"[\u4e00-\u9fa5]{1,2}[某×＊*X]{1,2}[甲乙丙丁\d]?(?![\u4e00-\u9fa5]{0,3}(?:的证言|证实|证明))")
_MASKED_OWNER = re.compile(r"[\u4e00-\u9fa5][某×＊*X]{1,2}[甲乙丙丁\d]?$")


@dataclass(frozen=True, slots=True)
class Tie:
    """`view[start:end]` ties the offender to a patient: as `family`, as `companion`, or being the `patient` whom the relative brings."""

    value: str
    weight: float
    start: int
    end: int


def ties(told: Story, names: Sequence[str]) -> list[Tie]:
    """The ties that the findings and the court's view tell of, in text order; `names` are those of the offender."""
    found = []
    for passage in told.passages:
        if passage.zone is Zone.WITNESS:
            continue
        for m in told.document.finditer(_relative(), passage.start, passage.end):
            tie = _tie(m, told, (passage.start, passage.end), tuple(n for n in names if len(n) > 1))
            if tie is not None:
                found.append(tie)
    return found


def _tie(m: re.Match[str], told: Story, within: tuple[int, int], names: tuple[str, ...]) -> Tie | None:
    view, kind = told.document.view, _KINDS[m.lastgroup or "kin"]
    first, last = told.document.clause_at(m.start())
    before, after = view[max(first, within[0], m.start() - _REACH) : m.start()], view[m.end() : min(last, within[1], m.end() + _REACH)]
    if _NO_PATIENT.search(before[-8:]):
        return None
    if _follows(after, names) and m[0] not in _DESCRIBED:
        return Tie(kind, 4.0, m.start(), m.end())
    if kind == "patient" or _QUARREL.search(before[-6:] + after[:14]):
        return None
    mine = any(n in view[max(m.start() - _REACH, within[0]) : m.start()] for n in (*names, "被告人"))
    if (_LED.search(before) and _LEADS.match(after)) or _BRINGS.match(after):
        return Tie("patient", 1.5 if mine else 0.5, m.start(), m.end()) if kind == "family" else None
    unwell = _unwell().search(before[-16:] + after + view[last : last + 14])
    late = 0.6 if told.attacks and told.attacks[0] < m.start() else 1.0
    weight = _ownership(before, names, mine) * late * (1.0 if unwell else 0.4)
    return Tie(kind, weight, m.start(), m.end()) if weight else None


def _follows(after: str, names: tuple[str, ...]) -> bool:
    """Whether the offender's name stands right behind the relative: 死者之兄张某, 陪同的工头、被告人李某."""
    apposed = _APPOSED.match(after)
    rest = after[apposed.end() :] if apposed else after
    return rest.startswith(names) if names else bool(_MASKED.match(rest))


def _ownership(before: str, names: tuple[str, ...], mine: bool) -> float:
    """How sure the words before the relative make it the offender's own: his name, a pronoun, or a verb of care whose subject he is."""
    for owner in (_BETWEEN.sub("", before), _MODIFIER.sub("", before)):
        if owner.endswith(names) if names else _MASKED_OWNER.search(owner):
            return 3.5
        if owner.endswith(_HIS):
            return 3.0
    if _caring().search(before):
        return 2.5 if mine else 1.5
    return 2.0 if not before else 0.0


@cache
def _relative() -> Expression:
    return Expression(rf"(?P<friend>{_COMPANY})|(?P<patient>{_PATIENT})|(?<!前)(?P<kin>{_MORE_KIN}|{terms()['kin']})", "medical")


@cache
def _unwell() -> re.Pattern[str]:
    return re.compile(_UNWELL)


@cache
def _caring() -> re.Pattern[str]:
    return re.compile(
        r"(?:带着?|送|陪同?|陪着|伺候|侍候|护理|照顾|照料|看护|看望|探望|探视|接|抱着?|扶着?|搀扶?着?|推着?|背着?|载着?|拉着?|领着?|架着?|抬着?|守着?|给|为|替|帮|因|见|看见|听见|听到|"
        r"听说|得知|就|将|把|嫌|认为|怀疑|觉得|称|说)[^，。；被与和]{0,10}$"
    )
