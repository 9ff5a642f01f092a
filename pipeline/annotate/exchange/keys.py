"""What other tools call a field of a judgment, and words that support one of its values.

A field is `case.attack_type` or `victim:3.role`, the note on the whole case `case.`. Words are labelled with the field and the value,
`victim:3.role=nurse`; where values are free, with the field alone, or its n-th member: `defendant:1.charge#2`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.annotate.exchange.nouns import MalformedError
from pipeline.codebook import Codebook, Variable
from pipeline.schema import Entry

UNIT = r"case|(?:defendant|victim):[1-9][0-9]{0,8}"
_LABEL = re.compile(rf"(?P<unit>{UNIT})\.(?P<variable>\w*)(?:=(?P<value>.*)|#(?P<member>[1-9][0-9]*))?", re.DOTALL)


class Marked(NamedTuple):
    """What a label says: the field, and the value by its name or by its number among the values; None where it says neither."""

    unit: str
    variable: str
    value: str | None
    member: int | None


def field_name(unit: str, variable: str) -> str:
    """The name of a field."""
    return f"{unit}.{variable}"


def is_closed(variable: Variable | None) -> bool:
    """Whether the values of a variable are those that the codebook lists, so that a tool can offer them."""
    return variable is not None and bool(variable.names)


def label(codebook: Codebook, entry: Entry, value: str) -> str:
    """The label for words of an entry that support `value` ("" for none)."""
    name, variable = field_name(entry.unit, entry.variable), codebook.variables.get(entry.variable)
    if not value or value not in entry.values:
        return name
    if is_closed(variable):
        return f"{name}={value}"
    return f"{name}#{entry.values.index(value) + 1}" if len(entry.values) > 1 else name


def marked(name: str) -> Marked:
    """What a label says; MalformedError when it is none of anjuan's."""
    found = _LABEL.fullmatch(name)
    if found is None:
        raise MalformedError(f"'{name[:60]}' is no label of the codebook; labels are called 'case.attack_type=hatred' or 'victim:1.name'")
    return Marked(found["unit"], found["variable"], found["value"], int(found["member"]) if found["member"] else None)


def field(name: str) -> tuple[str, str]:
    """(unit, variable) of a field; MalformedError when it names a value, or is no field."""
    found = marked(name)
    if found.value is not None or found.member is not None:
        raise MalformedError(f"'{name[:60]}' must name a field without a value")
    return found.unit, found.variable


def value_of(said: Marked, values: Sequence[str]) -> str:
    """The value that words support, given all values of the field."""
    if said.value is not None:
        return said.value
    if said.member is not None:
        if said.member > len(values):
            raise MalformedError(f"words of value {said.member} of '{said.unit}.{said.variable}', which has {len(values)}")
        return values[said.member - 1]
    return values[0] if len(values) == 1 else ""
