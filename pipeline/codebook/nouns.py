"""The nouns of a codebook: variables, their values and groups, terms with two labels, and the check of a value."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pipeline.schema import CodebookError

UNITS = ("case", "defendant", "victim")
KINDS = ("choice", "list", "flag", "integer", "text", "date")
FLAG_VALUES = ("0", "1")
LANGUAGES = ("zh", "en")

_SHAPES: Mapping[str, tuple[re.Pattern[str], str]] = {
    "flag": (re.compile(r"[01]"), "0 or 1"),
    "integer": (re.compile(r"-?\d+", re.ASCII), "a whole number"),
    "date": (re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?", re.ASCII), "a date such as 2018, 2018-03 or 2018-03-14"),
    "text": (re.compile(r".*", re.DOTALL), "text"),
}


@dataclass(frozen=True, slots=True)
class Term:
    """A name with its Chinese and English labels: a unit, a section, a speaker, a group of values."""

    name: str
    zh: str
    en: str

    def label(self, language: str) -> str:
        """The label in `language` ("zh" or "en")."""
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Value(Term):
    """One value of a choice or list variable. `order` ranks ordinal values (higher is more); `staff` marks roles of a medical institution."""

    definition_zh: str
    definition_en: str
    group: str = ""
    order: int | None = None
    staff: bool = False

    def definition(self, language: str) -> str:
        """The definition in `language` ("zh" or "en")."""
        return self.definition_zh if language == "zh" else self.definition_en


@dataclass(frozen=True, slots=True)
class Variable(Term):
    """One variable. `silence` is the value recorded when the text says nothing ("" stands for no value)."""

    units: tuple[str, ...]
    kind: str
    definition_zh: str
    definition_en: str
    silence: str
    silence_zh: str
    silence_en: str
    values: tuple[Value, ...] = ()
    groups: tuple[Term, ...] = ()
    defaults: tuple[str, ...] = ()
    scope_only: bool = False
    evidence: bool = False
    derived: bool = False

    @property
    def unit(self) -> str:
        """The first (mostly the only) unit that the variable describes."""
        return self.units[0]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the values, in the codebook's order; empty for open variables, 0 and 1 for flags."""
        return FLAG_VALUES if self.kind == "flag" else tuple(value.name for value in self.values)

    @property
    def ordered(self) -> tuple[str, ...]:
        """The names of the ranked values from least to most; empty when the variable is not ordinal."""
        ranked = [value for value in self.values if value.order is not None]
        return tuple(value.name for value in sorted(ranked, key=lambda value: value.order or 0))

    def definition(self, language: str) -> str:
        """The definition in `language` ("zh" or "en")."""
        return self.definition_zh if language == "zh" else self.definition_en

    def silence_meaning(self, language: str) -> str:
        """What silence of the text means, in `language` ("zh" or "en")."""
        return self.silence_zh if language == "zh" else self.silence_en

    def value(self, name: str) -> Value:
        """The value called `name`; CodebookError with the choices when there is none."""
        for value in self.values:
            if value.name == name:
                return value
        raise CodebookError(f"variable '{self.name}' has no value '{name}'; choose one of: {', '.join(self.names)}")

    def needs_quotation(self, value: str) -> bool:
        """Whether a label with `value` must quote the text: the variable asks for evidence and the value is no default."""
        return self.evidence and value != self.silence and value not in self.defaults

    def worst(self, names: list[str] | tuple[str, ...]) -> str:
        """The highest-ranked of `names` (an ordinal variable); `silence` when there is none."""
        ranked = self.ordered
        return max((name for name in names if name in ranked), key=ranked.index, default=self.silence)


@dataclass(frozen=True, slots=True)
class Codebook:
    """All variables and terms of one version. `fingerprint` changes with any change of the content (16 hexadecimal digits)."""

    version: str
    fingerprint: str
    variables: Mapping[str, Variable]
    units: Mapping[str, Term]
    sections: Mapping[str, Term]
    speakers: Mapping[str, Term]

    def __getitem__(self, name: str) -> Variable:
        """The variable called `name`; CodebookError with the nearest names when there is none."""
        if name in self.variables:
            return self.variables[name]
        near = difflib.get_close_matches(name, self.variables, n=3) or list(self.variables)
        raise CodebookError(f"unknown variable '{name}'; did you mean: {', '.join(near)}")

    def of_unit(self, unit: str) -> tuple[Variable, ...]:
        """The variables that describe `unit` (case, defendant or victim), in the codebook's order."""
        return tuple(variable for variable in self.variables.values() if unit in variable.units)

    def check(self, variable: str, value: str) -> None:
        """Raise CodebookError, listing the choices, unless `value` may be recorded for `variable`.

        A list variable is checked member by member: one label, one member. An empty value is allowed where silence is empty.
        """
        declared = self[variable]
        if value == "" and declared.silence == "":
            return
        if declared.values:
            declared.value(value)
        elif declared.kind in _SHAPES:
            _check_shape(declared, value)

    def labeller(self, language: str) -> Callable[[str, str], str]:
        """A function (variable, value) -> label in `language`; a value without a label is shown as it is."""
        table = {(v.name, x.name): x.label(language) for v in self.variables.values() for x in v.values}
        return lambda variable, value: table.get((variable, value), value)


def _check_shape(variable: Variable, value: str) -> None:
    pattern, wanted = _SHAPES[variable.kind]
    if not pattern.fullmatch(value):
        raise CodebookError(f"variable '{variable.name}' cannot be '{value}'; it takes {wanted}")
