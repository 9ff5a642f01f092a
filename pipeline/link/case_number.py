"""Case numbers (案号) in one form: however brackets, blanks, 字 and 第 are printed, the same number has the same key.

Source of the form: Supreme People's Court, 关于人民法院案件案号的若干规定 (法〔2015〕137号); before 2016 courts chose their own letters and wrote 字第.
"""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.text import canonical

_CHINESE_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_YEAR_IN_WORDS = re.compile(r"（([〇零一二三四五六七八九]{4})年?）")
_MASK = re.compile(r"[*×xX某]+")
# Letters that scanning and typing leave among digits.
_LETTER_ONE = re.compile(r"(?<=\d)[lI|](?=[\dlI|号])|(?<=[初终刑更执再第])[lI|](?=\d)")
_LETTER_ZERO = re.compile(r"(?<=\d)[oO〇](?=[\doO〇号])|(?<=[\u3400-\u9fff])[oO](?=\d)")
_PARTS = re.compile(r"（?(\d{4})年?）?([^\d（）]*(?:\d{1,5}[^\d（）]+)?)0*(\d+)号?(?:(?:之|-)([一二三四五六七八九十\d]{1,3})号?)?")
_CODED = re.compile(r"\d{4} (?:最高法|[\u3400-\u9fff]\d{2,4})[\u3400-\u9fff]")
_STAGE = re.compile(r"[\u3400-\u9fff]?\d{2,4}(?P<coded>[^\d ]+) |刑(?P<worded>[^\d ]*) ")
# Letters of a number that tell the stage, the most telling first.
_STAGES = (
    ("enforcement", re.compile(r"[减更假执]")),
    ("review", re.compile(r"[复核]")),
    ("retrial", re.compile(r"[再监申抗提]")),
    ("second", re.compile(r"终")),
    ("first", re.compile(r"[初重]")),
)


def printed(number: str) -> str:
    """The number without blanks, with brackets （） and digits for the year: '（2018）某01刑初5号'."""
    number = "".join(canonical(number).split())
    number = _YEAR_IN_WORDS.sub(lambda m: f"（{m[1].translate(_CHINESE_DIGITS)}）", number)
    return _LETTER_ZERO.sub("0", _LETTER_ONE.sub("1", number))


@lru_cache(maxsize=1 << 16)
def key(number: str) -> str:
    """What tells the number from every other of its court: 'year letters serial', and '-2' for 之二; '' when it is masked or none."""
    parts = _PARTS.fullmatch(printed(number))
    if not parts or _MASK.search(parts[2]) or not parts[2]:
        return ""
    letters = parts[2].removesuffix("第").removesuffix("字")
    part = parts[4].translate(_CHINESE_DIGITS) if parts[4] else ""
    return f"{parts[1]} {letters} {parts[3]}" + (f"-{part}" if part else "")


def is_coded(number_key: str) -> bool:
    """Whether the key holds a court's code, as numbers do since 2016: such a number is the only one in the country."""
    return bool(_CODED.match(number_key))


def may_be_equal(one: str, other: str) -> bool:
    """Whether two printed numbers may be one: equal keys, or masks (（2021）*011*刑初3*号) that fit. An absent number fits any."""
    if not one or not other:
        return True
    if key(one) and key(other):
        return key(one) == key(other)
    return _fits(one, other) or _fits(other, one)


def _fits(masked: str, number: str) -> bool:
    pieces = [re.escape(piece) for piece in _MASK.split(printed(masked))]
    return bool(_MASK.search(masked) and re.fullmatch(".*".join(pieces), printed(number)))


def stage(number: str) -> str:
    """first, second, retrial, review (死刑复核) or enforcement (减刑, 假释), as the letters of the number tell; '' when they do not."""
    found = _STAGE.search(key(number) or printed(number) + " ")
    letters = (found["coded"] or found["worded"] or "") if found else ""
    return next((name for name, pattern in _STAGES if pattern.search(letters)), "")
