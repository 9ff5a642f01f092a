"""The coder's own queue: what is to be coded, what is done, and where to go on."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from pipeline.workbench.gate import Signed
from pipeline.workbench.rendering import render
from pipeline.workbench.stores import Desks

router = APIRouter()
PAGE = 50


@router.get("/")
def queue(
    request: Request,
    desk: Desks,
    session: Signed,
    state: Literal["open", "done", "all"] = "open",
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
) -> Response:
    """One page of the judgments that are assigned to the coder who is signed in, in the order of assignment."""
    wanted = None if state == "all" else state
    progress = desk.tally(session.coder, "code")
    screening = desk.tally(session.coder, "screen")
    counts = {"open": progress.open, "done": progress.done, "all": progress.open + progress.done}
    rows = desk.queue(session.coder, "code", wanted, (page - 1) * PAGE, PAGE)
    following = desk.queue(session.coder, "code", "open", 0, 1)
    return render(
        request,
        session,
        "queue.html",
        rows=rows,
        state=state,
        page=page,
        pages=max(1, -(-counts[state] // PAGE)),
        counts=counts,
        progress=progress,
        screening=screening,
        following=following[0] if following else None,
    )
