"""Conditions: what a text must hold. `any`, `all` and `not` ask about the whole text, `near` about neighbouring words."""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import dataclass
from typing import Protocol

from pipeline.collect.keywords.reading import Group, Places, Reading, Void, within

Words = frozenset[str]
Cost = Callable[[Words], float]


class Condition(Protocol):
    """A condition on a text."""

    def find(self, reading: Reading, void: Void) -> Places | None:
        """Where it holds (nowhere in particular: an empty list); None where it does not."""

    def groups(self) -> list[Group]:
        """The groups of phrases that it asks for."""

    def parts(self) -> tuple[Condition, ...]:
        """The conditions that it is made of and that should hold."""

    def needed(self, cost: Cost) -> Words | None:
        """Words one of which stands in every text for which it holds, the rarest such; None where none is sure."""

    def possible(self, present: Set[str], told: Set[str]) -> bool:
        """Whether it can hold for a text with these words and, among those `told` of, no others."""


@dataclass(frozen=True)
class Has:
    """One of the phrases stands in the text."""

    group: Group

    def find(self, reading: Reading, void: Void) -> Places | None:
        """Every place that is not void."""
        return [place for place in reading.places(self.group) if not reading.voided(void, *place)] or None

    def groups(self) -> list[Group]:
        """Itself."""
        return [self.group]

    def parts(self) -> tuple[Condition, ...]:
        """None."""
        return ()

    def needed(self, cost: Cost) -> Words | None:
        """The words of the phrases."""
        return self.group.needed

    def possible(self, present: Set[str], told: Set[str]) -> bool:
        """Whether a phrase's word is present, or not told of."""
        return not self.group.needed <= told or not present.isdisjoint(self.group.needed)


@dataclass(frozen=True)
class Near:
    """A phrase of the first group has one of every other group within `distance` characters, in its sentence.

    The sentence, not the clause: judgments tell who, where and what between commas (对值班医生李某不满，遂持刀将其捅伤). The distance counts
    punctuation and leaves out blanks. Phrases that touch one another are not near one another. With `across`, sentences may end between
    them: a judgment says once who is the doctor (外科医生李某), then only the name.
    """

    members: tuple[Group, ...]
    distance: int
    across: bool = False

    def find(self, reading: Reading, void: Void) -> Places | None:
        """From the first word to the last of every place where it holds; of places that hold one another the shortest."""
        if not all(map(reading.places, self.members)):
            return None
        found = {around for place in reading.places(self.members[0]) if (around := self._around(reading, void, place))}
        return _shortest(found) or None

    def _around(self, reading: Reading, void: Void, place: tuple[int, int]) -> tuple[int, int] | None:
        start, end = place
        checked = False
        for group in self.members[1:]:
            for other in within(reading.places(group), group.longest, place, self.distance):
                if not checked and reading.voided(void, *place):
                    return None
                checked = True
                if (self.across or _together(reading, place, other)) and not reading.voided(void, *other):
                    break
            else:
                return None
            start, end = min(start, other[0]), max(end, other[1])
        return start, end

    def groups(self) -> list[Group]:
        """Its groups."""
        return list(self.members)

    def parts(self) -> tuple[Condition, ...]:
        """None."""
        return ()

    def needed(self, cost: Cost) -> Words | None:
        """The words of its rarest group."""
        return min((group.needed for group in self.members), key=cost)

    def possible(self, present: Set[str], told: Set[str]) -> bool:
        """Whether each of its groups may stand in the text."""
        return all(Has(group).possible(present, told) for group in self.members)


@dataclass(frozen=True)
class Any:
    """One of the conditions holds."""

    members: tuple[Condition, ...]

    def find(self, reading: Reading, void: Void) -> Places | None:
        """The places of all that hold."""
        found = [places for member in self.members if (places := member.find(reading, void)) is not None]
        return sorted({place for places in found for place in places}) if found else None

    def groups(self) -> list[Group]:
        """The groups of all."""
        return [group for member in self.members for group in member.groups()]

    def parts(self) -> tuple[Condition, ...]:
        """Its members."""
        return self.members

    def needed(self, cost: Cost) -> Words | None:
        """The words of all; None where one of them needs none."""
        needed = [member.needed(cost) for member in self.members]
        return None if None in needed else frozenset().union(*filter(None, needed))

    def possible(self, present: Set[str], told: Set[str]) -> bool:
        """Whether one is possible."""
        return any(member.possible(present, told) for member in self.members)


@dataclass(frozen=True)
class All:
    """Every condition holds."""

    members: tuple[Condition, ...]

    def find(self, reading: Reading, void: Void) -> Places | None:
        """The places of all."""
        found: set[tuple[int, int]] = set()
        for member in self.members:
            places = member.find(reading, void)
            if places is None:
                return None
            found.update(places)
        return sorted(found)

    def groups(self) -> list[Group]:
        """The groups of all."""
        return [group for member in self.members for group in member.groups()]

    def parts(self) -> tuple[Condition, ...]:
        """Its members."""
        return self.members

    def needed(self, cost: Cost) -> Words | None:
        """The rarest words that one of them needs."""
        needed = [words for member in self.members if (words := member.needed(cost)) is not None]
        return min(needed, key=cost, default=None)

    def possible(self, present: Set[str], told: Set[str]) -> bool:
        """Whether each is possible."""
        return all(member.possible(present, told) for member in self.members)


@dataclass(frozen=True)
class Not:
    """The condition does not hold. What it cancels has no place of its own."""

    member: Condition

    def find(self, reading: Reading, void: Void) -> Places | None:
        """No place, where it holds."""
        return [] if self.member.find(reading, void) is None else None

    def groups(self) -> list[Group]:
        """The groups of what must not hold."""
        return self.member.groups()

    def parts(self) -> tuple[Condition, ...]:
        """None: what must not hold misses nothing."""
        return ()

    def needed(self, cost: Cost) -> Words | None:
        """Nothing is needed for what is absent."""
        return None

    def possible(self, present: Set[str], told: Set[str]) -> bool:
        """Always: a word that is present may be void."""
        return True


def _shortest(found: set[tuple[int, int]]) -> Places:
    """The places that hold no other, in order."""
    kept: Places = []
    for start, end in sorted(found, key=lambda place: (-place[0], place[1])):
        if not kept or end < kept[-1][1]:
            kept.append((start, end))
    return kept[::-1]


def _together(reading: Reading, one: tuple[int, int], other: tuple[int, int]) -> bool:
    return reading.same_sentence(min(one[1], other[1]), max(one[0], other[0]))
