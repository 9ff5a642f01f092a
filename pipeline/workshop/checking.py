"""Every rule against its own examples: what it must find, and what it must leave alone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.extract.engine.matching import refusal
from pipeline.extract.engine.rules import Rule, RuleSet, parse_rules
from pipeline.schema import CodebookError, Section
from pipeline.text import Document, canonical
from pipeline.workshop.files import RuleFile
from pipeline.workshop.shape import check_shape

_REFUSED = {"negated": "a negating word stands just before it (`negation`, `reach`)"}


@dataclass(frozen=True, slots=True)
class Result:
    """One file checked: how much agreed, or what is wrong first (`failure`) and how many more examples fail."""

    name: str
    rules: int = 0
    hits: int = 0
    misses: int = 0
    failure: str = ""
    more: int = 0


def check(file: RuleFile) -> Result:
    """Check one rule file; what is wrong with it comes back in words, naming file, line and sentence, and raises nothing."""
    try:
        check_shape(file)
        rules = parse_rules(file.text, file.place).rules
    except CodebookError as refused:
        failures = list(_contradicted(file)) or [str(refused)]
        return Result(file.name, failure=failures[0], more=len(failures) - 1)
    return Result(file.name, len(rules), sum(len(r.hits) for r in rules), sum(len(r.misses) for r in rules))


def report(results: Sequence[Result]) -> str:
    """One line for each file, and a closing count."""
    width = max((len(result.name) for result in results), default=0)
    failed = sum(bool(result.failure) for result in results)
    lines = [_line(result, width) for result in results]
    total = sum(result.rules for result in results)
    verdict = f"{failed} of {len(results)} files fail" if failed else f"{total} rules in {len(results)} files agree with their examples"
    return "\n".join([*lines, verdict])


def _line(result: Result, width: int) -> str:
    if result.failure:
        more = f" (and {result.more} more of its examples fail)" if result.more else ""
        return f"FAILED {result.failure}{more}"
    return f"{result.name:{width}}  {result.rules:3} rules  {result.hits:4} hits  {result.misses:4} misses  ok"


def _contradicted(file: RuleFile) -> Iterator[str]:
    """A sentence for every example that its rule contradicts; nothing for a file that cannot be read as rules at all."""
    try:
        check_shape(file)
        rules = _without_examples(file)
    except CodebookError:
        return
    for number, (rule, row) in enumerate(zip(rules, file.rows, strict=True)):
        for key in ("hits", "misses"):
            for sentence in row.get(key, ()):
                if complaint := _complaint(rule, key, sentence):
                    yield f"{file.place}:{file.line_of(sentence, number, key)}: rule {rule.id!r} {complaint}"


def _without_examples(file: RuleFile) -> RuleSet:
    """The rules of a file that contradicts its examples: the engine refuses to load it with them.

    JSON's texts, lists, numbers and booleans are TOML's as well.
    """
    tables = [
        {key: value for key, value in file.tables.items() if key != "rule"},
        *({**row, "hits": [], "misses": []} for row in file.rows),
    ]
    written = ["\n".join(f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in table.items()) for table in tables]
    return parse_rules("\n[[rule]]\n".join(written), file.place)


def _complaint(rule: Rule, key: str, sentence: str) -> str:
    """What is wrong with one example, and what to do; '' when rule and example agree."""
    found = list(_found(rule, sentence))
    fired = [words for words, refused in found if refused is None]
    if key == "misses":
        return f"must miss {sentence!r} but finds {fired[0]!r}: narrow its pattern or add a `cancel`" if fired else ""
    if fired:
        return ""
    if not found:
        return f"must find {sentence!r} but its pattern matches nothing there: widen the pattern or change the sentence"
    words, refused = found[0]
    return f"must find {sentence!r} but its match {words!r} does not count, {_why(refused)}: change that or the sentence"


def _why(refused: str | None) -> str:
    return _REFUSED.get(refused or "", refused or "")


def _found(rule: Rule, sentence: str) -> Iterable[tuple[str, str | None]]:
    """(words, why they do not count or None) for each match in an example, read as if it stood where the rule may fire."""
    section = min(rule.sections, key=list(Section).index) if rule.sections else Section.FACTS
    document = Document.read(canonical(sentence), section)
    for match in document.finditer(rule.expression):
        if match.end() > match.start():
            yield match[0], refusal(rule, document, match)
