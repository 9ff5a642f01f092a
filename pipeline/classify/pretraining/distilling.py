"""Word vectors whose weighted mean comes near to what a sentence encoder says of the whole sentence.

Each word begins as the encoder's vector of the word alone; a ridge regression on sentences then moves it to where it stands in use.
Common words weigh less and the direction that all sentences share is taken out (SIF: Arora, Liang & Ma 2017).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from pipeline.classify.encoders.static import Rows, StaticEncoder
from pipeline.classify.pretraining.vocabulary import Vocabulary

SMOOTHING = 1e-3  # SIF's a: a word as common as this weighs half
STIFFNESS = 3.0  # how strongly the regression keeps a word where the encoder put it alone
DIMENSION = 256
BATCH = 256
Floats = NDArray[np.float64]


class Teacher(Protocol):
    """A sentence encoder to learn from."""

    name: str
    version: str

    def encode(self, sentences: Sequence[str]) -> Rows:
        """Unit rows, shape (sentences, dimension)."""


def distil(teacher: Teacher, vocabulary: Vocabulary, sentences: Sequence[str], dimension: int = DIMENSION) -> StaticEncoder:
    """A static encoder over the vocabulary; `sentences` are those on which it learns to resemble the teacher (none: words alone)."""
    weights = np.array([SMOOTHING / (SMOOTHING + vocabulary.share(word)) for word in vocabulary.words])
    vectors = encoded(teacher, vocabulary.words)
    if sentences:
        bags = _bags(vocabulary.words, weights, sentences)
        used = np.flatnonzero(np.diff(bags.indptr))
        vectors = _moved(vectors, bags[used], encoded(teacher, [sentences[int(i)] for i in used]))
        shared = bags[used] @ vectors
    else:
        shared = vectors
    vectors = _reduced(vectors, shared, dimension)
    about = {
        "name": "static",
        "teacher": f"{teacher.name} {teacher.version}",
        "documents": vocabulary.documents,
        "fewest_documents": vocabulary.fewest_documents,
        "sentences": len(sentences),
    }
    return StaticEncoder(vocabulary.words, *_quantised(vectors, weights), about)


def encoded(teacher: Teacher, sentences: Sequence[str]) -> Floats:
    """The teacher's vectors, asked for in batches."""
    return np.vstack([teacher.encode(batch) for batch in _batches(sentences)]).astype(np.float64)


def _batches(sentences: Sequence[str]) -> Iterator[list[str]]:
    yield from (list(sentences[at : at + BATCH]) for at in range(0, len(sentences), BATCH))


def _bags(words: Sequence[str], weights: Floats, sentences: Sequence[str]) -> csr_matrix:
    """Each sentence as the shares of its words, weighted; shape (sentences, words), rows sum to 1."""
    reader = StaticEncoder(words, np.zeros((len(words), 1), np.int8), np.ones(len(words), np.float32), {})
    known = [reader.known(sentence) for sentence in sentences]
    lengths = [len(places) for places in known]
    columns = np.concatenate([np.array(places, dtype=np.int64) for places in known])
    shares = weights[columns] / np.repeat([max(weights[places].sum(), 1e-12) for places in known], lengths)
    return csr_matrix((shares, columns, np.concatenate([[0], np.cumsum(lengths)])), shape=(len(sentences), len(words)))


def _moved(vectors: Floats, bags: csr_matrix, wanted: Floats) -> Floats:
    """The vectors moved so that the bags' means are near to `wanted`: ridge regression on what is left to explain."""
    missing = wanted - bags @ vectors
    normal: Any = (bags.T @ bags).toarray()
    normal[np.diag_indices_from(normal)] += STIFFNESS
    return np.asarray(vectors + np.linalg.solve(normal, bags.T @ missing))


def _reduced(vectors: Floats, shared: Floats, dimension: int) -> Floats:
    """The vectors on the strongest directions of `shared` but the first, which all sentences have in common."""
    _, directions = np.linalg.eigh(shared.T @ shared)
    kept = directions[:, ::-1][:, 1 : dimension + 1]
    signs = np.sign(kept[np.abs(kept).argmax(axis=0), np.arange(kept.shape[1])])  # eigenvectors have no sign of their own
    return np.asarray(vectors @ (kept * signs))


def _quantised(vectors: Floats, weights: Floats) -> tuple[NDArray[np.int8], Rows]:
    """Rows of whole numbers from -127 to 127, and what to multiply them by to get weight times vector."""
    largest = np.maximum(np.abs(vectors).max(axis=1), 1e-12)
    return np.rint(vectors / largest[:, None] * 127).astype(np.int8), (weights * largest / 127).astype(np.float32)
