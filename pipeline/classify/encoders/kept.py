"""Vectors of sentences that an encoder has met: in memory and, where a folder is given, on disk."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import BadZipFile

import numpy as np

from pipeline.schema import AnjuanError

if TYPE_CHECKING:
    from pipeline.classify.encoders.encoder import Encoder, Vectors

MOST = 50_000  # vectors in memory (100 MB at 512 numbers each); the oldest are forgotten
_KEY_BYTES = 16


class KeptEncoder:
    """An encoder that encodes no sentence twice.

    On disk the vectors lie in parts `<encoder>-<version>-<hash>.npz`, one for each call that met new sentences: a part is written whole
    or not at all, so several processes may share a folder. Their keys are hashes of encoder, version and sentence.
    """

    def __init__(self, encoder: Encoder) -> None:
        self.name, self.package, self.version = encoder.name, encoder.package, encoder.version
        self.dimension = encoder.dimension
        self._encoder = encoder
        self._vectors: dict[bytes, Vectors] = {}
        self._folder: Path | None = None

    def encode(self, sentences: Sequence[str]) -> Vectors:
        """Vectors of length 1, shape (sentences, dimension)."""
        keys = [self._key(sentence) for sentence in sentences]
        unmet = {key: sentence for key, sentence in zip(keys, sentences, strict=True) if key not in self._vectors}
        if unmet:
            new = dict(zip(unmet, self._encoder.encode(list(unmet.values())), strict=True))
            self._vectors |= new
            if self._folder is not None:
                self._write(self._folder, new)
        found = np.array([self._vectors[key] for key in keys], dtype=np.float32).reshape(-1, self.dimension)
        self._forget()
        return found

    def keep_in(self, folder: Path) -> None:
        """Read the vectors in a folder, and write new ones there from now on.

        Raises:
            AnjuanError: a part cannot be read.
        """
        if folder == self._folder:
            return
        folder.mkdir(parents=True, exist_ok=True)
        for part in sorted(folder.glob(f"{self._prefix}-*.npz")):
            self._vectors |= self._read(part)
        self._folder = folder

    @property
    def _prefix(self) -> str:
        return f"{self.name}-{self.version}"

    def _key(self, sentence: str) -> bytes:
        said = f"{self._prefix}\0{sentence}".encode("utf-8", "surrogatepass")
        return hashlib.blake2b(said, digest_size=_KEY_BYTES).digest()

    def _read(self, part: Path) -> dict[bytes, Vectors]:
        try:
            with np.load(part, allow_pickle=False) as held:
                keys, vectors = held["keys"], held["vectors"]
            if keys.shape != (len(vectors), _KEY_BYTES) or vectors.shape[1:] != (self.dimension,):
                raise ValueError(f"shapes {keys.shape} and {vectors.shape}")
        except (OSError, EOFError, ValueError, KeyError, BadZipFile) as error:
            raise AnjuanError(f"{part} holds no vectors of sentences ({error}); delete it, they will be computed again") from error
        return {key.tobytes(): vector for key, vector in zip(keys, vectors, strict=True)}

    def _write(self, folder: Path, new: dict[bytes, Vectors]) -> None:
        named = hashlib.blake2b(b"".join(new), digest_size=8).hexdigest()
        beside = folder / f"{named}.{os.getpid()}.part"
        with beside.open("wb") as file:
            np.savez(file, keys=np.frombuffer(b"".join(new), np.uint8).reshape(-1, _KEY_BYTES), vectors=np.array(list(new.values())))
        beside.replace(folder / f"{self._prefix}-{named}.npz")

    def _forget(self) -> None:
        if (over := len(self._vectors) - MOST) > 0:
            for key in list(self._vectors)[:over]:
                del self._vectors[key]
