"""ZIP: members in the order of their names, each read in place; Office documents, which are ZIP archives too, stay whole."""

from __future__ import annotations

import bz2
import io
import stat
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from typing import IO, cast

from pipeline.collect.archives.allowance import Allowance, Meter, unpacked
from pipeline.collect.archives.names import Paths, decoded, is_litter, refuse_unsafe
from pipeline.collect.archives.scratch import Scratch, window
from pipeline.collect.limits import MEBI, Limits
from pipeline.collect.rejection import Reason, Rejected
from pipeline.collect.source import Blob
from pipeline.schema import RecordError

_SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_SPLIT_SIGNATURE = b"PK\x07\x08"
_WORD = "word/"
_OFFICE = "[Content_Types].xml"
_OPEN_DOCUMENT = {"mimetype", "content.xml"}
_ENCRYPTED_FLAG = 0x1
_UTF8_NAME_FLAG = 0x800
_AES = 99
_SMALL = 4096  # bytes
_LOCAL_HEADER = 30
_END = struct.Struct("<4s4H2LH")
_END_SIGNATURE = b"PK\x05\x06"
_END_SEARCHED = _END.size + (1 << 16)
_DISK_IN_ZIP64, _LENGTH_IN_ZIP64 = 0xFFFF, 0xFFFFFFFF  # the real figures stand in the ZIP64 record
_LOCATOR = struct.Struct("<4sLQL")
_END_ZIP64 = struct.Struct("<4sQ2H2L4Q")


def recognise(start: bytes) -> bool:
    """Tell a ZIP archive by its first four bytes."""
    return start.startswith(_SIGNATURES)


def members(blob: Blob, allowance: Allowance) -> Iterator[Blob | Rejected]:
    """Yield the members; the blob itself when it is a Word document. Raises RecordError for an archive that cannot be opened."""
    with Scratch(allowance.limits) as scratch, _seekable(blob, allowance, scratch) as stream:
        _refuse_directory(stream, blob, allowance.limits.directory)
        with zipfile.ZipFile(stream) as archive:
            infos = sorted((info for info in archive.infolist() if not info.is_dir()), key=lambda info: info.filename)
            if _is_document({info.filename for info in infos}):
                yield blob
                return
            if not infos:
                raise RecordError(Reason.EMPTY, "the archive holds no file; pack it again")
            overlapping, paths = _overlapping(infos), Paths(blob.path)
            for info in infos:
                if not is_litter(info.filename):
                    yield _member(archive, stream, info, paths, allowance, info.header_offset in overlapping)


def _is_document(names: set[str]) -> bool:
    """Tell a Word document. Raises RecordError (binary) for other Office files."""
    if names >= _OPEN_DOCUMENT:
        raise RecordError(Reason.BINARY, "this is an OpenDocument file (.odt, .ods); save it as .docx, text or HTML")
    if _OFFICE not in names:
        return False
    if not any(name.startswith(_WORD) for name in names):
        raise RecordError(Reason.BINARY, "this is an Excel or PowerPoint file (.xlsx, .pptx); save it as CSV or text")
    return True


def _member(
    archive: zipfile.ZipFile, stream: IO[bytes], info: zipfile.ZipInfo, paths: Paths, allowance: Allowance, overlaps: bool
) -> Blob | Rejected:
    name = _printed_name(info)
    path = paths.of(name)
    try:
        refuse_unsafe(name if "\x00" not in info.orig_filename else info.orig_filename)
        _refuse_kind(info)
        if overlaps:
            raise RecordError(Reason.TOO_LARGE, "archive members lie over one another, as in an archive bomb; pack it again")
        allowance.take(info.file_size, info.compress_size)
    except RecordError as error:
        return Rejected.because(path, "", error)
    return Blob(path, info.file_size, lambda: _opened(archive, stream, info, allowance.limits))


