"""Corrected shares as a body of a paper's table: what the machine says, what hand-coded cases say, and the corrected estimate."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.analyse.lines import Level
from pipeline.analyse.paper.cells import percent_limits
from pipeline.analyse.paper.form import UNPARTED, Behind, GridRow, Heading, Kind, Line
from pipeline.analyse.tables import TOTAL
from pipeline.codebook import Term

if TYPE_CHECKING:
    from pipeline.analyse.correcting import Corrected
    from pipeline.analyse.correcting.estimating import Estimate
    from pipeline.analyse.correcting.table import Row

_SCOPE = Term("scope", "研究范围内", "Cases in scope")
_VOICES = (Term("machine", "机器", "Machine"), Term("coded", "人工编码", "Hand-coded"), Term("corrected", "校正", "Corrected"))
_WORDS = {
    "zh": ("% (95% CI)", "编码", "占比", "下限", "上限", "n", "总数", "行"),
    "en": ("% (95% CI)", "Coded", "share", "low", "high", "n", "of", "line"),
}


@dataclass(frozen=True, slots=True)
class ShareTable:
    """The shares of one or several variables; rows of one domain (all cases, those in scope) stand together."""

    found: Corrected

    def header(self, language: str) -> list[str]:
        """The printed headings: three estimates, and how many hand-coded cases they rest on."""
        percent, coded, *_ = _WORDS[language]
        return ["", *(f"{voice.label(language)}\n{percent}" for voice in _VOICES), coded]

    def lines(self, language: str) -> list[Line]:
        """The domain in bold before its shares."""
        found: list[Line] = []
        for domain, rows in self._domains():
            found.append(Line((domain.label(language), *[""] * (len(_VOICES) + 1)), 0, True))
            for row in rows:
                texts = (_printed(getattr(row, voice.name)) for voice in _VOICES)
                found.append(Line((row.value.label(language), *texts, f"{row.coded_count:g}/{row.coded_cases:g}"), 1))
        return found

    def headings(self, language: str) -> list[Heading]:
        """For each estimate share and limits, with the counts of the machine and of the hand-coded cases; the key of the line."""
        _, _, share, low, high, n, of, line = _WORDS[language]
        found = [Heading("", "", Kind.TEXT)]
        for voice in _VOICES:
            name = voice.label(language)
            found += [Heading(name, word, Kind.SHARE) for word in (share, low, high)]
            found += [] if voice.name == "corrected" else [Heading(name, word, Kind.NUMBER) for word in (n, of)]
        return [*found, Heading("", line, Kind.TEXT)]

    def grid(self, language: str) -> Iterator[GridRow]:
        """The domain before its shares."""
        blank = [None] * (len(self.headings(language)) - 1)
        for domain, rows in self._domains():
            yield GridRow(None, (domain.label(language), *blank))
            for row in rows:
                machine, coded, corrected = (_limits(getattr(row, voice.name)) for voice in _VOICES)
                counted = row.coded_count, row.coded_cases
                values = (*machine, row.machine_count, row.machine_cases, *coded, *counted, *corrected)
                yield GridRow(Level.MISSING, (row.value.label(language), *values, _key(row)))

    def behind(self) -> Iterator[Behind]:
        """The SQL of the machine's count; the hand-coded cases with the value; the corrected share."""
        for _, rows in self._domains():
            for row in rows:
                key, column = _key(row), row.column.name
                yield Behind(key, f"{column}, machine", row.machine_count, row.machine_cases, *_limits(row.machine), row.sql)
                yield Behind(key, f"{column}, coded", row.coded_count, row.coded_cases, *_limits(row.coded), "", row.judgments)
                yield Behind(key, f"{column}, corrected", None, None, *_limits(row.corrected), "")

    def _domains(self) -> Iterator[tuple[Term, list[Row]]]:
        """The shares of all cases, then those of the cases in scope."""
        terms = dict.fromkeys(row.column for row in self.found.rows if row.against is None)
        for term in terms:
            yield _SCOPE if term is TOTAL else term, [row for row in self.found.rows if row.column is term and row.against is None]


def _key(row: Row) -> str:
    return f"{row.variable.name}={row.value.name}"


def _limits(estimate: Estimate) -> tuple[float | None, float | None, float | None]:
    return estimate.value, estimate.low, estimate.high


def _printed(estimate: Estimate) -> str:
    """A share in percent with its limits: "16.6 (6.6–26.5)"; "–" where it is not known."""
    if estimate.value is None:
        return "–"
    limits = percent_limits(estimate.low, estimate.high)
    return f"{100 * estimate.value:.1f}" + (f"{UNPARTED}({limits})" if limits else "")
