"""`anjuan annotate history`: every change of the codings of one case."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.commands.options import Database, Form, OneVariable, Wanted, open_store


def history(
    wanted: Wanted,
    db: Database,
    coder: Annotated[str | None, typer.Option("--coder", help="Only the coding of this name.", show_default=False)] = None,
    variable: OneVariable = None,
    form: Form = "table",
) -> None:
    """Show who changed what of a case, when, from what to what and why. Example: anjuan annotate history cc89285b --db study.db"""
    from pipeline.analyse import write_rows
    from pipeline.codebook import load
    from pipeline.job import adjudicating
    from pipeline.store import Desk
    from pipeline.workshop import find_judgment

    if variable:
        load()[variable]
    with open_store(db, create=False) as store:
        changes = Desk(store).history(find_judgment(store, wanted), coder, variable=variable)
    typer.echo(write_rows(adjudicating.told_changes(changes, short=form == "table"), form), nl=False)
