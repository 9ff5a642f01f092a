"""The network: an encoder reads each window, a linear layer weighs it, the windows of a case are pooled, the extracted variables added.

The variables stand beside the text as a vector and not as a sentence of it: what they say then does not hang on how the encoder reads
names of values, each keeps a weight of its own that can be shown, and the linear road from cause and motive to the type stays open
(Cheng et al. 2016, wide and deep learning).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

DROPOUT = 0.1
WINDOWS_AT_ONCE = 16  # bounds the memory that a pass takes; more windows than that are passed one case at a time


@dataclass(frozen=True, slots=True)
class EncodedCase:
    """A case as the network reads it: token ids of its windows, and the numbers of its extracted variables."""

    windows: list[list[int]]
    values: list[float]


class Network(nn.Module):  # type: ignore[misc]  # torch is optional, so that mypy reads it as Any
    """Scores of each class for each case."""

    def __init__(self, encoder: Any, classes: int, values: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.dropout = nn.Dropout(DROPOUT)
        self.text = nn.Linear(encoder.config.hidden_size, classes)
        self.values = nn.Parameter(torch.zeros(classes, values))

    def forward(self, cases: Sequence[EncodedCase], padding: int) -> Tensor:
        """Unnormalised log-probabilities, shape (cases, classes); `padding`: the token id that fills short windows."""
        device = self.values.device
        ids = [torch.tensor(window) for case in cases for window in case.windows]
        mask = nn.utils.rnn.pad_sequence([torch.ones_like(row) for row in ids], batch_first=True).to(device)
        tokens = nn.utils.rnn.pad_sequence(ids, batch_first=True, padding_value=padding).to(device)
        states = self.encoder(input_ids=tokens, attention_mask=mask).last_hidden_state.float()
        with torch.autocast(device.type, enabled=False):
            scores = self.text(self.dropout(_mean(states, mask)))
            pooled = torch.stack([_log_mean(rows) for rows in scores.split([len(case.windows) for case in cases])])
            return pooled + torch.tensor([case.values for case in cases], device=device) @ self.values.T


def portions(cases: Sequence[EncodedCase]) -> Iterator[list[int]]:
    """Places of cases that go through the network together, in order."""
    portion: list[int] = []
    held = 0
    for place, case in enumerate(cases):
        if portion and held + len(case.windows) > WINDOWS_AT_ONCE:
            yield portion
            portion, held = [], 0
        portion.append(place)
        held += len(case.windows)
    if portion:
        yield portion


def _mean(states: Tensor, mask: Tensor) -> Tensor:
    """The mean over a window's tokens; unlike a vector of [CLS] it needs no pretraining of its own."""
    shares = mask.unsqueeze(-1).float()
    return (states * shares).sum(1) / shares.sum(1)


def _log_mean(rows: Tensor) -> Tensor:
    """Log-mean-exp over windows: one that tells decides, and a case of many windows has no other scale than a case of one."""
    return torch.logsumexp(rows, 0) - math.log(len(rows))
