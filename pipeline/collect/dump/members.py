"""The members of a dump: files of the disk and of archives, opened by the fastest means that this machine has."""

from __future__ import annotations

import dataclasses
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from pipeline.collect.dump.inflating import gzip_stream, zip_stream
from pipeline.collect.files import walk
from pipeline.collect.limits import Limits
from pipeline.collect.rejection import Rejected
from pipeline.collect.source import Blob

_GZIP = b"\x1f\x8b\x08"
_ZIP = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class Member:
    """One table of a dump. `stamp` changes with its content, or with the file on the disk that holds it; `size` is 0 where only the end tells it.

    `packed` is what it takes of the disk, 0 where that cannot be told.
    """

    path: str
    name: str
    size: int
    stamp: str
    open: Callable[[], IO[bytes]]
    packed: int = 0
    file: Path | None = None  # where it is no part of an archive


def members(paths: Iterable[Path | str], limits: Limits) -> Iterator[Member | Rejected]:
    """Yield every file under the paths, members of archives included, in sorted order; a Rejected for what cannot be opened."""
    disk = [Path()]  # the file of the disk that `walk` is in
    archive = _Archive()
    for item in walk(paths, limits, on_input=lambda path: disk.append(Path(path))):
        if isinstance(item, Rejected):
            yield item
            continue
        yield _member(item, disk[-1], archive)
        del disk[:-1]


def total(paths: Iterable[Path | str]) -> int:
    """Return how many bytes the files under the paths have on the disk."""
    files = (file for path in map(Path, paths) for file in (path.rglob("*") if path.is_dir() else [path]))
    return sum(file.stat().st_size for file in files if file.is_file() and not file.is_symlink())


def _member(blob: Blob, disk: Path, archive: _Archive) -> Member:
    try:
        status = disk.stat()
        stamp = f"{status.st_size}-{status.st_mtime_ns}"
    except OSError:  # a name that cannot be written as text
        return Member(blob.path, blob.name, blob.size, str(blob.size), blob.open)
    member = Member(blob.path, blob.name, blob.size, stamp, blob.open)
    start = _start(disk)
    if start.startswith(_GZIP) and blob.path == str(disk):
        return dataclasses.replace(member, open=lambda: gzip_stream(disk, blob.open), packed=status.st_size)
    if start.startswith(_ZIP) and (info := archive.info(disk, blob)):
        stamp = f"{info.file_size}-{info.CRC:08x}"  # an archive may get further members
        return dataclasses.replace(member, stamp=stamp, open=lambda: zip_stream(disk, info, blob.open), packed=info.compress_size)
    if blob.path == str(disk) and blob.size == status.st_size:
        return dataclasses.replace(member, open=lambda: disk.open("rb", buffering=0), packed=blob.size, file=disk)
    return member


def _start(disk: Path) -> bytes:
    with disk.open("rb") as stream:
        return stream.read(4)


class _Archive:
    """The list of members of the zip archive that is being read."""

    def __init__(self) -> None:
        self._path: Path | None = None
        self._infos: dict[str, zipfile.ZipInfo] = {}

    def info(self, disk: Path, blob: Blob) -> zipfile.ZipInfo | None:
        """Return where a member lies that is not nested more deeply and packed in the usual way; None for others."""
        if disk != self._path:
            self._path = disk
            with zipfile.ZipFile(disk) as archive:
                infos = archive.infolist()
            self._infos = {f"{disk}!{info.filename}": info for info in infos if info.compress_type == zipfile.ZIP_DEFLATED}
        info = self._infos.get(blob.path)
        return info if info and info.file_size == blob.size and not info.flag_bits & 1 else None
