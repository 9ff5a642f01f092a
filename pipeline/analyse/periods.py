"""Months, half-years and years as keys that sort: "2018-03", "2018-H1", "2018"; "2018-?" where only the year is known, "" where nothing is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from pipeline.schema import AnjuanError

GRAINS = ("month", "half-year", "year")
UNKNOWN_MONTH = "-?"
NOT_STATED = ""
ALL = "all"  # the row of all periods together
_WANTED = re.compile(r"((?:19[5-9]|20[0-9])[0-9])(?:-(0[1-9]|1[0-2])|-H([12]))?", re.ASCII)
_SPECIAL: Mapping[str, Mapping[str, str]] = {
    "zh": {
        NOT_STATED: "日期未载明",
        ALL: "合计",
        "half": "{year}年{half}半年",
        "month": "{year}年{month}月",
        "?": "{year}年（月份未载明）",
    },
    "en": {
        NOT_STATED: "Not stated",
        ALL: "All",
        "half": "{year}, {half} half",
        "month": "{year}-{month:02d}",
        "?": "{year}, month not stated",
    },
}
_HALVES = {"zh": ("上", "下"), "en": ("first", "second")}


def key_sql(by: str, column: str) -> str:
    """The key of the period in which a date (ISO, cut to what is known) lies, as an SQL expression; AnjuanError for an unknown `by`."""
    year, month = f"substr({column}, 1, 4)", f"substr({column}, 6, 2)"
    of_month = {
        "month": f"{year} || '-' || {month}",
        "half-year": f"{year} || CASE WHEN {month} <= '06' THEN '-H1' ELSE '-H2' END",
        "year": year,
    }
    if by not in of_month:
        raise AnjuanError(f"unknown period {by!r}; choose one of: {', '.join(GRAINS)}")
    # A year that no judgment of these courts can have is a misprint: nothing is stated.
    known = f"{column} GLOB '[12][0-9][0-9][0-9]*' AND {year} BETWEEN '1949' AND '2099'"
    only_year = "" if by == "year" else f"WHEN NOT ({month} BETWEEN '01' AND '12') THEN {year} || '{UNKNOWN_MONTH}' "
    return f"CASE WHEN NOT coalesce({known}, 0) THEN '' {only_year}ELSE {of_month[by]} END"


def key_of(by: str, year: int, month: int) -> str:
    """The key of the period that holds a month."""
    written: Mapping[str, Callable[[], str]] = {
        "month": lambda: f"{year}-{month:02d}",
        "half-year": lambda: f"{year}-H{1 if month <= 6 else 2}",
        "year": lambda: f"{year}",
    }
    return written[by]()


def between(by: str, first: str, last: str) -> Iterator[str]:
    """All keys from `first` to `last`, both included; those with an unknown month are not among them."""
    (year, month), step = starts(first), {"month": 1, "half-year": 6, "year": 12}[by]
    while (key := key_of(by, year, month)) <= last:
        yield key
        year, month = year + (month + step - 1) // 12, (month + step - 1) % 12 + 1


def starts(key: str) -> tuple[int, int]:
    """Year and number of the first month of a period."""
    year, _, rest = key.partition("-")
    return int(year), {"": 1, "H1": 1, "H2": 7}.get(rest) or int(rest)


def ends(key: str) -> int:
    """The last month of a period as a number that grows by one a month; of a period with an unknown month, that of its year."""
    year, _, rest = key.partition("-")
    return 12 * int(year) + {"": 12, "?": 12, "H1": 6, "H2": 12}.get(rest, 0) + (int(rest) if rest.isdigit() else 0)


def bound(by: str, written: str, option: str, last: bool = False) -> str:
    """The key of the period at which a range begins (or ends: `last`); AnjuanError for what is no year, month or half-year."""
    match = _WANTED.fullmatch(written.strip())
    if match is None:
        raise AnjuanError(f"{option} {written!r} is no period; write a year, a month or a half-year: 2018, 2018-03, 2018-H1")
    year, month, half = match.groups()
    of_half = {"1": (1, 6), "2": (7, 12)}.get(half or "", (1, 12))
    return key_of(by, int(year), int(month) if month else of_half[last])


def order(key: str) -> tuple[int, str, bool, str]:
    """Sorts keys: by time, those with an unknown month behind their year, what is not stated behind all, the sum last."""
    return {NOT_STATED: 1, ALL: 2}.get(key, 0), key[:4], key.endswith(UNKNOWN_MONTH), key


def label(key: str, language: str) -> str:
    """The key in words."""
    words = _SPECIAL[language]
    if key in words and key in (NOT_STATED, ALL):
        return words[key]
    year, _, rest = key.partition("-")
    if rest == "?":
        return words["?"].format(year=year)
    if rest.startswith("H"):
        return words["half"].format(year=year, half=_HALVES[language][int(rest[1]) - 1])
    if rest:
        return words["month"].format(year=year, month=int(rest))
    return f"{year}年" if language == "zh" else year
