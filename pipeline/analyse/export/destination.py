"""Where files go: nothing that exists is overwritten unasked, and all of them appear together, complete."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pipeline.schema import AnjuanError


def refuse_existing(paths: Sequence[Path], force: bool) -> None:
    """AnjuanError when one of `paths` is there already, unless `force`; a folder in a file's place is always refused."""
    for path in paths:
        if path.is_dir():
            raise AnjuanError(f"{path} is a folder, where a file is to be written: choose another --out")
        if path.exists() and not force:
            raise AnjuanError(f"{path} exists: choose another --out, or overwrite it with --force")


@contextmanager
def staged(paths: Sequence[Path]) -> Iterator[Path]:
    """A folder beside `paths`, which share one, to write files of their names in; they are moved to their places at the end.

    Whatever fails meanwhile leaves everything as it was. AnjuanError when the system cannot write there.
    """
    folder = paths[0].parent
    try:
        missing = [each for each in (folder, *folder.parents) if not each.exists()]
        folder.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=".export-", dir=folder))
    except OSError as error:
        raise AnjuanError(f"{folder} cannot be written to: {error.strerror or error}") from error
    try:
        yield work
        for path in paths:
            os.replace(work / path.name, path)
        missing = []
    except OSError as error:
        raise AnjuanError(f"{folder} cannot be written to: {error.strerror or error}") from error
    finally:
        shutil.rmtree(work, ignore_errors=True)
        for made in missing:  # a folder made for files that did not come to be
            made.rmdir()
