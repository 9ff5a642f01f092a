"""`anjuan export`: tables of the database as files for R, Stata, SPSS, Excel and Python, with labels."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from pipeline.commands.options import CORES, Database, Quiet, console, open_store


def export(
    db: Database,
    out: Annotated[Path, typer.Option("--out", help="A folder, or a file such as cases.dta or study.xlsx.", show_default=False)],
    form: Annotated[
        str,
        typer.Option(
            "--form", "--format", help="csv, parquet, xlsx, stata, spss, jsonl or r; default: by the file's ending, csv for a folder."
        ),
    ] = "",
    tables: Annotated[
        str, typer.Option("--tables", help="Tables and views, parted by commas; default: cases, defendants, charges, victims.")
    ] = "",
    lang: Annotated[str, typer.Option("--lang", help="Language of the labels: en or zh.")] = "en",
    in_scope: Annotated[bool, typer.Option("--in-scope", help="Only what belongs to judgments in scope.")] = False,
    text: Annotated[bool, typer.Option("--text", help="Whole texts too.")] = False,
    release: Annotated[
        str, typer.Option("--release", help="full: as it is. research or public: what `anjuan release` in that mode would give away.")
    ] = "full",
    force: Annotated[bool, typer.Option("--force", help="Overwrite files that exist.")] = False,
    quiet: Quiet = False,
) -> None:
    """Export tables with labels of variables and values. Example: anjuan export --db study.db --out study/ --form stata --lang zh"""
    from pipeline.analyse.export import Wanted, check
    from pipeline.analyse.export import export as write

    open_store(db, create=False).close()  # brings an older database and its dictionary up to date
    wanted = Wanted(form, tuple(name.strip() for name in tables.split(",") if name.strip()), lang, in_scope, text)
    check(db, out, wanted, force)
    with _released(db, release, quiet) as source:
        written = write(source, out, wanted, force)
    for path, rows in written:
        if not quiet:
            typer.echo(str(path) if rows is None else f"{path}: {rows} rows")


@contextmanager
def _released(db: Path, mode: str, quiet: bool) -> Iterator[Path]:
    """The database, or a release of it that lasts as long as the `with`, and how well its rows can be told apart."""
    if mode == "full":
        yield db
        return
    from pipeline.job.release_report import describe
    from pipeline.job.releasing import Request, release

    with tempfile.TemporaryDirectory() as folder:
        target, request = Path(folder) / db.name, Request(mode, jobs=CORES)
        with open_store(db, create=False) as store, console().progress(quiet) as progress:
            outcome = release(store, target, request, progress)
        for line in list(describe(target, mode, outcome, request.k, None))[1:]:  # without the place of what is soon gone
            if not quiet:
                typer.echo(line)
        yield target
