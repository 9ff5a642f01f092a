"""How much an archive, and everything inside it, may still unpack; and streams that keep to it."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import IO, cast

from pipeline.collect.archives.damage import UNPACKING_ERRORS, unpacking_error
from pipeline.collect.limits import MEBI, Limits
from pipeline.collect.rejection import Reason
from pipeline.schema import RecordError


@dataclass(slots=True)
class Allowance:
    """Bytes that may still be unpacked from one file of the disk, whatever is packed inside it."""

    limits: Limits
    left: int

    @classmethod
    def of(cls, limits: Limits) -> Allowance:
        """Return a full allowance."""
        return cls(limits, limits.unpacked)

    def take(self, size: int, packed: int) -> None:
        """Spend `size` bytes that unpack from `packed` bytes. Raises RecordError: too_large."""
        self.refuse_ratio(size, packed)
        self.spend(size)

    def refuse_ratio(self, size: int, packed: int) -> None:
        """Raise RecordError (too_large) when so much comes out of so little as text never does."""
        if size > self.limits.ratio_floor and size > self.limits.ratio * max(packed, 1):
            raise RecordError(
                Reason.TOO_LARGE, f"unpacks to over {self.limits.ratio} times its size, as text never does; unpack it first if it is yours"
            )

    def spend(self, size: int) -> None:
        """Spend `size` bytes. Raises RecordError: too_large."""
        if size > self.left:
            raise RecordError(Reason.TOO_LARGE, f"the archive unpacks to over {self.limits.unpacked} bytes; split or unpack it first")
        self.left -= size


@dataclass(slots=True)
class Meter:
    """Counts a stream whose length nobody has declared; what is read a second time is not counted again."""

    allowance: Allowance
    packed: int
    furthest: int = 0

    def reached(self, position: int) -> None:
        """Note how far a reader has come. Raises RecordError: too_large."""
        if position > self.furthest:
            self.allowance.refuse_ratio(position, self.packed)
            self.allowance.spend(position - self.furthest)
            self.furthest = position


def unpacked(stream: IO[bytes], meter: Meter | None = None, *, piece: int = MEBI, beneath: IO[bytes] | None = None) -> IO[bytes]:
    """Return a stream out of an archive: damage becomes a RecordError, a meter counts what is read, reads stay small.

    `piece` bounds one read: some decompressors make thousands of bytes out of each that they are given. `beneath` is closed with it.
    """
    return cast("IO[bytes]", _Unpacked(stream, meter, piece, beneath))


class _Unpacked(io.RawIOBase):
    def __init__(self, stream: IO[bytes], meter: Meter | None, piece: int, beneath: IO[bytes] | None) -> None:
        self._stream = stream
        self._beneath = beneath
        self._meter = meter
        self._piece = piece
        self._position = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        pieces: list[bytes] = []
        wanted = size
        while wanted and (data := self._some(self._piece if wanted < 0 else min(wanted, self._piece))):
            pieces.append(data)
            wanted -= len(data) if wanted > 0 else 0
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def _some(self, size: int) -> bytes:
        try:
            data = self._stream.read(size)
        except UNPACKING_ERRORS as error:
            raise unpacking_error(error) from error
        self._position += len(data)
        if self._meter is not None:
            self._meter.reached(self._position)
        return data

    def close(self) -> None:
        self._stream.close()
        if self._beneath is not None:
            self._beneath.close()
        super().close()
