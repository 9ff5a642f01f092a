"""English names of provinces and charges, which judgments print in Chinese."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from pipeline.codebook import Term


def named(printed: str) -> Term:
    """What a judgment prints, with its English name; where none is known it stands for itself."""
    return Term(printed, printed, _names().get(printed, printed))


@cache
def _names() -> dict[str, str]:
    data = tomllib.loads(files("pipeline.analyse").joinpath("names.toml").read_text(encoding="utf-8"))
    return {printed: english for kind in data.values() for printed, english in kind.items()}
