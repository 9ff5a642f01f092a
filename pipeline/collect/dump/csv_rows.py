"""CSV in bytes: a line break ends a row iff the number of quotes before it is even.

A block whose rows all have the header's number of columns, and whose quotes all stand at the edges of columns, needs no closer
look, and that is told from the bytes outside quotes alone. Any other block is walked row by row: what the csv module reads as one
row with the right columns is one; any other row is bad, and ends where a line begins as rows do.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from pipeline.collect.dump.cutting import Bad, Cut

_QUOTE, _BREAK = b'"', b"\n"
_NEVER = -2  # there is no quote further on


@dataclass(frozen=True, slots=True)
class Shape:
    """How many columns the header has, what parts them, and how the first column usually begins (b"" when unlike)."""

    columns: int
    delimiter: bytes
    beginning: bytes = b""


class CsvRows:
    """The cutter of a CSV member."""

    def __init__(self, shape: Shape) -> None:
        self._shape = shape
        self._commas = shape.columns - 1
        self._marks = shape.delimiter * self._commas + _BREAK  # what is left of a row without its text
        self._others = bytes(byte for byte in range(256) if byte not in self._marks)
        self._before = frozenset(shape.delimiter + _BREAK)  # what may stand before an opening quote
        self._after = frozenset(shape.delimiter + b"\r\n")  # and after a closing one

    def cut(self, block: bytearray, length: int, at_end: bool) -> Cut:
        """Cut the rows of a block (see `Cutter`)."""
        pieces, edges = _outside(block, length)
        end = next((edge + at + 1 for piece, edge in _backwards(pieces, edges) if (at := piece.rfind(_BREAK)) >= 0), 0)
        if end and not (at_end and end < length) and self._placed(pieces):
            outside = b"".join(pieces)
            outside = outside[: outside.rfind(_BREAK) + 1]
            marks = outside.translate(None, self._others)
            rows = len(marks) // len(self._marks)
            starts = partial(_starts, pieces, edges)
            if marks == self._marks * rows and self._alike(block, outside, rows, starts, end):
                return Cut(end, rows, starts)
        return self._walk(block, length, at_end)

    def restart(self, block: bytearray, length: int, at_end: bool) -> int:
        """Find the next line that begins as rows usually do; where they begin in many ways, the next line."""
        if not self._shape.beginning:
            return block.find(_BREAK, 0, length) + 1 or -1
        return self._usual(block, 0, length)

    def tail(self) -> int:
        """Return the length of a beginning with its quote and line break."""
        return len(self._shape.beginning) + 2

    def _placed(self, pieces: list[bytearray]) -> bool:
        """Tell whether every quote stands at the edge of a column or is doubled."""
        heads = {piece[0] for piece in pieces[1:] if piece}
        tails = {piece[-1] for piece in pieces[:-1] if piece}
        return heads <= self._after and tails <= self._before

    def _alike(self, block: bytearray, outside: bytes, rows: int, starts: Callable[[], list[int]], end: int) -> bool:
        """Tell whether all rows begin as rows usually do, or at least none holds a line that does."""
        beginning = self._shape.beginning
        if not beginning or outside.count(_BREAK + beginning) + block.startswith(beginning) == rows:
            return True
        return not any(self._swallows(block, a, b) for a, b in pairwise([*starts(), end]))

    def _walk(self, block: bytearray, length: int, at_end: bool) -> Cut:
        starts: list[int] = []
        bad: list[Bad] = []
        position, quote = 0, -1
        while position < length:
            end, quote = _row_end(block, position, length, quote)
            known = self._judged(block, position, end, length, at_end)
            if known is None:
                break
            quote = quote if known[0] == end else -1  # rows that end elsewhere than their quotes say leave unseen ones behind
            end, reason = known
            if reason:
                bad.append(Bad(len(starts), position, end, reason))
            if reason or not _blank(block, position, end):
                starts.append(position)
            position = end
        return Cut(position, len(starts), lambda: starts, bad, torn=at_end and position < length)

    def _judged(self, block: bytearray, start: int, end: int, length: int, at_end: bool) -> tuple[int, str] | None:
        """Return where the row at `start` ends and what is wrong with it; None when the block ends too early to say."""
        if end and self._regular(block[start:end]) and not self._swallows(block, start, end):
            return end, ""
        if not end and at_end and self._regular(block[start:length]) and not _open(block, start, length):
            return length, ""  # the last row without a line break
        fields, read = self._as_module(block, start, length)
        if read is None and not at_end:
            return None
        stop = self._usual(block, start, length if read is None else read)
        if stop < 0 and read is not None and self._shape.beginning:
            follows = self._begins(block, read, length, at_end)
            if follows is None:
                return None
            stop = read if follows else -1
        if stop < 0:
            stop = self._next(block, start, length, at_end)
        if fields == self._shape.columns and read is not None and not 0 <= stop < read:
            return read, ""
        if stop < 0 and at_end and read is not None:
            stop = length
        return (stop, self._fault(block, start, stop)) if stop >= 0 else None

    def _regular(self, row: bytearray) -> bool:
        pieces = row.split(_QUOTE)[::2]
        if not row.strip():
            return True
        return sum(piece.count(self._shape.delimiter) for piece in pieces) == self._commas and self._placed(pieces)

    def _swallows(self, block: bytearray, start: int, end: int) -> bool:
        """Tell whether a row that does not begin as rows usually do holds a line that does: a stray quote has joined them."""
        return not self._begins_as_usual(block, start, end) and self._usual(block, start, end) >= 0

    def _usual(self, block: bytearray, start: int, stop: int) -> int:
        """Return where the first line after `start` and before `stop` begins as rows usually do; -1 where none does."""
        at = block.find(_BREAK, start, stop) + 1
        while 0 < at < stop:
            if self._begins_as_usual(block, at, stop):
                return at
            at = block.find(_BREAK, at, stop) + 1
        return -1

    def _next(self, block: bytearray, start: int, length: int, at_end: bool) -> int:
        """Return where the first line after `start` begins a row; -1 when the block does not show it."""
        at = block.find(_BREAK, start, length) + 1
        while 0 < at < length:
            begins = self._begins(block, at, length, at_end)
            if begins:
                return at
            if begins is None:
                return -1
            at = block.find(_BREAK, at, length) + 1
        return -1

    def _begins(self, block: bytearray, at: int, length: int, at_end: bool) -> bool | None:
        """Tell whether a row begins there: as rows usually do, or with the right columns; None when the block ends too early to say."""
        if at >= length:
            return True if at_end else None
        if self._begins_as_usual(block, at, length):
            return True
        end, _ = _row_end(block, at, length, -1)
        if not end:
            return False if at_end else None
        row = block[at:end]
        return bool(row.strip()) and self._regular(row) and not self._swallows(block, at, end)

    def _begins_as_usual(self, block: bytearray, at: int, length: int) -> bool:
        beginning = self._shape.beginning
        return bool(beginning) and (block.startswith(beginning, at, length) or block.startswith(_QUOTE + beginning, at, length))

    def _as_module(self, block: bytearray, start: int, length: int) -> tuple[int, int | None]:
        """Return how many columns the csv module reads at `start` and where that row ends; None when the block ends first."""
        lines = _Lines(block, start, length)
        try:
            fields = len(next(csv.reader(lines, delimiter=self._shape.delimiter.decode()), ()))
        except csv.Error:
            fields = 0
        return fields, lines.position if lines.complete else None

    def _fault(self, block: bytearray, start: int, end: int) -> str:
        if _open(block, start, end):
            return "a quote is opened and never closed"
        fields, _ = self._as_module(block, start, end)
        if fields == self._shape.columns:
            return "its quotes are out of place"
        return f"it has {fields} columns, the header {self._shape.columns}"


class _Lines:
    """The lines of a block for the csv module, each byte a character."""

    def __init__(self, block: bytearray, start: int, length: int) -> None:
        self._block, self._length = block, length
        self.position = start
        self.complete = True

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        end = self._block.find(_BREAK, self.position, self._length) + 1
        if not end:
            self.complete = False
            raise StopIteration
        line = self._block[self.position : end].decode("latin-1")
        self.position = end
        return line


def _outside(block: bytearray, length: int) -> tuple[list[bytearray], list[int]]:
    """Return the pieces outside quotes and where each begins. Doubled quotes leave empty pieces."""
    pieces: list[bytearray] = []
    edges: list[int] = []
    find, add_piece, add_edge, at = block.find, pieces.append, edges.append, 0
    while (quote := find(_QUOTE, at, length)) >= 0:
        add_piece(block[at:quote])
        add_edge(at)
        at = find(_QUOTE, quote + 1, length) + 1
        if not at:
            return pieces, edges
    add_piece(block[at:length])
    add_edge(at)
    return pieces, edges


def _backwards(pieces: list[bytearray], edges: list[int]) -> Iterator[tuple[bytearray, int]]:
    return zip(reversed(pieces), reversed(edges), strict=True)


def _starts(pieces: list[bytearray], edges: list[int]) -> list[int]:
    """Return where each complete row begins."""
    starts = [0]
    for piece, edge in zip(pieces, edges, strict=True):
        at = piece.find(_BREAK)
        while at >= 0:
            starts.append(edge + at + 1)
            at = piece.find(_BREAK, at + 1)
    return starts[:-1]


def _row_end(block: bytearray, start: int, length: int, quote: int) -> tuple[int, int]:
    """Return the end of the row at `start` by the parity of its quotes, 0 when it lies beyond the block, and the next quote after it."""
    find, at = block.find, start
    while True:
        if quote != _NEVER and quote < at:
            quote = find(_QUOTE, at, length)
        if quote < 0:
            return find(_BREAK, at, length) + 1, _NEVER
        if (end := find(_BREAK, at, quote)) >= 0:
            return end + 1, quote
        at = find(_QUOTE, quote + 1, length) + 1
        if not at:
            return 0, -1


def _blank(block: bytearray, start: int, end: int) -> bool:
    return end - start <= 2 and not block[start:end].strip(b"\r\n")


def _open(block: bytearray, start: int, end: int) -> bool:
    return block.count(_QUOTE, start, end) % 2 == 1
