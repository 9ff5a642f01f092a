"""Datasette built and served: on 127.0.0.1 only, the file opened read-only, until Ctrl-C."""

from __future__ import annotations

import contextlib
import errno
import socket
import webbrowser
from collections.abc import Callable
from contextlib import closing
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.analyse.datasette.metadata import metadata
from pipeline.analyse.dictionary import tables_in_words
from pipeline.analyse.reading import open_readonly
from pipeline.schema import AnjuanError

if TYPE_CHECKING:
    from datasette.app import Datasette

HOST = "127.0.0.1"
# Time limits in milliseconds: a question over a million judgments takes seconds; facets that take long are left out rather than waited for.
SETTINGS = {
    "default_page_size": 50,
    "default_facet_size": 12,
    "sql_time_limit_ms": 10_000,
    "facet_time_limit_ms": 500,
    "suggest_facets": False,
    "truncate_cells_html": 300,
    "allow_download": False,
    "max_returned_rows": 5_000,
}


def build(db: Path, language: str) -> Datasette:
    """Datasette over the database at `db`. AnjuanError when it is not installed; StoreError when the file cannot be read."""
    try:
        from datasette.app import Datasette
        from datasette.plugins import pm

        from pipeline.analyse.datasette import cells
    except ImportError as error:
        raise AnjuanError(f"browsing needs {error.name}, which is not installed: pip install 'anjuan[browse]'") from error
    with closing(open_readonly(db)) as connection:
        words = metadata(connection, db, language)
        shown = cells.shown(tables_in_words(connection, language))
    # A wrong question is answered in the browser: without this the terminal gets a traceback of thousands of lines, with all that is in memory.
    pm.get_plugin("datasette.handle_exception").rich = None
    if not pm.is_registered(cells):
        pm.register(cells)
    static = str(files("pipeline.analyse.datasette").joinpath("static"))
    # Not "immutable": people may be coding in the workbench meanwhile. Datasette opens the file with mode=ro.
    pages = Datasette(
        files=[str(db)],
        metadata={**words, "extra_css_urls": ["/anjuan/browse.css"]},
        settings=SETTINGS,
        static_mounts=[("anjuan", static)],
    )
    pages.shown = shown
    return pages


def serve(db: Path, port: int, language: str, tell: Callable[[str], None], browser: bool = False) -> None:
    """Serve the database until Ctrl-C; `port` 0 takes a free one. `tell` gets the address. AnjuanError when the port cannot be had."""
    app = build(db, language).app()
    import uvicorn

    with listen(port) as listening:
        address = f"http://{HOST}:{listening.getsockname()[1]}/"
        tell(f"{db} can be browsed at {address} (Ctrl-C ends it)")
        if browser:
            webbrowser.open(address)
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False, timeout_graceful_shutdown=3))
        with contextlib.suppress(KeyboardInterrupt):
            server.run(sockets=[listening])


def listen(port: int) -> socket.socket:
    """A socket that listens on this machine; AnjuanError when another program has the port."""
    try:
        return socket.create_server((HOST, port), backlog=128)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise AnjuanError(f"port {port} is in use: choose another with --port, or 0 for a free one") from error
        raise AnjuanError(f"cannot listen on port {port}: {error.strerror or error}") from error
