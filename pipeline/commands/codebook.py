"""`anjuan codebook`: the codebook in print, frozen, compared with its earlier versions, and what is to be coded again."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.commands.options import Database, Form, Language, open_store

if TYPE_CHECKING:
    from pipeline.codebook import Variable
    from pipeline.codebook.meaning import Difference

    Versions = list[tuple[str, Mapping[str, Variable]]]  # each version with its variables, the earliest first

app = typer.Typer(name="codebook", invoke_without_command=True, rich_markup_mode=None)

AROUND = 20  # characters that a table shows before and behind what differs
EitherDatabase = Annotated[Path | None, typer.Option("--db", help="A database that knows the codebook's versions.", show_default=False)]


@app.callback()
def show(context: typer.Context, lang: Language = "en") -> None:
    """Print the codebook: every variable, its values, and what silence means. Example: anjuan codebook --lang zh"""
    if context.invoked_subcommand is None:
        from pipeline.codebook import load, render

        typer.echo(render(load(), lang))


@app.command()
def freeze(
    out: Annotated[Path, typer.Option("--out", help="Folder of the frozen copies.")] = Path("annotations/codebooks"),
    db: EitherDatabase = None,
) -> None:
    """Write a dated, hashed copy of the codebook, before codings are compared. Example: anjuan codebook freeze --db study.db"""
    from pipeline.codebook import load, source
    from pipeline.codebook.freezing import freeze as freeze_copy

    if db:
        from pipeline.store.recoding import note_frozen

        with open_store(db, create=False) as store:  # first: where it cannot be opened nothing is frozen
            path, new = freeze_copy(source(), out, datetime.date.today())
            note_frozen(store, load().version)
    else:
        path, new = freeze_copy(source(), out, datetime.date.today())
    typer.echo(f"{'frozen' if new else 'frozen before'}: {path}")


@app.command()
def changes(
    db: EitherDatabase = None,
    file: Annotated[
        Path | None, typer.Option("--from", help="Compare the present codebook with this file, such as a frozen copy.", show_default=False)
    ] = None,
    form: Form = "table",
) -> None:
    """Show which variables and values changed between versions of the codebook. Example: anjuan codebook changes --db study.db"""
    from pipeline.analyse import write_rows
    from pipeline.codebook import CodebookError, load, parse

    if not (file or db):
        raise CodebookError("nothing to compare with: name a database with --db, or an earlier codebook with --from")
    known = _registered(db) if db else [(load().version, load().variables)]
    if file:
        earlier = parse(_text(file), str(file))
        known = [(earlier.version, earlier.variables), known[-1]]
    rows = list(_rows(known, whole=form != "table"))
    typer.echo(write_rows(rows, form) if rows or form != "table" else _nothing(known), nl=False)


@app.command()
def recode(
    db: Database,
    coder: Annotated[str | None, typer.Option("--coder", help="Only what this person coded.", show_default=False)] = None,
    form: Form = "table",
) -> None:
    """List codings made under an earlier meaning of their variable. Example: anjuan codebook recode --db study.db --coder coder1"""
    from pipeline.analyse import write_rows
    from pipeline.store.recoding import to_recode

    with open_store(db, create=False) as store:
        rows = to_recode(store, coder)
    typer.echo(write_rows(rows, form) if rows or form != "table" else "nothing is to be coded again\n", nl=False)


def _text(file: Path) -> str:
    from pipeline.codebook import CodebookError

    try:
        return file.read_bytes().decode()
    except OSError as error:
        raise CodebookError(f"{file} cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise CodebookError(f"{file} is not UTF-8 and therefore no codebook") from error


def _registered(db: Path) -> Versions:
    from pipeline.store.recoding import versions

    with open_store(db, create=False) as store:
        return [(version.version, version.variables) for version in versions(store)]


def _rows(known: Versions, whole: bool) -> Iterable[dict[str, str]]:
    """One row for each difference between a version and the next: with the whole text before and after, or only where the two part."""
    from itertools import pairwise

    from pipeline.codebook.meaning import differences

    for (old, before), (new, after) in pairwise(known):
        for difference in differences(before, after):
            row = {"from": old, "to": new, **difference._asdict()}
            yield row if whole else row | _excerpts(difference)


def _excerpts(difference: Difference) -> dict[str, str]:
    """What only the old and only the new text say, with a few characters around it: a long definition does not fit into a table."""
    head, before, after, tail = difference.parted()
    head, tail = (f"…{head[-AROUND:]}" if len(head) > AROUND else head), (f"{tail[:AROUND]}…" if len(tail) > AROUND else tail)
    return {"before": f"{head}{before}{tail}", "after": f"{head}{after}{tail}"}


def _nothing(known: Versions) -> str:
    names = " and ".join(dict.fromkeys(version for version, _ in known))
    return f"codebook {names}: one version only\n" if len(known) < 2 else f"codebook {names}: nothing that decides a coding differs\n"
