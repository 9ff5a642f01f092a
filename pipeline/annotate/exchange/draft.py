"""Entries put together from the scattered marks of a tool that knows choices, texts and labelled words, but no entries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from pipeline.annotate.exchange.keys import Marked, value_of
from pipeline.schema import Entry

Field = tuple[str, str]  # (unit, variable)


@dataclass(slots=True)
class _Part:
    values: list[str] = field(default_factory=list)
    words: list[tuple[int, int, Marked]] = field(default_factory=list)
    unsure: bool = False
    note: str = ""


class Draft:
    """The entries of one coding while its record is read."""

    def __init__(self) -> None:
        self._parts: dict[Field, _Part] = {}

    def _part(self, where: Field) -> _Part:
        return self._parts.setdefault(where, _Part())

    def choose(self, where: Field, values: Iterable[str]) -> None:
        """Add values to a field."""
        part = self._part(where)
        part.values += [value for value in values if value not in part.values]

    def mark(self, start: int, end: int, said: Marked) -> None:
        """Add words, which are given their value when all values are known."""
        self._part((said.unit, said.variable)).words.append((start, end, said))

    def doubt(self, where: Field) -> None:
        """Say that the coder is not sure of a field."""
        self._part(where).unsure = True

    def note(self, where: Field, note: str) -> None:
        """Add a note to a field, on a line of its own when there is one already."""
        part = self._part(where)
        part.note = f"{part.note}\n{note}" if part.note else note

    def entries(self) -> tuple[Entry, ...]:
        """The entries by unit and variable; MalformedError where words belong to a value that is not there."""
        return tuple(
            Entry(unit, variable, tuple(part.values), _words(part), part.unsure, part.note)
            for (unit, variable), part in sorted(self._parts.items())
        )


def _words(part: _Part) -> tuple[tuple[int, int, str], ...]:
    return tuple(sorted({(start, end, value_of(said, part.values)) for start, end, said in part.words}))
