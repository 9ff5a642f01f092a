"""Medians and quartiles by type of attack: the months of sentences, and the days from the act to the judgment."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from pipeline.analyse.lines import Block, Level, Line
from pipeline.analyse.published import Study
from pipeline.analyse.reading import EVERY, Case
from pipeline.analyse.statistics import RankTest, Summary, corrected, medians, rank_test
from pipeline.analyse.tables import TOTAL, UNTYPED, Cell, Table, tabulate
from pipeline.analyse.units import UNITS, Unit, records
from pipeline.codebook import Term, load

MONTHS, DAYS = Term("months", "月", "months"), Term("days", "天", "days")
_NOTE = Term("note", "", "")
_SENTENCE = ("sentence_kind", "sentence_months")


@dataclass(frozen=True, slots=True)
class Measure(Term):
    """A number of each unit: `value` is SQL over the relation of `unit`, `condition` says which units can have one.

    `made_of`: the variables of the codebook that the number is worked out from.
    """

    unit: str
    value: str
    condition: str
    scale: Term
    note: Term
    made_of: tuple[str, ...]


@dataclass(frozen=True)
class Spread:
    """The values of one column: `cell` counts those with a value (of those who can have one) and leads to their judgments.

    `values` stand in the order of the cell's judgments.
    """

    cell: Cell
    values: tuple[float, ...]

    @cached_property
    def summary(self) -> Summary:
        """Median and quartiles, and how many values are missing."""
        return medians([*self.values, *[None] * (self.cell.denominator - self.cell.n)])


@dataclass(frozen=True)
class Measured:
    """One measure by column (types of attack, untyped, total). `relation` is what the SQL of its cells counts."""

    measure: Measure
    columns: tuple[Term, ...]
    spreads: Mapping[str, Spread]
    relation: str


@dataclass(frozen=True)
class Numbers(Measured):
    """A measure with the test of the types against each other."""

    test: RankTest


def _term_of(kind: str, zh: str, en: str) -> Measure:
    return Measure(
        f"months_{kind}", zh, en, "defendant", "nullif(sentence_months, 0)", f"sentence_kind = '{kind}'", MONTHS, _NOTE, _SENTENCE
    )


_FULL = "length({0}) = 10 AND date({0}) = {0}"  # a whole date that exists
_BOTH = f"{_FULL.format('incident_on')} AND {_FULL.format('decided_on')} AND incident_on BETWEEN '1949' AND decided_on AND decided_on < '2100'"  # else a misprint
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
        made_of=("probation_months",),
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
        made_of=("incident_on", "decided_on"),
    ),
)


def count_measures(connection: sqlite3.Connection, view: str = EVERY) -> list[Measured]:
    """Every measure over an open database, in the order of `MEASURES`, without its test."""
    return [_counted(connection, measure, view) for measure in MEASURES]


def tested(found: Sequence[Measured]) -> list[Numbers]:
    """The measures with their tests, whose p values are corrected by Holm over all of them."""
    tests = corrected({each.measure.name: rank_test(_by_type(each)) for each in found})
    return [Numbers(each.measure, each.columns, each.spreads, each.relation, tests[each.measure.name]) for each in found]


def _by_type(found: Measured) -> dict[str, tuple[float, ...]]:
    return {name: spread.values for name, spread in found.spreads.items() if name not in (TOTAL.name, UNTYPED.name)}


def _counted(connection: sqlite3.Connection, measure: Measure, view: str) -> Measured:
    unit = _with_value(measure)
    cases = records(connection, unit, view)
    table = tabulate(cases, load(), Study("", "", {}), unit.of(view), (_block(measure),))
    spreads = {column.name: _spread(table, measure, column, cases) for column in table.columns}
    return Measured(measure, table.columns, spreads, table.view)


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
    shown = replace(cell, sql=cell.sql.replace("SELECT judgment_id FROM", "SELECT judgment_id, number FROM", 1))
    return Spread(shown, tuple(float(row["number"]) for row in held if row["number"] is not None))


def _column_of(case: Case, types: set[str]) -> str:
    attack_type = case.row["attack_type"]
    return attack_type if attack_type in types else UNTYPED.name
