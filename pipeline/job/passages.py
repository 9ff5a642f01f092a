"""The key passages of a judgment for screening: the sentences in which the study's keywords stand, with the words that did it.

They are found by the keywords alone, never by rules or models, so that a blind screener sees nobody's answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from pipeline.collect.keywords import Keywords, load
from pipeline.resources import shipped
from pipeline.schema import Judgment, Section
from pipeline.text import Document

MOST = 6  # sentences shown
LONGEST = 600  # characters of one: some judgments are a single sentence
_TOLD = (Section.FACTS, Section.PROSECUTION)


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence in pieces (words, whether a keyword matched there), and where it begins in the text."""

    start: int
    pieces: tuple[tuple[str, bool], ...]


def passages(judgment: Judgment) -> list[Passage]:
    """At most `MOST` sentences in the order of the text: those with keywords in facts and charges, then elsewhere; else the first of the story."""
    text, document = judgment.text, Document.of(judgment)
    hits = sorted({(hit.start, hit.end) for hit in _keywords().find(text)})
    told = [(span.start, span.end) for span in (document.span(*stretch) for stretch in document.stretches(*_TOLD))]
    sentences = [(span.start, span.end) for span in (document.span(*sentence) for sentence in document.sentences)]
    with_hits = [s for s in sentences if any(start < s[1] and end > s[0] for start, end in hits)]
    in_story = [s for s in with_hits or sentences if any(start < s[1] and end > s[0] for start, end in told)]
    chosen = list(dict.fromkeys([*in_story, *(with_hits or sentences)]))[:MOST]
    return [_passage(text, start, end, hits) for start, end in sorted(chosen)]


def _passage(text: str, start: int, end: int, hits: list[tuple[int, int]]) -> Passage:
    """One sentence, cut where it is too long: around its first keyword."""
    inside = [(max(a, start), min(b, end)) for a, b in hits if a < end and b > start]
    if end - start > LONGEST:
        start = max(start, (inside[0][0] if inside else start) - LONGEST // 4)
        end = min(end, start + LONGEST)
    pieces, place = [], start
    for a, b in inside:
        if max(a, place) < min(b, end):
            pieces += [(text[place : max(a, place)], False), (text[max(a, place) : min(b, end)], True)]
            place = min(b, end)
    return Passage(start, tuple((words, marked) for words, marked in [*pieces, (text[place:end], False)] if words))


@cache
def _keywords() -> Keywords:
    return load(shipped("corpora/keywords.toml"))
