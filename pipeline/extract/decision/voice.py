"""What the court itself holds: its own words, and the pleas that it accepts, place by place in its reasons.

`Document.speaker_at` judges a sentence as a whole; here a plea reaches from the words that report it (辩护人提出…的意见) to the
words that answer it (采纳, 不予采纳), also across sentences, and what follows 经查 is the court's again.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from pipeline.extract.decision.verdict import Place
from pipeline.schema import Section, Speaker
from pipeline.text import Document

_PARTY = r"(?:辩护人?|被告人|上诉人|原审被告人|申诉人|公诉机关|公诉人|检察机关|检察员|检察院|抗诉机关|诉讼代理人|代理人|自诉人|原告人|法定代理人|双方)"
_REPORT = re.compile(
    # Most characters begin no report: one look ahead spares trying each.
    r"(?=[辩被上原申公检抗诉代自法双关有对针故所以又还另并提认])(?:"
    rf"{_PARTY}[^，。；\n]{{0,40}}?(?:提出|辩称|辩解|辩护称|所提|所辩|所述|所持|诉称|上诉称|上诉提出|认为|称其|建议|请求|要求|的(?:辩护|辩解|上诉|代理|公诉|抗诉)(?:意见|理由)|辩护意见|辩解意见|上诉理由|的意见)|"
    r"以[^。\n]{0,300}?为由[^，。；\n]{0,12}(?:上诉|抗诉|申诉)|认为[^，。；\n]{2,60}?的(?:辩护|辩解|上诉|代理|公诉|抗诉)?(?:意见|理由|观点)|"
    r"(?:关于|有关|对于|针对|故对|对|所提)[^。；\n]{0,160}?(?:意见|辩解|辩称|理由|观点|主张|请求)|"
    r"以[^。；\n]{0,160}?为由|(?:^|(?<=[，。；\n]))(?:又|还|另|并|故)?(?:提出|所提)其|(?:上诉|辩护|辩解|申诉|抗诉)(?:理由|意见)(?:主要)?(?:是|为|如下|：)|辩称|辩解称|(?:提出)?上诉(?:称|认为|提出)|认为(?:自己|其)(?:系|是|属|有|具有|构成|不))"
)
# Every report holds one of these.
_HINT = re.compile(r"辩|上诉|提出|恳请|希望|所[提述持]|称|认为|建议|请求|要求|意见|理由|观点|主张|为由")
_REFUSED = re.compile(
    r"不(?:予|能|足|应|宜)?(?:以|够)?[^，。；]{0,3}(?:采纳|采信|支持|成立|认可|认定)|(?:未|没有|无法|难以)[^，。；]{0,6}(?:属实|查实|证实|采纳|成立)|不符|相悖|不一致|理由不足|理据不|(?:缺乏|没有|无)[^，。；]{0,12}(?:依据|证据|根据)|于法无据|难以(?:采纳|成立|采信)|与[^，。；]{0,20}(?:矛盾)"
)
_ACCEPTED = re.compile(
    r"(?:原判|原审|一审)[^，。；]{0,30}已[^，。；]{0,16}(?:认定|考虑|评价|体现|从轻|采纳)|采纳|采信|予以(?:支持|考虑|认可|确认)|应予支持|(?<!罪名)(?<!指控)成立|相符|属实|有理|可予|一致|恰当|适当|有事实[^，。；]{0,6}依据"
)
_OWN = re.compile(
    r"(?:原[审判]|一审)(?:法院|判决)?[^，。；]{0,4}已|经查|经审查|经审理|经核|本院(?:经[^，。；]{0,4})?认为|合议庭认为|查明|事实上|但|鉴于|故|(?:其|该)行为(?:仍|已|应)|仍应|仍可|不影响"
)
# What a plea itself says (不应认定为受贿) answers it only where the court speaks.
_CLAIMED = re.compile(r"不(?:能|足以?|应|宜)[^，。；]{0,4}认定")
_NAMED_AT_END = re.compile(r"(?:意见|理由|辩解|观点|主张)[。\n]*$")
_BEGGING = re.compile(r"(?:即使|即便|退一步)[^。\n]{0,160}(?:请求|恳请|希望|建议)")
_OTHERS = re.compile(r"公诉|检察|抗诉|自诉|原告|被害|受害")
_OPENING = 60
_DEFENCE = re.compile(r"(?:辩护|上诉|辩称|辩解|代理人|自诉人|自诉方|抗诉)")
# No period is longer in earnest; a text without signs stays fast.
_PERIOD = re.compile(r"[^。\n]{1,4000}[。\n]*|[。\n]+")
_CLAUSE = re.compile(r"[^，。；：\n]*[，。；：\n]*")
_ANSWERING = re.compile(
    r"\s*(?:[（(]?[一二三四五六七八九十\d]+[、.）]\s*)?(?:经查|经审查|经审理|经核|对此|对该|该|上述|以上|前述|本院|合议庭|此|其)"
)
# A later period refers to a plea: 故该辩护意见不予采纳. How far behind the plea, and how far behind these words, the answer stands.
_REFERRED = re.compile(r"(?:该|此|上述|以上|前述|相关|其|辩护人|上诉人|被告人)[^，。；\n]{0,24}?(?:意见|理由|辩解|主张|观点|请求)")
_LATER_WITHIN = 600
_ANSWER_WITHIN = 40
_ARGUED = (Section.COURT_VIEW, Section.PRIOR_JUDGMENT)


@dataclass(frozen=True, slots=True)
class _Plea:
    """A reported plea; `accepted` is None while nothing answers it."""

    start: int
    end: int
    accepted: bool | None


class Voice:
    """Tells for every place of a document whether the court holds what stands there."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._stretches = document.stretches(*_ARGUED)
        self._found: dict[int, tuple[list[int], list[_Plea]]] = {}

    def holds(self, position: int) -> bool:
        """Whether the court says or accepts what stands at the place; outside its reasons, whether the defence does not say it."""
        if self.document.section_at(position) not in _ARGUED:
            return self.document.speaker_at(position) is not Speaker.DEFENCE
        plea = self._plea_at(position)
        return plea is None or plea.accepted is True

    def refuses(self, position: int) -> bool:
        """Whether the words at the place belong to a plea that the court rejects."""
        plea = self._plea_at(position)
        return plea is not None and plea.accepted is False

    def pleaded(self, position: int) -> bool:
        """Whether the words at the place belong to a plea of the defence that the court reports."""
        plea = self._plea_at(position)
        if plea is None:
            return False
        opening = self.document.view[plea.start : plea.start + _OPENING]
        return bool(_DEFENCE.search(opening)) or not _OTHERS.search(opening)

    def answer(self, position: int) -> bool | None:
        """What the court makes of the plea at the place: True (采纳), False (不予采纳), None where it says neither."""
        plea = self._plea_at(position)
        return plea.accepted if plea else None

    def reported(self, position: int) -> bool:
        """Whether the words at the place belong to a plea that the court reports."""
        return self._plea_at(position) is not None

    def _plea_at(self, position: int) -> _Plea | None:
        starts, pleas = self._pleas_around(position)
        at = bisect_right(starts, position) - 1
        return pleas[at] if at >= 0 and position < pleas[at].end else None

    def _pleas_around(self, position: int) -> tuple[list[int], list[_Plea]]:
        """(starts, pleas) that the stretch of argument around the place reports."""
        at = bisect_right(self._stretches, (position, len(self.document.view))) - 1
        if at < 0 or position >= self._stretches[at][1]:
            return [], []
        if at not in self._found:
            pleas = sorted(_pleas(self.document.view, *self._stretches[at]), key=lambda p: p.start)
            self._found[at] = [p.start for p in pleas], pleas
        return self._found[at]


