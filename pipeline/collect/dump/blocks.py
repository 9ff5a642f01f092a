"""A member as blocks of complete records, in buffers that are used again: memory does not grow with the member."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from pipeline.collect.dump.cutting import Cut, Cutter

BLOCK = 1 << 20  # bytes: what stays in a processor's cache between reading, cutting and searching
_KEPT = 8  # spare buffers


class Readable(Protocol):
    """Bytes one after the other."""

    def readinto(self, buffer: memoryview) -> int:
        """Fill the beginning of the buffer; 0 at the end."""


@dataclass(slots=True)
class Block:
    """Records that lie in `buffer[:cut.end]`, the first being number `row` (from 1) at byte `offset` of the member.

    A record too long to be held comes as blocks without rows, `within` it, and one that says its length: `long`.
    """

    buffer: bytearray
    cut: Cut
    offset: int
    row: int
    within: bool = False
    long: int = 0

    @property
    def end(self) -> int:
        """The byte of the member at which the block ends."""
        return self.offset + self.cut.end


class Buffers:
    """Spare buffers. Those that had to grow are not kept."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._spare: list[bytearray] = []

    def take(self, at_least: int = 0) -> bytearray:
        """Return a buffer of the usual size, or a larger one."""
        return self._spare.pop() if self._spare and at_least <= self._size else bytearray(max(self._size, at_least))

    def give(self, buffer: bytearray) -> None:
        """Take a buffer back that nobody looks at any more."""
        if len(buffer) == self._size and len(self._spare) < _KEPT:
            self._spare.append(buffer)


class Blocks:
    """Reads a stream that stands at byte `offset`, where record number `row` begins."""

    def __init__(self, stream: Readable, cutter: Cutter, buffers: Buffers, limit: int, offset: int, row: int) -> None:
        self._stream, self._cutter, self._buffers, self._limit = stream, cutter, buffers, limit
        self._offset, self._row = offset, row
        self._buffer, self._filled, self._at_end = buffers.take(), 0, False

    def __iter__(self) -> Iterator[Block]:
        while self._fill():
            cut = self._cutter.cut(self._buffer, self._filled, self._at_end)
            if cut.end or self._at_end:
                yield self._pass(cut)
                if cut.torn:
                    return
            elif len(self._buffer) < self._limit:
                self._buffer.extend(bytes(min(len(self._buffer), self._limit - len(self._buffer))))
            else:
                yield from self._skip()

    def _fill(self) -> bool:
        """Read until the buffer is full or the stream ends; False when nothing is left."""
        with memoryview(self._buffer) as view:
            while self._filled < len(view) and not self._at_end:
                read = self._stream.readinto(view[self._filled :])
                self._filled += read
                self._at_end = not read
        return self._filled > 0

    def _pass(self, cut: Cut, *, within: bool = False, long: int = 0) -> Block:
        """Hand out what was cut and carry the rest over to another buffer."""
        rest = self._filled - cut.end
        block = Block(self._buffer, cut, self._offset, self._row, within, long)
        fresh = self._buffers.take(rest)
        fresh[:rest] = memoryview(self._buffer)[cut.end : self._filled]
        self._buffer, self._filled = fresh, rest
        self._offset += cut.end
        self._row += cut.rows
        return block

    def _skip(self) -> Iterator[Block]:
        """Pass over a record that is longer than the limit."""
        length = 0
        while True:
            at = self._cutter.restart(self._buffer, self._filled, self._at_end)
            if at >= 0 or self._at_end:
                at = at if at >= 0 else self._filled
                yield self._pass(_nothing(at, rows=1), long=length + at)
                return
            passed = self._filled - self._cutter.tail()
            length += passed
            yield self._pass(_nothing(passed), within=True)
            self._fill()


def _nothing(end: int, rows: int = 0) -> Cut:
    return Cut(end, rows, list)
