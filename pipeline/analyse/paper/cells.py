"""The words of a printed table: headings, labels with their depth, "31 (72)" for counts, intervals and p values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pipeline.analyse.figures import percentage
from pipeline.analyse.lines import Level
from pipeline.analyse.paper.form import UNPARTED, Line
from pipeline.analyse.paper.grid import asks, limits_of
from pipeline.analyse.statistics import Association, phrases
from pipeline.analyse.tables import TOTAL, Cell, Row, Table

JOINER = "\u2060"  # of no width: no line is broken here
_DEPTH = {Level.TOTAL: 0, Level.GROUP: 0, Level.MISSING: 0, Level.VALUE: 1}
_WORDS = {"zh": ("", "研究", "95% CI", "p"), "en": ("", "study", "95% CI", "p")}


def header(table: Table, language: str) -> list[str]:
    """The headings: the types of attack with n (%), each with the study's beside it where there are such, the interval and p."""
    label, study, limits, p = _WORDS[language]
    found = [label]
    for column in table.columns:
        found.append(f"{column.label(language)}\nn (%)")
        if column.name in table.study_columns:
            found.append(f"{study}\nn (%)")
    return [*found, limits, p]


def lines(table: Table, tests: Mapping[str, Association], language: str) -> list[Line]:
    """The rows: each question in bold before its answers, where a table asks several."""
    return list(_lines(table, tests, language))


def _lines(table: Table, tests: Mapping[str, Association], language: str) -> Iterator[Line]:
    width = len(header(table, language))
    for part in table.parts:
        asked = asks(table, part)
        if asked:
            blank = [""] * (width - 2)
            yield Line((part.block.label.label(language), *blank, _p(tests, part.block.key)), 0, True)
        nested = any(row.line.level is Level.GROUP for row in part.rows)
        for row in part.rows:
            yield Line((row.line.label.label(language), *_texts(table, tests, row)), asked + (nested and _DEPTH[row.line.level]))


def _texts(table: Table, tests: Mapping[str, Association], row: Row) -> Iterator[str]:
    for column in table.columns:
        cell = row.cells[column.name]
        yield _counted(cell)
        if column.name in table.study_columns:
            figure = cell.published
            yield f"{figure.n}{UNPARTED}({percentage(figure.n, figure.denominator)})" if figure else ""
    yield _limits(row) if row.line.level is not Level.TOTAL else ""
    yield _p(tests, row.line.key)


def _counted(cell: Cell) -> str:
    return f"{cell.n}{UNPARTED}({percentage(cell.n, cell.denominator)})" if cell.denominator else str(cell.n)


def _limits(row: Row) -> str:
    """The Wilson interval of a share in percent: "13.2–25.1", with word joiners, so that it is not broken."""
    limits = limits_of(row, TOTAL)
    return percent_limits(limits.low, limits.high)


def percent_limits(low: float | None, high: float | None) -> str:
    """The limits of a share (0 to 1) in percent; "" where there are none."""
    return "" if low is None or high is None else f"{100 * low:.1f}{JOINER}–{JOINER}{100 * high:.1f}"


def _p(tests: Mapping[str, Association], key: str) -> str:
    """p as corrected by Holm: ".041", "<.001"; "" where nothing was tested."""
    test = tests.get(key)
    return corrected_p(None if test is None else test.holm)


def corrected_p(holm: float | None) -> str:
    """A p value as a table prints it: ".041", "<.001"; "" where there is none."""
    return "" if holm is None else phrases.p_value(holm).removeprefix("= ").replace("< ", "<")
