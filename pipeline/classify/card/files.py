"""The files of a model folder: each is known by its hash, and none that could run code when it is read may lie there."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from pipeline.schema import AnjuanError

_OF_THE_CARD = frozenset({"card.json", "card.md"})
_PICTURES = frozenset({".svg"})
_PICKLES = frozenset({".pkl", ".pickle", ".bin", ".pt", ".pth", ".ckpt", ".joblib", ".dill"})


def hashes(folder: Path) -> dict[str, str]:
    """blake2b of every file of the model (16 bytes, hexadecimal) by its path in the folder; the card and its pictures are left out."""
    return {path.relative_to(folder).as_posix(): _hash(path) for path in _files(folder)}


def refuse_pickles(folder: Path) -> None:
    """Refuse a folder with a file that would be unpickled.

    Raises:
        AnjuanError: naming the file.
    """
    for path in _files(folder):
        if path.suffix.lower() in _PICKLES:
            raise AnjuanError(
                f"{path} may hold a pickle, which can run code when it is read; anjuan reads none: delete it, "
                "convert weights to model.safetensors, or train the model again with `anjuan train`"
            )


def refuse_changed(folder: Path, said: Mapping[str, str]) -> None:
    """Refuse a folder whose files are not those that its card names.

    Raises:
        AnjuanError: naming the first file that is missing, changed or unknown to the card.
    """
    found = hashes(folder)
    for name in sorted(found.keys() | said.keys()):
        if found.get(name) != said.get(name):
            what = "is missing" if name not in found else "is not named in card.json" if name not in said else "has changed"
            raise AnjuanError(f"{folder / name} {what}; the card is of another model: fetch the folder again, or run `anjuan train`")


def _files(folder: Path) -> list[Path]:
    own = (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.startswith("."))
    return [path for path in own if path.relative_to(folder).as_posix() not in _OF_THE_CARD and path.suffix not in _PICTURES]


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()
