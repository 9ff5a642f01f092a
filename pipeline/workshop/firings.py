"""Where the rules of a variable match in one judgment, and whether each match counts; nothing is decided here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.extract.engine.matching import refusal
from pipeline.extract.engine.rules import Rule, load_rules
from pipeline.schema import Span
from pipeline.text import Document

_AROUND = 60  # characters of a sentence shown on either side of the words


@dataclass(frozen=True, slots=True)
class Firing:
    """A match of `rule` of the file `file`; `span` counts characters of the canonical text; `refused` says why it does not count."""

    rule: Rule
    file: str
    span: Span
    sentence: str
    refused: str | None


def firings(document: Document, file: str) -> list[Firing]:
    """Every match of the file's rules anywhere in the document, in text order, also where the rules may not fire."""
    found = [_firing(document, file, rule, match) for rule in load_rules(file) for match in _matches(document, rule)]
    return sorted(found, key=lambda firing: (firing.span.start, -firing.span.end, firing.rule.id))


def quoted(document: Document, start: int, end: int) -> str:
    """The sentence around `start:end` of the view on one line, the words themselves between 【 and 】, long sentences cut."""
    first, last = document.sentence_at(start)
    first, last = min(first, start), max(last, end)
    left, right = max(first, start - _AROUND), min(last, end + _AROUND)
    before, words, after = document.view[left:start], document.view[start:end], document.view[end:right]
    shown = f"{'…' if left > first else ''}{before}【{words}】{after.rstrip()}{'…' if right < last else ''}"
    return " ".join(shown.split())


def _matches(document: Document, rule: Rule) -> Iterator[re.Match[str]]:
    # As the engine searches: section by section where the rule is bound to sections, else through the whole text.
    stretches = [(s.start, s.end) for s in document.sections] if rule.sections else [(0, len(document.view))]
    for start, end in stretches:
        yield from (match for match in document.finditer(rule.expression, start, end) if match.end() > match.start())


def _firing(document: Document, file: str, rule: Rule, match: re.Match[str]) -> Firing:
    start, end = match.start(), match.end()
    section = document.section_at(start)
    refused = f"section: {section}" if rule.sections and section not in rule.sections else refusal(rule, document, match)
    return Firing(rule, file, document.span(start, end, rule.id), quoted(document, start, end), refused)
