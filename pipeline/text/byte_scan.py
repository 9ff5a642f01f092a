"""Literal words in raw bytes, found in one pass where hyperscan has no wheel."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import ahocorasick_rs


class ByteScan:
    """An automaton over byte strings: every place where one of them ends, overlapping ones included."""

    def __init__(self, literals: Sequence[bytes]) -> None:
        self._automaton = ahocorasick_rs.BytesAhoCorasick(list(literals))

    def ends(self, data: bytes) -> Iterator[tuple[int, int]]:
        """Yield (index of the literal, where it ends)."""
        for index, _, end in self._automaton.find_matches_as_indexes(data, overlapping=True):
            yield index, end
