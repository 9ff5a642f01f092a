"""The definitions of `catalogue.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

from pipeline.analyse.hours import TIMED
from pipeline.analyse.units import UNITS, Unit
from pipeline.codebook import Term, Variable, load
from pipeline.schema import CodebookError

KINDS = ("codes", "list", "values")
CHARTS = ("", "stacked", "shares", "counts", "columns")
_REQUIRED = {"name", "zh", "en", "unit", "column", "kind"}
_TERMS = {"note_zh", "note_en", "study_zh", "study_en"}
_PLAIN = {"figure", "most", "order", "section", "chart"}
_OPTIONAL = _TERMS | _PLAIN | {"group", "where"}
_GROUP = {"name", "zh", "en", "values"}
_NOTHING = Term("", "", "")


@dataclass(frozen=True, slots=True)
class Group(Term):
    """Values of a column that one line counts together."""

    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Definition(Term):
    """One table: units counted by the values of a column, for each type of attack.

    `kind`: "codes" are the codebook's values of the variable that the column is named after, "list" its members joined with commas (a
    unit counts in several lines), "values" whatever stands there, at most `most` lines by `order` ("frequency" or "value").
    `figure` is the number of the study's figure or table that it answers, `study` what the study reports there. `groups` are lines that
    count several values together. `section` and `chart` say where in the report the table stands and how it is drawn ("": not at all).
    """

    unit: Unit
    column: str
    kind: str
    note: Term
    figure: str = ""
    most: int = 12
    order: str = "frequency"
    study: Term = _NOTHING
    groups: tuple[Group, ...] = ()
    section: str = ""
    chart: str = ""


@cache
def catalogue() -> tuple[Definition, ...]:
    """The tables that ship with anjuan, in the order of the report."""
    return parse_catalogue(files("pipeline.analyse.catalogue").joinpath("catalogue.toml").read_text(encoding="utf-8"))


def parse_catalogue(text: str, file: str = "catalogue.toml") -> tuple[Definition, ...]:
    """Read definitions; CodebookError names the table that says something impossible."""
    found = tuple(_definition(table, file) for table in tomllib.loads(text)["table"])
    names = [definition.name for definition in found]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise CodebookError(f"{file}: declared twice: {', '.join(twice)}")
    return found


def _definition(table: dict[str, Any], file: str) -> Definition:
    where = f"{file}: table {table.get('name', '?')!r}"
    if wrong := sorted((_REQUIRED - table.keys()) | (table.keys() - _REQUIRED - _OPTIONAL)):
        raise CodebookError(f"{where}: missing or unknown keys: {', '.join(wrong)}")
    if table["unit"] not in _units() or table["kind"] not in KINDS or table.get("chart", "") not in CHARTS:
        raise CodebookError(
            f"{where}: the unit is one of {', '.join(_units())}, the kind one of {', '.join(KINDS)}, the chart one of {', '.join(CHARTS[1:])}"
        )
    known = _variable(table["column"], where).names if table["kind"] != "values" else None
    return Definition(
        name=table["name"],
        zh=table["zh"],
        en=table["en"],
        unit=_only(_units()[table["unit"]], table.get("where", {}), where),
        column=table["column"],
        kind=table["kind"],
        note=_term("note", table),
        study=_term("study", table),
        groups=tuple(_group(group, known, where) for group in table.get("group", ())),
        **{key: table[key] for key in _PLAIN & table.keys()},
    )


def _variable(name: str, where: str) -> Variable:
    try:
        return load()[name]
    except CodebookError as error:
        raise CodebookError(f"{where}: {error}") from error


def _units() -> dict[str, Unit]:
    return {**UNITS, TIMED.name: TIMED}


def _term(name: str, table: dict[str, Any]) -> Term:
    return Term(name, table.get(f"{name}_zh", ""), table.get(f"{name}_en", ""))


def _only(unit: Unit, wanted: dict[str, str], where: str) -> Unit:
    """The unit reduced to the rows in which the codebook's variables have the wanted values."""
    for variable, value in wanted.items():
        if value not in _variable(variable, where).names:
            raise CodebookError(f"{where}: {variable} has no value {value!r}")
        unit = replace(unit, relation=f"(SELECT * FROM {unit.relation} WHERE {variable} = '{value}')")
    return unit


def _group(table: dict[str, Any], known: tuple[str, ...] | None, where: str) -> Group:
    if table.keys() != _GROUP:
        raise CodebookError(f"{where}: a group has the keys {', '.join(sorted(_GROUP))}, no others")
    if known is not None and (wrong := sorted(set(table["values"]) - set(known))):
        raise CodebookError(f"{where}: group {table['name']!r}: the column has no value {', '.join(wrong)}")
    return Group(table["name"], table["zh"], table["en"], tuple(table["values"]))
