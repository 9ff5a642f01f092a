"""Tables as statistical programs want them: numbers with value labels, lists as one 0/1 variable for each member, dates as numbers too.

What is missing stays apart from what the text does not mention: `not_mentioned`, `unclear` and `unstated` are values of the codebook with a
number and a label; no value at all is the program's own missing value; a variable that is coded only in scope is "not coded" elsewhere.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline.analyse.dictionary import Column
from pipeline.analyse.export.json_lines import members
from pipeline.analyse.export.selection import Row, Selected
from pipeline.codebook import load
from pipeline.schema import AnjuanError

LONGEST_NAME = 28  # Stata takes 32, of which ReadStat needs up to four for the number of a set of value labels; SPSS takes 64
LONGEST_STEM = 13  # of the variables for the members of a list
LONGEST_LABEL = 80  # Stata's; SPSS takes 256 bytes, which 80 Chinese characters stay under
# Words that are no names of variables in Stata or in SPSS (in lower case).
_RESERVED = frozenset(
    {"all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"}
    | {"byte", "double", "float", "if", "in", "int", "long", "strl", "using"}
)
NOT_CODED = {"zh": "不在研究范围，未编码", "en": "Out of scope, not coded"}
PARTS = {"day": {"zh": "日期", "en": "as a date"}, "year": {"zh": "年", "en": "year"}}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class NotCoded:
    """Stands in a column for a variable that is coded only in scope, where the case is out of scope."""


Value = float | str | type[NotCoded] | None


@dataclass(slots=True)
class Variable:
    """One variable of the file. `kind`: "number", "integer", "code" (a number with labels), "day" (since 1970-01-01) or
    "text"."""

    name: str
    label: str
    kind: str
    read: Callable[[Row], Value]
    labels: dict[int, str] = field(default_factory=dict)
    scope_only: bool = False


def variables(table: Selected, language: str) -> list[Variable]:
    """The variables that a table becomes. Reading its rows may add labels, for values that only an older codebook had."""
    places = {column.name: n for n, column in enumerate(table.columns)}
    scope = places.get("in_scope")
    found = [each for column in table.columns for each in _variables(column, places[column.name], scope, language)]
    return _named(found)


def _variables(column: Column, place: int, scope: int | None, language: str) -> Iterator[Variable]:
    if column.type == "list" and column.choices:
        yield Variable(column.name, column.label, "text", _text(place))
        yield from _indicators(column, place, language)
    elif column.choices:
        yield _coded(column, place, scope)
    elif column.type in ("integer", "real"):
        yield Variable(column.name, column.label, "integer" if column.type == "integer" else "number", lambda row: row[place])
    else:
        yield Variable(column.name, column.label, "text", _text(place))
        if column.type == "date":
            yield Variable(f"{column.name}_day", _part(column, "day", language), "day", _day(place))
            yield Variable(f"{column.name}_year", _part(column, "year", language), "integer", _year(place))


def _part(column: Column, part: str, language: str) -> str:
    return f"{column.label}（{PARTS[part][language]}）" if language == "zh" else f"{column.label}, {PARTS[part][language]}"


def _text(place: int) -> Callable[[Row], Value]:
    return lambda row: "" if row[place] is None else str(row[place])


def _day(place: int) -> Callable[[Row], Value]:
    """Days since 1970-01-01 of a date that is known to the day."""
    first = datetime.date(1970, 1, 1)

    def read(row: Row) -> Value:
        try:
            known = _DAY.fullmatch(row[place] or "")
            return (datetime.date.fromisoformat(known[0]) - first).days if known else None
        except ValueError:  # the 30th of February, as printed
            return None

    return read


def _year(place: int) -> Callable[[Row], Value]:
    return lambda row: int(row[place][:4]) if (row[place] or "")[:4].isdecimal() else None


def _coded(column: Column, place: int, scope: int | None) -> Variable:
    """A closed column: flags keep 0 and 1, other values are numbered from 1 in the codebook's order."""
    if column.type == "flag":
        labels = {int(value): label for value, label in column.choices.items()}
        return Variable(column.name, column.label, "code", lambda row: row[place], labels)
    numbers = {value: n for n, value in enumerate(column.choices, 1)}
    labels = dict(enumerate(column.choices.values(), 1))
    scope_only = scope is not None and bool(column.variable) and load()[column.variable].scope_only

    def read(row: Row) -> Value:
        value = row[place]
        if not value:
            return NotCoded if scope_only and scope is not None and row[scope] == 0 else None
        if value not in numbers:
            numbers[value] = len(numbers) + 1
            labels[numbers[value]] = str(value)
        return numbers[value]

    return Variable(column.name, column.label, "code", read, labels, scope_only)


def _indicators(column: Column, place: int, language: str) -> Iterator[Variable]:
    """One 0/1 variable for each member that a list may have, called by the first words of the list's name and the member's."""
    yes_no = {0: "否", 1: "是"} if language == "zh" else {0: "no", 1: "yes"}
    colon = "：" if language == "zh" else ": "
    stem = column.name if len(column.name) <= LONGEST_STEM else column.name[: LONGEST_STEM + 1].rpartition("_")[0]
    for value, label in column.choices.items():
        yield Variable(f"{stem}_{value}", f"{column.label}{colon}{label}", "code", _holds(place, value), dict(yes_no))


def _holds(place: int, value: str) -> Callable[[Row], Value]:
    return lambda row: None if row[place] is None else int(value in members(row[place]))


def _named(found: list[Variable]) -> list[Variable]:
    """The variables with names and labels that both programs take. AnjuanError when two would have the same name."""
    seen: set[str] = set()
    for variable in found:
        name = variable.name[:LONGEST_NAME]
        variable.name = f"{name[: LONGEST_NAME - 2]}_1" if name.lower() in _RESERVED else name
        variable.label = variable.label[:LONGEST_LABEL]
        if variable.name.lower() in seen:
            raise AnjuanError(f"two columns would be called {variable.name} in a file of this form: choose another --form")
        seen.add(variable.name.lower())
    return found


def columns(table: Selected, wanted: Sequence[Variable]) -> Mapping[str, list[Value]]:
    """The values of each variable by its name. Holds the whole table in memory."""
    filled: dict[str, list[Value]] = {variable.name: [] for variable in wanted}
    readers = [(filled[variable.name].append, variable.read) for variable in wanted]
    for row in table.rows():
        for append, read in readers:
            append(read(row))
    return filled


def as_numbers(values: Sequence[Value], not_coded: Any, offset: int = 0, unit: int = 1) -> list[Any]:
    """Values of a variable of numbers: none is NaN, `NotCoded` is `not_coded`; the others are moved by `offset` and multiplied by `unit`."""
    missing = float("nan")
    return [
        missing if value is None else not_coded if value is NotCoded else (float(value) + offset) * unit  # type: ignore[arg-type]
        for value in values
    ]
