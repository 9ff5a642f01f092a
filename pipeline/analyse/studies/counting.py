"""What a published figure is in a database: the count, what it is a share of, the judgments behind it and the SQL that finds them."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from pipeline.analyse.flow import count_answers
from pipeline.analyse.lines import Level
from pipeline.analyse.published import load_study
from pipeline.analyse.reading import EVERY, ONCE, cases_in_scope, rows
from pipeline.analyse.studies.measures import Figure, Measure
from pipeline.analyse.tables import TOTAL, UNTYPED, tabulate
from pipeline.analyse.units import UNITS
from pipeline.codebook import Variable, load
from pipeline.schema import AnjuanError

_CHARGES = "(judgment_id, n) {}IN (SELECT judgment_id, defendant FROM charges{})"


@dataclass(frozen=True, slots=True)
class Count:
    """`n` of `of` units with a value; `missing` more have none. `nested`: several units may belong to one case.

    `judgments`: those behind n, as found by `sql`; a judgment stands there once for each of its units.
    """

    n: int
    of: int
    missing: int
    judgments: tuple[str, ...]
    sql: str
    nested: bool = False


class Counter:
    """Counts figures over one open database, over every judgment in scope or over each case `once`."""

    def __init__(self, connection: sqlite3.Connection, once: bool = False) -> None:
        self.connection, self.view = connection, ONCE if once else EVERY
        cases = cases_in_scope(connection, self.view)
        self.answers = count_answers(cases)
        self.table_one = tabulate(cases, load(), load_study(), self.view)

    def count(self, figure: Figure) -> Count | None:
        """Our count for a figure; None where it has no measure. AnjuanError for a variable that the database does not hold."""
        if figure.measure is None:
            return None
        if figure.measure.line:
            return self._line(figure.measure.line, figure.type)
        return self._variable(figure.measure, figure.type)

    def _line(self, key: str, column: str) -> Count:
        """A cell of Table 1. Cases without a type have no part in the shares of types, cases without an answer in those of answers."""
        part = next(part for part in self.table_one.parts for row in part.rows if row.line.key == key)
        cell, typed = self.table_one.cell(key, column), UNTYPED.name
        if part.rows[0].line.level is Level.TOTAL:
            untyped = part.rows[0].cells[typed].n if typed in part.rows[0].cells and column != TOTAL.name else 0
            return Count(cell.n, cell.denominator - untyped, untyped, cell.judgments, cell.sql)
        missing = sum(row.cells[column].n for row in part.rows if row.line.level is Level.MISSING)
        return Count(cell.n, cell.denominator - missing, missing, cell.judgments, cell.sql, part.rows[0].line.counts_persons)

    def _variable(self, measure: Measure, column: str) -> Count:
        """The units with one of the values, or the cases with at least one such unit."""
        variable = load()[measure.variable]
        relation = UNITS[variable.unit].of(self.view)
        self._check_column(variable, relation)
        scope = self._scope(measure, column)
        held, known = _conditions(variable, measure)
        by_case = measure.count == "cases" and variable.unit != "case"
        what = "DISTINCT judgment_id" if by_case else "judgment_id"
        sql = f"SELECT {what} FROM {relation} WHERE {scope} AND {held}"
        judgments = tuple(str(row["judgment_id"]) for row in rows(self.connection, sql))
        whole = self._number(f"SELECT judgment_id FROM {self.view if by_case else relation} WHERE {scope}")
        of = self._number(f"SELECT {what} FROM {relation} WHERE {scope} AND {known}")
        return Count(len(judgments), of, whole - of, judgments, sql, measure.count != "cases")

    def _scope(self, measure: Measure, column: str) -> str:
        """The SQL for the units of the type, in the cases that the figure is about."""
        conditions = ["in_scope = 1"] if column == TOTAL.name else ["in_scope = 1", f"attack_type = '{column}'"]
        for name, values in measure.among:
            self._check_column(load()[name], self.view)
            held, _ = _conditions(load()[name], Measure("", name, values))
            conditions.append(f"judgment_id IN (SELECT judgment_id FROM {self.view} WHERE {held})")
        return " AND ".join(conditions)

    def _number(self, sql: str) -> int:
        return int(next(rows(self.connection, f"SELECT count(*) AS n FROM ({sql})"))["n"])

    def _check_column(self, variable: Variable, relation: str) -> None:
        columns = [column[0] for column in self.connection.execute(f"SELECT * FROM {relation} LIMIT 0").description]
        if variable.name not in columns and variable.name != "charge":
            raise AnjuanError(
                f"this database has no column for the variable '{variable.name}'; a figure on it needs no variable, but a label"
            )


def _conditions(variable: Variable, measure: Measure) -> tuple[str, str]:
    """The SQL for units with one of the values, and for units with any answer. An empty list is an answer."""
    values, silent = _listed(measure.values), _listed(("", *measure.leave_out))
    if variable.name == "charge":
        return _CHARGES.format("", f" WHERE charge IN ({values})"), _CHARGES.format("", f" WHERE charge NOT IN ({silent})")
    if variable.kind == "list":
        members = " OR ".join(f"instr(',' || {variable.name} || ',', {_listed((f',{value},',))})" for value in measure.values)
        return f"({members})", f"{variable.name} IS NOT NULL"
    text = f"CAST(coalesce({variable.name}, '') AS TEXT)"  # flags and months are numbers
    return f"{text} IN ({values})", f"{text} NOT IN ({silent})"


def _listed(values: tuple[str, ...]) -> str:
    return ", ".join("'{}'".format(value.replace("'", "''")) for value in values)
