"""The coding page: a judgment, the form beside it, and what a coder does there. A coder reaches assigned judgments only."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from pipeline.annotate.form import load_form
from pipeline.schema import Entry, Judgment, StoreError
from pipeline.store import Assignment, Desk, Save, Saved, Session
from pipeline.workbench import page_form, page_text
from pipeline.workbench.gate import RefusedError, Signed, Writing
from pipeline.workbench.rendering import render
from pipeline.workbench.stores import Desks

router = APIRouter(prefix="/code/{judgment_id}")
TASK = "code"
MOST_SECONDS = 60.0  # of work in one report: the page sends one every 15 seconds
MOST_ENTRIES = 500
_PLACE = Annotated[int, Field(ge=0, le=2**53)]


class EntryIn(BaseModel):
    """One entry as the page sends it; `seen` is the last change of it that the page knows."""

    unit: str
    variable: str
    values: tuple[str, ...] = ()
    words: tuple[tuple[_PLACE, _PLACE, str], ...] = ()
    unsure: bool = False
    note: str = ""
    seen: _PLACE = 0

    def entry(self) -> Entry:
        """The noun."""
        return Entry(self.unit, self.variable, self.values, self.words, self.unsure, self.note)


class EntriesIn(BaseModel):
    """Entries that are saved together, from one tab."""

    entries: Annotated[list[EntryIn], Field(min_length=1, max_length=MOST_ENTRIES)]
    tab: Annotated[str, Field(max_length=64)] = ""


class TabIn(BaseModel):
    """Which tab asks."""

    tab: Annotated[str, Field(max_length=64)] = ""


class StateIn(BaseModel):
    """Whether the coder is done with the judgment."""

    state: Literal["open", "done"]


class TimeIn(BaseModel):
    """Seconds of work since the last report."""

    seconds: Annotated[float, Field(ge=0, allow_inf_nan=False)]


def assigned(desk: Desk, session: Session, judgment_id: str) -> Assignment:
    """The coder's assignment; RefusedError for a judgment that is not theirs, whether it exists or not."""
    found = desk.assignment(session.coder, TASK, judgment_id)
    if found is None:
        raise RefusedError("refused_not_assigned")
    return found


def judgment_of(desk: Desk, judgment_id: str) -> Judgment:
    """The judgment; StoreError when the database has it no more."""
    found = desk.store.judgment(judgment_id)
    if found is None:
        raise StoreError(f"the database holds no judgment {judgment_id!r}")
    return found


@router.get("")
def code(request: Request, desk: Desks, session: Signed, judgment_id: str) -> Response:
    """The page on which one judgment is coded."""
    assignment = assigned(desk, session, judgment_id)
    judgment, form = judgment_of(desk, judgment_id), load_form()
    entries, seen = desk.entries(judgment_id, session.coder), desk.seen(judgment_id, session.coder)
    labels = [] if assignment.mode == "blind" else desk.store.labels(judgment_id)
    previous, following = desk.neighbours(session.coder, TASK, judgment_id)
    return render(
        request,
        session,
        "code.html",
        judgment=judgment,
        heading=page_text.shown(judgment.title or judgment.metadata.get("case_number", "") or judgment.source_id),
        parts=page_text.parts(judgment),
        form=form,
        assignment=assignment,
        tally=desk.tally(session.coder, TASK),
        previous=previous,
        following=following,
        data=page_form.page_data(form, assignment.mode, entries, seen, labels),
        keys=page_form.keys,
        silent=page_form.silent,
        quoted=page_form.quoted,
    )


@router.post("/entries")
def save(desk: Desks, session: Writing, judgment_id: str, said: EntriesIn) -> dict[str, Any]:
    """Save entries as one step; for each the change that was written and the change of another tab that it replaces."""
    assignment = assigned(desk, session, judgment_id)
    saves = [Save(judgment_id, session.coder, each.entry(), each.seen) for each in said.entries]
    saved = desk.save(saves, actor=session.coder, mode=assignment.mode, tab=said.tab)
    return {"saved": [_saved(each) for each in saved], "progress": _progress(desk, session, judgment_id)}


@router.post("/undo")
def undo(desk: Desks, session: Writing, judgment_id: str, asked: TabIn) -> dict[str, Any]:
    """Take back the last step that is not taken back yet; the entries as they are then."""
    assignment = assigned(desk, session, judgment_id)
    undone = desk.undo(judgment_id, session.coder, actor=session.coder, mode=assignment.mode, tab=asked.tab)
    seen = desk.seen(judgment_id, session.coder)
    now = {(entry.unit, entry.variable): entry for entry in desk.entries(judgment_id, session.coder)}
    touched = dict.fromkeys((change.unit, change.variable) for change in undone)
    entries = [page_form.told(now.get(key, Entry(*key)), seen.get(key, 0)) for key in touched]
    return {"entries": entries, "progress": _progress(desk, session, judgment_id)}


@router.post("/state")
def mark(desk: Desks, session: Writing, judgment_id: str, asked: StateIn) -> dict[str, Any]:
    """Say that the coder is done with the judgment or not; where the queue goes on."""
    assigned(desk, session, judgment_id)
    desk.mark(session.coder, TASK, judgment_id, asked.state)
    _, following = desk.neighbours(session.coder, TASK, judgment_id)
    tally = desk.tally(session.coder, TASK)
    return {"state": asked.state, "next": f"/code/{following}" if following else "/", "open": tally.open, "done": tally.done}


@router.post("/time")
def add_time(desk: Desks, session: Writing, judgment_id: str, spent: TimeIn) -> dict[str, Any]:
    """Count time of work; more than a minute at once is no report of our page."""
    assigned(desk, session, judgment_id)
    seconds = min(spent.seconds, MOST_SECONDS)
    desk.add_seconds(session.coder, TASK, judgment_id, seconds)
    return {"counted": seconds}


def _progress(desk: Desk, session: Session, judgment_id: str) -> dict[str, Any]:
    return page_form.shown_standing(load_form(), desk.entries(judgment_id, session.coder))


def _saved(each: Saved) -> dict[str, Any]:
    """One saved entry as the page reads it."""
    overtaken = each.overtaken and {"at": each.overtaken.at, "values": each.overtaken.after.values}
    return {"change": each.change, "overtaken": overtaken}
