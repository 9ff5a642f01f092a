"""The codebook's page: every variable and value with its definition, what changed between versions, and what is to be coded again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from fastapi import APIRouter, Request
from fastapi.responses import Response

from pipeline.codebook import Codebook, Variable, load
from pipeline.codebook.meaning import Difference, differences
from pipeline.codebook.nouns import UNITS
from pipeline.store import Store
from pipeline.store.codebooks import Version
from pipeline.store.recoding import to_recode, versions
from pipeline.workbench.gate import Signed
from pipeline.workbench.rendering import language_of, render
from pipeline.workbench.stores import Desks

router = APIRouter()
CASES = """
SELECT j.judgment_id, j.title, a.judgment_id IS NOT NULL AS assigned
FROM json_each(:ids) AS wanted JOIN judgments AS j ON j.judgment_id = wanted.value
    LEFT JOIN assignments AS a ON a.judgment_id = j.judgment_id AND a.coder = :coder AND a.task = 'code'
ORDER BY a.position, j.judgment_id
"""


@dataclass(frozen=True, slots=True)
class Step:
    """What a version of the codebook changed against the one before it, as far as one language tells of it."""

    old: str
    new: Version
    differences: list[Difference]


@dataclass(frozen=True, slots=True)
class Again:
    """A case that is to be coded again, the variables in question, and whether it lies in the coder's queue."""

    judgment_id: str
    title: str
    assigned: bool
    variables: list[str]


@router.get("/codebook")
def codebook(request: Request, desk: Desks, session: Signed) -> Response:
    """The whole codebook; each variable stands under the anchor `#cause`, each of its values under `#cause.payment`."""
    book, known = load(), versions(desk.store)
    language = language_of(request)
    return render(
        request,
        session,
        "codebook.html",
        book=book,
        units=in_units(book),
        version=next(version for version in known if version.present),
        steps=steps(known, "en" if language == "zh" else "zh"),
        again=cases_again(desk.store, session.coder),
    )


def in_units(book: Codebook) -> list[tuple[str, list[Variable]]]:
    """The variables under the unit that they describe first, in the codebook's order: each stands on the page once."""
    return [(unit, [variable for variable in book.variables.values() if variable.unit == unit]) for unit in UNITS]


def steps(known: Sequence[Version], other: str) -> list[Step]:
    """What each version changed, the newest first, without what only the `other` language's definitions say."""
    found = []
    for old, new in pairwise(known):
        changed = [each for each in differences(old.variables, new.variables) if not each.part.endswith(f"_{other}")]
        found.append(Step(old.version, new, changed))
    return found[::-1]


def cases_again(store: Store, coder: str) -> list[Again]:
    """What a coder is to code again."""
    variables: dict[str, dict[str, None]] = {}
    for row in to_recode(store, coder):
        variables.setdefault(row["judgment_id"], {})[row["variable"]] = None
    rows = store.query(CASES, {"ids": json.dumps(list(variables)), "coder": coder})
    return [Again(row["judgment_id"], row["title"], bool(row["assigned"]), list(variables[row["judgment_id"]])) for row in rows]