def _pleas(view: str, start: int, end: int) -> list[_Plea]:
    found: list[_Plea] = []
    for m in _PERIOD.finditer(view, start, end):
        begin = m.start()
        unanswered = found[-1] if found and found[-1].accepted is None and found[-1].end == m.start() else None
        if unanswered and _ANSWERING.match(view, m.start()):
            answer = _answer(view, m.start(), m.end())
            if answer is not None:
                found[-1] = _Plea(unanswered.start, unanswered.end, answer[1])
        elif unanswered and _goes_on(view, unanswered, m.start()):
            stop, accepted = _until_answer(view, m.start(), m.end())
            if accepted is None:
                stop = m.end(), m.end()
            found[-1] = _Plea(unanswered.start, stop[0], accepted)
            begin = stop[1]
        elif found and found[-1].accepted is None and _near(view, found[-1].end, m.start()):
            found[-1] = _answered_later(view, found[-1], m.start(), m.end())
        found += _of_period(view, begin, m.end())
    return found


def _near(view: str, plea_end: int, position: int) -> bool:
    """Whether the place stands in the plea's paragraph, not far behind it."""
    return position - plea_end < _LATER_WITHIN and "\n" not in view[plea_end - 1 : position]


def _answered_later(view: str, plea: _Plea, start: int, end: int) -> _Plea:
    """The plea with the answer of a later period that refers to it: 经查…。…。因此，该意见不予采纳。"""
    referred = _REFERRED.search(view, start, end)
    answer = _answer(view, referred.end(), min(end, referred.end() + _ANSWER_WITHIN)) if referred else None
    return _Plea(plea.start, plea.end, answer[1]) if answer else plea


