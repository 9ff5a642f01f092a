"""A judgment's text as the coding page prints it: sections, and in them blocks, each of which knows where it begins in the text.

The page shows every character by exactly one character, so that a place in a block is a place in the text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from pipeline.codebook import Term, load
from pipeline.schema import Judgment
from pipeline.text import Document

_REPLACEMENT = "\ufffd"
_CONTROLS = {code: chr(0x2400 + code) for code in range(0x20) if chr(code) not in "\t\n"} | {0x7F: "\u2421"}
# What a page cannot show as one character, or what would put the characters behind it into another order (marks of direction).
_UNSHOWABLE = re.compile("[\x80-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Block:
    """Characters `start` and following of the text, as they are shown; no line break among them."""

    start: int
    shown: str


@dataclass(frozen=True, slots=True)
class Part:
    """One section of the text with the blocks that hold more than blanks."""

    section: Term
    blocks: tuple[Block, ...]


def shown(text: str) -> str:
    """The text with a visible sign in place of each character that a page cannot show or that would disturb it, as long as before."""
    return _UNSHOWABLE.sub(_REPLACEMENT, text.translate(_CONTROLS))


def parts(judgment: Judgment) -> tuple[Part, ...]:
    """The sections of a judgment in the order of the text. A carriage return at a line's end is in no block."""
    document = Document.of(judgment)
    sections, text = load().sections, judgment.text
    starts = [0, *(document.span(s.start, s.end).start for s in document.sections[1:])]
    cuts = sorted({*starts, *_breaks(document)})
    found = []
    for stretch, start, end in zip(document.sections, starts, [*starts[1:], len(text)], strict=False):
        inner = cuts[bisect_right(cuts, start) : bisect_right(cuts, end - 1)]
        if blocks := tuple(_blocks(text, [start, *inner, end])):
            found.append(Part(sections[stretch.section], blocks))
    return tuple(found)


def _breaks(document: Document) -> Iterator[int]:
    """Where lines and paragraphs begin, also those that the source ends with a blank only (whole judgments on one line)."""
    yield from (match.end() for match in re.finditer("\n", document.text))
    for match in re.finditer("\n", document.view):
        yield document.span(match.start(), match.end()).end


def _blocks(text: str, cuts: list[int]) -> Iterator[Block]:
    for start, end in pairwise(cuts):
        words = text[start:end].removesuffix("\n")
        words = words.removesuffix("\r")
        if words.strip():
            yield Block(start, shown(words))
