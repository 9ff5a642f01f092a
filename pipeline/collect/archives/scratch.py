"""A place for members that come only once, in order: in memory, or, when large, in a temporary file without a name."""

from __future__ import annotations

import io
import tempfile
from types import TracebackType
from typing import IO, Self, cast

from pipeline.collect.limits import MEBI, Limits
from pipeline.collect.rejection import Reason
from pipeline.schema import RecordError


class Scratch:
    """Bytes kept while an archive is open. The file has no name where the system allows it: it goes even when the program is killed."""

    def __init__(self, limits: Limits) -> None:
        self._limit = limits.scratch
        self._file = tempfile.SpooledTemporaryFile(max_size=limits.in_memory)  # noqa: SIM115 (closed by __exit__)
        self.size = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._file.close()

    def append(self, data: bytes) -> None:
        """Add bytes at the end. Raises RecordError: too_large."""
        self.size += len(data)
        if self.size > self._limit:
            raise RecordError(Reason.TOO_LARGE, f"over {self._limit} bytes would have to be unpacked to the disk; unpack the archive first")
        self._file.seek(0, io.SEEK_END)
        self._file.write(data)

    def copy(self, stream: IO[bytes]) -> None:
        """Add all that a stream gives. Raises RecordError: too_large."""
        while data := stream.read(MEBI):
            self.append(data)

    def clear(self) -> None:
        """Forget everything."""
        self._file.seek(0)
        self._file.truncate()
        self.size = 0

    def window(self, start: int, length: int) -> IO[bytes]:
        """Return a stream over some of the bytes, with a place of its own."""
        return window(self._file, start, length)


def window(file: IO[bytes], start: int, length: int) -> IO[bytes]:
    """Return a stream over part of a file that others read too."""
    return cast("IO[bytes]", _Window(file, start, length))


class _Window(io.RawIOBase):
    def __init__(self, file: IO[bytes], start: int, length: int) -> None:
        self._file = file
        self._start = start
        self._length = length
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._length}[whence]
        if base + offset < 0:
            raise OSError("a place before the beginning of the file")
        self._position = base + offset
        return self._position

    def readinto(self, buffer: bytearray, /) -> int:  # type: ignore[override]
        self._file.seek(self._start + self._position)
        data = self._file.read(max(0, min(len(buffer), self._length - self._position)))
        buffer[: len(data)] = data
        self._position += len(data)
        return len(data)
