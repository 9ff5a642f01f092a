"""Model directories in the Hugging Face layout: what must be in one, what must not, and reading one without a network."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from pipeline.schema import AnjuanError

WEIGHTS = "model.safetensors"
_INDEX = "model.safetensors.index.json"  # names the parts of weights that are kept in several files
_TOKENIZERS = ("tokenizer.json", "vocab.txt", "sentencepiece.bpe.model", "spiece.model", "tokenizer.model", "vocab.json")
_PICKLES = ("*.bin", "*.pt", "*.pth", "*.pkl", "*.pickle", "*.ckpt", "*.joblib", "training_args*")
_LIBRARIES = ("torch", "transformers", "safetensors")
_TROUBLE = (OSError, ValueError, KeyError, TypeError, AttributeError, RuntimeError, ImportError)


def need_libraries() -> None:
    """Raise AnjuanError, with the way out, where the extra `nn` is not installed."""
    if missing := [name for name in _LIBRARIES if find_spec(name) is None]:
        raise AnjuanError(f"a transformer needs {' and '.join(missing)}: pip install 'anjuan[nn]'")


def check_base(base: Path) -> None:
    """Check that a directory holds a model to begin from.

    Raises:
        AnjuanError: it is no directory, lacks a part, or holds its weights only as a pickle, which can run code when it is read.
    """
    if not base.is_dir():
        raise AnjuanError(f"{base} is not a directory; name a local model directory (config.json, tokenizer, {WEIGHTS})")
    safe = (base / WEIGHTS).is_file() or (base / _INDEX).is_file()
    if not safe and (pickled := _pickles(base)):
        raise AnjuanError(
            f"{base} holds its weights only as a pickle ({', '.join(pickled)}), which is never loaded; "
            f"convert them to {WEIGHTS} (`save_pretrained` of transformers 4.35 or later writes it) and name that directory"
        )
    _complete(base, safe, "name a complete model directory")


def check_saved(folder: Path) -> None:
    """Check a folder written by `save`; AnjuanError when it lacks a part or holds a pickle."""
    if pickled := _pickles(folder):
        raise AnjuanError(f"{folder} holds {', '.join(pickled)}, which may be a pickle; remove it, or train the model again")
    _complete(folder, (folder / WEIGHTS).is_file(), "train the model again with `anjuan train`")


def read_tokenizer(folder: Path) -> Any:
    """The tokenizer of a directory; AnjuanError when it cannot be read."""
    with reading(folder):
        from transformers import AutoTokenizer

        return AutoTokenizer.from_pretrained(str(folder), local_files_only=True, trust_remote_code=False)


def read_encoder(base: Path) -> Any:
    """The pretrained encoder of a checked directory, in fp32; AnjuanError when its weights do not belong to its config.json."""
    with reading(base):
        import torch
        from transformers import AutoModel

        encoder, loaded = AutoModel.from_pretrained(
            str(base),
            local_files_only=True,
            trust_remote_code=False,
            use_safetensors=True,
            dtype=torch.float32,
            output_loading_info=True,
        )
        if missing := sorted(name for name in loaded["missing_keys"] if "pooler" not in name):  # the pooler is not used
            raise ValueError(f"the weights lack {missing[0]} and {len(missing) - 1} others")
        return encoder


def new_encoder(folder: Path) -> Any:
    """An encoder of a folder's config.json, its weights still to be read; AnjuanError when the config cannot be."""
    with reading(folder):
        from transformers import AutoConfig, AutoModel

        config = AutoConfig.from_pretrained(str(folder), local_files_only=True, trust_remote_code=False)
        return AutoModel.from_config(config, trust_remote_code=False)


def write_parts(folder: Path, encoder: Any, tokenizer: Any) -> None:
    """Write config.json and the tokenizer's files, without the path of the directory that they came from."""
    encoder.config.name_or_path = ""
    encoder.config.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


@contextmanager
def reading(folder: Path) -> Iterator[None]:
    """Read a model directory quietly and offline; what goes wrong becomes one AnjuanError.

    `local_files_only` alone does not do: transformers asks the hub for a safetensors copy of other weights in the background.
    """
    from safetensors import SafetensorError

    try:
        with _offline(), _quiet():
            yield
    except (*_TROUBLE, SafetensorError) as error:
        line = next(iter(str(error).strip().splitlines()), "")
        raise AnjuanError(f"{folder} cannot be read as a model directory ({type(error).__name__}: {line}); is it complete?") from error


@contextmanager
def _offline() -> Iterator[None]:
    from huggingface_hub import constants

    before, flag = os.environ.get("HF_HUB_OFFLINE"), constants.HF_HUB_OFFLINE
    os.environ["HF_HUB_OFFLINE"], constants.HF_HUB_OFFLINE = "1", True
    try:
        yield
    finally:
        constants.HF_HUB_OFFLINE = flag
        if before is None:
            del os.environ["HF_HUB_OFFLINE"]
        else:
            os.environ["HF_HUB_OFFLINE"] = before


@contextmanager
def _quiet() -> Iterator[None]:
    from transformers.utils import logging

    level, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(level)
        if bars:
            logging.enable_progress_bar()


def _pickles(folder: Path) -> list[str]:
    return sorted({path.name for pattern in _PICKLES for path in folder.glob(pattern)})


def _complete(folder: Path, weights: bool, way_out: str) -> None:
    missing = [] if (folder / "config.json").is_file() else ["config.json"]
    if not any((folder / name).is_file() for name in _TOKENIZERS):
        missing.append("the tokenizer (tokenizer.json or vocab.txt)")
    if not weights:
        missing.append(WEIGHTS)
    if missing:
        raise AnjuanError(f"{folder} is incomplete: it lacks {', '.join(missing)}; {way_out}")
