"""The form of a paper's table: what every body of one says to the writers of Word, Excel and CSV files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from pipeline.analyse.lines import Level
from pipeline.codebook import Term

Value = str | int | float | None
UNPARTED = "\u00a0"  # a blank at which no line is broken


class Kind(StrEnum):
    """How the values of a column are written."""

    TEXT = "text"
    COUNT = "count"
    SHARE = "share"
    NUMBER = "number"
    P = "p"


@dataclass(frozen=True, slots=True)
class Heading:
    """A column of a spreadsheet: over several of them the `group`, its own words, and what it holds."""

    group: str
    text: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class GridRow:
    """One row of a spreadsheet: how far its label is set in, and its values in the order of the headings."""

    level: Level | None  # None: the question that the next rows answer
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One printed row: its texts, how far its label is set in, whether it is a heading."""

    texts: tuple[str, ...]
    depth: int = 0
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Behind:
    """What stands behind one number: the count and what it is of, share and limits, the SQL, the judgments, each as often as it counts.

    `judgments` is empty where those of other columns together are the same.
    """

    line: str
    column: str
    n: float | None
    denominator: float | None
    share: float | None
    low: float | None
    high: float | None
    sql: str
    judgments: Sequence[str] = ()


class Body(Protocol):
    """The rows of a table in each form."""

    def header(self, language: str) -> list[str]:
        """The printed headings."""

    def lines(self, language: str) -> list[Line]:
        """The printed rows."""

    def headings(self, language: str) -> list[Heading]:
        """The columns of a spreadsheet."""

    def grid(self, language: str) -> Iterator[GridRow]:
        """The rows of a spreadsheet."""

    def behind(self) -> Iterator[Behind]:
        """What stands behind each number."""


@dataclass(frozen=True, slots=True)
class PaperTable:
    """One table of a paper. `number` counts from 1; `notes` stand below the table."""

    number: int
    name: str
    title: Term
    body: Body
    notes: tuple[Term, ...]
