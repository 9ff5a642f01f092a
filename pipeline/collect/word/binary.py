"""The binary Word format ([MS-DOC]): the streams of a file, its pieces of text, and the properties of runs and paragraphs."""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from pipeline.collect.limits import LIMITS
from pipeline.collect.rejection import Reason
from pipeline.schema import RecordError

_PAGE = 512
_PIECE = 8  # bytes of a piece descriptor
_COMPRESSED = 0x40000000
_CLX, _CHPX, _PAPX, _STYLES, _LISTS, _OVERRIDES = 0x1A2, 0xFA, 0x102, 0xA2, 0x2E2, 0x2EA  # places in the FIB
_TEXTS = 0x4C  # lengths of text, footnotes, headers, macros, comments, endnotes, text boxes, header text boxes
_SIZES = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}  # bytes of a property's operand, by the class in its code
_LONG_TABLE, _TABS = 0xD608, 0xC615  # properties that state their length in ways of their own
_DELETED, _HIDDEN = 0x0800, 0x083C
_MOST_STEPS = 20_000_000  # in finding the characters of hidden runs; a long document takes some thousands


@dataclass(frozen=True, slots=True)
class Paragraph:
    """What the file says about a paragraph: its style, and properties by code."""

    style: int = 0
    properties: dict[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class Document:
    """The two streams of a Word 97 file, read by place. Raises struct.error, ValueError or IndexError where they are damaged."""

    main: bytes
    table: bytes
    text: str = ""
    dropped: bytearray = field(default_factory=bytearray)  # for each character, 1 when it is deleted or hidden
    _pieces: list[tuple[int, int, int]] = field(default_factory=list)  # first character, place in the file, bytes for each character
    _starts: list[int] = field(default_factory=list)
    _paragraphs: list[tuple[int, Paragraph]] = field(default_factory=list)  # by the place where it begins

    def __post_init__(self) -> None:
        self.text = "".join(self._read_pieces())
        self.dropped = bytearray(len(self.text))
        self._starts = [first for first, _, _ in self._pieces]
        self._read_runs()
        self._paragraphs = sorted(self._read_paragraphs(), key=lambda pair: pair[0])

    def lengths(self) -> list[int]:
        """Return how many characters belong to text, footnotes, headers, macros, comments, endnotes, text boxes, header text boxes."""
        return list(struct.unpack_from("<8i", self.main, _TEXTS))

    def paragraph(self, position: int) -> Paragraph:
        """Return the properties of the paragraph that a character belongs to."""
        place = self._place(position)
        found = bisect_right(self._paragraphs, place, key=lambda pair: pair[0]) - 1
        return self._paragraphs[found][1] if found >= 0 else Paragraph()

    def styles(self) -> bytes:
        """Return the style sheet."""
        return self._part(_STYLES)

    def lists(self) -> tuple[int, int]:
        """Return where the lists stand in the table stream, and their length; the levels follow."""
        return self._pair(_LISTS)

    def overrides(self) -> bytes:
        """Return the table of lists as paragraphs name them, with what follows it."""
        return self._part(_OVERRIDES)

    def _pair(self, place: int) -> tuple[int, int]:
        start, length = struct.unpack_from("<II", self.main, place)
        return start, length

    def _part(self, place: int) -> bytes:
        start, length = self._pair(place)
        return self.table[start : start + length]

    def _place(self, position: int) -> int:
        first, place, width = self._pieces[bisect_right(self._starts, position) - 1]
        return place + (position - first) * width

    def _read_pieces(self) -> Iterator[str]:
        clx, at = self._part(_CLX), 0
        while clx[at] == 1:  # properties that pieces refer to
            at += 3 + int(struct.unpack_from("<h", clx, at + 1)[0])
        length = struct.unpack_from("<I", clx, at + 1)[0]
        count = (length - 4) // (4 + _PIECE)
        firsts = struct.unpack_from(f"<{count + 1}I", clx, at + 5)
        position = 0
        for number in range(count):
            size = firsts[number + 1] - firsts[number]
            code = struct.unpack_from("<I", clx, at + 5 + 4 * (count + 1) + _PIECE * number + 2)[0]
            place, width = ((code & ~_COMPRESSED) // 2, 1) if code & _COMPRESSED else (code, 2)
            raw = self.main[place : place + size * width]
            if size < 0 or len(raw) < size * width:
                raise ValueError("a piece of text lies outside the file")
            if position + size > LIMITS.document:
                raise RecordError(Reason.TOO_LARGE, f"a document of over {LIMITS.document} characters; split it into single judgments")
            self._pieces.append((position, place, width))
            position += size
            yield raw.decode("cp1252", "replace") if width == 1 else "".join(map(chr, struct.unpack(f"<{size}H", raw)))

    def _read_runs(self) -> None:
        """Mark what is deleted or hidden, and put a sign for symbols of other fonts."""
        marked = [(start, end) for start, end, grpprl in self._run_pages() if _is_unseen(dict(properties(grpprl)))]
        if len(marked) * len(self._pieces) > _MOST_STEPS:
            raise ValueError("too many pieces of text and of hidden text")
        for number, (first, place, width) in enumerate(self._pieces):
            last = self._pieces[number + 1][0] if number + 1 < len(self._pieces) else len(self.text)
            for start, end in marked:
                low = max(first, first + (start - place) // width)
                high = min(last, first + (end - place) // width)
                if low < high:
                    self.dropped[low:high] = b"\x01" * (high - low)

    def _run_pages(self) -> Iterator[tuple[int, int, bytes]]:
        for page in self._pages(_CHPX):
            count = page[_PAGE - 1]
            places = struct.unpack_from(f"<{count + 1}I", page)
            for number in range(count):
                at = 2 * page[4 * (count + 1) + number]
                if at:
                    yield places[number], places[number + 1], page[at + 1 : at + 1 + page[at]]

    def _read_paragraphs(self) -> Iterator[tuple[int, Paragraph]]:
        for page in self._pages(_PAPX):
            count = page[_PAGE - 1]
            places = struct.unpack_from(f"<{count + 1}I", page)
            for number in range(count):
                at = 2 * page[4 * (count + 1) + 13 * number]
                size, at = (2 * page[at] - 1, at + 1) if page[at] else (2 * page[at + 1], at + 2)
                stated = page[at : at + size]
                style = struct.unpack_from("<H", stated)[0] if len(stated) > 1 else 0
                yield places[number], Paragraph(style, dict(properties(stated[2:])))

    def _pages(self, place: int) -> Iterator[bytes]:
        """Yield the pages of properties that a table of the FIB names."""
        table = self._part(place)
        count = max(0, (len(table) - 4) // 8)
        for number in struct.unpack_from(f"<{count}I", table, 4 * (count + 1)):
            page = self.main[(number & 0x3FFFFF) * _PAGE :][:_PAGE] if number else b""
            if len(page) == _PAGE:
                yield page


def properties(stated: bytes) -> Iterator[tuple[int, int]]:
    """Yield code and value of each property (a "sprm"); of a long one the value is its length."""
    at = 0
    while at + 2 < len(stated):
        code = struct.unpack_from("<H", stated, at)[0]
        at += 2
        size = _SIZES.get(code >> 13)
        if size is None:
            size = struct.unpack_from("<H", stated, at)[0] + 1 if code == _LONG_TABLE and at + 1 < len(stated) else stated[at] + 1
            if code == _TABS and stated[at] == 0xFF:
                return
            yield code, size
        else:
            yield code, int.from_bytes(stated[at : at + size], "little")
        at += size


def _is_unseen(stated: dict[int, int]) -> bool:
    return stated.get(_DELETED) == 1 or stated.get(_HIDDEN) == 1
