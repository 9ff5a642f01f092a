"""A table as rows of values for a spreadsheet: counts, shares, limits and p values as numbers, each column with what it holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pipeline.analyse.paper.form import Behind, GridRow, Heading, Kind, Value
from pipeline.analyse.statistics import Association, Interval, interval
from pipeline.analyse.statistics.pairs import NAMED
from pipeline.analyse.tables import TOTAL, Part, Row, Table
from pipeline.codebook import Term

_WORDS = {
    "zh": ("", "n", "占比", "下限", "上限", "研究 n", "研究占比", "优势比", "p", "p（Holm）", "检验", "行"),
    "en": ("", "n", "share", "low", "high", "study n", "study share", "odds ratio", "p", "p (Holm)", "test", "line"),
}


def headings(table: Table, language: str) -> list[Heading]:
    """The columns: label, for each type of attack count, share and limits (and the study's), the odds ratio, the test, the key of the line."""
    label, n, share, low, high, study_n, study_share, odds, p, holm, test, line = _WORDS[language]
    found = [Heading("", label, Kind.TEXT)]
    for column in table.columns:
        name = column.label(language)
        found += [Heading(name, n, Kind.COUNT), *(Heading(name, word, Kind.SHARE) for word in (share, low, high))]
        if column.name in table.study_columns:
            found += [Heading(name, study_n, Kind.COUNT), Heading(name, study_share, Kind.SHARE)]
    found += [Heading(NAMED.label(language), word, Kind.NUMBER) for word in (odds, low, high)]
    return [*found, Heading("", p, Kind.P), Heading("", holm, Kind.P), Heading("", test, Kind.TEXT), Heading("", line, Kind.TEXT)]


def grid(table: Table, tests: Mapping[str, Association], language: str) -> Iterator[GridRow]:
    """The rows of a table, each question before its answers where there is more than one."""
    for part in table.parts:
        if asks(table, part):
            blank: list[Value] = [None] * (len(headings(table, language)) - 1 - len(_tested(tests, "", language)))
            yield GridRow(None, (part.block.label.label(language), *blank, *_tested(tests, part.block.key, language)))
        for row in part.rows:
            yield GridRow(row.line.level, (row.line.label.label(language), *_cells(table, row), *_tested(tests, row.line.key, language)))


def asks(table: Table, part: Part) -> bool:
    """Whether a part has a row for its question: not where the table has only one, which is its title."""
    return len(part.rows) > 1 and len(table.parts) > 2


def _cells(table: Table, row: Row) -> Iterator[Value]:
    for column in table.columns:
        cell = row.cells[column.name]
        limits = limits_of(row, column)
        yield from (cell.n, limits.share, limits.low, limits.high)
        if column.name in table.study_columns:
            yield from (cell.published.n, cell.published.n / cell.published.denominator) if cell.published else (None, None)


def _tested(tests: Mapping[str, Association], key: str, language: str) -> tuple[Value, ...]:
    """Odds ratio with its limits, p, corrected p, the test in words, the key."""
    test = tests.get(key)
    ratio = test.odds if test and test.odds and test.odds.between else None
    odds = (round(ratio.estimate, 3), round(ratio.low, 3), round(ratio.high, 3)) if ratio else (None, None, None)
    return (*odds, test.p, test.holm, test.text(language), key) if test else (*odds, None, None, None, key)


def limits_of(row: Row, column: Term) -> Interval:
    """The share of a cell with its Wilson limits, those of the effective number where a case has several units; None of nothing."""
    cell = row.cells[column.name]
    return interval(cell.n, cell.denominator, effective=cell.effective)


def behind(table: Table) -> Iterator[Behind]:
    """What stands behind each cell. The judgments of a total are not repeated: they are those of the line's other columns."""
    for part in table.parts:
        for row in part.rows:
            for column in table.columns:
                cell, limits = row.cells[column.name], limits_of(row, column)
                judgments = () if column is TOTAL else cell.judgments
                numbers = cell.n, cell.denominator, limits.share, limits.low, limits.high
                yield Behind(row.line.key, column.name, *numbers, cell.sql, judgments)
