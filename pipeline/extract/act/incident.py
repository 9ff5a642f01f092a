"""Date of the first charged act (案发时间), cut to what the text tells: 2012-07-15, 2018-03, 2016.

Findings tell much that happened before (debts, marriages, treatments) and after (arrest, examination, trial). The act is told in the
stretch after its date, by the verbs of the crime charged or by what the defendant did; the other stretches tell procedure or background.
Of several numbered acts the earliest counts, in whatever order they are told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipeline.extract.act.acts_told import Telling, telling
from pipeline.extract.act.dates import Date, dated
from pipeline.extract.act.pleas import pleaded
from pipeline.extract.case import Case
from pipeline.schema import Label, Section
from pipeline.text import Document, Expression

_NARRATIVE = (Section.FACTS, Section.PRIOR_JUDGMENT, Section.PROSECUTION)
_REPORTED = (Section.EVIDENCE, Section.COURT_VIEW)
_SOME_DAY = re.compile(r"的?[^，。；]{0,2}[一某](?:天|日|晚)")
# 一、 （二） 3. 第四起 at the head of a paragraph or sentence, with the title that may follow.
_NUMBER = re.compile(
    r"(?:^|[\n。；：])(?:第?[一二三四五六七八九十]{1,3}(?:、|起|[.．])|[（(][一二三四五六七八九十\d]{1,3}[）)]、?|\d{1,2}[.、．)）]|[①-⑳])"
    r"(?:[^。；\n]{0,24}\n)?[^。；\n]{0,24}$"
)
_NUMBER_REACH = 56
# A further act after the evidence of the act before, by its title or its date: （二）非法拘禁罪; 二、2018年3月4日.
_FURTHER = Expression(
    r"(?<=[\n。；])(?:[二三四五六七八九十]、(?=(?:20|19)\d\d年\d{1,2}月\d{1,2}日)|"
    r"(?:十?[一二三四五六七八九十]、|（十?[一二三四五六七八九十]）)(?=[^，。；：\n]{0,24}罪(?:的?事实|部分)?[：。，\n]?\d{4}年))"
)
# What stands between the dates of a list, or between a month and the day that it holds: 分别于3月5日、6月7日.
_LISTED = re.compile(r"(?:凌晨|上午|中午|下午|晚上?|左右|许|\d{1,2}时)?(?:、|和|及|与|，|以及|或|至|到|—|-|－|～|~)?(?:于|又于)?")
# The date tells of what kind a thing is, not when the act was: 2019年5月的工资.
_OF_A_THING = re.compile(
    r"出?生(?![产效意病])|的[^，。；]{0,12}(?:犯罪|行为)|(?:的|拖欠的?|所欠的?)?(?:工资|工钱|生活费|货款|租金|房租|欠款|借款|借条|欠条|利息|水电费|电费|水费|医疗费|合同|协议|账|账单|[^，。；]{0,6}款项?(?:，|。|；|给|到))"
)
_BORN = re.compile(r"(?:出生于|生于|出生日期[为：]?|出生)$")
_PERIOD = re.compile(r"(?:以来|起|开始|间|期间|至今|至案发)")
_LONGEST = 420
_NOTHING = 3
_MOST_LISTED = 40  # dates that one list or period holds


class _Told(NamedTuple):
    """A date with how the words told under it look, and whether it opens a numbered act or a period."""

    date: Date
    rank: int
    numbered: bool
    period: bool


def incident_labels(case: Case) -> list[Label]:
    """One label `incident_on`; '' when no act is dated."""
    first = _first_act(case)
    if first is None:
        return [Label("case", "incident_on", "")]
    span = case.document.span(first.start, first.end, "incident.date")
    return [Label("case", "incident_on", first.iso, spans=(span,))]


def _first_act(case: Case) -> Date | None:
    """The first act among the dates of the best rank: as found or charged, and only then as witnesses and pleas tell it."""
    reader = telling(case)
    narrative: list[list[_Told]] = []
    for stretches in _places(case.document, _NARRATIVE):
        told = list(_told(case.document, reader, stretches))
        if ranked := [t for t in told if t.rank == 0]:
            return _earliest(case.document, ranked)
        narrative.append(told)
    if first := _best(case.document, narrative, (1,)):
        return first
    reported = [list(_told(case.document, reader, stretches)) for stretches in _places(case.document, _REPORTED)]
    return _best(case.document, reported, (0, 1)) or _best(case.document, [*narrative, *reported], (2,))


def _best(document: Document, places: Sequence[Sequence[_Told]], ranks: Sequence[int]) -> Date | None:
    ranked = ([t for t in told if t.rank == rank] for rank in ranks for told in places)
    return next((_earliest(document, told) for told in ranked if told), None)


def _earliest(document: Document, told: Sequence[_Told]) -> Date:
    """The first date, or an earlier one that opens a numbered act. A period that sums up gives way to the acts told after it.

    Where only the month or year is told, a whole date that falls into it is meant if it comes next or the acts are announced (具体如下).
    """
    numbered = [t for t in told if t.numbered and not t.period]
    acts = [t.date for t in (numbered if told[0].period and numbered else [told[0], *numbered])]
    first = min(acts, key=lambda date: date.iso + "-99" * ((10 - len(date.iso)) // 3))
    if len(first.iso) == 10 or _SOME_DAY.match(document.view, first.end):
        return first
    later = [t.date for t in told if t.date.start > first.start]
    within = next((date for date in later if len(date.iso) == 10 and date.iso.startswith(first.iso)), None)
    meant = within and (within is later[0] or document.view[first.end : within.start].find("如下") >= 0)
    return within if within and meant else first


def _places(document: Document, sections: Sequence[Section]) -> Iterator[Sequence[tuple[int, int]]]:
    """Where to look, most trusted first."""
    besides = _among_evidence(document) if sections is _NARRATIVE else []
    for section in sections:
        if stretches := document.stretches(section):
            yield [*stretches, *besides]


def _among_evidence(document: Document) -> list[tuple[int, int]]:
    """Acts that are told after the evidence of the act before."""
    heads = (m for start, end in document.stretches(Section.EVIDENCE) for m in document.finditer(_FURTHER, start, end))
    return [(m.start(), _until_evidence(document.view, m.end())) for m in heads]


def _until_evidence(view: str, start: int) -> int:
    """Where the telling of an act from `start` on gives way to its evidence."""
    end = min(start + _LONGEST, len(view))
    evidence = view.find("证据", start, end)
    return end if evidence < 0 else evidence


def _told(document: Document, reader: Telling, stretches: Sequence[tuple[int, int]]) -> Iterator[_Told]:
    """The dates of a place. After the first whole one of the best rank only those that open a numbered act are ranked.

    Where a numbered act opens with its background, the next dates are ranked until the act itself is told.
    """
    view, found, awaited = document.view, False, False
    for start, end in stretches:
        dates = list(dated(view, start, end))
        for i, date in enumerate(dates):
            numbered = _opens_number(view, start, date.start)
            if found and not (numbered or awaited):
                continue
            if not date.iso or date.until or _no_event(view, date):
                continue
            stop, period = _reach(view, dates, i, end)
            rank = reader.rank(date, stop)
            if rank < _NOTHING and pleaded(document, date.start):
                rank = _NOTHING
            opens = numbered or awaited
            awaited = found and opens and rank > 0 and len(date.iso) == 10
            found = found or (rank == 0 and len(date.iso) == 10)
            yield _Told(date, rank, opens, period)


def _no_event(view: str, date: Date) -> bool:
    """Whether the date belongs to a thing or a person's birth."""
    return bool(_OF_A_THING.match(view, date.end) or _BORN.search(view[max(date.start - 6, 0) : date.start]))


def _opens_number(view: str, start: int, position: int) -> bool:
    return bool(_NUMBER.search(view[max(position - _NUMBER_REACH, start) : position]))


def _reach(view: str, dates: Sequence[Date], i: int, end: int) -> tuple[int, bool]:
    """Where the words told under date `i` end, and whether it begins a period; lists, periods and the same day again go on."""
    date = last = dates[i]
    period = bool(_PERIOD.match(view, date.end))
    for after in dates[i + 1 : i + _MOST_LISTED]:
        goes_on = after.until or date.iso.startswith(after.iso) or _LISTED.fullmatch(view[last.end : after.start])
        if not goes_on and not _no_event(view, after):
            return min(after.start, last.end + _LONGEST), period
        period = period or (after.until and last is date)
        last = after if after.until or after.start - last.end < 8 else last
    return min(end, last.end + _LONGEST), period
