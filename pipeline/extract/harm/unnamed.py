"""Victims without a name: 三名保安员, 另一名护士, 民警陈某等三人; counted without counting those named twice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from pipeline.extract.harm.attacks import DIRECT, Attack
from pipeline.extract.harm.persons import FILLER, Noun, People, Side
from pipeline.extract.harm.roles import Roles, number_of

_STAFF = frozenset({"doctor", "nurse", "other_clinical", "security", "admin"})
_AND_OTHERS = re.compile(
    rf"{FILLER}*等(?P<n>\d{{1,3}}|[二两三四五六七八九十]{{1,3}})(?:余)?(?:名|位)?(?:人|医|护|保安|民警|群众|职工|员工|工作人员|村民|被害人)"
)


class Named(Protocol):
    """What is asked of a named victim."""

    @property
    def role(self) -> str:
        """The codebook's role."""


@dataclass(frozen=True, slots=True)
class Group:
    """One unnamed victim or a group of `persons`, told at `start:end` of the view; `key` finds its injuries."""

    key: int
    role: str
    persons: int
    start: int
    end: int


def groups(people: People, acts: Sequence[Attack], named: Sequence[Named], roles: Roles) -> list[Group]:
    """Unnamed victims of the acts, less the named ones that they include."""
    taken = [v.role for v in named]
    staff = sum(r in _STAFF for r in taken)
    found: dict[tuple[str, bool], Group] = {}
    for group, noun in [*_nouns(acts), *_and_others(people, acts, roles)]:
        included = 0 if noun.another else staff if noun.generic else taken.count(group.role)
        persons = group.persons - included if noun.exact else 0 if included else group.persons
        if persons <= 0 or (group.role not in _STAFF and taken and not staff and not noun.exact):
            continue
        kept = found.get((group.role, noun.another))
        if kept is None or kept.persons < persons:
            found[group.role, noun.another] = Group(group.key, group.role, persons, group.start, group.end)
    return _without_generic(found, taken)


def _without_generic(found: dict[tuple[str, bool], Group], taken: Sequence[str]) -> list[Group]:
    return sorted(found.values(), key=lambda g: g.start)


def _nouns(acts: Iterable[Attack]) -> Iterable[tuple[Group, Noun]]:
    for act in acts:
        noun = act.mention.person.noun
        if noun and act.strength >= DIRECT:
            yield Group(act.mention.person.key, noun.role, noun.count, noun.start, noun.end), noun


def _and_others(people: People, acts: Iterable[Attack], roles: Roles) -> Iterable[tuple[Group, Noun]]:
    """民警陈某等三人: a group of three in the role of the person named."""
    for act in acts:
        if act.strength < DIRECT or act.mention.person.side is Side.UNNAMED:
            continue
        last = act.mention
        if m := _AND_OTHERS.match(people.marked, last.start + 1):
            role, count = roles.of(last.person.key) or "other", number_of(m["n"])
            yield Group(-1, role, count, last.start, m.end()), Noun(last.start, m.end(), role, count, exact=True)
