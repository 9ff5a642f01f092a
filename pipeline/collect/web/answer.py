"""An answer of a source: its status, a few of its headers, and its body, in memory when small and else in a nameless file."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from typing import IO, cast

import httpx

from pipeline.collect.source import Blob

_IN_MEMORY = 8 << 20  # bytes
_REDIRECT = {301, 302, 303, 307, 308}


class Answer:
    """What a source has answered. The file behind a large body has no name: nothing is left of it, whatever happens to us."""

    def __init__(self, response: httpx.Response, url: str, folder: Path) -> None:
        self.url = url
        self.status = response.status_code
        self.content_type = response.headers.get("content-type", "").lower()
        # Servers send names in UTF-8 here, which HTTP takes for Latin-1.
        self.file_name = next((v.decode("utf-8", "replace") for k, v in response.headers.raw if k.lower() == b"content-disposition"), "")
        self.location = response.headers.get("location", "") if self.status in _REDIRECT else ""
        self.measured = "content-length" in response.headers or "transfer-encoding" in response.headers  # its end cannot be missed
        self.size = 0
        self._codec = response.charset_encoding or "utf-8"
        self._body = tempfile.SpooledTemporaryFile(_IN_MEMORY, dir=str(folder))  # noqa: SIM115 (closed with the answer)

    def __repr__(self) -> str:
        return f"<Answer {self.status}, {self.size} bytes>"

    def add(self, chunk: bytes) -> None:
        """Append to the body."""
        self._body.write(chunk)
        self.size += len(chunk)

    def text(self, length: int = _IN_MEMORY) -> str:
        """Return the first `length` bytes of the body as text; what is no character becomes U+FFFD."""
        self._body.seek(0)
        data = self._body.read(length)
        try:
            return data.decode(self._codec, "replace")
        except LookupError:
            return data.decode("utf-8", "replace")

    def ends_line(self) -> bool:
        """Tell whether the body ends with a line feed."""
        self._body.seek(max(0, self.size - 1))
        return self._body.read(1) == b"\n"

    def blob(self, path: str) -> Blob:
        """Return the body as a file that the readers can take, under a name for people."""
        return Blob(path, self.size, lambda: cast(IO[bytes], io.BufferedReader(_View(self._body))))

    def close(self) -> None:
        """Forget the body."""
        self._body.close()


class _View(io.RawIOBase):
    """A place of its own in a file that others read too; closing it leaves the file open."""

    def __init__(self, file: tempfile.SpooledTemporaryFile[bytes]) -> None:
        super().__init__()
        self._file = file
        self._place = 0

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Read on from this view's own place."""
        self._file.seek(self._place)
        data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        self._place += len(data)
        return len(data)
