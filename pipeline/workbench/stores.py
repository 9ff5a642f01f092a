"""The open database of the workbench: a connection for each thread that answers requests."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Annotated, Any, cast

from fastapi import Depends, Request

from pipeline.store import Desk, Store


class ThreadDesks:
    """Stands for a `Desk`: every call goes to the desk of the thread that makes it.

    SQLite's connections stay with the thread that opened them, and FastAPI runs a dependency and the endpoint that asked for it
    in whatever threads are free.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._threads = threading.local()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):  # what Python asks any object for is no reason to open a database
            raise AttributeError(name)
        return getattr(self._desk(), name)

    def _desk(self) -> Desk:
        desk: Desk | None = getattr(self._threads, "desk", None)
        if desk is None:
            desk = self._threads.desk = Desk(Store.open(self._path, create=False))
        return desk


def desk_of(request: Request) -> Desk:
    """The desk of the database that this workbench serves."""
    return cast(Desk, request.app.state.desks)


Desks = Annotated[Desk, Depends(desk_of)]
