"""The web application of the workbench: routers, static files, the gate's guards and the answers to errors."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.resources import files
from pathlib import Path

from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from pipeline.workbench.attempts import Attempts
from pipeline.workbench.errors import explain
from pipeline.workbench.gate import cookie_name
from pipeline.workbench.protection import protect
from pipeline.workbench.routes import adjudication, agreement, codebook, coding, history, queue, screening, sign_in
from pipeline.workbench.stores import ThreadDesks

THREADS = 12  # each holds a connection to the database; SQLite lets one write at a time
ROUTERS = (
    sign_in.router,
    queue.router,
    coding.router,
    adjudication.router,
    agreement.router,
    history.router,
    codebook.router,
    screening.router,
)


def create_app(db: Path, host: str = "127.0.0.1") -> FastAPI:
    """The workbench on the database at `db`, to be served on `host` (what other names a request may ask for depends on it)."""
    app = FastAPI(title="anjuan", openapi_url=None, docs_url=None, redoc_url=None, lifespan=_lifespan)
    app.state.desks = ThreadDesks(db)
    app.state.cookie = cookie_name(db)
    app.state.attempts = Attempts()
    for router in ROUTERS:
        app.include_router(router)
    app.state.paths = {getattr(route, "path", "") for router in ROUTERS for route in router.routes}
    app.mount("/static", StaticFiles(directory=str(files("pipeline.workbench") / "static")), name="static")
    explain(app)
    protect(app, host)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    current_default_thread_limiter().total_tokens = THREADS
    yield
