"""A table of counts as a body of a paper's table: printed with shares, or as numbers for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipeline.analyse.paper import cells, grid
from pipeline.analyse.paper.form import Behind, GridRow, Heading, Line
from pipeline.analyse.statistics import Association
from pipeline.analyse.tables import Table


@dataclass(frozen=True, slots=True)
class Crosstab:
    """Counts by type of attack, with the tests by key of block and line."""

    table: Table
    tests: Mapping[str, Association]

    def header(self, language: str) -> list[str]:
        """The printed headings."""
        return cells.header(self.table, language)

    def lines(self, language: str) -> list[Line]:
        """The printed rows."""
        return cells.lines(self.table, self.tests, language)

    def headings(self, language: str) -> list[Heading]:
        """The columns of a spreadsheet."""
        return grid.headings(self.table, language)

    def grid(self, language: str) -> Iterator[GridRow]:
        """The rows of a spreadsheet."""
        return grid.grid(self.table, self.tests, language)

    def behind(self) -> Iterator[Behind]:
        """What stands behind each number."""
        return grid.behind(self.table)
