"""The fine-tuned transformer as a `Model`: fit, answer, explain, keep and read again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from pipeline.classify.features import CaseFeatures
from pipeline.classify.kinds.transformer import folder as directory
from pipeline.classify.kinds.transformer.settings import TransformerSettings
from pipeline.classify.kinds.transformer.windows import windows
from pipeline.classify.model import Explanation, Matrix
from pipeline.schema import AnjuanError

_FILE = "transformer.json"
_KEPT_POSITIONS = 2  # RoBERTa and its kin keep the first for themselves


class TransformerModel:
    """Predicts one codebook variable of a case by an encoder fine-tuned on the passages, with the extracted variables beside it.

    `settings.base` is the name of the directory alone, so that no path of this machine gets into a card; the path itself is asked for
    in `fit` only.
    """

    kind: ClassVar[str] = "transformer"

    def __init__(self, variable: str, settings: TransformerSettings | None = None) -> None:
        settings = settings or self.choices(variable)[0]
        self.variable = variable
        self.settings = replace(settings, base=Path(settings.base).name)
        self.classes: list[str] = []
        self.epochs = 0  # epochs whose weights were kept
        self._base = Path(settings.base)
        self._names: list[str] = []
        self._parts: dict[str, Any] = {}

    @classmethod
    def choices(cls, variable: str) -> tuple[TransformerSettings, ...]:
        """None without a directory to begin from: see `TransformerSettings.choices`.

        Raises:
            AnjuanError: always, with the way out.
        """
        raise AnjuanError(f"a transformer for {variable} begins from a model that you have: name a model directory with --base")

    def fit(self, cases: Sequence[CaseFeatures], values: Sequence[str], groups: Sequence[str] = ()) -> TransformerModel:
        """Learn from coded cases, from the base again at every call; `groups` stay together when a tenth is held out to stop early.

        Raises:
            AnjuanError: torch is not installed, or the base is incomplete, a pickle, or unreadable.
        """
        directory.need_libraries()
        directory.check_base(self._base)
        from pipeline.classify.kinds.transformer import learning
        from pipeline.classify.kinds.transformer.network import Network

        self.classes = sorted(set(values))
        self._names = sorted({name for case in cases for name in self._described(case)})
        columns = [self.classes.index(value) for value in values]
        held_out = learning.hold_out(columns, groups or [str(i) for i in range(len(cases))], self.settings.seed)
        with learning.repeatable(self.settings.seed):
            self._parts["tokenizer"] = directory.read_tokenizer(self._base)
            network = Network(directory.read_encoder(self._base), len(self.classes), len(self._names)).to(learning.device())
            self._parts["network"] = network
            lesson = learning.Lesson(self._encoded(cases), columns, held_out)
            self.epochs = learning.learn(network, lesson, self.settings, self._padding)
        return self

    def predict_proba(self, cases: Sequence[CaseFeatures]) -> Matrix:
        """Probabilities, shape (cases, classes)."""
        from pipeline.classify.kinds.transformer import learning

        return learning.probabilities(self._parts["network"], self._encoded(cases), self._padding)

    def explain(self, case: CaseFeatures, value: str) -> Explanation:
        """The variables by their share of the score, and the sentences by what `value` loses in log-probability without them.

        Occlusion asks the model itself, once for each sentence; gradients are cheaper and answer for a small change of the word
        vectors, which no reader can make.
        """
        told = case.sentences
        shortened = [replace(case, sentences=told[:i] + told[i + 1 :], text="") for i in range(len(told))]
        column = self.classes.index(value)
        stated = np.log(np.clip(self.predict_proba([case, *shortened])[:, column], 1e-9, 1))
        lost = enumerate(float(stated[0] - without) for without in stated[1:])
        return Explanation(self._spoken_for(case, column), _strongest(lost))

    def _spoken_for(self, case: CaseFeatures, column: int) -> tuple[tuple[str, float], ...]:
        weights = self._parts["network"].values[column].tolist()
        described = self._described(case)
        return _strongest((name, weight * described.get(name, 0.0)) for name, weight in zip(self._names, weights, strict=True))

    def save(self, folder: Path) -> None:
        """Write `model.safetensors`, `config.json`, the tokenizer's files and `transformer.json` into the folder."""
        from safetensors.torch import save_model

        folder.mkdir(parents=True, exist_ok=True)
        network = self._parts["network"]
        directory.write_parts(folder, network.encoder, self._parts["tokenizer"])
        save_model(network, str(folder / directory.WEIGHTS))
        (folder / directory.WEIGHTS).chmod(0o644)  # safetensors writes for the owner alone; a model is shared like its card
        kept = {"variable": self.variable, "classes": self.classes, "epochs": self.epochs}
        kept |= {"settings": asdict(self.settings), "names": self._names}
        (folder / _FILE).write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", "utf-8")

    @classmethod
    def load(cls, folder: Path) -> TransformerModel:
        """Read a folder written by `save`.

        Raises:
            AnjuanError: torch is not installed, or the folder is incomplete, damaged, or holds a pickle.
        """
        directory.need_libraries()
        directory.check_saved(folder)
        model = cls._stated(folder / _FILE)
        with directory.reading(folder):
            from safetensors.torch import load_model

            from pipeline.classify.kinds.transformer import learning
            from pipeline.classify.kinds.transformer.network import Network

            network = Network(directory.new_encoder(folder), len(model.classes), len(model._names))
            load_model(network, str(folder / directory.WEIGHTS))
            model._parts = {"tokenizer": directory.read_tokenizer(folder), "network": network.to(learning.device())}
        return model

    @classmethod
    def _stated(cls, path: Path) -> TransformerModel:
        try:
            kept = json.loads(path.read_text("utf-8"))
            model = cls(kept["variable"], TransformerSettings(**kept["settings"]))
            model.classes, model.epochs, model._names = list(kept["classes"]), int(kept["epochs"]), list(kept["names"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise AnjuanError(f"{path} cannot be read ({error!r}); train the model again with `anjuan train`") from error
        return model

    def _described(self, case: CaseFeatures) -> dict[str, float]:
        return case.values(self.variable) if self.settings.values else {}

    def _encoded(self, cases: Sequence[CaseFeatures]) -> list[Any]:
        from pipeline.classify.kinds.transformer.network import EncodedCase

        length, tokenizer, most = self._length(), self._parts["tokenizer"], self.settings.max_windows
        encoded = []
        for case in cases:
            described = self._described(case)
            told = [text for text, _ in case.sentences] or [case.text]
            read = windows(tokenizer, told, length, most)
            encoded.append(EncodedCase(read, [described.get(name, 0.0) for name in self._names]))
        return encoded

    def _length(self) -> int:
        """Tokens of a window: no more than the encoder has positions for."""
        positions = getattr(self._parts["network"].encoder.config, "max_position_embeddings", None) or self.settings.max_length + 2
        return int(min(self.settings.max_length, positions - _KEPT_POSITIONS, self._parts["tokenizer"].model_max_length))

    @property
    def _padding(self) -> int:
        return int(self._parts["tokenizer"].pad_token_id or 0)


def _strongest(weighed: Any) -> tuple[tuple[Any, float], ...]:
    """Those above nothing, the strongest first."""
    return tuple(sorted(((name, weight) for name, weight in weighed if weight > 0), key=lambda row: -row[1]))
