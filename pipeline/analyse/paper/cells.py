"""The words of a printed table: headings, labels with their depth, "31 (72)" for counts, intervals and p values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.analyse.figures import percentage
from pipeline.analyse.lines import Level
from pipeline.analyse.paper.contents import PaperTable
from pipeline.analyse.paper.grid import asks, limits_of
from pipeline.analyse.statistics import phrases
from pipeline.analyse.tables import TOTAL, Cell, Row

JOINER = "\u2060"  # of no width: no line is broken here
_UNPARTED = "\u00a0"  # a blank at which no line is broken
_DEPTH = {Level.TOTAL: 0, Level.GROUP: 0, Level.MISSING: 0, Level.VALUE: 1}
_WORDS = {"zh": ("", "研究", "95% CI", "p"), "en": ("", "study", "95% CI", "p")}


@dataclass(frozen=True, slots=True)
class Line:
    """One printed row: its texts, how far its label is set in, whether it is a heading."""

    texts: tuple[str, ...]
    depth: int = 0
    bold: bool = False


def header(paper: PaperTable, language: str) -> list[str]:
    """The headings: the types of attack with n (%), each with the study's beside it where there are such, the interval and p."""
    label, study, limits, p = _WORDS[language]
    found = [label]
    for column in paper.table.columns:
        found.append(f"{column.label(language)}\nn (%)")
        if column.name in paper.table.study_columns:
            found.append(f"{study}\nn (%)")
    return [*found, limits, p]


def lines(paper: PaperTable, language: str) -> list[Line]:
    """The rows: each question in bold before its answers, where a table asks several."""
    return list(_lines(paper, language))


def _lines(paper: PaperTable, language: str) -> Iterator[Line]:
    width = len(header(paper, language))
    for part in paper.table.parts:
        asked = asks(paper, part)
        if asked:
            blank = [""] * (width - 2)
            yield Line((part.block.label.label(language), *blank, _p(paper, part.block.key)), 0, True)
        nested = any(row.line.level is Level.GROUP for row in part.rows)
        for row in part.rows:
            yield Line((row.line.label.label(language), *_texts(paper, row)), asked + (nested and _DEPTH[row.line.level]))


def _texts(paper: PaperTable, row: Row) -> Iterator[str]:
    for column in paper.table.columns:
        cell = row.cells[column.name]
        yield _counted(cell)
        if column.name in paper.table.study_columns:
            figure = cell.published
            yield f"{figure.n}{_UNPARTED}({percentage(figure.n, figure.denominator)})" if figure else ""
    yield _limits(row) if row.line.level is not Level.TOTAL else ""
    yield _p(paper, row.line.key)


def _counted(cell: Cell) -> str:
    return f"{cell.n}{_UNPARTED}({percentage(cell.n, cell.denominator)})" if cell.denominator else str(cell.n)


def _limits(row: Row) -> str:
    """The Wilson interval of a share in percent: "13.2–25.1", with word joiners, so that it is not broken."""
    limits = limits_of(row, TOTAL)
    return "" if limits.low is None or limits.high is None else f"{100 * limits.low:.1f}{JOINER}–{JOINER}{100 * limits.high:.1f}"


def _p(paper: PaperTable, key: str) -> str:
    """p as corrected by Holm: ".041", "<.001"; "" where nothing was tested."""
    test = paper.tests.get(key)
    if test is None or test.holm is None:
        return ""
    return phrases.p_value(test.holm).removeprefix("= ").replace("< ", "<")
