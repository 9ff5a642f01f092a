"""One table counted again under each choice, with the same lines and columns throughout."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from pipeline.analyse.catalogue import Definition, catalogue
from pipeline.analyse.catalogue.counting import NO_STUDY, tabled
from pipeline.analyse.lines import Level, Line, table_one_blocks
from pipeline.analyse.published import load_study
from pipeline.analyse.reading import EVERY, Case, rows, with_persons
from pipeline.analyse.sensitivity.choices import Choice, Choices, choices
from pipeline.analyse.sensitivity.relations import columns_of, relation_of
from pipeline.analyse.tables import TOTAL, UNTYPED, Cell, Part, Row, Table, tabulate
from pipeline.analyse.units import PARTIES
from pipeline.codebook import Term, load
from pipeline.schema import AnjuanError

TABLE_ONE = Term("one", "表 1", "Table 1")
AS_IS = Term("as_is", "照报告", "As in the report")


@dataclass(frozen=True, slots=True)
class Scenario:
    """A table under one choice, under several together (an extreme), or as the report counts it (no choice)."""

    name: Term
    chosen: tuple[Choice, ...]
    table: Table

    @property
    def single(self) -> bool:
        """Whether this is one choice, made alone."""
        return isinstance(self.name, Choice)


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """One table as the report counts it and under each choice; all have the same parts, rows and columns."""

    name: Term
    base: Scenario
    others: tuple[Scenario, ...]

    @property
    def all(self) -> tuple[Scenario, ...]:
        """Every scenario, the report's first."""
        return (self.base, *self.others)


def sensitivity(connection: sqlite3.Connection, name: str = TABLE_ONE.name, unit: str = "document") -> Sensitivity:
    """Count a table ("one", or a name of the catalogue) under each choice, one at a time, and under the extremes.

    `unit` is what the base counts: document, chain or incident.

    Raises:
        AnjuanError: for an unknown table or unit, naming those there are; StoreError for a database without the tables.
    """
    definition = named_table(name)
    columns = columns_of(connection)
    plans = [(term, chosen, relation_of(chosen, columns, unit)) for term, chosen in _scenarios(choices())]
    read = [_cases(connection, definition, relation) for _, _, relation in plans]
    lines = _lines_for(definition, read)
    tables = [_table(definition, cases, relation, lines) for cases, (_, _, relation) in zip(read, plans, strict=True)]
    even = _evened(tables)
    found = [Scenario(term, chosen, table) for (term, chosen, _), table in zip(plans, even, strict=True)]
    return Sensitivity(definition or TABLE_ONE, found[0], tuple(found[1:]))


def named_table(name: str) -> Definition | None:
    """The table of the catalogue, None for Table 1; AnjuanError with the choices for a name that is neither."""
    known = {each.name: each for each in catalogue()}
    if name != TABLE_ONE.name and name not in known:
        raise AnjuanError(f"unknown table {name!r}; choose one of: {', '.join([TABLE_ONE.name, *known])}")
    return known.get(name)


def _scenarios(ways: Choices) -> Iterator[tuple[Term, tuple[Choice, ...]]]:
    yield AS_IS, ()
    yield from ((choice, (choice,)) for choice in ways.single)
    yield from ((extreme, extreme.choices) for extreme in ways.extremes)


def _cases(connection: sqlite3.Connection, definition: Definition | None, relation: str) -> list[Case]:
    """The records in scope, with the columns that the table needs; for Table 1 with the persons harmed by what is in scope here."""
    if definition is not None:
        number = ["n"] if definition.unit.name in PARTIES else []
        return _read(connection, definition.unit.of(relation), [definition.column, *number])
    plain = _read(connection, relation, {line.variable for block in table_one_blocks(load()) for line in block.lines} - {"", "role"})
    return with_persons(connection, (case.row for case in plain))


def _read(connection: sqlite3.Connection, relation: str, columns: Iterable[str]) -> list[Case]:
    listed = ", ".join(sorted({"judgment_id", "attack_type", *columns}))
    return [Case(row) for row in rows(connection, f"SELECT {listed} FROM {relation} WHERE in_scope = 1 ORDER BY judgment_id")]


def _lines_for(definition: Definition | None, read: list[list[Case]]) -> Table | None:
    """A table over the records of all scenarios: its lines hold every value that any of them has, the report's values in front."""
    if definition is None:
        return None
    known = {(case.judgment_id, case.row.get("n"), case.row[definition.column]) for case in read[0]}
    found = list(read[0])
    for case in (case for cases in read[1:] for case in cases):
        key = (case.judgment_id, case.row.get("n"), case.row[definition.column])
        if key not in known:
            known.add(key)
            found.append(case)
    return tabled(definition, found, EVERY)


def _table(definition: Definition | None, cases: list[Case], relation: str, lines: Table | None) -> Table:
    if definition is None or lines is None:
        return tabulate(cases, load(), load_study(), relation)
    return tabulate(cases, load(), NO_STUDY, definition.unit.of(relation), tuple(part.block for part in lines.parts))


def _evened(tables: list[Table]) -> list[Table]:
    """The tables with the same rows and columns: what only some of them show is 0 in the others."""
    untyped = [UNTYPED] if any(UNTYPED in table.columns for table in tables) else []
    columns = (*load()["attack_type"].values, *untyped, TOTAL)
    shown = {row.line.key for table in tables for part in table.parts for row in part.rows}
    return [replace(table, columns=columns, parts=tuple(_even(part, table, columns, shown) for part in table.parts)) for table in tables]


def _even(part: Part, table: Table, columns: tuple[Term, ...], shown: set[str]) -> Part:
    rows_by_key = {row.line.key: row for row in part.rows}
    even = []
    for line in (line for line in part.block.lines if line.key in shown):
        cells = rows_by_key[line.key].cells if line.key in rows_by_key else {}
        even.append(Row(line, {column.name: cells.get(column.name) or _nothing(part, line, column, table.view) for column in columns}))
    return replace(part, rows=tuple(even))


def _nothing(part: Part, line: Line, column: Term, view: str) -> Cell:
    """The cell of a line or column that the table does not show because no case belongs there."""
    first = part.rows[0].cells
    whole = TOTAL.name if line.level is Level.TOTAL else column.name
    types = ", ".join(f"'{name}'" for name in load()["attack_type"].names)
    of_column = {UNTYPED.name: f" AND coalesce(attack_type, '') NOT IN ({types})", TOTAL.name: ""}
    condition = of_column.get(column.name, f" AND attack_type = '{column.name}'")
    sql = f"SELECT judgment_id FROM {view} WHERE in_scope = 1{condition} AND {line.condition}"
    return Cell(0, first[whole].denominator if whole in first else 0, (), sql)
