"""Filters of a search: `name:value` as an SQL condition on what the database knows of a judgment, its defendants and its victims."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from sqlite_utils import Database

from pipeline.codebook import Variable, load
from pipeline.schema import AnjuanError

Condition = tuple[str, list[str | int]]
ALIASES = {"type": "attack_type", "number": "case_number", "date": "decided_on"}
MISSING = "missing"  # the filter `type:missing` finds cases for which none is recorded
_RANGE = re.compile(r"(\d{1,9})(?:-(\d{1,9}))?", re.ASCII)
_TABLES = {"case": "cases", "defendant": "defendants", "victim": "victims"}


class Filters:
    """The filters that a database offers: every variable of the codebook that is a column, and year, source and charge."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def condition(self, name: str, value: str) -> Condition:
        """The condition for `name:value`, true or false and never NULL. AnjuanError for an unknown name or an impossible value."""
        if not value:
            raise AnjuanError(f'search: the filter "{name}:" needs a value, such as year:2018; {MISSING} for what is not recorded')
        name = ALIASES.get(name, name)
        if name == "year":
            return _between("CAST(substr(decided_on, 1, 4) AS INTEGER)", name, value)
        if name == "source":
            return "source = ?", [value]
        places = self._places.get(name)
        if places is None:
            known = ", ".join(sorted(["year", "source", *ALIASES, *self._places]))
            raise AnjuanError(f'search: there is no filter "{name}:"; put words with a colon into quotation marks; filters: {known}')
        made = [_on(table, *_test(load()[name], value)) for table in places]
        return f"({' OR '.join(sql for sql, _ in made)})", [parameter for _, parameters in made for parameter in parameters]

    @cached_property
    def _places(self) -> dict[str, list[str]]:
        """The tables in which each variable is a column."""
        found: dict[str, list[str]] = {}
        for variable, table in _candidates():
            if variable.name in self._db[table].columns_dict:
                found.setdefault(variable.name, []).append(table)
        return found


def _candidates() -> Iterator[tuple[Variable, str]]:
    for variable in load().variables.values():
        for unit in variable.units:
            yield variable, "charges" if variable.name == "charge" else _TABLES[unit]


def _on(table: str, test: str, parameters: list[str | int]) -> Condition:
    """A test of a column as a condition on the view `search`, which has the columns of `cases`."""
    if table == "cases":
        return test, parameters
    return f"judgment_id IN (SELECT judgment_id FROM {table} WHERE {test})", parameters


def _test(variable: Variable, value: str) -> Condition:
    """The test of the variable's column."""
    column = variable.name
    if value == MISSING and MISSING not in variable.names:
        return f"coalesce({column}, '') = ''", []
    match variable.kind if variable.names or variable.kind in ("integer", "date") else "text":
        case "integer":
            return _between(f"coalesce({column}, -1)", column, value)
        case "date":
            return f"substr(coalesce({column}, ''), 1, {len(value)}) = ?", [value]
        case "text":
            return f"instr(coalesce({column}, ''), ?) > 0", [value]
        case "list":
            return f"instr(',' || coalesce({column}, '') || ',', ?) > 0", [f",{_named(variable, value)},"]
        case "flag":
            return f"{column} IS ?", [int(_named(variable, value))]
    return f"{column} IS ?", [_named(variable, value)]


def _named(variable: Variable, value: str) -> str:
    """The name of a value that was typed as its name or as its label. AnjuanError, with the choices, for any other."""
    if value in variable.names:
        return value
    for each in variable.values:
        if value in (each.zh, each.en):
            return each.name
    choices = ", ".join([*variable.names, MISSING])
    raise AnjuanError(f'search: {variable.name} has no value "{value}"; choose one of: {choices}')


def _between(column: str, name: str, value: str) -> Condition:
    """A number or a range of numbers."""
    stated = _RANGE.fullmatch(value)
    if stated is None:
        raise AnjuanError(f'search: {name}:{value} is no number and no range such as "{name}:2015-2018"')
    return f"{column} BETWEEN ? AND ?", [int(stated[1]), int(stated[2] or stated[1])]
