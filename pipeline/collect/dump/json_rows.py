"""JSON lines in bytes: every line that is not blank is a record, and a record begins and ends with a brace."""

from __future__ import annotations

from itertools import pairwise

import orjson

from pipeline.collect.dump.cutting import Bad, Cut

_BREAK, _OPENING, _CLOSING = b"\n", ord("{"), ord("}")
_NO_OBJECT = "the line is no JSON object"


class JsonRows:
    """The cutter of a member of JSON lines."""

    def cut(self, block: bytearray, length: int, at_end: bool) -> Cut:
        """Cut the lines of a block (see `Cutter`)."""
        find, ends, at = block.find, list[int](), 0
        while at := find(_BREAK, at, length) + 1:
            ends.append(at)
        end = ends[-1] if ends else 0
        starts = [0, *ends[:-1]] if ends else []
        whole = [n for n in starts if block[n] == _OPENING] == starts and {block[n - 2] for n in ends} <= {_CLOSING}
        if not whole:
            return _walk(block, [*starts, end], length, at_end)
        return _last(block, Cut(end, len(starts), lambda: starts), starts, length, at_end)

    def restart(self, block: bytearray, length: int, at_end: bool) -> int:
        """Find the next line."""
        return block.find(_BREAK, 0, length) + 1 or -1

    def tail(self) -> int:
        """Return 0: a line break is one byte."""
        return 0


def _walk(block: bytearray, edges: list[int], length: int, at_end: bool) -> Cut:
    """Look at line after line: some are blank, end with a carriage return, or are no objects."""
    starts: list[int] = []
    bad: list[Bad] = []
    for start, end in pairwise(edges):
        line = block[start:end].strip(b"\xef\xbb\xbf \t\r\n")
        if not line:
            continue
        if line[0] != _OPENING or line[-1] != _CLOSING:
            bad.append(Bad(len(starts), start, end, _NO_OBJECT))
        starts.append(start)
    return _last(block, Cut(edges[-1], len(starts), lambda: starts, bad), starts, length, at_end)


def _last(block: bytearray, cut: Cut, starts: list[int], length: int, at_end: bool) -> Cut:
    """Add a last line without a line break where it is whole."""
    rest = block[cut.end : length].strip(b"\xef\xbb\xbf \t\r") if at_end else b""
    if not rest:
        cut.end = length if at_end else cut.end
        return cut
    try:
        orjson.loads(rest)
    except ValueError:
        cut.torn = True
        return cut
    starts.append(cut.end)
    cut.end, cut.rows = length, len(starts)
    return cut
