"""Dates of headings and signatures, cut to what is legible: 二〇一八年五月二十九日, 2018年2月×日, 19XX年.

Dates in told facts (同年8月1日, 次日) are read by `pipeline.extract.act.dates`.
"""

from __future__ import annotations

import re
from functools import lru_cache

# With what stands for a figure in formal hand (壹), in scans (— and ー for 一, ニ for 二, ハ for 八) and on typewriters (l for 1).
_FIGURES = ("〇零OoΟО", "一壹—ーlI", "二贰ニ", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌ハ", "九玖")
_DIGITS = {c: d for d, letters in enumerate(_FIGURES) for c in letters} | {str(d): d for d in range(10)}
_DIGIT = "".join(_FIGURES) + "0-9"
_MASK = r"[×X*某Ⅹx]{1,2}"
_YEAR = rf"[{_DIGIT}十]{{4}}"
_MONTH = rf"元|正|[{_DIGIT}十拾]{{1,3}}|{_MASK}"
_DAY = rf"[{_DIGIT}十拾廿卅]{{1,4}}|{_MASK}"
# A year in four figures, then as much as is printed; a masked month or day is matched and told unknown by `iso`.
DATE = re.compile(rf"(?P<y>{_YEAR})\n?年\n?(?:(?P<m>{_MONTH})?\n?月\n?(?:(?P<d>{_DAY})?\n?(?:[日号曰]|(?=出?生)))?)?")
# A signature's date may have lost its 〇, which older character sets lack (二？一五年, 二一五年), or its last sign (五月七).
_LOST = "？□囗口◎Q"
SIGNED_DATE = re.compile(
    rf"(?P<y>{_YEAR}|(?<![{_DIGIT}十])二[{_LOST}]?[一二][{_DIGIT}]|二[{_LOST}〇]{{2}}[{_DIGIT}])\n?年\n?"
    rf"(?:(?P<m>{_MONTH})?\n?月\n?(?:(?P<d>{_DAY})?\n?(?:[日号曰]|\S?(?=\n|$|书)))?)?"
)
DOTTED_DATE = re.compile(r"(?<!\d)(?P<y>(?:19|20)\d{2})[-./](?P<m>\d{1,2})(?:[-./](?P<d>\d{1,2}))?(?!\d)")


_WRITTEN_OUT = str.maketrans({"元": "一", "正": "一", "廿": "二十", "卅": "三十", "拾": "十"})


def iso(found: re.Match[str]) -> str:
    """ISO form of a match of `DATE`, cut to what is known ('2018-03', '2018'); '' when even the year is none."""
    return _iso(found["y"], found["m"] or "", found["d"] or "")


@lru_cache(maxsize=4096)
def _iso(printed: str, printed_month: str, printed_day: str) -> str:
    year = _year(printed)
    if not 1900 <= int(year) <= 2100:
        return ""
    month, day = _number(printed_month), _number(printed_day)
    if not 1 <= month <= 12:
        return year
    return f"{year}-{month:02}-{day:02}" if 1 <= day <= 31 else f"{year}-{month:02}"


def first_date(text: str) -> str:
    """ISO form of the first date of a short text such as a field of metadata; '' when there is none."""
    found = DATE.search(text) or DOTTED_DATE.search(text)
    return iso(found) if found else ""


def _year(printed: str) -> str:
    """Four figures: 二〇一五, 2015, 二？一五, 二一五; 十 stands for 1 in 二〇十五 and for 0 at the end."""
    figures = "".join("0" if c in _LOST else c for c in printed)
    if len(figures) == 3:
        figures = f"{figures[0]}0{figures[1:]}"
    return "".join(("1" if n == 2 else "0") if c == "十" else str(_DIGITS[c]) for n, c in enumerate(figures))


def _number(text: str) -> int:
    """A month or day: 元, 08, 十二, 二十八, 廿八, 三O, 拾伍; 0 when it is none."""
    text = text.translate(_WRITTEN_OUT)
    tens, ten, ones = text.partition("十")
    if not all(c in _DIGITS for c in tens + ones):
        return 0
    if ten:
        return 10 * _figures(tens or "一") + _figures(ones or "〇")
    return _figures(text) if text else 0


def _figures(text: str) -> int:
    return int("".join(str(_DIGITS[c]) for c in text))
