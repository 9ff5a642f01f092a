"""The constants of a pre-training: the size of the network and how long it learns."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.classify.model import SEED
from pipeline.classify.pretraining.vocabulary import FEWEST_DOCUMENTS


@dataclass(frozen=True, slots=True)
class PretrainingSettings:
    """A BERT of 6 layers, 312 wide (as TinyBERT: Jiao et al. 2020): with 4,000 characters 8.3 million weights, 17 MB in 16 bits."""

    layers: int = 6
    hidden: int = 312
    heads: int = 12
    longest: int = 256  # tokens of a window
    batch_size: int = 64
    steps: int = 20000
    learning_rate: float = 5e-4
    fewest_documents: int = FEWEST_DOCUMENTS
    report_every: int = 100
    checkpoint_every: int = 1000
    seed: int = SEED


TINY = PretrainingSettings(layers=2, hidden=32, heads=2, longest=64, batch_size=8, steps=60, learning_rate=5e-3, report_every=20)
