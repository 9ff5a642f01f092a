"""`anjuan tables` and `anjuan reproduce`: tables for a paper, and the proof that every number can be counted again."""

from __future__ import annotations

import tempfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.commands.options import CORES, Force, Jobs, Language, Quiet, console, open_store

if TYPE_CHECKING:
    from pipeline.analyse.proof import Check

SHOWN = 40  # cells and judgments printed unless all are asked for
Counted = Annotated[Path, typer.Option("--db", help="The SQLite database of the study.", show_default=False)]


def tables(
    db: Counted,
    out: Annotated[Path, typer.Option("--out", help="paper.docx, paper.xlsx, or a folder for CSV files.", show_default=False)],
    once: Annotated[bool, typer.Option("--once", help="Count each case once: of copies and instances only the earliest.")] = False,
    only: Annotated[str, typer.Option("--only", help="Names of tables, parted by commas; 'one' is Table 1.", show_default=False)] = "",
    lang: Language = "en",
    force: Force = False,
) -> None:
    """Write tables for a paper: Table 1, the others, medians, corrected shares; intervals, tests, a manifest. Example: anjuan tables --db study.db --out paper.docx"""
    from pipeline.analyse.paper import write_tables
    from pipeline.analyse.proof import manifest_beside

    open_store(db, create=False).close()
    wanted = [name.strip() for name in only.split(",") if name.strip()]
    written = write_tables(db, out, once=once, language=lang, only=wanted, force=force)
    typer.echo(f"{out}: {len(written)} tables\nmanifest: {manifest_beside(out)}")


def reproduce(
    manifest: Annotated[Path, typer.Option("--check", help="The manifest to check: study.manifest.json.", show_default=False)],
    db: Counted,
    inputs: Annotated[
        list[Path] | None,
        typer.Option(
            "--inputs", help="First do the whole job anew from these, in a temporary database; may be repeated.", show_default=False
        ),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Print every cell and judgment, not the first 40.")] = False,
    jobs: Jobs = CORES,
    quiet: Quiet = False,
) -> None:
    """Count the tables of a manifest anew and name the judgments behind any difference. Example: anjuan reproduce --check study.manifest.json --db study.db"""
    from pipeline.analyse.proof import check, read_manifest
    from pipeline.analyse.reading import open_readonly

    expected = read_manifest(manifest)
    open_store(db, create=False).close()
    with tempfile.TemporaryDirectory() as folder:
        counted = _rebuilt(inputs, db, Path(folder), jobs, quiet) if inputs else db
        with closing(open_readonly(counted)) as connection:
            found = check(connection, expected, rebuilt=bool(inputs))
    _tell(found, None if every else SHOWN)
    raise typer.Exit(0 if found.same else 1)


def _rebuilt(inputs: list[Path], db: Path, folder: Path, jobs: int, quiet: bool) -> Path:
    from pipeline.job.rebuilding import rebuild

    with console().progress(quiet) as progress:
        return rebuild(inputs, db, folder, jobs, progress)


def _tell(found: Check, most: int | None) -> None:
    """The verdict, the corrected shares that differ, the cells that count others than before, the judgments behind them with what changed, and what else differs."""
    if found.same:
        typer.echo(f"all {found.cells} cells are the same")
    else:
        differ = len(found.differences) + len(found.shifts)
        typer.echo(f"{differ} of {found.cells} cells differ; judgments behind them: {len(found.judgments)}")
    _tell_lines("corrected shares", [str(each) for each in found.shifts], most)
    _tell_lines("cells", [str(each) for each in found.recounted], most)
    if shares := len(found.differences) - len(found.recounted):
        typer.echo(f"{shares} cells count the same judgments; only the number that they are a share of differs")
    _tell_lines(
        "judgments", ["\n  ".join([f"{j.judgment_id} {j.case_number}".rstrip(), *map(str, j.moves)]) for j in found.judgments], most
    )
    for note in found.notes:
        typer.echo(f"note: {note}")


def _tell_lines(what: str, lines: list[str], most: int | None) -> None:
    for line in lines[:most]:
        typer.echo(line)
    if most is not None and len(lines) > most:
        typer.echo(f"and {len(lines) - most} more {what}; --all prints them")
