"""`anjuan annotate serve`, `invite` and `revoke`: the workbench in the browser, and who may come in."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.commands.options import Database, open_store

PORT = 8765

Name = Annotated[str, typer.Argument(help="1 to 40 letters, digits, Chinese characters, '_', '-' or '.'.", show_default=False)]
Host = Annotated[str, typer.Option("--host", help="Address to listen on; 0.0.0.0 lets in other machines of the network.")]
Port = Annotated[int, typer.Option("--port", min=0, max=65535, help="Port to listen on; 0 takes a free one.")]


def serve(
    db: Database,
    host: Host = "127.0.0.1",
    port: Port = PORT,
    browser: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
) -> None:
    """Serve the workbench until Ctrl-C. Example: anjuan annotate serve --db study.db"""
    from pipeline.workbench.serving import serve as serve_workbench

    serve_workbench(db, host, port, typer.echo, browser)


def invite(
    name: Name,
    db: Database,
    adjudicator: Annotated[bool, typer.Option("--adjudicator", help="May also see others' codings and decide between them.")] = False,
    host: Host = "127.0.0.1",
    port: Port = PORT,
) -> None:
    """Let somebody into the workbench and print their token, this once. Example: anjuan annotate invite 王某 --db study.db"""
    from pipeline.store import Desk
    from pipeline.workbench.serving import address

    with open_store(db, create=False) as store:
        token = Desk(store).invite(name, "adjudicator" if adjudicator else "coder")
    typer.echo(f"address: {address(host, port)}\nname:    {name}\ntoken:   {token}")
    typer.echo("the token is shown only now; another invite makes a new one and ends this one", err=True)


def revoke(name: Name, db: Database) -> None:
    """Shut somebody out of the workbench; what they coded stays. Example: anjuan annotate revoke 王某 --db study.db"""
    from pipeline.store import Desk

    with open_store(db, create=False) as store:
        Desk(store).revoke(name)
    typer.echo(f"{name} can no longer sign in")
