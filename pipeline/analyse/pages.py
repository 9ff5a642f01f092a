"""The report: one HTML file that needs no network, no script and no installed font."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from jinja2 import Environment
from markupsafe import Markup

from pipeline import __version__
from pipeline.analyse import template
from pipeline.analyse.charts import charts
from pipeline.analyse.figures import percentage, thousands
from pipeline.analyse.flow import count_answers, count_flow
from pipeline.analyse.fonts import font_for, full_font
from pipeline.analyse.lines import Line
from pipeline.analyse.published import load_study
from pipeline.analyse.quotations import CARDS, Card, Quotation, cards
from pipeline.analyse.reading import EVERY, ONCE, cases_in_scope, open_readonly
from pipeline.analyse.tables import TOTAL, Cell, Table, tabulate
from pipeline.analyse.wording import load_wording
from pipeline.codebook import Term, load

LISTED = 200  # judgments shown in one list
QUOTED = 2  # quotations shown beside each of them
FONT_PLACE = "url-of-the-font"


@dataclass(frozen=True, slots=True)
class Entry:
    """One judgment in a list, with the quotations that put it there."""

    card: Card
    quotations: tuple[Quotation, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """The judgments behind one count. The total's listing points to those of the types instead of repeating them."""

    anchor: str
    block: Term
    line: Line
    column: Term
    cell: Cell
    entries: tuple[Entry, ...]
    parts: tuple[tuple[str, Term, int], ...]

    @property
    def more(self) -> int:
        """How many judgments are not shown here."""
        return 0 if self.parts else len(self.cell.judgments) - len(self.entries)


def write_report(
    db_path: Path, html_path: Path, *, coded_by: str | None = None, language: str = "zh", out_of_fold: bool = False, once: bool = False
) -> Path:
    """Write the report on the database at `db_path` to `html_path` and return that path.

    `coded_by` says in one sentence who gave the codings; `language` ("zh" or "en") is the one shown first; `out_of_fold` says that the
    model's answers were given by models that had not seen the case; `once` counts each case once, not each judgment. StoreError when the database cannot be read, AnjuanError when the
    file cannot be written; an older report is replaced only by a whole new one.
    """
    with closing(open_readonly(Path(db_path))) as connection:
        page = report_page(connection, name=Path(db_path).name, coded_by=coded_by, language=language, out_of_fold=out_of_fold, once=once)
    template.write_whole(Path(html_path), page)
    return Path(html_path)


def report_page(
    connection: sqlite3.Connection, *, name: str, coded_by: str | None, language: str, out_of_fold: bool = False, once: bool = False
) -> str:
    """The report on an open database as one HTML text. `name` is what the page calls the database."""
    codebook, view = load(), ONCE if once else EVERY
    cases = cases_in_scope(connection, view)
    table = tabulate(cases, codebook, load_study(), view)
    by_judgment = cards(connection, cases, codebook)
    page = (
        _environment()
        .get_template("report.html")
        .render(
            name=name,
            version=__version__,
            written_on=datetime.now(UTC).strftime("%Y-%m-%d"),
            codebook=codebook,
            coded_by=coded_by,
            language="en" if language == "en" else "zh",
            answers=count_answers(cases, out_of_fold=out_of_fold),
            wording=load_wording(),
            flow=count_flow(connection),
            table=table,
            once=once,
            charts=charts(table, cases, codebook),
            cards=list(by_judgment.values()),
            listings=listings(table, by_judgment),
            cases=len(cases),
            cards_limit=CARDS,
            font_complete=full_font() is not None,
            font_place=Markup(FONT_PLACE),
        )
    )
    return page.replace(FONT_PLACE, font_for(page).url, 1)


def listings(table: Table, by_judgment: Mapping[str, Card]) -> dict[tuple[str, str], Listing]:
    """The listing of every count above zero, by (key of the line, name of the column)."""
    rows = [(part.block.label, row) for part in table.parts for row in part.rows]
    found: dict[tuple[str, str], Listing] = {}
    for number, (block, row) in enumerate(rows):
        filled = [column for column in table.columns if row.cells[column.name].n]
        parts = tuple((f"l{number}-{column.name}", column, row.cells[column.name].n) for column in filled if column is not TOTAL)
        for column in filled:
            cell, key, anchor = row.cells[column.name], (row.line.key, column.name), f"l{number}-{column.name}"
            if column is TOTAL:
                found[key] = Listing(anchor, block, row.line, column, cell, (), parts)
            else:
                found[key] = Listing(anchor, block, row.line, column, cell, _entries(row.line, cell, by_judgment), ())
    return found


def _entries(line: Line, cell: Cell, by_judgment: Mapping[str, Card]) -> tuple[Entry, ...]:
    shown = [by_judgment[judgment] for judgment in cell.judgments if judgment in by_judgment][:LISTED]
    return tuple(Entry(card, tuple(_supporting(line, card)[:QUOTED])) for card in shown)


def _supporting(line: Line, card: Card) -> list[Quotation]:
    """The quotations for the line's values; for the number of cases, those for the attack type."""
    if not line.variable:
        return card.quotations_for("attack_type", [card.case["attack_type"] or ""])
    return card.quotations_for(line.variable, line.values)


def _environment() -> Environment:
    environment = template.environment()
    environment.filters["thousands"] = thousands
    environment.globals.update(percentage=percentage, thousands=thousands)
    return environment
