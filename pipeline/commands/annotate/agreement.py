"""`anjuan annotate agreement`: how far coders agree."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.commands.options import Database, Form, Language, open_store


def agreement(
    db: Database,
    coders: Annotated[
        str | None, typer.Option("--coders", help="Only these coders, parted by commas; default: all.", show_default=False)
    ] = None,
    variable: Annotated[
        list[str] | None,
        typer.Option("--variable", help="Only this variable, with confusion table and disagreements; may be repeated.", show_default=False),
    ] = None,
    task: Annotated[str, typer.Option("--task", help="code, or screen for the screeners' decisions.")] = "code",
    mode: Annotated[
        str, typer.Option("--mode", help="blind, or all: also codings that were made with the machine's suggestions in sight.")
    ] = "blind",
    part: Annotated[str, typer.Option("--part", help="summary, parties, confusion or disagreements.")] = "summary",
    form: Form = "table",
    lang: Language = "en",
) -> None:
    """Measure agreement on what two coders have finished: percent, kappa, alpha, quotations. Example: anjuan annotate agreement --db study.db"""
    from pipeline.job import agreeing

    named = [name.strip() for name in coders.split(",") if name.strip()] if coders else None
    with open_store(db, create=False) as store:
        found = agreeing.agreement(store, named, variable or None, task, mode)
    for piece in agreeing.pieces(found, part, form, lang, detail=bool(variable)):
        typer.echo(piece, nl=False)
