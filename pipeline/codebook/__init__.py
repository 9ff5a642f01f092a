"""The codebook as data: every variable and value with labels, definitions and the meaning of silence.

`load()` reads `codebook.toml` beside this file, once and only when called.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from pipeline.codebook.lines import toml_lines
from pipeline.codebook.nouns import Codebook, Term, Value, Variable
from pipeline.codebook.parse import fingerprint, parse
from pipeline.codebook.render import render
from pipeline.schema import CodebookError

__all__ = ["Codebook", "CodebookError", "Term", "Value", "Variable", "fingerprint", "load", "parse", "render", "source", "toml_lines"]


def source() -> bytes:
    """The file of the codebook that ships with anjuan, byte for byte (UTF-8)."""
    return files("pipeline.codebook").joinpath("codebook.toml").read_bytes()


@cache
def load() -> Codebook:
    """The codebook that ships with anjuan, parsed once."""
    return parse(source().decode(), "codebook.toml")
