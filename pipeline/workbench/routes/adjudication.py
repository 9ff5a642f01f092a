"""Adjudication: the queue of cases that two have finished, and the page on which their differences are decided."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from pipeline.annotate import adjudication
from pipeline.annotate.adjudication import Comparison, Question, Standing
from pipeline.codebook import load
from pipeline.job import adjudicating
from pipeline.job.adjudicating import ADJUDICATED, MODE
from pipeline.schema import AnjuanError, Entry, Judgment
from pipeline.store import Change, Desk, Saved, Session
from pipeline.workbench.gate import Adjudicator, RefusedError, Writing
from pipeline.workbench.page_adjudication import Board
from pipeline.workbench.page_text import parts, shown
from pipeline.workbench.rendering import language_of, render, translator
from pipeline.workbench.stores import Desks

router = APIRouter()
PAGE = 100
LONGEST = 2000  # characters of a reason or of an open value
Show = Literal["open", "agreed", "done", "screen", "all"]


def ruling(session: Writing) -> Session:
    """The session of an adjudicator who writes; RefusedError for other coders."""
    if session.role != "adjudicator":
        raise RefusedError("refused_adjudicator")
    return session


Ruling = Annotated[Session, Depends(ruling)]
Text = Annotated[str, Field(max_length=LONGEST)]


class Decided(BaseModel):
    """One decision: for the answer of `coder`, for what all agree on (`accept`), or for `values` (none: nothing is there)."""

    unit: Annotated[str, Field(max_length=40)]
    variable: Annotated[str, Field(max_length=80)]
    coder: Text | None = None
    accept: bool = False
    values: Annotated[list[Text], Field(max_length=100)] = Field(default_factory=list)
    words: Annotated[list[tuple[int, int]], Field(max_length=100)] = Field(default_factory=list)
    seen: int = 0


class Decisions(BaseModel):
    """What is decided in one step, with the reason."""

    decisions: Annotated[list[Decided], Field(max_length=500)]
    reason: Text = ""
    tab: Annotated[str, Field(max_length=80)] = ""


class Tab(BaseModel):
    """The tab of the browser from which something is asked."""

    tab: Annotated[str, Field(max_length=80)] = ""


@router.get("/adjudicate")
def queue(request: Request, desk: Desks, session: Adjudicator, show: Show = "open", page: int = 1) -> Response:
    """The double-coded cases, least agreement first."""
    rows = _queue(request, desk)
    tests = {name: [row for row in rows if _shown(row, name)] for name in ("open", "agreed", "done", "screen", "all")}
    wanted = tests[show]
    pages = max(1, -(-len(wanted) // PAGE))
    page = min(max(page, 1), pages)
    return render(
        request,
        session,
        "adjudicate_queue.html",
        rows=wanted[(page - 1) * PAGE : page * PAGE],
        show=show,
        counts={name: len(found) for name, found in tests.items()},
        page=page,
        pages=pages,
        agreed=sum(row.agreed for row in rows),
    )


def _shown(row: adjudicating.Row, show: str) -> bool:
    """Whether a case belongs under a tab: with differences, only with agreed answers to accept, decided, screeners' conflicts."""
    if show == "screen":
        return row.task == "screen"
    different = bool(row.open + row.waiting)
    return {"open": different, "agreed": not different and not row.finished, "done": row.finished}.get(show, True)


def _queue(request: Request, desk: Desk) -> list[adjudicating.Row]:
    """The queue; what is known of cases that have not changed is kept by the application."""
    known: adjudicating.Known = request.app.state.__dict__.setdefault("adjudication", {})
    return adjudicating.queue(desk, known)


@router.get("/adjudicate/{judgment_id}")
def case(request: Request, desk: Desks, session: Adjudicator, judgment_id: str) -> Response:
    """One case: the text, and the codings question by question."""
    judgment = _judgment(desk, judgment_id)
    compared = adjudicating.comparison(desk, judgment_id)
    rows = [row for row in _queue(request, desk) if not row.finished or row.judgment_id == judgment_id]
    place = next((place for place, row in enumerate(rows) if row.judgment_id == judgment_id), None)
    return render(
        request,
        session,
        "adjudicate.html",
        judgment_id=judgment_id,
        title=shown(judgment.title or judgment.source_id),
        row=rows[place] if place is not None else None,
        before=rows[place - 1].judgment_id if place else None,
        behind=rows[place + 1].judgment_id if place is not None and place + 1 < len(rows) else None,
        parts=parts(judgment),
        own=session.coder in {coder.removeprefix("screen:") for coder in compared.coders},
        **_board(request, desk, judgment, compared),
    )


@router.get("/adjudicate/{judgment_id}/questions")
def questions(request: Request, desk: Desks, session: Adjudicator, judgment_id: str) -> Response:
    """The questions of one case alone, as they stand: the page puts them in place of its own after each decision."""
    judgment = _judgment(desk, judgment_id)
    compared = adjudicating.comparison(desk, judgment_id)
    return render(request, session, "adjudicate_questions.html", **_board(request, desk, judgment, compared))


