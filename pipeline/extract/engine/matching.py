"""The rule engine: where a rule fires in a document, once section, speaker, negation and cancelling words have had their say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.extract.engine.negation import negated
from pipeline.extract.engine.rules import Rule
from pipeline.schema import Section, Span
from pipeline.text import Document, canonical

# No sentence is longer in earnest; a text without signs stays fast.
_SURROUNDINGS = 1000


@dataclass(frozen=True, slots=True)
class Match:
    """A rule fired at `view[start:end]`; `found` is the regular expression's match, for its groups."""

    rule: Rule
    start: int
    end: int
    found: re.Match[str]

    def span(self, document: Document) -> Span:
        """The evidence, in offsets of the canonical text."""
        return document.span(self.start, self.end, self.rule.id)


def find(rules: Iterable[Rule], document: Document, within: Sequence[tuple[int, int]] | None = None) -> list[Match]:
    """All places where the rules fire, in text order; `within` limits the search to stretches of the view, which do not overlap."""
    within = sorted(within) if within is not None else None
    matches = [m for rule in rules if document.may_match(rule.expression) for m in _fire(rule, document, within)]
    return sorted(matches, key=lambda m: (m.start, -m.end))


def fires(rule: Rule, sentence: str) -> bool:
    """Whether the rule finds something in a sentence that stands where the rule may fire (for examples and tests)."""
    section = min(rule.sections, key=list(Section).index) if rule.sections else Section.FACTS
    return bool(find([rule], Document.read(canonical(sentence), section)))


def _fire(rule: Rule, document: Document, within: Sequence[tuple[int, int]] | None) -> Iterable[Match]:
    for found in _matches(rule, document, within):
        if found.end() > found.start() and refusal(rule, document, found) is None:
            yield Match(rule, found.start(), found.end(), found)


def _matches(rule: Rule, document: Document, within: Sequence[tuple[int, int]] | None) -> Iterator[re.Match[str]]:
    if within is None:
        return document.finditer_in(rule.expression, rule.sections)
    return document.finditer_within(rule.expression, within)


def refusal(rule: Rule, document: Document, found: re.Match[str]) -> str | None:
    """Why a match of the rule's pattern does not count: its speaker, a negating cue or a cancelling word; None when it counts."""
    if rule.speakers and (speaker := document.speaker_at(found.start())) not in rule.speakers:
        return f"speaker: {speaker}"
    if not rule.negation and not rule.cancel:
        return None
    start, end = document.clause_at(found.start())
    if rule.negation and negated(document.view, start, found.start(), rule.reach):
        return "negated"
    if rule.scope == "sentence":
        start, end = document.sentence_at(found.start())
    start, end = max(start, found.start() - _SURROUNDINGS), min(end, found.end() + _SURROUNDINGS)
    start, end = min(start, found.start()), max(end, found.end())
    return next((f"cancelled by {words[0]}" for c in rule.cancel if (words := c.search(document.view, start, end))), None)
