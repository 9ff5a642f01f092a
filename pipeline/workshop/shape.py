"""The shape of a rule file, checked before the engine reads it, so that a slip of the pen is named with its line and its remedy."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from pipeline.schema import CodebookError
from pipeline.workshop.files import RuleFile

SCOPES = ("clause", "sentence")
_TEXT, _SENTENCES, _YES_NO, _NUMBER = "text in quotes", "a list of texts in quotes: [ ... , ... ]", "true or false", "a whole number"
_SHAPES: Mapping[str, str] = {
    "id": _TEXT,
    "value": _TEXT,
    "pattern": _TEXT,
    "scope": _TEXT,
    "note": _TEXT,
    "cancel": _SENTENCES,
    "sections": _SENTENCES,
    "speakers": _SENTENCES,
    "values": _SENTENCES,
    "hits": _SENTENCES,
    "misses": _SENTENCES,
    "negation": _YES_NO,
    "reach": _NUMBER,
    "priority": _NUMBER,
}
_PLACE = re.compile(r"\(?at line (\d+)")
_HEADER = "[[rule]]"


def check_shape(file: RuleFile) -> None:
    """Raise CodebookError, with line and remedy, for the first thing that makes the file unreadable as rules."""
    try:
        tables = file.tables
    except tomllib.TOMLDecodeError as error:
        place = _PLACE.search(str(error))
        line = int(place[1]) if place else len(file.text.splitlines())
        remedy = "check the quotes, brackets and commas there and just above; write patterns in single quotes '...'"
        raise CodebookError(f"{file.place}:{line}: not valid TOML: {error}; {remedy}") from error
    for line, complaint in chain(_headers(file, tables), _defaults(file, tables), _rules(file)):
        raise CodebookError(f"{file.place}:{line}: {complaint}")


def _headers(file: RuleFile, tables: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
    rules = tables.get("rule", [])
    if not rules:
        yield 1, f"this file holds no rule; a rule begins with {_HEADER} on a line of its own"
    elif not isinstance(rules, list) or not all(isinstance(rule, dict) for rule in rules):
        yield 1, f"`rule` must be written as {_HEADER} on a line of its own"
    elif sum(line.strip() == _HEADER for line in file.text.splitlines()) != len(rules):
        written = file.text.splitlines()
        odd = (file.line(i) for i in range(len(rules)) if written[file.line(i) - 1].strip() != _HEADER)
        yield next(odd, 1), f"write {_HEADER} alone on its line, without blanks inside or a comment behind it"


def _defaults(file: RuleFile, tables: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
    for key in ("sections", "speakers", "values"):
        if key in tables and not _is(_SENTENCES, tables[key]):
            yield _line(file, key), f"`{key}` must be {_SENTENCES}"


def _rules(file: RuleFile) -> Iterator[tuple[int, str]]:
    seen: dict[str, int] = {}
    for number, row in enumerate(file.rows):
        for key in row.keys() & _SHAPES.keys():
            if not _is(_SHAPES[key], row[key]):
                yield file.line(number, key), f"`{key}` must be {_SHAPES[key]}"
        if not row.get("hits"):
            yield file.line(number, "hits"), "this rule has no `hits`; add at least one sentence that it must find"
        if row.get("scope", SCOPES[0]) not in SCOPES:
            yield file.line(number, "scope"), f"unknown scope {row['scope']!r}; choose one of {', '.join(SCOPES)}"
        if (name := str(row.get("id", ""))) in seen:
            yield file.line(number, "id"), f"the id {name!r} is used on line {seen[name]} already; give this rule another"
        if name:
            seen[name] = file.line(number, "id")


def _is(shape: str, value: Any) -> bool:
    if shape == _SENTENCES:
        return isinstance(value, list) and all(isinstance(member, str) for member in value)
    kind = {_TEXT: str, _YES_NO: bool, _NUMBER: int}[shape]
    return type(value) is kind


def _line(file: RuleFile, key: str) -> int:
    return next((number for number, line in enumerate(file.text.splitlines(), 1) if line.split("=")[0].strip() == key), 1)
