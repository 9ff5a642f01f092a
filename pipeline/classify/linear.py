"""A calibrated linear model over extracted variables, cue counts and character n-grams, kept in skops files (no pickle)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from scipy.sparse import csr_matrix, hstack
from skops import io as skops_io

from pipeline.classify.features import CaseFeatures
from pipeline.schema import AnjuanError

SEED = 20250444
_TRUSTED = ["sklearn.calibration._CalibratedClassifier", "sklearn.calibration._SigmoidCalibration"]


@dataclass(frozen=True, slots=True)
class Settings:
    """Constants of one model, chosen by grouped cross-validation (see its card)."""

    strength: float = 0.5  # inverse of the regularisation (scikit-learn's C)
    text_weight: float = 0.3  # n-grams may add to the variables but not drown them
    ngrams: tuple[int, int] = (1, 3)
    most_ngrams: int = 600
    balanced: bool = True


class LinearModel:
    """Predicts one codebook variable of a case. Fitted by `fit`; `save` and `load` keep it in a folder."""

    def __init__(self, variable: str, settings: Settings | None = None) -> None:
        self.variable = variable
        self.settings = settings or Settings()
        self.parts: dict[str, Any] = {}

    @property
    def classes(self) -> list[str]:
        """Values in the order of the columns of `predict_proba`."""
        return [str(c) for c in self.parts["classifier"].classes_]

    def fit(self, cases: Sequence[CaseFeatures], values: Sequence[str], groups: Sequence[str]) -> LinearModel:
        """Fit on coded cases; calibration folds keep a group (texts of one real event) together."""
        from sklearn.calibration import CalibratedClassifierCV
        from sklearn.feature_extraction import DictVectorizer
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression
        from sklearn.model_selection import StratifiedGroupKFold

        chosen = self.settings
        self.parts = {
            "values": DictVectorizer(sort=True),
            "text": TfidfVectorizer(
                analyzer="char", ngram_range=chosen.ngrams, max_features=chosen.most_ngrams, sublinear_tf=True, min_df=2
            ),
        }
        x = self._matrix(cases, fit=True)
        y = np.array(values)
        folds = list(StratifiedGroupKFold(5, shuffle=True, random_state=SEED).split(x, y, groups))
        base = LogisticRegression(C=chosen.strength, class_weight="balanced" if chosen.balanced else None, max_iter=3000)
        self.parts["classifier"] = CalibratedClassifierCV(base, method="sigmoid", cv=folds).fit(x, y)
        self.parts["classifier"].cv = 5  # the folds are indices into the training data: not worth shipping
        return self

    def predict_proba(self, cases: Sequence[CaseFeatures]) -> np.ndarray[Any, Any]:
        """Probabilities, shape (cases, classes)."""
        return np.asarray(self.parts["classifier"].predict_proba(self._matrix(cases)))

    def explain(self, case: CaseFeatures, value: str, most: int = 5) -> list[tuple[str, float]]:
        """The features that speak most for `value`, with their weight in this case."""
        weights = self._weights(value)
        row = self._matrix([case]).toarray()[0] * weights
        names = [*self.parts["values"].get_feature_names_out(), *(f"text:{n}" for n in self.parts["text"].get_feature_names_out())]
        best = np.argsort(-row)[:most]
        return [(str(names[i]), float(row[i])) for i in best if row[i] > 0]

    def save(self, folder: Path) -> None:
        """Write `model.skops` into the folder."""
        folder.mkdir(parents=True, exist_ok=True)
        skops_io.dump({"variable": self.variable, "settings": asdict(self.settings), "parts": self.parts}, folder / "model.skops")

    @classmethod
    def load(cls, folder: Path) -> LinearModel:
        """Read a folder written by `save`.

        Raises:
            AnjuanError: the file is missing, damaged, or holds types that no model of anjuan has.
        """
        path = folder / "model.skops"
        try:
            unknown = set(skops_io.get_untrusted_types(file=path)) - set(_TRUSTED)
            if unknown:
                raise AnjuanError(
                    f"{path} holds objects of unknown types ({', '.join(sorted(unknown))}); train the model again with `anjuan train`"
                )
            saved = skops_io.load(path, trusted=_TRUSTED)
            model = cls(saved["variable"], Settings(**{**saved["settings"], "ngrams": tuple(saved["settings"]["ngrams"])}))
        except (OSError, ValueError, KeyError, TypeError, BadZipFile) as error:
            raise AnjuanError(f"{path} cannot be read ({error}); train the model again with `anjuan train`") from error
        model.parts = saved["parts"]
        return model

    def _matrix(self, cases: Sequence[CaseFeatures], fit: bool = False) -> csr_matrix:
        rows = [case.values(self.variable) for case in cases]
        texts = [case.text for case in cases]
        values, text = self.parts["values"], self.parts["text"]
        left = values.fit_transform(rows) if fit else values.transform(rows)
        right = text.fit_transform(texts) if fit else text.transform(texts)
        return csr_matrix(hstack([left, right * self.settings.text_weight]))

    def _weights(self, value: str) -> np.ndarray[Any, Any]:
        """Mean coefficients for `value` over the calibration folds."""
        classifier = self.parts["classifier"]
        rows = np.mean([fold.estimator.coef_ for fold in classifier.calibrated_classifiers_], axis=0)
        column = self.classes.index(value)
        return np.asarray(rows[column] if len(rows) > 1 else rows[0] * (1 if column else -1))
