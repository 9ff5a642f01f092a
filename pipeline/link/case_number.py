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
_PARTS = re.compile(r"（?(\d{4})年?）?([^\d（）]*(?:\d{1,5}[^\d（）-]+)?)0*(\d+)号?(?:(?:之|-)([一二三四五六七八九十\d]{1,3})号?)?")
_CODED = re.compile(r"\d{4} (?:最高法|[\u3400-\u9fff]\d{2,4})[\u3400-\u9fff]")
_PROVINCES = "京津冀晋内辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川黔贵云藏陕甘青宁新兵"
# Letters of a criminal number: the court's own, 刑, and the kind of proceedings. Others come of misprints (刑个, 初正).
_CRIMINAL = re.compile(
    r"(?:[\u3400-\u9fff]{0,8}|[\u3400-\u9fff]\d{2,4})刑[一二三四五六七八九十]?[一二三四五六七八九十自少知重再初终抗申监提执减假更复核医没外他管辖附带民诉速简未缓引交裁请]{1,5}(?:字[一二三四五六七八九十]?)?"
)
_CODED_LETTERS = re.compile(rf"(?:最高法|[{_PROVINCES}]\d{{0,4}})刑[\u3400-\u9fff]{{1,2}}")
_CODES_SINCE = 2016
_MISPRINTS = 2
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
    """What tells the number from every other of its court: 'year letters serial', and '-2' for 之二; '' when masked, misprinted or none."""
    parts = _PARTS.fullmatch(printed(number))
    if not parts or not _well_formed(int(parts[1]), parts[2]):
        return ""
    letters = parts[2].removesuffix("第").removesuffix("字")
    part = parts[4].translate(_CHINESE_DIGITS) if parts[4] else ""
    return f"{parts[1]} {letters} {parts[3]}" + (f"-{part}" if part else "")


def _well_formed(year: int, letters: str) -> bool:
    letters = letters.removesuffix("第")
    return bool(_CRIMINAL.fullmatch(letters) and (year < _CODES_SINCE or "字" in letters or _CODED_LETTERS.fullmatch(letters)))


def is_coded(number_key: str) -> bool:
    """Whether the key holds a court's code, as numbers do since 2016: such a number is the only one in the country."""
    return bool(_CODED.match(number_key))


def may_be_equal(one: str, other: str) -> bool:
    """Whether two printed numbers may be one: equal keys, masks (（2021）*011*刑初3*号) that fit, or a misprint in one of them.

    An absent number fits any.
    """
    if not one or not other:
        return True
    if key(one) and key(other):
        return key(one) == key(other)
    return _fits(one, other) or _fits(other, one) or _misprint(printed(one), printed(other))


def _misprint(one: str, other: str) -> bool:
    """Whether two numbers of one length differ in one letter or two."""
    return len(one) == len(other) and sum(a != b for a, b in zip(one, other, strict=True)) <= _MISPRINTS


def _fits(masked: str, number: str) -> bool:
    pieces = [re.escape(piece) for piece in _MASK.split(printed(masked))]
    return bool(_MASK.search(masked) and re.fullmatch(".*".join(pieces), printed(number)))


def stage(number: str) -> str:
    """first, second, retrial, review (死刑复核) or enforcement (减刑, 假释), as the letters of the number tell; '' when they do not."""
    found = _STAGE.search(key(number) or printed(number) + " ")
    letters = (found["coded"] or found["worded"] or "") if found else ""
    return next((name for name, pattern in _STAGES if pattern.search(letters)), "")
