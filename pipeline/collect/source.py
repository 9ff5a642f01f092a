"""A file to be read, whether it lies in a folder or in an archive, as bytes and as lines of text."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO

from pipeline.collect.encoding import SAMPLE, detect, undecodable
from pipeline.collect.limits import Limits
from pipeline.collect.rejection import Reason
from pipeline.schema import RecordError

_CHUNK = 1 << 20
_HEAD = 1 << 16
# What a file that is no text begins with, and what its owner can do.
_SIGNATURES = (
    (b"Rar!", "a RAR archive, which only its own program can open; unpack it, or pack it again as zip or 7z"),
    (b"SQLite format 3", "a database; export its table as JSON lines or CSV"),
)


@dataclass(frozen=True, slots=True)
class Blob:
    """A named run of bytes. `path` names it for people (`a.zip!inner/b.html`); `open` starts it from its beginning.

    `size` is 0 where it shows only at the end. `settled` tells whether the file on the disk is still as it was when it was found.
    """

    path: str
    size: int
    open: Callable[[], IO[bytes]]
    file_name: str = ""
    settled: Callable[[], bool] = lambda: True

    @property
    def name(self) -> str:
        """The file's own name, without folders and archives."""
        return self.file_name or PurePosixPath(self.path.replace("\\", "/").rpartition("!")[2] or self.path).name

    def start(self, length: int) -> bytes:
        """Return the first bytes."""
        with self.open() as stream:
            return stream.read(length)


@dataclass(frozen=True, slots=True)
class Source:
    """A text file: its first characters, its lines, or the whole of it. Bytes that are no characters become lone surrogates."""

    blob: Blob
    codec: str
    head: str
    limits: Limits

    @classmethod
    def of(cls, blob: Blob, limits: Limits) -> Source:
        """Look at the first bytes of a blob. Raises RecordError: empty, binary, not_utf8."""
        sample = blob.start(SAMPLE)
        _refuse_binary(sample)
        telling = _telling_sample(blob, sample, limits.ascii_scan)
        codec = detect(telling, complete=len(telling) < SAMPLE)
        if codec is None:
            raise RecordError(Reason.NOT_UTF8, "the text is neither UTF-8 nor GB18030 nor Big5; save it as UTF-8")
        head = _decoder(codec).decode(sample, len(sample) < SAMPLE)
        if not head.replace("\ufeff", "").strip():
            raise RecordError(Reason.EMPTY, "the file holds no text; save it again from its source")
        return cls(blob, codec, head[:_HEAD], limits)

    def chunks(self) -> Iterator[str]:
        """Yield the text in pieces of about a million characters."""
        decoder = _decoder(self.codec)
        with self.blob.open() as stream:
            while data := stream.read(_CHUNK):
                yield decoder.decode(data)
        yield decoder.decode(b"", True)

    def lines(self) -> Iterator[tuple[int, str | RecordError]]:
        """Yield line number and line, without its end; in place of a line that is too long or undecodable, the error."""
        number, pieces, length = 1, [""], 0
        for chunk in self.chunks():
            first, *rest = chunk.split("\n")
            pieces, length = _append(pieces, length, first, self.limits.line)
            for line in rest:
                yield number, _line(pieces, length, self.limits.line)
                number, pieces, length = number + 1, [line], len(line)
        if length:
            yield number, _line(pieces, length, self.limits.line)

    def whole(self) -> str:
        """Return the whole text. Raises RecordError: too_large, not_utf8, binary."""
        pieces: list[str] = []
        length = 0
        for chunk in self.chunks():
            length += len(chunk)
            if length > self.limits.document:
                raise RecordError(
                    Reason.TOO_LARGE, f"one document of over {self.limits.document} characters; split it into single judgments"
                )
            pieces.append(chunk)
        text = "".join(pieces)
        _refuse_damage(text)
        return text


def _decoder(codec: str) -> codecs.IncrementalDecoder:
    """Return a decoder that never raises: bytes that are no characters become lone surrogates (in UTF-16, U+FFFD)."""
    return codecs.getincrementaldecoder(codec)("replace" if codec == "utf-16" else "surrogateescape")


def _append(pieces: list[str], length: int, piece: str, limit: int) -> tuple[list[str], int]:
    """Add to a line; one that is over the limit is counted and no longer kept."""
    length += len(piece)
    return ([] if length > limit else [*pieces, piece]), length


def _line(pieces: list[str], length: int, limit: int) -> str | RecordError:
    if length > limit:
        return RecordError(Reason.TOO_LARGE, f"one line of {length} characters; put one record on each line")
    line = "".join(pieces).removesuffix("\r")
    try:
        _refuse_damage(line)
    except RecordError as error:
        return error
    return line


def _refuse_damage(text: str) -> None:
    if undecodable(text):
        raise RecordError(Reason.NOT_UTF8, "some bytes are no characters of the file's encoding; save it again as UTF-8")
    if "\x00" in text:
        raise RecordError(Reason.BINARY, "NUL bytes stand in the text: the file is damaged or binary; save it again as text")


def _refuse_binary(sample: bytes) -> None:
    if not sample:
        raise RecordError(Reason.EMPTY, "the file has no bytes; save it again from its source")
    for signature, what in _SIGNATURES:
        if sample.startswith(signature):
            raise RecordError(Reason.BINARY, f"this is {what}" if what[:2] in {"a ", "an"} else f"the file is {what}")
    if b"\x00" in sample and not sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise RecordError(Reason.BINARY, "the file is binary, not text; save the judgment as text, HTML or JSON")


def _telling_sample(blob: Blob, sample: bytes, scan: int) -> bytes:
    """Return the first sample, or the first later one that holds a byte beyond ASCII (a dump may begin with much ASCII)."""
    if not sample.isascii() or len(sample) < SAMPLE:
        return sample
    with blob.open() as stream:
        for _ in range(scan // SAMPLE):
            piece = stream.read(SAMPLE)
            if not piece.isascii():
                return piece + stream.read(SAMPLE)
            if len(piece) < SAMPLE:
                break
    return sample
