"""Who can still be told apart: k-anonymity over what an outsider may know of a case, and coarser values until it holds.

A row is at risk when fewer than k rows share its quasi-identifiers (Samarati and Sweeney 1998). Values are made coarser for all rows alike,
by the step that keeps most and leaves no more than a tenth of the rows at risk. Of those, place and time are left out, and where that is
not enough the victims' roles.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

K = 5
SUPPRESSED = 0.1  # of the rows, at most, lose place and time so that the others keep them


class Row(NamedTuple):
    """What is known of one case: `month` as 2018-03, `roles` of the victims sorted and joined."""

    judgment_id: str
    province: str
    court_level: str
    month: str
    roles: str


class Level(NamedTuple):
    """How much of a case is told: `characters` of the date (7 the month, 4 the year, 0 nothing)."""

    province: bool
    court_level: bool
    characters: int
    roles: bool = True

    def key(self, row: Row) -> tuple[str, ...]:
        """The row's quasi-identifiers at this level."""
        return row.province * self.province, row.court_level * self.court_level, row.month[: self.characters], row.roles * self.roles

    @property
    def worth(self) -> int:
        """How much place and time it tells; only the order of levels matters."""
        return 2 * self.province + self.court_level + {7: 3, 4: 2, 0: 0}[self.characters]


LEVELS = tuple(
    Level(province, court_level, characters) for characters in (7, 4, 0) for province in (True, False) for court_level in (True, False)
)
NOTHING = LEVELS[-1]  # neither place nor time


@dataclass(frozen=True, slots=True)
class Risk:
    """Of `rows`, how many stand alone and how many are like fewer than `k`; `alike` gives the number of like rows for each of these."""

    k: int
    rows: int
    unique: int
    alike: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Coarse:
    """The `level` at which rows are told, the `exceptions` that are told less, and the rows that fewer than k share even then (`left`)."""

    level: Level
    exceptions: Mapping[str, Level]
    left: frozenset[str]

    def of(self, judgment_id: str) -> Level:
        """The level at which this case is told."""
        return self.exceptions.get(judgment_id, self.level)


def risk(keys: Mapping[str, Hashable], k: int = K) -> Risk:
    """How many rows are told apart by their quasi-identifiers, given by judgment_id."""
    counts = Counter(keys.values())
    alike = {judgment_id: counts[key] for judgment_id, key in keys.items() if counts[key] < k}
    return Risk(k, len(keys), sum(number == 1 for number in alike.values()), alike)


def coarsen(rows: Sequence[Row], k: int = K) -> Coarse:
    """The mildest level at which few enough rows are at risk, and what becomes of those: their place and time, then their roles go."""
    rare = risk({row.judgment_id: row.roles for row in rows}, k).alike  # no coarser place or time helps these
    level, most = NOTHING, 0.0
    for candidate in LEVELS:
        lost = len(_at_risk(rows, candidate, {key: candidate._replace(roles=False) for key in rare}, k)) / max(len(rows), 1)
        if lost <= SUPPRESSED and candidate.worth * (1 - lost) > most:
            level, most = candidate, candidate.worth * (1 - lost)
    exceptions = {judgment_id: level._replace(roles=False) for judgment_id in rare}
    exposed = _at_risk(rows, level, exceptions, k)
    for less in (NOTHING, NOTHING._replace(roles=False)):
        for judgment_id in exposed:
            exceptions[judgment_id] = less._replace(roles=less.roles and judgment_id not in rare)
        exposed = _at_risk(rows, level, exceptions, k)
    return Coarse(level, exceptions, frozenset(exposed))


def _at_risk(rows: Sequence[Row], level: Level, exceptions: Mapping[str, Level], k: int) -> dict[str, int]:
    return dict(risk({row.judgment_id: exceptions.get(row.judgment_id, level).key(row) for row in rows}, k).alike)
