"""`anjuan sensitivity`, `anjuan periodic`, `anjuan units`: tables under other choices, by period, and in other units."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.commands.options import Database, Form, Language, open_store

UnitOfCases = Annotated[str, typer.Option("--unit", help="What is counted: document, chain (each case once) or incident.")]


def sensitivity(
    db: Database,
    table: Annotated[str, typer.Option("--table", help="one (Table 1), or a table of the catalogue such as hospital_level.")] = "one",
    unit: UnitOfCases = "document",
    each: Annotated[bool, typer.Option("--each", help="With csv or jsonl: every cell under every choice, not only its range.")] = False,
    form: Form = "table",
    lang: Language = "en",
) -> None:
    """Count a table under each defensible choice and tell how far each cell moves. Example: anjuan sensitivity --db study.db --table one"""
    from pipeline.analyse import sensitivity as counted
    from pipeline.analyse import write_rows

    with open_store(db, create=False) as store:
        found = counted.sensitivity(store.db.conn, table, unit)
    if form == "table":
        typer.echo(counted.render(found, lang), nl=False)
    else:
        typer.echo(write_rows((counted.scenario_rows if each else counted.cell_rows)(found, lang), form), nl=False)


def periodic(
    db: Database,
    by: Annotated[str, typer.Option("--by", help="month, half-year or year.")] = "year",
    of: Annotated[str, typer.Option("--of", help="Also by court, province, city, hospital_level or court_level.", show_default=False)] = "",
    first: Annotated[str, typer.Option("--from", help="First period: 2018, 2018-03 or 2018-H1.", show_default=False)] = "",
    last: Annotated[str, typer.Option("--to", help="Last period.", show_default=False)] = "",
    date: Annotated[str, typer.Option("--date", help="Which date counts: decided or incident.")] = "decided",
    unit: UnitOfCases = "document",
    form: Form = "table",
    lang: Language = "en",
) -> None:
    """Count cases, types, injuries, channels and days to the judgment by period. Example: anjuan periodic --db study.db --by half-year --of court"""
    typer.echo(periodic_report(db, by, of, first, last, date, unit, form, lang), nl=False)


def periodic_report(
    db: Path,
    by: str,
    of: str = "",
    first: str = "",
    last: str = "",
    date: str = "decided",
    unit: str = "document",
    form: str = "table",
    lang: str = "en",
) -> str:
    """The counts by period as text; what must be said of them goes to stderr where the form is for programs."""
    from pipeline.analyse import periodic as counted
    from pipeline.analyse import periodic_rows, write_rows

    with open_store(db, create=False) as store:
        found = counted.count_periods(store.db.conn, by, of, first, last, date, unit)
    if form == "table":
        return periodic_rows.render(found, lang)
    typer.echo("\n".join(periodic_rows.caveats(lang)), err=True)
    return write_rows(periodic_rows.plain_rows(found, lang), form)


def units(
    db: Database,
    tables: Annotated[bool, typer.Option("--tables", help="For each table of the catalogue what it counts in each unit.")] = False,
    form: Form = "table",
    lang: Language = "en",
) -> None:
    """Count documents, cases, incidents, defendants, charges and victims. Example: anjuan units --db study.db"""
    from pipeline.analyse import unit_counts, write_rows

    with open_store(db, create=False) as store:
        rows = (unit_counts.table_sizes if tables else unit_counts.unit_rows)(store.db.conn, lang, form == "table")
    typer.echo(write_rows(rows, form), nl=False)
