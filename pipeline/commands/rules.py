"""`anjuan rules`: the rule workshop."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.commands.options import Database, OneVariable, Wanted, open_store

app = typer.Typer(
    name="rules", help="Test, read and question the rules. Example: anjuan rules test alcohol", no_args_is_help=True, rich_markup_mode=None
)


@app.command("test")
def rules_test(
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME]...", help="Rule files; default: all.", show_default=False)] = None,
    file: Annotated[
        list[Path] | None, typer.Option("--file", help="A rule file elsewhere, such as a changed copy.", show_default=False)
    ] = None,
) -> None:
    """Check rule files against their own examples; exit code 1 when one fails. Example: anjuan rules test alcohol --file mine.toml"""
    from pipeline import workshop

    chosen = names or ([] if file else workshop.names())
    results = [workshop.check(rules) for rules in (*map(workshop.shipped_file, chosen), *map(workshop.file_at, file or ()))]
    typer.echo(workshop.report(results))
    raise typer.Exit(int(any(result.failure for result in results)))


@app.command("show")
def rules_show(
    name: Annotated[str, typer.Argument(help="A rule file, such as alcohol.")],
    expand: Annotated[bool, typer.Option("--expand", help="Write the vocabularies out.")] = False,
) -> None:
    """Print the rules of a file as a lawyer reads them. Example: anjuan rules show alcohol --expand"""
    from pipeline import workshop

    typer.echo(workshop.show(name, expand))


@app.command("coverage")
def rules_coverage(db: Database, variable: OneVariable = None) -> None:
    """Count what each rule supports, and name those that never fired. Example: anjuan rules coverage --db study.db --variable alcohol"""
    from pipeline import workshop

    with open_store(db, create=False) as store:
        typer.echo(workshop.coverage(store, variable))


@app.command("why")
def rules_why(
    wanted: Wanted,
    variable: Annotated[str, typer.Argument(help="A variable of the codebook.")],
    db: Database,
    limit: Annotated[int, typer.Option("--limit", min=1, help="Matches of one kind to show.")] = 10,
) -> None:
    """Say why a judgment has its value: which rules fired, competed or were cancelled. Example: anjuan rules why cc89285b alcohol --db study.db"""
    from pipeline import workshop

    with open_store(db, create=False) as store:
        typer.echo(workshop.explain(store, wanted, variable, limit))


@app.command("misses")
def rules_misses(
    coded: Annotated[Path, typer.Argument(help="JSON Lines: one coded case a line, `id` being the identifier in the source.")],
    db: Database,
    variable: OneVariable = None,
) -> None:
    """List where the database differs from coded cases. Example: anjuan rules misses coded.jsonl --db study.db --variable alcohol"""
    from pipeline import workshop

    with open_store(db, create=False) as store:
        typer.echo(workshop.misses(store, coded, variable))
