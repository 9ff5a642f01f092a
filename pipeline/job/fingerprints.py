"""Fingerprints: a stage is done again for a judgment exactly when what it would do has changed."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

import pipeline
from pipeline.codebook import load as load_codebook
from pipeline.resources import shipped

DESCRIBED = ("attack_type", "cause", "motive", "relation")  # what models say of a case in scope
_DECIDING = ("kind", "files", "temperature", "threshold", "codebook_version")
_STUDIES = {"evaluation", "pretraining"}  # folders of `classify` that no answer depends on
_PACKAGE = Path(pipeline.__file__).parent


@cache
def extraction() -> str:
    """Changes with the rules, the code that reads texts, and the codebook."""
    return _digest([*_sources("text"), *_sources("extract")], load_codebook().fingerprint)


@cache
def screening() -> str:
    """Changes with the extraction, with what models are told of a case, and with the screening model."""
    asked = [path for path in _sources("classify") if not _STUDIES & set(path.parts)]
    return _digest([*asked, _PACKAGE / "job" / "describing.py"], extraction() + _model("in_scope"))


@cache
def classification() -> str:
    """Changes with the screening and the models that describe an attack."""
    return _digest([], "".join([screening(), *(_model(name) for name in DESCRIBED)]))


def _sources(folder: str) -> list[Path]:
    return sorted(p for p in (_PACKAGE / folder).rglob("*") if p.suffix in {".py", ".toml", ".txt"})


def _model(name: str) -> str:
    """What of a model decides its answers, by its card: the rest of the card says how good they are."""
    card = json.loads((shipped(f"models/{name}") / "card.json").read_text("utf-8"))
    return json.dumps({key: card.get(key) for key in _DECIDING}, sort_keys=True)


def _digest(paths: list[Path], seed: str) -> str:
    digest = hashlib.blake2b(seed.encode(), digest_size=8)
    for path in paths:
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
