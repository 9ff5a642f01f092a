"""Where words occur in a text, without reading it once for every word: a judgment of 400,000 characters names hundreds of persons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

# So many pairs with one first character are looked up one by one; then all places of that character are sorted by pair.
_FEW = 4


class Occurrences:
    """Places of words of at least two characters in one text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._pairs: dict[str, list[int]] = {}  # two characters -> where they stand
        self._asked: dict[str, int] = {}  # first character -> number of its pairs looked up
        self._words: dict[str, list[int]] = {}

    def know(self, words: Mapping[str, Sequence[int]]) -> None:
        """Take these for all the places of the pairs of characters with which the words begin."""
        known: dict[str, list[int]] = {}
        for word, places in words.items():
            known.setdefault(word[:2], []).extend(places)
        for pair, places in known.items():
            self._pairs[pair] = sorted(places)

    def of(self, word: str) -> list[int]:
        """Where the word begins, in text order."""
        found = self._words.get(word)
        if found is None:
            pair = self._of_pair(word[:2])
            found = pair if len(word) == 2 else [at for at in pair if self._text.startswith(word, at)]
            self._words[word] = found
        return found

    def count(self, word: str) -> int:
        """How often the word occurs."""
        return len(self.of(word))

    def _of_pair(self, pair: str) -> list[int]:
        if pair not in self._pairs:
            self._look_up(pair)
        return self._pairs.get(pair, [])

    def _look_up(self, pair: str) -> None:
        head = pair[:1]
        asked = self._asked[head] = self._asked.get(head, 0) + 1
        if asked < _FEW:
            self._pairs[pair] = _find(pair, self._text)
        elif asked == _FEW:
            found: dict[str, list[int]] = {}
            for at in _find(head, self._text):
                found.setdefault(self._text[at : at + 2], []).append(at)
            self._pairs = found | self._pairs


def _find(word: str, text: str) -> list[int]:
    found, at = [], text.find(word) if word else -1
    while at >= 0:
        found.append(at)
        at = text.find(word, at + 1)
    return found
