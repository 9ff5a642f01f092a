"""Whose word counts: adjudicated, then a person who coded the case, then one who screened it, then the model, then the rules.

A voice may say more of itself after a colon: 'model:out_of_fold' is a model's. Between two people who are equally trusted the first by name counts, so that the answer does not depend on who saved last.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

DEFENCE = "defence"  # what the defence pleads: never a value, whoever else is silent
RANKS = {"adjudicated": 0, "screen": 2, "model": 3, "rules": 4}
PERSON = 1  # any other name is a person's


class Said(NamedTuple):
    """A label without its quotations."""

    id: int
    unit: str
    variable: str
    value: str
    by: str
    score: float | None


def rank(by: str) -> int:
    """How much a voice is trusted: the lower the more."""
    return RANKS.get(by.partition(":")[0], PERSON)


def best(labels: Sequence[Said]) -> Said | None:
    """The label that counts for a variable with one value; within one voice the likeliest, then the first that was written."""
    return min(labels, key=lambda label: (rank(label.by), label.by, -(label.score or 0.0), label.id), default=None)


def voice(labels: Sequence[Said]) -> str | None:
    """The most trusted voice among labels, or None when there are none."""
    return min((label.by for label in labels), key=lambda by: (rank(by), by), default=None)


def members(labels: Sequence[Said]) -> list[str]:
    """The list that counts, sorted: all that the most trusted voice says. The value '' says that the list is empty."""
    chosen = voice(labels)
    return sorted({label.value for label in labels if label.by == chosen and label.value})


class Party(NamedTuple):
    """The labels of all defendants (or victims) by the voice that counts; `by` is None when nobody has spoken of them."""

    by: str | None
    labels: list[Said]


def party(labels: Sequence[Said], counts: Sequence[Said]) -> Party:
    """The parties that count: one voice's whole set, for two voices number people differently.

    `counts`: case labels `defendants` or `victims`; the value 0 (or '') says that there are none, which no party label can say.
    """
    chosen = voice([*labels, *(label for label in counts if label.value in ("", "0"))])
    return Party(chosen, [label for label in labels if label.by == chosen])
