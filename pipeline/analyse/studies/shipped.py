"""The studies that ship with anjuan, by name, and any file."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from pipeline.analyse.studies.form import StudyFile, parse_study_file
from pipeline.schema import AnjuanError

TEMPLATE = "template.toml"


def shipped_studies() -> Mapping[str, Traversable]:
    """The files by name; the first is the study whose figures stand in Table 1."""
    folder = files("pipeline.analyse.studies")
    others = {file.name.removesuffix(".toml"): file for file in folder.iterdir() if file.name.endswith(".toml") and file.name != TEMPLATE}
    return {"laws_2025": files("pipeline.analyse").joinpath("published.toml"), **dict(sorted(others.items()))}


def template_text() -> str:
    """The file that explains the form, to be copied and filled in."""
    return files("pipeline.analyse.studies").joinpath(TEMPLATE).read_text(encoding="utf-8")


def open_study(wanted: str) -> StudyFile:
    """The study in a file, or the one that ships under that name; AnjuanError names those there are."""
    path, shipped = Path(wanted), shipped_studies()
    if path.is_file():
        return parse_study_file(_text(path), wanted, path.stem)
    if wanted in shipped:
        return parse_study_file(shipped[wanted].read_text(encoding="utf-8"), shipped[wanted].name, wanted)
    raise AnjuanError(f"{wanted}: no such file, and no study that ships; there are {', '.join(shipped)} (`anjuan compare` lists them)")


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise AnjuanError(f"{path} cannot be read: {error}; a study is a TOML file in UTF-8") from error
