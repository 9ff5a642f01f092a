"""From the text of a codebook file to a `Codebook`; whatever is wrong is refused with the file's name and the line."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from typing import Any

from pipeline.codebook.lines import Path, toml_lines
from pipeline.codebook.nouns import KINDS, UNITS, Codebook, Term, Value, Variable
from pipeline.schema import CodebookError

Table = Mapping[str, Any]

_PLACE = re.compile(r"at line (\d+)")
_TERM_KEYS: dict[str, type] = {"name": str, "zh": str, "en": str}
_DEFINED_KEYS = _TERM_KEYS | {"definition_zh": str, "definition_en": str}
_VALUE_KEYS = _DEFINED_KEYS | {"group": str, "order": int, "staff": bool}
_VARIABLE_REQUIRED = _DEFINED_KEYS | {"units": list, "kind": str, "silence": str, "silence_zh": str, "silence_en": str}
_VARIABLE_OPTIONAL: dict[str, type] = {
    "scope_only": bool,
    "evidence": bool,
    "derived": bool,
    "defaults": list,
    "values_of": str,
    "group": list,
    "value": list,
}
_VARIABLE_KEYS = _VARIABLE_REQUIRED | _VARIABLE_OPTIONAL
_TOP_KEYS: dict[str, type] = {"version": str, "unit": list, "section": list, "speaker": list, "variable": list}


def fingerprint(text: str) -> str:
    """Hash of a codebook's text (16 hexadecimal digits), the same for all line ends. Needs no parsing."""
    return hashlib.blake2b("\n".join(text.splitlines()).encode(), digest_size=8).hexdigest()


def parse(text: str, file: str) -> Codebook:
    """Parse the TOML `text` of the codebook called `file` (used in messages); CodebookError names file and line."""
    return _Reader(text, file).codebook()


class _Reader:
    """One pass over one file; keeps the line numbers for its messages."""

    def __init__(self, text: str, file: str) -> None:
        self.file = file
        self.lines = toml_lines(text)
        self.fingerprint = fingerprint(text)
        try:
            self.data: Table = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            place = _PLACE.search(str(error))
            raise CodebookError(f"{file}:{place[1] if place else 1}: not valid TOML: {error}") from error

    def codebook(self) -> Codebook:
        self._keys((), self.data, _TOP_KEYS, _TOP_KEYS)
        variables: dict[str, Variable] = {}
        for index, table in enumerate(self.data["variable"]):
            variable = self._variable(("variable", index), table, variables)
            variables[variable.name] = variable
        terms = {kind: self._terms((kind,), self.data[kind]) for kind in ("unit", "section", "speaker")}
        return Codebook(
            version=self.data["version"],
            fingerprint=self.fingerprint,
            variables=variables,
            units=terms["unit"],
            sections=terms["section"],
            speakers=terms["speaker"],
        )

    def _variable(self, path: Path, table: Table, known: Mapping[str, Variable]) -> Variable:
        self._keys(path, table, _VARIABLE_KEYS, _VARIABLE_REQUIRED)
        self._one_of(path, "kind", table["kind"], KINDS)
        for unit in table["units"]:
            self._one_of(path, "units", unit, UNITS)
        if table["name"] in known:
            self._refuse((*path, "name"), f"variable '{table['name']}' is declared twice")
        groups = tuple(self._terms((*path, "group"), table.get("group", [])).values())
        values = self._values(path, table, groups, known)
        fields = {key: table[key] for key in (*_DEFINED_KEYS, "kind", "silence", "silence_zh", "silence_en")}
        flags = {key: table.get(key, False) for key in ("scope_only", "evidence", "derived")}
        defaults = tuple(table.get("defaults", ()))
        variable = Variable(**fields, **flags, units=tuple(table["units"]), values=values, groups=groups, defaults=defaults)
        self._check_values(path, variable)
        return variable

    def _values(self, path: Path, table: Table, groups: tuple[Term, ...], known: Mapping[str, Variable]) -> tuple[Value, ...]:
        if "values_of" in table:
            self._one_of(path, "values_of", table["values_of"], tuple(known))
            return known[table["values_of"]].values
        values: dict[str, Value] = {}
        for index, entry in enumerate(table.get("value", [])):
            place = (*path, "value", index)
            self._keys(place, entry, _VALUE_KEYS, _DEFINED_KEYS)
            if groups or "group" in entry:
                self._one_of(place, "group", entry.get("group", ""), tuple(group.name for group in groups))
            if entry["name"] in values:
                self._refuse((*place, "name"), f"value '{entry['name']}' of '{table['name']}' is declared twice")
            values[entry["name"]] = Value(**entry)
        return tuple(values.values())

    def _check_values(self, path: Path, variable: Variable) -> None:
        closed = variable.kind in ("choice", "list")
        if variable.kind == "choice" and len(variable.values) < 2:
            self._refuse(path, f"variable '{variable.name}' is a choice and needs at least two values")
        if variable.values and not closed:
            self._refuse(path, f"variable '{variable.name}' is of kind {variable.kind} and takes no values")
        for key, names in (("silence", (variable.silence,)), ("defaults", variable.defaults)):
            for name in names:
                if name and variable.names:
                    self._one_of(path, key, name, variable.names)

    def _terms(self, path: Path, tables: list[Table]) -> Mapping[str, Term]:
        terms: dict[str, Term] = {}
        for index, table in enumerate(tables):
            self._keys((*path, index), table, _TERM_KEYS, _TERM_KEYS)
            if table["name"] in terms:
                self._refuse((*path, index, "name"), f"{path[-1]} '{table['name']}' is declared twice")
            terms[table["name"]] = Term(**table)
        return terms

    def _keys(self, path: Path, table: Table, allowed: Mapping[str, type], required: Mapping[str, type]) -> None:
        if not isinstance(table, dict):
            self._refuse(path, f"expected a table, found {table!r}")
        for key, value in table.items():
            if key not in allowed:
                self._refuse((*path, key), f"unknown key '{key}'; known keys: {', '.join(allowed)}")
            if type(value) is not allowed[key]:
                self._refuse((*path, key), f"'{key}' must be {_type_name(allowed[key])}, not {_type_name(type(value))}")
        for key in required:
            if key not in table:
                self._refuse(path, f"key '{key}' is missing")

    def _one_of(self, path: Path, key: str, value: str, choices: tuple[str, ...]) -> None:
        if value not in choices:
            self._refuse((*path, key), f"unknown {key} '{value}'; choose one of: {', '.join(choices) or '(none declared)'}")

    def _refuse(self, path: Path, message: str) -> None:
        """Raise CodebookError for the line of `path`, else of the nearest table around it."""
        while path and path not in self.lines:
            path = path[:-1]
        raise CodebookError(f"{self.file}:{self.lines.get(path, 1)}: {message}")


def _type_name(kind: type) -> str:
    return {str: "a string", list: "a list", bool: "true or false", int: "a whole number", dict: "a table"}.get(kind, kind.__name__)
