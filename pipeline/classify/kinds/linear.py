"""A linear model over extracted variables, cue counts and character n-grams, kept in skops files (no pickle)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack

from pipeline.classify.features import CaseFeatures
from pipeline.classify.kinds.skops_file import read_skops, write_skops
from pipeline.classify.model import Explanation, Matrix
from pipeline.schema import AnjuanError

_FILE = "model.skops"
_Key = TypeVar("_Key", str, int)


@dataclass(frozen=True, slots=True)
class LinearSettings:
    """Constants of one model, chosen by nested cross-validation (see its card)."""

    strength: float = 2.0  # inverse of the regularisation (scikit-learn's C)
    value_weight: float = 1.0  # how much the extracted variables say
    text_weight: float = 3.0  # how much the n-grams say beside them
    most_ngrams: int = 12000
    balanced: bool = True


_SCOPE = LinearSettings(strength=1.0, text_weight=1.5)


class LinearModel:
    """Predicts one codebook variable of a case by L2 logistic regression."""

    kind: ClassVar[str] = "linear"

    def __init__(self, variable: str, settings: LinearSettings | None = None) -> None:
        self.variable = variable
        self.settings = settings or LinearSettings()
        self.parts: dict[str, Any] = {}

    @classmethod
    def choices(cls, variable: str) -> tuple[LinearSettings, ...]:
        """Text that says much, some and little beside the extracted variables, each more and less regularised."""
        if variable == "in_scope":
            return (_SCOPE, replace(_SCOPE, text_weight=0.5), replace(_SCOPE, text_weight=3.0))
        usual = LinearSettings()
        return (usual, replace(usual, text_weight=1.0), replace(usual, text_weight=1.5, strength=0.5), replace(usual, strength=0.5))

    @property
    def classes(self) -> list[str]:
        """Values in the order of the columns of `predict_proba`."""
        return [str(c) for c in self.parts["classifier"].classes_]

    def fit(self, cases: Sequence[CaseFeatures], values: Sequence[str]) -> LinearModel:
        """Fit on coded cases."""
        from sklearn.feature_extraction import DictVectorizer
        from sklearn.linear_model import LogisticRegression

        chosen = self.settings
        self.parts = {"values": DictVectorizer(sort=True), "text": ngram_vectorizer(max_features=chosen.most_ngrams, min_df=2)}
        matrix = self._matrix(cases, fit=True)
        weights = "balanced" if chosen.balanced else None
        self.parts["classifier"] = LogisticRegression(C=chosen.strength, class_weight=weights, max_iter=2000).fit(matrix, np.array(values))
        return self

    def predict_proba(self, cases: Sequence[CaseFeatures]) -> Matrix:
        """Probabilities, shape (cases, classes)."""
        return np.asarray(self.parts["classifier"].predict_proba(self._matrix(cases)))

    def explain(self, case: CaseFeatures, value: str) -> Explanation:
        """The extracted variables and the sentences that speak for `value`, by their share of the linear score."""
        return Explanation(self._spoken_for(case, value), self._telling(case, value))

    def _spoken_for(self, case: CaseFeatures, value: str) -> tuple[tuple[str, float], ...]:
        places, weights = self.parts["values"].vocabulary_, self._weights(value) * self.settings.value_weight
        row = sorted(case.values(self.variable).items())
        return _strongest((name, float(amount * weights[places[name]])) for name, amount in row if name in places)

    def _telling(self, case: CaseFeatures, value: str) -> tuple[tuple[int, float], ...]:
        """As if each sentence were transformed and weighed; scikit-learn takes five times as long for one short text."""
        places, idf = self.parts["text"].vocabulary_, self.parts["text"].idf_
        weights = self._weights(value)[-len(places) :] * self.settings.text_weight
        told = []
        for i, (text, _) in enumerate(case.sentences):
            ngrams, counts = _counted(text)
            at = np.array([places.get(ngram, -1) for ngram in ngrams], dtype=np.intp)
            known = at >= 0
            parts = (1 + np.log(counts[known])) * idf[at[known]]
            told.append((i, float(parts @ weights[at[known]] / (np.sqrt(parts @ parts) or 1.0))))
        return _strongest(told)

    def save(self, folder: Path) -> None:
        """Write `model.skops` into the folder."""
        folder.mkdir(parents=True, exist_ok=True)
        text = self.parts["text"]
        kept = {
            "variable": self.variable,
            "settings": asdict(self.settings),
            "ngrams": "\n".join(text.get_feature_names_out()),
            "idf": text.idf_,
            "values": self.parts["values"],
            "classifier": self.parts["classifier"],
        }
        write_skops(kept, folder / _FILE)

    @classmethod
    def load(cls, folder: Path) -> LinearModel:
        """Read a folder written by `save`.

        Raises:
            AnjuanError: the file is missing, damaged, or holds types that no model of anjuan has.
        """
        path = folder / _FILE
        kept = read_skops(path)
        try:
            model = cls(kept["variable"], LinearSettings(**kept["settings"]))
            text = ngram_vectorizer(vocabulary={ngram: i for i, ngram in enumerate(kept["ngrams"].split("\n"))})
            text.idf_ = kept["idf"]
            model.parts = {"values": kept["values"], "text": text, "classifier": kept["classifier"]}
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise AnjuanError(f"{path} cannot be read ({error!r}); train the model again with `anjuan train`") from error
        return model

    def _matrix(self, cases: Sequence[CaseFeatures], fit: bool = False) -> csr_matrix:
        rows = [case.values(self.variable) for case in cases]
        texts = [case.text for case in cases]
        values, text = self.parts["values"], self.parts["text"]
        left = values.fit_transform(rows) if fit else values.transform(rows)
        right = text.fit_transform(texts) if fit else text.transform(texts)
        return csr_matrix(hstack([left * self.settings.value_weight, right * self.settings.text_weight]))

    def _weights(self, value: str) -> Matrix:
        rows = self.parts["classifier"].coef_
        column = self.classes.index(value)
        return np.asarray(rows[column] if len(rows) > 1 else rows[0] * (1 if column else -1))


def ngram_vectorizer(**options: Any) -> Any:
    """Character n-grams of one to four, weighed by TF-IDF."""
    from pipeline.classify.kinds.ngrams import NgramVectorizer

    # Line breaks separate the n-grams in the file, so none may hold one.
    return NgramVectorizer(analyzer="char", ngram_range=(1, 4), sublinear_tf=True, preprocessor=_one_line, **options)


def _strongest(weighed: Iterable[tuple[_Key, float]]) -> tuple[tuple[_Key, float], ...]:
    return tuple(sorted((item for item in weighed if item[1] > 0), key=lambda item: -item[1]))


@lru_cache(maxsize=4096)
def _counted(text: str) -> tuple[tuple[str, ...], NDArray[np.int_]]:
    """The n-grams of a sentence with their counts; kept, for every model of a case is asked about the same sentences."""
    counts = Counter(_analyzer()(text))
    return tuple(counts), np.array(list(counts.values()), dtype=np.int_)


@cache
def _analyzer() -> Any:
    return ngram_vectorizer().build_analyzer()


def _one_line(text: str) -> str:
    return text.replace("\n", "")
