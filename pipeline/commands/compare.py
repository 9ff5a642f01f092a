"""`anjuan compare`: published figures beside those of a database."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.commands.options import Form, Language, open_store

Study = Annotated[
    str, typer.Argument(help="A study that ships, by name, or a TOML file of your own; empty: list them.", show_default=False)
]
Against = Annotated[Path | None, typer.Option("--db", help="The database to compare with.", show_default=False)]
Once = Annotated[bool, typer.Option("--once", help="Count each case once: of copies and instances only the earliest.")]
Template = Annotated[bool, typer.Option("--template", help="Print a file that explains the form, to be filled in.")]


def compare(
    study: Study = "", db: Against = None, once: Once = False, template: Template = False, form: Form = "table", lang: Language = "en"
) -> None:
    """Set a study's published figures beside the database's and test each difference. Example: anjuan compare laws_2025 --db study.db"""
    from pipeline.analyse import write_rows
    from pipeline.analyse.comparing import compare as compare_with
    from pipeline.analyse.comparison_rows import foot, full_rows, list_rows, short_rows
    from pipeline.analyse.reading import connection_of
    from pipeline.analyse.studies import open_study, template_text
    from pipeline.schema import AnjuanError

    if template:
        typer.echo(template_text(), nl=False)
        return
    if not study:
        typer.echo(write_rows(list_rows(lang), form), nl=False)
        return
    if db is None:
        raise AnjuanError(f"say which database to compare with: anjuan compare {study} --db FILE")
    published = open_study(study)
    with open_store(db, create=False) as store:
        found = compare_with(connection_of(store), published, once)
    table = form == "table"
    typer.echo(write_rows(short_rows(found, lang) if table else full_rows(found, lang), form), nl=False)
    for line in foot(found, lang) if table else ():
        typer.echo(line)
