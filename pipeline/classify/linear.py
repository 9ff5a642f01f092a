"""A linear model over extracted variables, cue counts and character n-grams, kept in skops files (no pickle)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, BadZipFile

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from skops import io as skops_io

from pipeline.classify.features import CaseFeatures
from pipeline.schema import AnjuanError

SEED = 20250444
Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Settings:
    """Constants of one model, chosen by grouped cross-validation (see its card)."""

    strength: float = 0.5  # inverse of the regularisation (scikit-learn's C)
    value_weight: float = 1.0  # how much the extracted variables say
    text_weight: float = 0.3  # how much the n-grams say beside them
    most_ngrams: int = 600
    balanced: bool = True


class LinearModel:
    """Predicts one codebook variable of a case. `temperature` (Guo et al. 2017) makes its probabilities honest."""

    def __init__(self, variable: str, settings: Settings | None = None) -> None:
        self.variable = variable
        self.settings = settings or Settings()
        self.temperature = 1.0
        self.parts: dict[str, Any] = {}

    @property
    def classes(self) -> list[str]:
        """Values in the order of the columns of `predict_proba`."""
        return [str(c) for c in self.parts["classifier"].classes_]

    def fit(self, cases: Sequence[CaseFeatures], values: Sequence[str]) -> LinearModel:
        """Fit on coded cases."""
        from sklearn.feature_extraction import DictVectorizer
        from sklearn.linear_model import LogisticRegression

        chosen = self.settings
        self.parts = {"values": DictVectorizer(sort=True), "text": _vectorizer(max_features=chosen.most_ngrams, min_df=2)}
        matrix = self._matrix(cases, fit=True)
        weights = "balanced" if chosen.balanced else None
        self.parts["classifier"] = LogisticRegression(C=chosen.strength, class_weight=weights, max_iter=2000).fit(matrix, np.array(values))
        return self

    def predict_proba(self, cases: Sequence[CaseFeatures]) -> Matrix:
        """Probabilities, shape (cases, classes)."""
        return softened(np.asarray(self.parts["classifier"].predict_log_proba(self._matrix(cases))), self.temperature)

    def spoken_for(self, case: CaseFeatures, value: str, most: int = 5) -> list[str]:
        """Names of the extracted variables and cues that speak most for `value` in this case."""
        row = self.parts["values"].transform([case.values(self.variable)]).toarray()[0]
        weighed = row * self._weights(value)[: row.size]
        names = self.parts["values"].get_feature_names_out()
        return [str(names[i]) for i in np.argsort(-weighed)[:most] if weighed[i] > 0]

    def telling(self, sentences: Sequence[str], value: str) -> Matrix:
        """How much the n-grams of each sentence speak for `value`."""
        weights = self._weights(value)[-len(self.parts["text"].vocabulary_) :]
        return np.asarray(self.parts["text"].transform(sentences) @ weights)

    def save(self, folder: Path) -> None:
        """Write `model.skops` into the folder."""
        folder.mkdir(parents=True, exist_ok=True)
        text = self.parts["text"]
        kept = {
            "variable": self.variable,
            "settings": asdict(self.settings),
            "temperature": self.temperature,
            "ngrams": "\n".join(text.get_feature_names_out()),
            "idf": text.idf_,
            "values": self.parts["values"],
            "classifier": self.parts["classifier"],
        }
        skops_io.dump(kept, folder / "model.skops", compression=ZIP_DEFLATED, compresslevel=9)

    @classmethod
    def load(cls, folder: Path) -> LinearModel:
        """Read a folder written by `save`.

        Raises:
            AnjuanError: the file is missing, damaged, or holds types that no model of anjuan has.
        """
        path = folder / "model.skops"
        try:
            if unknown := skops_io.get_untrusted_types(file=path):
                raise AnjuanError(
                    f"{path} holds objects of unknown types ({', '.join(unknown)}); train the model again with `anjuan train`"
                )
            kept = skops_io.load(path)
            model = cls(kept["variable"], Settings(**kept["settings"]))
            text = _vectorizer(vocabulary={ngram: i for i, ngram in enumerate(kept["ngrams"].split("\n"))})
            text.idf_ = kept["idf"]
        except (OSError, ValueError, KeyError, TypeError, BadZipFile) as error:
            raise AnjuanError(f"{path} cannot be read ({error}); train the model again with `anjuan train`") from error
        model.temperature = float(kept["temperature"])
        model.parts = {"values": kept["values"], "text": text, "classifier": kept["classifier"]}
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


def softened(log_probabilities: Matrix, temperature: float) -> Matrix:
    """Probabilities of scores divided by a temperature: above 1 they are less sure of themselves."""
    scaled = log_probabilities / temperature
    powers = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def _vectorizer(**options: Any) -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer

    # Line breaks separate the n-grams in the file, so none may hold one.
    return TfidfVectorizer(analyzer="char", ngram_range=(1, 4), sublinear_tf=True, preprocessor=_one_line, **options)


def _one_line(text: str) -> str:
    return text.replace("\n", "")
