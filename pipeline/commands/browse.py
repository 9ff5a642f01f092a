"""`anjuan browse`: the database in the browser, with words for everything and ready questions (Datasette)."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.commands.options import Database, Language, open_store


def browse(
    db: Database,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Port on this machine; 0 takes a free one.")] = 8001,
    show: Annotated[bool, typer.Option("--open", help="Open the browser.")] = False,
    lang: Language = "en",
) -> None:
    """Browse the database read-only on this machine, with ready questions. Example: anjuan browse --db study.db --open"""
    from pipeline.analyse.datasette import serve

    open_store(db, create=False).close()  # brings an older database and its dictionary up to date
    serve(db, port, lang, typer.echo, show)
