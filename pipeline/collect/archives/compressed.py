"""One file packed by gzip, bzip2, xz or Zstandard: it keeps its path, and what comes out is looked at again (a .tar.gz is a tar)."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zlib
from collections.abc import Iterator
from typing import IO, cast

from pipeline.collect.archives.allowance import Allowance, Meter, unpacked
from pipeline.collect.rejection import Reason, Rejected
from pipeline.collect.source import Blob
from pipeline.schema import RecordError

_GZIP = b"\x1f\x8b\x08"
_BZIP2 = b"BZh"
_BZIP2_BLOCKS = (b"1AY&SY", b"\x17rE8P\x90")  # a block, or the end of an empty file
_XZ = b"\xfd7zXZ\x00"
_ZSTANDARD = b"\x28\xb5\x2f\xfd"


def recognise(start: bytes) -> bool:
    """Tell a packed file by its first ten bytes."""
    return start.startswith((_GZIP, _XZ, _ZSTANDARD)) or (start.startswith(_BZIP2) and start[4:10] in _BZIP2_BLOCKS)


def members(blob: Blob, allowance: Allowance) -> Iterator[Blob | Rejected]:
    """Yield the one file inside. How long it is shows only at its end: its size is 0."""
    start, meter = blob.start(len(_XZ)), Meter(allowance, blob.size)
    yield Blob(blob.path, 0, lambda: _opened(blob, start, meter), blob.file_name)


def _opened(blob: Blob, start: bytes, meter: Meter) -> IO[bytes]:
    packed = blob.open()
    return unpacked(_unpacking(packed, start), meter, beneath=packed)


def _unpacking(packed: IO[bytes], start: bytes) -> IO[bytes]:
    stream: io.IOBase
    if start.startswith(_GZIP):
        stream = gzip.GzipFile(fileobj=packed)
    elif start.startswith(_BZIP2):
        stream = bz2.BZ2File(packed)
    elif start.startswith(_XZ):
        stream = lzma.LZMAFile(packed)  # noqa: SIM115 (closed by its reader)
    else:
        stream = _Zstandard(packed)
    return cast("IO[bytes]", stream)


class _Zstandard(io.RawIOBase):
    """Zstandard, whose errors are told as zlib's are."""

    def __init__(self, packed: IO[bytes]) -> None:
        try:
            from backports import zstd
        except ImportError:
            raise RecordError(Reason.UNREADABLE, "the file is packed by Zstandard; install backports.zstd, or unpack it first") from None
        self._file = zstd.ZstdFile(packed)
        self._error = zstd.ZstdError

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        try:
            return self._file.read(size)
        except self._error as error:
            raise zlib.error(str(error)) from error
