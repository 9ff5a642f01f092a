"""What is counted: documents, cases with all their instances, defendants, victims. Each is a relation of SQL with the same first columns."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.analyse.reading import EVERY, ONCE, Case, rows
from pipeline.codebook import Term
from pipeline.schema import AnjuanError


@dataclass(frozen=True, slots=True)
class Unit(Term):
    """What one row of a table's counts stands for. `relation` is a FROM item; {view} is `cases` or `cases_once`."""

    relation: str

    def of(self, view: str) -> str:
        """The relation over all judgments, or over each case once."""
        return self.relation.format(view=view)


_PARTY = "(SELECT p.*, c.in_scope, c.attack_type, c.attack_type_by, c.decided_on FROM {table} AS p JOIN {{view}} AS c ON c.judgment_id = p.judgment_id)"
_CHARGE = (
    "(SELECT h.judgment_id, h.defendant AS n, h.charge, c.in_scope, c.attack_type, c.attack_type_by, c.decided_on "
    "FROM charges AS h JOIN {view} AS c ON c.judgment_id = h.judgment_id)"
)
UNITS: Mapping[str, Unit] = {
    unit.name: unit
    for unit in (
        Unit("case", "案件", "Cases", "(SELECT *, substr(decided_on, 1, 4) AS year FROM {view})"),
        Unit("defendant", "被告人", "Defendants", _PARTY.format(table="defendants")),
        Unit("charge", "被告人的罪名", "Charges of defendants", _CHARGE),
        Unit("victim", "被害人", "Victims", _PARTY.format(table="victims")),
    )
}


def view_of(once: bool) -> str:
    """The view to count over: every judgment, or each case once."""
    return ONCE if once else EVERY


def unit_named(name: str) -> Unit:
    """The unit of that name; AnjuanError with the choices when there is none."""
    if name not in UNITS:
        raise AnjuanError(f"unknown unit {name!r}; choose one of: {', '.join(UNITS)}")
    return UNITS[name]


def records(connection: sqlite3.Connection, unit: Unit, view: str = EVERY) -> list[Case]:
    """The rows of a unit that are in scope, in the order of their judgments."""
    return [Case(row) for row in rows(connection, f"SELECT * FROM {unit.of(view)} WHERE in_scope = 1 ORDER BY judgment_id")]
