"""The constants of a fine-tuned transformer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.classify.model import SEED


@dataclass(frozen=True, slots=True)
class TransformerSettings:
    """Constants of one model; `base` is a local directory in the Hugging Face layout (config.json, tokenizer, model.safetensors)."""

    base: str
    epochs: int = 12
    learning_rate: float = 5e-5  # of the encoder
    head_rate: float = 3e-3  # of the layers above it, which begin from nothing
    batch_size: int = 8  # cases to a step
    patience: int = 3  # epochs without a lower held-out loss before training stops
    max_length: int = 256  # tokens of a window
    max_windows: int = 16  # windows of a case
    layers: int = 0  # the encoder's upper layers that learn; 0: all. Fewer are faster on a CPU, and less is unlearnt from few cases
    precision: str = "auto"  # auto (bf16 or fp16 on a GPU, fp32 on a CPU), fp32, bf16 or fp16
    embeddings: bool = False  # whether the word vectors learn too: with few cases, words that are not among them would be left behind
    values: bool = True  # whether the extracted variables speak beside the text
    seed: int = SEED

    @classmethod
    def choices(cls, base: str | Path) -> tuple[TransformerSettings, ...]:
        """The settings among which nested cross-validation chooses for a model directory; the first is the default."""
        usual = cls(str(base))
        return (usual, replace(usual, learning_rate=2e-5), replace(usual, values=False))
