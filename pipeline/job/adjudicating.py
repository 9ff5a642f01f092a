"""Adjudication: the cases that two people have finished, what they differ in, and decisions written as the most trusted labels."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.annotate import adjudication
from pipeline.annotate.adjudication import Comparison, Standing
from pipeline.codebook import load
from pipeline.schema import AnjuanError, Entry
from pipeline.store import Change, Desk, Save, Saved, Store

ADJUDICATED = "adjudicated"
MODE = "adjudication"
CODE, SCREEN = "code", "screen"

# Who has coded what in full. Whoever still has the case open is left out, unless their whole coding was imported, finished as it came.
_CODERS = """
    WITH spoken AS (
        SELECT DISTINCT judgment_id, "by" FROM changes
        WHERE "by" <> 'adjudicated' AND "by" NOT GLOB 'screen:*' AND (:id IS NULL OR judgment_id = :id))
    SELECT judgment_id, "by" FROM spoken AS s
    WHERE NOT EXISTS (
        SELECT 1 FROM assignments AS a
        WHERE a.judgment_id = s.judgment_id AND a.coder = s."by" AND a.task = 'code' AND a.state = 'open')
    OR NOT EXISTS (SELECT 1 FROM changes AS c WHERE c.judgment_id = s.judgment_id AND c."by" = s."by" AND c.mode <> 'imported')
    UNION SELECT judgment_id, coder FROM assignments WHERE task = 'code' AND state = 'done' AND (:id IS NULL OR judgment_id = :id)
    ORDER BY judgment_id, "by"
"""
_SCREENERS = """
    SELECT judgment_id, "by" FROM labels WHERE variable = 'in_scope' AND unit = 'case' AND "by" GLOB 'screen:*'
    AND (:id IS NULL OR judgment_id = :id) AND judgment_id IN (
        SELECT judgment_id FROM labels WHERE variable = 'in_scope' AND unit = 'case' AND "by" GLOB 'screen:*'
        GROUP BY judgment_id HAVING count(DISTINCT value) > 1)
    ORDER BY judgment_id, "by"
"""
_CASES = """
    SELECT j.judgment_id, j.title, j.source_id, coalesce(c.case_number, '') AS case_number,
        coalesce(c.court, '') AS court, coalesce(c.decided_on, '') AS decided_on
    FROM judgments AS j LEFT JOIN cases AS c USING (judgment_id) WHERE j.judgment_id IN (SELECT value FROM json_each(:ids))
"""


@dataclass(frozen=True, slots=True)
class Codings:
    """Whose work on one case is compared: full codings (task "code"), or the decisions of screeners who differ ("screen")."""

    task: str
    coders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One case of the adjudicator's queue. `agreement` is the share of questions on which all coders agree; None: nothing is compared."""

    judgment_id: str
    title: str
    source_id: str
    case_number: str
    court: str
    decided_on: str
    task: str
    coders: tuple[str, ...]
    questions: int
    agreement: float | None
    open: int
    waiting: int
    agreed: int
    decided: int
    doubts: int

    @property
    def finished(self) -> bool:
        """Whether nothing is left to decide or to accept."""
        return not self.open + self.waiting + self.agreed


Known = MutableMapping[str, tuple[int, Codings, Comparison]]  # by judgment_id: the last change, and what was made of the entries


def codings(store: Store, judgment_id: str | None = None) -> dict[str, Codings]:
    """The cases that at least two have finished, and those on which screeners differ; of one judgment or of all."""
    found = {key: Codings(SCREEN, voices) for key, voices in _voices(store, _SCREENERS, judgment_id).items()}
    found |= {key: Codings(CODE, voices) for key, voices in _voices(store, _CODERS, judgment_id).items() if len(voices) > 1}
    return found


def _voices(store: Store, sql: str, judgment_id: str | None) -> dict[str, tuple[str, ...]]:
    voices: dict[str, tuple[str, ...]] = {}
    for row in store.query(sql, {"id": judgment_id}):
        voices[row["judgment_id"]] = (*voices.get(row["judgment_id"], ()), row["by"])
    return voices


def comparison(desk: Desk, judgment_id: str) -> Comparison:
    """What the coders of one case say, question by question. AnjuanError when fewer than two have finished it."""
    found = codings(desk.store, judgment_id).get(judgment_id)
    if found is None:
        raise AnjuanError(f"judgment {judgment_id}: fewer than two coders have finished it, so that there is nothing to adjudicate")
    return _compared(desk, judgment_id, found)


def _compared(desk: Desk, judgment_id: str, found: Codings) -> Comparison:
    said = {voice: desk.entries(judgment_id, voice) for voice in found.coders}
    return adjudication.compare(said, desk.entries(judgment_id, ADJUDICATED), load())


