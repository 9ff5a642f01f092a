"""Search hits in their sentences: of each judgment found the stretches of text that hold most of the words, with the places of these."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Protocol

from pipeline.analyse.reading import Source, connection_of
from pipeline.analyse.reading import rows as read_rows
from pipeline.schema import Judgment, Speaker
from pipeline.text import Document, Stretch
from pipeline.text.speakers import Turn

COLUMNS = ("judgment_id", "source_id", "case_number", "court", "decided_on", "in_scope", "attack_type", "title")
_TEXT = tuple(f"(SELECT {name} FROM judgments AS j WHERE j.judgment_id = search.judgment_id) AS {name}" for name in ("text", "metadata"))
_AROUND = 24  # characters before the first and behind the last word of a snippet
_SENTENCE = 36  # so far the sentence is shown to its beginning or end
_LONGEST = 96  # characters from the first to the last word of a snippet
_COUNTED = 10_000  # hits looked at in one judgment: one character may stand in it thousands of times
_PAUSES = "。！？；"  # where a snippet may as well begin or end


class Asked(Protocol):
    """A search: the SQL over the view `search`, and what to mark in the texts that it finds."""

    @property
    def parameters(self) -> tuple[str | int, ...]:
        """The parameters of the SQL."""

    @property
    def patterns(self) -> tuple[re.Pattern[str], ...]:
        """One expression for each word looked for."""

    def select(self, columns: str) -> str:
        """The SELECT of these columns."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """The stretch `text[start:end]` of a judgment and the places of the words in it; `section` and `speaker` where they were asked for."""

    start: int
    end: int
    text: str  # the stretch itself
    hits: tuple[tuple[int, int], ...]
    cut: tuple[bool, bool] = (False, False)  # whether its first and its last sentence are cut
    section: str = ""
    speaker: str = ""

    def pieces(self) -> Iterator[tuple[str, bool]]:
        """The stretch at its hits, blanks made one, … where a sentence is cut: (words, whether they are a hit)."""
        if self.cut[0]:
            yield "…", False
        edges = [self.start, *(place for hit in self.hits for place in hit), self.end]
        for n, (start, end) in enumerate(pairwise(edges)):
            if end > start:
                yield re.sub(r"\s+", " ", self.text[start - self.start : end - self.start]), n % 2 == 1
        if self.cut[1]:
            yield "…", False

    def marked(self, before: str = "【", behind: str = "】") -> str:
        """The stretch on one line, each hit between two signs (canonical texts hold no 【)."""
        return "".join(f"{before}{words}{behind}" if hit else words for words, hit in self.pieces()).strip()


@dataclass(frozen=True, slots=True)
class Found:
    """A judgment that was found: its `COLUMNS`, how often the words stand in it, and its snippets in the order of the text."""

    row: Mapping[str, Any]
    hits: int
    snippets: tuple[Snippet, ...]


def find(source: Source, asked: Asked, limit: int, most: int = 3, *, sections: bool = False) -> list[Found]:
    """The first `limit` judgments with up to `most` snippets each; `sections`: say where each stands and who says it (2 ms a judgment)."""
    columns = ", ".join([*COLUMNS, *(_TEXT if most else ())])
    sql = f"{asked.select(columns)} ORDER BY number LIMIT ?"
    return [_found(row, asked.patterns, most, sections) for row in read_rows(connection_of(source), sql, [*asked.parameters, limit])]


def count(source: Source, asked: Asked) -> int:
    """How many judgments a search finds."""
    return int(next(read_rows(connection_of(source), asked.select("count(*) AS n"), asked.parameters))["n"])


def _found(row: Mapping[str, Any], patterns: Sequence[re.Pattern[str]], most: int, sections: bool) -> Found:
    text = str(row.get("text") or "")
    hits = places(text, patterns)
    found = snippets(text, hits, most)
    if sections and found:
        document = Document.of(Judgment("", "", text, metadata=json.loads(row["metadata"])))
        found = [_asserted(snippet, document) for snippet in found]
    return Found({name: row[name] for name in COLUMNS}, len(hits), tuple(found))


def _asserted(snippet: Snippet, document: Document) -> Snippet:
    """The snippet with the section in which its first hit stands and who says it."""
    at = snippet.hits[0][0]
    section = next(s.section for s in reversed(document.sections) if _begin(document, s) <= at)
    speaker = next((t.speaker for t in reversed(document.turns) if _begin(document, t) <= at), Speaker.RECORD)
    return replace(snippet, section=section.value, speaker=speaker.value)


def _begin(document: Document, stretch: Stretch | Turn) -> int:
    """Where a stretch of the reading view begins in the text; what the view leaves out belongs to what stands before it."""
    return document.span(stretch.start, stretch.end).start if stretch.start else 0


def places(text: str, patterns: Iterable[re.Pattern[str]]) -> list[tuple[int, int, int]]:
    """(start, end, number of the pattern) of the words in a text, in order."""
    found: list[tuple[int, int, int]] = []
    for number, pattern in enumerate(patterns):
        for match in pattern.finditer(text):
            found.append((match.start(), match.end(), number))
            if len(found) >= _COUNTED * (number + 1):
                break
    return sorted(found)


def snippets(text: str, hits: Sequence[tuple[int, int, int]], most: int) -> list[Snippet]:
    """Up to `most` stretches: first those with the most different words, of these the earliest; given in the order of the text."""
    groups: list[list[tuple[int, int, int]]] = []
    for hit in hits:
        if groups and hit[1] - groups[-1][0][0] <= _LONGEST and hit[0] - groups[-1][-1][1] <= _SENTENCE:
            groups[-1].append(hit)
        else:
            groups.append([hit])
    groups.sort(key=lambda group: (-len({number for *_, number in group}), group[0]))
    made: list[Snippet] = []
    for group in sorted(groups[:most]):
        made.append(_snippet(text, group, made[-1].end if made else 0))
    return made


def _snippet(text: str, group: Sequence[tuple[int, int, int]], shown: int) -> Snippet:
    """The group of hits with the words around it, no further than a pause; `shown`: the end of the stretch before."""
    first, last = group[0][0], max(end for _, end, _ in group)
    start, end = _start(text, first, shown), _end(text, last)
    cut = start > 0 and text[start - 1] not in _PAUSES, end < len(text) and text[end - 1] not in _PAUSES
    return Snippet(start, end, text[start:end], tuple(_merged(group)), cut)


def _start(text: str, first: int, shown: int) -> int:
    """Where the sentence begins, if it does so not too far before, else behind a comma or at a word."""
    sentence = max(text.rfind(sign, max(first - _SENTENCE, shown), first) for sign in _PAUSES) + 1
    if sentence or first - _SENTENCE <= shown:
        return min(max(sentence, shown), first)
    comma = text.find("，", first - _AROUND, first - _AROUND // 2)
    return comma + 1 if comma >= 0 else first - _AROUND


def _end(text: str, last: int) -> int:
    """Where the sentence ends, if it does so not too far behind, else before a comma or at a word."""
    pauses = [at for at in (text.find(sign, last, last + _SENTENCE) for sign in _PAUSES) if at >= 0]
    if pauses or last + _SENTENCE >= len(text):
        return min(pauses) + 1 if pauses else len(text)
    comma = text.rfind("，", last + _AROUND // 2, last + _AROUND)
    return comma if comma >= 0 else last + _AROUND


def _merged(group: Sequence[tuple[int, int, int]]) -> list[tuple[int, int]]:
    """The places of a group, those that overlap or touch as one."""
    merged: list[tuple[int, int]] = []
    for start, end, _ in group:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged
