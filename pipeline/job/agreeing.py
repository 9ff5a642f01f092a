"""Agreement of the people who coded the judgments of a database: reads what they said, and asks `pipeline.annotate.agreement`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline.analyse import write_rows
from pipeline.annotate.agreement import Agreement, CaseAgreement, Coding, LeftOut, case_agreement, measure, paired, tables
from pipeline.annotate.agreement.measuring import DRAWS, SEED
from pipeline.codebook import Codebook, load
from pipeline.schema import AnjuanError, Entry
from pipeline.store import Store

TASKS = ("code", "screen")
MODES = ("blind", "all")
SCREENER = "screen:"
# Machines, the defence and the adjudicator are no coders; a voice with a colon is a screener's or a model's.
_PEOPLE = {
    "code": "\"by\" NOT IN ('rules', 'model', 'defence', 'adjudicated') AND instr(\"by\", ':') = 0",
    "screen": "\"by\" LIKE 'screen:%' AND variable = 'in_scope'",
}
_FROM_OUTSIDE = (None, "imported")  # labels that were not made in the workbench: finished as they came


Place = tuple[str, str]  # unit, variable
Remark = tuple[bool, str]  # unsure, note


@dataclass(slots=True)
class _Said:
    """What one person said of one judgment, as it is read; `modes` are those of the labels."""

    values: dict[Place, list[str]] = field(default_factory=dict)
    words: dict[Place, list[tuple[int, int, str]]] = field(default_factory=dict)
    remarks: dict[Place, Remark] = field(default_factory=dict)
    modes: set[str | None] = field(default_factory=set)

    def finished(self, state: str | None) -> bool:
        """Whether the person has done with the judgment: said so, was never asked to in the workbench, or has only imported labels."""
        return state != "open" or (bool(self.modes) and self.modes <= set(_FROM_OUTSIDE))

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What was said, entry by entry."""
        places = dict.fromkeys([*self.values, *self.remarks])
        return tuple(
            Entry(*place, tuple(self.values.get(place, ())), tuple(self.words.get(place, ())), *self.remarks.get(place, (False, "")))
            for place in places
        )


def agreement(
    store: Store,
    coders: Sequence[str] | None = None,
    variables: Sequence[str] | None = None,
    task: str = "code",
    mode: str = "blind",
    *,
    draws: int = DRAWS,
    seed: int = SEED,
    codebook: Codebook | None = None,
) -> Agreement:
    """Agreement on the judgments that two people or more have finished.

    `coders`, `variables`: only these (None: all). `task`: "code", or "screen" for the screeners' decisions. `mode`: "blind" leaves out
    codings made with suggestions in sight, "all" takes every one. `draws`: of the bootstrap, 0 for no intervals.

    Raises:
        AnjuanError: for a task or mode that there is not, an unknown variable (CodebookError), a coder who has coded nothing.
    """
    book = codebook or load()
    wanted = _variables(book, variables)
    found, left_out = codings(store, coders, task, mode)
    return measure(found, book, wanted, coders or (), draws, seed, left_out)


def case_agreements(
    store: Store,
    coders: Sequence[str] | None = None,
    variables: Sequence[str] | None = None,
    task: str = "code",
    mode: str = "all",
    codebook: Codebook | None = None,
) -> list[CaseAgreement]:
    """How far each pair of coders agrees on each judgment that both have finished, least agreement first; by judgment where equal."""
    book = codebook or load()
    wanted = _variables(book, variables)
    found, _ = codings(store, coders, task, mode)
    pairs = paired(found, coders or ()).values()
    agreements = [case_agreement(one, other, book, wanted) for pair in pairs for one, other in pair]
    return sorted(agreements, key=lambda each: (1.0 if each.share is None else each.share, each.judgment_id, each.coders))


def pieces(agreement: Agreement, part: str, form: str, language: str, detail: bool = False) -> Iterator[str]:
    """An agreement as text, piece by piece: for people where the form is "table", else one part of it for programs.

    For people `part` "summary" tells of everything in short, with `detail` also confusion tables and disagreements.
    """
    rows = tables.part(agreement, part)
    if form != "table":
        yield write_rows(rows, form)
        return
    for name in ("summary", "confusion", "disagreements") if part == "summary" and detail else (part,):
        for table in _shown(agreement, name, language):
            yield write_rows(tables.headed(table, language), form)
    yield "".join(f"{line}\n" for line in tables.told(agreement, language))


