"""Case numbers as serial numbers: how many cases a court took in a year, and what share of them is in the database.

A court numbers the cases of one kind through the year. Of `n` different numbers seen the largest is `m`; if they are a simple random
sample of all, m(1 + 1/n) - 1 estimates without bias how many there were (Goodman, Serial Number Analysis, JASA 47, 1952). The share
n / estimate means something only where the database holds whole dumps: a sample chosen by keywords has few numbers, far apart, and
tells no more than that there were at least `m`. Posting is not random either: where the last cases of a year are posted less, the
estimate is too low and the share too high.

Numbers since 2016, （2018）浙0702刑初662号: Supreme People's Court, 法〔2015〕137号: year, court code (a letter for the province, two digits for
the prefecture, two for the court), kind, serial. Before, （2009）某中法刑一初字第12号: every court's own choice; their kind may name a division.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.text import canonical

FEWEST = 5  # numbers below which no estimate is given
_DOUBT = 0.05  # of the upper bound
_NEW = re.compile(r"（((?:19|20)\d{2})）([\u3400-\u9fff]{1,3}?\d{0,4})(刑(?:(?![字第])[\u3400-\u9fff]){1,4})(\d{1,6})号")
_OLD = re.compile(r"（((?:19|20)\d{2})）([\u3400-\u9fff]{0,12}?)(刑[\u3400-\u9fff]{0,6}?)字?第(\d{1,6})号")
# The letters of the court codes; pipeline/extract/heading/region.py gives a court its province with them.
_PROVINCES = {
    "京": "北京市", "津": "天津市", "冀": "河北省", "晋": "山西省", "内": "内蒙古自治区", "辽": "辽宁省", "吉": "吉林省", "黑": "黑龙江省",
    "沪": "上海市", "苏": "江苏省", "浙": "浙江省", "皖": "安徽省", "闽": "福建省", "赣": "江西省", "鲁": "山东省", "豫": "河南省",
    "鄂": "湖北省", "湘": "湖南省", "粤": "广东省", "桂": "广西壮族自治区", "琼": "海南省", "渝": "重庆市", "川": "四川省", "黔": "贵州省",
    "云": "云南省", "藏": "西藏自治区", "陕": "陕西省", "甘": "甘肃省", "青": "青海省", "宁": "宁夏回族自治区", "新": "新疆维吾尔自治区",
    "兵": "新疆维吾尔自治区",
}  # fmt: skip
PROVINCES = tuple(dict.fromkeys(_PROVINCES.values()))


@dataclass(frozen=True, slots=True)
class CaseNumber:
    """A case number taken apart. `court` is the code since 2016 (浙0702), before it what the court called itself (某中法)."""

    year: str
    court: str
    kind: str  # 刑初, 刑终, 刑一初, ...
    serial: int
    coded: bool  # in the form of 2016

    @property
    def province(self) -> str:
        """The province that a code names; '' for the old form and the Supreme People's Court."""
        return _PROVINCES.get(self.court[:1], "") if self.coded and re.fullmatch(r".\d*", self.court) else ""


@dataclass(frozen=True, slots=True)
class Serials:
    """The serial numbers of one court, year and kind: `seen` different ones, the `largest`, all `documents` that bear them."""

    court: str
    code: str
    year: str
    kind: str
    documents: int
    seen: int
    largest: int

    @property
    def estimate(self) -> float | None:
        """How many cases there were, if the numbers seen are a simple random sample; None for fewer than five."""
        return self.largest * (1 + 1 / self.seen) - 1 if self.seen >= FEWEST else None

    @property
    def at_most(self) -> float | None:
        """With 95 % confidence there were no more (under the same assumption): the N for which (m/N)^n is 0.05."""
        return max(self.largest, self.largest * _DOUBT ** (-1 / self.seen)) if self.seen >= FEWEST else None

    @property
    def share(self) -> float | None:
        """Share of the estimated cases of which a document was seen."""
        return min(1.0, self.seen / self.estimate) if self.estimate else None


def parse(printed: str) -> CaseNumber | None:
    """Take a case number apart; None for one that is masked, of no criminal case, or in no known form."""
    text = "".join(canonical(printed).split())
    if found := _NEW.match(text):
        return CaseNumber(found[1], found[2], found[3], int(found[4]), True)
    if found := _OLD.match(text):
        return CaseNumber(found[1], found[2], found[3], int(found[4]), False)
    return None


def group(documents: Iterable[tuple[str, str]]) -> list[Serials]:
    """The serial numbers of documents, (case number, court) each, by court, year and kind; most seen first.

    A code names its court; old numbers are told apart by the printed court, else by what the court calls itself.
    """
    numbers: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    names: dict[str, Counter[str]] = defaultdict(Counter)
    for printed, court in documents:
        number = parse(printed)
        if number is None or not number.serial:
            continue
        key = number.court if number.coded else court or number.court
        numbers[key, number.year, number.kind].append(number.serial)
        if court:
            names[key][court] += 1
    found = [
        Serials(_commonest(names[key]) or key, key, year, kind, len(serials), len(set(serials)), max(serials))
        for (key, year, kind), serials in numbers.items()
    ]
    return sorted(found, key=lambda row: (-row.seen, row.year, row.court, row.kind))


def by_year(found: Iterable[Serials]) -> list[tuple[str, int, int, float]]:
    """For each year: numbers seen, sum of the largest, and sum of the estimates, of the courts that have an estimate."""
    sums: dict[str, list[float]] = defaultdict(lambda: [0, 0, 0.0])
    for row in found:
        if row.estimate:
            sums[row.year] = [a + b for a, b in zip(sums[row.year], (row.seen, row.largest, row.estimate), strict=True)]
    return [(year, int(seen), int(largest), total) for year, (seen, largest, total) in sorted(sums.items())]


def _commonest(names: Counter[str]) -> str:
    return min(names, key=lambda name: (-names[name], name), default="")
