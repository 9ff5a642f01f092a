"""Numbers of a judgment: prison terms in months, money in yuan.

Courts write 一年零六个月, 1年6个月, 壹年, 半年, 一年半; 人民币二万元, 20,000元, 2万元, 贰万元整. Days of a term are ignored.
"""

from __future__ import annotations

import re
from functools import lru_cache

import cn2an

_DIGITS = r"[\d一二三四五六七八九十两〇百壹贰貳叁肆伍陆陸柒捌玖拾]"
# A term of prison or probation. The word before it (有期徒刑, 缓刑) says which; a date (2017年6月) never follows such a word.
TERM = rf"(?:{_DIGITS}{{1,4}}年半|半年|(?:{_DIGITS}{{1,4}}年)(?:[零〇又另、]?{_DIGITS}{{1,3}}(?:个?月|个(?=[，。；])))?|{_DIGITS}{{1,3}}个半?月)"
_AMOUNT = (
    r"(?:\d{1,3}(?:[,，]\d{3}){1,4}(?:\.\d{1,2})?|\d{1,12}(?:\.\d{1,6})?|[一二三四五六七八九十两〇零百千壹贰貳叁肆伍陆陸柒捌玖拾佰仟])"
)
MONEY = rf"(?:人民币|民币|RMB|￥|¥)?[：:]?(?:{_AMOUNT}|[万萬亿]){{1,16}}余?(?:元|圆|块)?"
_PARTS = re.compile(
    rf"(?:(?P<half>半)年|(?P<years>{_DIGITS}+)年)?(?P<and_half>半)?(?:[零〇又另、]?(?P<months>{_DIGITS}+)(?:个半?月|月|个$))?"
)
_FORMAL = str.maketrans("貳陸萬圆", "贰陆万元")
_MONEY_NOISE = re.compile(r"[,，：:余元块整￥¥人民币RMB]")


@lru_cache(maxsize=4096)
def number(text: str) -> float | None:
    """Value of a numeral in Chinese or Arabic digits, or of a mixture (1万5千); None where it is none."""
    text = text.translate(_FORMAL).replace("〇", "零").lstrip("零")
    if not text:
        return None
    if text[0] in "百千佰仟":
        text = "一" + text
    try:
        return float(cn2an.cn2an(text, "smart"))
    except ValueError:
        return None


def months(text: str) -> int:
    """Months of a term: 一年零六个月 is 18; days are ignored; 0 where nothing is stated."""
    found = _PARTS.match(text)
    if not found:
        return 0
    years = 0.5 if found["half"] else number(found["years"] or "零") or 0.0
    if found["and_half"]:
        years += 0.5
    return int(years * 12) + int(number(found["months"] or "零") or 0)


def yuan(text: str) -> int | float:
    """Yuan of an amount: 人民币二万元 is 20000; a fraction only where fen are stated; 0 where no number can be read."""
    amount = number(_MONEY_NOISE.sub("", text)) or 0.0
    return int(amount) if amount == int(amount) else amount
