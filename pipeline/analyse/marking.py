"""Marks over a text: quotations that overlap, cross or share words become properly nested openings and closings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol


class Stretch(Protocol):
    """Anything that covers `text[start:end]`."""

    @property
    def start(self) -> int:
        """The first character."""

    @property
    def end(self) -> int:
        """The place behind the last character."""


@dataclass(frozen=True, slots=True)
class Open:
    """A mark begins, or goes on after an interruption (`first` is False): marks[mark]."""

    mark: int
    first: bool


@dataclass(frozen=True, slots=True)
class Words:
    """The characters `text[start:end]`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Close:
    """A mark ends, or is interrupted (`last` is False): marks[mark]."""

    mark: int
    last: bool


Token = Open | Words | Close


def tokens(marks: Sequence[Stretch], start: int, end: int) -> Iterator[Token]:
    """The text from `start` to `end` in order, with the marks that cover it opened and closed like brackets.

    A mark that crosses another is closed and opened again; one that begins before `start` or ends behind `end` is cut there. Every
    character comes once.
    """
    inside = sorted(
        (n for n, m in enumerate(marks) if m.start < end and m.end > start and m.end > m.start), key=lambda n: _nesting(marks[n])
    )
    edges = sorted({start, end, *_edges((marks[n] for n in inside), start, end)})
    opened: list[int] = []
    for first, last in pairwise(edges):
        covering = [n for n in inside if marks[n].start <= first and marks[n].end >= last]
        kept = _shared(opened, covering)
        yield from (Close(n, marks[n].end <= first) for n in reversed(opened[kept:]))
        yield from (Open(n, marks[n].start >= first) for n in covering[kept:])
        yield Words(first, last)
        opened = covering
    yield from (Close(n, marks[n].end <= end) for n in reversed(opened))


def _nesting(mark: Stretch) -> tuple[int, int]:
    return mark.start, -mark.end


def _edges(marks: Iterable[Stretch], start: int, end: int) -> Iterator[int]:
    return (place for mark in marks for place in (mark.start, mark.end) if start < place < end)


def _shared(one: Sequence[int], other: Sequence[int]) -> int:
    """How many members two lists have in common at their beginning."""
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
