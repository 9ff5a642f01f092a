"""Archives inside archives: what a file holds, down to a fixed depth and within one allowance for all of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from pipeline.collect.archives import browser_log, compressed, seven_zip, tar_members, zip_members
from pipeline.collect.archives.allowance import Allowance
from pipeline.collect.archives.damage import unpacking_error
from pipeline.collect.limits import Limits
from pipeline.collect.rejection import Reason, Rejected
from pipeline.collect.source import Blob
from pipeline.schema import RecordError

_START = 1 << 12  # bytes that tell an archive


class Unpacker(Protocol):
    """A form of archive. `members` yields what is inside, or the blob itself when it is one document after all."""

    def recognise(self, start: bytes) -> bool: ...  # noqa: D102

    def members(self, blob: Blob, allowance: Allowance) -> Iterator[Blob | Rejected]: ...  # noqa: D102


_UNPACKERS: tuple[Unpacker, ...] = (zip_members, seven_zip, compressed, browser_log, tar_members)


def unpack(blob: Blob, limits: Limits) -> Iterator[Blob | Rejected]:
    """Yield the blob, or everything inside when it is an archive. A member lasts until the next one is asked for."""
    yield from _enter(blob, Allowance.of(limits), 0)


def _enter(blob: Blob, allowance: Allowance, depth: int) -> Iterator[Blob | Rejected]:
    try:
        start = blob.start(_START)
        unpacker = next((unpacker for unpacker in _UNPACKERS if unpacker.recognise(start)), None)
        if unpacker is None:
            yield blob
        elif depth >= allowance.limits.depth:
            raise RecordError(Reason.TOO_LARGE, f"more than {allowance.limits.depth} archives inside one another; unpack it first")
        else:
            yield from _inside(unpacker, blob, allowance, depth)
    except RecordError as error:
        yield Rejected.because(blob.path, "", error)
    except Exception as error:  # zipfile and tarfile raise more than they say on archives that were made to break them
        yield Rejected.because(blob.path, "", unpacking_error(error))


def _inside(unpacker: Unpacker, blob: Blob, allowance: Allowance, depth: int) -> Iterator[Blob | Rejected]:
    for member in unpacker.members(blob, allowance):
        if member is blob or isinstance(member, Rejected):
            yield member
        else:
            yield from _enter(member, allowance, depth + 1)
