"""Recognisers as data: a TOML file of patterns, each with sentences that it must change and sentences that it must leave alone."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from pipeline.codebook import toml_lines
from pipeline.schema import CodebookError

_KEYS = {"id", "pattern", "put", "grow", "everywhere", "hits", "misses"}
_TERM = re.compile(r"\{\{(\w+)\}\}")
_REPLACED = ("it", "bare", "quoted")  # groups that hold what is to be replaced
KNOWN = "\ue000"  # stands for every name that is known already, in the patterns that tell one name by another
GROWTHS = ("institution", "hospital", "address")


@dataclass(frozen=True, slots=True)
class Recogniser:
    """A pattern over the reading view. `put` stands in the place of its groups `it`, `bare` and `quoted`, or of all that it matches.

    Without `put` the match is a name of a person, or a list of names; with `grow` it is where an institution or an address ends or
    begins, and the masker finds the rest of it. What it finds is replaced `everywhere` it stands, if so told.
    """

    id: str
    expression: re.Pattern[str]
    put: str | None
    grow: str
    everywhere: bool
    hits: tuple[tuple[str, str], ...]
    misses: tuple[str, ...]

    @property
    def beside(self) -> bool:
        """Whether it tells a name by another that is known already."""
        return KNOWN in self.expression.pattern

    def matches(self, view: str) -> Iterator[tuple[re.Match[str], int, int]]:
        """(match, start, end) of what is to be replaced."""
        groups = [self.expression.groupindex[name] for name in _REPLACED if name in self.expression.groupindex]
        for match in self.expression.finditer(view):
            for group in groups or [0]:
                if match.end(group) > match.start(group):
                    yield match, match.start(group), match.end(group)


def recognisers(vocabulary: Mapping[str, str], text: str | None = None) -> tuple[Recogniser, ...]:
    """The recognisers that ship, or those of `text`; `vocabulary` adds to the terms that their patterns name, as the family names.

    Raises:
        CodebookError: an unknown key or term, or a pattern that is none, with its line.
    """
    source = files("pipeline.release").joinpath("recognisers.toml").read_text("utf-8") if text is None else text
    try:
        data = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        raise CodebookError(f"recognisers.toml: {error}") from error
    lines = toml_lines(source)
    terms = {**data.get("terms", {}), **vocabulary, "known": KNOWN}
    return tuple(_parse(row, terms, lines.get(("rule", n), 0)) for n, row in enumerate(data.get("rule", [])))


def _parse(row: Mapping[str, Any], terms: Mapping[str, str], line: int) -> Recogniser:
    where = f"recognisers.toml:{line}"
    if unknown := sorted(row.keys() - _KEYS):
        raise CodebookError(f"{where}: unknown key {unknown[0]!r}; choose among: {', '.join(sorted(_KEYS))}")
    if missing := sorted({"id", "pattern", "hits", "misses"} - row.keys()):
        raise CodebookError(f"{where}: {missing[0]!r} is missing")
    if row.get("grow", GROWTHS[0]) not in GROWTHS:
        raise CodebookError(f"{where}: unknown growth {row['grow']!r}; choose among: {', '.join(GROWTHS)}")
    try:
        expression = re.compile(_expanded(row["pattern"], terms))
    except KeyError as error:
        raise CodebookError(f"{where}: unknown term {error.args[0]!r}") from error
    except re.error as error:
        raise CodebookError(f"{where}: no regular expression: {error}") from error
    hits = tuple((before, after) for before, after in row["hits"])
    return Recogniser(row["id"], expression, row.get("put"), row.get("grow", ""), row.get("everywhere", False), hits, tuple(row["misses"]))


def _expanded(pattern: str, terms: Mapping[str, str]) -> str:
    """The pattern with its terms written out; a term may name others, not itself."""
    for _ in range(len(terms)):
        if not _TERM.search(pattern):
            break
        pattern = _TERM.sub(lambda m: terms[m[1]], pattern)
    return pattern
