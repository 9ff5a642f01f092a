"""What to read next: the unread judgments, those most likely in scope first, learnt anew from the decisions so far.

Continuous active learning as in Cormack & Grossman, "Autonomy and reliability of continuous active learning" (2015, arXiv:1504.06868): a
query stands in for the first judgment in scope, a hundred unread ones drawn anew each time stand in for those out of scope, the surest are
read first, and the model learns again after every tenth part of what has been read. Nothing is read at random here: what a random sample
is needed for, the stopping rule, draws its own (`stopping.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

SIZES = (1, 3)  # characters in an n-gram, from and to; with 2 to 4 no more was found, and it took longer
WIDTH = 1 << 18  # columns that the n-grams are hashed into
WINDOW = 1500  # characters read of a judgment: what is told is told early, and the vectors of 10,000 judgments must fit into memory
PRESUMED = 100  # unread judgments that stand in for those out of scope
QUERY_COUNTS = 3  # the query is taken for a judgment in scope until so many are found
_STORY = re.compile(r"经(?:依法)?(?:公开)?(?:开庭)?审理查明|经审理|指控|诉称")


@dataclass(frozen=True, slots=True)
class Vectors:
    """Weighted n-grams: `cases`, a sparse matrix of shape (judgments, columns), and `query`, of shape (1, columns). Rows have length 1."""

    cases: Any
    query: Any

    def likeness(self) -> Any:
        """Cosine of every judgment with the query, shape (judgments,)."""
        return np.asarray((self.cases @ self.query.T).todense()).ravel()


def window(text: str) -> str:
    """The part of a judgment that is compared: from where the story begins, `WINDOW` characters."""
    found = _STORY.search(text)
    start = found.start() if found and len(text) > WINDOW else 0
    return text[start : start + WINDOW]


def vectorise(texts: Iterable[str], query: str) -> Vectors:
    """Character n-grams of the texts and of the query, weighted by rarity (TF-IDF).

    Only whether an n-gram occurs: how often it does tells the length of a text, and found fewer.
    """
    from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer

    hashing = HashingVectorizer(
        analyzer="char", ngram_range=SIZES, n_features=WIDTH, alternate_sign=False, binary=True, norm=None, dtype=np.float32
    )
    counts = hashing.transform([window(text) for text in texts])
    kept = np.flatnonzero(np.bincount(counts.indices, minlength=WIDTH) > 1)  # what only one judgment says tells nothing of another
    weights = TfidfTransformer()
    cases = weights.fit_transform(counts[:, kept])
    return Vectors(cases, weights.transform(hashing.transform([query])[:, kept]))


def due(read: int, since: int) -> bool:
    """Whether the model should learn anew: `read` decisions in all, `since` of them after it last did."""
    return since >= max(1, min(read // 10, PRESUMED))


class Reader:
    """Orders the unread judgments of one pool.

    `first`: a score of each judgment from before anything is decided (a model's, or the likeness to the query), shape (judgments,); by it
    judgments are ordered until one in scope and one out of scope are known.
    """

    def __init__(self, vectors: Vectors, seed: int, first: Sequence[float] | None = None) -> None:
        self._vectors = vectors
        self.first = np.asarray(vectors.likeness() if first is None else first, dtype=float)
        self._seed = seed

    def order(self, decided: Mapping[int, bool]) -> list[int]:
        """The rows of the undecided judgments, the likeliest in scope first. The same decisions give the same order."""
        unread = np.setdiff1d(np.arange(len(self.first)), np.fromiter(decided, dtype=int, count=len(decided)))
        learnt = len(set(decided.values())) == 2 and len(unread)
        scores = self._scores(decided, unread) if learnt else self.first[unread]
        return [int(row) for row in unread[np.argsort(-scores, kind="stable")]]

    def _scores(self, decided: Mapping[int, bool], unread: Any) -> Any:
        from scipy.sparse import vstack
        from sklearn.linear_model import LogisticRegression
        from threadpoolctl import threadpool_limits

        rows = np.fromiter(decided, dtype=int, count=len(decided))
        truth = np.fromiter(decided.values(), dtype=bool, count=len(decided))
        random = np.random.default_rng([self._seed, len(decided)])
        presumed = random.choice(unread, min(PRESUMED, len(unread)), replace=False)
        query = int(truth.sum() < QUERY_COUNTS)
        parts = [self._vectors.cases[np.concatenate([rows, presumed])], *[self._vectors.query] * query]
        classes = np.concatenate([truth, np.zeros(len(presumed), dtype=bool), np.ones(query, dtype=bool)])
        model = LogisticRegression(C=1.0, class_weight="balanced", solver="liblinear", random_state=0)
        with threadpool_limits(1):  # liblinear adds up vectors: on busy cores several threads took forty times as long as one
            model.fit(vstack(parts, format="csr"), classes)
        return np.asarray(self._vectors.cases[unread] @ model.coef_.T).ravel()
