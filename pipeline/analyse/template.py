"""Pages of HTML: templates of the folder `report`, everything escaped, and a file that is replaced only by a whole new one."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from pipeline.schema import AnjuanError


def environment() -> Environment:
    """The environment of the templates in `report`: autoescaped, and an unknown name is an error."""
    return Environment(
        loader=PackageLoader("pipeline.analyse", "report"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


def write_whole(path: Path, text: str) -> None:
    """Write `text` to `path` in one step; AnjuanError when that cannot be done, and what stood there before stays."""
    try:
        _replace(path, text)
    except OSError as error:
        raise AnjuanError(f"{path} cannot be written: {error.strerror or error}") from error


def _replace(path: Path, text: str) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="replace", newline="\n") as file:
            file.write(text)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
