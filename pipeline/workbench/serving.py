"""Running the workbench: the port, the address that coders open, the server until Ctrl-C."""

from __future__ import annotations

import contextlib
import errno
import socket
import webbrowser
from collections.abc import Callable
from pathlib import Path

import uvicorn

from pipeline.schema import AnjuanError
from pipeline.store import Store
from pipeline.workbench.app import create_app
from pipeline.workbench.protection import is_loopback, is_wildcard, outward_address

PATIENCE = 3  # seconds that requests in work have to end after Ctrl-C
UNENCRYPTED = "warning: tokens and codings cross the network unencrypted; use --host only in a network that you trust"


def serve(db: Path, host: str, port: int, tell: Callable[[str], None], browser: bool = False) -> None:
    """Serve the database at `db` until Ctrl-C; `port` 0 takes a free one. AnjuanError when the address cannot be had.

    `tell` gets one line at a time: the address, and a warning when others than this machine can reach it.
    """
    Store.open(db, create=False).close()  # a database that cannot be used is told now, not by the first page
    listening = listen(host, port)
    where = address(host, listening.getsockname()[1])
    server = uvicorn.Server(
        uvicorn.Config(create_app(db, host), log_level="warning", access_log=False, timeout_graceful_shutdown=PATIENCE, server_header=False)
    )
    if not is_loopback(host):
        tell(UNENCRYPTED)
    tell(f"the workbench is at {where} (Ctrl-C ends it)")
    if browser:
        webbrowser.open(where)
    with listening, contextlib.suppress(KeyboardInterrupt):
        server.run(sockets=[listening])
    Store.open(db, create=False).close()  # moves the write-ahead log into the file, which may then be copied by itself


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there; AnjuanError with what to do when it cannot."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=128)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise AnjuanError(f"port {port} is in use, maybe by another workbench: choose another with --port") from error
        raise AnjuanError(f"cannot listen on {host}, port {port}: {error.strerror or error}") from error


def address(host: str, port: int) -> str:
    """The address to open; for a host that stands for all addresses, the one in the local network."""
    name = (outward_address() or "127.0.0.1") if is_wildcard(host) else host
    return f"http://{f'[{name}]' if ':' in name else name}:{port}/"
