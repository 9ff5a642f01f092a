"""The text as keywords are looked for in it: no blanks inside words, simplified characters, half-width letters; and the way back.

Only the matching folds: the judgment stays as printed, and every place found is given in characters of the text as printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import product

from pipeline.text.view import View

# Blanks and line breaks, also those of no width, which pages and PDFs put inside words.
BLANKS = (
    "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\xad\u1680\u180e"
    + "".join(map(chr, range(0x2000, 0x2010)))
    + "\u2028\u2029\u202f\u205f\u2060\u3000\ufeff"
)
_BLANK = re.compile(f"[{re.escape(BLANKS)}]+")
_UNSPLIT = "".join(c for c in BLANKS if not c.isspace())  # blanks that str.split leaves alone
_FULL_WIDTH = {chr(code): chr(code - 0xFEE0) for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}


@dataclass(frozen=True, slots=True)
class Folded:
    """A text folded for matching."""

    text: str
    printed: str

    def places(self) -> View:
        """The way back: `origin_span(start, end)` of the result gives characters of the printed text."""
        starts, origins, dropped = [0], [0], 0
        for blank in _BLANK.finditer(self.printed):
            dropped += blank.end() - blank.start()
            starts.append(blank.end() - dropped)
            origins.append(blank.end())
        return View(self.text, tuple(starts), tuple(origins))


class Folder:
    """Folds texts just so far that some words are found in them: most texts hold none of their unusual characters."""

    def __init__(self, replaced: Mapping[str, str]) -> None:
        self._table = str.maketrans(dict(replaced))
        self._odd = re.compile(f"[{_UNSPLIT}{re.escape(''.join(replaced))}]")

    @classmethod
    def of(cls, words: Iterable[str]) -> Folder:
        """The folder for some folded words."""
        characters = {character for word in words for character in word}
        return cls({unusual: plain for unusual, plain in _replaced().items() if plain in characters})

    def fold(self, text: str) -> Folded:
        """Fold a text: traditional characters and full-width letters are replaced one for one, blanks are left out."""
        joined = "".join(text.split())
        return Folded(_BLANK.sub("", joined).translate(self._table) if self._odd.search(joined) else joined, text)


def fold(text: str) -> str:
    """Fold every character that can be folded."""
    return _folder().fold(text).text


@cache
def _folder() -> Folder:
    return Folder(_replaced())


def forms(word: str) -> tuple[str, ...]:
    """Every way to write a folded word without blanks: simplified, traditional, mixed, full-width; the word itself first."""
    return tuple(map("".join, product(*((character, *_variants().get(character, ())) for character in word))))


def form_count(word: str) -> int:
    """How many `forms` a word has."""
    count = 1
    for character in word:
        count *= 1 + len(_variants().get(character, ()))
    return count


@cache
def _replaced() -> dict[str, str]:
    table = (files("pipeline.collect.keywords") / "traditional.txt").read_text("utf-8")
    pairs = [pair for line in table.splitlines() if not line.startswith("#") for pair in line.split()]
    simplified = {pair[0]: pair[1] for pair in pairs}
    return {unusual: simplified.get(plain, plain) for unusual, plain in simplified.items()} | _FULL_WIDTH


@cache
def _variants() -> dict[str, list[str]]:
    """Character -> the characters that fold to it."""
    found: dict[str, list[str]] = {}
    for unusual, plain in _replaced().items():
        found.setdefault(plain, []).append(unusual)
    return found