def _goes_on(view: str, plea: _Plea, position: int) -> bool:
    """A paragraph that opens with the defence's pleas is theirs to its end: 上诉人甲上诉称：1、…。2、…。"""
    opens = plea.start - view.rfind("\n", 0, plea.start) <= 8
    return (
        opens
        and view[position - 1] != "\n"
        and bool(_DEFENCE.search(view, max(0, plea.start - 8), plea.start + 32))
        and not view.startswith("本院", position)
    )


def _of_period(view: str, start: int, end: int) -> list[_Plea]:
    """Pleas that one period reports: each up to the clause that answers it, or to the court's own words."""
    found: list[_Plea] = []
    if not _HINT.search(view, start, end):
        return found
    if _BEGGING.search(view, start, end) and _answer(view, start, end) is None:
        return [_Plea(start, end, None)]
    at = start
    while report := _REPORT.search(view, at, end):
        stop, accepted = _until_answer(view, report.end(), end)
        found.append(_Plea(report.start(), stop[0], accepted))
        at = max(stop[1], report.end())
    return found


def _until_answer(view: str, position: int, end: int) -> tuple[Place, bool | None]:
    """((end of the plea, where to read on), accepted): the plea ends where the court speaks, its answer may stand later."""
    own: int | None = None  # where the court begins to speak
    repeated: Place | None = None  # 关于…自首的意见，经查…，该辩护意见不予采纳: one plea, one answer
    at = position
    while at < end and (clause := _CLAUSE.match(view, at, end)) and clause.end() > at:
        answer = _answer(view, at, clause.end())
        if answer and own is None and _CLAIMED.match(view, answer[0]):
            answer = None
        if answer and not (own is not None and _REPORT.search(view, at, answer[0])):
            return repeated or (answer[0] if own is None else own, clause.end()), answer[1]
        again = _REPORT.search(view, at, clause.end()) if own is not None else None
        if own is None and _OWN.match(view, at, clause.end()):
            own = at
        if again and own is not None:
            repeated = repeated or (own, again.start())
            if view[at - 1] == "；":
                return repeated, None
            own, at = None, again.end()
        else:
            at = clause.end()
    stop = _end_of_unanswered(view, position, end) if own is None else own
    return repeated or (stop, stop), None


def _end_of_unanswered(view: str, position: int, end: int) -> int:
    """A plea that nothing answers ends at ；, but a list of pleas (提出：1、…；2、…; 所提…；…等意见) goes on to the end."""
    if "：" in view[position : position + 8] or _NAMED_AT_END.search(view, position, end):
        return end
    stop = view.find("；", position, end)
    return stop + 1 if stop >= 0 else end


def _answer(view: str, start: int, end: int) -> tuple[int, bool] | None:
    """(place, accepted) of the first answer between two places."""
    refused, accepted = _REFUSED.search(view, start, end), _ACCEPTED.search(view, start, end)
    if refused and (not accepted or refused.start() <= accepted.start()):
        return refused.start(), False
    return (accepted.start(), True) if accepted else None
