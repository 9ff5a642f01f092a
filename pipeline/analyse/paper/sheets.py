"""A paper's tables as CSV: a file for each table, one for the SQL of every cell, one for the judgments behind them."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from pipeline.analyse.paper.contents import PaperTable
from pipeline.analyse.paper.grid import Value, every_cell, grid, headings, limits_of
from pipeline.analyse.tables import TOTAL

CELLS = ("cell", "table", "line", "column", "n", "denominator", "share", "low", "high", "sql")
BEHIND = ("cell", "table", "line", "column", "judgment_id", "times")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_csv(papers: Sequence[PaperTable], folder: Path, language: str) -> None:
    """Write NAME.csv for each table, cells.csv and judgments.csv into a new folder, in UTF-8 with the mark that Excel asks for.

    Text that a spreadsheet would take for a formula (it begins with = + - @) gets an apostrophe before it.
    """
    folder.mkdir()
    for paper in papers:
        heads = [" ".join(filter(None, (heading.group, heading.text))) for heading in headings(paper, language)]
        _write(folder / f"{paper.name}.csv", [heads, *(row.values for row in grid(paper, language))])
    _write(folder / "cells.csv", [CELLS, *cell_rows(papers)])
    _write(folder / "judgments.csv", [BEHIND, *judgment_rows(papers)])


def cell_rows(papers: Sequence[PaperTable]) -> Iterator[tuple[Value, ...]]:
    """Every cell, numbered from 1, with its share, its limits and the SQL that finds its judgments."""
    for number, (paper, _, row, column, cell) in enumerate(every_cell(list(papers)), 1):
        limits = limits_of(row, column)
        place = (number, paper.name, row.line.key, column.name)
        yield (*place, cell.n, cell.denominator, limits.share, limits.low, limits.high, cell.sql)


def judgment_rows(papers: Sequence[PaperTable]) -> Iterator[tuple[Value, ...]]:
    """The judgments behind each cell, and how many units (defendants, charges) of each it counts.

    Those of a total are not repeated: they are the judgments of the line's other columns.
    """
    for number, (paper, _, row, column, cell) in enumerate(every_cell(list(papers)), 1):
        if column is not TOTAL:
            for judgment, times in Counter(cell.judgments).items():
                yield number, paper.name, row.line.key, column.name, judgment, times


def _write(path: Path, rows: Iterable[Sequence[Value]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="", errors="replace") as file:
        csv.writer(file).writerows([_plain(value) for value in row] for row in rows)


def _plain(value: Value) -> Value:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
