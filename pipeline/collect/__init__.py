"""Import: judgments out of files, folders and archives of every form in which researchers hold them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from pipeline.collect.files import walk
from pipeline.collect.limits import LIMITS, Limits
from pipeline.collect.reading import read_blob
from pipeline.collect.rejection import Reason, Rejected
from pipeline.collect.source import Blob
from pipeline.schema import Judgment

__all__ = ["LIMITS", "Blob", "Limits", "Reason", "Rejected", "read", "read_file"]

_GROWING = "the file changed while it was read; import again when it is complete"


def read(
    paths: Iterable[Path | str],
    *,
    on_file: Callable[[str], None] | None = None,
    on_input: Callable[[str], None] | None = None,
    limits: Limits = LIMITS,
) -> Iterator[Judgment | Rejected]:
    """Yield every criminal judgment in the paths, and a Rejected with its reason for every file or record that is none.

    Folders are read recursively in sorted order, archives from inside; nothing is written but nameless temporary files, and no input
    raises. The form of a file is told from its content, never from its name. `on_input` is called with the path of each folder and file
    of the disk before it is opened, `on_file` with that of each file, archive members included, before it is read.
    """
    for entry in walk(paths, limits, on_input):
        if isinstance(entry, Rejected):
            yield entry
            continue
        if on_file is not None:
            on_file(entry.path)
        yield from read_file(entry, limits)


def read_file(blob: Blob, limits: Limits = LIMITS) -> Iterator[Judgment | Rejected]:
    """Yield what one file holds; of one that changes meanwhile not the last, which may be cut off, but a row that says so."""
    held: Judgment | Rejected | None = None
    try:
        for outcome in read_blob(blob, limits):
            if held is not None:
                yield held
            held = outcome
    except Exception as error:  # a library may raise anything on a file that was made to break it
        failed = f"the reader failed on this file ({type(error).__name__}); please report it, and leave the file out"
        yield Rejected(blob.path, "", Reason.READER_FAILED, failed)
    if not blob.settled():
        yield Rejected(blob.path, "", Reason.HALF_WRITTEN, _GROWING)
    elif held is not None:
        yield held
