"""Who asserts each stretch of a judgment: a fact that only the defence claims is not a finding.

The section gives the speaker; inside the evidence and the court's view single sentences report other mouths.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice, pairwise, takewhile

from pipeline.schema import Section, Speaker
from pipeline.text.scan import Expression, Scan
from pipeline.text.sections import Stretch


@dataclass(frozen=True, slots=True)
class Turn:
    """`view[start:end]` is asserted by one speaker; `accepted` tells what the court made of a reported plea."""

    start: int
    end: int
    speaker: Speaker
    accepted: bool | None = None


_OF_SECTION = {
    Section.HEADING: Speaker.RECORD,
    Section.PROCEDURE: Speaker.RECORD,
    Section.PRIOR_JUDGMENT: Speaker.COURT,
    Section.PROSECUTION: Speaker.PROSECUTION,
    Section.DEFENCE: Speaker.DEFENCE,
    Section.FACTS: Speaker.COURT,
    Section.DISPOSITION: Speaker.COURT,
    Section.CLOSING: Speaker.RECORD,
    Section.STATUTE: Speaker.STATUTE,
}
# How far into a sentence of the evidence its source is named.
_NEAR = 120
_SOURCES: tuple[tuple[Speaker, Expression], ...] = (
    (Speaker.DEFENCE, Expression(r"(?:被告人|上诉人|同案人|同案犯|嫌疑人)[^，。；：\n]{0,40}(?:供述|供称|辩解|辩称|供认|交代)")),
    (
        Speaker.WITNESS,
        Expression(r"(?:证人|被害人|受害人|附带民事诉讼原告人)[^，。；\n]{0,40}(?:证言|陈述|证实|证明|证称|笔录)|证人[^。；\n]{0,60}证言"),
    ),
    (Speaker.EXPERT, Expression(r"鉴定(?:意见|结论|书|报告|文书|检验)|检验(?:报告|意见|鉴定)|尸体检验|尸检|法医")),
    (
        Speaker.RECORD,
        Expression(
            r"勘[验查]|照片|扣押|户籍|情况说明|书证|物证|监控|录像|病历|病案|诊断|抓获经过|到案经过|登记表|清单|证明一?[份，]|辨认笔录"
        ),
    ),
)
_PLEA = re.compile(
    r"(?:辩护人|被告人|上诉人|辩护|诉讼代理人|代理人)[^。；\n]{0,40}?(?:提出|辩称|辩解|所提|关于|称|认为|诉称|的)[^。；\n]*?(?:意见|辩解|理由|观点|主张|请求|辩称|辩护)|"
    r"(?:关于|对于|针对|对)[^。；\n]{0,30}(?:辩护人|被告人|上诉人)[^。；\n]*?(?:意见|辩解|理由|观点|主张|请求)"
)
_REJECTED = re.compile(
    r"不予(?:采纳|支持|采信|认可)|不(?:能|足以?)?(?:成立|采纳|采信)|理由不足|不足采信|与[^，。；]{0,20}(?:不符|相悖|不一致)|(?:缺乏|没有|无)[^，。；]{0,10}依据|不应采纳"
)
_ACCEPTED = re.compile(r"采纳|采信|予以(?:支持|考虑)|成立|相符|属实|有理|可予")
# A sentence that only announces the answers: 针对上述辩护意见，综合评判如下.
_ANNOUNCED = re.compile(r"(?:评判|评析|分析|评述|认定|说明|意见)(?:分析)?如下[：。]?\s*$")
_REFERS = re.compile(r"(?:该|此|上述|以上|前述|相关|其)[^，。；]{0,14}(?:辩护|辩解|辩称|上诉|意见|理由|观点|请求|主张)")


def turns(scan: Scan, sections: tuple[Stretch, ...], sentences: tuple[tuple[int, int], ...]) -> tuple[Turn, ...]:
    """Cut the scanned view into turns of speaking, in order and without gaps; neighbours may share a speaker."""
    found: list[Turn] = []
    ends = [end for _, end in sentences]
    for stretch in sections:
        if stretch.section in _OF_SECTION:
            found.append(Turn(stretch.start, stretch.end, _OF_SECTION[stretch.section]))
            continue
        at = bisect_right(ends, stretch.start)
        pieces = [(max(start, stretch.start), min(end, stretch.end)) for start, end in _until(sentences, at, stretch.end)]
        found += _court_turns(scan, pieces) if stretch.section is Section.COURT_VIEW else _evidence_turns(scan, stretch, pieces, found)
    return tuple(found)


def _until(sentences: tuple[tuple[int, int], ...], at: int, stop: int) -> Iterator[tuple[int, int]]:
    """The sentences from number `at` that begin before `stop`."""
    return takewhile(lambda sentence: sentence[0] < stop, islice(sentences, at, None))


def _evidence_turns(scan: Scan, stretch: Stretch, pieces: list[tuple[int, int]], before: list[Turn]) -> list[Turn]:
    """A sentence is of the first source that it names near its beginning, else of who spoke in the sentence before."""
    named = sorted((m.start(), m.end(), s) for s, source in _SOURCES for m in scan.finditer(source, stretch.start, stretch.end))
    starts = [start for start, _ in pieces]
    begun: dict[int, Speaker] = {stretch.start: before[-1].speaker if before else Speaker.RECORD}
    last = -1
    for start, stop, speaker in named:
        n = bisect_right(starts, start) - 1
        if n > last and stop <= min(pieces[n][1], starts[n] + _NEAR):
            last = n
            begun[starts[n]] = speaker
    edges = [*begun, stretch.end]
    return [Turn(start, end, begun[start]) for start, end in pairwise(edges)]


def _court_turns(scan: Scan, pieces: list[tuple[int, int]]) -> list[Turn]:
    found = [_court_turn(scan.text[start:end], start, end) for start, end in pieces]
    for numbers, answer in _later_answers(scan.text, found):
        for n in numbers:
            found[n] = replace(found[n], accepted=answer)
    return found


def _later_answers(view: str, found: list[Turn]) -> Iterator[tuple[list[int], bool]]:
    """Pleas without an answer of their own, with the one that a later sentence gives them: 上述辩护意见，本院均不予采纳."""
    pleas: list[int] = []
    answered = False  # whether the court has said something since the last of them
    for n, turn in enumerate(found):
        sentence = view[turn.start : turn.end]
        if turn.speaker is Speaker.DEFENCE and turn.accepted is None:
            pleas = ([] if answered else pleas) + ([] if _ANNOUNCED.search(sentence) else [n])
            answered = False
        elif pleas and (answer := _answer(sentence)) is not None and (_REFERS.search(sentence) or _listed(view, found, pleas, n)):
            yield pleas, answer
            pleas = []
        else:
            answered = True


def _listed(view: str, found: list[Turn], pleas: list[int], n: int) -> bool:
    """Whether sentence `n` ends a list of pleas parted by semicolons: its answer is that of all."""
    return (
        pleas == list(range(n - len(pleas), n))
        and all(view[found[i].end - 1] == "；" for i in pleas)
        and bool(_PLEA.search(view, found[n].start, found[n].end))
    )


def _court_turn(sentence: str, start: int, end: int) -> Turn:
    """A sentence of the court's reasons: its own words, or a plea that it reports and answers."""
    if not _PLEA.search(sentence):
        return Turn(start, end, Speaker.COURT)
    return Turn(start, end, Speaker.DEFENCE, _answer(sentence))


def _answer(sentence: str) -> bool | None:
    """What the court makes of a plea in the sentence: True (采纳), False (不予采纳), None where it says neither."""
    if _REJECTED.search(sentence):
        return False
    return True if _ACCEPTED.search(sentence) else None
