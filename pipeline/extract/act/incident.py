"""Date of the first charged act (案发时间), cut to what the text tells: 2012-07-15, 2018-03, 2016.

Findings tell much that happened before (debts, marriages, treatments) and after (arrest, examination, trial). The act is told in the
stretch after its date, by verbs of violence or by what the defendant did; the other stretches tell procedure or background.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.extract.act.dates import Date, dated
from pipeline.extract.case import Case
from pipeline.schema import Label, Section
from pipeline.text import Document

_VIOLENCE = re.compile(
    r"殴打|厮打|撕打|撕扯|扭打|互殴|斗殴|打架|打斗|追打|击打|踢打|打砸|拳打|脚踢|脚踹|用脚|用拳|一拳|拳头|耳光|巴掌|推搡|推倒|拉扯|抓扯|揪|掐|扼|捂|勒|咬|砍|捅|刺|劈|划伤|割|"
    r"打伤|打成|致伤|打倒|打在|打了|打中|动手|行凶|挥拳|抽打|砸|泼|点燃|点火|放火|纵火|烧|爆炸|引爆|开枪|射击|枪击|撞|冲撞|冲卡|碾压|驾车|持刀|持械|持枪|持棍|手持|劫|抢|挟持|劫持|绑|拘禁|"
    r"剥夺[^，。；]{0,8}自由|强奸|强行|奸淫|猥亵|侮辱|辱骂|恐吓|威胁|胁迫|要挟|敲诈|勒索|逼迫|跪|堵|拦|阻拦|阻挠|阻碍|抗拒|闹事|起哄|滋事|毁坏|损毁|损坏|砸坏|纠集|聚集|围攻|围堵|拉横幅|横幅|花圈|"
    r"灵堂|停尸|纸钱|杀害|杀死|致死|伤害|投毒|投放|下药|抛|扔|张贴|散布|谎称|煽动|毒打|踹|抢夺|拽|摔|扯"
)
_OFFENCE_NAME = re.compile(r"(?:犯|涉嫌)[^，。；]{0,40}?罪|“[^”]{0,30}”|故意伤害(?:案|罪)|(?:法医|伤情|损伤)[^，。；]{0,30}鉴定")
_ACTING = re.compile(r"被告人|上诉人|犯罪嫌疑人|嫌疑人|(?:因|与)[^，。；]{0,30}(?:发生|产生)|争吵|口角|纠纷|冲突|争执")
_PROCEDURE = re.compile(
    r"判处|判决|裁定|逮捕|拘留|羁押|抓获|投案|自首|到案|归案|传唤|释放|取保|监视居住|立案|起诉|鉴定|谅解|赔偿|调解|出院|死亡。|病历|扣押|检查笔录|勘验|登记结婚|离婚|出生|生于|签订|户籍|出具|作出|受理|送达|通缉|上网追逃|决定书|解除"
)
_PROCEDURE_FIRST = re.compile(
    r"被[^，。]{0,24}(?:判处|逮捕|拘留|抓获|行政处罚)|投案|自首|刑满释放|^[^，。]{0,8}，?(?:送|经|作|到)[^，。]{0,20}鉴定|到案|归案|因犯"
)
_OFFENDER = re.compile(r"被告人|上诉人|嫌疑人|同案人")
_BACKGROUND = re.compile(
    r"^[^，。；]{0,6}(?:以来|起，|开始|间，|期间)|^[^。；]{0,40}(?:相识|认识|恋爱|结婚|同居|离婚|租住|承包|入职|打工|就职|借款|借给|成立|购得|购买|住院|就诊|手术|入院)"
)
_TOLD_BY_OTHERS = (Section.PROSECUTION, Section.EVIDENCE, Section.COURT_VIEW, Section.DEFENCE)
_LONGEST = 420


@dataclass(frozen=True, slots=True)
class _Told:
    """A date with the words told under it, `view[start:end]`, and how much they look like the charged act."""

    date: Date
    start: int
    end: int
    rank: int  # 0 violence with an offender named, 1 violence or an offender's act, 2 an offender, 3 nothing


def incident_labels(case: Case) -> list[Label]:
    """One label `incident_on`; '' when no act is dated."""
    first = _first_act(case)
    if first is None:
        return [Label("case", "incident_on", "")]
    span = case.document.span(first.date.start, first.date.end, "incident.date")
    return [Label("case", "incident_on", first.date.iso, spans=(span,))]


def _first_act(case: Case) -> _Told | None:
    """The first date of the best rank, in the most trusted place that has one of that rank."""
    places: list[list[_Told]] = []
    for stretches in _places(case.document):
        told = _read(_told(case, stretches))
        if any(t.rank == 0 for t in told):
            return _precise([t for t in told if t.rank == 0])
        places.append(told)
    ranked = ([t for t in told if t.rank == rank] for rank in (1, 2) for told in places)
    return next((_precise(told) for told in ranked if told), None)


def _read(told: Iterator[_Told]) -> list[_Told]:
    """The dates up to the first whole one of the best rank: nothing after it can change the answer."""
    found: list[_Told] = []
    partial = False
    for t in told:
        found.append(t)
        if t.rank == 0 and len(t.date.iso) == 10 and not partial:
            break
        partial |= t.rank == 0
    return found


def _precise(told: Sequence[_Told]) -> _Told:
    """The first act; where only its month or year is told, the first later date that falls into it: a summary comes before the acts."""
    first = told[0]
    return next((t for t in told if len(t.date.iso) == 10 and t.date.iso.startswith(first.date.iso)), first)


def _places(document: Document) -> Iterator[Sequence[tuple[int, int]]]:
    """Where to look, most trusted first."""
    for section in (Section.FACTS, Section.PRIOR_JUDGMENT, *_TOLD_BY_OTHERS):
        if stretches := document.stretches(section):
            yield stretches


def _told(case: Case, stretches: Sequence[tuple[int, int]]) -> Iterator[_Told]:
    view = case.document.view
    names = [name for d in case.defendants for name in d.names]
    for start, end in stretches:
        dates = dated(view, start, end)
        for i, date in enumerate(dates):
            stop = min(dates[i + 1].start if i + 1 < len(dates) else end, date.end + _LONGEST)
            if date.iso and not date.until:
                yield _Told(date, date.start, stop, _rank(view[date.end : stop], date.iso, names))


def _rank(words: str, iso: str, names: Sequence[str]) -> int:
    acts = _OFFENCE_NAME.sub("", words)
    offender = bool(_OFFENDER.search(words)) or any(name in words for name in names)
    violent = _VIOLENCE.search(acts)
    if violent and not _BACKGROUND.search(words) and not _PROCEDURE_FIRST.search(acts, 0, min(violent.start(), 60)):
        return 0 if offender and len(iso) > 4 else 1
    if offender and _ACTING.search(acts) and not _PROCEDURE.search(words):
        return 1
    return 2 if offender and not _PROCEDURE_FIRST.search(words, 0, 60) else 3
