"""The lines of Table 1: which cases each of them counts, as a test of a case and as SQL for the reader who wants to count again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

from pipeline.analyse.reading import Case
from pipeline.codebook import Codebook, Term, Value, Variable


class Level(StrEnum):
    """How a line is set: a total, a group of values, one value, or the cases for which nothing is recorded."""

    TOTAL = "total"
    GROUP = "group"
    VALUE = "value"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Line:
    """One line. `key` is "cause.outcome" for a group, "cause=payment" for a value, "cause?" for what is missing.

    `several`: the column holds a list, its members joined with commas.
    """

    key: str
    level: Level
    label: Term
    variable: str = ""
    values: tuple[str, ...] = ()
    counts_persons: bool = False
    several: bool = False

    def weight(self, case: Case) -> int:
        """What the case adds to the count: one, or its persons in the line's roles."""
        return sum(case.persons.get(role, 0) for role in self.values) if self.counts_persons else 1

    def total(self, cases: Sequence[Case]) -> int:
        """What the cases add to the count together."""
        return sum(map(self.weight, cases)) if self.counts_persons else len(cases)

    @property
    def condition(self) -> str:
        """The line as an SQL condition on the table `cases`."""
        if self.level is Level.TOTAL:
            return "1"
        listed = ", ".join("'{}'".format(value.replace("'", "''")) for value in self.values)
        negation = "NOT " if self.level is Level.MISSING else ""
        if self.several:
            members = " OR ".join(f"instr(',' || {self.variable} || ',', ',{value},')" for value in self.values)
            return f"{negation}({members})"
        if self.variable == "role":
            return f"judgment_id {negation}IN (SELECT judgment_id FROM victims WHERE role IN ({listed}))"
        return f"CAST(coalesce({self.variable}, '') AS TEXT) {negation}IN ({listed})"


class Answers:
    """What cases answer, read once for each variable: a table has dozens of lines about one."""

    def __init__(self, cases: Sequence[Case]) -> None:
        self._cases = cases
        self._read: dict[tuple[str, bool], dict[str, list[int]]] = {}

    def among(self, line: Line) -> list[Case]:
        """The cases that a line counts, in their order."""
        if line.level is Level.TOTAL:
            return list(self._cases)
        by_value = self._by_value(line.variable, line.several)
        held = set(chain.from_iterable(by_value[value] for value in line.values if value in by_value))
        if line.level is Level.MISSING:
            held = set(range(len(self._cases))) - held
        return [self._cases[number] for number in sorted(held)]

    def _by_value(self, variable: str, several: bool) -> dict[str, list[int]]:
        """The numbers of the cases that have each value."""
        if (variable, several) not in self._read:
            found = self._read[variable, several] = defaultdict(list)
            for number, case in enumerate(self._cases):
                for value in case.answers(variable, several):
                    found[value].append(number)
        return self._read[variable, several]


@dataclass(frozen=True, slots=True)
class Block:
    """Lines about one question. Percentages are of the cases in the column, or of the persons where the block counts persons."""

    key: str
    label: Term
    note: Term
    lines: tuple[Line, ...]


SHARES = Term("shares", "占该列案件的百分比", "Percent of the cases in the column")
SEVERAL = Term(
    "several",
    "有该身份被害人的案件；一案可有数项，百分比之和可超过 100",
    "Cases with at least one such victim; several are possible, so percentages may add to more than 100",
)
PERSONS = Term("persons", "占该列被害人人数的百分比", "Percent of the persons in the column")
ACROSS = Term("across", "占研究范围内全部案件的百分比", "Percent of all cases in scope")


def table_one_blocks(codebook: Codebook) -> tuple[Block, ...]:
    """The blocks of Table 1, with labels from the codebook."""
    cause, prepared, alcohol = codebook["cause"], codebook["weapon_prepared"], codebook["alcohol"]
    number = Line("cases", Level.TOTAL, Term("cases", "案件数", "Number of cases"))
    return (
        Block("cases", Term("cases", "案件", "Cases"), ACROSS, (number,)),
        Block("cause", cause, SHARES, _grouped_lines(cause)),
        Block("weapon_prepared", prepared, SHARES, _plain_lines(prepared)),
        Block("alcohol", alcohol, SHARES, _plain_lines(alcohol)),
        Block("worst_injury", codebook["worst_injury"], SHARES, _injury_lines(codebook["worst_injury"])),
        Block("role", Term("role", "被害人身份（案件）", "Victims' roles (cases)"), SEVERAL, _role_lines(codebook["role"])),
        Block("persons", Term("persons", "被害人身份（人数）", "Victims' roles (persons)"), PERSONS, _person_lines(codebook["role"])),
    )


def _value_line(variable: Variable, value: Value) -> Line:
    return Line(f"{variable.name}={value.name}", Level.VALUE, value, variable.name, (value.name,))


def _missing_line(variable: Variable) -> Line:
    label = Term("missing", "未编码", "Not recorded")
    return Line(f"{variable.name}?", Level.MISSING, label, variable.name, variable.names)


def _plain_lines(variable: Variable) -> tuple[Line, ...]:
    return (*(_value_line(variable, value) for value in variable.values), _missing_line(variable))


def _grouped_lines(variable: Variable) -> tuple[Line, ...]:
    """Each group, followed by its values where it has more than one."""
    lines: list[Line] = []
    for group in variable.groups:
        members = [value for value in variable.values if value.group == group.name]
        names = tuple(value.name for value in members)
        lines.append(Line(f"{variable.name}.{group.name}", Level.GROUP, group, variable.name, names))
        if len(members) > 1:
            lines += [_value_line(variable, value) for value in members]
    return (*lines, _missing_line(variable))


def _injury_lines(variable: Variable) -> tuple[Line, ...]:
    """Worst first, under the two bounds that the study reports: death or serious injury, slight injury or less."""
    least_to_worst = variable.ordered
    grave = Term("death_or_serious", "死亡或重伤", "Death or serious injury")
    light = Term("slight_or_less", "轻微伤及以下", "Slight injury or less")
    value = {name: _value_line(variable, variable.value(name)) for name in least_to_worst}
    return (
        Line("worst_injury.death_or_serious", Level.GROUP, grave, variable.name, ("death", "serious")),
        value["death"],
        value["serious"],
        Line("worst_injury=minor", Level.GROUP, variable.value("minor"), variable.name, ("minor",)),
        Line("worst_injury.slight_or_less", Level.GROUP, light, variable.name, ("slight", "none_or_unstated")),
        value["slight"],
        value["none_or_unstated"],
        _missing_line(variable),
    )


def _role_lines(variable: Variable) -> tuple[Line, ...]:
    staff = tuple(value.name for value in variable.values if value.staff)
    label = Term("staff", "医疗机构工作人员", "Staff of the institution")
    return (Line("role.staff", Level.GROUP, label, variable.name, staff), *_plain_lines(variable))


def _person_lines(variable: Variable) -> tuple[Line, ...]:
    """Heads, not cases; the harmed institution is no person."""
    staff = tuple(value.name for value in variable.values if value.staff)
    persons = [value for value in variable.values if value.name != "institution"]
    groups = [
        Line("persons.all", Level.GROUP, Term("all", "全部被害人", "All victims"), "role", tuple(value.name for value in persons), True),
        Line("persons.staff", Level.GROUP, Term("staff", "医疗机构工作人员", "Staff of the institution"), "role", staff, True),
    ]
    return (*groups, *(Line(f"persons={value.name}", Level.VALUE, value, "role", (value.name,), True) for value in persons))
