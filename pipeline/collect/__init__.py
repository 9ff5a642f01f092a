"""Import: judgments out of files, folders and archives of every form in which researchers hold them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from pipeline.collect.files import walk
from pipeline.collect.limits import LIMITS, Limits
from pipeline.collect.reading import read_blob
from pipeline.collect.rejection import Reason, Rejected
from pipeline.schema import Judgment

__all__ = ["LIMITS", "Limits", "Reason", "Rejected", "read"]


def read(
    paths: Iterable[Path | str], *, on_file: Callable[[str], None] | None = None, limits: Limits = LIMITS
) -> Iterator[Judgment | Rejected]:
    """Yield every criminal judgment in the paths, and a Rejected with its reason for every file or record that is none.

    Folders are read recursively in sorted order, zip archives from inside; nothing is written to disk and no input raises. The form
    of a file is told from its content, never from its name. `on_file` is called with the path of each file before it is read.
    """
    for entry in walk(paths, limits):
        if isinstance(entry, Rejected):
            yield entry
            continue
        if on_file is not None:
            on_file(entry.path)
        yield from read_blob(entry, limits)
