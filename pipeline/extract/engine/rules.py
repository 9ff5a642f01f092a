"""Rules as data: TOML files of patterns, each with where it may fire, what cancels it, and sentences it must hit and must miss.

A file that contradicts its own examples, or says something that the codebook does not know, is refused with the line to mend.
Patterns are regular expressions over the reading view; `{{name}}` stands for a vocabulary of `terms.toml`. Files with the same `topic` are
looked for together, and only in judgments that turn to it (see `pipeline.text.scan`).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from pipeline.schema import CodebookError, Section, Speaker
from pipeline.text import Expression

_FILE_KEYS = {"variable", "topic", "sections", "speakers", "values", "rule"}
_RULE_KEYS = {
    "id",
    "value",
    "pattern",
    "cancel",
    "sections",
    "speakers",
    "reach",
    "scope",
    "priority",
    "negation",
    "hits",
    "misses",
    "note",
}
_TERM = re.compile(r"\{\{(\w+)\}\}")


@dataclass(frozen=True, slots=True)
class Rule:
    """A declared pattern: its value, where it may fire, and what cancels it.

    `cancel` patterns are searched in the `scope` ("clause" or "sentence") around the match. `negation` says whether a negating cue
    before the match cancels it, at most `reach` characters away. Higher `priority` wins among matches that the same speaker makes.
    """

    id: str
    variable: str
    value: str
    expression: Expression
    cancel: tuple[re.Pattern[str], ...] = ()
    sections: frozenset[Section] = frozenset()
    speakers: frozenset[Speaker] = frozenset()
    scope: str = "clause"
    priority: int = 0
    negation: bool = True
    reach: int = 6
    hits: tuple[str, ...] = ()
    misses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The rules of one file."""

    name: str
    variable: str
    rules: tuple[Rule, ...] = field(repr=False)

    def __iter__(self) -> Any:
        return iter(self.rules)


@cache
def load_rules(name: str) -> RuleSet:
    """Read `rules/<name>.toml` and check it.

    Raises:
        CodebookError: naming the file and line of an unknown key, section or speaker, or of a pattern that contradicts its examples.
    """
    path = files("pipeline.extract") / "rules" / f"{name}.toml"
    return parse_rules(path.read_text(encoding="utf-8"), f"rules/{name}.toml")


@cache
def terms() -> Mapping[str, str]:
    """Shared vocabularies (`rules/terms.toml`): name -> alternation."""
    path = files("pipeline.extract") / "rules" / "terms.toml"
    raw: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    found: dict[str, str] = {}
    for name, words in raw.items():
        found[name] = _expand("|".join(words), found, "rules/terms.toml", 0)
    return found


def parse_rules(toml: str, file: str) -> RuleSet:
    """Rules of a TOML text; `file` is the name for error messages."""
    try:
        raw = tomllib.loads(toml)
    except tomllib.TOMLDecodeError as error:
        raise CodebookError(f"{file}: {error}") from error
    lines = [n for n, line in enumerate(toml.splitlines(), 1) if line.strip() == "[[rule]]"]
    _known(raw, _FILE_KEYS, file, 1)
    variable = str(raw.get("variable", Path(file).stem))
    rules = tuple(_rule(row, raw, variable, file, line) for row, line in zip(raw.get("rule", []), lines, strict=True))
    ruleset = RuleSet(Path(file).stem, variable, rules)
    _check(ruleset, file, lines)
    return ruleset


def _rule(row: dict[str, Any], defaults: dict[str, Any], variable: str, file: str, line: int) -> Rule:
    _known(row, _RULE_KEYS, file, line)
    for key in ("id", "value", "pattern", "hits"):
        if key not in row:
            raise CodebookError(f"{file}:{line}: this rule has no `{key}`; add it")
    allowed = defaults.get("values")
    if allowed and row["value"] not in allowed:
        raise CodebookError(f"{file}:{line}: unknown value {row['value']!r}; choose one of {', '.join(allowed)}")
    return Rule(
        id=row["id"],
        variable=variable,
        value=row["value"],
        expression=_bounded(row["pattern"], str(defaults.get("topic", "")), file, line),
        cancel=tuple(_compile(p, file, line) for p in row.get("cancel", ())),
        sections=frozenset(_member(Section, s, file, line) for s in row.get("sections", defaults.get("sections", ()))),
        speakers=frozenset(_member(Speaker, s, file, line) for s in row.get("speakers", defaults.get("speakers", ()))),
        **{key: row[key] for key in ("scope", "priority", "negation", "reach") if key in row},
        hits=tuple(row["hits"]),
        misses=tuple(row.get("misses", ())),
    )


def _known(row: dict[str, Any], keys: set[str], file: str, line: int) -> None:
    if unknown := sorted(row.keys() - keys):
        raise CodebookError(f"{file}:{line}: unknown key {unknown[0]!r}; known are {', '.join(sorted(keys))}")


def _member(kind: type[Any], value: str, file: str, line: int) -> Any:
    try:
        return kind(value)
    except ValueError as error:
        raise CodebookError(
            f"{file}:{line}: unknown {kind.__name__.lower()} {value!r}; choose one of {', '.join(str(k) for k in kind)}"
        ) from error


def _compile(pattern: str, file: str, line: int) -> re.Pattern[str]:
    try:
        return re.compile(_expand(pattern, terms(), file, line))
    except re.error as error:
        raise CodebookError(f"{file}:{line}: pattern {pattern!r} is no regular expression: {error}") from error


def _bounded(pattern: str, topic: str, file: str, line: int) -> Expression:
    """A rule's pattern; its matches have a greatest length, so that no text can make it slow."""
    expression = Expression(_compile(pattern, file, line).pattern, topic)
    if expression.anchors.reach is None:
        raise CodebookError(f"{file}:{line}: pattern {pattern!r} may match without end; write {{0,n}} for * and {{1,n}} for +")
    return expression


def _expand(pattern: str, known: Mapping[str, str], file: str, line: int) -> str:
    def word(m: re.Match[str]) -> str:
        if m[1] not in known:
            raise CodebookError(f"{file}:{line}: unknown vocabulary {m[1]!r}; known are {', '.join(known)}")
        return f"(?:{known[m[1]]})"

    return _TERM.sub(word, pattern)


def _check(ruleset: RuleSet, file: str, lines: list[int]) -> None:
    """Run every rule over its own examples, through the real engine."""
    from pipeline.extract.engine.matching import fires

    for rule, line in zip(ruleset.rules, lines, strict=True):
        for sentence in rule.hits:
            if not fires(rule, sentence):
                raise CodebookError(f"{file}:{line}: rule {rule.id!r} does not find its own example {sentence!r}")
        for sentence in rule.misses:
            if fires(rule, sentence):
                raise CodebookError(f"{file}:{line}: rule {rule.id!r} fires on {sentence!r}, which it must miss")
