"""Where commands write: nothing that exists is overwritten unasked, and the database that is read never."""

from __future__ import annotations

from pathlib import Path

from pipeline.schema import AnjuanError


def refuse(*paths: Path | None, force: bool, source: Path | None = None) -> None:
    """AnjuanError for a file that is there already, unless `force`, and for a place where none can be written; None is no file.

    `source` is the database that is read: nothing takes its place, forced or not, and its folder may still be to be made.
    For who has long work to do before writing.
    """
    for path in paths:
        if path is None:
            continue
        if source and path.exists() and source.exists() and path.samefile(source):
            raise AnjuanError(f"{path} is the database that is read: name another file")
        if path.is_dir():
            raise AnjuanError(f"{path} cannot be written: it is a folder")
        if not path.parent.is_dir() and (source is None or path.parent != source.parent):
            raise AnjuanError(f"{path} cannot be written: there is no folder {path.parent}")
        if path.exists() and not force:
            raise AnjuanError(f"{path} exists; --force replaces it")
