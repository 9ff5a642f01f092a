"""Sex and birth of a defendant told outside the heading: in evidence about the register, in brackets, in identification records."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from pipeline.extract.accused.identity import BORN, DAY, Particular, clauses, iso_of

# What may stand between a person's name and the date of birth of that person: 张某户籍资料记载的生日为….
_BIRTH_TOLD = re.compile(
    r"，?(?:男，|女，)?(?:[^。；，、男女被]{0,10}?|[^。；，被]{0,24}(?:记载|证实|证明|显示|载明)[^。；，被]{0,6}?)"
    rf"(?P<born>(?>{BORN.pattern}|的?出生(?:时间|日期)[为是：]?(?:{DAY})))(?!错误|有误|不实|不[符真]|[农阴]历)"
)
_NEAR = 80  # the words before a date of birth, the date, and 出生
_TELLING = ("人", "证明", "证实")
_REGISTER = re.compile(r"户籍|户口|身份证|常住人口|人口信息")
_BRACKETS = re.compile(r"[^（）\n]{1,110}(?=）)")
_SEX_OR_BIRTH = re.compile(r"^[男女](?:性)?(?=，|$)|，[男女]，|出生")
_OTHERS = ("害人", "证人", "原告人", "辩护人", "代理人")  # somebody else under the same mask
_KIND = r"(?:青年|中年|年轻|成年|老年|年青)?(?P<sex>[男女])(?:子|青年|性|人)"
_SEXED = re.compile("[男女](?:子|青年|性|人)")
_FAR = 160  # a list of names, a number, and 青年男子
_ITEM = r"(?:(?:、|和|及|与|以及)(?:被告人)?[^、，。；（）\d一二两三四五六七八九十几多的另其不]{1,5}){0,12}"
# 张某、李某等五名青年男子, not 张某和另一名男子; 一名叫张某的女子; 张某（中年男子）.
_COUNTED = re.compile(rf"{_ITEM}等?[一二两三四五六七八九十几余多\d]{{1,4}}(?:名|个|位){_KIND}")
_CALLED = re.compile(rf"的[^，。；的]{{0,8}}?{_KIND}")
_NOTED = re.compile(rf"（[^（）]{{0,12}}?{_KIND}(?=[，、）])")
_CALLING = ("叫", "名为", "自称", "叫做", "名叫")
_IDENTIFIED = re.compile(rf"辨认出(?P<who>[^，。；]{{1,80}}?)(?:就是|即是|即为|系|是|即)[^，。；]{{0,40}}?{_KIND}(?:之一)?(?=[，。；）]|$)")
_WHO = re.compile(r"、|和|及|与|以及|等人?|被告人|上诉人|同案人|同案犯")


def birth_told(view: str, names: tuple[str, ...]) -> Particular | None:
    """Date of birth that another part of the document gives, the household register first: 户籍证明，证实被告人张某出生于1990年…."""
    told = [m for name in names for m in _births(view, name)]
    best = next((m for m in told if _REGISTER.search(view, max(m.start() - 30, 0), m.end())), next(iter(told), None))
    return Particular(iso_of(best["born"]), best.start("born"), best.end("born")) if best else None


def _births(view: str, name: str) -> Iterator[re.Match[str]]:
    for at in sorted(at + len(word) for word in _TELLING for at in _places(view, f"{word}{name}")):
        end = at + len(name)
        if view.find("生", end, end + _NEAR) < 0 or view.endswith(_OTHERS, 0, at):
            continue
        told = _BIRTH_TOLD.match(view, end, end + _NEAR)
        if told and iso_of(told["born"]):
            yield told


def in_brackets(view: str, name: str) -> list[tuple[int, int]]:
    """Clauses of the first brackets behind the name that tell a sex or a birth: 张某（男，1990年9月26日出生，农民）."""
    for at in _places(view, f"{name}（"):
        start = at + len(name) + 1
        told = None if view.endswith(_OTHERS, 0, at) else _BRACKETS.match(view, start, start + 120)
        if told and _SEX_OR_BIRTH.search(told[0]):
            return list(clauses(view, start, told.end()))
    return []


def _places(view: str, words: str) -> Iterator[int]:
    at = view.find(words)
    while at >= 0:
        yield at
        at = view.find(words, at + len(words))


def sex_told(view: str, name: str) -> Particular | None:
    """male or female, where the facts count the person among men or women or somebody identified a man or a woman."""
    sexed = [m.start() for m in _SEXED.finditer(view)]
    for at in _places(view, name) if sexed else ():
        end = at + len(name)
        following = bisect_left(sexed, end)
        if following == len(sexed) or sexed[following] - end > _FAR or view.endswith(_OTHERS, 0, at):
            continue
        told = (
            _COUNTED.match(view, end) or _NOTED.match(view, end) or (_CALLED.match(view, end) if view.endswith(_CALLING, 0, at) else None)
        )
        if told:
            return _sex(told)
    return next((_sex(m) for m in (_identifications(view) if sexed else ()) if name in _WHO.split(m["who"])), None)


def _identifications(view: str) -> Iterator[re.Match[str]]:
    found = (_IDENTIFIED.match(view, at) for at in _places(view, "辨认出"))
    return (m for m in found if m)


def _sex(found: re.Match[str]) -> Particular:
    return Particular("male" if found["sex"] == "男" else "female", found.start("sex"), found.end())
