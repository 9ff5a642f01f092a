"""The report: one HTML file that needs no network, no installed font and, but for the focus of a keyboard, no script."""

from __future__ import annotations

import re
import sqlite3
from base64 import b64encode
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from hashlib import sha256
from html import escape
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment
from markupsafe import Markup

from pipeline import __version__
from pipeline.analyse import template
from pipeline.analyse.charts import charts
from pipeline.analyse.counting import TABLE_ONE, Counted, count_study
from pipeline.analyse.figures import percentage, span, thousands
from pipeline.analyse.flow import count_answers, count_flow
from pipeline.analyse.fonts import font_for, full_font
from pipeline.analyse.listings import Listing, Listings, limit_of_lists, listings
from pipeline.analyse.numbers import tested
from pipeline.analyse.quotations import CARDS, Quotation, cards
from pipeline.analyse.reading import ONCE, open_readonly
from pipeline.analyse.sections import Section, Shelf, sections
from pipeline.analyse.statistics import tests_of
from pipeline.analyse.statistics.phrases import p_value
from pipeline.analyse.units import view_of
from pipeline.analyse.wording import load_wording
from pipeline.codebook import Term, load
from pipeline.destination import refuse
from pipeline.schema import AnjuanError

FONT_PLACE = "url-of-the-font"
_OURS = re.compile(rb'<meta name="generator" content="anjuan ')
Places = list[tuple[Term, list[str]]]  # quotes by who says them, and where
_HEAD = 1024  # bytes of a page in which its generator stands


def write_report(
    db_path: Path,
    html_path: Path,
    *,
    coded_by: str | None = None,
    language: str = "zh",
    out_of_fold: bool = False,
    once: bool = False,
    counted: Counted | None = None,
) -> Path:
    """Write the report on the database at `db_path` to `html_path` and return that path.

    `coded_by` says in one sentence who gave the codings; `language` ("zh" or "en") is the one shown first; `out_of_fold` says that the
    model's answers were given by models that had not seen the case; `once` counts each case once, not each judgment; `counted`: what has
    been counted already. StoreError when the database cannot be read, AnjuanError when the file cannot be written; an older report is
    replaced only by a whole new one.
    """
    with closing(open_readonly(Path(db_path))) as connection:
        counted = counted or count_study(connection, view_of(once))
        page = report_page(connection, counted, name=Path(db_path).name, coded_by=coded_by, language=language, out_of_fold=out_of_fold)
    template.write_whole(Path(html_path), page)
    return Path(html_path)


def refuse_foreign(html_path: Path | None, db_path: Path) -> None:
    """AnjuanError when a file stands at `html_path` that is no report of anjuan's, or none can be written there."""
    if html_path is None:
        return
    if html_path.is_file() and not _OURS.search(html_path.read_bytes()[:_HEAD]):
        raise AnjuanError(f"{html_path} exists and is no report of anjuan's: name another file")
    refuse(html_path, force=True, source=db_path)


def report_page(
    connection: sqlite3.Connection, counted: Counted, *, name: str, coded_by: str | None, language: str, out_of_fold: bool = False
) -> str:
    """The report on an open database as one HTML text. `name` is what the page calls the database."""
    codebook, cases, table = load(), counted.cases, counted.tables[TABLE_ONE]
    by_judgment = cards(connection, cases, codebook)
    tests, limit = tests_of(table), limit_of_lists(counted.tables.values(), by_judgment)
    lists = listings(table, by_judgment, tests, limit=limit)
    shelf = Shelf(by_judgment, limit, {column: listing for (line, column), listing in lists.items() if line == "cases"})
    found = sections(counted.tables, tested(counted.measures), shelf)
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
            once=counted.view == ONCE,
            table=table,
            charts=charts(table, codebook),
            tests=tests,
            listings=lists,
            sections=found,
            drawers=_drawers(lists, found),
            cards=list(by_judgment.values()),
            cases=len(cases),
            cards_limit=CARDS,
            font_complete=full_font() is not None,
            font_place=Markup(FONT_PLACE),
            **_script(),
        )
    )
    return page.replace(FONT_PLACE, font_for(page).url, 1)


def _drawers(lists: Listings, found: list[Section]) -> list[Listing]:
    """Every list of the report once."""
    of_blocks = [block.listings for section in found for block in section.blocks]
    of_medians = [section.medians.listings for section in found if section.medians]
    return list({listing.anchor: listing for each in (lists, *of_blocks, *of_medians) for listing in each.values()}.values())


def _environment() -> Environment:
    environment = template.environment()
    environment.filters.update(thousands=thousands, p=lambda test: p_value(test.holm).removeprefix("= "))
    environment.globals.update(percentage=percentage, span=span, thousands=thousands)
    environment.filters["quoted"] = _once_each(environment.get_template("macros.html").make_module().quoted)  # type: ignore[attr-defined]
    environment.filters["in_text"] = lambda text: Markup(escape(text, quote=False))
    return environment


def _once_each(macro: Callable[[Places], Markup]) -> Callable[[tuple[Quotation, ...]], Markup]:
    """The macro over quotations by their places, called once for the same quotations: most stand in a dozen lists."""
    written: dict[tuple[int, ...], Markup] = {}

    def quoted(quotations: tuple[Quotation, ...]) -> Markup:
        key = tuple(map(id, quotations))
        if key not in written:
            places: dict[Term, list[str]] = {}
            for quotation in quotations:
                places.setdefault(quotation.place, []).append(quotation.quote)
            written[key] = macro(list(places.items()))
        return written[key]

    return quoted


def _script() -> dict[str, str]:
    """The one script of the page, and its hash, by which the page's policy lets it and no other run."""
    script = files("pipeline.analyse.report").joinpath("focus.js").read_text(encoding="utf-8")
    return {"script": Markup(script), "script_hash": b64encode(sha256(script.encode()).digest()).decode()}
