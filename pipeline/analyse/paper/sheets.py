"""A paper's tables as CSV: a file for each table, one for the SQL of every cell, one for the judgments behind them."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from pipeline.analyse.paper.form import Behind, PaperTable, Value

CELLS = ("cell", "table", "line", "column", "n", "denominator", "share", "low", "high", "sql")
BEHIND = ("cell", "table", "line", "column", "judgment_id", "times")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_csv(papers: Sequence[PaperTable], folder: Path, language: str) -> None:
    """Write NAME.csv for each table, cells.csv and judgments.csv into a new folder, in UTF-8 with the mark that Excel asks for.

    Text that a spreadsheet would take for a formula (it begins with = + - @) gets an apostrophe before it.
    """
    folder.mkdir()
    for paper in papers:
        heads = [" ".join(filter(None, (heading.group, heading.text))) for heading in paper.body.headings(language)]
        _write(folder / f"{paper.name}.csv", [heads, *(row.values for row in paper.body.grid(language))])
    _write(folder / "cells.csv", [CELLS, *cell_rows(papers)])
    _write(folder / "judgments.csv", [BEHIND, *judgment_rows(papers)])


def cell_rows(papers: Sequence[PaperTable]) -> Iterator[tuple[Value, ...]]:
    """Every number, numbered from 1, with its share, its limits and the SQL that finds its judgments."""
    for number, (name, cell) in enumerate(_every(papers), 1):
        yield (number, name, cell.line, cell.column, cell.n, cell.denominator, cell.share, cell.low, cell.high, cell.sql)


def judgment_rows(papers: Sequence[PaperTable]) -> Iterator[tuple[Value, ...]]:
    """The judgments behind each number, and how many units (defendants, charges) of each it counts."""
    for number, (name, cell) in enumerate(_every(papers), 1):
        for judgment, times in Counter(cell.judgments).items():
            yield number, name, cell.line, cell.column, judgment, times


def _every(papers: Sequence[PaperTable]) -> Iterator[tuple[str, Behind]]:
    return ((paper.name, cell) for paper in papers for cell in paper.body.behind())


def _write(path: Path, rows: Iterable[Sequence[Value]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="", errors="replace") as file:
        csv.writer(file).writerows([_plain(value) for value in row] for row in rows)


def _plain(value: Value) -> Value:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
