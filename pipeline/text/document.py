"""`Document`: a judgment as the rules read it, with sections, sentences, clauses and the speaker of every place.

All positions given to and taken from its methods are places in `view`, except those of the `Span`s it makes, which count
characters of the canonical text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from pipeline.schema import Judgment, Section, Span, Speaker
from pipeline.text.scan import Expression, Scan
from pipeline.text.sections import Stretch, sections, told
from pipeline.text.speakers import Turn, turns
from pipeline.text.view import View, view

_SENTENCE = re.compile(r"[^。！？；\n]*(?:[。！？；\n]+[”’」）]*|$)")
_CLAUSE_EDGE = re.compile(r"[，。！？；：\n]")
_APPEAL = re.compile(r"上诉人|原审被告人|抗诉机关|（\d{4}）[^号\n]{2,14}(?:终|再|复)")
_CONFIRMED = Expression(
    r"(?:查明|认定|审理)[^。]{0,40}(?:与|和|同)[^。]{0,30}(?:指控|起诉书)[^。]{0,16}(?:一致|相同|相符|基本一致|无异)|"
    r"指控的?(?:犯罪)?(?:事实|上述事实)[^。]{0,10}(?:属实|清楚|成立)|公诉机关指控并经[^。]{0,8}查明|指控[^。]{0,40}本院予以(?:确认|支持)"
)


@dataclass(frozen=True)
class Document:
    """A judgment's canonical text with its reading view and what is known of every place in it."""

    text: str
    _view: View = field(repr=False)
    _section: Section | None = None
    _told: tuple[tuple[Section, int], ...] = ()
    _wanted: dict[frozenset[Section], list[tuple[int, int]]] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def read(cls, text: str, section: Section | None = None) -> Document:
        """Make a document of a canonical text (see `pipeline.text.canonical`); with `section`, of a passage known to stand there."""
        return cls(text, view(text), section)

    @classmethod
    def of(cls, judgment: Judgment) -> Document:
        """Make a document of a judgment; where its source says that sections begin helps to find those that the text does not show."""
        reading = view(judgment.text)
        landmarks = told(judgment.metadata.get("sections", ""), len(judgment.text))
        return cls(judgment.text, reading, None, tuple((section, _place(reading, offset)) for section, offset in landmarks.items()))

    @property
    def view(self) -> str:
        """The text on which rules run: no blanks inside sentences, one line break at a paragraph's end."""
        return self._view.text

    @cached_property
    def _scan(self) -> Scan:
        return Scan(self.view)

    def finditer(self, expression: Expression, start: int = 0, end: int | None = None) -> Iterator[re.Match[str]]:
        """Matches of an expression in `view[start:end]`."""
        return self._scan.finditer(expression, start, end)

    def finditer_within(self, expression: Expression, stretches: Sequence[tuple[int, int]]) -> Iterator[re.Match[str]]:
        """Matches of an expression inside each of the stretches of the view, which are in order and apart."""
        return self._scan.finditer_within(expression, stretches)

    def finditer_in(self, expression: Expression, wanted: frozenset[Section]) -> Iterator[re.Match[str]]:
        """Matches of an expression in the wanted sections; in the whole view where none are named."""
        return self._scan.finditer_within(expression, self._stretches_of(wanted)) if wanted else self._scan.finditer(expression)

    def _stretches_of(self, wanted: frozenset[Section]) -> list[tuple[int, int]]:
        found = self._wanted.get(wanted)
        if found is None:
            found = self._wanted[wanted] = self.stretches(*wanted)
        return found

    def search(self, expression: Expression, start: int = 0, end: int | None = None) -> re.Match[str] | None:
        """The first match of an expression in `view[start:end]`."""
        return self._scan.search(expression, start, end)

    def may_match(self, expression: Expression) -> bool:
        """Whether the view holds an anchor of the expression."""
        return self._scan.may_match(expression)

    @cached_property
    def sentences(self) -> tuple[tuple[int, int], ...]:
        """(start, end) of each sentence, cut after 。！？； and line breaks; together they cover the view."""
        return tuple((m.start(), m.end()) for m in _SENTENCE.finditer(self.view) if m.end() > m.start())

    @cached_property
    def sections(self) -> tuple[Stretch, ...]:
        """The stretches of the view that belong to one section, in order and without gaps."""
        if self._section:
            return (Stretch(0, len(self.view), self._section),)
        return sections(self._scan, self.sentences, dict(self._told))

    @cached_property
    def turns(self) -> tuple[Turn, ...]:
        """The stretches of the view that one speaker asserts, in order and without gaps."""
        return turns(self._scan, self.sections, self.sentences)

    @cached_property
    def prosecution_confirmed(self) -> bool:
        """Whether the court found the facts as charged without telling them again (事实与指控一致)."""
        return bool(self.search(_CONFIRMED))

    @cached_property
    def appeal(self) -> bool:
        """Whether the document is of second instance, retrial or review: it tells an earlier judgment."""
        return any(s.section is Section.PRIOR_JUDGMENT for s in self.sections) or bool(_APPEAL.search(self.view[:1500]))

    @cached_property
    def findings(self) -> tuple[tuple[int, int], ...]:
        """Where the acts are told as found, most trusted first: the court's facts, the earlier judgment's, the undisputed charge."""
        facts, prior = self.stretches(Section.FACTS), self.stretches(Section.PRIOR_JUDGMENT) if self.appeal else []
        told = sum(end - start for start, end in facts + prior)
        charged = self.stretches(Section.PROSECUTION) if self.prosecution_confirmed or told < 120 else []
        return tuple(facts + prior + charged)

    def stretches(self, *wanted: Section) -> list[tuple[int, int]]:
        """(start, end) of every stretch that belongs to one of the wanted sections."""
        return [(s.start, s.end) for s in self.sections if s.section in wanted]

    def section_at(self, position: int) -> Section:
        """Section of the place."""
        at = bisect_right(self._section_starts, position) - 1
        return self.sections[at].section if self.sections else Section.FACTS

    def speaker_at(self, position: int) -> Speaker:
        """Who asserts the words at the place."""
        return self._turn_at(position).speaker

    def accepted_at(self, position: int) -> bool | None:
        """For a plea that the court reports: True when accepted (采纳), False when rejected (不予采纳), None when neither is said."""
        return self._turn_at(position).accepted

    def sentence_at(self, position: int) -> tuple[int, int]:
        """(start, end) of the sentence around the place."""
        return self.sentences[max(bisect_right(self._sentence_starts, position) - 1, 0)] if self.sentences else (0, 0)

    def clause_at(self, position: int) -> tuple[int, int]:
        """(start, end) of the words around the place between two of ，。；：！？ and line breaks."""
        start, end = self.sentence_at(position)
        i = bisect_right(self._clause_ends, position)
        left = max(start, self._clause_ends[i - 1]) if i else start
        right = self._clause_ends[i] - 1 if i < len(self._clause_ends) else end
        return left, min(right, end)

    def span(self, start: int, end: int, rule: str = "") -> Span:
        """Evidence for `view[start:end]`, in offsets of the canonical text."""
        first, last = self._view.origin_span(start, end)
        turn = self._turn_at(start)
        return Span(first, last, self.section_at(start), turn.speaker, rule, turn.accepted)

    @cached_property
    def _section_starts(self) -> list[int]:
        return [s.start for s in self.sections]

    @cached_property
    def _sentence_starts(self) -> list[int]:
        return [start for start, _ in self.sentences]

    @cached_property
    def _clause_ends(self) -> list[int]:
        return [m.end() for m in _CLAUSE_EDGE.finditer(self.view)]

    @cached_property
    def _turn_starts(self) -> list[int]:
        return [t.start for t in self.turns]

    def _turn_at(self, position: int) -> Turn:
        return self.turns[max(bisect_right(self._turn_starts, position) - 1, 0)] if self.turns else Turn(0, 0, Speaker.RECORD)


def _place(reading: View, offset: int) -> int:
    """The place in the view of an offset of the canonical text; of a blank that the view dropped, the place behind it."""
    piece = bisect_right(reading.origins, offset) - 1
    end = reading.starts[piece + 1] if piece + 1 < len(reading.starts) else len(reading.text)
    return min(reading.starts[piece] + offset - reading.origins[piece], end)
