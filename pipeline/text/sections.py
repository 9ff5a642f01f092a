"""Sections of a judgment, found by the set phrases with which Chinese courts open them.

Works on the reading view. First instance, second instance, joint civil suits, summary procedure and records that hold only facts.
Sources for the order and wording of the parts: Supreme People's Court, model forms of criminal documents (法院刑事诉讼文书样式, 1999, as amended).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType

from pipeline.schema import Section
from pipeline.text.scan import Expression, Scan


@dataclass(frozen=True, slots=True)
class Stretch:
    """`view[start:end]` belongs to one section."""

    start: int
    end: int
    section: Section


_PARTY = r"(?:被告人|上诉人|原审被告人|被告单位|原审被告|自诉人|附带民事诉讼被告人|(?:指定)?辩护人|法定代理人|诉讼代理人|抗诉机关|[^，。；\n]{0,12}(?:被告人|辩护人))"
_PLEA = r"(?:辩称|辩解|辩护(?!人)|提出|无异议|没有异议|未提出异议|未提异议|不持异议|无意见|认罪|承认|上诉称|上诉认为|上诉理由|请求|表示|供认|认为|对.{0,20}指控)"
_LEAD = r"(?:[一二三四五六七八九十\d（）]{1,4}[、.）]?)?(?:在?(?:本案)?(?:庭审|法庭审理|开庭审理|审理|诉讼|二审)(?:过程)?(?:期间)?中?，)?"

# Section that a sentence opens, in order of trial. The patterns are tried at the start of each sentence.
_CUES: tuple[tuple[Section, Expression], ...] = tuple(
    (section, Expression(pattern))
    for section, pattern in (
        (Section.COURT_VIEW, rf"{_LEAD}(?:(?:综上(?:所述)?|为此|据此)，?)?(?:本院|合议庭)(?:[^。，；\n]{{0,12}}(?:认为|评判如下|评析如下|分析如下|评述如下))"),
        (Section.COURT_VIEW, r"(?:关于|对于|针对|对)[^。\n]{0,120}(?:本院(?:经)?(?:综合)?(?:评判|评析|分析|评述|认为)|(?:综合)?(?:评判|评析|分析|评述)如下)"),
        (Section.COURT_VIEW, r"(?:关于|对于|针对|对)?[^。\n]{0,140}(?:意见|辩解|辩称|理由|主张|请求(?!本院|法院|人民法院|依法|判令)|说法|观点)[^。\n]{0,24}[，。]?(?:经查|经审查|本院|不予采纳|予以采纳)"),
        (Section.PRIOR_JUDGMENT, r"(?:原?一审|原[审判]|[^，。；\n]{4,22}法院(?:审理|判决|根据|依照|以|认定|查明|认为|刑事(?:附带民事)?判决书?(?=认定|查明|确认)))[^。；\n]{0,40}?(?:认定|查明|认为|判决|根据|依照|确认)"),
        (Section.FACTS, rf"{_LEAD}[^。，；：\n]{{0,24}}(?:审理查明|庭审查明|审查查明|再审查明|法院查明|本院查明|二审查明|依法查明|审理认定|审理确认|经查明|再查明|另查明|另查|又查明|还查明|现查明|查明以下|查明的?(?:案件)?(?:事实|情况))"),
        (Section.EVIDENCE, r"(?:上述|以上|认定上述|认定以上|前述|综上|该|本案|证实上述|证明上述)[^。；\n]{0,6}(?:犯罪)?(?:事实|指控|查明)[^。\n]{0,600}?(?:证据|证实|证明|佐证|印证|陈述|证言|供述|为证|在案)"),
        (Section.EVIDENCE, r"(?:公诉机关|检察机关|公诉人|[^，。；\n]{2,20}检察院|为(?:支持|证实|证明)|针对上述|就上述|对上述)[^。\n]{0,60}?(?:(?:提供|提交|出示|举示|宣读|列举|移送)[^。\n]{0,40}证据|举证)"),
        (Section.EVIDENCE, r"(?:上述|以上)(?:犯罪)?事实[^。；\n]{0,80}(?:无异议|没有异议|不持异议|供认不讳)"),
        (Section.EVIDENCE, r"[^，。；\n]{0,10}(?:下列|如下|以下)证据"),
        (Section.PROSECUTION, r"(?!(?:以上|上述|各)?(?:被告|上诉人|辩护人|原审被告))(?![^。\n]{0,60}审理[^。\n]{0,200}一案)(?:[^。，；\n]{0,20}(?:公诉机关|检察机关|公诉人|检察院|起诉书|自诉人)|[^。，；\n]{0,16}附带民事诉讼原告人?)(?![^。\n]{0,200}提起公诉)[^。；：\n]{0,60}?(?:指控|诉称|认为|起诉称|起诉认为|请求|要求|诉请|控诉|意见)"),
        (Section.DEFENCE, rf"{_LEAD}(?:以上|上述|各|[一二三四五六七八九十两]{{1,2}}名?)?{_PARTY}[^。\n]{{0,100}}?{_PLEA}"),
    )
)  # fmt: skip
# 检察院指控： on a line of its own: what follows is the charge, though it begins with 被告人.
_CHARGE_FOLLOWS = re.compile(r"指控[^。，；]{0,12}：\s*$")
_SENT_BACK = re.compile(r"发回|重审|再审|立案|不符合")
_TRIAL_ATTENDANCE = Expression(r"到庭(?:参加|应诉)|出庭(?:支持|参加|应诉)|审理终结|公开开庭|不服[^。]{0,20}提出上诉。")
_ANSWERED = re.compile(r"采纳|经查|经审查|成立|不予支持|相符|不符|属实|不实|(?:理据|依据|证据|理由)不足")
_ANSWER_FOLLOWS = Expression("经查，")
_PROCEDURE = Expression(r"提起公诉|提起上诉|提出上诉|立案受理|组成合议庭|现已审理终结|审理了本案|(?:指控|犯)[^。]{2,60}一案")
_DECISION = Expression(r"(?:判决|裁定|决定|判处)如下[：。，]?|(?<=[，。\n])(?:判决|裁定)：")
_CLOSING = re.compile(
    r"如不服本|如对本(?:判决|裁定)不服|不服本判决|本(?:判决|裁定)(?:为终审|系终审|是终审|送达|自|依法)|(?<=[\n。；）])(?:代理|助理)?审判[长员]"
)
_STATUTE = Expression(
    r"附[：:（\n]?[^。\n]{0,20}(?:法条|法律|条文|条款|规定|依据)|(?<=[\n。日])附(?:件|录)?[：\n]|"
    r"(?<=[\n。])(?:本案|本判决|裁判|判决)?[^。，\n]{0,8}(?:引用|适用|依据|援引)[^。，\n]{0,8}(?:法律|法条|条文|条款)|(?<=[\n。])(?:相关|有关)(?:法律|法条)|"
    r"(?<=[\n员])《?中华人民共和国刑法》?\n?(?:（节选）)?\n?第"
)
_HEAD = re.compile(
    r"人民法院|军事法院|铁路运输法院|判决书|裁定书|公诉机关|抗诉机关|被告人[^，。]{1,12}，(?:男|女|曾用名|绰号|19|20|又名|化名|汉族)"
)
_APPEAL = re.compile(r"上诉人|原审被告人|抗诉机关|二审|终字|刑终|再审|刑再|再字|复核")
# Facts told after the court's reasons have begun; a bare 经查明 there answers a plea.
_FACTS_ADDED = re.compile(r"(?:经[^。，]{0,6}审理|另|又|再|还|本院)[^。，]{0,8}查明")
_NAMES = frozenset(Section)
_BEFORE_TRIAL = {Section.HEADING, Section.PROCEDURE}
_EARLIER = re.compile(r"原审|原判|原?一审")
_EARLIER_OR_ADDED = re.compile(r"原审|原判|原?一审|[另又还再]查")
_BEFORE_FACTS = {Section.HEADING, Section.PROCEDURE, Section.PROSECUTION, Section.DEFENCE, Section.PRIOR_JUDGMENT}


_NOTHING: Mapping[Section, int] = MappingProxyType({})
_PLEAS = {Section.PROSECUTION, Section.DEFENCE}


def told(landmarks: str, size: int) -> dict[Section, int]:
    """Read `heading:0 court_view:1803`, a source's own split, as sections and places in a text of `size` characters.

    What names no section, lies outside the text or goes back is left out.
    """
    found: dict[Section, int] = {}
    for name, _, place in (word.partition(":") for word in landmarks.split()):
        if name in _NAMES and place.isascii() and place.isdigit() and max(found.values(), default=-1) < int(place) < size:
            found.setdefault(Section(name), int(place))
    return found


def sections(scan: Scan, sentences: tuple[tuple[int, int], ...], source: Mapping[Section, int] = _NOTHING) -> tuple[Stretch, ...]:
    """Cut the scanned view into sections, in order and without gaps; a text without headings is one stretch of facts.

    `source` is where the document's source says that sections begin; it is followed only for a part that the text itself does not show.
    """
    view = scan.text
    decision_end, closing, statute = _landmarks(scan, source)
    cues = _cues(scan, sentences)
    trial = _Trial(appeal=bool(_APPEAL.search(view[:1500])), state=_first_section(view))
    marks: list[tuple[int, Section]] = []
    for n in sorted(cues):
        start, end = sentences[n]
        if start >= decision_end:
            break
        opened = trial.opened(view, start, end, cues[n])
        if opened != trial.state or not marks:
            marks.append((start, opened))
        trial.enter(opened)
    marks = _as_told(marks, source, decision_end)
    marks += [
        (p, s) for p, s in ((decision_end, Section.DISPOSITION), (closing, Section.CLOSING), (statute, Section.STATUTE)) if p < len(view)
    ]
    return _stretches(marks, len(view))


def _cues(scan: Scan, sentences: tuple[tuple[int, int], ...]) -> dict[int, list[tuple[Section, re.Pattern[str]]]]:
    """Number of each sentence that may open a section, the first among them -> the cues of which it holds an anchor, in their order."""
    starts = [start for start, _ in sentences]
    found: dict[int, list[tuple[Section, re.Pattern[str]]]] = {0: []} if sentences else {}
    for section, cue in _CUES:
        for first, last in scan.beginnings(cue):
            for n in range(bisect_left(starts, first), bisect_left(starts, last)):
                found.setdefault(n, []).append((section, cue.regex))
    for cue in (_TRIAL_ATTENDANCE, _PROCEDURE, _ANSWER_FOLLOWS):
        for first, last in scan.windows(cue):
            for n in range(max(bisect_right(starts, first) - 1, 0), bisect_left(starts, last)):
                found.setdefault(n, [])
    return found


def _as_told(marks: list[tuple[int, Section]], source: Mapping[Section, int], decision_end: int) -> list[tuple[int, Section]]:
    """Put in the facts and the court's view from the source where no sentence opens them.

    Facts only of a source that tells the pleas apart: else they begin with the charge.
    """
    for section in (Section.FACTS, Section.COURT_VIEW):
        start = source.get(section, decision_end)
        apart = section is Section.COURT_VIEW or not _PLEAS.isdisjoint(source)
        if start >= decision_end or not apart or any(opened is section for _, opened in marks):
            continue
        following = (place for place in source.values() if place > start)
        end = decision_end if section is Section.COURT_VIEW else min(following, default=decision_end)
        before = [mark for mark in marks if mark[0] < start]
        resumed = max((mark for mark in marks if mark[0] <= end), default=(0, section))[1]
        behind = [(end, resumed)] if end < decision_end else []
        marks = [*before, (start, section), *behind, *(mark for mark in marks if end < mark[0] < decision_end)]
    return marks


def _landmarks(scan: Scan, source: Mapping[Section, int]) -> tuple[int, int, int]:
    """Where the disposition begins, the closing, and the appended statute; the length of the view where a part is missing."""
    view, size = scan.text, len(scan.text)
    statute = next((m.start() for m in scan.finditer(_STATUTE) if m.start() > 0.3 * size and _after_closing(view, m.start())), size)
    decision = max(scan.finditer(_DECISION, 0, statute), key=lambda m: m.end(), default=None)
    if decision is not None and (decision.end() >= 0.25 * size or _CLOSING.search(view, decision.end())):
        decision_end = decision.end()
    else:
        decision_end = source.get(Section.DISPOSITION, size)
    if decision_end >= statute:
        return size, size, statute
    closing = _CLOSING.search(view, decision_end, statute)
    return decision_end, closing.start() if closing else statute, statute


def _after_closing(view: str, position: int) -> bool:
    return bool(re.search(r"审判[长员]|书记员|终审|如不服本|二〇", view[:position]))


def _first_section(view: str) -> Section:
    return Section.HEADING if _HEAD.search(view[:120]) and not re.match(r"[^。，]{0,30}(?:指控|查明)", view) else Section.FACTS


@dataclass
class _Trial:
    """Where the reading stands: what may follow depends on what has been told so far."""

    appeal: bool
    state: Section
    facts_told: bool = False

    def enter(self, section: Section) -> None:
        self.state = section
        self.facts_told |= section is Section.FACTS

    def opened(self, view: str, start: int, end: int, cues: Sequence[tuple[Section, re.Pattern[str]]]) -> Section:
        """The section that the sentence `start:end`, which may open with one of `cues`, belongs to."""
        if self.state in _BEFORE_TRIAL and _TRIAL_ATTENDANCE.regex.search(view, start, end):
            return Section.PROCEDURE
        if self.state is Section.PROSECUTION and _CHARGE_FOLLOWS.search(view[max(start - 24, 0) : start]):
            return self.state
        if _ANSWER_FOLLOWS.regex.match(view, start) and self.state is not Section.COURT_VIEW:
            return Section.COURT_VIEW if self.facts_told else Section.FACTS
        for section, cue in cues:
            if cue.match(view, start, end) and self._may_open(section, view[start:end], first=start == 0):
                return self._answered(section, view[start:end])
        if self.state is Section.HEADING and _PROCEDURE.regex.search(view, start, end):
            return Section.PROCEDURE
        return self.state

    def _answered(self, section: Section, sentence: str) -> Section:
        """A plea that is told together with the court's answer is part of its reasons: this court's after the facts, else the earlier one's."""
        if section is not Section.DEFENCE or not _ANSWERED.search(sentence):
            return section
        if self._amid_the_earlier_judgment:
            return self.state
        return Section.COURT_VIEW if self.facts_told else section

    @property
    def _amid_the_earlier_judgment(self) -> bool:
        """Whether the earlier judgment, or the evidence that it names, is being told."""
        return self.state is Section.PRIOR_JUDGMENT or (self.appeal and self.state is Section.EVIDENCE and not self.facts_told)

    def _may_open(self, section: Section, sentence: str, first: bool) -> bool:
        """Pleas follow charges, the earlier judgment is told only on appeal, the court's view comes last."""
        if self.state is Section.COURT_VIEW:
            return section is Section.FACTS and bool(_FACTS_ADDED.match(sentence))
        if section is Section.COURT_VIEW and self.state is Section.EVIDENCE and self._amid_the_earlier_judgment:
            return "本院" in sentence  # else it is the earlier court that answers pleas
        if section is Section.COURT_VIEW:
            return not _SENT_BACK.search(sentence) if self.state in _BEFORE_FACTS else True
        if section is Section.PRIOR_JUDGMENT:
            told = self.state is Section.FACTS or (self.state is Section.EVIDENCE and self.facts_told)
            return self.appeal and not told and "本院" not in sentence[:12]
        if section is Section.DEFENCE:
            return self._may_plead(sentence)
        if section is Section.PROSECUTION and self.state is Section.PRIOR_JUDGMENT:
            return bool(re.search(r"检察(?:院|员)[^。]{0,30}(?:意见|认为|抗诉|建议)", sentence))
        if section is Section.PROSECUTION:
            return self.state is not Section.FACTS or first or "认为" in sentence or "诉称" in sentence
        if section is Section.EVIDENCE:
            return self.state is not Section.HEADING
        # 另查明 amid the earlier judgment is the earlier court's.
        earlier = _EARLIER_OR_ADDED if self._amid_the_earlier_judgment else _EARLIER
        return not (self.appeal and earlier.match(sentence))

    def _may_plead(self, sentence: str) -> bool:
        if self.state is Section.PRIOR_JUDGMENT:
            return bool(re.search(r"上诉|辩护人|辩称|抗诉", sentence[:80]))
        if self.state is Section.EVIDENCE:
            return bool(re.search(r"辩护人|辩称|上诉(?:称|提出|理由)", sentence[:80])) and not re.search(r"供述", sentence[:40])
        return self.state in _BEFORE_FACTS


def _stretches(marks: list[tuple[int, Section]], size: int) -> tuple[Stretch, ...]:
    edges = [*marks, (size, Section.STATUTE)]
    return tuple(Stretch(a, b, section) for (a, section), (b, _) in pairwise(edges) if b > a)
