"""Persons of a document and every place where it names them, with the side on which they stand.

Names come from `person_names`; persons without a name (三名保安员, 另一名护士) are brought as nouns of a role.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property, partial
from operator import itemgetter
from typing import NamedTuple

from pipeline.extract.case import Case
from pipeline.extract.harm.occurrences import Occurrences
from pipeline.extract.harm.person_names import NOT_PERSON, THING_HEADS, person_names
from pipeline.text import Document, Expression


class Side(StrEnum):
    """Where a person stands; the value is the mark that stands for a mention in `People.marked`."""

    OFFENDER = "\ue000"
    ACCOMPLICE = "\ue001"
    OTHER = "\ue002"
    UNNAMED = "\ue003"


FILLER = "\uf8ff"


@dataclass(frozen=True, slots=True)
class Noun:
    """A phrase for persons without a name, `view[start:end]`: the role it tells and for how many (`exact` when the text counts them)."""

    start: int
    end: int
    role: str
    count: int = 1
    exact: bool = False
    generic: bool = False
    another: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """One person of the document, or one unnamed person or group (`noun`)."""

    key: int
    name: str
    side: Side
    noun: Noun | None = None


class Mention(NamedTuple):
    """`view[start:end]` names the person."""

    start: int
    end: int
    person: Person


# Many are made of each document: without the call of a Python function for each.
_mention = partial(tuple.__new__, Mention)
_CALLED_OFFENDER = re.compile(r"(?:被告人|(?<!被)上诉人|嫌疑人|同案犯)(?:（原审被告人）)?[：]?$")
_ACCOMPLICE = Expression(
    r"（[^（）]{0,18}(?:另案|已判|在逃|另处|判刑|已起诉|不起诉|行政处罚|同案|另行|已科刑|批捕|未到案|身份不明|未满|分案|已行政)"
)
_COUNTED = re.compile(r"等?(?:[二两三四五六七八]?人)?")
_VICTIM_TITLES = ("被害人", "受害人", "死者")
_MASKED = frozenset("某×Xx*")
_LONGEST_LIST = 60
_WHOLE_LIST = re.compile(r"等|二人|两人|三人|四人|五人|（[^（）]{0,6}(?:均|都|二人|两人|三人|四人)")
# Between two names of one list: A、B和C. It begins with one of `_JOINS` and is no longer than `_LONGEST_JOIN`.
_COORDINATED = re.compile(
    r"(?:等(?:[二两三四五六七八九十\d]+)?人?|（[^（）]{0,24}）)?(?:、|和|与|及|以及|及其|并)(?:其)?"
    r"[^，。；：！？、\n打砍刺说到被把将对致骂发]{0,12}"
)
_JOINS = frozenset("等（、和与及以并")
_LONGEST_JOIN = 60


@dataclass(frozen=True)
class People:
    """All persons of a document; `marked` is the view with each mention replaced by its side's mark and fillers, length for length."""

    view: str
    persons: tuple[Person, ...]
    mentions: tuple[Mention, ...]

    @classmethod
    def read(cls, case: Case, nouns: Sequence[Noun] = ()) -> People:
        """Find the persons of a case."""
        view = case.document.view
        offenders = {name: d.n for d in case.defendants for name in (d.name, *d.names) if len(name) > 1}
        cut = {name[:k] for name in offenders for k in range(2, len(name)) if "某" not in name}
        words = Occurrences(view)
        names = sorted((person_names(view, words, offenders) - cut) | set(offenders), key=lambda n: (-len(n), n))
        persons = _persons(names, offenders, case)
        places = _places(persons, names, words, view)
        known = dict.fromkeys(persons.values())
        if len(case.defendants) == 1 and (called := _namesakes(places, view)):
            other = Person(len(persons) + 1, places[min(called)].person.name, Side.OTHER)
            places = [m._replace(person=other) if i in called else m for i, m in enumerate(places)]
            known[other] = None
        people = cls(view, tuple(known), tuple(places))
        return people._with_sides(case.document, bool(case.defendants))._with_nouns(nouns)

    @cached_property
    def marked(self) -> str:
        """The view with marks for persons."""
        view, parts, last = self.view, [""], 0
        for start, end, person in self.mentions:
            parts += (view[last:start], person.side, FILLER * (end - start - 1))
            last = end
        return "".join([*parts, view[last:]])

    def at(self, start: int) -> Mention:
        """The mention that begins at the place."""
        return self.mentions[bisect_left(self._starts, start)]

    def ending_at(self, end: int) -> Mention | None:
        """The mention that ends at the place."""
        i = bisect_left(self._starts, end) - 1
        return self.mentions[i] if i >= 0 and self.mentions[i].end == end else None

    def between(self, start: int, end: int) -> tuple[Mention, ...]:
        """Mentions that begin between two places."""
        return self.mentions[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def listed_with(self, mention: Mention) -> tuple[Mention, ...]:
        """The mention and those listed with it (A、B和C), in text order."""
        first = last = bisect_left(self._starts, mention.start)
        lowest, highest = max(0, first - _LONGEST_LIST), min(len(self.mentions), last + _LONGEST_LIST) - 1
        while first > lowest and self._continues(first):
            first -= 1
        while last < highest and self._continues(last + 1):
            last += 1
        return self.mentions[first : last + 1]

    def with_surname(self, head: str) -> tuple[Mention, ...]:
        """The last mention of each person not charged whose name begins so."""
        return self._by_surname.get(head, ())

    @cached_property
    def _by_surname(self) -> dict[str, tuple[Mention, ...]]:
        last = {m.person.key: m for m in self.mentions if m.person.side is Side.OTHER}
        found: dict[str, tuple[Mention, ...]] = {}
        for m in last.values():
            found[m.person.name[:1]] = (*found.get(m.person.name[:1], ()), m)
        return found

    @cached_property
    def _starts(self) -> list[int]:
        return [m.start for m in self.mentions]

    @cached_property
    def _known_links(self) -> dict[int, bool]:
        return {}

    def _continues(self, i: int) -> bool:
        """Whether the mention number `i` goes on with the list in which the one before it stands: B of A、B."""
        end, start = self.mentions[i - 1].end, self.mentions[i].start
        if not (end < start <= end + _LONGEST_JOIN and self.view[end] in _JOINS):
            return False
        link = self._known_links.get(i)
        if link is None:
            link = self._known_links[i] = _COORDINATED.fullmatch(self.view, end, start) is not None
        return link

    def _begins(self, position: int) -> bool:
        i = bisect_left(self._starts, position)
        return i < len(self._starts) and self._starts[i] == position

    def _with_sides(self, document: Document, known: bool) -> People:
        """Mark accomplices (另案处理), and offenders by their title where the heading names none."""
        sides: dict[int, Side] = {}
        for m in () if known else self.mentions:
            if _CALLED_OFFENDER.search(self.view[max(0, m.start - 14) : m.start]):
                sides.update({x.person.key: Side.OFFENDER for x in self.listed_with(m) if x.start >= m.start})
        for m in self._before_brackets(document):
            if m.person.side is Side.OTHER:
                whole = _WHOLE_LIST.match(self.view, m.end)
                for x in self.listed_with(m) if whole else (m,):
                    if x.start <= m.start:
                        sides.setdefault(x.person.key, Side.ACCOMPLICE)
        if not sides:
            return self
        moved = {p.key: replace(p, side=sides[p.key]) if p.key in sides and p.side is Side.OTHER else p for p in self.persons}
        return People(
            self.view,
            tuple(moved.values()),
            tuple([m if m[2].key not in sides else m._replace(person=moved[m[2].key]) for m in self.mentions]),
        )

    def _before_brackets(self, document: Document) -> Iterable[Mention]:
        """Who is named right before a bracket that speaks of other proceedings: 张某（另案处理）, 张某等三人（均已判刑）."""
        for bracket in document.finditer(_ACCOMPLICE):
            for end in range(bracket.start(), max(0, bracket.start() - 4), -1):
                mention = self.ending_at(end) if _COUNTED.fullmatch(self.view, end, bracket.start()) else None
                if mention:
                    yield mention

    def _with_nouns(self, nouns: Sequence[Noun]) -> People:
        """Add the persons without a name; a noun with a name right behind it is that person's title."""
        fresh: list[Noun] = []
        for noun in nouns:
            crossed = any(m.end > noun.start for m in self.between(noun.start - 12, noun.end)) or (fresh and fresh[-1].end > noun.start)
            if not crossed and not self._begins(noun.end):
                fresh.append(noun)
        extra = [Person(len(self.persons) + 1000 + i, "", Side.UNNAMED, n) for i, n in enumerate(fresh)]
        places = [Mention(p.noun.start, p.noun.end, p) for p in extra if p.noun]
        return People(self.view, (*self.persons, *extra), tuple(sorted((*self.mentions, *places), key=itemgetter(0))))


def _places(persons: Mapping[str, Person], names: Iterable[str], words: Occurrences, view: str) -> list[Mention]:
    """Every place of a name, the longest first where several begin (李某1 is not in 李某12, 张某 not in 张某医院)."""
    forms = {name: _Form.of(name, persons[name]) for name in names}
    lengths: dict[str, list[int]] = {}
    for pair, length in sorted({(name[:2], -len(name)) for name in forms}):
        lengths.setdefault(pair, []).append(-length)
    found = {at: possible for pair, possible in lengths.items() for at in words.of(pair)}
    places, last = [], 0
    for at in sorted(found):
        if at < last:
            continue
        for length in found[at]:
            form = forms.get(view[at : at + length]) if at + length <= len(view) else None  # a slice at the end may be shorter
            if form and (view[at + length : at + length + 1] not in form.doubtful or form.ends.match(view, at + length)):
                last = at + length
                places.append(_mention((at, last, form.person)))
                break
    return places


def _namesakes(places: Sequence[Mention], view: str) -> set[int]:
    """Which mentions are of a victim whom masking calls like the only defendant: 被告人王某打伤被害人王某."""
    offender = next((m.person.name for m in places if m.person.side is Side.OFFENDER), "")
    if _MASKED.isdisjoint(offender) or not any(title + offender in view for title in _VICTIM_TITLES):
        return set()
    called = {i for i, m in enumerate(places) if m.person.name == offender and view.endswith(_VICTIM_TITLES, 0, m.start)}
    return called if len(called) > 1 else set()


_ANYTHING = re.compile("")
_DIGITS = frozenset("0123456789")
_DIGIT_ENDS = re.compile(r"(?!\d)|(?=[12]\d{3}年)|(?=\d+(?:\.\d+)?万?余?元)")
_MASK_ENDS = re.compile(NOT_PERSON)


class _Form(NamedTuple):
    """How a person's name is printed: what must match behind it where one of the `doubtful` characters follows."""

    person: Person
    doubtful: frozenset[str]
    ends: re.Pattern[str]

    @classmethod
    def of(cls, name: str, person: Person) -> _Form:
        """The form of a person's name."""
        if name[-1].isdigit():
            return cls(person, _DIGITS, _DIGIT_ENDS)
        return cls(person, THING_HEADS, _MASK_ENDS) if name[-1] in "某×Xx*" else cls(person, frozenset(), _ANYTHING)


def _persons(names: Iterable[str], offenders: dict[str, int], case: Case) -> dict[str, Person]:
    first = {d.n: Person(d.n, d.name, Side.OFFENDER) for d in case.defendants}
    rest = [n for n in names if n not in offenders]
    start = max(first, default=0) + 1
    return {n: first[k] for n, k in offenders.items()} | {n: Person(start + i, n, Side.OTHER) for i, n in enumerate(rest)}
