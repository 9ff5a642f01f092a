"""China Judgments Online by hand: the addresses of its searches, for a person to open in a browser of their own.

The address of a result page carries the search: `index.html?pageId=...&s21=殴打医生&s8=02&s42=2019&s4=4&s33=浙江省`. Seen: addresses and
requests that public programs hold, and the site's own page script, which makes each parameter of the address but `pageId` a
condition of the search, parts `s21` at blanks (every word must occur), and keeps one set of conditions for each `pageId`. Codes
of `s8`, `s4` and the provinces of `s33`: seen in requests. Derived, not seen: an address with all five conditions at once.
The year is asked by `s42`, not by dates: with 15 documents a page the site has been seen to drop the dates without a word.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from urllib.parse import quote, urlencode

from pipeline.schema import AnjuanError

SOURCE = "wenshu_by_hand"
LIMIT = 600  # "共检索到 … 篇文书，显示前600条" says every longer result page of the site: 40 pages of 15
RESULTS = "https://wenshu.court.gov.cn/website/wenshu/181217BMTKHNT2W0/index.html"
DETAIL = "https://wenshu.court.gov.cn/website/wenshu/181107ANFZ0BXSK4/index.html"
STUDY_KEYWORDS = ("杀害医务人员", "伤医", "报复医生", "殴打医生")  # Laws 2025, 14(4), 44
LEVELS = {"supreme": "1", "high": "2", "intermediate": "3", "basic": "4"}  # 最高法院, 高级法院, 中级法院, 基层法院
_LEVEL_NAMES = {"最高": "supreme", "高级": "high", "中级": "intermediate", "基层": "basic"}
PROVINCES = (
    "北京市", "天津市", "河北省", "山西省", "内蒙古自治区", "辽宁省", "吉林省", "黑龙江省", "上海市", "江苏省", "浙江省", "安徽省", "福建省",
    "江西省", "山东省", "河南省", "湖北省", "湖南省", "广东省", "广西壮族自治区", "海南省", "重庆市", "四川省", "贵州省", "云南省", "西藏自治区",
    "陕西省", "甘肃省", "青海省", "宁夏回族自治区", "新疆维吾尔自治区",
)  # fmt: skip
FIRST_YEAR = 1996  # the first that the site offers
_CRIMINAL = "02"
_SPAN = re.compile(r"(\d{4})(?:\s*[-–—至]\s*(\d{4}))?", re.ASCII)

Condition = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Search:
    """One search: `words` must all stand in the text of criminal judgments of the year, court level and province ('': any)."""

    keyword: str  # the name under which its documents are counted
    words: str
    year: str = ""
    court_level: str = ""
    province: str = ""

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """The conditions in the site's own keys, in the order in which it writes them."""
        asked = [("s21", word) for word in self.words.split()] + [("s8", _CRIMINAL)]
        rest = (("s42", self.year), ("s4", LEVELS.get(self.court_level, "")), ("s33", self.province))
        return (*asked, *((key, value) for key, value in rest if value))

    @property
    def query(self) -> str:
        """The conditions as the site's own requests write them: a JSON list."""
        return query_text(self.conditions)

    @property
    def url(self) -> str:
        """The address of the first result page."""
        return url_of(self.conditions)


def query_text(conditions: Iterable[Condition]) -> str:
    """Conditions as a JSON list of `{"key": ..., "value": ...}`: the form of the site's own `queryCondition`."""
    return json.dumps([{"key": key, "value": value} for key, value in conditions], ensure_ascii=False, separators=(",", ":"))


def url_of(conditions: Sequence[Condition]) -> str:
    """The address that asks the conditions. Each search has a `pageId` of its own, so that open tabs do not mix."""
    page = hashlib.blake2b(query_text(conditions).encode(), digest_size=16).hexdigest()
    words = " ".join(value for key, value in conditions if key == "s21")
    asked = [("pageId", page), *([("s21", words)] if words else []), *(pair for pair in conditions if pair[0] != "s21")]
    return f"{RESULTS}?{urlencode(asked, quote_via=quote, safe='')}"


def detail_url(source_id: str) -> str:
    """The address of a document's own page."""
    return f"{DETAIL}?{urlencode({'docId': source_id}, quote_via=quote, safe='')}"


def plan(
    keywords: Iterable[tuple[str, str]], years: Sequence[str], levels: Sequence[str] = tuple(LEVELS), provinces: Sequence[str] = ()
) -> Iterator[Search]:
    """Yield a search for each keyword (name, words) x year x court level (x province). AnjuanError for an empty keyword."""
    for (name, words), year, level, province in product(keywords, years, levels or ("",), provinces or ("",)):
        if not words.strip():
            raise AnjuanError(f"the keyword '{name}' has no words to search for")
        yield Search(name.strip() or words.strip(), " ".join(words.split()), year, level, province)


def split(conditions: Sequence[Condition]) -> tuple[str, ...]:
    """The provinces by which a search that finds more than the site shows can be split; none when it names one already."""
    return () if any(key == "s33" for key, _ in conditions) else PROVINCES


def parse_years(text: str, last: int) -> list[str]:
    """Years of "2012-2023" or "2012,2015-2017". AnjuanError for anything else, or for a year before 1996 or after `last`."""
    years: set[int] = set()
    for part in re.split(r"[,，、\s]+", text.strip()):
        found = _SPAN.fullmatch(part)
        if not found:
            raise AnjuanError(f"'{part}' is no year and no span of years; write 2019 or 2012-2023")
        years |= set(range(int(found[1]), int(found[2] or found[1]) + 1)) or {0}
    if not FIRST_YEAR <= min(years) <= max(years) <= last:
        raise AnjuanError(f"'{text}': the site has years from {FIRST_YEAR} to {last}, the earlier one first")
    return [str(year) for year in sorted(years)]


def parse_levels(names: Iterable[str]) -> list[str]:
    """Court levels by their English or Chinese names (basic, 基层). AnjuanError with the choices for any other."""
    found = []
    for name in names:
        level = next((value for word, value in _LEVEL_NAMES.items() if name.startswith(word)), name)
        if level not in LEVELS:
            raise AnjuanError(f"'{name}' is no court level; choose among {', '.join(LEVELS)} (最高, 高级, 中级, 基层)")
        found.append(level)
    return found


def parse_provinces(names: Iterable[str]) -> list[str]:
    """Provinces by their full names or by the beginning of them (浙江); `all` stands for every one. AnjuanError for any other."""
    found: list[str] = []
    for name in names:
        fitting = (
            PROVINCES if name in ("all", "全部") else [province for province in PROVINCES if len(name) > 1 and province.startswith(name)]
        )
        if not fitting:
            raise AnjuanError(f"'{name}' is no province; write one such as 浙江省, or all")
        found += fitting
    return list(dict.fromkeys(found))
