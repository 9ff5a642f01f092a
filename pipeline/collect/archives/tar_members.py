"""TAR: read once from its beginning to its end, plain or out of a packed file; each member is kept only while it is being read."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from typing import IO, cast

from pipeline.collect.archives.allowance import Allowance
from pipeline.collect.archives.damage import UNPACKING_ERRORS, unpacking_error
from pipeline.collect.archives.names import Paths, decoded, is_litter, refuse_unsafe
from pipeline.collect.archives.scratch import Scratch
from pipeline.collect.rejection import Reason, Rejected
from pipeline.collect.source import Blob
from pipeline.schema import RecordError

_BLOCK = 512
_DAMAGED = "the archive is damaged or its end is missing; copy or download it again"


def recognise(start: bytes) -> bool:
    """Tell a TAR archive by the checksum of its first header, the only mark that all its forms share."""
    try:
        tarfile.TarInfo.frombuf(start[:_BLOCK], "utf-8", "surrogateescape")
    except tarfile.TarError:
        return False
    return True


def members(blob: Blob, allowance: Allowance) -> Iterator[Blob | Rejected]:
    """Yield the members in the archive's order; each lasts until the next is asked for."""
    paths, empty = Paths(blob.path), True
    with blob.open() as packed, Scratch(allowance.limits) as scratch:
        ending = _Ending(packed)
        with tarfile.open(fileobj=cast("IO[bytes]", ending), mode="r|", encoding="utf-8", errors="surrogateescape") as archive:
            while (info := archive.next()) is not None:
                archive.members = []  # type: ignore[attr-defined]  # else it keeps the headers of all members
                name = _printed_name(info.name)
                if not info.isdir() and not is_litter(name):
                    empty = False
                    yield _member(archive, info, paths.of(name), allowance, scratch)
        if not ending.seen:
            raise RecordError(Reason.TRUNCATED, _DAMAGED)
    if empty:
        raise RecordError(Reason.EMPTY, "the archive holds no file; pack it again")


def _member(archive: tarfile.TarFile, info: tarfile.TarInfo, path: str, allowance: Allowance, scratch: Scratch) -> Blob | Rejected:
    scratch.clear()
    try:
        _refuse(info)
        allowance.spend(info.size)
        stream = archive.extractfile(info)
        if stream is not None:
            scratch.copy(stream)
    except RecordError as error:
        return Rejected.because(path, "", error)
    except UNPACKING_ERRORS as error:
        return Rejected.because(path, "", unpacking_error(error))
    return Blob(path, scratch.size, lambda: scratch.window(0, scratch.size))


def _refuse(info: tarfile.TarInfo) -> None:
    refuse_unsafe(info.name)
    if info.issym() or info.islnk():
        raise RecordError(Reason.UNSAFE_PATH, "the archive member is a link; pack the file that it points to")
    if not info.isreg():
        raise RecordError(Reason.UNSAFE_PATH, "the archive member is a device or a pipe; leave it out")
    if info.issparse():
        raise RecordError(Reason.UNREADABLE, "the archive member is stored with holes (sparse); pack it again without them")


def _printed_name(name: str) -> str:
    return decoded(name.encode("utf-8", "surrogateescape")) or name


class _Ending(io.RawIOBase):
    """Passes an archive on, and sees whether the empty blocks come by that end it: an archive may be cut off between two members."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._last = b""
        self.seen = False

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        data = self._stream.read(size)
        self.seen = bytes(_BLOCK) in self._last[-_BLOCK:] + data
        self._last = data or self._last
        return data
