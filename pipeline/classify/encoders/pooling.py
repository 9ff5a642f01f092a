"""From the vectors of a case's sentences to one vector for the case.

`pooling` names one way or several joined by "+": "mean" (every sentence counts alike), "evidence" (those that hold evidence of the
variable count alone, where any does). The vectors of several ways stand side by side.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.classify.encoders.encoder import Encoder
from pipeline.classify.features import CaseFeatures
from pipeline.classify.model import Matrix
from pipeline.schema import Span

MEAN, EVIDENCE = "mean", "evidence"
# The variables whose evidence tells most of the variable that is asked.
_TOLD_BY = {"attack_type": ("cause", "motive", "relation"), "in_scope": ("role", "relation")}


def width(encoder: Encoder, pooling: str) -> int:
    """How many numbers describe a case."""
    return encoder.dimension * len(pooling.split("+"))


def pooled(cases: Sequence[CaseFeatures], encoder: Encoder, variable: str, pooling: str) -> Matrix:
    """Vectors of length 1 for each way of pooling, shape (cases, width); a case without sentences has a row of zeros."""
    encoder.encode([text for case in cases for text, _ in case.sentences])  # all at once, then from memory
    rows = [sentence_parts(case, encoder, variable, pooling).sum(axis=0) for case in cases]
    return np.array(rows).reshape(-1, width(encoder, pooling))


def sentence_parts(case: CaseFeatures, encoder: Encoder, variable: str, pooling: str, centre: Matrix | None = None) -> Matrix:
    """The part of each sentence in the case's vector, shape (sentences, width): they sum to the row of `pooled`, less `centre`."""
    vectors = encoder.encode([text for text, _ in case.sentences]).astype(np.float64)
    shares = [_shares(case, variable, way)[:, None] for way in pooling.split("+")]
    parts = np.hstack([_scaled_to_one(vectors * share) for share in shares])
    if centre is None:
        return parts
    less = np.hstack([np.repeat(share, encoder.dimension, axis=1) for share in shares])
    return np.asarray(parts - less * centre)


def _shares(case: CaseFeatures, variable: str, way: str) -> Matrix:
    """How much each sentence counts, summing to 1."""
    counts = np.ones(len(case.sentences))
    if way == EVIDENCE:
        spans = [span for label in case.labels if label.variable in _TOLD_BY.get(variable, (variable,)) for span in label.spans]
        told = np.array([any(_overlap(span, sentence) for span in spans) for _, sentence in case.sentences], dtype=float)
        counts = told if told.any() else counts
    return np.asarray(counts / max(counts.sum(), 1.0))


def _scaled_to_one(parts: Matrix) -> Matrix:
    length = np.linalg.norm(parts.sum(axis=0))
    return np.asarray(parts / length if length else parts)


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end
