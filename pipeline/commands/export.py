"""`anjuan export`: tables of the database as files for R, Stata, SPSS, Excel and Python, with labels."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.commands.options import Database, Quiet, open_store


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
    force: Annotated[bool, typer.Option("--force", help="Overwrite files that exist.")] = False,
    quiet: Quiet = False,
) -> None:
    """Export tables with labels of variables and values. Example: anjuan export --db study.db --out study/ --form stata --lang zh"""
    from pipeline.analyse.export import Wanted
    from pipeline.analyse.export import export as write

    open_store(db, create=False).close()  # brings an older database and its dictionary up to date
    names = tuple(name.strip() for name in tables.split(",") if name.strip())
    written = write(db, out, Wanted(form, names, lang, in_scope, text), force)
    for path, rows in written:
        if not quiet:
            typer.echo(str(path) if rows is None else f"{path}: {rows} rows")
