"""Who acts together: persons whom a defendant calls in (纠集, 伙同) or who act beside one (被告人A和B). They strike on one side."""

from __future__ import annotations

import re

from pipeline.extract.harm.persons import FILLER, Mention, People, Side
from pipeline.text import Document, Expression

_CALLING = "纠集|伙同|邀约|邀集|邀请|召集|集结|带领|率领|指使|雇佣|会同|叫上|叫来|喊上|喊来|约上|联系|安排"
_CALLS = Expression(_CALLING)
_CALLED_IN = re.compile(
    rf"([\ue000\ue001]){FILLER}*[^，。；：\n\ue000-\ue003]{{0,8}}"
    rf"(?:{_CALLING})[^，。；：\n\ue000-\ue003]{{0,8}}([\ue000-\ue002])"
)
# A、B are opponents, or merely named together.
_AGAINST = re.compile(
    r"[^，。；：\n]{0,12}(?:发生|争|互|扭|厮|吵|冲突|口角|相识|相遇|受伤|打伤|砍伤|刺伤|捅伤|轻伤|重伤|轻微伤|系|是|犯|的)"
)


def allies(people: People, document: Document) -> dict[int, int]:
    """Person's key -> number of the side, for defendants and those whom the findings show acting with one."""
    side: dict[int, int] = {}
    for start, end in document.findings:
        if not document.search(_CALLS, start, end):
            continue
        for m in _CALLED_IN.finditer(people.marked, start, end):
            _join(side, [people.at(m.start(1)), *_together(people, people.at(m.start(2)))])
    for mention in (m for start, end in document.findings for m in people.between(start, end)):
        if mention.person.side is Side.OFFENDER:
            number = side.setdefault(mention.person.key, mention.person.key)
            for other in _beside(people, mention):
                side.setdefault(other.person.key, number)
    charged = {side[p.key] for p in people.persons if p.side is Side.OFFENDER and p.key in side}
    return {key: number for key, number in side.items() if number in charged}


def _beside(people: People, offender: Mention) -> list[Mention]:
    """Those not charged who are listed with an offender as acting with him."""
    listed = people.listed_with(offender)
    if len(listed) < 2 or listed[0] is not offender or _AGAINST.match(people.view, listed[-1].end):
        return []
    return [m for m in _together(people, offender) if m.person.side in (Side.OTHER, Side.ACCOMPLICE)]


def _together(people: People, first: Mention) -> list[Mention]:
    """A、B和C与D、E斗殴: A, B and C."""
    found = [first]
    for mention in people.listed_with(first):
        if mention.start <= first.start:
            continue
        between = people.view[found[-1].end : mention.start]
        if "与" in between or "害人" in between:
            break
        found.append(mention)
    return found


def _join(side: dict[int, int], together: list[Mention]) -> None:
    """Put all on one side, with those already on the side of any of them."""
    keys = {m.person.key for m in together if m.person.side is not Side.UNNAMED}
    if len(keys) < 2:
        return
    joined = {side[k] for k in keys if k in side}
    number = min(joined | keys)
    side.update(dict.fromkeys([*keys, *(k for k, n in side.items() if n in joined)], number))
