"""`anjuan report`: Table 1 at the terminal, the HTML report, and the same study corrected or by period."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.commands.correct import corrected_report
from pipeline.commands.options import Database, Force, Form, Language, open_store
from pipeline.commands.tables import periodic_report


def report(
    db: Database,
    html: Annotated[Path | None, typer.Option("--html", help="Write the self-contained HTML report here.")] = None,
    once: Annotated[bool, typer.Option("--once", help="Count each case once: of copies and instances only the earliest.")] = False,
    corrected: Annotated[
        bool, typer.Option("--corrected", help="Instead: shares corrected with a hand-coded sample, as `anjuan corrected`.")
    ] = False,
    by: Annotated[
        str, typer.Option("--by", help="Instead: counts by month, half-year or year, as `anjuan periodic`.", show_default=False)
    ] = "",
    of: Annotated[
        str, typer.Option("--of", help="With --by: also by court, province, city, hospital_level or court_level.", show_default=False)
    ] = "",
    form: Form = "table",
    lang: Language = "en",
    force: Force = False,
) -> None:
    """Print the study's Table 1 and write the report. Example: anjuan report --db study.db --html study.html"""
    from pipeline.analyse.proof import manifest_beside
    from pipeline.destination import refuse

    if html:
        refuse(html, manifest_beside(html), force=force, source=db)
    if corrected:
        typer.echo(corrected_report(db, lang, form), nl=False)
    elif by:
        typer.echo(periodic_report(db, by, of, unit="chain" if once else "document", form=form, lang=lang), nl=False)
    elif not html:
        _table_one(db, lang, once)
    if html:
        _page(db, html, lang, once, with_table=not (corrected or by))


def _table_one(db: Path, lang: str, once: bool) -> None:
    from pipeline.analyse import print_table_one

    with open_store(db, create=False) as store:
        typer.echo(print_table_one(store, language=lang, once=once))


def _page(db: Path, html: Path, lang: str, once: bool, with_table: bool) -> None:
    """The report and its manifest, and Table 1 on the terminal, of one count."""
    from concurrent.futures import ThreadPoolExecutor

    from pipeline import analyse
    from pipeline.analyse.proof import content_of, write_manifest
    from pipeline.analyse.units import view_of

    with open_store(db, create=False) as store:
        counted = analyse.count_study(store.db.conn, view_of(once))
    if with_table:
        typer.echo(analyse.render_table_one(counted.tables[analyse.TABLE_ONE], language=lang))
    with ThreadPoolExecutor(1) as thread:
        content = thread.submit(content_of, db)
        analyse.write_report(db, html, language=lang, counted=counted)
        typer.echo(f"report: {html}\nmanifest: {write_manifest(db, html, counted=counted, content=content.result())}")
