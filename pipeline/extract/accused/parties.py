"""Parties as the heading lists them (当事人信息): who opens each paragraph, in which role, under which name.

Order and titles of the parties: Supreme People's Court, model forms of criminal documents (法院刑事诉讼文书样式, 1999, as amended).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from pipeline.extract.accused.names import COMPANY, NAME

_ROLE_WORD = (
    r"(?:(?:原审|一审|二审|再审|原|本案|同案|刑事|反诉|共同)*(?:刑事)?(?:附带民事(?:诉讼|公益诉讼)?)?"
    r"(?:被告人|被告单位|上诉人|上诉单位|被上诉人|申诉人|被申诉人|申请再审人|再审申请人|被申请人|罪犯|自诉人|原告人?|被告(?!人|单位)|犯罪嫌疑人|被强制医疗人))"
)
_ROLE = rf"(?P<role>{_ROLE_WORD}(?:(?:[暨兼及即和/、]|以及){_ROLE_WORD}|（[^（）\n]{{0,6}}{_ROLE_WORD}[^（）\n]{{0,30}}）)*)"
_OTHER = (
    r"(?:指定|委托|法律援助|共同|原审|一审|二审|诉讼)*(?:辩护人|辩护律师|法定代理人|诉讼代理人|委托代理人|委托诉讼代理人|代理人|诉讼代表人|法定代表人|合适成年人|监护人|"
    r"被害人|公诉机关|抗诉机关|公益诉讼起诉人|翻译人员|翻译|近亲属|负责人|值班律师)"
)
_ENDS = "。；\n）"  # a paragraph opens at the beginning of the text or behind one of these
_NUMBERED = r"(?:[（]?[一二三四五六七八九十\d]{1,3}[、.）])?"
# What follows a name: a sign, or the first particular where the blank between them was lost.
_AFTER_NAME = (
    r"(?=[。；：（\n]|，(?!等)|[男女](?:性)?(?:[。、；（\d]|，(?![男女])|[汉满回壮藏苗彝]族|出生|生于)|(?:19|20)[\d×*X]{2}年|"
    r"(?:现|曾|原|又|后|均)?因(?:涉嫌|本案|犯|吸|殴|打|故意|寻衅|盗|赌|贩|抢|诈|贪|受贿|阻碍|妨|容留|嫖|卖|非法|交通|危险|组织|开设|聚众|违|无证|酒|醉)|"
    r"曾用名|又名|绰号|别名|外号|化名|自报|汉族|身份证|公民身份|居民身份|户籍|出生|于[12]\d{3}年|曾于|系|住)"
)
_SELF_NAMED = r"[：，]?(?:(?:自报(?:姓名|名)?|自称)(?:为|叫|是)?[：]?)?"


def _opening(pattern: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """The pattern where the text begins, and behind a sign: a search for the sign is many times faster than one for its absence."""
    return re.compile(rf"(?P<opening>{pattern})"), re.compile(rf"[{_ENDS}](?P<opening>{pattern})")


_PERSON = _opening(rf"{_NUMBERED}{_ROLE}{_SELF_NAMED}(?:(?P<company>{COMPANY}(?=[，。；：（\n]))|(?P<name>{NAME}){_AFTER_NAME})")
_RUN_ON = re.compile(
    rf"(?=[原一二再本同刑反共附被上申罪自犯])(?P<opening>{_ROLE}{_SELF_NAMED}(?P<name>{NAME})(?=（[^（）\n]{{1,20}}），[男女]|，(?:曾用名[^，]{{1,12}}，|绰号[^，]{{1,12}}，)?[男女](?:性)?[，。；]|。(?:(?:现)?因(?:涉嫌|本案|犯)|[12]\d{{3}}年[^，。]{{2,8}}因)))"
)
_OTHERS = _opening(
    rf"{_NUMBERED}(?!(?:法定代表人|负责人)[，。；]){_OTHER}(?!权|意见|认为|提出|辩|对|的|及)[^。\n]{{0,60}}|{_NUMBERED}[^。，；\n]{{2,30}}人民检察院(?:以|于|指控|指派|[^。\n]{{0,30}}起诉书)"
)
_CIVIL = re.compile(r"(?:刑事)?附带民事(?:诉讼|公益诉讼)?(?:被告人?|上诉人|被上诉人|原告人?)")
_NO_NAME = re.compile(
    r"及其|和其|与其|辩护|到庭|无异议|供述|涉嫌|指控|提出|认为|辩称|等人|伙同|他人|共同|驾驶|持刀|琐事|不服|上诉|一案|提起|公诉|法院|检察|判决|曾因|被|犯|归案|到案|认罪|查获|公安|"
    r"的(?:法定|辩护|诉讼|委托|父|母|妻|行为|犯罪|供)|代理人|对(?:指控|公诉|起诉|上述|以上|其)|^(?:某|人|的|及|与|在|对|因|犯|未|已|自报|单位|于\d|经|以|将)|^[\d.．·]+$"
)


@dataclass(frozen=True, slots=True)
class Party:
    """A party whose paragraph is `view[start:end]`; `role` as printed, `name` at `at`; `criminal` when charged in this case."""

    role: str
    name: str
    start: int
    at: int
    end: int
    criminal: bool


def parties(view: str, stretches: list[tuple[int, int]]) -> list[Party]:
    """Accused, appellants and plaintiffs whose paragraphs begin in the stretches of the view, in text order."""
    found: dict[int, re.Match[str]] = {}
    for start, end in stretches:
        for m in chain(_openings(_PERSON, view, start, end), _RUN_ON.finditer(view, start, end)):
            if _is_name(m):
                found.setdefault(m.start(_group(m)), m)
    opened = sorted(found.values(), key=lambda m: m.start("opening"))
    edges = sorted({m.start("opening") for m in [*opened, *(m for a, b in stretches for m in _openings(_OTHERS, view, a, b))]})
    return [_party(view, m, stretches, edges) for m in opened]


def _openings(patterns: tuple[re.Pattern[str], re.Pattern[str]], view: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """Matches of an opening in `view[start:end]`."""
    first = patterns[0].match(view, start, end) if start == 0 or view[start - 1] in _ENDS else None
    if first:
        yield first
    yield from patterns[1].finditer(view, first.end() if first else start, end)


def unnamed_role(view: str, name: str, start: int, end: int) -> Party | None:
    """The paragraph of `view[start:end]` that opens with the name of somebody charged, whose role was left out."""
    for m in re.finditer(rf"(?:^|(?<=[。\n])){re.escape(name)}(?=(?:（[^（）\n]{{1,20}}）)?，[男女]，)", view[start:end]):
        at = start + m.start()
        stop = view.find("\n", at, end)
        return Party("", name, at, at, stop if stop >= 0 else end, True)
    return None


def _party(view: str, m: re.Match[str], stretches: list[tuple[int, int]], edges: list[int]) -> Party:
    last = next((end for start, end in stretches if start <= m.start("opening") < end), len(view))
    following = bisect_left(edges, m.end())
    end = edges[following] if following < len(edges) else last
    group = _group(m)
    return Party(m["role"], m[group], m.start("opening"), m.start(group), min(end, last), charged(m["role"]))


def _group(m: re.Match[str]) -> str:
    return "company" if m.re is not _RUN_ON and m["company"] else "name"


def _is_name(m: re.Match[str]) -> bool:
    """Whether the match names a party and is not the start of a sentence about one."""
    if _group(m) == "company":
        return not re.search(r"及其|辩护人|到庭|异议|指控|上诉|判决|涉嫌|系[一以]|经营范围|为主", m["company"])
    return not _NO_NAME.search(m["name"]) and (len(m["name"]) <= 12 or "·" in m["name"] or m["name"].isascii())


def charged(role: str) -> bool:
    """Whether a role as printed is that of somebody charged.

    附带民事诉讼被告人 alone is not, nor the appealing plaintiff; a private prosecutor is where he is also 反诉被告人.
    """
    rest = _CIVIL.sub("", role)
    if re.search(r"被告人|被告单位|罪犯|被告|被强制医疗人", rest):
        return True
    return bool(re.search(r"上诉人|上诉单位|申诉人|申请再审人|再审申请人|被申请人", rest)) and not re.search(r"附带民事|原告|自诉", role)
