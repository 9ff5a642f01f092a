"""A long text as windows that a transformer can read: packed along sentence borders, nothing cut off at the end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipeline.schema import AnjuanError


def windows(tokenizer: Any, sentences: Sequence[str], length: int, most: int) -> list[list[int]]:
    """Token ids of each window, special tokens included: at most `length` to a window, at least one window.

    A sentence is divided only when it does not fit into a window by itself. A text of more than `most` windows keeps that many of them,
    evenly spread, the first and the last among them.

    Raises:
        AnjuanError: the windows are too short to hold anything beside the special tokens.
    """
    before, after = _frame(tokenizer)
    room = length - len(before) - len(after)
    if room < 1:
        raise AnjuanError(f"a window of {length} tokens holds no text; choose a greater max_length")
    encoded = tokenizer(list(sentences), add_special_tokens=False, verbose=False)["input_ids"] if sentences else []
    packed: list[list[int]] = [[]]
    for piece in (ids[i : i + room] for ids in encoded for i in range(0, len(ids), room)):
        if len(packed[-1]) + len(piece) > room:
            packed.append([])
        packed[-1].extend(piece)
    return [[*before, *ids, *after] for ids in _spread(packed, most)]


def _frame(tokenizer: Any) -> tuple[list[int], list[int]]:
    """The special tokens before and after a text, [CLS] and [SEP] in BERT."""
    bare = tokenizer("人", add_special_tokens=False)["input_ids"]
    framed = tokenizer("人")["input_ids"]
    at = next(i for i in range(len(framed)) if framed[i : i + len(bare)] == bare)
    return list(framed[:at]), list(framed[at + len(bare) :])


def _spread(packed: list[list[int]], most: int) -> list[list[int]]:
    if len(packed) <= most:
        return packed
    return [packed[round(i * (len(packed) - 1) / max(most - 1, 1))] for i in range(most)]
