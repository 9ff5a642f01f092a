"""7z: unpacked once, in order, into the scratch, for its members are packed together; names that point outside never reach the library."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import IO, TYPE_CHECKING

from pipeline.collect.archives.allowance import Allowance
from pipeline.collect.archives.names import Paths, is_litter, refuse_unsafe
from pipeline.collect.archives.scratch import Scratch
from pipeline.collect.rejection import Reason, Rejected
from pipeline.collect.source import Blob
from pipeline.schema import RecordError

if TYPE_CHECKING:
    from py7zr import FileInfo, SevenZipFile

_SIGNATURE = b"7z\xbc\xaf\x27\x1c"


def recognise(start: bytes) -> bool:
    """Tell a 7z archive by its first six bytes."""
    return start.startswith(_SIGNATURE)


def members(blob: Blob, allowance: Allowance) -> Iterator[Blob | Rejected]:
    """Yield the members in the archive's order. Raises RecordError for an archive that cannot be opened or unpacked."""
    with Scratch(allowance.limits) as outer, Scratch(allowance.limits) as scratch:
        infos, refused, windows = _unpack(blob, allowance, outer, scratch)
        if not infos:
            raise RecordError(Reason.EMPTY, "the archive holds no file; pack it again")
        paths, unpacked = Paths(blob.path), iter(windows)
        for info in infos:
            path = paths.of(info.filename)
            start, size = next(unpacked) if _is_unpacked(info, refused) else (0, 0)
            if info.filename in refused:
                yield Rejected.because(path, "", refused[info.filename])
            elif info.is_symlink:
                yield Rejected(path, "", Reason.UNSAFE_PATH, "the archive member is a link; pack the file that it points to")
            else:
                yield Blob(path, size, partial(scratch.window, start, size))


_Unpacked = tuple[list["FileInfo"], dict[str, RecordError], list[tuple[int, int]]]


def _unpack(blob: Blob, allowance: Allowance, outer: Scratch, scratch: Scratch) -> _Unpacked:
    """Return the files of an archive, those of them that are refused by their names, and where the others lie in the scratch, in order."""
    import py7zr
    from py7zr.exceptions import PasswordRequired, UnsupportedCompressionMethodError

    try:
        with _seekable(blob, outer) as stream, py7zr.SevenZipFile(stream, "r") as archive:
            if archive.needs_password():
                raise PasswordRequired([], "")
            infos = [info for info in archive.list() if not info.is_directory and not is_litter(info.filename)]
            allowance.take(sum(info.uncompressed for info in infos), blob.size)
            refused = _refused(infos)
            return infos, refused, _extract(archive, {info.filename for info in infos if _is_unpacked(info, refused)}, scratch)
    except PasswordRequired:
        raise RecordError(Reason.ENCRYPTED, "the archive is encrypted; unpack it with its password first") from None
    except UnsupportedCompressionMethodError:
        raise RecordError(Reason.UNREADABLE, "the archive is packed by a method that cannot be read here; unpack it first") from None
    except RecordError:
        raise
    except Exception as error:  # what py7zr raises on damage is of many kinds: AttributeError, struct.error, LZMAError
        raise _damage(error) from error


def _damage(error: Exception) -> RecordError:
    if isinstance(error, OSError) and error.errno:
        return RecordError(Reason.UNREADABLE, f"the file cannot be read ({error.strerror}); check the disk")
    return RecordError(Reason.TRUNCATED, "the archive is damaged or its end is missing; copy or download it again")


def _refused(infos: list[FileInfo]) -> dict[str, RecordError]:
    found: dict[str, RecordError] = {}
    for info in infos:
        try:
            refuse_unsafe(info.filename)
        except RecordError as error:
            found[info.filename] = error
    return found


def _is_unpacked(info: FileInfo, refused: dict[str, RecordError]) -> bool:
    return info.filename not in refused and info.uncompressed > 0


def _extract(archive: SevenZipFile, names: set[str], scratch: Scratch) -> list[tuple[int, int]]:
    """Unpack the named members one after the other; return where each begins and how long it is."""
    from py7zr import Py7zIO, WriterFactory

    class Writer(Py7zIO):
        def write(self, s: bytes | bytearray) -> int:
            scratch.append(bytes(s))
            return len(s)

        def read(self, size: int | None = None) -> bytes:
            return b""

        def seek(self, offset: int, whence: int = 0) -> int:
            return offset

        def flush(self) -> None:
            return

        def size(self) -> int:
            return 0

    class InOrder(WriterFactory):
        def __init__(self) -> None:
            self.begins: list[int] = []

        def create(self, filename: str) -> Py7zIO:
            self.begins.append(scratch.size)
            return Writer()

    order = InOrder()
    if names:
        archive.extract(targets=names, factory=order)
    ends = [*order.begins[1:], scratch.size]
    return [(begin, end - begin) for begin, end in zip(order.begins, ends, strict=True) if end > begin]


def _seekable(blob: Blob, outer: Scratch) -> IO[bytes]:
    stream = blob.open()
    if stream.seekable():
        return stream
    with stream:
        outer.copy(stream)
    return outer.window(0, outer.size)
