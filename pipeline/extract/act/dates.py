"""Dates in running text, in order, each resolved by the dates before it: 同年8月1日, 次日, 4月19日."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from typing import NamedTuple

import cn2an

_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_YEAR = r"(?P<year>(?:19|20)\d\d|[一二][〇零○九][〇零○一二三四五六七八九]{2}|同|当|次|翌|本|该)年(?!龄|级|代|轻|幼)度?"
_MONTH = (
    r"(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九正元]|同|当|次|本|该)(?:[、，至-]\d{1,2})?月(?:份|间|底|初|中旬|上旬|下旬|中)?"
)
_DAY = r"(?P<day>3[01]|[12]\d|0?[1-9]|三十一?|二十[一二三四五六七八九]?|十[一二三四五六七八九]?|[一二三四五六七八九]|初[一二三四五六七八九十])(?:日|号(?!楼|院|房|门|店|线|车|机|公路|桌|床|铺|监|包|厢|室|[A-Za-z\d])|(?=(?:凌晨|清晨|早|上午|中午|下午|傍晚|晚|深夜)))"
_DATE = re.compile(rf"{_YEAR}(?:左右)?(?:的?{_MONTH}的?(?:{_DAY})?)?")
_MONTH_DAY = re.compile(rf"(?<![\d年第])(?:{_MONTH}{_DAY})|(?<![\d年第])(?P<samemonth>同|当|次|本|该)月(?:份|间|底|初|中旬|上旬|下旬)?")
_BARE_DAY = re.compile(
    rf"(?<![\d月年第一二三四五六七八九十－—-]){_DAY}(?=凌晨|清晨|早|上午|中午|下午|傍晚|晚|深夜|夜|\d{{1,2}}时|[零〇一二三四五六七八九十]{{1,3}}时|，)"
)
_RELATIVE = re.compile(r"(?P<next>次日|翌日|第二天|隔日)|(?P<same>(?:同|当|该)(?:日|天|晚))")
_UNTIL = re.compile(r"(?:至|截止|到|—|－|-|～|~)(?:了)?\Z")
_LAST_OF_UNTIL = frozenset("至止到—－-～~了")
_KINDS = {"full": _DATE, "md": _MONTH_DAY, "d": _BARE_DAY, "rel": _RELATIVE}
_ANY = re.compile(
    r"(?=[\d一二三四五六七八九十同当次翌隔本该第初正元])(?:"
    + "|".join(f"(?P<{kind}>{p.pattern.replace('(?P<', f'(?P<{kind}_')})" for kind, p in _KINDS.items())
    + ")"
)
# Every part of a date ends so; the expression itself runs only around these signs.
_SIGN = re.compile(r"[年月日号天晚凌清早上中下傍深夜](?<=[\d〇零○一二三四五六七八九十正元同当次翌隔本该].)(?:(?<![上中下])|(?=午))")
_BEFORE_SIGN, _AFTER_SIGN = 9, 15


class Date(NamedTuple):
    """`view[start:end]` names a day, a month or a year; `until` marks the end of a period. `iso` is '' when the year is unknown."""

    start: int
    end: int
    iso: str
    until: bool = False


def dated(view: str, start: int, end: int) -> Iterator[Date]:
    """Dates of `view[start:end]` in text order; relative ones are resolved by the last date before them."""
    year, month, day = 0, 0, 0
    for m in _matches(view, start, end):
        year, month, day = _resolve(m, (year, month, day))
        until = (
            m.start() > start and view[m.start() - 1] in _LAST_OF_UNTIL and bool(_UNTIL.search(view, max(m.start() - 2, start), m.start()))
        )
        yield Date(m.start(), m.end(), _iso(year, month, day), until)


def _matches(view: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """The matches of `_ANY.finditer(view, start, end)`, found around the signs of a date."""
    first, last = start, start
    for sign in _SIGN.finditer(view, start, end):
        at = sign.start()
        if at - _BEFORE_SIGN > last:
            yield from _ANY.finditer(view, first, last)
            first = at - _BEFORE_SIGN
        last = min(at + _AFTER_SIGN, end)
    yield from _ANY.finditer(view, first, last)


def _resolve(m: re.Match[str], last: tuple[int, int, int]) -> tuple[int, int, int]:
    """Year, month and day (0: not told) of a match, given those of the date before it."""
    kind = m.lastgroup
    if kind == "rel":
        return _day_after(last) if m["rel_next"] else last
    if kind == "d":
        return last[0], last[1], _number(m["d_day"])
    if kind == "md":
        return last[0], _month(m["md_month"] or m["md_samemonth"], last[1]), _number(m["md_day"])
    return _year(m["full_year"], last[0]), _month(m["full_month"], last[1]), _number(m["full_day"])


def _year(told: str | None, last: int) -> int:
    if told is None or told in "同当本该":
        return last
    if told in "次翌":
        return last + 1 if last else 0
    return int(told.translate(_DIGITS)) if not told.isdigit() else int(told)


def _month(told: str | None, last: int) -> int:
    if told is None:
        return 0
    if told in "同当本该":
        return last
    if told == "次":
        return last % 12 + 1
    return 1 if told in "正元" else _number(told)


def _number(told: str | None) -> int:
    if not told:
        return 0
    told = told.removeprefix("初")
    return int(told) if told.isdigit() else int(cn2an.cn2an(told, "smart"))


def _day_after(last: tuple[int, int, int]) -> tuple[int, int, int]:
    try:
        after = datetime.date(*last) + datetime.timedelta(days=1)
    except (ValueError, OverflowError):
        return last
    return after.year, after.month, after.day


def _iso(year: int, month: int, day: int) -> str:
    if not year:
        return ""
    return f"{year}" + (f"-{month:02}" + (f"-{day:02}" if day else "") if month else "")
