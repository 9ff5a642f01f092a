"""Medians and quartiles as a body of a paper's table: each measure with its test, its number of units and its median by type of attack."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.analyse.lines import Level
from pipeline.analyse.numbers import Numbers
from pipeline.analyse.paper.cells import JOINER, corrected_p
from pipeline.analyse.paper.form import UNPARTED, Behind, GridRow, Heading, Kind, Line, Value
from pipeline.analyse.statistics import Summary
from pipeline.analyse.tables import TOTAL
from pipeline.codebook import Term

_MEDIAN = Term("median", "中位数", "Median")
_QUARTILES = Term("quartiles", "Q1–Q3", "Q1–Q3")
_KINDS = (*[Kind.COUNT] * 2, *[Kind.NUMBER] * 5)
_WORDS = {
    "zh": ("n", "可有数值者", "中位数", "Q1", "Q3", "下限", "上限"),
    "en": ("n", "of", "median", "Q1", "Q3", "low", "high"),
}
_TESTED = {"zh": ("p", "p（Holm）", "检验", "行"), "en": ("p", "p (Holm)", "test", "line")}


@dataclass(frozen=True, slots=True)
class MedianTable:
    """Measures that were counted over one database, so that their columns are the same."""

    numbers: tuple[Numbers, ...]

    @property
    def columns(self) -> tuple[Term, ...]:
        """The types of attack, "untyped" where one measure has such units, the total."""
        return max((each.columns for each in self.numbers), key=len)

    def header(self, language: str) -> list[str]:
        """The printed headings: a column for each type, the interval of the total, p."""
        return ["", *(column.label(language) for column in self.columns), f"95%{UNPARTED}CI", "p"]

    def lines(self, language: str) -> list[Line]:
        """Each measure in bold with its p, below it n, the median and the quartiles; of a measure that nobody has only n."""
        return [line for each in self.numbers for line in self._lines(each, language)]

    def _lines(self, numbers: Numbers, language: str) -> Iterator[Line]:
        blank = [""] * (len(self.columns) + 1)
        yield Line((self._label(numbers, language), *blank, corrected_p(numbers.test.holm)), 0, True)
        cells = [numbers.spreads[column.name].cell if column.name in numbers.spreads else None for column in self.columns]
        yield Line(("n", *(f"{cell.n}/{cell.denominator}" if cell else "0/0" for cell in cells), "", ""), 1)
        if numbers.spreads[TOTAL.name].cell.n:
            total = numbers.spreads[TOTAL.name].summary
            found = [self._summary(numbers, column) for column in self.columns]
            medians = (_printed(summary.median) for summary in found)
            yield Line((_MEDIAN.label(language), *medians, _range(total.low, total.high), ""), 1)
            yield Line((_QUARTILES.label(language), *(_range(summary.q1, summary.q3) for summary in found), "", ""), 1)

    def headings(self, language: str) -> list[Heading]:
        """For each type n, of how many, median, quartiles and limits of the median; the test, the measure's name."""
        words = list(zip(_WORDS[language], _KINDS, strict=True))
        types = [Heading(column.label(language), word, kind) for column in self.columns for word, kind in words]
        tested = zip(_TESTED[language], (Kind.P, Kind.P, Kind.TEXT, Kind.TEXT), strict=True)
        return [Heading("", "", Kind.TEXT), *types, *(Heading("", word, kind) for word, kind in tested)]

    def grid(self, language: str) -> Iterator[GridRow]:
        """One row for each measure."""
        for each in self.numbers:
            values = [value for column in self.columns for value in self._values(each, column)]
            test = each.test
            told: tuple[Value, ...] = (test.p, test.holm, test.text(language), each.measure.name)
            yield GridRow(Level.TOTAL, (self._label(each, language), *values, *told))

    def behind(self) -> Iterator[Behind]:
        """What stands behind each number; the judgments of a total are those of the measure's other columns."""
        for each in self.numbers:
            for column in each.columns:
                cell = each.spreads[column.name].cell
                judgments = () if column is TOTAL else cell.judgments
                yield Behind(each.measure.name, column.name, cell.n, cell.denominator, None, None, None, cell.sql, judgments)

    def _values(self, numbers: Numbers, column: Term) -> tuple[Value, ...]:
        summary = self._summary(numbers, column)
        return summary.n, summary.n + summary.missing, summary.median, summary.q1, summary.q3, summary.low, summary.high

    def _summary(self, numbers: Numbers, column: Term) -> Summary:
        found = numbers.spreads.get(column.name)
        return found.summary if found else Summary(0, None, None, None, None, None, 0)

    def _label(self, numbers: Numbers, language: str) -> str:
        scale = numbers.measure.scale.label(language)
        return f"{numbers.measure.label(language)}（{scale}）" if language == "zh" else f"{numbers.measure.label(language)} ({scale})"


def _printed(value: float | None) -> str:
    """A number with one decimal, if it has any; "" for none."""
    return "" if value is None else f"{value:.1f}".removesuffix(".0")


def _range(low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else f"{_printed(low)}{JOINER}–{JOINER}{_printed(high)}"
