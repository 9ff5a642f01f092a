"""A small BERT that learns to guess hidden words in facts (Devlin et al. 2019), from nothing; on a GPU in bf16 when there is one.

The training goes on from its last checkpoint when it is started again with the same texts and settings. Checkpoints are safetensors.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from copy import deepcopy
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import nn
from transformers import BertConfig, BertForMaskedLM

from pipeline.classify.kinds.transformer.folder import WEIGHTS, write_parts
from pipeline.classify.kinds.transformer.learning import device, repeatable
from pipeline.classify.pretraining.characters import SPECIAL, character_tokenizer, count_characters
from pipeline.classify.pretraining.masking import NOT_ASKED, PADDING, Window, hidden, windows
from pipeline.classify.pretraining.settings import PretrainingSettings
from pipeline.classify.pretraining.told import Told
from pipeline.schema import AnjuanError

_CHECKPOINT, _STATE = "checkpoint.safetensors", "checkpoint.json"
_LARGEST_GRADIENT = 1.0
Report = Callable[[int, float], None]


@dataclass(frozen=True, slots=True)
class Pretrained:
    """The trained network with its tokenizer, and the mean loss (nats for each hidden character) of the last steps."""

    network: Any
    tokenizer: Any
    loss: float


def pretrain(
    texts: Collection[Told], folder: Path, settings: PretrainingSettings, report: Report = lambda _step, _loss: None
) -> Pretrained:
    """Train, and write a Hugging Face folder (config.json, tokenizer.json, model.safetensors) that fine-tuning can begin from.

    `report` is told the number of steps done and the mean loss since it was last told. On the CPU the same texts and settings give
    the same bytes, whether or not the training was interrupted.

    Raises:
        AnjuanError: too few texts, or a checkpoint of other texts or settings lies in the folder.
    """
    characters = count_characters(texts, settings.fewest_documents)
    tokenizer = character_tokenizer(characters, settings.longest)
    numbers = {one: i for i, one in enumerate(characters, len(SPECIAL))}
    cut = list(windows(texts, numbers, settings.longest))
    folder.mkdir(parents=True, exist_ok=True)
    with repeatable(settings.seed):
        training = Training(cut, len(SPECIAL) + len(characters), settings, folder)
        loss = training.run(report)
    encoder = deepcopy(training.network.bert).to(torch.bfloat16)  # 16 bits of each weight: half the file, and fine-tuning reads them as 32
    save_file(encoder.state_dict(), folder / WEIGHTS, metadata={"format": "pt"})
    write_parts(folder, encoder, tokenizer)
    training.clear()
    return Pretrained(training.network, tokenizer, loss)


class Training:
    """Network, optimiser and the place in the training, kept together in a checkpoint."""

    def __init__(self, cut: Sequence[Window], vocabulary: int, settings: PretrainingSettings, folder: Path) -> None:
        self.cut, self.vocabulary, self.settings, self.folder = cut, vocabulary, settings, folder
        self.network = BertForMaskedLM(_config(vocabulary, settings)).to(device())
        self.optimizer = torch.optim.AdamW(self.network.parameters(), weight_decay=0.01)
        self.made_of = {**asdict(settings), "vocabulary": vocabulary, "windows": len(cut)}
        self.step = 0

    def run(self, report: Report) -> float:
        """Take all steps that are left; the mean loss since the last report."""
        self._resume()
        self.network.train()
        losses: list[float] = []
        mean = 0.0
        while self.step < self.settings.steps:
            losses.append(self._take())
            self.step += 1
            if self.step % self.settings.report_every == 0 or self.step == self.settings.steps:
                mean, losses = float(np.mean(losses)), []
                report(self.step, mean)
            if self.step % self.settings.checkpoint_every == 0:
                self._keep()
        return mean

    def clear(self) -> None:
        """Remove the checkpoint of a training that is done."""
        for name in (_CHECKPOINT, _STATE):
            (self.folder / name).unlink(missing_ok=True)

    def _take(self) -> float:
        """One step: windows and hidden words follow from the seed and the number of the step alone, so that a resumed training is the same."""
        rng = np.random.default_rng((self.settings.seed, self.step))
        torch.manual_seed(self.settings.seed + self.step)
        batch = [self.cut[i] for i in rng.integers(len(self.cut), size=self.settings.batch_size)]
        shown, asked = (torch.from_numpy(ids).to(self.network.device) for ids in hidden(batch, self.vocabulary, rng))
        with torch.autocast(self.network.device.type, dtype=torch.bfloat16, enabled=self.network.device.type == "cuda"):
            scores = self.network(input_ids=shown, attention_mask=shown != PADDING).logits
        loss = nn.functional.cross_entropy(scores.float().flatten(0, 1), asked.flatten(), ignore_index=NOT_ASKED)
        loss.backward()
        for group in self.optimizer.param_groups:
            group["lr"] = self._rate()
        nn.utils.clip_grad_norm_(self.network.parameters(), _LARGEST_GRADIENT)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        return float(loss.detach())

    def _rate(self) -> float:
        """The learning rate of this step: it rises over the first tenth and falls to nothing."""
        rising, steps = max(self.settings.steps // 10, 1), self.settings.steps
        return self.settings.learning_rate * min((self.step + 1) / rising, (steps - self.step) / max(steps - rising, 1))

    def _keep(self) -> None:
        """Write the checkpoint; the state file comes last, so that what was cut off is not taken for whole."""
        (self.folder / _STATE).unlink(missing_ok=True)
        moments = self.optimizer.state_dict()["state"]
        tensors = {f"network.{name}": tensor for name, tensor in self._parameters().items()}
        tensors |= {f"moments.{place}.{name}": tensor for place, kept in moments.items() for name, tensor in kept.items()}
        save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, self.folder / _CHECKPOINT)
        (self.folder / _STATE).write_text(json.dumps({"step": self.step, "made_of": self.made_of}) + "\n", "utf-8")

    def _resume(self) -> None:
        if not (self.folder / _STATE).is_file():
            return
        try:
            state = json.loads((self.folder / _STATE).read_text("utf-8"))
            if state["made_of"] != self.made_of:
                raise ValueError("it is of other texts or settings")
            self._restore(load_file(self.folder / _CHECKPOINT), int(state["step"]))
        except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
            raise AnjuanError(f"{self.folder}: the training cannot go on from its checkpoint ({error}); name another folder") from error

    def _restore(self, tensors: dict[str, Any], step: int) -> None:
        parameters = self._parameters()
        with torch.no_grad():
            for name, parameter in parameters.items():
                parameter.copy_(tensors[f"network.{name}"])
        moments: dict[int, dict[str, Any]] = {}
        for name, tensor in tensors.items():
            kind, _, rest = name.partition(".")
            if kind == "moments":
                place, _, moment = rest.partition(".")
                moments.setdefault(int(place), {})[moment] = tensor
        self.optimizer.load_state_dict({**self.optimizer.state_dict(), "state": moments})
        self.step = step

    def _parameters(self) -> dict[str, Any]:
        """Each weight once: input and output embeddings are the same tensor."""
        return dict(self.network.named_parameters())


def _config(vocabulary: int, settings: PretrainingSettings) -> Any:
    return BertConfig(
        vocab_size=vocabulary,
        hidden_size=settings.hidden,
        num_hidden_layers=settings.layers,
        num_attention_heads=settings.heads,
        intermediate_size=4 * settings.hidden,
        max_position_embeddings=settings.longest,
        pad_token_id=PADDING,
        type_vocab_size=2,
    )
