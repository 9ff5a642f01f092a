"""The sections of the report behind Table 1: tables of the catalogue with chart, test and what the study says, and the medians."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pipeline.analyse.catalogue import Definition, catalogue
from pipeline.analyse.charts import Chart, chart_of, numbers_chart
from pipeline.analyse.clustering import Clusters
from pipeline.analyse.figures import percentage, span, thousands
from pipeline.analyse.lines import Level, Line
from pipeline.analyse.listings import Listing, Listings, listing_of, listings
from pipeline.analyse.numbers import Numbers
from pipeline.analyse.quotations import Card
from pipeline.analyse.statistics import Association, corrected, tests_of
from pipeline.analyse.tables import TOTAL, Row, Table
from pipeline.codebook import Term

NUMBERS = {
    "months_fixed": "courts",
    "months_detention": "courts",
    "months_control": "courts",
    "months_probation": "courts",
    "days_to_judgment": "time",
}
LONG = 24  # lines; a longer table beside a chart scrolls


@dataclass(frozen=True, slots=True)
class Block:
    """One table of the catalogue as the report shows it. `stated` says for how many units there is an answer, and the shares among them."""

    definition: Definition
    table: Table
    chart: Chart | None
    tests: Mapping[str, Association]
    stated: Term | None
    listings: Listings

    @property
    def long(self) -> bool:
        """Whether the table would be much longer than the chart beside it."""
        return self.chart is not None and len(self.table.parts[-1].rows) > LONG


@dataclass(frozen=True, slots=True)
class Medians:
    """The measures of one section, with their charts and the listing of each count by (name of the measure, name of the column)."""

    found: tuple[Numbers, ...]
    charts: tuple[Chart, ...]
    listings: Listings


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its blocks."""

    title: Term
    blocks: tuple[Block, ...]
    medians: Medians | None


@cache
def titles() -> tuple[Term, ...]:
    """The headings of `catalogue.toml`, in their order."""
    text = files("pipeline.analyse.catalogue").joinpath("catalogue.toml").read_text(encoding="utf-8")
    return tuple(Term(**section) for section in tomllib.loads(text)["section"])


@dataclass(frozen=True, slots=True)
class Shelf:
    """What lists are made of: the cards of the judgments, how long a list may be, and the lists of all cases by column."""

    cards: Mapping[str, Card]
    limit: int
    cases: Mapping[str, Listing]


def sections(tables: Mapping[str, Table], numbers: Sequence[Numbers], shelf: Shelf) -> list[Section]:
    """All sections that have a table with a unit in it."""
    filled = [each for each in catalogue() if tables[each.name].cell("number", TOTAL.name).n]
    tests = {each.name: tests_of(tables[each.name]) for each in filled}
    family = corrected({name: found[name] for name, found in tests.items() if name in found})  # one question a table, all tables together
    asked = {name: found | ({name: family[name]} if name in family else {}) for name, found in tests.items()}
    blocks = [_block(each, tables[each.name], asked[each.name], shelf) for each in filled]
    found = []
    for title in titles():
        here = tuple(block for block in blocks if block.definition.section == title.name)
        medians = _medians([each for each in numbers if NUMBERS.get(each.measure.name) == title.name], shelf)
        if here or medians:
            found.append(Section(title, here, medians))
    return found


def _block(definition: Definition, table: Table, tests: Mapping[str, Association], shelf: Shelf) -> Block:
    known = shelf.cases if _all_cases(table, shelf) else None
    lists = listings(table, shelf.cards, tests, prefix=f"{definition.name}-", limit=shelf.limit, first=0 if known is None else 1)
    shared = {("number", column): listing for column, listing in (known or {}).items()}
    return Block(definition, table, chart_of(definition, table), tests, stated(definition, table), lists | shared)


def _all_cases(table: Table, shelf: Shelf) -> bool:
    """Whether the units of each column stand in the very judgments of Table 1: their list then need not be repeated."""
    cells = table.row("number").cells
    filled = {name: set(cell.judgments) for name, cell in cells.items() if cell.n}
    return filled == {name: set(listing.cell.judgments) for name, listing in shelf.cases.items()}


def stated(definition: Definition, table: Table) -> Term | None:
    """For how many units the text says something, and the largest shares among these; None where it always does, or never."""
    part = table.parts[-1]
    unstated = [row for row in part.rows if row.silent]
    units = table.cell("number", TOTAL.name).n
    silences = Counter(judgment for row in unstated for judgment in row.cells[TOTAL.name].judgments)
    answered = Clusters(Counter(table.cell("number", TOTAL.name).judgments) - silences)
    known = answered.units
    if not unstated or known == units or not known:
        return None
    of = f"{thousands(known)} / {thousands(units)}"
    if definition.order == "value":
        return Term("stated", f"载明者 {of}。", f"Stated in {of}.")
    rows = [row for row in part.rows if row not in unstated and row.cells[TOTAL.name].n and not row.line.key.endswith("+")]
    shown = sorted(rows, key=lambda row: (row.line.level is not Level.GROUP, -row.cells[TOTAL.name].n))[:4]
    zh = "，".join(f"{row.line.label.zh} {_share(row, answered)}" for row in shown)
    en = ", ".join(f"{row.line.label.en} {_share(row, answered)}" for row in shown)
    return Term("stated", f"载明者 {of}；其中{zh}。", f"Stated in {of}; of these {en}.")


def _share(row: Row, answered: Clusters) -> str:
    """A count with its share of the units that have an answer, and the interval."""
    cell = row.cells[TOTAL.name]
    interval = span(cell.n, answered.units, answered.effective(Counter(cell.judgments)))
    return f"{thousands(cell.n)} ({percentage(cell.n, answered.units)} %; {interval})"


def _medians(found: Iterable[Numbers], shelf: Shelf) -> Medians | None:
    known = tuple(each for each in found if each.spreads[TOTAL.name].cell.n)
    if not known:
        return None
    drawn = (numbers_chart(each) for each in known)
    lists: dict[tuple[str, str], Listing] = {}
    for each in known:
        line = Line(each.measure.name, Level.VALUE, each.measure, "sentence_kind" if each.measure.unit == "defendant" else "incident_on")
        for column in each.columns:
            if (cell := each.spreads[column.name].cell).n:
                anchor = f"{each.measure.name}-{column.name}"
                lists[each.measure.name, column.name] = listing_of(anchor, each.measure.scale, column, cell, shelf.cards, line, shelf.limit)
    return Medians(known, tuple(chart for chart in drawn if chart is not None), lists)
