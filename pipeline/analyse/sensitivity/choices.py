"""The defensible choices of `choices.toml`: for each a reason in both languages, and what it puts in the place of columns or units."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from pipeline.analyse.units import LIKE_CASES
from pipeline.codebook import Term, load
from pipeline.schema import CodebookError

_REQUIRED = {"name", "question", "zh", "en", "reason_zh", "reason_en"}
_EFFECTS = ({"replace"}, {"over", "by"}, {"out"}, {"unit"}, {"first"})


@dataclass(frozen=True, slots=True)
class Choice(Term):
    """One choice, in one of four ways.

    `replace`: SQL by column of `cases`, of a row c; `out`: the condition on which c is out of scope; `unit`: what is counted; `first`: the
    order by which one judgment stands for a case.
    """

    question: Term
    reason: Term
    replace: Mapping[str, str]
    out: str = ""
    unit: str = ""
    first: str = ""


@dataclass(frozen=True, slots=True)
class Extreme(Term):
    """Several choices made together."""

    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Choices:
    """All choices, one at a time, and the extremes."""

    single: tuple[Choice, ...]
    extremes: tuple[Extreme, ...]


@cache
def choices() -> Choices:
    """The choices that ship with anjuan, parsed once."""
    return parse_choices(files("pipeline.analyse.sensitivity").joinpath("choices.toml").read_text(encoding="utf-8"))


def parse_choices(text: str, file: str = "choices.toml") -> Choices:
    """Read choices; CodebookError names the choice that says something impossible."""
    data = tomllib.loads(text)
    questions = {table["name"]: Term(**table) for table in data["question"]}
    fragments: dict[str, str] = {}
    for name, sql in data["fragments"].items():
        fragments[name] = sql.format(**fragments)
    single = {table.get("name", "?"): _choice(table, questions, fragments, file) for table in data["choice"]}
    return Choices(tuple(single.values()), tuple(_extreme(table, single, file) for table in data["extreme"]))


def _choice(table: dict[str, Any], questions: Mapping[str, Term], fragments: Mapping[str, str], file: str) -> Choice:
    where = f"{file}: choice {table.get('name', '?')!r}"
    effect = table.keys() - _REQUIRED
    if missing := sorted(_REQUIRED - table.keys()):
        raise CodebookError(f"{where}: missing keys: {', '.join(missing)}")
    if effect not in _EFFECTS:
        raise CodebookError(f"{where}: needs one of replace, over with by, out, unit, first; has {', '.join(sorted(effect)) or 'none'}")
    if table["question"] not in questions or table.get("unit", "document") not in LIKE_CASES:
        raise CodebookError(f"{where}: the question is one of {', '.join(questions)}, the unit one of {', '.join(LIKE_CASES)}")
    return Choice(
        name=table["name"],
        zh=table["zh"],
        en=table["en"],
        question=questions[table["question"]],
        reason=Term("reason", table["reason_zh"], table["reason_en"]),
        replace=_replacements(table, fragments),
        out=" ".join(table.get("out", "").format(**fragments).split()),
        unit=table.get("unit", ""),
        first=table.get("first", ""),
    )


def _replacements(table: dict[str, Any], fragments: Mapping[str, str]) -> dict[str, str]:
    """SQL by column, its fragments filled in, on one line."""
    if "replace" in table:
        found = {column: sql.format(**fragments) for column, sql in table["replace"].items()}
    else:
        named = {column: {"column": column, "silence": load()[column].silence} for column in table.get("over", ())}
        found = {column: table["by"].format(**words, **fragments) for column, words in named.items()}
    return {column: " ".join(sql.split()) for column, sql in found.items()}


def _extreme(table: dict[str, Any], single: Mapping[str, Choice], file: str) -> Extreme:
    if unknown := [name for name in table["choices"] if name not in single]:
        raise CodebookError(f"{file}: extreme {table['name']!r}: no such choice: {', '.join(unknown)}")
    return Extreme(table["name"], table["zh"], table["en"], tuple(single[name] for name in table["choices"]))
