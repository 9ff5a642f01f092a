"""Many words in one pass over a text (Aho and Corasick 1975)."""

from __future__ import annotations

import re
from collections.abc import Sequence

import ahocorasick_rs

# Half a character, which no UTF-8 can hold.
_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")


class WordFinder:
    """Finds every place of every word, also of words that overlap or hold one another."""

    def __init__(self, words: Sequence[str]) -> None:
        # The full automaton: twice as fast as the library's own choice, for a few megabytes.
        dfa = ahocorasick_rs.Implementation.DFA
        self._search = ahocorasick_rs.AhoCorasick(list(words), implementation=dfa, store_patterns=False)

    def find(self, text: str) -> list[tuple[int, int, int]]:
        """(number of the word, start, end) of each place, in order of their ends."""
        try:
            return self._search.find_matches_as_indexes(text, overlapping=True)
        except UnicodeEncodeError:
            return self._search.find_matches_as_indexes(_LONE_SURROGATE.sub("\ufffd", text), overlapping=True)
