"""`anjuan annotate export` and `import`: codings for other programs, and from them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.commands.options import Force, open_store

Coded = Annotated[Path, typer.Option("--db", help="The SQLite database of the study.", show_default=False)]
FORMS = "annotations (the committed form: no text), labelstudio, doccano, jsonl, csv or codings (to train on)"


def export(
    db: Coded,
    form: Annotated[str, typer.Option("--form", "--format", help=f"{FORMS}.", show_default=False)],
    out: Annotated[Path, typer.Option("--out", help="The file to write.", show_default=False)],
    coder: Annotated[
        list[str] | None, typer.Option("--coder", help="Only this voice, such as adjudicated; may be repeated.", show_default=False)
    ] = None,
    notes: Annotated[
        bool, typer.Option("--notes", help="With annotations: coders' notes too. They are their own words and may name people.")
    ] = False,
    config: Annotated[
        Path | None, typer.Option("--config", help="With labelstudio: write the labelling interface here.", show_default=False)
    ] = None,
    force: Force = False,
) -> None:
    """Write what people have coded to a file. Example: anjuan annotate export --db study.db --form annotations --out annotations/study.jsonl"""
    from pipeline.job import exchanging

    with open_store(db, create=False) as store:
        exported = exchanging.export(store, form, out, coder or (), notes=notes or None, config=config, force=force)
    _tell_losses(exported.losses, "left out")
    typer.echo(f"{out}: {exported.codings} codings of {exported.judgments} judgments")


def import_(
    file: Annotated[
        Path, typer.Argument(help="A file that `anjuan annotate export`, Label Studio or doccano has written.", show_default=False)
    ],
    db: Coded,
    form: Annotated[str, typer.Option("--form", "--format", help=f"{FORMS}; default: told by the content.", show_default=False)] = "",
    coder: Annotated[str, typer.Option("--coder", help="Whose codings these are, whatever the file says.", show_default=False)] = "",
    adjudicated: Annotated[bool, typer.Option("--adjudicated", help="They are settled: the most trusted of all.")] = False,
) -> None:
    """Take codings from a file, all or none; twice changes nothing. Example: anjuan annotate import annotations/study.jsonl --db study.db"""
    from pipeline.job import exchanging

    with open_store(db, create=False) as store:
        imported = exchanging.import_file(store, file, form, coder, adjudicated)
    for problem in imported.problems:
        typer.echo(problem, err=True)
    if imported.problems:
        typer.echo(f"{file}: {len(imported.problems)} records cannot be used; nothing was imported", err=True)
        raise typer.Exit(1)
    _tell_losses(imported.losses, "not kept")
    entries = f"{imported.changed} entries changed, {imported.unchanged} as they were"
    typer.echo(f"{file} ({imported.form}): {imported.codings} codings of {imported.judgments} judgments; {entries}")


def _tell_losses(losses: dict[str, int], how: str) -> None:
    for what, number in losses.items():
        if number:
            typer.echo(f"{how}: {number} {what}", err=True)
