"""Counting the catalogue's tables: each becomes a `Table` whose every cell knows its judgments and the SQL that finds them again."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Sequence

from pipeline.analyse.catalogue.definitions import Definition, Group, catalogue
from pipeline.analyse.lines import Block, Level, Line
from pipeline.analyse.names import named
from pipeline.analyse.published import Study
from pipeline.analyse.reading import EVERY, Case
from pipeline.analyse.tables import Table, tabulate
from pipeline.analyse.units import records
from pipeline.codebook import Codebook, Term, load

NO_STUDY = Study("", "", {})
OTHER = Term("other", "其他", "Other")
NONE = Term("none", "无", "None")
MISSING = Term("missing", "未载明", "Not stated")


def count_all(connection: sqlite3.Connection, view: str = EVERY) -> dict[str, Table]:
    """Every table of the catalogue over an open database, by name."""
    found: dict[str, Table] = {}
    for unit in dict.fromkeys(each.unit for each in catalogue()):  # one after the other: each holds all its records in memory
        cases = records(connection, unit, view)
        found |= {each.name: tabled(each, cases, view) for each in catalogue() if each.unit == unit}
    return {each.name: found[each.name] for each in catalogue()}


def count(connection: sqlite3.Connection, definition: Definition, view: str = EVERY) -> Table:
    """One table of the catalogue over an open database."""
    return tabled(definition, records(connection, definition.unit, view), view)


def tabled(definition: Definition, cases: list[Case], view: str) -> Table:
    """One table over records of its unit."""
    codebook = load()
    number = Block("number", definition.unit, Term("note", "", ""), (Line("number", Level.TOTAL, definition.unit),))
    block = Block(definition.name, definition, definition.note, _lines(definition, cases, codebook))
    return tabulate(cases, codebook, NO_STUDY, definition.unit.of(view), (number, block))


def _lines(definition: Definition, cases: Sequence[Case], codebook: Codebook) -> tuple[Line, ...]:
    if definition.kind == "values":
        return _grouped(definition) if definition.groups else _by_value(definition, cases)
    variable, several = codebook[definition.column], definition.kind == "list"
    silent = [] if several or not variable.silence else [variable.silence]
    stated = [value for value in variable.values if value.name not in silent]
    lines = [_group_line(definition, group, several) for group in definition.groups]
    lines += [
        Line(f"{definition.name}={value.name}", Level.VALUE, value, variable.name, (value.name,), several=several) for value in stated
    ]
    lines += [Line(f"{definition.name}={name}", Level.VALUE, variable.value(name), variable.name, (name,)) for name in silent]
    rest = NONE if several else MISSING
    return (*lines, Line(f"{definition.name}?", Level.MISSING, rest, variable.name, variable.names, several=several))


def _group_line(definition: Definition, group: Group, several: bool = False) -> Line:
    return Line(f"{definition.name}.{group.name}", Level.GROUP, group, definition.column, group.values, several=several)


def _grouped(definition: Definition) -> tuple[Line, ...]:
    """A line for each group, and one for what is in none of them."""
    values = tuple(value for group in definition.groups for value in group.values)
    missing = Line(f"{definition.name}?", Level.MISSING, MISSING, definition.column, values)
    return (*(_group_line(definition, group) for group in definition.groups), missing)


def _by_value(definition: Definition, cases: Sequence[Case]) -> tuple[Line, ...]:
    """A line for each of the most frequent values, one for the others together, one for what is missing."""
    counted = Counter(str(case.row[definition.column]) for case in cases if case.row[definition.column] not in (None, ""))
    shown = [value for value, _ in sorted(counted.items(), key=lambda item: (-item[1], item[0]))[: definition.most]]
    if definition.order == "value":
        shown.sort()
    rest = tuple(sorted(counted.keys() - set(shown)))
    lines = [Line(f"{definition.name}={value}", Level.VALUE, named(value), definition.column, (value,)) for value in shown]
    if rest:
        lines.append(Line(f"{definition.name}+", Level.GROUP, OTHER, definition.column, rest))
    return (*lines, Line(f"{definition.name}?", Level.MISSING, MISSING, definition.column, tuple(sorted(counted))))
