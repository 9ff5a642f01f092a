"""The history of a case: every change of every entry. A coder sees the own changes, an adjudicator all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import Response

from pipeline.codebook import load
from pipeline.schema import Entry
from pipeline.store import Change, Desk, Session
from pipeline.workbench.gate import RefusedError, Signed
from pipeline.workbench.page_adjudication import Board, Quotation
from pipeline.workbench.page_text import shown
from pipeline.workbench.rendering import language_of, render, translator
from pipeline.workbench.stores import Desks

router = APIRouter()
PAGE = 200
SCREENER = "screen:"


@dataclass(frozen=True, slots=True)
class State:
    """What an entry said before or after a change."""

    values: tuple[str, ...]
    quotations: tuple[Quotation, ...]
    unsure: bool
    note: str


@dataclass(frozen=True, slots=True)
class Row:
    """One change on the page. `gone`: it was taken back; `first`: it begins a step of changes that were saved together."""

    change: Change
    unit: str
    variable: str
    before: State
    after: State
    gone: bool
    first: bool


@router.get("/history/{judgment_id}")
def history(
    request: Request,
    desk: Desks,
    session: Signed,
    judgment_id: str,
    by: str = "",
    variable: str = "",
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
) -> Response:
    """Every change of a case, newest first; of one voice or variable where these are named."""
    judgment = desk.store.judgment(judgment_id)
    mine = visible(desk, session, judgment_id)
    if judgment is None:
        raise HTTPException(404)
    words = {name: translator(language_of(request))(f"history_value_{name}") for name in ("yes", "no", "none")}
    board = Board(load(), language_of(request), judgment.text, words, [])
    found = [change for change in mine if by in ("", change.by) and variable in ("", change.variable)]
    newest = found[::-1]
    pages = max(1, -(-len(newest) // PAGE))
    page = min(page, pages)
    gone = {change.undoes for change in mine}
    return render(
        request,
        session,
        "history.html",
        judgment_id=judgment_id,
        title=shown(judgment.title or judgment.source_id),
        rows=[_row(change, board, gone) for change in newest[(page - 1) * PAGE : page * PAGE]],
        voices=sorted({change.by for change in mine}),
        variables=_variables(board, mine),
        total=len(found),
        **{"by": by, "variable": variable, "page": page, "pages": pages},
    )


def visible(desk: Desk, session: Session, judgment_id: str) -> list[Change]:
    """The changes that somebody may see, oldest first. RefusedError for a case that a coder neither has nor had."""
    every = desk.history(judgment_id)
    if session.role == "adjudicator":
        return every
    own = [change for change in every if change.by in (session.coder, f"{SCREENER}{session.coder}")]
    assigned = any(desk.assignment(session.coder, task, judgment_id) for task in ("code", "screen"))
    if not own and not assigned:
        raise RefusedError("refused_history")
    return own


def _variables(board: Board, changes: list[Change]) -> list[tuple[str, str]]:
    """The variables that were changed, with their labels."""
    names = dict.fromkeys(change.variable for change in changes if change.variable)
    return [(name, _variable(board, name)) for name in sorted(names)]


def _variable(board: Board, name: str) -> str:
    known = board.codebook.variables
    return known[name].label(board.language) if name in known else name


def _row(change: Change, board: Board, gone: set[int | None]) -> Row:
    return Row(
        change=change,
        unit=board.unit(change.unit) if change.unit != "case" else "",
        variable=_variable(board, change.variable),
        before=_state(board, change, change.before),
        after=_state(board, change, change.after),
        gone=change.undoes is None and change.step in gone,
        first=change.id == change.step,
    )


def _state(board: Board, change: Change, entry: Entry) -> State:
    values = tuple(board.value(change.variable, value) for value in entry.values)
    return State(values, board.quotations(entry), entry.unsure, shown(entry.note))