def _shown(agreement: Agreement, part: str, language: str) -> list[list[tables.Cells]]:
    """One part of an agreement as tables for people; none where there is nothing."""
    if part == "summary":
        shown = [tables.summary(agreement, load(), language), tables.parties(agreement)]
    elif part == "confusion":
        shown = [tables.crosstab(confusion, load(), language) for confusion in agreement.confusions]
    else:
        shown = [tables.part(agreement, part)]
    return [table for table in shown if table]


def codings(store: Store, coders: Sequence[str] | None = None, task: str = "code", mode: str = "blind") -> tuple[list[Coding], LeftOut]:
    """The finished codings of judgments that two people or more have finished, and how many codings were left out.

    One label made with suggestions in sight makes the whole coding assisted: its coder had seen them.
    """
    if task not in TASKS or mode not in MODES:
        raise AnjuanError(f"task {task!r}, mode {mode!r}: the task is one of {', '.join(TASKS)}; the mode one of {', '.join(MODES)}")
    said = _read(store, task)
    _refuse_unknown(coders, sorted({coder for _, coder in said}))
    states = _states(store, task)
    chosen = {key: one for key, one in said.items() if coders is None or key[1] in coders}
    finished = {key: one for key, one in chosen.items() if one.finished(states.get(key))}
    taken = {key: one for key, one in finished.items() if mode == "all" or "assisted" not in one.modes}
    times: dict[str, int] = {}
    for judgment_id, _ in taken:
        times[judgment_id] = times.get(judgment_id, 0) + 1
    several = {key: one for key, one in taken.items() if times[key[0]] > 1}
    left_out = LeftOut(len(finished) - len(taken), len(chosen) - len(finished), len(taken) - len(several))
    return [Coding(*key, one.entries) for key, one in several.items()], left_out


def _variables(codebook: Codebook, names: Sequence[str] | None) -> frozenset[str] | None:
    return None if names is None else frozenset(codebook[name].name for name in names)


def _refuse_unknown(coders: Iterable[str] | None, known: Sequence[str]) -> None:
    for coder in coders or ():
        if coder not in known:
            raise AnjuanError(f"nobody called {coder!r} has coded a judgment of this database; there are: {', '.join(known) or 'none'}")


def _states(store: Store, task: str) -> dict[tuple[str, str], str]:
    """Whether each assignment is open or done. A screener's decision is finished when it is made."""
    if task == "screen":
        return {}
    rows = store.query("SELECT judgment_id, coder, state FROM assignments WHERE task = ?", [task])
    return {(row["judgment_id"], row["coder"]): row["state"] for row in rows}


def _read(store: Store, task: str) -> dict[tuple[str, str], _Said]:
    """What each person said of each judgment, by (judgment_id, coder): labels, their words, doubts and notes; in three queries."""
    said: dict[tuple[str, str], _Said] = {}
    owners: dict[int, tuple[_Said, Place, str]] = {}
    for row in store.query(f'SELECT id, judgment_id, unit, variable, value, "by", mode FROM labels WHERE {_PEOPLE[task]} ORDER BY id'):
        one, place = said.setdefault(_key(row), _Said()), (row["unit"], row["variable"])
        one.values.setdefault(place, []).append(row["value"])
        one.modes.add(row["mode"])
        owners[row["id"]] = (one, place, row["value"])
    for row in store.query(f'SELECT label_id, start, "end" FROM evidence WHERE {_PEOPLE[task]} ORDER BY id'):
        if owner := owners.get(row["label_id"]):  # none: a label that was saved since
            one, place, value = owner
            one.words.setdefault(place, []).append((row["start"], row["end"], value))
    for row in store.query(f'SELECT judgment_id, unit, variable, "by", unsure, note FROM remarks WHERE {_PEOPLE[task]}'):
        one = said.setdefault(_key(row), _Said())
        one.remarks[row["unit"], row["variable"]] = (bool(row["unsure"]), row["note"])
    return said


def _key(row: dict[str, Any]) -> tuple[str, str]:
    return row["judgment_id"], row["by"].removeprefix(SCREENER)
