"""Agreement of the coders: coefficients with intervals, confusion tables, and every disagreement with a way to decide it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from pipeline.annotate.agreement import WHYS, Agreement, Compared, Measure
from pipeline.codebook import load
from pipeline.job import agreeing
from pipeline.store import Desk
from pipeline.workbench.gate import Adjudicator
from pipeline.workbench.kept import Kept, Made
from pipeline.workbench.page_adjudication import Board
from pipeline.workbench.page_text import shown
from pipeline.workbench.rendering import language_of, render, translator
from pipeline.workbench.stores import Desks

router = APIRouter()
PAGE = 100
PATIENCE = 1.5  # seconds that the page waits for new figures before it shows the older ones
RELIABLE, TENTATIVE = 0.8, 0.667  # Krippendorff, Content Analysis (2004), p. 241
_STAMP = """
    SELECT (SELECT id FROM changes WHERE "by" <> 'adjudicated' ORDER BY id DESC LIMIT 1) AS changed,
        (SELECT count(*) FROM assignments WHERE state = 'done') AS done, (SELECT max(done_at) FROM assignments) AS at
"""


@router.get("/agreement")
def agreement(
    request: Request,
    desk: Desks,
    session: Adjudicator,
    task: Literal["code", "screen"] = "code",
    mode: Literal["blind", "all"] = "blind",
    variable: str = "",
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
) -> Response:
    """Agreement on what two have finished; `variable`: only its confusion tables and disagreements."""
    stamp = tuple(desk.store.query(_STAMP)[0].values())
    made = _measured(request, desk, task, mode, stamp)
    chosen = {"task": task, "mode": mode, "variable": variable}
    if made is None:
        return render(request, session, "agreement.html", found=None, **chosen)
    found: Agreement = made.result
    differing = [each for each in found.disagreements if variable in ("", each.variable)]
    pages = max(1, -(-len(differing) // PAGE))
    page = min(page, pages)
    part = differing[(page - 1) * PAGE : page * PAGE]
    return render(
        request,
        session,
        "agreement.html",
        found=found,
        board=_board(request),
        whys={name: why[language_of(request) == "zh"] for name, why in WHYS.items()},
        grade=grade,
        differences=Counter((each.kind, each.variable, each.coders) for each in found.disagreements),
        confusions=[each for each in found.confusions if variable == each.variable],
        listed=part,
        titles=_titles(desk, part),
        anchor=anchor,
        shown=shown,
        at=made.at,
        stale=made.stamp != stamp,
        total=len(differing),
        **{"page": page, "pages": pages},
        **chosen,
    )


def _measured(request: Request, desk: Desk, task: str, mode: str, stamp: Hashable) -> Made[Agreement] | None:
    """The figures, kept by the application until somebody says something else or finishes a case."""
    kept: Kept[Agreement] = request.app.state.__dict__.setdefault("agreement", Kept())
    return kept.get((task, mode), stamp, lambda: agreeing.agreement(desk.store, task=task, mode=mode), PATIENCE)


def _board(request: Request) -> Board:
    language = language_of(request)
    words = {name: translator(language)(f"adjudicate_value_{name}") for name in ("yes", "no", "none")}
    return Board(load(), language, "", words, [])


def _titles(desk: Desk, differing: list[Compared]) -> dict[str, str]:
    """What the judgments of a list are called."""
    titles = {}
    for judgment_id in dict.fromkeys(each.judgment_id for each in differing):
        row = desk.store.query("SELECT title, source_id FROM judgments WHERE judgment_id = ?", [judgment_id])[0]
        titles[judgment_id] = shown(row["title"] or row["source_id"])
    return titles


def anchor(each: Compared) -> str:
    """The place of a disagreement on the page where it is decided (see `page_adjudication.Card`)."""
    unit = each.units[0] or each.units[1]
    return each.variable if unit == "case" else f"{unit.replace(':', '-')}-{each.variable}"


def grade(measure: Measure | None) -> str:
    """What an alpha allows: "good" from .800, "busy" (tentative conclusions) from .667, "bad" below; "" where there is none."""
    if measure is None or measure.value is None:
        return ""
    return "good" if measure.value >= RELIABLE else "busy" if measure.value >= TENTATIVE else "bad"