def queue(desk: Desk, known: Known | None = None) -> list[Row]:
    """All cases to adjudicate, least agreement first, decided ones last. `known` keeps what has not changed since the last call."""
    known = {} if known is None else known
    found = codings(desk.store)
    last = {row["judgment_id"]: row["last"] for row in desk.store.query("SELECT judgment_id, max(id) AS last FROM changes GROUP BY 1", {})}
    for judgment_id, coded in found.items():
        stamp = last.get(judgment_id, 0)
        if known.get(judgment_id, (None, None))[:2] != (stamp, coded):
            known[judgment_id] = (stamp, coded, _compared(desk, judgment_id, coded))
    cases = desk.store.query(_CASES, {"ids": json.dumps(list(found))})
    rows = [_row(case, found[case["judgment_id"]], known[case["judgment_id"]][2]) for case in cases]
    return sorted(rows, key=lambda row: (row.finished, not row.open, 1.0 if row.agreement is None else row.agreement, row.judgment_id))


def _row(case: Mapping[str, Any], coded: Codings, compared: Comparison) -> Row:
    counts = {standing: len(compared.standing(standing)) for standing in Standing}
    return Row(
        **case,
        task=coded.task,
        coders=coded.coders,
        questions=len(compared.questions),
        agreement=compared.agreement,
        open=counts[Standing.OPEN],
        waiting=counts[Standing.WAITING],
        agreed=counts[Standing.AGREED],
        decided=counts[Standing.DECIDED],
        doubts=sum(question.doubtful for question in compared.questions),
    )


def decide(
    desk: Desk, judgment_id: str, decisions: Sequence[Entry], *, actor: str, tab: str = "", reason: str = "", seen: Sequence[int] = ()
) -> list[Saved]:
    """Write decisions as adjudicated labels, in one step. `seen`: the last change that the adjudicator knew of each decision.

    AnjuanError where they would strike out the last victim or defendant: every case has one.
    """
    if emptied := adjudication.emptied(comparison(desk, judgment_id), decisions):
        raise AnjuanError(f"{emptied[0]}: the last one cannot be left out, for every case has one (an institution counts as one)")
    known = [*seen, *[0] * (len(decisions) - len(seen))]
    saves = [Save(judgment_id, ADJUDICATED, entry, change) for entry, change in zip(decisions, known, strict=True)]
    return desk.save(saves, actor=actor, mode=MODE, tab=tab, reason=reason)


def accept_agreed(desk: Desk, judgment_id: str, *, actor: str, tab: str = "") -> list[Saved]:
    """Write all that the coders of one case agree on, and that nobody has decided yet, in one step."""
    agreed = [adjudication.accept(question) for question in comparison(desk, judgment_id).standing(Standing.AGREED)]
    return decide(desk, judgment_id, agreed, actor=actor, tab=tab) if agreed else []


def accept_all_agreed(desk: Desk, actor: str, rows: Iterable[Row]) -> int:
    """Write what is agreed on in all these cases, each case in one step; how many decisions that makes."""
    return sum(len(accept_agreed(desk, row.judgment_id, actor=actor)) for row in rows if row.agreed)


def refuse_unknown_actor(desk: Desk, actor: str) -> None:
    """AnjuanError unless `actor` has been invited: the history names whoever answers for a decision."""
    names = [coder.name for coder in desk.coders() if not coder.revoked]
    if actor not in names:
        raise AnjuanError(f"--as {actor!r}: say who answers for the decisions, one of: {', '.join(names) or 'nobody has been invited yet'}")


def told(row: Row) -> dict[str, object]:
    """A case of the queue as a row for the terminal, CSV and JSON lines."""
    return {
        **{"judgment_id": row.judgment_id, "case": row.case_number or row.title or row.source_id, "task": row.task},
        **{"coders": ", ".join(row.coders), "agreement": None if row.agreement is None else round(row.agreement, 3)},
        **{"open": row.open, "waiting": row.waiting, "agreed": row.agreed, "decided": row.decided, "doubts": row.doubts},
    }


def told_changes(changes: Iterable[Change], short: bool = False) -> list[dict[str, object]]:
    """Changes as rows, oldest first. `taken_back`: a later step has undone it; `short` leaves out what is only for programs."""
    changes = list(changes)
    gone = {change.undoes for change in changes if change.undoes is not None}
    return [_told_change(change, change.step in gone, short) for change in changes]


def _told_change(change: Change, gone: bool, short: bool) -> dict[str, object]:
    row: dict[str, object] = {"id": change.id, "at": change.at, "actor": change.actor, "by": change.by, "unit": change.unit}
    row |= {"variable": change.variable or "(note)", "before": _said(change.before), "after": _said(change.after), "mode": change.mode}
    row |= {"reason": change.reason, "taken_back": "yes" if gone else ""}
    if short:
        return row
    return {**row, "step": change.step, "undoes": change.undoes, "tab": change.tab, "codebook_version": change.codebook_version}


def _said(entry: Entry) -> str:
    """An entry in one line: values, how many quotations, a doubt, the note."""
    values = "+".join(value or "∅" for value in entry.values) or "-"
    quoted = f" ({len(entry.words)} quoted)" if entry.words else ""
    return f"{values}{quoted}{' ?' if entry.unsure else ''}{f' [{entry.note}]' if entry.note else ''}"
