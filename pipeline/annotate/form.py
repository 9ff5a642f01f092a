"""The coders' form: which variables are asked, in which order and groups, and how far a coding of one judgment has come."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pipeline.codebook import Codebook, Term, Variable, load
from pipeline.schema import AnjuanError, CodebookError, Entry

CASE = "case"
OUTSIDE = "0"  # the gate's value out of scope


@dataclass(frozen=True, slots=True)
class Group(Term):
    """Fields that stand together. A group of another unit than the case is repeated for each person; `least`: how many there must be."""

    unit: str
    fields: tuple[Variable, ...]
    optional: frozenset[str]
    least: int = 0

    @property
    def required(self) -> tuple[Variable, ...]:
        """The fields that may not stay empty."""
        return tuple(field for field in self.fields if field.name not in self.optional)


@dataclass(frozen=True, slots=True)
class Form:
    """The groups in the order of the page; `gate` is the variable that opens all others."""

    gate: str
    groups: tuple[Group, ...]

    def of_unit(self, unit: str) -> tuple[Group, ...]:
        """The groups that describe `unit` (case, victim or defendant)."""
        return tuple(group for group in self.groups if group.unit == unit)


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a coding has come: `filled` of `asked` questions about the case, and what a coder should look at before leaving.

    `missing`: (unit, variable) without a value; (unit, "") where a person of that unit must be added.
    `unquoted`: (unit, variable) whose value needs words of the text and has none.
    """

    filled: int
    asked: int
    missing: tuple[tuple[str, str], ...]
    unquoted: tuple[tuple[str, str], ...]


@cache
def load_form() -> Form:
    """The form that ships with anjuan, for the codebook that ships with it."""
    text = files("pipeline.annotate").joinpath("form.toml").read_text(encoding="utf-8")
    return parse_form(text, load())


def parse_form(text: str, codebook: Codebook, name: str = "form.toml") -> Form:
    """Read a form; AnjuanError names the file and group where it asks what the codebook does not have."""
    try:
        data = tomllib.loads(text)
        form = Form(data["gate"], tuple(_group(table, codebook) for table in data["group"]))
    except tomllib.TOMLDecodeError as error:
        raise AnjuanError(f"{name}: {error}") from error
    except (CodebookError, AnjuanError) as error:
        raise AnjuanError(f"{name}: {error}") from error
    except KeyError as error:
        raise AnjuanError(f"{name}: {error.args[0]!r} is missing") from error
    if form.gate not in {field.name for group in form.groups for field in group.fields}:
        raise AnjuanError(f"{name}: no group asks the gate {form.gate!r}")
    return form


def _group(table: Mapping[str, object], codebook: Codebook) -> Group:
    name, unit, names, optional = str(table["name"]), str(table["unit"]), table["fields"], table.get("optional", [])
    if not isinstance(names, list) or not isinstance(optional, list):
        raise AnjuanError(f"group {name!r}: fields and optional are lists of variables")
    fields = tuple(codebook[field] for field in names)
    for field in fields:
        if unit not in field.units or field.derived:
            raise AnjuanError(f"group {name!r}: {field.name!r} cannot be asked of a {unit}")
    if strange := set(optional) - set(names):
        raise AnjuanError(f"group {name!r}: optional names {sorted(strange)[0]!r}, which is not among its fields")
    return Group(name, str(table["zh"]), str(table["en"]), unit, fields, frozenset(optional), int(str(table.get("least", 0))))


def standing(form: Form, entries: Iterable[Entry]) -> Standing:
    """How far a coder's entries for one judgment answer the form."""
    given = {(entry.unit, entry.variable): entry for entry in entries if entry.values}
    gate = given.get((CASE, form.gate))
    outside = gate is not None and gate.values == (OUTSIDE,)
    groups = [group for group in form.groups if not outside or form.gate in {field.name for field in group.fields}]
    asked = [(unit, field) for group in groups for unit in _units(group, given) for field in group.required]
    case = [field for unit, field in asked if unit == CASE]
    return Standing(
        filled=sum((CASE, field.name) in given for field in case),
        asked=len(case),
        missing=(*((unit, field.name) for unit, field in asked if (unit, field.name) not in given), *_too_few(groups, given)),
        unquoted=tuple(_unquoted(groups, given)),
    )


def _units(group: Group, given: Mapping[tuple[str, str], Entry]) -> Sequence[str]:
    """The units that a group is asked of: the case, or every person of whom something has been said."""
    if group.unit == CASE:
        return (CASE,)
    return sorted({unit for unit, _ in given if unit.startswith(f"{group.unit}:")}, key=lambda unit: int(unit.partition(":")[2]))


def _too_few(groups: Iterable[Group], given: Mapping[tuple[str, str], Entry]) -> Iterable[tuple[str, str]]:
    return ((group.unit, "") for group in groups if len(_units(group, given)) < group.least)


def _unquoted(groups: Iterable[Group], given: Mapping[tuple[str, str], Entry]) -> Iterable[tuple[str, str]]:
    """What needs a quotation and has none, in the order of the form."""
    for group in groups:
        for unit in _units(group, given):
            for field in group.fields:
                entry = given.get((unit, field.name))
                if entry and not entry.words and any(field.needs_quotation(value) for value in entry.values):
                    yield unit, field.name
