"""Dates of headings and signatures, cut to what is legible: 二〇一八年五月二十九日, 2018年2月×日, 19XX年.

Dates in told facts (同年8月1日, 次日) are read by `pipeline.extract.act.dates`.
"""

from __future__ import annotations

import re
from functools import lru_cache

_DIGITS = {c: d for d, c in enumerate("〇一二三四五六七八九")} | dict.fromkeys("零OoΟО", 0) | {str(d): d for d in range(10)}
_DIGIT = "〇零OoΟО一二三四五六七八九0-9"
_MASK = r"[×X*某Ⅹx]{1,2}"
# A year in four figures, then as much as is printed; a masked month or day is matched and told unknown by `iso`.
DATE = re.compile(
    rf"(?P<y>[{_DIGIT}十]{{4}})\n?年\n?(?:(?P<m>元|[{_DIGIT}十]{{1,3}}|{_MASK})?\n?月\n?(?:(?P<d>[{_DIGIT}十廿卅]{{1,4}}|{_MASK})?\n?[日号])?)?"
)
_DOTTED = re.compile(r"(?<!\d)(?P<y>(?:19|20)\d{2})[-./](?P<m>\d{1,2})(?:[-./](?P<d>\d{1,2}))?(?!\d)")


def iso(found: re.Match[str]) -> str:
    """ISO form of a match of `DATE`, cut to what is known ('2018-03', '2018'); '' when even the year is none."""
    return _iso(found["y"], found["m"] or "", found["d"] or "")


@lru_cache(maxsize=4096)
def _iso(printed: str, printed_month: str, printed_day: str) -> str:
    year = "".join("0" if c == "十" else str(_DIGITS[c]) for c in printed)
    if not 1900 <= int(year) <= 2100:
        return ""
    month, day = _number(printed_month), _number(printed_day)
    if not 1 <= month <= 12:
        return year
    return f"{year}-{month:02}-{day:02}" if 1 <= day <= 31 else f"{year}-{month:02}"


def first_date(text: str) -> str:
    """ISO form of the first date of a short text such as a field of metadata; '' when there is none."""
    found = DATE.search(text) or _DOTTED.search(text)
    return iso(found) if found else ""


def _number(text: str) -> int:
    """A month or day: 元, 08, 十二, 二十八, 廿八, 三O; 0 when it is none."""
    text = text.replace("元", "一").replace("廿", "二十").replace("卅", "三十")
    tens, ten, ones = text.partition("十")
    if not all(c in _DIGITS for c in tens + ones):
        return 0
    if ten:
        return 10 * _figures(tens or "一") + _figures(ones or "〇")
    return _figures(text) if text else 0


def _figures(text: str) -> int:
    return int("".join(str(_DIGITS[c]) for c in text))
