"""A sentence encoder without a network: each word has one vector, and a sentence is their weighted mean.

The vectors are distilled from a sentence encoder (see pipeline.classify.pretraining) and lie in a folder as `vectors.safetensors` and
`vocabulary.json`. Words that are not in the vocabulary count by their characters, where those are in it.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.schema import AnjuanError

VECTORS, VOCABULARY = "vectors.safetensors", "vocabulary.json"
Rows = NDArray[np.float32]
_HAN = re.compile("[\u3400-\u9fff]")
_AGAIN = "distil it again with `python -m pipeline.job.pretraining static`"


class StaticEncoder:
    """Unit vectors of sentences, as a weighted mean of word vectors.

    `vectors`: int8, shape (words, dimension). `scales`: float32, shape (words,): what a row is multiplied by; the word's weight in the
    mean is part of it. `about` says what the vectors were made of. `version` is a hash of words and vectors.
    """

    package = "anjuan"

    def __init__(self, words: Sequence[str], vectors: NDArray[np.int8], scales: Rows, about: dict[str, Any]) -> None:
        self.words, self.vectors, self.scales, self.about = tuple(words), vectors, scales, about
        self.name = str(about.get("name", "static"))
        self.dimension = int(vectors.shape[1])
        self.version = hashlib.blake2b("\n".join(self.words).encode() + vectors.tobytes() + scales.tobytes(), digest_size=4).hexdigest()
        self._rows = {word: i for i, word in enumerate(self.words)}
        self._table: Rows = vectors.astype(np.float32) * scales[:, None]

    def encode(self, sentences: Sequence[str]) -> Rows:
        """Unit rows, shape (sentences, dimension); a row of zeros for a sentence without a known word."""
        means = np.zeros((len(sentences), self.dimension), dtype=np.float32)
        for i, sentence in enumerate(sentences):
            if known := self.known(sentence):
                means[i] = self._table[known].sum(axis=0)
        lengths = np.linalg.norm(means, axis=1, keepdims=True)
        return np.asarray(means / np.where(lengths > 0, lengths, 1), dtype=np.float32)

    def known(self, sentence: str) -> list[int]:
        """Places in `words` of the sentence's words, and of the characters of those words that have no vector."""
        places = []
        for word in words_of(sentence):
            at = self._rows.get(word)
            places += [at] if at is not None else [self._rows[one] for one in word if one in self._rows]
        return places

    def save(self, folder: Path) -> None:
        """Write both files; the same vectors give the same bytes."""
        from safetensors.numpy import save_file

        folder.mkdir(parents=True, exist_ok=True)
        save_file({"scales": self.scales, "vectors": self.vectors}, folder / VECTORS)
        kept = json.dumps({**self.about, "words": list(self.words)}, ensure_ascii=False, indent=0)
        (folder / VOCABULARY).write_text(kept + "\n", "utf-8")

    @classmethod
    def load(cls, folder: Path) -> StaticEncoder:
        """Read what `save` wrote.

        Raises:
            AnjuanError: a file is missing or damaged, or the two do not belong together.
        """
        from safetensors import SafetensorError
        from safetensors.numpy import load_file

        try:
            about = json.loads((folder / VOCABULARY).read_text("utf-8"))
            words, tensors = about.pop("words"), load_file(folder / VECTORS)
            vectors, scales = tensors["vectors"], tensors["scales"]
        except (OSError, ValueError, KeyError, AttributeError, SafetensorError) as error:
            raise AnjuanError(f"{folder} holds no static encoder that can be read ({error!r}); {_AGAIN}") from error
        if vectors.dtype != np.int8 or vectors.ndim != 2 or not len(words) == len(vectors) == len(scales):
            raise AnjuanError(f"{folder}: {len(words)} words, but vectors of shape {vectors.shape}, {vectors.dtype}; {_AGAIN}")
        return cls(words, vectors, scales, about)


def words_of(sentence: str) -> list[str]:
    """The words that hold a Chinese character."""
    return [word for word in segmented(sentence) if _HAN.search(word)]


def segmented(text: str) -> list[str]:
    """A text cut into words, punctuation and numbers among them, by jieba's dictionary alone: it guesses no names."""
    import jieba

    jieba.setLogLevel(logging.ERROR)  # its greeting on stderr
    return list(jieba.cut(text, HMM=False))
