"""From paths to files: folders in sorted order, archives opened, and what must not be opened refused."""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import IO

from pipeline.collect.archives import is_litter, shown, unpack, unpacking_error
from pipeline.collect.limits import Limits
from pipeline.collect.rejection import Reason, Rejected
from pipeline.collect.source import Blob
from pipeline.schema import RecordError

# What browsers and download programs call a file of which the end has not come yet.
_UNFINISHED = (".crdownload", ".part", ".partial", ".download", ".opdownload", ".downloading", ".xltd", ".tmp")
_BESIDE_UNFINISHED = (".part", ".aria2")  # `a.zip.aria2` stands beside an `a.zip` that is still empty or full of holes
_HALF_WRITTEN = RecordError(Reason.HALF_WRITTEN, "the file is still being downloaded; import again when it is complete")
_LINK = RecordError(Reason.UNSAFE_PATH, "a symbolic link inside a folder is not followed; name its target as an input")


def walk(paths: Iterable[Path | str], limits: Limits, on_input: Callable[[str], None] | None = None) -> Iterator[Blob | Rejected]:
    """Yield every file under the paths, members of archives included, in sorted order.

    `on_input` is called with each folder and file of the disk before it is opened. Nothing is written but nameless temporary files.
    """
    for leaf in leaves(paths, on_input or (lambda _: None)):
        if isinstance(leaf, Rejected):
            yield leaf
        else:
            yield from enter(leaf, limits)


def leaves(paths: Iterable[Path | str], on_input: Callable[[str], None]) -> Iterator[Path | Rejected]:
    """Yield every file of the disk under the paths, unopened."""
    for path in paths:
        yield from _walk_path(Path(path), on_input)


def enter(path: Path, limits: Limits) -> Iterator[Blob | Rejected]:
    """Yield a file of the disk, or what is inside when it is an archive."""
    try:
        yield from unpack(_file(path, limits.small), limits)
    except OSError as error:
        yield Rejected.because(_shown(path), "", unpacking_error(error))


def _walk_path(path: Path, on_input: Callable[[str], None], beside: frozenset[str] = frozenset()) -> Iterator[Path | Rejected]:
    on_input(_shown(path))
    try:
        if _is_unfinished(path, beside):
            yield Rejected.because(_shown(path), "", _HALF_WRITTEN)
        elif path.is_dir():
            yield from _walk_folder(path, on_input)
        else:
            yield path
    except OSError as error:
        yield Rejected.because(_shown(path), "", unpacking_error(error))


def _walk_folder(folder: Path, on_input: Callable[[str], None]) -> Iterator[Path | Rejected]:
    entries = sorted(folder.iterdir())
    names = frozenset(entry.name for entry in entries)
    for entry in entries:
        if is_litter(entry.name) or entry.suffix == ".aria2":
            continue
        if entry.is_symlink():
            yield Rejected.because(_shown(entry), "", _LINK)
        else:
            yield from _walk_path(entry, on_input, names)


def _is_unfinished(path: Path, beside: frozenset[str]) -> bool:
    """Tell a half-written download by its name, or by the file that its program keeps beside it."""
    if any(path.name + suffix in beside for suffix in _BESIDE_UNFINISHED):
        return True
    return path.suffix.lower() in _UNFINISHED and (not path.is_dir() or (path / "Info.plist").exists())  # Safari's are folders


def _file(path: Path, small: int) -> Blob:
    """Return a file of the disk, a small one to be read but once. Raises OSError when it is missing or not regular (a pipe never ends)."""
    before = path.stat()
    if not stat.S_ISREG(before.st_mode):
        raise OSError("not a regular file")

    def settled() -> bool:
        try:
            after = path.stat()
        except OSError:
            return False
        return (after.st_size, after.st_mtime_ns) == (before.st_size, before.st_mtime_ns)

    whole = cache(path.read_bytes)
    opened: Callable[[], IO[bytes]] = (lambda: io.BytesIO(whole())) if before.st_size <= small else (lambda: path.open("rb"))
    return Blob(_shown(path), before.st_size, opened, shown(path.name), settled)


def _shown(path: Path) -> str:
    """Return a path that can be printed and stored, whatever bytes its name has."""
    return shown(os.fsencode(path).decode("utf-8", "surrogateescape"))
