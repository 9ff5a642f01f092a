"""What offenders used in the charged violence, and where it came from (作案工具, 凶器及其来源).

A tool counts when an offender or somebody who acts with him wields it or strikes, threatens or damages with it, as the findings tell;
not the victim's, not what is found on arrest, not what is merely damaged.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.extract.act.actors import Actor, Cast
from pipeline.extract.act.weapon_source import few, source_labels
from pipeline.extract.case import Case
from pipeline.extract.engine.matching import Match, find
from pipeline.extract.engine.rules import load_rules
from pipeline.schema import Label, Section
from pipeline.text import Document, Expression

_OURS = (Actor.OFFENDER, Actor.ACCOMPLICE, Actor.UNKNOWN)
_STRONG = re.compile(r"手?持|各持|分持|均持|手?执|手?握|抡|挥|举|抄|操")
_MOVED = re.compile(r"[将把]")
# Held in the hand without any thought of an attack.
_EVERYDAY = re.compile(r"牌|手电|电筒|话筒|喇叭|盾|头盔|安全帽|伞|餐具|瓶|杯|壶|碗|电脑|键盘|鼠标|鱼竿|对讲|手机|笔|包")
_BLOW = re.compile(
    r"(?<!拨)打(?!工|孔|洞|井|桩|磨|包|电话|开|车|听|扫|麻将|牌|算|针|印|包|听|探|捞|猎|球|游戏|招呼|过招)|砸|砍|捅|刺|扎|戳|划|割|击|敲|抽|扔|掷|投|抵|架在|架到|架住|横在(?=[^，。；]{0,6}[脖颈喉])|威胁|恐吓|要挟|胁迫|逼|指着|指向|朝|对准|攻击|殴|追|挥|泼|喷|洒|浇|淋|勒|捂|伤|杀|劈|剁|行凶|拍在|斗|撵"
)
_DAMAGED = re.compile(
    r"[^，。；]{0,8}(?:踢|掀|推|打|碰|撞)(?:翻|倒|落|掉|坏)|[^，。；]{0,8}(?:砸|摔|打|踢|损|毁|掰|撕)(?:坏|碎|烂|毁|破)|[^，。；]{0,8}(?:砍|剪|割|扯|拔|切|锯)断|[^，。；]{0,6}(?:掀|扫|扔|摔|推|甩|拨|丢|砸)(?:到|在|落|于)(?:了)?地|[^，。；]{0,8}(?:扔|投|丢)(?:入|进)"
)
_NOT_IN_THE_ACT = re.compile(
    r"查获|缴获|扣押|起获|搜出|搜查|搜到|收缴|没收|提取|夺下|夺走|弃(?!权)|扔掉|扔(?:到|在|进|至)(?![^，。；]{0,6}(?:身(?!边|旁)|(?<![床桌外里前后])头|脸|面部))|作案工具|剪断|剪开|撬开|撬门|防身|鉴定|勘查|加工|生产|运输|销售|勒令|所盗|盗得|盗窃|赃物|经营|走私|贩|买卖|非法持有|非法制造|打猎|动力发射|性能"
)
_BINDING = re.compile(r"捆|绑|封住|剪断|撬(?!别|棍|杠)|拍摄|录像|拨打|报警|联系")
# Against oneself: 持刀割伤自己颈部.
_SELF_HARM = re.compile(r"[^，。；]{0,6}(?:自己的?[手腕颈脖腹胸]|自杀|自残|自尽|割腕)")
# No hand struck: 被滚落的石头砸到.
_BY_A_THING = re.compile(r"被[^，。；用持拿以]{1,40}的$")
_PASSIVE = 44
# Where a thing stands or lies is no tool: 用桌子上的纸巾.
_PLACE = re.compile(r"(?<=[桌凳椅几柜箱床架车板台])子?[上下里内旁边](?!前|去|来|车|楼|班|坐)")
# What another was seen or awaited to do: 趁李某拿木棍赶狗时.
_WATCHED = re.compile(r"(?:[趁乘见等待]|等候|看到|看见|发现)(?:被害人)?$")
_WATCHING = re.compile(r"[趁乘见等待候现到]")
_WATCHED_NO_MORE = re.compile(r"之[际机]|时|不[备注]|[后遂便即]")
_GENERIC = re.compile(r"放火|纵火|(?:撬别|撬锁|作案)?工具|器械|械具?|凶器|手机|笔|被子|东西|物品")
_BARE_HANDS = Expression(
    r"拳|用脚|脚踢|脚踹|踢打|踹|(?:用|双|徒)手|耳光|巴掌|掌掴|掐|扼|捂|推搡|推倒|推至|拉扯|撕扯|抓扯|拖拽|咬|摔倒|辱骂"
)
# A charge by its name, not 犯其他罪, 犯数个罪.
_CONVICTED = re.compile(r"犯(?!其他|[一两数几属何本该同])([^，。；：、犯罪]{2,30})罪")
# Offences of force or threat, or against things; whoever is convicted of none of them used no weapon, whatever tools the text names.
_OF_VIOLENCE = re.compile(
    r"^(?!过失|失火).*?(?:伤害|杀|抢|劫|强|奸|猥亵|侮辱|寻衅|聚众|斗殴|拘禁|绑架|公务|袭警|敲诈|勒索|放火|爆炸(?!物)|决水|投放|危险方法|毁坏|损毁|破坏|虐待|暴|黑社会|"
    r"侵入|冲击|拐|扰乱|拒不执行|报复|阻碍|妨害作证|脱逃|越狱|恐怖|武装|携带|催收|抛物)"
)
# Without these nothing was done to anybody or anything of which the evidence could tell the means.
_HARM = re.compile(r"[打伤殴砸杀砍毁抢威恐斗]")
_TRAFFIC_ONLY = re.compile(r"交通肇事|危险驾驶|过失致人|交通事故")
_INTENT = re.compile(r"故意(?:伤害|杀人|毁坏)|危险方法|妨害公务|寻衅|抢劫|冲卡|报复|袭警|故意(?:驾|冲|撞)")
# Brought along as arms, though nobody tells that they struck: 携带砍刀、钢管等凶器.
_AS_ARMS = re.compile(r"[^，。；]{0,14}(?:凶器|器械)")
_NAMED = tuple(rule for rule in load_rules("weapon") if rule.id != "weapon.knife.cut")
_REACH = 60
_LONGEST_CLAUSE = 200  # keeps text without signs cheap
_MAX_EVIDENCE = 4


def weapon_labels(case: Case) -> list[Label]:
    """One label `weapon` for each kind used (none when bare hands), and what is told of their origin."""
    if _peaceful(case.document):
        return [Label("case", "weapon_prepared", "no")]
    cast = Cast.read(case)
    used = used_tools(case, cast)
    kinds: dict[str, list[Match]] = {}
    for match in used:
        same = kinds.setdefault(match.rule.value, [])
        if not same or match.start >= same[-1].end:
            same.append(match)
    labels = [
        Label("case", "weapon", kind, spans=tuple(m.span(case.document) for m in matches[:_MAX_EVIDENCE]))
        for kind, matches in kinds.items()
    ]
    return [*labels, *source_labels(case, cast, used)]


def used_tools(case: Case, cast: Cast) -> list[Match]:
    """The mentions of tools that offenders used, in the first of the findings, the charge and the evidence that tells any.

    The evidence is asked only where neither of the others says how the violence was done.
    """
    document = case.document
    told = document.findings, document.stretches(Section.PROSECUTION)
    for place in told:
        if found := [m for m in few(document, find(load_rules("weapon"), document, place)) if _used(document, cast, m)]:
            return _specific(document, found)
        if any(document.search(_BARE_HANDS, start, end) for start, end in place):
            return []
    if not any(_HARM.search(document.view, start, end) for place in told for start, end in place):
        return []
    evidence = few(document, find(_NAMED, document, document.stretches(Section.EVIDENCE)))
    found = [m for m in evidence if _used(document, cast, m) and cast.actor_at(m.found.start("tool"), sentences=2) is Actor.OFFENDER]
    return _specific(document, found) if len(found) > 1 else []


def _specific(document: Document, found: Sequence[Match]) -> list[Match]:
    """Leave out what says less than another mention: 持械 beside 持刀, 捅伤 beside the tool that did it."""
    named = [m for m in found if not _GENERIC.fullmatch(m.found["tool"]) and m.rule.id != "weapon.knife.cut"]
    sentences = {document.sentence_at(m.start) for m in named}
    cuts = [m for m in found if m.rule.id == "weapon.knife.cut" and document.sentence_at(m.start) not in sentences]
    return sorted([*named, *cuts], key=lambda m: m.start) or list(found)


def _peaceful(document: Document) -> bool:
    """Whether every conviction is for an offence without intended violence: what others wielded is then a part of the story only."""
    convicted = [m[1] for start, end in document.stretches(Section.DISPOSITION) for m in _CONVICTED.finditer(document.view, start, end)]
    return bool(convicted) and not any(_OF_VIOLENCE.match(charge) for charge in convicted)


def _traffic_offence(document: Document) -> bool:
    """Whether the vehicle did its harm by negligence: so the conviction says, or else the whole text."""
    convicted = "".join(document.view[start:end] for start, end in document.stretches(Section.DISPOSITION))
    told = convicted if "罪" in convicted else document.view
    return bool(_TRAFFIC_ONLY.search(told)) and not _INTENT.search(told)


def _used(document: Document, cast: Cast, match: Match) -> bool:
    view, tool = document.view, match.found.start("tool")
    _, end = document.sentence_at(match.start)
    clause_start, clause_end = document.clause_at(match.start)
    clause_end = min(clause_end, match.end + _LONGEST_CLAUSE)
    # What burns is thrown in the attack, and what is thrown at the end of another is thrown away.
    near = min(clause_end, match.found.end("tool") + (0 if match.rule.value == "fire_explosive" else 8))
    if _NOT_IN_THE_ACT.search(view, max(clause_start, match.start - 12), near):
        return False
    if match.rule.id.endswith("struck") and _BY_A_THING.search(view[max(clause_start, match.start - _PASSIVE) : match.start]):
        return False
    if match.rule.value == "vehicle" and _traffic_offence(document):
        return False
    if match.rule.value == "funeral":
        return True
    if match.rule.id.endswith("wielded"):
        after = match.found.end("tool")
        moved = bool(_MOVED.match(match.found[0]))
        if (moved and _DAMAGED.match(view, after)) or _BINDING.search(view, after, clause_end) or _SELF_HARM.match(view, after):
            return False
        reach = clause_end if moved else min(end, after + _REACH)
        armed = _STRONG.match(match.found[0]) and not _EVERYDAY.search(match.found["tool"])
        if not (armed or _AS_ARMS.match(view, after) or _BLOW.search(view, after, reach)):
            return False
    if _PLACE.match(view, match.found.end("tool")) or _watched(cast, clause_start, tool):
        return False
    actor = cast.actor_at(tool, sentences=2)
    struck = [side for _, _, side in cast.mentions(match.found.end("tool"), clause_end)]
    return actor in _OURS and not (actor is not Actor.OFFENDER and struck[:1] == [Actor.OFFENDER])


def _watched(cast: Cast, start: int, end: int) -> bool:
    """Whether the clause tells what the other side was seen doing before the words."""
    view = cast.document.view
    if not _WATCHING.search(view, start, end):
        return False
    seen = (after for at, after, side in cast.mentions(start, end) if side not in _OURS and _WATCHED.search(view[max(start, at - 5) : at]))
    return any(not _WATCHED_NO_MORE.search(view, after, end) for after in seen)
