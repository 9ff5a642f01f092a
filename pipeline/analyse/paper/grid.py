"""A table as rows of values for a spreadsheet: counts, shares, limits and p values as numbers, each column with what it holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache

from pipeline.analyse.lines import Level
from pipeline.analyse.paper.contents import PaperTable
from pipeline.analyse.statistics import Interval, interval
from pipeline.analyse.tables import Cell, Part, Row
from pipeline.codebook import Term

Value = str | int | float | None


class Kind(StrEnum):
    """How the values of a column are written."""

    TEXT = "text"
    COUNT = "count"
    SHARE = "share"
    P = "p"


@dataclass(frozen=True, slots=True)
class Heading:
    """A column: over several of them the `group`, its own words, and what it holds."""

    group: str
    text: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class GridRow:
    """One row: how far its label is set in, and its values in the order of the headings."""

    level: Level | None  # None: the question that the next rows answer
    values: tuple[Value, ...]


_WORDS = {
    "zh": ("", "n", "占比", "下限", "上限", "研究 n", "研究占比", "p", "p（Holm）", "检验", "行"),
    "en": ("", "n", "share", "low", "high", "study n", "study share", "p", "p (Holm)", "test", "line"),
}


def headings(paper: PaperTable, language: str) -> list[Heading]:
    """The columns: label, for each type of attack count, share and limits (and the study's), the test, the key of the line."""
    label, n, share, low, high, study_n, study_share, p, holm, test, line = _WORDS[language]
    found = [Heading("", label, Kind.TEXT)]
    for column in paper.table.columns:
        name = column.label(language)
        found += [Heading(name, n, Kind.COUNT), *(Heading(name, word, Kind.SHARE) for word in (share, low, high))]
        if column.name in paper.table.study_columns:
            found += [Heading(name, study_n, Kind.COUNT), Heading(name, study_share, Kind.SHARE)]
    return [*found, Heading("", p, Kind.P), Heading("", holm, Kind.P), Heading("", test, Kind.TEXT), Heading("", line, Kind.TEXT)]


def grid(paper: PaperTable, language: str) -> Iterator[GridRow]:
    """The rows of a table, each question before its answers where there is more than one."""
    for part in paper.table.parts:
        if asks(paper, part):
            blank: list[Value] = [None] * (len(headings(paper, language)) - 5)
            yield GridRow(None, (part.block.label.label(language), *blank, *_tested(paper, part.block.key, language)))
        for row in part.rows:
            yield GridRow(row.line.level, (row.line.label.label(language), *_cells(paper, row), *_tested(paper, row.line.key, language)))


def asks(paper: PaperTable, part: Part) -> bool:
    """Whether a part has a row for its question: not where the table has only one, which is its title."""
    return len(part.rows) > 1 and len(paper.table.parts) > 2


def _cells(paper: PaperTable, row: Row) -> Iterator[Value]:
    for column in paper.table.columns:
        cell = row.cells[column.name]
        limits = limits_of(row, column)
        yield from (cell.n, limits.share, limits.low, limits.high)
        if column.name in paper.table.study_columns:
            yield from (cell.published.n, cell.published.n / cell.published.denominator) if cell.published else (None, None)


def _tested(paper: PaperTable, key: str, language: str) -> tuple[Value, Value, Value, Value]:
    """p, corrected p, the test in words, the key."""
    test = paper.tests.get(key)
    return (test.p, test.holm, test.text(language), key) if test else (None, None, None, key)


def limits_of(row: Row, column: Term) -> Interval:
    """The share of a cell with its Wilson limits: None where there is nothing to divide by, and of persons, who are not independent."""
    cell = row.cells[column.name]
    limits = _limits(cell.n, cell.denominator)
    return replace(limits, low=None, high=None) if row.line.counts_persons else limits


@cache
def _limits(n: int, denominator: int) -> Interval:
    return interval(n, denominator)


def every_cell(papers: list[PaperTable]) -> Iterator[tuple[PaperTable, Part, Row, Term, Cell]]:
    """Each cell of each table with where it stands."""
    for paper in papers:
        for part in paper.table.parts:
            for row in part.rows:
                for column in paper.table.columns:
                    yield paper, part, row, column, row.cells[column.name]
