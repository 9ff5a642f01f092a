"""The lines before the judgment proper: the title that a site prints over it, publication date, menus."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.collect.cleaning import is_furniture, publication_date

_BLANK = re.compile(r"\s+")
_COURT = re.compile(r"[^，。；：、“”《》]{2,40}法院(?:[（(].{1,10}[）)])?")
_PAPER = re.compile(r".{0,30}(?:判决|裁定|决定|调解|通知)书?(?:[（(].{1,12}[）)])?")
_TITLE = re.compile(r"[^。；]{2,200}(?:书|案|罪|令)(?:[（(].{1,20}[）)])?")
_PAPER_ALONE = re.compile(r"(?:.{2,40}法院)?(?:刑事|附带|民事|行政|执行|公益诉讼|强制医疗|减刑|假释)*(?:判决|裁定|决定|调解|通知)书")
_FOOTER = re.compile(
    r"版权所有.*|.{0,20}ICP备.*|(?:主办|承办|技术支持)(?:单位)?[:：].*|(?:相关|推荐)(?:文书|文章|案例|阅读).{0,10}|公\s*告|一、本裁判文书库公布的裁判文书.*"
    r"|.{0,10}(?:Copyright|©).*|分享到.{0,20}|本站.{0,60}声明.*|免责声明.*"
)  # fmt: skip
_SEARCH = 4  # lines after the court's name within which the kind of document must stand


@dataclass(frozen=True, slots=True)
class Parts:
    """A page's lines taken apart. `body` begins with the court's name where there is one."""

    title: str
    published_on: str
    body: list[str]
    before: list[str]  # what stood between the title and the body: labelled metadata on some sites


def is_court(line: str) -> bool:
    """Tell whether a line is a court's name and nothing else."""
    return _COURT.fullmatch(_BLANK.sub("", line)) is not None


def is_title(line: str) -> bool:
    """Tell whether a line reads as a site's title of a case (张某盗窃一审刑事判决书, 张某盗窃案)."""
    return _TITLE.fullmatch(line.strip()) is not None and not is_court(line) and not _PAPER_ALONE.fullmatch(_BLANK.sub("", line))


def take_apart(lines: Sequence[str], *, front: int = 60) -> Parts:
    """Part the lines of a page into title, publication date and the judgment, which begins with its court's name.

    `front` bounds how many lines of menus may stand before the court. Without a court's name all lines that are not
    furniture are the body, less a title on the first of them.
    """
    kept = [line for line in lines if line.strip()]
    start = _court_line(kept, front)
    before = [line.strip() for line in (kept[:start] if start is not None else kept[:1])]
    title = next((line for line in reversed(before) if is_title(line)), "")
    if start is None:
        start = 1 if title else 0
    body = [line.strip() for line in _without_footer(kept[start:]) if not is_furniture(line)]
    published = publication_date("\n".join(kept[: start + 3]))
    return Parts(title, published, body, [line for line in before if line != title and not is_furniture(line)])


def _court_line(lines: Sequence[str], front: int) -> int | None:
    for number, line in enumerate(lines[:front]):
        following = (_BLANK.sub("", later) for later in lines[number + 1 : number + 1 + _SEARCH])
        if is_court(line) and any(_PAPER.fullmatch(later) for later in following):
            return number
    return None


def _without_footer(lines: Sequence[str]) -> Sequence[str]:
    """Cut what a site prints under the judgment, at the first such line of its last third."""
    floor = max(3, len(lines) * 2 // 3)
    return next((lines[:n] for n in range(floor, len(lines)) if _FOOTER.fullmatch(lines[n].strip())), lines)
