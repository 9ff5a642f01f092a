"""How many units of each kind there are, and for how many of them each table of the catalogue has something stated."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

from pipeline.analyse.catalogue import Definition, catalogue, count, count_all
from pipeline.analyse.catalogue.counting import NO_STUDY
from pipeline.analyse.figures import percentage
from pipeline.analyse.lines import Block, Level, Line
from pipeline.analyse.reading import EVERY, ONCE
from pipeline.analyse.tables import TOTAL, UNTYPED, Cell, Part, Row, Table, tabulate
from pipeline.analyse.units import LIKE_CASES, PARTIES, UNITS, Unit, records, view_in
from pipeline.codebook import Term, load
from pipeline.schema import AnjuanError

UNITS_BLOCK = Term("units", "计数单位", "Units of analysis")
_NOTE = Term("note", "占研究范围内同一单位总数的百分比", "Percent of all units of the kind in scope")
_OF = {"zh": "计数对象", "en": "Counts"}
_STATED = {"zh": "{0}/{1}", "en": "{0} of {1}"}


def counted_units() -> Iterator[tuple[Unit, str, Term]]:
    """Every unit with the view to count it over: documents, cases and incidents; parties over all documents and over each case once."""
    for name in LIKE_CASES:
        yield UNITS[name], EVERY, UNITS[name]
    for name in PARTIES:
        unit = UNITS[name]
        yield unit, EVERY, Term(name, f"{unit.zh}（各文书相加）", f"{unit.en}, of all documents")
        yield unit, ONCE, Term(f"{name}.once", f"{unit.zh}（每案一次）", f"{unit.en}, each case once")


def unit_table(connection: sqlite3.Connection) -> Table:
    """One row for each unit of analysis, its number by type of attack and in total; each cell with its judgments and SQL."""
    found = []
    for unit, view, term in counted_units():
        block = Block(term.name, term, _NOTE, (Line(term.name, Level.TOTAL, term),))
        table = tabulate(records(connection, unit, view), load(), NO_STUDY, unit.of(view), (block,))
        found.append((table.parts[0].rows[0], unit.of(view)))
    untyped = [UNTYPED] if any(UNTYPED.name in row.cells for row, _ in found) else []
    columns = (*load()["attack_type"].values, *untyped, TOTAL)
    whole = tuple(Row(row.line, {term.name: row.cells.get(term.name) or _no_untyped(row, view) for term in columns}) for row, view in found)
    block = Block(UNITS_BLOCK.name, UNITS_BLOCK, _NOTE, tuple(row.line for row in whole))
    return Table(columns, (Part(block, whole),), NO_STUDY)


def _no_untyped(row: Row, view: str) -> Cell:
    types = ", ".join(f"'{name}'" for name in load()["attack_type"].names)
    sql = f"SELECT judgment_id FROM {view} WHERE in_scope = 1 AND coalesce(attack_type, '') NOT IN ({types})"
    return Cell(0, row.cells[TOTAL.name].denominator, (), sql)


def count_in(connection: sqlite3.Connection, definition: Definition, unit: str) -> Table:
    """A table of the catalogue over each document, each case (chain) or each incident once; its parties are those of the judgments counted.

    Raises:
        AnjuanError: for an unknown unit, and for incidents in a table of parties: accomplices tried apart stand in different documents.
    """
    if unit not in units_for(definition):
        raise AnjuanError(f"table {definition.name!r} cannot be counted by {unit!r}; choose one of: {', '.join(units_for(definition))}")
    return count(connection, definition, view_in(unit))


def units_for(definition: Definition) -> tuple[str, ...]:
    """The units by which a table can be counted."""
    return tuple(name for name in LIKE_CASES if name != "incident" or definition.unit.name not in PARTIES)


def table_sizes(connection: sqlite3.Connection, language: str = "en", words: bool = False) -> list[dict[str, Any]]:
    """A row for each table of the catalogue: how many rows it counts by each unit, and for how many of them something is stated.

    In `words` as labels and "71 of 163", else as keys and numbers; None where the table cannot be counted by the unit.
    """
    found = []
    tables = {unit: count_all(connection, view_in(unit)) for unit in LIKE_CASES}
    for definition in catalogue():
        sizes = {unit: _size(tables[unit][definition.name]) if unit in units_for(definition) else None for unit in LIKE_CASES}
        if words:
            row: dict[str, Any] = {"": definition.label(language), _OF[language]: definition.unit.label(language)}
            row |= {UNITS[unit].label(language): "–" if size is None else _STATED[language].format(*size) for unit, size in sizes.items()}
        else:
            row = {"table": definition.name, "label": definition.label(language), "counts": definition.unit.name}
            row |= {
                key: value
                for unit, size in sizes.items()
                for key, value in zip((f"{unit}_stated", unit), size or (None, None), strict=True)
            }
        found.append(row)
    return found


def _size(table: Table) -> tuple[int, int]:
    """For how many rows the text states something, and how many there are."""
    number, block = table.parts
    total = number.rows[0].cells[TOTAL.name].n
    return total - sum(row.cells[TOTAL.name].n for row in block.rows if _says_nothing(row.line)), total


def _says_nothing(line: Line) -> bool:
    """Whether a line counts what is missing, or the value that the codebook records where a text is silent."""
    variable = load().variables.get(line.variable)
    return line.level is Level.MISSING or (variable is not None and variable.silence != "" and line.values == (variable.silence,))


def unit_rows(connection: sqlite3.Connection, language: str = "en", words: bool = True) -> list[dict[str, Any]]:
    """A row for each unit with its numbers; in `words` as labels and shares, else as keys, with the SQL of the total."""
    found: list[dict[str, Any]] = []
    table = unit_table(connection)
    for row in table.parts[0].rows:
        name = row.line.label.label(language)
        if words:
            found.append({"": name} | {term.label(language): _counted(row.cells[term.name]) for term in table.columns})
        else:
            numbers = {term.name: row.cells[term.name].n for term in table.columns}
            found.append({"unit": row.line.key, "label": name} | numbers | {"sql": row.cells[TOTAL.name].sql})
    return found


def _counted(cell: Cell) -> str:
    return f"{cell.n} ({percentage(cell.n, cell.denominator)}%)" if cell.n else "0"
