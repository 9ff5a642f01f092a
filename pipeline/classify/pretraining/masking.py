"""Windows of facts for the small BERT, and whole words hidden in them (Cui et al. 2021: whole-word masking)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.classify.encoders.static import segmented
from pipeline.classify.pretraining.characters import SPECIAL
from pipeline.classify.pretraining.told import Told

PADDING, UNKNOWN, BEGIN, END, MASK = range(len(SPECIAL))
HIDDEN = 0.15  # the share of words to be guessed
REPLACED = 0.8  # of those, so many become [MASK], and half of the rest a character drawn by chance
NOT_ASKED = -100  # what torch's cross-entropy leaves out
Ids = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Window:
    """Tokens between [CLS] and [SEP], and for each the number of its word."""

    tokens: tuple[int, ...]
    words: tuple[int, ...]


def windows(texts: Iterable[Told], numbers: Mapping[str, int], longest: int) -> Iterator[Window]:
    """The nameless facts of each text cut into windows of at most `longest` tokens ([CLS] and [SEP] counted), words kept whole."""
    room = longest - 2
    for text in texts:
        tokens: list[int] = []
        words: list[int] = []
        for n, piece in enumerate(_pieces(text, room)):
            if len(tokens) + len(piece) > room:
                yield Window(tuple(tokens), tuple(words))
                tokens, words = [], []
            tokens += [numbers.get(one, UNKNOWN) for one in piece]
            words += [n] * len(piece)
        if tokens:
            yield Window(tuple(tokens), tuple(words))


def _pieces(text: Told, room: int) -> Iterator[str]:
    """The words of a text without blanks; what fills more than a window (a row of letters) is cut."""
    for sentence in text.without_names():
        for word in segmented("".join(sentence.split())):
            yield from (word[at : at + room] for at in range(0, len(word), room))


def hidden(batch: Sequence[Window], vocabulary: int, rng: np.random.Generator) -> tuple[Ids, Ids]:
    """Tokens with some words hidden, and what is asked: the hidden tokens, `NOT_ASKED` elsewhere; both (windows, tokens), padded."""
    width = max(len(window.tokens) for window in batch) + 2
    shown = np.full((len(batch), width), PADDING, dtype=np.int64)
    asked = np.full((len(batch), width), NOT_ASKED, dtype=np.int64)
    for row, window in enumerate(batch):
        tokens, end = np.array(window.tokens, dtype=np.int64), len(window.tokens) + 1
        shown[row, 0], shown[row, 1:end], shown[row, end] = BEGIN, tokens, END
        chosen = _chosen(window.words, rng) & (tokens != UNKNOWN)
        asked[row, 1:end] = np.where(chosen, tokens, NOT_ASKED)
        drawn = rng.random(len(tokens))
        chance = rng.integers(len(SPECIAL), vocabulary, len(tokens))
        shown[row, 1:end] = np.where(chosen & (drawn < REPLACED), MASK, tokens)
        shown[row, 1:end] = np.where(chosen & (drawn > (1 + REPLACED) / 2), chance, shown[row, 1:end])
    return shown, asked


def _chosen(words: Sequence[int], rng: np.random.Generator) -> NDArray[np.bool_]:
    """Which tokens are hidden: all those of a word or none, at least one word."""
    names, places = np.unique(words, return_inverse=True)
    picked = rng.random(len(names)) < HIDDEN
    picked[rng.integers(len(names))] = True
    return np.asarray(picked[places])
