"""Character n-grams weighed by TF-IDF, each text that is learnt from counted once in a process.

Cross-validation fits hundreds of models on nearly the same texts, and counting n-grams is most of a fit. The counts are kept by text;
vocabulary and weights are scikit-learn's own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer

_Row = tuple[NDArray[np.int32], NDArray[np.int64]]
_column_of: dict[str, int] = {}  # n-gram -> its column among all that were ever counted
_counted: dict[str, _Row] = {}  # text -> columns and counts of its n-grams


class NgramVectorizer(TfidfVectorizer):  # type: ignore[misc]
    """`TfidfVectorizer` that remembers the counts of the texts it was fitted on. Texts that it only transforms are not kept.

    `_count_vocab` is scikit-learn's step of counting; should a later version not call it, the results stay and only the speed goes.
    """

    def _count_vocab(self, raw_documents: Sequence[str], fixed_vocab: bool) -> tuple[dict[str, int], Any]:
        if fixed_vocab:
            known = all(text in _counted for text in raw_documents)
            vocabulary, counts = self._known(raw_documents) if known else super()._count_vocab(raw_documents, True)
            counts.sort_indices()  # sums of rows are then the same to the last digit, remembered or not
            return vocabulary, counts
        analyse = self.build_analyzer()
        rows = [_counted.get(text) or _count(text, analyse) for text in raw_documents]
        counts = _matrix(rows, len(_column_of))
        often = np.flatnonzero(np.bincount(counts.indices, minlength=counts.shape[1]) >= self.min_df)
        names = np.array(list(_column_of), dtype=object)[often]
        order = np.argsort(names)
        chosen = counts[:, often[order]]
        chosen.sort_indices()
        return {ngram: i for i, ngram in enumerate(names[order])}, chosen

    def _known(self, texts: Sequence[str]) -> tuple[dict[str, int], Any]:
        columns = np.array([_column_of[ngram] for ngram in self.vocabulary_ if ngram in _column_of])
        places = [place for ngram, place in self.vocabulary_.items() if ngram in _column_of]
        chosen = _matrix([_counted[text] for text in texts], len(_column_of))[:, columns]
        wide = csr_matrix((chosen.data, np.array(places)[chosen.indices], chosen.indptr), (len(texts), len(self.vocabulary_)))
        return self.vocabulary_, wide


def _count(text: str, analyse: Any) -> _Row:
    found = Counter(analyse(text))
    columns = np.array([_column_of.setdefault(ngram, len(_column_of)) for ngram in found], dtype=np.int32)
    _counted[text] = columns, np.fromiter(found.values(), dtype=np.int64, count=len(found))
    return _counted[text]


def _matrix(rows: Sequence[_Row], width: int) -> csr_matrix:
    ends = np.cumsum([0, *(len(columns) for columns, _ in rows)])
    columns = np.concatenate([columns for columns, _ in rows]) if rows else np.zeros(0, np.int32)
    counts = np.concatenate([counts for _, counts in rows]) if rows else np.zeros(0, np.int64)
    return csr_matrix((counts, columns, ends), (len(rows), width))
