"""Periodic statistics: cases, types, worst injuries, channels tried before, and days to the judgment, by month, half-year or year and by place."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.analyse import periods
from pipeline.analyse.lines import Answers, Level, Line
from pipeline.analyse.numbers import MEASURES
from pipeline.analyse.reading import Case, rows
from pipeline.analyse.statistics import Summary, medians
from pipeline.analyse.tables import UNTYPED, Cell
from pipeline.analyse.units import UNITS, view_in
from pipeline.codebook import Term, load
from pipeline.schema import AnjuanError

PLACES = ("court", "province", "city", "hospital_level", "court_level")
DATES: Mapping[str, str] = {"decided": "decided_on", "incident": "incident_on"}
MOST_ROWS = 10_000  # more is no table that anybody reads: a finer place needs a shorter range
# Months before the latest decision of the database in which a period is marked as incomplete. A judgment is posted once it is final, and
# most are posted late (see periodic.toml); an act is judged a year or so before that.
LAG: Mapping[str, int] = {"decided": 12, "incident": 24}
NUMBER = Term("number", "案件数", "Cases")
_NO_INJURY = Term("missing", "伤情未编码", "Injury not recorded")
_NO_CHANNEL = Term("none", "未提及途径", "No channel told")
_DAYS = next(measure for measure in MEASURES if measure.name == "days_to_judgment")


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """One period in one place ("" where the table is not parted by place). `incomplete`: later collecting will find more of it.

    `cells`: by key of the line; percentages are of the row's cases. `days`: from the act to the judgment, where both dates are full.
    """

    period: str
    place: str
    cells: Mapping[str, Cell]
    days: Summary
    days_sql: str
    incomplete: bool

    @property
    def n(self) -> int:
        """The row's cases."""
        return self.cells[NUMBER.name].n


