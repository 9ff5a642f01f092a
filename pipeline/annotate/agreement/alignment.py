"""Which victim (or defendant) of one coder is which of another: each numbers the parties as they come."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher

from pipeline.annotate.agreement.nouns import answer
from pipeline.schema import Entry

Numbered = tuple[int | None, int | None]
Party = Mapping[str, tuple[str, ...]]  # variable -> values

_MASKS = re.compile(r"[某×＊*xXＸ\s]+")
_COUNTERS = re.compile(r"[甲乙丙丁戊己庚辛壬癸0-9０-９]+")  # tell people of one surname apart, and make nobody alike
_NAME, _MAIN, _REST = 4.0, 1.0, 0.25  # a name tells people apart; role and injury help; what else agrees, and the order, breaks ties
_MAIN_VARIABLES = ("role", "injury")
_ALMOST = 0.9  # names that are the same but for their masks are less sure than the same name
_POSSIBLE, _ORDER = 0.1, 0.01


def align(first: Sequence[Entry], second: Sequence[Entry], kind: str) -> list[Numbered]:
    """Pairs of party numbers of two coders, None for a party that one alone has; ordered by the first coder's numbers.

    The pairing has the greatest sum of likenesses in name, role and injury (the assignment problem: Kuhn 1955, here
    `scipy.optimize.linear_sum_assignment`). Two parties with names that share nothing but masks are never the same.
    """
    left, right = parties(first, kind), parties(second, kind)
    pairs = _matched(list(left.values()), list(right.values()))
    partner = {list(left)[i]: list(right)[j] for i, j in pairs}
    return [*((n, partner.get(n)) for n in left), *((None, n) for n in right if n not in partner.values())]


def parties(entries: Sequence[Entry], kind: str) -> dict[int, Party]:
    """The parties of a kind by number, with the values of their variables; a party of which nothing is said is none."""
    found: dict[int, dict[str, tuple[str, ...]]] = {}
    for entry in entries:
        unit, _, number = entry.unit.partition(":")
        if unit == kind and (entry.values or entry.note or entry.unsure):
            found.setdefault(int(number), {})[entry.variable] = answer(entry)
    return dict(sorted(found.items()))


def _matched(left: Sequence[Party], right: Sequence[Party]) -> list[tuple[int, int]]:
    """Places of parties that are the same: of all assignments the one with the greatest likeness."""
    if not left or not right:
        return []
    scores = [[likeness(one, other) for other in right] for one in left]
    if len(left) == len(right) == 1:
        found = [(0, 0)]
    else:
        from scipy.optimize import linear_sum_assignment

        ordered = [[score - _ORDER * abs(i - j) for j, score in enumerate(row)] for i, row in enumerate(scores)]
        rows, columns = linear_sum_assignment(ordered, maximize=True)
        found = list(zip(rows.tolist(), columns.tolist(), strict=True))
    return [(i, j) for i, j in found if scores[i][j]]


def likeness(one: Party, other: Party) -> float:
    """How like two parties are; 0 when their names say that they are different."""
    name = name_likeness("".join(one.get("name", ())), "".join(other.get("name", ())))
    if name == 0:
        return 0.0
    main = sum(one[key] == other[key] for key in _MAIN_VARIABLES if key in one and key in other)
    shared = (one.keys() & other.keys()) - {"name", *_MAIN_VARIABLES}
    rest = sum(one[key] == other[key] for key in shared) / len(shared) if shared else 0.0
    return _POSSIBLE + _NAME * (name or 0.0) + _MAIN * main + _REST * rest


def name_likeness(one: str, other: str) -> float | None:
    """From 1 (the same name) to 0 (nothing in common but masks and counters: 某, ×, 甲); None when one of them is not given."""
    if not one or not other or one == other:
        return 1.0 if one and one == other else None
    bare, other_bare = _MASKS.sub("", one), _MASKS.sub("", other)
    core, other_core = set(_COUNTERS.sub("", bare)), set(_COUNTERS.sub("", other_bare))
    if core and other_core and not core & other_core:
        return 0.0
    return _ALMOST * SequenceMatcher(None, bare, other_bare, autojunk=False).ratio() or None
