"""The training loop: class weights, gradient accumulation, early stopping on held-out cases, mixed precision on a GPU, fixed seeds."""

from __future__ import annotations

import os
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from pipeline.classify.kinds.transformer.network import EncodedCase, Network, portions
from pipeline.classify.kinds.transformer.settings import TransformerSettings
from pipeline.classify.model import Matrix
from pipeline.schema import AnjuanError

HELD_OUT = 10  # one in so many groups is held out to tell when to stop
WARM_UP = 0.1  # the share of the steps over which the learning rates rise, before they fall to nothing
WEIGHT_DECAY = 0.01
LARGEST_GRADIENT = 1.0
_PRECISIONS = {"fp32": None, "bf16": torch.bfloat16, "fp16": torch.float16}


@dataclass(frozen=True, slots=True)
class Lesson:
    """Encoded cases with the column of each one's class, and the places of those held out (none: no early stopping)."""

    cases: Sequence[EncodedCase]
    columns: Sequence[int]
    held_out: Sequence[int]

    @property
    def learnt(self) -> list[int]:
        """Places of the cases that are learnt from."""
        left_out = set(self.held_out)
        return [i for i in range(len(self.cases)) if i not in left_out]

    def weights(self) -> Tensor:
        """Of each class: rare ones count as much as common ones in all."""
        counts = Counter(self.columns)
        return torch.tensor([len(self.columns) / (len(counts) * counts[column]) for column in sorted(counts)])


def device() -> torch.device:
    """The GPU when there is one."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def hold_out(columns: Sequence[int], groups: Sequence[str], seed: int) -> list[int]:
    """Places of a tenth of the cases, stratified by class, whole groups; none where a tenth would tell nothing."""
    from sklearn.model_selection import StratifiedGroupKFold

    if len(set(groups)) < 2 * HELD_OUT or max(Counter(columns).values()) < HELD_OUT:
        return []
    splitter = StratifiedGroupKFold(HELD_OUT, shuffle=True, random_state=seed)
    with warnings.catch_warnings():  # a class of fewer than ten cannot be in every tenth
        warnings.simplefilter("ignore", UserWarning)
        _, held = next(splitter.split(np.zeros(len(columns)), columns, groups))
    return [int(i) for i in held]


def learn(network: Network, lesson: Lesson, settings: TransformerSettings, padding: int) -> int:
    """Train the network in place, on its device; the number of epochs whose weights are kept."""
    steps = Steps(network, lesson, settings, padding)
    best, kept, epochs = float("inf"), {}, settings.epochs
    for epoch in range(1, settings.epochs + 1):
        steps.epoch()
        if not lesson.held_out:
            continue
        if (loss := steps.held_out_loss()) < best:
            best, epochs = loss, epoch
            kept = {name: tensor.detach().cpu().clone() for name, tensor in network.state_dict().items()}
        elif epoch - epochs >= settings.patience:
            break
    if kept:
        network.load_state_dict(kept)
    return epochs


class Steps:
    """Optimiser, schedule and scaling of one training."""

    def __init__(self, network: Network, lesson: Lesson, settings: TransformerSettings, padding: int) -> None:
        self.network, self.lesson, self.settings, self.padding = network, lesson, settings, padding
        self.weights = lesson.weights().to(network.values.device)
        self.optimizer = _optimizer(network, settings)
        total = settings.epochs * -(-len(lesson.learnt) // settings.batch_size)
        self.schedule = torch.optim.lr_scheduler.LambdaLR(self.optimizer, lambda step: _rate(step, total))
        self.type = _type(settings.precision, network.values.device)
        self.scaler = torch.amp.GradScaler(network.values.device.type, enabled=self.type is torch.float16)

    def epoch(self) -> None:
        """Learn from every case once, in an order drawn anew."""
        self.network.train()
        places = self.lesson.learnt
        drawn = [places[i] for i in torch.randperm(len(places)).tolist()]
        for start in range(0, len(drawn), self.settings.batch_size):
            self._step(drawn[start : start + self.settings.batch_size])

    def held_out_loss(self) -> float:
        """The mean weighted loss of the held-out cases."""
        self.network.eval()
        with torch.no_grad():
            lost = sum(float(self._loss(portion)) for portion in self._portions(self.lesson.held_out))
        return lost / self._weight(self.lesson.held_out)

    def _step(self, places: Sequence[int]) -> None:
        """One step of the optimiser: the gradients of the batch's portions add up."""
        weight = self._weight(places)
        for portion in self._portions(places):
            self.scaler.scale(self._loss(portion) / weight).backward()
        self.scaler.unscale_(self.optimizer)
        nn.utils.clip_grad_norm_(self.network.parameters(), LARGEST_GRADIENT)
        self.scaler.step(self.optimizer)
        self.scaler.update()
        self.schedule.step()
        self.optimizer.zero_grad(set_to_none=True)

    def _portions(self, places: Sequence[int]) -> Iterator[list[int]]:
        for portion in portions([self.lesson.cases[i] for i in places]):
            yield [places[i] for i in portion]

    def _loss(self, places: Sequence[int]) -> Tensor:
        """The summed weighted cross-entropy of cases, not of windows."""
        with torch.autocast(self.weights.device.type, dtype=self.type, enabled=self.type is not None):
            scores = self.network([self.lesson.cases[i] for i in places], self.padding)
        coded = torch.tensor([self.lesson.columns[i] for i in places], device=self.weights.device)
        return nn.functional.cross_entropy(scores, coded, self.weights, reduction="sum")

    def _weight(self, places: Sequence[int]) -> float:
        return float(sum(float(self.weights[self.lesson.columns[i]]) for i in places))


