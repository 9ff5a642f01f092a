"""Who asserts each stretch of a judgment: a fact that only the defence claims is not a finding.

The section gives the speaker; inside the evidence and the court's view single sentences report other mouths.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.schema import Section, Speaker
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
    Section.EVIDENCE: Speaker.RECORD,
    Section.COURT_VIEW: Speaker.COURT,
    Section.DISPOSITION: Speaker.COURT,
    Section.CLOSING: Speaker.RECORD,
    Section.STATUTE: Speaker.STATUTE,
}
_SOURCES: tuple[tuple[Speaker, re.Pattern[str]], ...] = (
    (Speaker.DEFENCE, re.compile(r"(?:被告人|上诉人|同案人|同案犯|嫌疑人)[^，。；：\n]{0,40}(?:供述|供称|辩解|辩称|供认|交代)")),
    (
        Speaker.WITNESS,
        re.compile(r"(?:证人|被害人|受害人|附带民事诉讼原告人)[^，。；\n]{0,40}(?:证言|陈述|证实|证明|证称|笔录)|证人[^。；\n]{0,60}证言"),
    ),
    (Speaker.EXPERT, re.compile(r"鉴定(?:意见|结论|书|报告|文书|检验)|检验(?:报告|意见|鉴定)|尸体检验|尸检|法医")),
    (
        Speaker.RECORD,
        re.compile(
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


def turns(view: str, sections: tuple[Stretch, ...], sentences: tuple[tuple[int, int], ...]) -> tuple[Turn, ...]:
    """Cut the view into turns of speaking, in order and without gaps; neighbours may share a speaker."""
    found: list[Turn] = []
    for start, end, section in _pieces(sections, sentences):
        sentence = view[start:end]
        if section is Section.COURT_VIEW:
            found.append(_court_turn(sentence, start, end, found))
        elif section is Section.EVIDENCE:
            previous = found[-1].speaker if found and found[-1].end == start else Speaker.RECORD
            found.append(Turn(start, end, _source(sentence, previous)))
        else:
            found.append(Turn(start, end, _OF_SECTION[section]))
    return tuple(found)


def _pieces(sections: tuple[Stretch, ...], sentences: tuple[tuple[int, int], ...]) -> list[tuple[int, int, Section]]:
    """Sentences, cut where a section begins inside one (the disposition follows a colon)."""
    pieces, at = [], 0
    for start, end in sentences:
        while start < end:
            while sections[at].end <= start:
                at += 1
            stop = min(end, sections[at].end)
            pieces.append((start, stop, sections[at].section))
            start = stop
    return pieces


def _court_turn(sentence: str, start: int, end: int, before: list[Turn]) -> Turn:
    """A sentence of the court's reasons: its own words, or a plea that it reports and answers."""
    if not _PLEA.search(sentence):
        return Turn(start, end, Speaker.COURT)
    if _REJECTED.search(sentence):
        return Turn(start, end, Speaker.DEFENCE, accepted=False)
    return Turn(start, end, Speaker.DEFENCE, accepted=True if _ACCEPTED.search(sentence) else None)


def _source(sentence: str, previous: Speaker) -> Speaker:
    """Whose evidence the sentence reports: the first source that it names, else that of the sentence before."""
    named = [(m.start(), speaker) for speaker, pattern in _SOURCES if (m := pattern.search(sentence[:120]))]
    return min(named)[1] if named else previous
