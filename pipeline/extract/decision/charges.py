"""Names of crimes (罪名): which charges stand behind 犯 or 构成.

The list of names (`rules/charges.toml`) decides what a 、 means: 犯抢劫、强奸罪 names two charges, 组织、领导、参加黑社会性质组织罪 is one.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

_CLOSING = re.compile(r"(?<![犯定认前本数])罪(?!行|犯|责|刑|名|量|证)")
_JOINT = re.compile(r"^(?:[、，和与及暨并]|以及|又?犯|同时)+")
_REMARK = re.compile(r"（(?!国）|边）|境）|国、边)[^（）]{0,24}）")
_NO_NAME = re.compile(r"[该此何数前新余]|^[的之]|[的之]$|应当?判|判处|上述|同种|同罪|本罪|其他|[两二三四]罪|严重|一罪|一个")
_ANCHOR = re.compile(r"(?<![罪原前侵])犯(?!罪|意|前|案|有前|人)(?:有|了|下)?")
# 初犯, 从犯, 进犯: a crime follows these only where the sign before 犯 ends a name or a phrase, so the charge must be a listed one.
_DOUBTFUL = frozenset("从主累惯初偶共案再冒进违")
_REACH = 90
_CHUNK_END = re.compile(r"[。；：！？\n“”，]|被告人|上诉人|(?<=罪)[和、]?又?犯(?!罪)|判处")


@cache
def names() -> frozenset[str]:
    """Every name of a crime in the list, without the closing 罪."""
    text = (files("pipeline.extract") / "rules" / "charges.toml").read_text(encoding="utf-8")
    chapters: dict[str, list[str]] = tomllib.loads(text)
    return frozenset(name for chapter in chapters.values() for name in chapter)


@cache
def _choices() -> tuple[str, ...]:
    """The names that offer a choice (选择性罪名), without their 、."""
    return tuple(name.replace("、", "") for name in names() if "、" in name)


@cache
def known(name: str) -> bool:
    """Whether the words (without 罪) are a charge of the list, or a choice among the parts of one: 贩卖毒品, 领导黑社会性质组织."""
    return _cost(name) is not None


def _cost(name: str) -> int | None:
    """1 for a listed name, 10 for a choice among the parts of one, None for anything else."""
    if name in names():
        return 1
    flat = name.replace("、", "")
    return 10 if len(flat) > 1 and any(_within(flat, whole) for whole in _choices()) else None


def _within(part: str, whole: str) -> bool:
    """Whether `part` is made of pieces of `whole`, in order, none shorter than two characters: 非法|持有|枪支."""
    reached: list[int | None] = [0, *([None] * len(part))]  # least place in `whole` at which part[:i] can end
    for end in range(2, len(part) + 1):
        for start in range(end - 1):
            before = reached[start]
            at = whole.find(part[start:end], before) if before is not None else -1
            if at >= 0:
                held = reached[end]
                reached[end] = min(at + end - start, held) if held is not None else at + end - start
    return reached[-1] is not None


@cache
def split(words: str) -> tuple[str, ...]:
    """The charges in words without 罪: listed names before choices, few before many; the words as they are where that fails."""
    parts = words.split("、")
    best: list[tuple[int, tuple[str, ...]] | None] = [(0, ()), *([None] * len(parts))]
    for end in range(1, len(parts) + 1):
        for start in range(end):
            name, before, held = "、".join(parts[start:end]), best[start], best[end]
            cost = _cost(name)
            if before is not None and cost is not None and (held is None or before[0] + cost < held[0]):
                best[end] = (before[0] + cost, (*before[1], name))
    whole = best[-1]
    return whole[1] if whole else (words,)


def charges_in(words: str) -> list[str]:
    """Charges, closing 罪 included, in words such as 抢劫罪、非法拘禁罪; empty where no crime is named."""
    found: list[str] = []
    start = 0
    for m in _CLOSING.finditer(words):
        piece = _JOINT.sub("", _REMARK.sub("", words[start : m.start()]).strip("“”《》（）"))
        start = m.end()
        if _plausible(piece):
            found += [f"{name}罪" for name in split(piece) if f"{name}罪" not in found]
    return found or _without_closing(words)


def _plausible(piece: str) -> bool:
    if known(piece):
        return True
    return 2 <= len(piece) <= 40 and not _NO_NAME.search(piece) and bool(re.fullmatch(r"[\u3400-\u9fff、（）]+", piece))


def _without_closing(words: str) -> list[str]:
    """The name alone where the court forgot or misprinted 罪: 犯故意伤害，判处."""
    name = _REMARK.sub("", words).strip()
    listed = next((n for n in (name, name[:-1]) if len(n) > 1 and known(n)), None)
    return [f"{listed}罪"] if listed else []


def charge_without_verb(view: str, start: int, end: int) -> tuple[int, list[str]] | None:
    """(end, charges) of listed crimes that stand at once after a person's name, where the court forgot 犯."""
    closing = _CLOSING.search(view, start, min(end, start + 40))
    if not closing or _JOINT.match(view[start : start + 1]):
        return None
    named = charges_in(view[start : closing.end()])
    return (closing.end(), named) if named and all(known(charge[:-1]) for charge in named) else None


def convictions(view: str, start: int, end: int) -> list[tuple[int, int, list[str]]]:
    """(start, end, charges) of every 犯…罪 between two places of the view."""
    found: list[tuple[int, int, list[str]]] = []
    for m in _ANCHOR.finditer(view, start, end):
        stop = _chunk_end(view, m.end(), min(end, m.end() + _REACH))
        if found and m.start() < found[-1][1]:
            continue
        named = charges_in(view[m.end() : stop])
        if view[m.start() - 1 : m.start()] in _DOUBTFUL:
            named = [charge for charge in named if known(charge[:-1])]
        if named:
            last = max((c.end() for c in _CLOSING.finditer(view, m.end(), stop)), default=stop)
            found.append((m.start(), last, named))
    return found


def _chunk_end(view: str, start: int, limit: int) -> int:
    edge = _CHUNK_END.search(view, start, limit)
    return edge.start() if edge else limit
