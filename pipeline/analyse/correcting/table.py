"""The table of estimates: each value of each variable, among all cases, those in scope and each type of attack, and between two types."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from pipeline.analyse.correcting.answers import MACHINE, SCOPE, TRUSTED
from pipeline.analyse.correcting.estimating import (
    NONE,
    Estimate,
    Fit,
    Share,
    coded_share,
    difference,
    fit,
    interval,
    machine_difference,
    machine_share,
    tuned,
)
from pipeline.analyse.correcting.evidence import Conditions, Evidence, gather
from pipeline.analyse.correcting.remarks import Remark
from pipeline.analyse.reading import Source, connection_of
from pipeline.analyse.tables import TOTAL, UNTYPED
from pipeline.codebook import Codebook, Term, Variable, load
from pipeline.schema import AnjuanError

VARIABLES = ("in_scope", "attack_type", "cause", "motive", "weapon_prepared", "alcohol", "relation")
BY = "attack_type"
IN_SCOPE: Conditions = ((SCOPE, "1"),)
EVERY = Term("every_case", "全部案件", "All cases")
MISSING = Term("missing", "未编码", "Not recorded")
_MOST_DIFFERENCES = 6  # groups: more make more pairs than anybody reads


@dataclass(frozen=True, slots=True)
class Column:
    """A domain: the cases that the share is of."""

    term: Term
    conditions: Conditions


@dataclass(frozen=True, slots=True)
class Row:
    """One share (`against` None) or the difference of two columns' shares, three times estimated.

    machine_count of machine_cases: what the machine counts; coded_count of coded_cases: hand-coded cases with the value, in the domain
    (in part where coders differ); judgments: the coded cases with the value; sql: finds the cases to which the machine gives the value.
    """

    variable: Variable
    value: Term
    column: Term
    against: Term | None
    machine: Estimate
    coded: Estimate
    corrected: Estimate
    tuning: float | None
    machine_count: int
    machine_cases: int
    coded_count: float
    coded_cases: float
    judgments: tuple[str, ...]
    sql: str


@dataclass(frozen=True, slots=True)
class Corrected:
    """The table with what must be said of it. `cases` in the frame, `coded` by hand, the `samples` used."""

    rows: tuple[Row, ...]
    remarks: tuple[Remark, ...]
    cases: int
    coded: int
    samples: tuple[int, ...]

    def row(self, variable: str, value: str, column: str, against: str | None = None) -> Row:
        """One row by the names of its variable, value and columns; KeyError when there is none."""
        for row in self.rows:
            other = None if row.against is None else row.against.name
            if (row.variable.name, row.value.name, row.column.name, other) == (variable, value, column, against):
                return row
        raise KeyError((variable, value, column, against))


@dataclass(frozen=True, slots=True)
class _Told:
    """A share with what each of the three voices makes of it."""

    column: Column
    share: Share
    conditions: Conditions
    coded: Fit | None
    corrected: Fit | None


def corrected_table(source: Source, variables: Sequence[str] = (), by: str = BY, samples: Sequence[int] = ()) -> Corrected:
    """All shares of these variables (none named: `VARIABLES`) and their differences between the groups of `by`.

    Raises:
        AnjuanError: for a variable without a closed list of values of the case (CodebookError for an unknown one), samples that cannot be
            combined, a database without cases.
    """
    codebook = load()
    wanted = [case_variable(codebook, name) for name in variables or VARIABLES]
    groups = case_variable(codebook, by)
    evidence = gather(connection_of(source), [*(variable.name for variable in wanted), groups.name], samples)
    rows = [row for variable in wanted for row in _rows(evidence, variable, groups)]
    coded = 0 if evidence.design is None else evidence.design.coded
    return Corrected(tuple(rows), evidence.remarks, len(evidence.cases), coded, evidence.samples)


def case_variable(codebook: Codebook, name: str) -> Variable:
    """A variable of the case with a closed list of values; AnjuanError otherwise."""
    variable = codebook[name]
    if "case" not in variable.units or not variable.names:
        there = ", ".join(each.name for each in codebook.of_unit("case") if each.names)
        raise AnjuanError(f"{name} has no closed list of values of the case; choose from: {there}")
    return variable


def terms(variable: Variable) -> tuple[Term, ...]:
    """The values of a variable as terms; of a flag yes and no; at the end "not recorded", whose value is ""."""
    flags = (Term("1", "是", "Yes"), Term("0", "否", "No"))
    return (*(variable.values or flags), MISSING)


def column_conditions(variable: Variable, value: Term) -> Conditions:
    """In scope and with this value; for the variable `in_scope` only the value."""
    held = (variable.name, "" if value is MISSING else value.name)
    return (held,) if variable.name == SCOPE else (*IN_SCOPE, held)


def _columns(variable: Variable, groups: Variable) -> list[Column]:
    """All cases, those in scope, and the groups."""
    if variable.name == SCOPE:
        return [Column(EVERY, ())]
    columns = [Column(EVERY, ()), Column(TOTAL, IN_SCOPE)]
    if variable.name == groups.name:
        return columns
    missing = UNTYPED if groups.name == BY else MISSING
    return columns + [Column(missing if value is MISSING else value, column_conditions(groups, value)) for value in terms(groups)]


def _rows(evidence: Evidence, variable: Variable, groups: Variable) -> list[Row]:
    found: list[Row] = []
    columns = _columns(variable, groups)
    present = [column for column in columns if column.term not in (UNTYPED, MISSING) or _occurs(evidence, column.conditions)]
    for value in _present(evidence, variable):
        told = [_tell(evidence, column, column_conditions(variable, value)) for column in present]
        found += [_share_row(evidence, variable, value, each) for each in told]
        apart = [each for each in told if each.column.term not in (EVERY, TOTAL, UNTYPED, MISSING)]
        if len(apart) <= _MOST_DIFFERENCES:
            found += [_difference_row(evidence, variable, value, one, other) for one, other in combinations(apart, 2)]
    return found


def _present(evidence: Evidence, variable: Variable) -> list[Term]:
    """All values; "not recorded" where it is true of any case."""
    return [value for value in terms(variable) if value is not MISSING or _occurs(evidence, column_conditions(variable, value))]


def _occurs(evidence: Evidence, conditions: Conditions) -> bool:
    indicator = evidence.indicator(conditions)
    speaks = all(variable in evidence.machine.answered for variable, _ in conditions)
    return bool((speaks and indicator.count) or indicator.people.any())


def _tell(evidence: Evidence, column: Column, conditions: Conditions) -> _Told:
    both = tuple(dict.fromkeys((*column.conditions, *conditions)))
    share = Share(evidence.indicator(both), evidence.indicator(column.conditions))
    if evidence.design is None:
        return _Told(column, share, both, None, None)
    corrected = tuned(evidence.design, share) if _machine_speaks(evidence, both) else fit(evidence.design, share, 0.0)
    return _Told(column, share, both, fit(evidence.design, share, 0.0), corrected)


def _machine_speaks(evidence: Evidence, conditions: Conditions) -> bool:
    return all(variable in evidence.machine.answered for variable, _ in conditions)


def _share_row(evidence: Evidence, variable: Variable, value: Term, told: _Told) -> Row:
    design = evidence.design
    return _row(
        evidence, variable, value, told, None,
        machine_share(told.share) if _machine_speaks(evidence, told.conditions) else NONE,
        NONE if design is None else coded_share(design, told.coded, told.share),
        NONE if design is None else interval(design, told.corrected),
    )  # fmt: skip


def _difference_row(evidence: Evidence, variable: Variable, value: Term, one: _Told, other: _Told) -> Row:
    design = evidence.design
    speaks = _machine_speaks(evidence, one.conditions)
    return _row(
        evidence, variable, value, one, other.column.term,
        machine_difference(one.share, other.share) if speaks else NONE,
        NONE if design is None else interval(design, difference(one.coded, other.coded), -1.0),
        NONE if design is None else interval(design, difference(one.corrected, other.corrected), -1.0),
    )  # fmt: skip


def _row(
    evidence: Evidence, variable: Variable, value: Term, told: _Told, against: Term | None,
    machine: Estimate, coded: Estimate, corrected: Estimate,
) -> Row:  # fmt: skip
    top, bottom = told.share.top, told.share.bottom
    held = evidence.places[np.flatnonzero(top.people > 0)]
    return Row(
        variable=variable,
        value=value,
        column=told.column.term,
        against=against,
        machine=machine,
        coded=coded,
        corrected=corrected,
        tuning=None if told.corrected is None or against is not None else told.corrected.tuning,
        machine_count=top.count,
        machine_cases=bottom.count,
        coded_count=float(top.people.sum()),
        coded_cases=float(bottom.people.sum()),
        judgments=tuple(evidence.cases[place] for place in held),
        sql=machine_sql(evidence.sql, told.conditions),
    )


def machine_sql(frame: str, conditions: Conditions) -> str:
    """The SELECT that finds the cases of the frame for which the machine's most trusted voice says all of this."""
    return " AND ".join([f"SELECT judgment_id FROM ({frame}) AS f WHERE 1", *(_said(*condition) for condition in conditions)])


def _said(variable: str, value: str) -> str:
    spoken = f"m.judgment_id = f.judgment_id AND m.unit = 'case' AND m.variable = '{variable}' AND {MACHINE}"
    if not value:
        return f"NOT EXISTS (SELECT 1 FROM labels AS m WHERE {spoken})"
    voice = f'SELECT m."by" FROM labels AS m WHERE {spoken} ORDER BY {TRUSTED.replace(",", " DESC,")} DESC LIMIT 1'
    return f"EXISTS (SELECT 1 FROM labels AS v WHERE v.judgment_id = f.judgment_id AND v.unit = 'case' AND v.variable = '{variable}' AND v.value = '{value}' AND v.\"by\" = ({voice}))"
