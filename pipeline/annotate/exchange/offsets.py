"""Offsets as other programs count them: in UTF-16 code units, of which an astral character (𠮷, most emoji) takes two."""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property


class Utf16:
    """The places of a text in UTF-16 code units, as JavaScript counts them, and in code points, as Python does."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _astral(self) -> list[int]:
        """The code-point offsets of the characters that take two units."""
        return [place for place, character in enumerate(self._text) if character > "\uffff"] if not self._text.isascii() else []

    @cached_property
    def _behind(self) -> list[int]:
        """The unit offsets right behind those characters."""
        return [place + number + 2 for number, place in enumerate(self._astral)]

    def units(self, place: int) -> int:
        """A code-point offset in UTF-16 code units."""
        return place + bisect_left(self._astral, place)

    def place(self, units: int) -> int | None:
        """A unit offset in code points; None when it lies within a character or outside the text."""
        before = bisect_left(self._behind, units + 1)
        place = units - before
        return place if 0 <= place <= len(self._text) and self.units(place) == units else None
