"""In which section a stretch of a judgment stands and who speaks there, for words that a person has marked."""

from __future__ import annotations

from bisect import bisect_right

from pipeline.schema import Judgment, Section, Span, Speaker
from pipeline.text import Document


class Places:
    """The sections and speakers of a judgment by offsets of its text."""

    def __init__(self, judgment: Judgment) -> None:
        document = Document.of(judgment)
        self._sections = [(_offset(document, s.start), s.section) for s in document.sections] if document.view else []
        self._speakers = [(_offset(document, t.start), t.speaker) for t in document.turns] if document.view else []

    def span(self, start: int, end: int) -> Span:
        """The words as a span; they belong to the section and speaker with which they begin."""
        return Span(start, end, self.section(start), self.speaker(start))

    def section(self, offset: int) -> Section:
        """The section at a place; the heading in a text without any."""
        at = bisect_right(self._sections, offset, key=lambda item: item[0])
        return self._sections[max(at - 1, 0)][1] if self._sections else Section.HEADING

    def speaker(self, offset: int) -> Speaker:
        """Who speaks at a place; the record in a text without anybody."""
        at = bisect_right(self._speakers, offset, key=lambda item: item[0])
        return self._speakers[max(at - 1, 0)][1] if self._speakers else Speaker.RECORD


def _offset(document: Document, place: int) -> int:
    return document.span(place, place + 1).start if place else 0
