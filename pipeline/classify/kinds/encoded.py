"""A linear model over extracted variables, vectors of the sentences from a pretrained encoder and, beside them, character n-grams."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from scipy.sparse import csr_matrix, hstack

from pipeline.classify.encoders import Encoder, load_encoder
from pipeline.classify.encoders.pooling import EVIDENCE, MEAN, pooled, sentence_parts, width
from pipeline.classify.features import CaseFeatures
from pipeline.classify.kinds.linear import ngram_vectorizer
from pipeline.classify.kinds.skops_file import read_skops, write_skops
from pipeline.classify.model import Explanation, Matrix
from pipeline.schema import AnjuanError

_FILE = "model.skops"


@dataclass(frozen=True, slots=True)
class EncodedSettings:
    """Constants of one model, chosen by nested cross-validation (see its card)."""

    encoder: str = "use"
    pooling: str = f"{MEAN}+{EVIDENCE}"
    strength: float = 1.0  # inverse of the regularisation (scikit-learn's C)
    value_weight: float = 1.0  # how much the extracted variables say
    vector_weight: float = 1.4  # root mean square length of the centred vectors: how much they say beside the variables
    text_weight: float = 3.0  # how much the n-grams say; 0: there are none
    most_ngrams: int = 12000
    balanced: bool = True


class EncodedModel:
    """Predicts one codebook variable of a case by L2 logistic regression on what a pretrained encoder makes of its sentences."""

    kind: ClassVar[str] = "encoded"

    def __init__(self, variable: str, settings: EncodedSettings | None = None) -> None:
        self.variable = variable
        self.settings = settings or EncodedSettings()
        self.encoder: Encoder = load_encoder(self.settings.encoder)
        self.parts: dict[str, Any] = {}

    @classmethod
    def choices(cls, variable: str) -> tuple[EncodedSettings, ...]:
        """Vectors beside n-grams: with those of the evidence apart, of all sentences alike, these louder; and vectors without n-grams.

        All with the encoder `use`: `e5` takes many times as long, and was better for some variables and worse for others, within chance.
        """
        usual = EncodedSettings()
        if variable == "in_scope":
            usual = replace(usual, pooling=MEAN, vector_weight=1.0, text_weight=1.5)
            return (usual, replace(usual, text_weight=3.0), replace(usual, vector_weight=2.0, text_weight=3.0))
        return (
            usual,
            replace(usual, pooling=MEAN, vector_weight=1.0, strength=2.0),
            replace(usual, pooling=MEAN, vector_weight=2.0, strength=0.7),
            replace(usual, pooling=MEAN, vector_weight=2.0, strength=0.5, text_weight=0.0),
        )

    @property
    def classes(self) -> list[str]:
        """Values in the order of the columns of `predict_proba`."""
        return [str(c) for c in self.parts["classifier"].classes_]

    def fit(self, cases: Sequence[CaseFeatures], values: Sequence[str]) -> EncodedModel:
        """Fit on coded cases; the encoder stays as it is."""
        from sklearn.feature_extraction import DictVectorizer
        from sklearn.linear_model import LogisticRegression

        chosen = self.settings
        self.parts = {"values": DictVectorizer(sort=True)}
        if chosen.text_weight:
            self.parts["text"] = ngram_vectorizer(max_features=chosen.most_ngrams, min_df=2)
        weights = "balanced" if chosen.balanced else None
        head = LogisticRegression(C=chosen.strength, class_weight=weights, max_iter=2000)
        self.parts["classifier"] = head.fit(self._matrix(cases, fit=True), np.array(values))
        return self

    def predict_proba(self, cases: Sequence[CaseFeatures]) -> Matrix:
        """Probabilities, shape (cases, classes)."""
        if not cases:
            return np.zeros((0, len(self.classes)))
        return np.asarray(self.parts["classifier"].predict_proba(self._matrix(cases)))

    def explain(self, case: CaseFeatures, value: str) -> Explanation:
        """The extracted variables and the sentences that speak for `value`, by their share of the linear score."""
        return Explanation(self._spoken_for(case, value), self._telling(case, value))

    def save(self, folder: Path) -> None:
        """Write `model.skops` into the folder: the head, and which encoder it needs."""
        folder.mkdir(parents=True, exist_ok=True)
        kept = {name: part for name, part in self.parts.items() if name != "text"}
        if text := self.parts.get("text"):
            kept |= {"ngrams": "\n".join(text.get_feature_names_out()), "idf": text.idf_}
        encoder = {"name": self.encoder.name, "package": self.encoder.package, "version": self.encoder.version}
        write_skops(kept | {"variable": self.variable, "settings": asdict(self.settings), "encoder": encoder}, folder / _FILE)

    @classmethod
    def load(cls, folder: Path) -> EncodedModel:
        """Read a folder written by `save`.

        Raises:
            AnjuanError: the file is missing, damaged, or holds types that no model of anjuan has; or the encoder that the model was trained
                with is not installed, or is of another version.
        """
        path = folder / _FILE
        kept = read_skops(path)
        try:
            package, version = str(kept["encoder"]["package"]), str(kept["encoder"]["version"])
            model = cls(kept["variable"], EncodedSettings(**kept["settings"]))
            model.parts = {name: kept[name] for name in ("values", "centre", "scale", "classifier")}
            if model.settings.text_weight:
                model.parts["text"] = ngram_vectorizer(vocabulary={ngram: i for i, ngram in enumerate(kept["ngrams"].split("\n"))})
                model.parts["text"].idf_ = kept["idf"]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise AnjuanError(f"{path} cannot be read ({error!r}); train the model again with `anjuan train`") from error
        _same_version(path, package, version, model.encoder)
        return model

    def _matrix(self, cases: Sequence[CaseFeatures], fit: bool = False) -> csr_matrix:
        """Columns: the extracted variables, the vector, the n-grams."""
        rows, texts = [case.values(self.variable) for case in cases], [case.text for case in cases]
        values, text, chosen = self.parts["values"], self.parts.get("text"), self.settings
        blocks = [(values.fit_transform(rows) if fit else values.transform(rows)) * chosen.value_weight]
        blocks.append(csr_matrix(self._vectors(cases, fit)))
        if text:
            blocks.append((text.fit_transform(texts) if fit else text.transform(texts)) * chosen.text_weight)
        return csr_matrix(hstack(blocks))

    def _vectors(self, cases: Sequence[CaseFeatures], fit: bool) -> Matrix:
        """Vectors of the cases, centred and scaled to the mean square of the training cases; zeros for a case without sentences."""
        vectors = pooled(cases, self.encoder, self.variable, self.settings.pooling)
        told = np.array([bool(case.sentences) for case in cases])
        if fit:
            self.parts["centre"] = vectors[told].mean(axis=0) if told.any() else np.zeros(vectors.shape[1])
        vectors[told] -= self.parts["centre"]
        if fit:
            self.parts["scale"] = 1 / max(float(np.sqrt(np.square(vectors).sum(axis=1).mean())), 1e-9)
        return np.asarray(vectors * self.parts["scale"] * self.settings.vector_weight)

    def _spoken_for(self, case: CaseFeatures, value: str) -> tuple[tuple[str, float], ...]:
        row = self.parts["values"].transform([case.values(self.variable)]).toarray()[0] * self.settings.value_weight
        weighed = row * self._weights(value)[0]
        names = self.parts["values"].get_feature_names_out()
        return tuple((str(names[i]), float(weighed[i])) for i in np.argsort(-weighed, kind="stable") if weighed[i] > 0)

    def _telling(self, case: CaseFeatures, value: str) -> tuple[tuple[int, float], ...]:
        """Each sentence by its part in the case's vector, and by its n-grams."""
        if not case.sentences:
            return ()
        _, of_vector, of_text = self._weights(value)
        chosen = self.settings
        parts = sentence_parts(case, self.encoder, self.variable, chosen.pooling, self.parts["centre"])
        told = parts @ of_vector * self.parts["scale"] * chosen.vector_weight
        if text := self.parts.get("text"):
            told += text.transform([sentence for sentence, _ in case.sentences]) @ of_text * chosen.text_weight
        return tuple((int(i), float(told[i])) for i in np.argsort(-told, kind="stable") if told[i] > 0)

    def _weights(self, value: str) -> list[Matrix]:
        """Coefficients for a value: of the extracted variables, of the vector, of the n-grams."""
        rows, column = self.parts["classifier"].coef_, self.classes.index(value)
        row = rows[column] if len(rows) > 1 else rows[0] * (1 if column else -1)
        first = len(self.parts["values"].get_feature_names_out())
        return np.split(row, [first, first + width(self.encoder, self.settings.pooling)])


def _same_version(path: Path, package: str, version: str, encoder: Encoder) -> None:
    if (package, version) != (encoder.package, encoder.version):
        raise AnjuanError(
            f"{path} was trained with {package} {version}, installed is {encoder.package} {encoder.version}: "
            f"pip install '{package}=={version}', or train the model again with `anjuan train`"
        )
