"""What the coding page needs to know of a coder's work on one judgment; in blind mode nothing that a machine or anybody else said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from pipeline.annotate.form import CASE, Form, Standing, standing
from pipeline.codebook import Variable
from pipeline.schema import Entry, Label

KEYS = "1234567890-="
MACHINES = ("model", "rules")  # voices that may be suggested, the more trusted first; never a person's and never the defence's
_BLIND = "blind"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the most trusted machine says of one variable of one unit; `score` of the value that it holds likeliest."""

    unit: str
    variable: str
    values: tuple[str, ...]
    words: tuple[tuple[int, int, str], ...]
    score: float | None
    by: str


def keys(variable: Variable) -> Mapping[str, str]:
    """The key that chooses each value: in the codebook's order; flags and the empty list (value "") have keys of their own."""
    if variable.kind == "flag":
        return {"1": "1", "0": "0"}
    if variable.kind != "list":
        return dict(zip(variable.names, KEYS, strict=False))
    return {**dict(zip(variable.names, KEYS.replace("0", ""), strict=False)), "": "0"}


def silent(variable: Variable, gate: str) -> str | None:
    """The value that fills the variable when the text says nothing; None where a coder must decide or nothing can be recorded."""
    if variable.name == gate or (variable.kind in ("text", "date") and not variable.silence):
        return None
    if variable.kind == "list":
        return variable.silence if variable.values else None
    return variable.silence if variable.silence or "" in variable.names else None


def quoted(variable: Variable) -> tuple[str, ...]:
    """The values of a closed variable that need words of the text."""
    return tuple(value for value in variable.names if variable.needs_quotation(value))


def suggestions(labels: Iterable[Label], form: Form) -> list[Suggestion]:
    """The machine's answers to what the form asks, by unit and variable."""
    wanted = {(group.unit, field.name) for group in form.groups for field in group.fields}
    said: dict[tuple[str, str], dict[str, list[Label]]] = defaultdict(lambda: defaultdict(list))
    for label in labels:
        machine = label.by.partition(":")[0]
        if machine in MACHINES and (label.unit.partition(":")[0], label.variable) in wanted:
            said[label.unit, label.variable][machine].append(label)
    several = {field.name for group in form.groups for field in group.fields if field.kind == "list"}
    return [_suggestion(next(by[machine] for machine in MACHINES if machine in by), key[1] in several) for key, by in said.items()]


def _suggestion(labels: Sequence[Label], several: bool) -> Suggestion:
    """The likeliest of one machine's labels for a variable, or, of a list, all of them."""
    best = max(labels, key=lambda label: label.score or 0.0)
    chosen = labels if several else [best]
    values = tuple(dict.fromkeys(label.value for label in chosen))
    words = sorted({(span.start, span.end, label.value) for label in chosen for span in label.spans})
    return Suggestion(best.unit, best.variable, values, tuple(words), best.score, best.by)


def persons(entries: Iterable[Entry], seen: Iterable[tuple[str, str]], suggested: Iterable[Suggestion]) -> tuple[list[str], dict[str, int]]:
    """The persons to show, in their order, and the number of the next one of each unit. Who was removed stays away."""
    said = {entry.unit for entry in entries if entry.values or entry.words or entry.unsure or entry.note} - {CASE}
    ever = {unit for unit, _ in seen} - {CASE}
    shown = sorted(said | ({each.unit for each in suggested} - ever - {CASE}), key=_order)
    following: dict[str, int] = {}
    for kind, number in map(_order, said | ever | set(shown)):
        following[kind] = max(following.get(kind, 1), number + 1)
    return shown, following


def _order(unit: str) -> tuple[str, int]:
    kind, _, number = unit.partition(":")
    return kind, int(number)


def told(entry: Entry, seen: int) -> dict[str, Any]:
    """An entry as the page's script reads it."""
    return {"entry": asdict(entry), "seen": seen}


def shown_standing(form: Form, entries: Iterable[Entry]) -> dict[str, Any]:
    """How far the coding has come, as the page's script reads it."""
    now: Standing = standing(form, entries)
    return asdict(now)


def page_data(
    form: Form, mode: str, entries: Sequence[Entry], seen: Mapping[tuple[str, str], int], labels: Iterable[Label]
) -> dict[str, Any]:
    """Everything that the page's script begins with. `labels` are looked at in assisted mode only."""
    suggested = [] if mode == _BLIND else suggestions(labels, form)
    shown, following = persons(entries, seen, suggested)
    present = [entry for entry in entries if entry.unit == CASE or entry.unit in shown]
    return {
        "mode": mode,
        "gate": form.gate,
        "entries": [told(entry, seen.get((entry.unit, entry.variable), 0)) for entry in present],
        "units": shown,
        "next": following,
        "suggestions": [asdict(each) for each in suggested],
        "progress": shown_standing(form, entries),
    }
