"""What pre-training may read of a judgment: the acts as told, without the names of those whom it is about."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_FEWEST_CHARACTERS = 2  # names shorter than this are letters or surnames, and stand inside other words


@dataclass(frozen=True, slots=True)
class Told:
    """The sentences of one judgment's facts, and the names of its defendants and victims."""

    sentences: tuple[str, ...]
    names: tuple[str, ...] = ()

    def without_names(self) -> list[str]:
        """The sentences with 某 for each name and 0 for each number, as the classifiers see them."""
        names = sorted((name for name in self.names if len(name) >= _FEWEST_CHARACTERS), key=len, reverse=True)
        pattern = re.compile("|".join(map(re.escape, names))) if names else None
        nameless = (pattern.sub("某", sentence) if pattern else sentence for sentence in self.sentences)
        return [_NUMBER.sub("0", sentence) for sentence in nameless]


def full_names(texts: Iterable[Told]) -> set[str]:
    """Every name of a party in the texts, of two characters and more; masked ones too."""
    return {name for text in texts for name in text.names if len(name) >= _FEWEST_CHARACTERS}
