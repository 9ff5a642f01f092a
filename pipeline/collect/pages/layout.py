"""From places on printed pages to paragraphs: rows, running headers, page numbers, and lines that go on in the next.

A Chinese line breaks anywhere, inside words, names and numbers; a paragraph shows itself by an indent of two characters, by a
short last line, by the end of a sentence. Lengths are in any unit that a document keeps to; y grows downwards.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

_INDENT = 0.9  # characters from the left edge from which on a line is indented; two are usual
_FEW_INDENTS = 30  # wide lines of which one is indented, at least, where paragraphs are: they may be long
_DEEP = 2.6  # the same, for a block that is set in as a whole
_CENTRED = 3.2  # the same, for a heading: no paragraph's first line is set in so much further than its second
_SLACK = 1.2  # characters by which edges of lines differ for no reason
_HEADING = 8  # characters that a line in mid-sentence may leave free before a line that begins at the edge
_GAP = 0.75  # characters between two wide signs that a reader sees as a blank
_NARROW_GAP = 0.15  # the same between letters and digits
_TALLER = 1.35  # a heading's letters against those of the text
_TELLING = 4  # signs of a line whose height says something
_APART = 1.2  # characters of white between two lines, beyond the usual, that part paragraphs
_WIDE = 0.6  # of the widest line: such lines tell where the text's edges are
_MANY = 5  # wide lines from which a page tells its own edges (scans lie askew)
_MARGIN = 2  # lines at the top and bottom of a page that may be printed on every page
_LONGEST_MARGIN = 60  # characters
_OVERPRINT = 0.3  # of a character: the same sign again at this distance is bold print
_SENTENCE_END = re.compile(r"[。！？；：!?;:…][”’」』）)]?$")
_LEANING = tuple("，。、；：！？）》〉】”’%")  # no paragraph begins so
_NUMBER = r"(?:\d{1,4}|第?\s*[\d〇零一二三四五六七八九十百]{1,5}\s*页)"
_PAGE_NUMBER = re.compile(rf"[-—–―·•~\s]*第?\s*{_NUMBER}\s*(?:[/／,，、|\s]*(?:共\s*)?\d{{1,4}}\s*页?)?[-—–―·•~\s]*")
_ADDRESS = re.compile(r"(?:https?://|file:///|www\.)\S+(?:\s+\d+\s*/\s*\d+)?")  # a browser prints it under the page
_DIGITS = re.compile(r"\d+")
_BLANK = re.compile(r"\s+")
# What stays together at a line's end: letters and digits, a sign and the punctuation that leans on it.
_WORD = re.compile(r"[（(“‘《〈【\[]*(?:[A-Za-z0-9.,:%/×*＊_-]+|.)[，。、；：！？）)》〉】\]”’%]*(?:[（(“‘《〈【\[]+.)?")


@dataclass(frozen=True, slots=True)
class Piece:
    """A sign, a word or a line and the box around it."""

    text: str
    left: float
    right: float
    top: float
    bottom: float

    @property
    def height(self) -> float:
        """The box's height."""
        return self.bottom - self.top


@dataclass(frozen=True, slots=True)
class _Frame:
    """The edges of the text, and the width of a wide character."""

    left: float
    right: float
    em: float


def rows(pieces: Iterable[Piece]) -> list[Piece]:
    """Return the lines of a page from its pieces, top to bottom, each from left to right."""
    found: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda p: (p.top + p.bottom) / 2):
        if found and _beside(found[-1], piece):
            found[-1].append(piece)
        else:
            found.append([piece])
    return [_row(_inked(row)) for row in found if any(piece.text.strip() for piece in row)]


def without_margins(pages: Sequence[Sequence[Piece]]) -> tuple[list[list[Piece]], list[str]]:
    """Return the pages without page numbers and what is printed on half of them at top or bottom; and that, once."""
    seen = Counter(key for page in pages for key in {_key(line) for line in (*page[:_MARGIN], *page[-_MARGIN:])})
    repeated = {key for key, times in seen.items() if times > 1 and times * 2 >= len(pages) and len(key) <= _LONGEST_MARGIN}
    kept: list[list[Piece]] = []
    margin: dict[str, str] = {}
    for page in pages:
        edges = {*range(_MARGIN), *range(len(page) - _MARGIN, len(page))}
        out = {n for n in edges if 0 <= n < len(page) and (_key(page[n]) in repeated or _is_furniture(page, n))}
        margin |= {_key(page[n]): page[n].text for n in sorted(out)}
        kept.append([line for n, line in enumerate(page) if n not in out])
    return kept, list(margin.values())


def paragraphs(pages: Sequence[Sequence[Piece]]) -> list[str]:
    """Return the paragraphs of the pages, lines joined within and across pages."""
    whole = _frame([line for page in pages for line in page])
    found: list[str] = []
    before: tuple[Piece, _Frame] | None = None
    indents = _indents(pages, whole)
    for page in pages:
        frame = _frame(page, whole)
        usual = _usual_gap(page)
        for number, line in enumerate(page):
            gap = line.top - page[number - 1].bottom - usual if number else 0.0
            if before is None or _parted(before, (line, frame), gap, indents=indents):
                found.append(line.text)
            else:
                found[-1] = _joined(found[-1], line.text)
            before = line, frame
    return found


