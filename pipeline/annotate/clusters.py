"""Groups of judgments that tell of like things: character n-grams, latent semantic analysis, k-means.

The groups hang on the texts alone, not on the seed of a draw: whoever draws again draws from the same groups.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Iterable
from typing import Any

from pipeline.schema import Section
from pipeline.text import Document

CHARACTERS = 3_000  # read of each judgment: what happened is told in fewer; long evidence would set judgments apart by length
_COLUMNS = 2**16
_DIMENSIONS = 50
_SHORTEST = 80  # characters; sections that hold less do not tell what happened


def told(text: str) -> str:
    """What a judgment tells of the acts: the facts found or charged, without parties, law and formulas; the whole text where these are not told apart."""
    document = Document.read(text)
    facts = "".join(document.view[start:end] for start, end in document.stretches(Section.FACTS, Section.PROSECUTION))
    return (facts if len(facts) >= _SHORTEST else document.view)[:CHARACTERS]


def cluster(texts: Iterable[str], groups: int) -> list[str]:
    """The group of each text, "cluster 1" being the largest; `groups` at most, fewer where texts are alike. Needs at least one text."""
    from sklearn.cluster import KMeans
    from sklearn.exceptions import ConvergenceWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # fewer different texts than groups: then there are fewer groups
        warnings.simplefilter("ignore", RuntimeWarning)  # all texts alike: shares of a variance of zero, which nobody asks for
        vectors = _vectors(texts)
        found = KMeans(min(groups, len(vectors)), n_init=3, random_state=0).fit(vectors).labels_.tolist()
    ranked = {name: place for place, (name, _) in enumerate(Counter(found).most_common(), 1)}
    return [f"cluster {ranked[name]}" for name in found]


def _vectors(texts: Iterable[str]) -> Any:
    """One row of unit length for each text. scikit-learn takes 3 s to load: only who clusters waits for it."""
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import Normalizer

    counted = HashingVectorizer(analyzer="char", ngram_range=(2, 3), n_features=_COLUMNS, norm=None, alternate_sign=False).transform(texts)
    steps = (TfidfTransformer(sublinear_tf=True), TruncatedSVD(_DIMENSIONS, random_state=0), Normalizer(copy=False))
    return make_pipeline(*steps).fit_transform(counted)