def _opened(archive: zipfile.ZipFile, stream: IO[bytes], info: zipfile.ZipInfo, limits: Limits) -> IO[bytes]:
    """Open a member so that no read of it takes much memory, as zipfile's do where the method is bzip2 or LZMA."""
    if info.compress_type != zipfile.ZIP_BZIP2:
        return unpacked(archive.open(info), piece=_SMALL if info.compress_type == zipfile.ZIP_LZMA else MEBI)
    stream.seek(info.header_offset)
    name, extra = struct.unpack("<2H", stream.read(_LOCAL_HEADER)[-4:])
    packed = window(stream, info.header_offset + _LOCAL_HEADER + name + extra, info.compress_size)
    allowance = Allowance.of(replace(limits, unpacked=info.file_size))
    return unpacked(cast("IO[bytes]", bz2.BZ2File(packed)), Meter(allowance, info.compress_size))


def _refuse_kind(info: zipfile.ZipInfo) -> None:
    if stat.S_ISLNK(info.external_attr >> 16):
        raise RecordError(Reason.UNSAFE_PATH, "the archive member is a symbolic link; pack the file that it points to")
    if info.flag_bits & _ENCRYPTED_FLAG or info.compress_type == _AES:
        raise RecordError(Reason.ENCRYPTED, "the archive member is encrypted; unpack it with its password first")


def _overlapping(infos: list[zipfile.ZipInfo]) -> set[int]:
    """Return where members begin that lie over the one before them."""
    found, end = set(), 0
    for info in sorted(infos, key=lambda info: info.header_offset):
        if info.header_offset < end:
            found.add(info.header_offset)
        end = max(end, info.header_offset + _LOCAL_HEADER + len(info.orig_filename) + info.compress_size)
    return found


def _seekable(blob: Blob, allowance: Allowance, scratch: Scratch) -> IO[bytes]:
    """Open an archive; one that lies in another archive is unpacked to the scratch."""
    stream = blob.open()
    if stream.seekable():
        return stream
    with stream:
        if blob.size > allowance.limits.nested_archive:
            limit = allowance.limits.nested_archive
            raise RecordError(Reason.TOO_LARGE, f"an archive of over {limit} bytes inside another; unpack the outer one first")
        scratch.copy(stream)
    return scratch.window(0, scratch.size)


def _refuse_directory(stream: IO[bytes], blob: Blob, limit: int) -> None:
    """Raise RecordError for parts of a split archive (truncated) and for a list of members too long for memory (too_large)."""
    start, size = stream.read(len(_SPLIT_SIGNATURE)), stream.seek(0, io.SEEK_END)
    stream.seek(max(0, size - _END_SEARCHED))
    tail = stream.read(_END_SEARCHED)
    begin = tail.rfind(_END_SIGNATURE)
    if begin < 0 or len(tail) - begin < _END.size:
        if start == _SPLIT_SIGNATURE or blob.name.lower().endswith((".z01", ".001")):
            raise RecordError(Reason.TRUNCATED, "this is one part of a split archive; join the parts and pack them as one archive")
        return  # zipfile says that the end is missing
    _, disk, _, _, _, length, _, _ = _END.unpack_from(tail, begin)
    if disk not in (0, _DISK_IN_ZIP64):
        raise RecordError(Reason.TRUNCATED, "this is the last part of a split archive; join the parts and pack them as one archive")
    if (_length_in_zip64(stream, tail[:begin]) if length == _LENGTH_IN_ZIP64 else length) > limit:
        raise RecordError(Reason.TOO_LARGE, f"the archive's list of members has over {limit} bytes; split or unpack it first")


def _length_in_zip64(stream: IO[bytes], before_end: bytes) -> int:
    """Return the length of the list of members that a large archive states in a record of its own; 0 when that is damaged."""
    locator = before_end[-_LOCATOR.size :]
    if len(locator) < _LOCATOR.size or not locator.startswith(b"PK\x06\x07"):
        return 0
    stream.seek(_LOCATOR.unpack(locator)[2])
    record = stream.read(_END_ZIP64.size)
    return int(_END_ZIP64.unpack(record)[8]) if len(record) == _END_ZIP64.size else 0


def _printed_name(info: zipfile.ZipInfo) -> str:
    """Return a member's name. Archives made by Chinese Windows hold names in GB18030 and say nothing about it."""
    if info.flag_bits & _UTF8_NAME_FLAG:
        return info.filename
    return decoded(info.filename.encode("cp437", "replace")) or info.filename