def probabilities(network: Network, cases: Sequence[EncodedCase], padding: int) -> Matrix:
    """Probabilities of each class, shape (cases, classes), in the order of the cases; texts of like length are read together."""
    network.eval()
    order = sorted(range(len(cases)), key=lambda i: (len(cases[i].windows), len(cases[i].windows[-1])))
    found = np.zeros((len(cases), network.values.shape[0]))
    ordered = [cases[i] for i in order]
    with torch.inference_mode():
        for portion in portions(ordered):
            scores = network([ordered[i] for i in portion], padding)
            found[[order[i] for i in portion]] = scores.double().softmax(1).cpu().numpy()
    return found


@contextmanager
def repeatable(seed: int) -> Iterator[None]:
    """Seeds fixed and deterministic algorithms where torch has them; the caller's random state is left as it was."""
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # without it matrix products differ from run to run on a GPU
    before, warned = torch.are_deterministic_algorithms_enabled(), torch.is_deterministic_algorithms_warn_only_enabled()
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        torch.use_deterministic_algorithms(True, warn_only=True)
        try:
            yield
        finally:
            torch.use_deterministic_algorithms(before, warn_only=warned)


def _optimizer(network: Network, settings: TransformerSettings) -> Any:
    _freeze(network.encoder, settings)
    encoder = [weights for weights in network.encoder.parameters() if weights.requires_grad]
    return torch.optim.AdamW(
        [
            {"params": encoder, "lr": settings.learning_rate},
            {"params": [*network.text.parameters(), network.values], "lr": settings.head_rate},
        ],
        weight_decay=WEIGHT_DECAY,
    )


def _freeze(encoder: Any, settings: TransformerSettings) -> None:
    """Leave what is not to learn as it was pretrained: the word vectors, and everything below the upper layers."""
    encoder.get_input_embeddings().requires_grad_(settings.embeddings)
    stack: Any = max((part for part in encoder.modules() if isinstance(part, nn.ModuleList)), key=len, default=())
    if 0 < settings.layers < len(stack):
        encoder.requires_grad_(False)
        for layer in stack[-settings.layers :]:
            layer.requires_grad_(True)


def _rate(step: int, total: int) -> float:
    """The share of the learning rate at a step: up in a line, then down in a line."""
    warm = max(1, round(WARM_UP * total))
    return (step + 1) / warm if step < warm else max(0.0, (total - step) / max(1, total - warm))


def _type(precision: str, where: torch.device) -> torch.dtype | None:
    """The type of the encoder's arithmetic; None: fp32 throughout."""
    if precision == "auto":
        if where.type != "cuda":
            return None
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float16
    if precision not in _PRECISIONS:
        raise AnjuanError(f"there is no precision {precision!r}; precisions: auto, {', '.join(_PRECISIONS)}")
    return _PRECISIONS[precision]
