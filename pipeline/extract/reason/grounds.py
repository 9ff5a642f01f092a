"""Stated grounds: the half-sentence in which a judgment says why (因…发生争执, 对…不满, 以…为由, 认为…, 拒不…), and its subject.

A word on payment or waiting says little by itself: people pay and wait in every hospital. In a stated ground it names the cause. The
last subject in the ground is its head, as Chinese noun phrases end in their head: 因手术后的赔偿数额 is about the sum, not the operation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache

from pipeline.extract.engine.matching import Match, find
from pipeline.extract.engine.rules import load_rules, terms
from pipeline.extract.reason.cues import Cue, Story, weigh

_TURNS = (  # each leaves the ground in a group of its own
    r"对(?P<towards>[^，。；：\n]{2,36}?)(?:心怀|心存|心生|产生|表示|感到|十分|极为|很|极度|提出|一直|存有|持)?(?:不满|不服|有意见|有异议|怨恨|生疑|异议|质疑|耿耿于怀|怀恨|记恨|气愤|愤恨|心怀|有怨气)",
    r"(?:以|借口|借)(?P<pretext>[^，。；：\n]{2,40})为(?:由|名|借口|理由)(?P<refused>[^，。；\n]{0,10})",
    r"(?:仅|只|就|系|是)?(?:因为|因|由于|起因是|缘于|源于)(?!此|犯|涉嫌|何|病死|故意|其行为|本案|失血|证据|其系|其有|其自|其犯|抢救)(?P<reason>[^，。；：\n]{2,44})",
    r"(?:认为|以为|觉得|认定|怀疑|疑心|责怪|怪罪|指责|责问|质问|埋怨|抱怨|质疑|嫌(?!疑)|怪(?!异)|不满(?!意|足|十|[一二三四五六七八九\d])(?:于|意)?|不服(?!从|判|本)|不(?:予)?认可|不认同|不接受|不相信)(?P<blame>[^。；：\n]{2,44})",
    r"(?:要求|索要|请求|坚持|执意|强行要求|提出)(?P<wish>[^，。；：\n]{2,24})[，]?[^，。；：\n]{0,14}?(?:未果|遭拒|被拒|遭到拒绝|拒绝|未得到满足|未获|未被|不同意|没有答应|未同意|被告知|遭[^，。；\n]{0,8}拒)",
    r"(?:拒绝|拒不|不肯|不愿意?|不配合|不听(?:从)?|不服从|不同意|不让|不给|不予)(?P<refusal>[^，。；：\n]{2,24})",
    r"为(?:了)?(?:达到|推翻|索取|索要|获取|获得|迫使|讨要|讨|争取|泄愤|逼)(?P<aim>[^，。；：\n]{1,24})",
    r"，(?:遂|由此|便|因此|故|因而|于是|[\u4e00-\u9fa5×]{1,4}|{{offender}}[^，。；\n]{1,4})?(?:对[^，。；\n]{1,14})?"
    r"(?P<anger>怀恨|心怀[^，。；\n]{0,2}[怨不]|心生[怨不]|产生[^，。；\n]{0,4}(?:不满|怨恨|怨气)|心存|(?:很|十分|极为|极度|表示|感到)?不满|恼怒|恼火|恼羞|气愤|怒|情绪激动)",
    r"在(?P<course>[^，。；：\n]{4,40})(?:的)?过程中，?(?:因|与|和|双方)",
    r"(?:为(?!由|其|了?抢)|就(?!诊|医|在|地)|围绕)(?P<matter>[^，。；：\n]{2,24})(?:一事|问题|之事|的事|事宜)",
)
_CUT = re.compile(  # what follows the ground in its clause: the quarrel, or the deed
    r"(?:与|和|同|跟|向)(?P<whom>[^，。；]{1,24}?)(?:发生|产生|引发|争[执吵论辩]|吵|口角|对骂|打架|打斗|厮打|撕打|扭打|理论|闹|纠缠)|"
    r"，(?:遂|便|即|于是|故|而|就|持|将|对|与|上前|怀恨|心生|产生|并|随即|被告人|其遂|双方|进而|情绪|一怒|恼怒|趁)|而(?:产生|怀|对|与|心)|[，]?(?:遂|怀恨)"
)
_THIRD = re.compile(
    r"(?:其|自己的?)?(?:前?妻|前?夫|弟媳|女友|男友|女朋友|男朋友|他人|别人|邻居|路人|网友|工友|同伴|朋友|家人|亲戚|老板|同桌|(?:其他|同病房|同室|邻床|临床|同科室)?(?:的)?(?:患者|病人|病友|家属)(?!家属))|{kin}"
)
_OTHER_MOUTH = re.compile(
    r"(?:本院|法院|检察院|机关|公诉人|辩护人|代理人|合议庭|民警|医生|医师|护士|鉴定(?:人|机构|所|中心)|应当|足以|予以|可以|依法|据此|经审查|不能|并不|不应)[^，。；]{0,6}$"
)
_CARE = r"(?:就诊|就医|看病|住院|治疗|入院|诊治|抢救|救治|输液|打针|求诊|就治|检查|分娩|手术|待产|急诊|看望|被送|送医|送往|送至|医治)"
_BACKGROUND = re.compile(rf"(?:到|在|来|至|去|送|往|入|由|被|于|前往)[^，。；]{{0,26}}{_CARE}(?:期间|时|中|后)?$")
_THEN_CARE = re.compile(rf"^，?(?:[^，。；]{{0,10}})(?:到|在|来|至|去|送|往|入|由|被|前往|拨打)[^，。；]{{0,26}}(?:{_CARE}|120)")
_CONFLICT = re.compile(r"不满|争|吵|纠纷|矛盾|口角|冲突|怨|恨|闹|打砸|讨|索|拒|未果")
_DEED = re.compile(r"，[^，。；]{0,4}(?:从|走|进|来到|到|去|掏|拿|取|持|上前|叫|让|当|乘|于|在|后|将|把|对|向|朝|随|冲|打|要求)")
_BODY = re.compile(r"遗体|尸体|太平间|停尸|殡仪馆")
_STRENGTH = {"towards": 1.1, "pretext": 1.3, "refusal": 0.7, "wish": 0.9, "aim": 0.6, "course": 0.7, "anger": 0.9, "matter": 0.8}
_WEAK = 2  # a subject this vague is the head only where there is no other
_THIRD_PARTY = "cause.ground.own_trouble"


@lru_cache(maxsize=1)
def grounds(told: Story) -> tuple[Cue, ...]:
    """One cue for each stated ground whose subject is known, in text order."""
    found = [
        cue for passage in told.passages for m in _turn().finditer(told.document.view, passage.start, passage.end) for cue in _read(m, told)
    ]
    return tuple(found)


@cache
def _turn() -> re.Pattern[str]:
    return re.compile("|".join(_TURNS).replace("{{offender}}", f"(?:{terms()['offender']})"))


@cache
def _third() -> re.Pattern[str]:
    return re.compile(_THIRD.pattern.replace("{kin}", f"(?:{terms()['kin']})"))


def _read(m: re.Match[str], told: Story) -> Iterable[Cue]:
    """The cue of one ground; none when somebody else speaks, when it says why a patient came, or when its subject is unknown."""
    kind, view = m.lastgroup or "", told.document.view
    kind = "pretext" if kind == "refused" else kind
    if kind in ("reason", "blame") and _OTHER_MOUTH.search(view, max(m.start() - 14, 0), m.start()):
        return
    start, end = _stretch(m, kind, told)
    cut = _CUT.search(view, start, end)
    if kind == "reason" and not cut and _background(view, start, end):
        return
    match = _subject(start, cut.start() if cut else end, told, kind, cut)
    if match is not None:
        yield weigh(match, told, _STRENGTH.get(kind, 1.0))


def _stretch(m: re.Match[str], kind: str, told: Story) -> tuple[int, int]:
    """Where the ground stands: after the turn, and before the words of anger (协商无果，心怀不满) in the clause that they end."""
    if kind == "anger":
        return max(told.document.clause_at(m.start())[0], m.start() - 44), m.start()
    return m.start(kind), m.end("refused") if kind == "pretext" else m.end(kind)


def _background(view: str, start: int, end: int) -> bool:
    """Whether the words say why somebody came to be treated (因车祸受伤到某医院住院), which sets nothing off."""
    clause = view[start:end]
    if _CONFLICT.search(clause):
        return False
    return bool(_BACKGROUND.search(clause) or _THEN_CARE.search(view[end : end + 44]))


def _subject(start: int, end: int, told: Story, kind: str, cut: re.Match[str] | None) -> Match | None:
    """The head of the ground: the subject that ends last, in its first clause if there is one; a quarrel with a third party is no grievance."""
    view = told.document.view
    rules = load_rules("ground")
    if cut and cut["whom"] and (third := _third().match(cut["whom"])) is not None:
        rule = next(r for r in rules if r.id == _THIRD_PARTY)
        return Match(rule, cut.start(), cut.end(), third)
    passive = view.find("被", start + 2, end) if kind == "reason" else -1
    comma = passive if passive >= 0 else view.find("，", start, end)
    if passive < 0 <= comma and _DEED.match(view, comma, end):
        end = comma
    for first, last in [(start, comma), (comma, end)] if 0 <= comma < end else [(start, end)]:
        found = find(rules, told.document, [(first, last)])
        if kind == "refusal":
            found = [f for f in found if not _BODY.search(f.found[0])]  # what is done with the dead is means, not cause
        if found:
            return max(found, key=lambda f: (f.rule.priority > _WEAK, f.end, f.rule.priority, f.end - f.start))
    return None
