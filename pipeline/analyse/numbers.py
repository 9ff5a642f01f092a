"""Medians and quartiles by type of attack: the months of sentences, and the days from the act to the judgment."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipeline.analyse.lines import Block, Level, Line
from pipeline.analyse.published import Study
from pipeline.analyse.reading import EVERY, Case
from pipeline.analyse.statistics import RankTest, Summary, corrected, medians, rank_test
from pipeline.analyse.tables import TOTAL, UNTYPED, Cell, Table, tabulate
from pipeline.analyse.units import UNITS, Unit, records
from pipeline.codebook import Term, load

MONTHS, DAYS = Term("months", "月", "months"), Term("days", "天", "days")
_NOTE = Term("note", "", "")


@dataclass(frozen=True, slots=True)
class Measure(Term):
    """A number of each unit: `value` is SQL over the relation of `unit`, `condition` says which units can have one."""

    unit: str
    value: str
    condition: str
    scale: Term
    note: Term


@dataclass(frozen=True, slots=True)
class Spread:
    """The values of one column: `cell` counts those with a value (of those who can have one) and leads to their judgments."""

    cell: Cell
    summary: Summary
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Numbers:
    """One measure by column (types of attack, untyped, total), and the test of the types against each other."""

    measure: Measure
    columns: tuple[Term, ...]
    spreads: Mapping[str, Spread]
    test: RankTest


def _term_of(kind: str, zh: str, en: str) -> Measure:
    return Measure(f"months_{kind}", zh, en, "defendant", "nullif(sentence_months, 0)", f"sentence_kind = '{kind}'", MONTHS, _NOTE)


_FULL = "length({0}) = 10 AND date({0}) = {0}"  # a whole date that exists
_BOTH = f"{_FULL.format('incident_on')} AND {_FULL.format('decided_on')} AND decided_on >= incident_on"
MEASURES = (
    _term_of("fixed", "有期徒刑", "Fixed-term imprisonment"),
    _term_of("detention", "拘役", "Criminal detention"),
    _term_of("control", "管制", "Public surveillance"),
    Measure(
        name="months_probation",
        zh="缓刑考验期",
        en="Probation",
        unit="defendant",
        value="probation_months",
        condition="probation_months > 0",
        scale=MONTHS,
        note=Term("note", "宣告缓刑者的考验期", "Of those whose sentence is suspended"),
    ),
    Measure(
        name="days_to_judgment",
        zh="行为至裁判",
        en="Act to judgment",
        unit="case",
        value=f"CASE WHEN {_BOTH} THEN CAST(julianday(decided_on) - julianday(incident_on) AS INTEGER) END",
        condition="1",
        scale=DAYS,
        note=Term("note", "两个日期均载明到日者", "Where both dates are known to the day"),
    ),
)


def count_numbers(connection: sqlite3.Connection, view: str = EVERY) -> list[Numbers]:
    """Every measure over an open database, in the order of `MEASURES`; the p values corrected by Holm over all of them."""
    found = [_counted(connection, measure, view) for measure in MEASURES]
    tests = corrected({each.measure.name: each.test for each in found})
    return [Numbers(each.measure, each.columns, each.spreads, tests[each.measure.name]) for each in found]


def _counted(connection: sqlite3.Connection, measure: Measure, view: str) -> Numbers:
    unit = _with_value(measure)
    cases = records(connection, unit, view)
    table = tabulate(cases, load(), Study("", "", {}), unit.of(view), (_block(measure),))
    spreads = {column.name: _spread(table, measure, column, cases) for column in table.columns}
    typed = {name: spread.values for name, spread in spreads.items() if name not in (TOTAL.name, UNTYPED.name)}
    return Numbers(measure, table.columns, spreads, rank_test(typed))


def _with_value(measure: Measure) -> Unit:
    """The unit reduced to those who can have a value, with the columns `number` and `stated`."""
    unit = UNITS[measure.unit]
    inner = f"(SELECT *, {measure.value} AS number FROM {unit.relation} WHERE {measure.condition})"
    return Unit(unit.name, unit.zh, unit.en, f"(SELECT *, CASE WHEN number IS NULL THEN 'no' ELSE 'yes' END AS stated FROM {inner})")


def _block(measure: Measure) -> Block:
    return Block(measure.name, measure, measure.note, (Line(measure.name, Level.VALUE, measure, "stated", ("yes",)),))


def _spread(table: Table, measure: Measure, column: Term, cases: Iterable[Case]) -> Spread:
    types = {each.name for each in table.columns} - {TOTAL.name, UNTYPED.name}
    held = [case.row for case in cases if column.name in (TOTAL.name, _column_of(case, types))]
    cell = table.cell(measure.name, column.name)
    return Spread(cell, medians([row["number"] for row in held]), tuple(float(row["number"]) for row in held if row["number"] is not None))


def _column_of(case: Case, types: set[str]) -> str:
    attack_type = case.row["attack_type"]
    return attack_type if attack_type in types else UNTYPED.name
