"""Phrases: words, and words with a short gap between them, as a keyword file writes them.

`医生` is a word; `{staff}` stands for the phrases of a vocabulary; `…` for a gap of up to 8 characters inside one clause: `经…{staff}` is
found in 经当班医生 and 经某医院护士. …… is a gap of up to 16.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from pipeline.collect.keywords.folding import fold
from pipeline.text.anchors import anchors

GAP = 8  # characters; the usual distance of a noun from its particle inside a clause (对正在值班的医生)
MOST_GAPS = 4  # in one phrase: what may lie between many gaps takes long to look for
_INSIDE_A_CLAUSE = "[^，。；：！？,;:!?“”]"
_PART = re.compile(r"\{([^{}]*)\}|(…+)|([^{}…]+)")


class PhraseError(Exception):
    """A phrase cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase over folded text. `words`: each of its places holds one of them; a phrase that is a word has no `pattern`.

    A place of it is at most `reach` characters long, and its word ends at most `before` characters after it begins.
    """

    printed: str
    words: frozenset[str]
    before: int
    reach: int
    pattern: re.Pattern[str] | None = None
    gaps: int = 0

    def near(self, text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Every place of the phrase that touches `text[start:end]`; from each beginning one place, the longest."""
        find = self._finder(text, end + self.reach)
        at = max(start - self.reach, 0)
        while (place := find(at)) and place[0] < end:
            if place[1] > start:
                yield place
            at = place[0] + 1

    def _finder(self, text: str, stop: int) -> Callable[[int], tuple[int, int] | None]:
        """The first place that begins at or after a position and ends before `stop`."""
        pattern = self.pattern
        if pattern is None:
            (word,) = self.words
            return lambda at: (found, found + len(word)) if (found := text.find(word, at, stop)) >= 0 else None
        return lambda at: match.span() if (match := pattern.search(text, at, stop)) else None


Vocabulary = Mapping[str, tuple[Phrase, ...]]
_Part = str | tuple[Phrase, ...] | int  # a folded word, the phrases of a vocabulary, a gap of so many characters


def phrases(printed: str, vocabulary: Vocabulary) -> tuple[Phrase, ...]:
    """Read a phrase: the phrases of a vocabulary for a bare `{name}`, else one. Raises PhraseError."""
    parts = list(_parts(printed, vocabulary))
    if not parts:
        raise PhraseError("it is empty; write a word or take it out")
    if isinstance(parts[0], int) or isinstance(parts[-1], int):
        raise PhraseError("a gap … stands at its end; write a word on either side")
    if len(parts) == 1 and isinstance(parts[0], tuple):
        return parts[0]
    if len(parts) == 1 and isinstance(parts[0], str):
        return (Phrase(printed, frozenset({parts[0]}), len(parts[0]), len(parts[0])),)
    return (_pattern(printed, parts),)


def _parts(printed: str, vocabulary: Vocabulary) -> Iterator[_Part]:
    """The parts of a phrase, in order."""
    end = 0
    for part in _PART.finditer(printed.replace("...", "…")):
        if part.start() != end:
            break
        end = part.end()
        if part[1] is not None and part[1] not in vocabulary:
            raise PhraseError(f"unknown vocabulary {part[1]!r}; known are {', '.join(vocabulary) or 'none'} (a later one is not known yet)")
        if part[1] is not None:
            yield vocabulary[part[1]]
        elif part[2]:
            yield GAP * len(part[2])
        elif word := fold(part[3]):
            yield word
    if end != len(printed.replace("...", "…")):
        raise PhraseError("a brace has no partner; write {name} for a vocabulary")


def _regex(part: _Part) -> str:
    if isinstance(part, int):
        return f"{_INSIDE_A_CLAUSE}{{0,{part}}}"
    if isinstance(part, str):
        return re.escape(part)
    members = {phrase.pattern.pattern if phrase.pattern else re.escape(next(iter(phrase.words))) for phrase in part}
    return f"(?:{'|'.join(sorted(members, key=lambda member: (-len(member), member)))})"


def _pattern(printed: str, parts: list[_Part]) -> Phrase:
    gaps = sum(
        1 if isinstance(part, int) else max((phrase.gaps for phrase in part), default=0) for part in parts if not isinstance(part, str)
    )
    if gaps > MOST_GAPS:
        raise PhraseError(f"it has {gaps} gaps, {MOST_GAPS} are allowed; make it shorter")
    regex = "".join(map(_regex, parts))
    found = anchors(regex)
    if not found.words or found.before is None or found.reach is None:
        raise PhraseError("no word of it is sure to stand in the text; name fewer alternatives or split it")
    return Phrase(printed, found.words, found.before, found.reach, re.compile(regex), gaps)
