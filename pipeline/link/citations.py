"""Other documents of the courts that a judgment cites: number, court, date, and whether it cites them as an earlier instance of its own case.

不服某县人民法院（2018）某01刑初5号刑事判决, 提出上诉 cites the instance below; （2012）某刑初字第3号刑事判决书证实其前科 cites a piece of evidence.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from typing import NamedTuple

from pipeline.link import case_number

# How a document is cited: by the court that made it, as what is appealed, as what this judgment upholds or quashes, or otherwise.
DECIDED, CONTESTED, DISPOSED, MENTIONED = "decided", "contested", "disposed", "mentioned"

_NUMBER = r"（(?:19|20)[\d×*xX]{2}）[^，。；：、（）《》]{0,14}?刑[^，。；：、（）《》]{0,14}?\d[\d×*xX]{0,7}号?(?:之[一二三四五六七八九十\d]{1,2})?(?!\d)"
_KIND = r"(?:刑事)?(?:附带民事(?:诉讼)?)?(?P<kind>判决|裁定|再审决定)"
# A number with the kind of document, or followed by the next number of a list; and a document whose number is not printed.
_NUMBERED = re.compile(rf"(?P<number>{_NUMBER})(?:{_KIND}|(?=[、，和及]?（(?:19|20)\d\d）))")
_UNNUMBERED = re.compile(rf"(?<=作出|做出)(?P<number>)(?:的|了)?刑事{_KIND}")
_BLANKS = re.compile(r"\s+")
_OTHER_OFFICE = re.compile(r"检|诉|公[（刑]|鉴|痕|技|勘")
_SENTENCE = re.compile(r"[。；\n]")
_DATE = re.compile(r"([\d〇零Oo一二三四五六七八九]{4})年([\d元一二三四五六七八九十]{1,2})月([\d一二三四五六七八九十]{1,3})日")
_CHINESE_DIGITS = {**{digit: str(n % 10) for n, digit in enumerate("〇一二三四五六七八九")}, "零": "0", "O": "0", "o": "0", "元": "1"}
_COURT = re.compile(
    r"(?:本院|原审法院|一审法院|[\u3400-\u9fff×]{2,24}?(?:人民法院|军事法院|海事法院|铁路运输(?:中级)?法院|中级法院|高级法院|林区(?:中级|基层)?法院))"
)
_BEFORE_COURT = re.compile(
    r".*(?:共和国|不服|维持|撤销|变更|审理|经由|经过|[对由向经被于因及和以送]|指令|发回|移送|证明|证实|宣判后|之后|随后|期间|提供的?|出具的?|上述|日|的|书|后|将|原审|一审|二审|有)"
)
_CONVICTION = re.compile(r"曾因|前科|刑满|另案|同案犯|[年月日]因犯|累犯|服刑|漏罪")
_AS_DECIDED = re.compile(r"(?:作出|做出|以)(?:的|了)?$")
_AS_CONTESTED = re.compile(r"(?:不服|抗诉的?)[^，。]{0,40}$")
_AS_DISPOSED = re.compile(r"(?:维持|撤销|变更)[^。；]{0,60}$")
_PROCEDURE_END = re.compile(
    r"审理终结|(?:原判|原审(?:法院|判决)?|一审(?:法院)?)(?:认定|查明)(?!的?事实(?:不清|错误|有误))|审理查明|公诉机关指控"
)
_SENT_BACK = re.compile(r"发回[^，。]{0,25}(?:重新审[判理]|重审)|重新组成合议庭|发回(?:重审|本院)")
_HEADING_END = 600  # compact characters in which the document's own number stands; a short ruling has hardly more


class Citation(NamedTuple):
    """One place where another document is cited: `text[start:end]` of the canonical text.

    `number` as `case_number.printed`, '' where none or a masked one is printed; `decided_on` ISO or ''. `procedural`: it stands where
    the judgment tells how the case came before the court. `sent_back`: that part tells of a retrial by the same court (发回重审).
    """

    start: int
    end: int
    number: str
    court: str
    decided_on: str
    kind: str
    cue: str
    procedural: bool
    sent_back: bool


def citations(text: str) -> Iterator[Citation]:
    """Every criminal judgment or ruling that the canonical text cites, its own number left out."""
    compact = _BLANKS.sub("", text)
    cited = [m for pattern in (_NUMBERED, _UNNUMBERED) for m in pattern.finditer(compact)]
    if not cited:
        return
    own = _own(compact)
    procedure_end = _end_of_procedure(compact)
    sent_back = bool(_SENT_BACK.search(compact, 0, procedure_end))
    origin = _origins(text)
    for m in sorted(cited, key=re.Match.start):
        number = case_number.printed(m["number"])
        if _OTHER_OFFICE.search(number) or (own and case_number.key(number) == own):
            continue
        court, date, cue = _context(compact, m.start())
        kind = (m["kind"] or "")[-2:]
        number = number if case_number.key(number) else ""
        procedural = m.start() < procedure_end
        yield Citation(origin(m.start()), origin(m.end() - 1) + 1, number, court, date, kind, cue, procedural, sent_back)


def _origins(text: str) -> Callable[[int], int]:
    """Leads a place of the text without its blanks back to the text."""
    starts, origins = [0], [0]
    for blank in _BLANKS.finditer(text):
        starts.append(starts[-1] + blank.start() - origins[-1])
        origins.append(blank.end())

    def origin(at: int) -> int:
        i = bisect_right(starts, at) - 1
        return origins[i] + at - starts[i]

    return origin


def _end_of_procedure(compact: str) -> int:
    found = _PROCEDURE_END.search(compact, 100)
    return min(found.end() if found else max(len(compact) // 3, _HEADING_END), 3000)


def _own(compact: str) -> str:
    """Key of the first number of the heading that is not cited: the document's own."""
    for m in re.finditer(_NUMBER, compact[:_HEADING_END]):
        if not compact.startswith(("刑事", "判决", "裁定", "附带"), m.end()):
            return case_number.key(m[0])
    return ""


def _context(compact: str, at: int) -> tuple[str, str, str]:
    """(court, date, cue) that the sentence tells before the place."""
    before = _SENTENCE.split(compact[max(at - 300, 0) : at])[-1]
    dates = _DATE.findall(before[-40:])
    date = "-".join(_figures(part) for part in dates[-1]) if dates else ""
    courts = _COURT.findall(before)
    court = _BEFORE_COURT.sub("", courts[-1]) if courts else ""
    return court, date, _cue(before)


def _figures(part: str) -> str:
    """A part of a date in at least two figures: 二〇一九 -> 2019, 四 -> 04, 二十九 -> 29."""
    part = re.sub("^十", "一十", part)
    part = re.sub("十$", "〇", part).replace("十", "")
    return "".join(_CHINESE_DIGITS.get(letter, letter) for letter in part).zfill(2)


def _cue(before: str) -> str:
    if _CONVICTION.search(before):
        return MENTIONED
    for cue, pattern in ((CONTESTED, _AS_CONTESTED), (DECIDED, _AS_DECIDED), (DISPOSED, _AS_DISPOSED)):
        if pattern.search(before):
            return cue
    return MENTIONED
