"""Where a quotation stands in a judgment."""

from __future__ import annotations

from functools import lru_cache

from pipeline.text import Document, canonical


def places(text: str, quotation: str) -> tuple[int, int] | None:
    """(start, end) of a quotation in a canonical text: its first occurrence in the court's findings, else in the text; None for none."""
    for words in dict.fromkeys((quotation, canonical(quotation))):
        first = text.find(words)
        if first >= 0:
            inside = (text.find(words, start, end) for start, end in _findings(text)) if text.find(words, first + 1) >= 0 else iter(())
            start = next((place for place in inside if place >= 0), first)
            return start, start + len(words)
    return None


@lru_cache(maxsize=1)
def _findings(text: str) -> tuple[tuple[int, int], ...]:
    """Where the acts are told as found, in characters of the text."""
    document = Document.read(text)
    spans = [document.span(start, end) for start, end in document.findings if end > start]
    return tuple((span.start, span.end) for span in spans)
