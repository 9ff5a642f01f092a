"""The keyword file: TOML of vocabularies, expressions over them with examples, and filters. What it cannot mean is refused with the line to mend."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any as Value

from pipeline.collect.keywords.conditions import All, Any, Condition, Has, Near, Not
from pipeline.collect.keywords.filters import Filters
from pipeline.collect.keywords.folding import fold
from pipeline.collect.keywords.matching import Expression, Keywords
from pipeline.collect.keywords.phrases import Phrase, PhraseError, phrases
from pipeline.collect.keywords.reading import Group, Void
from pipeline.collect.keywords.spelling import spelling
from pipeline.schema import AnjuanError

WITHIN = 20  # characters between the words of `near`, where an expression does not say
_FILE_KEYS = {"filters", "vocabulary", "common", "expression"}
_FILTER_KEYS = {"years", "case_types", "charges", "courts", "provinces"}
_CONDITION_KEYS = {"any", "all", "near", "within", "across", "not"}
_EXPRESSION_KEYS = _CONDITION_KEYS | {"name", "zh", "en", "unless", "query", "hits", "misses"}
_EQUALS = r"\s*="
_HEADER = r"\[\[\s*expression\s*\]\]"
_NAME = re.compile(r"[a-z][a-z0-9_]*")


class KeywordsError(AnjuanError):
    """The keyword file says something impossible; the message names file, line and expression, and what to do."""


def load(path: Path) -> Keywords:
    """Read a keyword file and check every expression against its own examples. Raises KeywordsError."""
    try:
        toml = path.read_text("utf-8-sig")
    except OSError as error:
        raise KeywordsError(f"{path.name}: the keyword file cannot be read ({error.strerror}); check its name") from error
    except UnicodeDecodeError as error:
        raise KeywordsError(f"{path.name}: the keyword file is not UTF-8; save it as UTF-8") from error
    return parse(toml, path.name)


def parse(toml: str, file: str) -> Keywords:
    """Keywords of a TOML text, checked against its examples; `file` is the name for error messages. Raises KeywordsError."""
    keywords = interpret(toml, file)
    _check(keywords, toml, file)
    return keywords


def interpret(toml: str, file: str) -> Keywords:
    """Keywords of a TOML text, whatever its examples say. Raises KeywordsError."""
    try:
        raw = tomllib.loads(toml)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise KeywordsError(f"{file}: this is no TOML: {error}; mend that line") from error
    return _File(raw, toml, file).keywords()


class _File:
    """One file being read; `here` is the place that an error is about."""

    def __init__(self, raw: dict[str, Value], toml: str, file: str) -> None:
        self.raw, self.file = raw, file
        self.lines = toml.splitlines()
        self.here = file
        self.vocabulary: dict[str, tuple[Phrase, ...]] = {}
        self.groups: dict[tuple[str, ...], Group] = {}

    def keywords(self) -> Keywords:
        self._known(self.raw, _FILE_KEYS)
        filters = self._filters(self.raw.get("filters", {}))
        for name, members in self._table("vocabulary").items():
            self.here = f"{self.file}:{_line(self.lines, re.escape(name) + _EQUALS)}: vocabulary {name!r}"
            self.vocabulary[name] = self._phrases(members)
        rows = self.raw.get("expression", [])
        self.here = self.file
        if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
            raise self._error("there is no [[expression]]; add one")
        expressions = tuple(self._expression(row, number) for number, row in enumerate(rows))
        self.here = self.file
        chosen = spelling([expression.condition for expression in expressions], self._common())
        return Keywords(expressions, filters, chosen, _fingerprint(self.raw))

    def _error(self, what: str) -> KeywordsError:
        return KeywordsError(f"{self.here}: {what}")

    def _known(self, row: Mapping[str, Value], keys: set[str]) -> None:
        if unknown := sorted(row.keys() - keys):
            raise self._error(f"unknown key {unknown[0]!r}; known are {', '.join(sorted(keys))}")

    def _table(self, key: str) -> dict[str, Value]:
        table = self.raw.get(key, {})
        if not isinstance(table, dict):
            raise self._error(f"{key!r} is no table; write [{key}] on a line of its own")
        return table

    def _strings(self, value: Value, key: str) -> tuple[str, ...]:
        members = [value] if isinstance(value, str) else value
        if not isinstance(members, list) or not all(isinstance(member, str) for member in members):
            raise self._error(f"{key!r} is no list of strings; write {key} = ['...', '...']")
        return tuple(members)

    def _filters(self, row: Value) -> Filters:
        self.here = f"{self.file}: [filters]"
        if not isinstance(row, dict):
            raise self._error("it is no table; write [filters] on a line of its own")
        self._known(row, _FILTER_KEYS)
        years = row.get("years", [])
        if not isinstance(years, list) or len(years) not in (0, 2) or not all(isinstance(year, int) for year in years):
            raise self._error("'years' are the first and the last year; write years = [2012, 2023], or [] for all")
        if years and years[0] > years[1]:
            raise self._error(f"'years' run backwards ({years[0]} to {years[1]}); put the first year first")
        rest = {key: self._strings(row[key], key) for key in row if key != "years"}
        self.here = self.file
        return Filters(tuple(years), **rest)

    def _common(self) -> dict[str, float]:
        """How many of 1,000 ordinary judgments hold a word."""
        self.here = f"{self.file}: [common]"
        found: dict[str, float] = {}
        for per_mille, words in self._table("common").items():
            if not per_mille.isdecimal() or int(per_mille) > 1000:
                raise self._error(f"{per_mille!r} is no number of judgments in 1,000; write 50 = ['...', '...']")
            found |= dict.fromkeys(map(fold, self._strings(words, per_mille)), float(per_mille))
        return found

    def _phrases(self, value: Value) -> tuple[Phrase, ...]:
        found: list[Phrase] = []
        for printed in self._strings(value, "phrases"):
            try:
                found += phrases(printed, self.vocabulary)
            except PhraseError as error:
                raise self._error(f"{printed!r}: {error}") from error
        if not found:
            raise self._error("it holds no phrase; name one")
        return tuple(dict.fromkeys(found))

    def _group(self, value: Value) -> Group:
        printed = self._strings(value, "phrases")
        if printed not in self.groups:
            self.groups[printed] = Group("、".join(printed), self._phrases(value))
        return self.groups[printed]

    def _expression(self, row: dict[str, Value], number: int) -> Expression:
        line = _line(self.lines, _HEADER, number)
        name = row.get("name", "")
        self.here = f"{self.file}:{line}: expression {name!r}" if name else f"{self.file}:{line}: expression {number + 1}"
        self._known(row, _EXPRESSION_KEYS)
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise self._error("it needs a `name` of small letters, digits and _, such as name = 'beating_doctors'")
        void = Void(self._phrases(row["unless"]) if row.get("unless") else ())
        condition = self._condition({key: row[key] for key in row.keys() & _CONDITION_KEYS})
        if condition.needed(len) is None:
            raise self._error("it matches texts that hold none of its words; add `any`, `all` or `near` beside `not`")
        labels = {key: str(row.get(key, name)) for key in ("zh", "en")}
        lists = {key: self._strings(row.get(key, []), key) for key in ("query", "hits", "misses")}
        return Expression(name, labels["zh"], labels["en"], condition, void, **lists)

    def _condition(self, value: Value) -> Condition:
        """A phrase, or a table of `any`, `all`, `near` and `not`, which must all hold."""
        if isinstance(value, str):
            return Has(self._group(value))
        if not isinstance(value, dict):
            raise self._error(f"{value!r} is no condition; write a phrase or a table such as {{ near = ['{{staff}}', '{{beating}}'] }}")
        self._known(value, _CONDITION_KEYS)
        parts: list[Condition] = []
        if "any" in value:
            parts.append(self._any(value["any"]))
        if "all" in value:
            parts += map(self._condition, self._members(value["all"], "all"))
        if "near" in value:
            parts.append(self._near(value["near"], value.get("within", WITHIN), value.get("across", False)))
        if "not" in value:
            parts.append(Not(self._any(value["not"])))
        if not parts:
            raise self._error("it asks for nothing; add `any`, `all` or `near`")
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def _members(self, value: Value, key: str) -> Sequence[Value]:
        members = [value] if isinstance(value, str | dict) else value
        if not isinstance(members, list) or not members:
            raise self._error(f"{key!r} is an empty list or none; write {key} = ['...', '...']")
        return members

    def _any(self, value: Value) -> Condition:
        members = self._members(value, "any")
        words = [member for member in members if isinstance(member, str)]
        parts: list[Condition] = [Has(self._group(words))] if words else []
        parts += [self._condition(member) for member in members if not isinstance(member, str)]
        return parts[0] if len(parts) == 1 else Any(tuple(parts))

    def _near(self, value: Value, distance: Value, across: Value) -> Near:
        if not isinstance(distance, int) or distance < 0:
            raise self._error(f"within = {distance!r} is no number of characters; write within = {WITHIN}")
        if not isinstance(across, bool):
            raise self._error(f"across = {across!r} is neither; write across = true or leave it out")
        if not isinstance(value, list) or len(value) < 2:
            raise self._error("`near` needs two or more phrases or lists of phrases; write near = ['{staff}', '{beating}']")
        return Near(tuple(map(self._group, value)), distance, across)


def _line(lines: Sequence[str], pattern: str, number: int = 0) -> int:
    """The line on which something begins for the n-th time; 1 where it is not found."""
    found = [n for n, line in enumerate(lines, 1) if re.match(rf"\s*{pattern}", line)]
    return found[number] if number < len(found) else 1


def _fingerprint(raw: Mapping[str, Value]) -> str:
    """A hash of what decides: filters, vocabularies and conditions."""
    deciding = _CONDITION_KEYS | {"name", "unless"}
    expressions = [{key: row[key] for key in sorted(row.keys() & deciding)} for row in raw["expression"]]
    decided = json.dumps([raw.get("filters", {}), raw.get("vocabulary", {}), expressions], ensure_ascii=False, sort_keys=True)
    return hashlib.blake2b(decided.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


def _check(keywords: Keywords, toml: str, file: str) -> None:
    """Run every expression over its own examples."""
    lines = toml.splitlines()
    names: set[str] = set()
    for number, expression in enumerate(keywords.expressions):
        here = f"{file}:{_line(lines, _HEADER, number)}: expression {expression.name!r}"
        if expression.name in names:
            raise KeywordsError(f"{here}: an expression before it has the same name; choose another")
        names.add(expression.name)
        if not expression.hits:
            raise KeywordsError(f"{here} has no example; add hits = ['a sentence that it finds']")
        for wanted, sentences in ((True, expression.hits), (False, expression.misses)):
            for sentence in sentences:
                if any(hit.expression == expression.name for hit in keywords.find(sentence)) is not wanted:
                    what = "does not find its own example" if wanted else "finds what it must miss,"
                    raise KeywordsError(f"{here} {what} {sentence!r}; mend the words or the example")
