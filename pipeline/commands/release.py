"""`anjuan release`: a copy of the database that may be given away, and who could still be told apart in it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.commands.options import CORES, Database, Force, Jobs, Quiet, console, open_store


def release(
    db: Database,
    out: Annotated[Path, typer.Option("--out", help="The database to write.", show_default=False)],
    mode: Annotated[
        str,
        typer.Option(
            "--mode", help="full: as it is. research: pseudonyms, months, no addresses or numbers. public: coded values only, no text."
        ),
    ],
    k: Annotated[int, typer.Option("--k", min=2, help="A row is at risk when fewer rows than this are like it.")] = 5,
    risky: Annotated[
        Path | None, typer.Option("--risky", help="Write the rows at risk to this CSV file (keep it at home).", show_default=False)
    ] = None,
    key: Annotated[
        Path | None,
        typer.Option(
            "--key",
            help="Secret key file, made if absent: later releases give the same pseudonyms. Default: a key thrown away.",
            show_default=False,
        ),
    ] = None,
    force: Force = False,
    jobs: Jobs = CORES,
    quiet: Quiet = False,
) -> None:
    """Write a copy that may be given away. Example: anjuan release --db study.db --out public.db --mode public"""
    from pipeline.destination import refuse
    from pipeline.job.release_report import describe, read_key
    from pipeline.job.releasing import Request, release

    refuse(out, risky, force=force, source=db)
    with open_store(db, create=False) as store, console().progress(quiet) as progress:
        outcome = release(store, out, Request(mode, k, jobs, read_key(key)), progress)
    for line in describe(out, mode, outcome, k, risky):
        typer.echo(line)