def _inked(row: Sequence[Piece]) -> list[Piece]:
    """Return a row from left to right, without the blanks at its ends."""
    ordered = sorted(row, key=lambda piece: piece.left)
    inked = [number for number, piece in enumerate(ordered) if piece.text.strip()]
    return ordered[inked[0] : inked[-1] + 1]


def _beside(row: Sequence[Piece], piece: Piece) -> bool:
    """Tell whether a piece stands on a row: half of the lower of the two is beside the other."""
    last = row[-1]
    common = min(last.bottom, piece.bottom) - max(last.top, piece.top)
    return common > 0.5 * min(last.height, piece.height)


def _row(row: Sequence[Piece]) -> Piece:
    text, typed = "", False
    last: Piece | None = None
    for piece in row:
        if not piece.text.strip():
            typed = True
            continue
        if last is not None:
            if piece.text == last.text and piece.left - last.left < _OVERPRINT * (piece.right - piece.left):
                continue
            text += _blank(last, piece, typed=typed)
        text += piece.text
        last, typed = piece, False
    return Piece(text, row[0].left, max(p.right for p in row), min(p.top for p in row), max(p.bottom for p in row))


def _blank(last: Piece, piece: Piece, *, typed: bool) -> str:
    """Return the blank that a reader sees between two pieces of a row, or ''. One that was typed may be narrow."""
    narrow = last.text[-1:].isascii() and piece.text[:1].isascii()
    least = _NARROW_GAP if narrow or typed else _GAP
    return " " if piece.left - last.right > least * min(last.height, piece.height) else ""


def _width(text: str) -> float:
    """Return the length of a text in wide characters."""
    return sum(0.5 if sign.isascii() else 1.0 for sign in text) or 1.0


def _frame(lines: Sequence[Piece], otherwise: _Frame | None = None) -> _Frame:
    """Return the edges of some lines; of few lines, the edges of the whole."""
    widest = max((line.right - line.left for line in lines), default=0.0)
    wide = [line for line in lines if line.right - line.left >= _WIDE * widest]
    if otherwise is not None and (len(wide) < _MANY or widest < _WIDE * (otherwise.right - otherwise.left)):
        return otherwise
    if not wide:
        return _Frame(0.0, 0.0, 1.0)
    lefts, rights = sorted(line.left for line in wide), sorted(line.right for line in wide)
    em = median((line.right - line.left) / _width(line.text) for line in wide)
    return _Frame(lefts[len(wide) // 10], rights[len(wide) * 3 // 4], em)


def _indents(pages: Sequence[Sequence[Piece]], frame: _Frame) -> bool:
    """Tell whether the document indents its paragraphs: then a line at the edge goes on from the line before."""
    wide = [line for page in pages for line in page if line.right - line.left >= _WIDE * (frame.right - frame.left)]
    inset = [(line.left - frame.left) / frame.em for line in wide]
    return sum(1 for ems in inset if _INDENT < ems < _CENTRED) * _FEW_INDENTS >= len(wide)


def _usual_gap(page: Sequence[Piece]) -> float:
    return median([below.top - above.bottom for above, below in itertools.pairwise(page)] or [0.0])


def _parted(before: tuple[Piece, _Frame], here: tuple[Piece, _Frame], gap: float, *, indents: bool) -> bool:
    """Tell whether a line begins a paragraph."""
    last, its_frame = before
    line, frame = here
    if line.text.startswith(_LEANING):
        return False
    if gap > _APART * frame.em or _differ(last, line):
        return True
    ended = _SENTENCE_END.search(last.text) is not None
    inset, was_inset = line.left - frame.left, last.left - its_frame.left
    if was_inset - max(inset, 0.0) > _CENTRED * frame.em:
        return True
    if inset > _INDENT * frame.em:  # only a block set in deeper than paragraphs are goes on
        wide = last.right - last.left >= _WIDE * (its_frame.right - its_frame.left)
        return ended or not wide or inset < _DEEP * frame.em or abs(inset - was_inset) > _SLACK * frame.em
    if indents and not ended:
        return its_frame.right - last.right > _HEADING * frame.em
    return _is_short(last, line, its_frame) or (ended and not indents)


def _differ(last: Piece, line: Piece) -> bool:
    """Tell whether two lines are set in letters of different size; the box around a few recognised signs says little."""
    telling = min(len(last.text), len(line.text)) >= _TELLING
    return telling and max(last.height, line.height) > _TALLER * min(last.height, line.height)


def _is_short(last: Piece, line: Piece, frame: _Frame) -> bool:
    """Tell whether the next line's first word would still have had room: then the line ended on purpose."""
    word = _WORD.match(line.text)
    return frame.right - last.right > (_width(word[0] if word else "") + _SLACK) * frame.em


def _joined(text: str, line: str) -> str:
    """Join a line to its paragraph: with a blank only between Latin words."""
    latin = text[-1:].isascii() and text[-1:].isalpha() and line[:1].isascii() and line[:1].isalpha()
    return f"{text} {line}" if latin else text + line


def _key(line: Piece) -> str:
    return _DIGITS.sub("#", _BLANK.sub("", line.text))


def _is_furniture(page: Sequence[Piece], number: int) -> bool:
    """Tell a page number or address on the outermost line."""
    text = page[number].text
    return number in {0, len(page) - 1} and bool(_PAGE_NUMBER.fullmatch(text) or _ADDRESS.fullmatch(text))
