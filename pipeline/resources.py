"""Where the data that ship with anjuan lie: models, corpora and annotations, in a checkout or after `pip install`."""

from __future__ import annotations

from pathlib import Path

from pipeline.schema import AnjuanError

_PACKAGE = Path(__file__).parent


def shipped(name: str) -> Path:
    """Path of a shipped file or folder such as "models/attack_type" or "corpora/demonstration.jsonl".

    In a checkout they lie beside `pipeline/`, in an installed anjuan inside it (see `package-dir` in pyproject.toml).
    """
    for root in (_PACKAGE.parent, _PACKAGE):
        if (path := root / name).exists() and (root / "models").is_dir():
            return path
    raise AnjuanError(f"{name} is missing from this installation of anjuan; install it again, or run in a full checkout")
