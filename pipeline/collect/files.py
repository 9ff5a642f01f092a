"""From paths to files: folders in sorted order, archives opened, and what must not be opened refused."""

from __future__ import annotations

import io
import os
import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from pipeline.collect.limits import Limits
from pipeline.collect.rejection import Reason, Rejected
from pipeline.collect.source import Blob
from pipeline.schema import RecordError

# What unpacking can raise on damaged or foreign archives.
UNPACKING_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError)
_ZIP_SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_OFFICE_MEMBER = "[Content_Types].xml"
_WORD_FOLDER = "word/"
_LITTER = {"__MACOSX", "Thumbs.db", "desktop.ini"}  # written by desktops beside the user's files
_ENCRYPTED_FLAG = 0x1
_UTF8_NAME_FLAG = 0x800


@dataclass(slots=True)
class _Budget:
    """Bytes that may still be unpacked from one archive and everything inside it."""

    left: int


def walk(paths: Iterable[Path | str], limits: Limits) -> Iterator[Blob | Rejected]:
    """Yield every file under the paths, members of zip archives included, in sorted order. Nothing is written to disk."""
    for path in paths:
        yield from _walk_path(Path(path), limits)


def unpacking_error(error: Exception) -> RecordError:
    """Say what an exception met while reading bytes means for the user."""
    if isinstance(error, zipfile.BadZipFile | zlib.error | EOFError):
        return RecordError(Reason.TRUNCATED, "the archive is damaged or its end is missing; copy or download it again")
    if isinstance(error, NotImplementedError):
        return RecordError(Reason.UNREADABLE, "the archive is packed by a method that cannot be read here; unpack it first")
    if isinstance(error, RuntimeError):
        return RecordError(Reason.ENCRYPTED, "the archive member is encrypted; unpack it with its password first")
    text = error.strerror or str(error) if isinstance(error, OSError) else str(error)
    return RecordError(Reason.UNREADABLE, f"the file cannot be read ({text}); check its name and permissions")


def _walk_path(path: Path, limits: Limits) -> Iterator[Blob | Rejected]:
    try:
        if path.is_dir():
            yield from _walk_folder(path, limits)
        else:
            yield from _enter(_file(path), limits, 0, _Budget(limits.unpacked))
    except OSError as error:
        yield Rejected.because(_shown(path), "", unpacking_error(error))


def _walk_folder(folder: Path, limits: Limits) -> Iterator[Blob | Rejected]:
    for entry in sorted(folder.iterdir()):
        if entry.name.startswith(".") or entry.name in _LITTER:
            continue
        if entry.is_symlink():
            error = RecordError(Reason.UNSAFE_PATH, "a symbolic link inside a folder is not followed; name its target as an input")
            yield Rejected.because(_shown(entry), "", error)
        else:
            yield from _walk_path(entry, limits)


def _file(path: Path) -> Blob:
    """Return a file of the disk. Raises OSError when it is missing or no regular file (a pipe would wait for ever)."""
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise OSError("not a regular file")
    return Blob(_shown(path), status.st_size, lambda: path.open("rb"))


def _shown(path: Path) -> str:
    """Return a path that can be printed and stored, whatever bytes its name has."""
    return os.fsencode(path).decode("utf-8", "replace")


def _enter(blob: Blob, limits: Limits, depth: int, budget: _Budget) -> Iterator[Blob | Rejected]:
    """Yield the blob, or what is inside when it is a zip archive."""
    try:
        if blob.start(4) not in _ZIP_SIGNATURES:
            yield blob
        elif depth >= limits.depth:
            raise RecordError(Reason.TOO_LARGE, f"more than {limits.depth} archives inside one another; unpack it first")
        else:
            yield from _members(blob, limits, depth, budget)
    except RecordError as error:
        yield Rejected.because(blob.path, "", error)
    except UNPACKING_ERRORS as error:
        yield Rejected.because(blob.path, "", unpacking_error(error))


def _members(blob: Blob, limits: Limits, depth: int, budget: _Budget) -> Iterator[Blob | Rejected]:
    with _seekable(blob, limits, depth) as stream, zipfile.ZipFile(stream) as archive:
        infos = sorted((i for i in archive.infolist() if not i.is_dir()), key=lambda i: i.filename)
        if any(info.filename == _OFFICE_MEMBER for info in infos):
            yield _office(blob, infos)
            return
        if not infos:
            raise RecordError(Reason.EMPTY, "the archive holds no file; pack it again")
        for info in infos:
            if not _is_litter(info.filename):
                yield from _member(archive, info, blob, limits, depth, budget)


def _office(blob: Blob, infos: Iterable[zipfile.ZipInfo]) -> Blob:
    """Return a Word document as it stands, for its reader to open. Raises RecordError: binary."""
    if any(info.filename.startswith(_WORD_FOLDER) for info in infos):
        return blob
    raise RecordError(Reason.BINARY, "this is an Excel or PowerPoint file (.xlsx, .pptx); save it as CSV or text")


def _member(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, outer: Blob, limits: Limits, depth: int, budget: _Budget
) -> Iterator[Blob | Rejected]:
    name = _printed_name(info)
    path = f"{outer.path}!{name}"
    try:
        _refuse_unsafe(info, name, limits, budget)
    except RecordError as error:
        yield Rejected.because(path, "", error)
        return
    budget.left -= info.file_size
    yield from _enter(Blob(path, info.file_size, lambda: archive.open(info)), limits, depth + 1, budget)


def _seekable(blob: Blob, limits: Limits, depth: int) -> IO[bytes]:
    """Open an archive; one that lies in another archive is held in memory."""
    if depth == 0:
        return blob.open()
    if blob.size > limits.nested_archive:
        raise RecordError(Reason.TOO_LARGE, f"an archive of over {limits.nested_archive} bytes inside another; unpack the outer one first")
    with blob.open() as stream:
        return io.BytesIO(stream.read(limits.nested_archive))


def _refuse_unsafe(info: zipfile.ZipInfo, name: str, limits: Limits, budget: _Budget) -> None:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    if os.path.isabs(name) or name.startswith(("/", "\\")) or ".." in parts or (parts and parts[0].endswith(":")):
        raise RecordError(Reason.UNSAFE_PATH, "the archive member's name points outside the archive; pack it again with plain names")
    if stat.S_ISLNK(info.external_attr >> 16):
        raise RecordError(Reason.UNSAFE_PATH, "the archive member is a symbolic link; pack the file that it points to")
    if info.flag_bits & _ENCRYPTED_FLAG:
        raise RecordError(Reason.ENCRYPTED, "the archive member is encrypted; unpack it with its password first")
    if info.file_size > limits.ratio_floor and info.file_size > limits.ratio * max(info.compress_size, 1):
        raise RecordError(
            Reason.TOO_LARGE, f"unpacks to over {limits.ratio} times its size, as text never does; unpack it first if it is yours"
        )
    if info.file_size > budget.left:
        raise RecordError(Reason.TOO_LARGE, f"the archive unpacks to over {limits.unpacked} bytes; split or unpack it first")


def _printed_name(info: zipfile.ZipInfo) -> str:
    """Return a member's name. Archives made by Chinese Windows hold names in GB18030 and say nothing about it."""
    if info.flag_bits & _UTF8_NAME_FLAG:
        return info.filename
    raw = info.filename.encode("cp437", "replace")
    for codec in ("utf-8", "gb18030"):
        try:
            return raw.decode(codec)
        except UnicodeDecodeError:
            continue
    return info.filename


def _is_litter(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return any(part in _LITTER or (part.startswith(".") and part.strip(".")) for part in parts)
