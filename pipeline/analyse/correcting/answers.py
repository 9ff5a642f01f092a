"""What the machine says of every case of a frame, and what people say of those that were drawn and coded.

Of the machine's voices the one that has not learnt from the case counts first (`model:out_of_fold`), then the model, then the rules. Of the
people the adjudicator counts first, variable by variable. Where two coders differ and nobody has decided, each of their answers counts in
part: leaving such cases out would leave out the hard ones.
"""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter

import numpy as np

from pipeline.analyse.correcting.design import Flags, Floats, Integers
from pipeline.analyse.reading import rows

SCOPE = "in_scope"
ADJUDICATED = "adjudicated"
MACHINE = "(m.\"by\" = 'rules' OR m.\"by\" = 'model' OR m.\"by\" = 'model:out_of_fold')"
TRUSTED = 'm."by" <> \'rules\', m."by"'  # in ascending order: rules, model, model:out_of_fold
PEOPLE = "p.\"by\" NOT IN ('rules', 'model', 'defence') AND instr(p.\"by\", ':') = 0"  # nor screeners, whose voice has a colon
_WANTED = "m.unit = 'case' AND m.variable IN (SELECT value FROM json_each(?))"
_MACHINE = f"""
SELECT f.judgment_id, m.variable, m.value, m."by" FROM ({{cases}}) AS f CROSS JOIN labels AS m ON m.judgment_id = f.judgment_id
WHERE {_WANTED} AND {MACHINE} ORDER BY f.judgment_id, m.variable, {TRUSTED}
"""
_PEOPLE = f"""
SELECT p.judgment_id, p.variable, p.value, p."by", p.mode, a.state FROM json_each(?) AS f CROSS JOIN labels AS p ON p.judgment_id = f.value
LEFT JOIN assignments AS a ON a.judgment_id = p.judgment_id AND a.coder = p."by" AND a.task = 'code'
WHERE p.unit = 'case' AND {PEOPLE} ORDER BY p.judgment_id, p."by", p.id
"""
_OUTSIDE = f"""
SELECT count(DISTINCT p.judgment_id) AS n FROM labels AS p WHERE p.unit = 'case' AND {PEOPLE}
AND p.judgment_id NOT IN (SELECT value FROM json_each(?))
"""

Said = dict[str, frozenset[str]]  # by variable, the value (the members of a list); a variable that is absent has not been answered


@dataclass(slots=True)
class Coded:
    """What people say of the drawn cases: for each coded case one reading, or one for each of the coders who are not yet decided between."""

    readings: dict[str, list[Said]] = field(default_factory=dict)
    undecided: int = 0
    assisted: int = 0


@dataclass(frozen=True, slots=True)
class Machine:
    """For each variable and value, which places of the frame the machine gives it to; `answered`: the variables it speaks of at all."""

    flags: Mapping[tuple[str, str], Flags]
    answered: frozenset[str]
    size: int

    def says(self, variable: str, value: str) -> Flags:
        """Where the machine gives a variable this value; "" where it gives none."""
        if value:
            found = self.flags.get((variable, value))
            return np.zeros(self.size, dtype=np.bool_) if found is None else found
        every = [flags for (name, _), flags in self.flags.items() if name == variable]
        return ~np.logical_or.reduce(every) if every else np.ones(self.size, dtype=np.bool_)


def read_machine(connection: sqlite3.Connection, sql: str, cases: Sequence[str], variables: Iterable[str]) -> Machine:
    """The machine's answers for the cases that `sql` names; places are those of `cases`."""
    place = {case: number for number, case in enumerate(cases)}
    places: dict[tuple[str, str], array[int]] = {}
    found = rows(connection, _MACHINE.format(cases=sql), [json.dumps(sorted(set(variables)))])
    for (case, variable), answers in groupby(found, key=itemgetter("judgment_id", "variable")):
        *_, last = said = list(answers)  # the most trusted voice comes last
        for row in said:
            if row["by"] == last["by"]:
                places.setdefault((variable, row["value"]), array("q")).append(place[case])
    return Machine({key: _flags(listed, len(cases)) for key, listed in places.items()}, frozenset(name for name, _ in places), len(cases))


def _flags(places: array[int], size: int) -> Flags:
    flags = np.zeros(size, dtype=np.bool_)
    flags[np.frombuffer(places, dtype=np.int64)] = True
    return flags


def read_people(connection: sqlite3.Connection, drawn: Sequence[str], variables: Iterable[str]) -> Coded:
    """What people say of the drawn cases. A coder who has not finished a case has not coded it."""
    said: dict[str, dict[str, Said]] = {}
    assisted: set[str] = set()
    for row in rows(connection, _PEOPLE, [json.dumps(list(drawn))]):
        if row["by"] != ADJUDICATED and row["state"] == "open" and row["mode"] != "imported":
            continue
        answers = said.setdefault(row["judgment_id"], {}).setdefault(row["by"], {})
        answers[row["variable"]] = answers.get(row["variable"], frozenset()) | {row["value"]}
        if row["mode"] == "assisted":
            assisted.add(row["judgment_id"])
    wanted, coded = (SCOPE, *sorted(set(variables) - {SCOPE})), Coded()
    for case, voices in said.items():
        if readings := _readings(voices):
            coded.readings[case] = readings
            coded.undecided += any(_differ(readings, variable) for variable in wanted)
            coded.assisted += case in assisted
    return coded


def _readings(voices: Mapping[str, Said]) -> list[Said]:
    decided = voices.get(ADJUDICATED, {})
    coders = [answers for voice, answers in voices.items() if voice != ADJUDICATED] or [{}]
    merged = [_scoped({**answers, **decided}) for answers in coders]
    return [reading for reading in merged if SCOPE in reading]


def _scoped(reading: Said) -> Said:
    """Whoever gives a type of attack holds the case to be in scope."""
    return {SCOPE: frozenset("1"), **reading} if reading.get("attack_type") else reading


def _differ(readings: Sequence[Said], variable: str) -> bool:
    return len({reading.get(variable, frozenset()) if reading[SCOPE] == {"1"} else None for reading in readings}) > 1


@dataclass(frozen=True, slots=True)
class People:
    """The readings of the coded cases in the order of a design: `case` is each reading's case, `part` how much of it the reading is."""

    readings: tuple[Said, ...]
    case: Integers
    part: Floats

    def says(self, variable: str, value: str) -> Flags:
        """The readings that give a variable this value; "" those that give none."""
        wanted: frozenset[str] = frozenset()
        if value:
            return np.array([value in reading.get(variable, wanted) for reading in self.readings], dtype=np.bool_)
        return np.array([not (reading.get(variable, wanted) - {""}) for reading in self.readings], dtype=np.bool_)

    def by_case(self, flags: Flags, cases: int) -> Floats:
        """For each case the part of its readings that is flagged, 0 to 1."""
        return np.asarray(np.bincount(self.case, self.part * flags, cases), dtype=np.float64)


def in_order(coded: Coded, cases: Sequence[str]) -> People:
    """The readings of these coded cases, case by case."""
    every = [(number, reading, len(coded.readings[case])) for number, case in enumerate(cases) for reading in coded.readings[case]]
    numbers = np.array([number for number, _, _ in every], dtype=np.int64)
    return People(tuple(reading for _, reading, _ in every), numbers, np.array([1 / several for _, _, several in every]))


def chosen_freely(connection: sqlite3.Connection, drawn: Sequence[str]) -> int:
    """How many judgments people have coded that no sample drew: imported, or chosen by somebody."""
    return int(next(iter(rows(connection, _OUTSIDE, [json.dumps(list(drawn))])))["n"])
