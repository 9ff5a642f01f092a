"""All that an estimate is made of: the cases, what machine and people say of them, the design, and what is to be said of their quality."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from pipeline.analyse.correcting.answers import SCOPE, Coded, Machine, People, chosen_freely, in_order, read_machine, read_people
from pipeline.analyse.correcting.combining import combine
from pipeline.analyse.correcting.design import Design, Integers
from pipeline.analyse.correcting.estimating import Indicator
from pipeline.analyse.correcting.frames import Frame, drawn_cases, read_frames, uncoded_strata
from pipeline.analyse.correcting.remarks import Remark
from pipeline.analyse.reading import rows
from pipeline.schema import AnjuanError

FEW = 30  # hand-coded cases below which intervals by Student's distribution are not to be relied on
Conditions = tuple[tuple[str, str], ...]  # (variable, value) that all hold; "" stands for: not recorded

_EVERY = "SELECT judgment_id FROM cases_once"
_LEFT = "SELECT count(*) AS n FROM ({}) AS f WHERE f.judgment_id NOT IN (SELECT judgment_id FROM cases_once)"
_NEW = "SELECT count(*) AS n FROM cases_once AS c WHERE c.judgment_id NOT IN ({})"


@dataclass(frozen=True)
class Evidence:
    """`cases`: the ids of all cases of the frames; `sql` finds them; `places`: which of them are coded, in the order of `design`.

    `design` and `people` are None where no correction is possible; `remarks` say why. `samples` are the numbers of those used.
    """

    cases: tuple[str, ...]
    sql: str
    machine: Machine
    samples: tuple[int, ...] = ()
    design: Design | None = None
    people: People | None = None
    places: Integers = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    remarks: tuple[Remark, ...] = ()
    frames: tuple[Frame, ...] = ()

    def indicator(self, conditions: Conditions) -> Indicator:
        """Whether all conditions hold, for machine and people."""
        flags = np.ones(len(self.cases), dtype=np.bool_)
        for variable, value in conditions:
            flags &= self.machine.says(variable, value)
        machine = flags[self.places].astype(np.float64)
        return Indicator(int(flags.sum()), machine, self._people(conditions))

    def _people(self, conditions: Conditions) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        if self.people is None:
            return np.zeros(0)
        flags = np.ones(len(self.people.readings), dtype=np.bool_)
        for variable, value in conditions:
            flags &= self.people.says(variable, value)
        return self.people.by_case(flags, len(self.places))


def gather(connection: sqlite3.Connection, variables: Sequence[str], samples: Sequence[int] = ()) -> Evidence:
    """Read samples and answers. AnjuanError when there is nothing to estimate from, or the samples cannot be combined."""
    frames = read_frames(connection, samples)
    drawn = drawn_cases(frames)
    coded = read_people(connection, drawn, variables) if drawn else Coded()
    used = [frame for frame in frames if not coded.readings.keys().isdisjoint(_drawn(frame))]
    remarks = [Remark("waiting", (frame.sample,)) for frame in frames if frame not in used]
    if free := chosen_freely(connection, drawn):
        remarks.insert(0, Remark("free", (free,)))
    broken = [(frame.sample, name) for frame in used for name in uncoded_strata(frame, coded.readings)]
    if not used or broken:
        shown = used or frames
        remarks += [Remark("broken", pair) for pair in broken] or [Remark("no_sample" if not frames else "uncoded", ())]
        return _uncorrected(connection, variables, shown, tuple(remarks))
    return _corrected(connection, variables, used, coded, remarks)


def _corrected(
    connection: sqlite3.Connection, variables: Sequence[str], used: list[Frame], coded: Coded, remarks: list[Remark]
) -> Evidence:
    combined = combine(used, coded.readings)
    sql = frame_sql([frame.sample for frame in used])
    machine = read_machine(connection, sql, combined.cases, (SCOPE, *variables))
    people = in_order(coded, [combined.cases[place] for place in combined.coded])
    remarks = [*remarks, *_of_coding(used, coded), *_of_frame(connection, sql, used), *_of_machine(machine)]
    samples = tuple(frame.sample for frame in used)
    return Evidence(combined.cases, sql, machine, samples, combined.design, people, combined.coded, tuple(remarks), tuple(used))


def _uncorrected(
    connection: sqlite3.Connection, variables: Sequence[str], frames: Sequence[Frame], remarks: tuple[Remark, ...]
) -> Evidence:
    sql = frame_sql([frame.sample for frame in frames]) if frames else _EVERY
    cases = tuple(row["judgment_id"] for row in rows(connection, f"{sql} ORDER BY judgment_id"))
    if not cases:
        raise AnjuanError("the database holds no case yet: `anjuan run INPUT --db FILE` reads judgments")
    machine = read_machine(connection, sql, cases, (SCOPE, *variables))
    samples = tuple(frame.sample for frame in frames)
    return Evidence(cases, sql, machine, samples, remarks=(*remarks, *_of_machine(machine)), frames=tuple(frames))


def frame_sql(samples: Sequence[int]) -> str:
    """The SQL that finds the cases of these samples' frames."""
    return f"SELECT DISTINCT judgment_id FROM sampling_frames WHERE sample_id IN ({', '.join(map(str, samples))})"


def _drawn(frame: Frame) -> list[str]:
    return [case for case, drawn in zip(frame.cases, frame.drawn, strict=True) if drawn]


def _of_coding(used: Sequence[Frame], coded: Coded) -> list[Remark]:
    """What is to be said of the hand-coded cases."""
    drawn = len(drawn_cases(used))
    cases = len(coded.readings)
    found = [
        ("few", (cases,), cases < FEW),
        ("missing", (drawn - cases, drawn), drawn > cases),
        ("undecided", (coded.undecided,), coded.undecided > 0),
        ("assisted", (coded.assisted,), coded.assisted > 0),
        ("combined", (", ".join(str(frame.sample) for frame in used),), len(used) > 1),
    ]
    return [Remark(key, values) for key, values, holds in found if holds]


def _of_frame(connection: sqlite3.Connection, sql: str, used: Sequence[Frame]) -> list[Remark]:
    """What has become of the frame since it was drawn from, and which cases it never held."""
    left, new = (int(next(iter(rows(connection, each.format(sql))))["n"]) for each in (_LEFT, _NEW))
    conditions = [Remark("condition", (frame.sample, frame.condition)) for frame in used if frame.condition.strip()]
    return [*conditions, *([Remark("left", (left,))] if left else []), *([Remark("new", (new,))] if new else [])]


def _of_machine(machine: Machine) -> list[Remark]:
    return [] if SCOPE in machine.answered else [Remark("no_machine", ())]