@dataclass(frozen=True, slots=True)
class Periodic:
    """The table. `of` is a column of `PLACES` or "", `on` the date that is counted by, `unit` what is counted.

    `outside`: cases in scope that are left out because their date lies outside the range that was asked for.
    `latest`: the latest decision of the whole database (ISO), "" where there is none.
    """

    by: str
    of: str
    on: str
    unit: Term
    lines: tuple[Line, ...]
    rows: tuple[PeriodRow, ...]
    outside: int
    latest: str


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where the rows come from: a relation with the columns period, place and days over the unit, and the periods that are wanted."""

    relation: str
    conditions: Mapping[Line, str]
    wanted: tuple[str, ...] | None  # None: all

    def sql(self, what: str, period: str, place: str | None) -> str:
        """The SELECT of a row; `place` None: all places. A cell adds its condition."""
        found = ["in_scope = 1"]
        if period != periods.ALL:
            found.append(f"period = '{period}'")
        elif self.wanted is not None:
            found.append("period IN ({})".format(", ".join(f"'{key}'" for key in self.wanted)))
        if place is not None:
            found.append("place = '{}'".format(place.replace("'", "''")))
        return f"SELECT {what} FROM {self.relation} WHERE " + " AND ".join(found)


def count_periods(
    connection: sqlite3.Connection, by: str, of: str = "", first: str = "", last: str = "", on: str = "decided", unit: str = "document"
) -> Periodic:
    """Count by period, and by place where `of` names one; periods without a case between the first and the last are 0.

    `first` and `last` (2018, 2018-03, 2018-H1; "": as far as the data reach) take whole periods. Cases whose date is not stated, and those
    of a year whose month is not stated, keep rows of their own.

    Raises:
        AnjuanError: for an unknown period, place, date or unit, a range that ends before it begins, and more than `MOST_ROWS` rows.
    """
    _check(of, on)
    date = DATES[on]
    counted = UNITS["case"].of(view_in(unit))
    relation = f"(SELECT *, {periods.key_sql(by, date)} AS period, {_place(of)} AS place, {_DAYS.value} AS days FROM {counted})"
    cases = [Case(row) for row in rows(connection, f"SELECT * FROM {relation} WHERE in_scope = 1 ORDER BY judgment_id")]
    latest = _latest(connection)
    keys = _keys(by, {str(case.row["period"]) for case in cases}, first, last, latest)
    lines = _lines()
    frame = _Frame(relation, {line: line.condition for line in lines}, keys if first or last else None)
    kept = [case for case in cases if case.row["period"] in set(keys)]
    found = _rows(frame, kept, keys, of, _incomplete(latest, on))
    return Periodic(by, of, on, UNITS[unit], lines, tuple(found), len(cases) - len(kept), latest)


def _check(of: str, on: str) -> None:
    if of and of not in PLACES:
        raise AnjuanError(f"unknown place {of!r}; choose one of: {', '.join(PLACES)}")
    if on not in DATES:
        raise AnjuanError(f"unknown date {on!r}; choose one of: {', '.join(DATES)}")


def _place(of: str) -> str:
    return f"coalesce({of}, '')" if of else "''"


def _keys(by: str, present: set[str], first: str, last: str, latest: str) -> tuple[str, ...]:
    """Every period of the table in order: without gaps from first to last, then what is not stated, where there is any.

    A date after the database's latest decision is a misprint: its period is shown, and not all those before it.
    """
    unknown = {key for key in present if key.endswith(periods.UNKNOWN_MONTH)}
    dated = sorted(present - unknown - {periods.NOT_STATED})
    start = periods.bound(by, first, "--from") if first else (dated[0] if dated else "")
    end = periods.bound(by, last, "--to", last=True) if last else (dated[-1] if dated else "")
    if first and last and start > end:
        raise AnjuanError(f"the range ends before it begins: --from {first} --to {last}")
    whole = set(periods.between(by, start, end)) if start else set()
    if latest and not last:
        whole = {key for key in whole if key in present or periods.starts(key) <= (int(latest[:4]), int(latest[5:7]))}
    in_range = {key for key in unknown if (not first or start[:4] <= key[:4]) and (not last or key[:4] <= end[:4])}
    return tuple(sorted(whole | in_range | (present & {periods.NOT_STATED}), key=periods.order))


def _lines() -> tuple[Line, ...]:
    """The columns: number, types, worst injuries (worst first), channels."""
    book = load()
    types, injuries, channels = book["attack_type"], book["worst_injury"], book["prior_dispute_channel"]
    return (
        Line(NUMBER.name, Level.TOTAL, NUMBER),
        *(Line(f"attack_type={value.name}", Level.VALUE, value, "attack_type", (value.name,)) for value in types.values),
        Line("attack_type?", Level.MISSING, UNTYPED, "attack_type", types.names),
        *(Line(f"worst_injury={name}", Level.VALUE, injuries.value(name), "worst_injury", (name,)) for name in reversed(injuries.ordered)),
        Line("worst_injury?", Level.MISSING, _NO_INJURY, "worst_injury", injuries.names),
        *(Line(f"channel={value.name}", Level.VALUE, value, channels.name, (value.name,), several=True) for value in channels.values),
        Line("channel?", Level.MISSING, _NO_CHANNEL, channels.name, channels.names, several=True),
    )


def _rows(frame: _Frame, cases: Sequence[Case], keys: Sequence[str], of: str, incomplete_from: int | None) -> list[PeriodRow]:
    """A row for each period of each place, the places with most cases first, and the sum of each; of all places where there are several."""
    by_place: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        by_place[str(case.row["place"])].append(case)
    places = sorted(by_place, key=lambda place: (place == "", -len(by_place[place]), place)) if of else [""]
    if (wanted := len(places) * (len(keys) + 1)) > MOST_ROWS:
        raise AnjuanError(
            f"{len(places)} places in {len(keys)} periods make {wanted} rows; narrow it with --from and --to or a longer --by"
        )
    found = []
    for place in places:
        groups: dict[str, list[Case]] = defaultdict(list)
        for case in by_place[place]:
            groups[str(case.row["period"])].append(case)
        held = [(key, groups[key]) for key in keys] + [(periods.ALL, by_place[place])]
        found += [_row(frame, key, place, place if of else None, group, _is_incomplete(key, incomplete_from)) for key, group in held]
    return found


def _row(frame: _Frame, period: str, place: str, where: str | None, cases: Sequence[Case], incomplete: bool) -> PeriodRow:
    sql = frame.sql("judgment_id", period, where)
    answers, cells = Answers(cases), {}
    for line, condition in frame.conditions.items():
        held = tuple(case.judgment_id for case in answers.among(line))
        cells[line.key] = Cell(len(held), len(cases), held, sql if condition == "1" else f"{sql} AND {condition}")
    days = medians([case.row["days"] for case in cases])
    of_days = frame.sql("judgment_id, days", period, where) + " AND days IS NOT NULL"
    return PeriodRow(period, place, cells, days, of_days, incomplete)


def _latest(connection: sqlite3.Connection) -> str:
    """The latest decision of the database, in scope or not. A date after the last run is a misprint."""
    sql = """SELECT coalesce(max(decided_on), '') AS latest FROM cases WHERE decided_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]*'
        AND decided_on <= coalesce((SELECT max(coalesce(finished_at, started_at)) FROM runs), '9')"""
    return str(next(iter(rows(connection, sql)))["latest"])


def _incomplete(latest: str, on: str) -> int | None:
    """The first month (as `periods.ends` counts them) whose period is incomplete; None where the database holds no date."""
    return 12 * int(latest[:4]) + int(latest[5:7]) - LAG[on] if latest else None


def _is_incomplete(key: str, since: int | None) -> bool:
    return since is not None and key not in (periods.NOT_STATED, periods.ALL) and periods.ends(key) > since
