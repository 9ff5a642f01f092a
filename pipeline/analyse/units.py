"""What is counted: documents, cases, incidents, defendants, victims. Each is a relation of SQL with the same first columns."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.analyse.reading import EVERY, ONCE, Case, rows
from pipeline.codebook import Term
from pipeline.schema import AnjuanError


@dataclass(frozen=True, slots=True)
class Unit(Term):
    """What one row of a table's counts stands for. `relation` is a FROM item; {view} is `cases`, `cases_once` or a relation like them.

    `itself`: the unit says what becomes of copies and instances, so that it is the same over all judgments and over each case once.
    """

    relation: str
    itself: bool = False

    def of(self, view: str) -> str:
        """The relation over all judgments, over each case once, or over another relation with the columns of `cases`."""
        return self.relation.format(view=EVERY if self.itself and view == ONCE else view)


_CASE = "(SELECT *, substr(decided_on, 1, 4) AS year FROM {view})"
_PARTY = "(SELECT p.*, c.in_scope, c.attack_type, c.attack_type_by, c.decided_on FROM {table} AS p JOIN {{view}} AS c ON c.judgment_id = p.judgment_id)"
_CHARGE = (
    "(SELECT h.judgment_id, h.defendant AS n, h.charge, c.in_scope, c.attack_type, c.attack_type_by, c.decided_on "
    "FROM charges AS h JOIN {view} AS c ON c.judgment_id = h.judgment_id)"
)
# Of copies and of the instances of one case the earliest judgment in scope, as in the view cases_once; here over any relation.
_CHAIN = """(SELECT * FROM (SELECT *, row_number() OVER (
    PARTITION BY coalesce(chain_id, judgment_id) ORDER BY in_scope IS NOT 1, duplicate_of IS NOT NULL, decided_on = '', decided_on, judgment_id
) AS in_chain FROM {view}) WHERE in_chain = 1)"""
_CHAIN = " ".join(_CHAIN.split())
# Documents that tell of one act. The documents of one chain do. So do two chains, such as those of accomplices who were tried apart, that give
# the same full date, lie in the same city (without one the municipality, else the court), and share the name of a defendant or of a victim.
# Names are those that any voice but the defence gives. A name of nothing but a mask (某某, ×××) says nothing, nor does a masked one of an
# institution; a surname does (张某): two attacks on one day in one city by two people of that surname are rarer than one that is told twice.
# Links hang on the least chain of each name, and only chains without a lesser neighbour are followed, so that the work grows with their number.
_INCIDENT = """(WITH scoped AS (
    SELECT *, coalesce(chain_id, judgment_id) AS chain, CASE WHEN incident_on GLOB '[12][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]' THEN
        incident_on || '|' || CASE WHEN city <> '' THEN nullif(province, '') || city
            WHEN province IN ('北京市', '天津市', '上海市', '重庆市') THEN province ELSE nullif(court, '') END END AS scene
    FROM {view} WHERE in_scope = 1
), named AS (
    SELECT DISTINCT s.chain, s.scene || '|' || substr(l.unit, 1, 3) || '|' || l.value AS name
    FROM scoped AS s JOIN labels AS l ON l.judgment_id = s.judgment_id AND l.variable = 'name' AND l."by" <> 'defence'
    WHERE s.scene IS NOT NULL AND l.value NOT IN ('', '无名氏', '被害人', '被告人') AND l.value NOT GLOB '[某×*＊XxＸ]*'
        AND NOT (l.value GLOB '*[某×*＊XxＸ]*' AND l.value GLOB '*[院所站心室]')
), hubs AS (
    SELECT name, min(chain) AS hub FROM named GROUP BY name HAVING count(*) > 1
), links AS (
    SELECT n.chain AS a, h.hub AS b FROM hubs AS h JOIN named AS n ON n.name = h.name AND n.chain <> h.hub
    UNION SELECT h.hub, n.chain FROM hubs AS h JOIN named AS n ON n.name = h.name AND n.chain <> h.hub
), reached (root, chain) AS (
    SELECT a, a FROM links GROUP BY a HAVING min(b) > a
    UNION SELECT r.root, l.b FROM reached AS r JOIN links AS l ON l.a = r.chain
), roots AS (SELECT chain, min(root) AS root FROM reached GROUP BY chain)
SELECT * FROM (SELECT s.*, coalesce(r.root, s.chain) AS incident_id, row_number() OVER (
    PARTITION BY coalesce(r.root, s.chain) ORDER BY s.duplicate_of IS NOT NULL, s.decided_on = '', s.decided_on, s.judgment_id
) AS in_incident FROM scoped AS s LEFT JOIN roots AS r ON r.chain = s.chain) WHERE in_incident = 1)"""
_INCIDENT = " ".join(_INCIDENT.split())

UNITS: Mapping[str, Unit] = {
    unit.name: unit
    for unit in (
        Unit("case", "案件", "Cases", _CASE),
        Unit("document", "文书", "Documents", _CASE, itself=True),
        Unit("chain", "案件（各审级合并）", "Cases with all their instances", _CASE.format(view=_CHAIN), itself=True),
        Unit("incident", "事件", "Incidents", _CASE.format(view=_INCIDENT), itself=True),
        Unit("defendant", "被告人", "Defendants", _PARTY.format(table="defendants")),
        Unit("charge", "被告人的罪名", "Charges of defendants", _CHARGE),
        Unit("victim", "被害人", "Victims", _PARTY.format(table="victims")),
    )
}
LIKE_CASES: Mapping[str, str] = {"document": "{view}", "chain": _CHAIN, "incident": _INCIDENT}  # their rows have the columns of `cases`
PARTIES = ("defendant", "charge", "victim")  # several rows of a judgment, numbered by n


def view_in(unit: str, view: str = EVERY) -> str:
    """The view that holds each document, each case (chain) or each incident once: any table can be counted over it.

    Raises:
        AnjuanError: for another unit, naming these.
    """
    if unit not in LIKE_CASES:
        raise AnjuanError(f"cannot count by {unit!r}; choose one of: {', '.join(LIKE_CASES)}")
    return LIKE_CASES[unit].format(view=view)


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