def _judgment(desk: Desk, judgment_id: str) -> Judgment:
    judgment = desk.store.judgment(judgment_id)
    if judgment is None:
        raise HTTPException(404)
    return judgment


def _board(request: Request, desk: Desk, judgment: Judgment, compared: Comparison) -> dict[str, object]:
    """What the template of the questions needs."""
    language, codebook = language_of(request), load()
    t = translator(language)
    words = {name: t(f"adjudicate_value_{name}") for name in ("yes", "no", "none")}
    board = Board(codebook, language, judgment.text, words, desk.history(judgment.judgment_id, ADJUDICATED))
    waiting = compared.standing(Standing.WAITING)
    different = [q for q in compared.questions if not q.agree and q.standing is not Standing.WAITING]
    agreed = [q for q in compared.questions if q.agree and q.standing is not Standing.WAITING]
    return {
        "coders": [_coder(desk, judgment.judgment_id, coder, board) for coder in compared.coders],
        "different": board.groups(compared, different),
        "doubtful": board.groups(compared, [q for q in agreed if q.doubtful]),
        "agreed": board.groups(compared, [q for q in agreed if not q.doubtful]),
        "waiting": board.groups(compared, waiting),
        "counts": {standing.value: len(compared.standing(standing)) for standing in Standing},
        "plain": len([q for q in agreed if not q.doubtful]),
    }


def _coder(desk: Desk, judgment_id: str, coder: str, board: Board) -> dict[str, object]:
    """Who coded, in which mode and how long, with the remarks on the case as a whole."""
    own = {(entry.unit, entry.variable): entry for entry in desk.entries(judgment_id, coder)}
    notes = [own.get(("case", ""), Entry("case", "")).note, *own.get(("case", "note"), Entry("case", "note")).values]
    confidence = own.get(("case", "confidence"), Entry("case", "confidence")).values
    assignment = desk.assignment(coder, "code", judgment_id)
    return {
        "name": coder,
        "mode": assignment.mode if assignment else "",
        "minutes": round(assignment.seconds / 60) if assignment else 0,
        "notes": [shown(note) for note in notes if note],
        "confidence": "、".join(board.value("confidence", value) for value in confidence),
    }


@router.post("/adjudicate/{judgment_id}/decisions")
def decide(desk: Desks, session: Ruling, judgment_id: str, body: Decisions) -> dict[str, object]:
    """Write decisions as one step."""
    compared = adjudicating.comparison(desk, judgment_id)
    entries = [_entry(compared[decided.unit, decided.variable], decided, compared, body.reason) for decided in body.decisions]
    saved = adjudicating.decide(
        desk,
        judgment_id,
        entries,
        actor=session.coder,
        tab=body.tab,
        reason=body.reason.strip(),
        seen=[decided.seen for decided in body.decisions],
    )
    return {"saved": [_saved(each) for each in saved]}


def _entry(question: Question, decided: Decided, compared: Comparison, reason: str) -> Entry:
    """The adjudicated entry. AnjuanError for an unknown coder, for accepting what differs, and for a third value without a reason."""
    if decided.accept:
        if not question.agree:
            raise AnjuanError(f"{decided.unit}, {decided.variable}: the coders differ, so that there is nothing to accept")
        return adjudication.accept(question)
    if decided.coder is not None:
        if decided.coder not in compared.coders:
            raise AnjuanError(f"{decided.coder!r} has not coded this case; choose one of: {', '.join(compared.coders)}")
        return adjudication.choose(question, compared.coders.index(decided.coder), load())
    if not reason.strip():
        raise AnjuanError(f"{decided.unit}, {decided.variable}: a value of your own needs a reason")
    return adjudication.settle(question, decided.values, decided.words)


def _saved(saved: Saved) -> dict[str, object]:
    overtaken = saved.overtaken
    told = {"actor": overtaken.actor, "at": overtaken.at, "values": list(overtaken.after.values)} if overtaken else None
    return {"change": saved.change, "overtaken": told}


@router.post("/adjudicate/{judgment_id}/agreed")
def accept_agreed(desk: Desks, session: Ruling, judgment_id: str, body: Tab) -> dict[str, object]:
    """Accept all that the coders agree on and nobody has decided, in one step."""
    return {"accepted": len(adjudicating.accept_agreed(desk, judgment_id, actor=session.coder, tab=body.tab))}


@router.post("/adjudicate/{judgment_id}/undo")
def undo(desk: Desks, session: Ruling, judgment_id: str, body: Tab) -> dict[str, object]:
    """Take back the last step of adjudication; what was imported as adjudicated is not taken back here."""
    last = _last_step(desk.history(judgment_id, ADJUDICATED))
    if last is None or last.mode != MODE:
        return {"undone": []}
    changes = desk.undo(judgment_id, ADJUDICATED, actor=session.coder, mode=MODE, tab=body.tab)
    return {"undone": [{"unit": change.unit, "variable": change.variable} for change in changes]}


def _last_step(history: list[Change]) -> Change | None:
    """A change of the last step that neither takes back nor was taken back."""
    gone = {change.undoes for change in history}
    return next((change for change in reversed(history) if change.undoes is None and change.step not in gone), None)
