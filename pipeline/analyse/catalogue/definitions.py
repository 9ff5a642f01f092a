"""The definitions of `catalogue.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from pipeline.analyse.units import UNITS, Unit
from pipeline.codebook import Term, load
from pipeline.schema import CodebookError

KINDS = ("codes", "list", "values")
_REQUIRED = {"name", "zh", "en", "unit", "column", "kind"}
_OPTIONAL = {"note_zh", "note_en", "figure", "most", "order"}


@dataclass(frozen=True, slots=True)
class Definition(Term):
    """One table: units counted by the values of a column, for each type of attack.

    `kind`: "codes" are the codebook's values of the variable that the column is named after, "list" its members joined with commas (a
    unit counts in several lines), "values" whatever stands there, at most `most` lines by `order` ("frequency" or "value").
    `figure` is the number of the study's figure or table that it answers.
    """

    unit: Unit
    column: str
    kind: str
    note: Term
    figure: str = ""
    most: int = 12
    order: str = "frequency"


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
    if table["unit"] not in UNITS or table["kind"] not in KINDS:
        raise CodebookError(f"{where}: the unit is one of {', '.join(UNITS)}, the kind one of {', '.join(KINDS)}")
    if table["kind"] != "values":
        load()[table["column"]]
    extra = {key: table[key] for key in ("figure", "most", "order") if key in table}
    note = Term("note", table.get("note_zh", ""), table.get("note_en", ""))
    return Definition(table["name"], table["zh"], table["en"], UNITS[table["unit"]], table["column"], table["kind"], note, **extra)
