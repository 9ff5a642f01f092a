"""Screening: one judgment after the other, in scope or not with one key; and the flow of records for the adjudicator."""

from __future__ import annotations

import threading
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from pipeline.annotate.screening.stopping import DEFAULT
from pipeline.job import flow_figure, passages
from pipeline.job import screening as state
from pipeline.schema import Entry
from pipeline.store import Desk, Save, Session
from pipeline.workbench.gate import Adjudicator, RefusedError, Signed, Writing
from pipeline.workbench.page_text import shown
from pipeline.workbench.rendering import environment, language_of, render, translator
from pipeline.workbench.screening_order import Orders
from pipeline.workbench.stores import Desks

router = APIRouter(prefix="/screen")
AHEAD = 3  # cards that the page holds, so that the next one appears at once
MOST_SECONDS = 600.0  # of work on one judgment: who leaves the page open is not reading
MOST_SKIPPED = 200
_FIRST_ORDERS = threading.Lock()
_Id = Annotated[str, Field(max_length=64)]


class DecisionIn(BaseModel):
    """A decision; `skipped` and `held` are the judgments that were put off, and those whose cards the page has."""

    in_scope: bool
    seconds: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.0
    tab: Annotated[str, Field(max_length=64)] = ""
    skipped: Annotated[list[_Id], Field(max_length=MOST_SKIPPED)] = Field(default_factory=list)
    held: Annotated[list[_Id], Field(max_length=AHEAD * 2)] = Field(default_factory=list)


class UndoIn(BaseModel):
    """Which tab takes back its last decision."""

    tab: Annotated[str, Field(max_length=64)] = ""


@router.get("")
def screen(request: Request, desk: Desks, session: Signed) -> Response:
    """The page on which one judgment after the other is decided."""
    standing = state.standing(desk.store, session.coder)
    following = orders(request, desk).following(session.coder, standing)[:AHEAD]
    return render(request, session, "screen.html", cards=_cards(request, desk, following), **_told(standing))


@router.get("/cards")
def cards(
    request: Request,
    desk: Desks,
    session: Signed,
    skipped: Annotated[list[str], Query(max_length=MOST_SKIPPED)] = [],  # noqa: B006
) -> dict[str, Any]:
    """The next cards, after some were put off."""
    return _answer(request, desk, session, skipped, ())


@router.get("/flow")
def flow(request: Request, desk: Desks, session: Adjudicator) -> Response:
    """The flow of records, each screener's standing, and the conflicts."""
    counted, language = state.flow(desk.store), language_of(request)
    named = [desk.store.judgment(name) for name in state.conflicts(desk.store)]
    return render(
        request,
        session,
        "screen_flow.html",
        rows=flow_figure.table(counted, language),
        figure=flow_figure.figure(counted, language),
        screeners=state.rows(desk.store),
        conflicts=[(j.judgment_id, shown(j.title or j.source_id)) for j in named if j],
    )


@router.get("/flow.svg")
def flow_svg(request: Request, desk: Desks, session: Adjudicator) -> Response:
    """The figure as a file."""
    drawing = flow_figure.figure(state.flow(desk.store), language_of(request))
    return Response(drawing, media_type="image/svg+xml", headers={"Content-Disposition": 'attachment; filename="flow.svg"'})


@router.post("/undo")
def undo(request: Request, desk: Desks, session: Writing, body: UndoIn) -> dict[str, Any]:
    """Take back the screener's last decision; its card comes first again."""
    last = next(reversed(state.standing(desk.store, session.coder).decided), None)
    if last is not None:
        mode = _mode(desk, session, last)
        desk.undo(last, state.voice(session.coder), actor=session.coder, mode=mode, tab=body.tab)
        desk.mark(session.coder, state.TASK, last, "open")
    answer = _answer(request, desk, session, (), ())
    if last is not None:
        answer["cards"] = [*_cards(request, desk, [last]), *(card for card in answer["cards"] if card["id"] != last)]
    return {**answer, "undone": last}


@router.post("/{judgment_id}")
def decide(request: Request, desk: Desks, session: Writing, judgment_id: str, body: DecisionIn) -> dict[str, Any]:
    """Keep one decision; the answer has the counts and the cards that the page does not hold yet."""
    mode = _mode(desk, session, judgment_id)
    reason = state.SAMPLE if state.standing(desk.store, session.coder).sample else ""
    entry = Entry("case", state.VARIABLE, (str(int(body.in_scope)),))
    save = Save(judgment_id, state.voice(session.coder), entry)
    desk.save([save], actor=session.coder, mode=mode, tab=body.tab, reason=reason)
    desk.mark(session.coder, state.TASK, judgment_id, "done")
    desk.add_seconds(session.coder, state.TASK, judgment_id, min(body.seconds, MOST_SECONDS))
    return _answer(request, desk, session, body.skipped, body.held)


def orders(request: Request, desk: Desk) -> Orders:
    """The orders of this workbench, made at the first use."""
    with _FIRST_ORDERS:
        if not hasattr(request.app.state, "screening_orders"):
            request.app.state.screening_orders = Orders(desk)
    found: Orders = request.app.state.screening_orders
    return found


def _mode(desk: Desk, session: Session, judgment_id: str) -> str:
    """The mode in which a judgment is screened; RefusedError for one that is not the screener's."""
    found = desk.assignment(session.coder, state.TASK, judgment_id)
    if found is None:
        raise RefusedError("refused_not_assigned")
    return found.mode


def _answer(request: Request, desk: Desk, session: Session, skipped: list[str] | tuple[()], held: list[str] | tuple[()]) -> dict[str, Any]:
    """What the page needs to go on: `order` names the next judgments, `cards` has those that it does not hold."""
    standing = state.standing(desk.store, session.coder)
    following = orders(request, desk).following(session.coder, standing, skipped)[:AHEAD]
    wanted = [name for name in following if name not in held]
    panel = environment().get_template("screen_panel.html").render(t=translator(language_of(request)), **_told(standing))
    return {"order": following, "cards": _cards(request, desk, wanted), "panel": panel}


def _told(standing: state.Standing) -> dict[str, Any]:
    """What the panel shows."""
    return {
        "read": len(standing.decided),
        "found": sum(standing.decided.values()),
        "pool": len(standing.pool),
        "sampling": bool(standing.sample),
        "verdict": standing.verdict,
        "recall": f"{DEFAULT.recall:.0%}",
        "confidence": f"{DEFAULT.confidence:.0%}",
        "may_stop": bool(standing.pool) and standing.verdict.may_stop,
    }


def _cards(request: Request, desk: Desk, names: list[str]) -> list[dict[str, str]]:
    template, t = environment().get_template("screen_card.html"), translator(language_of(request))
    found = [desk.store.judgment(name) for name in names]
    facts = {name: _facts(desk, name) for name in names}
    return [
        {
            "id": j.judgment_id,
            "html": template.render(t=t, judgment=j, passages=_passages(j), text=shown(j.text), shown=shown, **facts[j.judgment_id]),
        }
        for j in found
        if j is not None
    ]


def _passages(judgment: Any) -> list[list[tuple[str, bool]]]:
    return [[(shown(words), marked) for words, marked in passage.pieces] for passage in passages.passages(judgment)]


def _facts(desk: Desk, judgment_id: str) -> dict[str, str]:
    """Case number, court and date, which tell a screener where they are."""
    rows = desk.store.query("SELECT case_number, court, decided_on FROM cases WHERE judgment_id = ?", [judgment_id])
    return {key: str(value or "") for key, value in (rows[0] if rows else {"case_number": "", "court": "", "decided_on": ""}).items()}
