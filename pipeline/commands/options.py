"""What the commands share: options that mean the same everywhere, the database opened, the terminal."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from pipeline.collect.keywords import Keywords
    from pipeline.store import Store


def _known_language(language: str) -> str:
    """The language, when it is one that we have; AnjuanError for any other."""
    from pipeline.schema import AnjuanError

    if language not in ("zh", "en"):
        raise AnjuanError(f"unknown language {language!r}; choose zh or en")
    return language


Inputs = Annotated[list[Path], typer.Argument(help="Files, folders or archives with judgments.", show_default=False)]
Database = Annotated[Path, typer.Option("--db", help="The SQLite database to make or continue.", show_default=False)]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors and results.")]
Jobs = Annotated[int, typer.Option("--jobs", "-j", min=1, help="Processes to use; default: the number of cores.", show_default=False)]
Wanted = Annotated[
    str,
    typer.Argument(metavar="JUDGMENT", help="Its judgment_id, identifier in the source or case number, or the beginning of one of these."),
]
OneVariable = Annotated[str | None, typer.Option("--variable", help="Only this variable of the codebook.", show_default=False)]
Language = Annotated[str, typer.Option("--lang", help="Language of the output: en or zh.", callback=_known_language)]
Force = Annotated[bool, typer.Option("--force", help="Replace files that are there.")]
Form = Annotated[str, typer.Option("--form", "--format", help="table, csv or jsonl.")]
KeywordFile = Annotated[
    Path | None, typer.Option("--keywords", help="A keyword file of your own; default: corpora/keywords.toml.", show_default=False)
]
SearchWords = Annotated[
    Path | None, typer.Option("--keywords", help="Search for the `query` words of this keyword file.", show_default=False)
]
CORES = os.cpu_count() or 1


def console() -> ModuleType:
    """The terminal's side of the job, imported only when a command runs."""
    from pipeline.job import console as terminal

    return terminal


def open_store(db: Path, create: bool = True) -> Store:
    """The database at `db`, made with its folder unless `create` is off."""
    from pipeline.store import Store

    if create:
        db.parent.mkdir(parents=True, exist_ok=True)
    return Store.open(db, create)


def load_keywords(file: Path | None) -> Keywords:
    """The keywords of a file, or those that ship."""
    from pipeline.collect.keywords import load
    from pipeline.resources import shipped

    return load(file or shipped("corpora/keywords.toml"))


def words_to_search(words: Iterable[str], file: Path | None) -> list[tuple[str, str]]:
    """What to type into a site's search field, each with the name it is counted under: `words`, or those of a keyword file."""
    if file is None:
        return [(word, word) for word in words]
    return [(expression.name, word) for expression in load_keywords(file).expressions for word in expression.query]
