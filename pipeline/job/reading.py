"""Reading for an import: in this process, or small files and archive members in others, always in the order in which they lie."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from pipeline import engine
from pipeline.collect import LIMITS, Blob, Reason, Rejected, read_file, walk
from pipeline.schema import Judgment, RecordError

SMALL = 1 << 18  # bytes of a file that another process is given to read: saved pages, not dumps


class Level(Enum):
    """What begins: a file or folder of the disk, or a file, perhaps inside an archive, of which the next judgments are."""

    INPUT = "input"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Begun:
    """A place in the stream of what is read: here begins `path`."""

    level: Level
    path: str


Item = Begun | Judgment | Rejected


@dataclass(frozen=True, slots=True)
class _Piece:
    """What was met one after the other, and the small file (path, name, bytes) still to be read behind it."""

    items: tuple[Item, ...]
    file: tuple[str, str, bytes] | None = None


def read_items(paths: Iterable[Path], jobs: int = 1) -> Iterator[Item]:
    """Yield what begins, and every judgment or rejection, in the order of `pipeline.collect.read`, whatever the number of processes."""
    for batch in engine.run(_read, _pieces(paths, SMALL if jobs > 1 else 0), jobs, stays=_is_read):
        for piece, items in batch:
            yield from _failed(piece, items) if isinstance(items, RecordError) else items


def _pieces(paths: Iterable[Path], small: int) -> Iterator[_Piece]:
    """Yield the inputs as pieces: small files with their bytes, of the others each judgment as it is read."""
    begun: list[Item] = []
    for entry in walk(paths, LIMITS, lambda path: begun.append(Begun(Level.INPUT, path))):
        if isinstance(entry, Rejected):
            yield _Piece((*begun, entry))
        else:
            begun.append(Begun(Level.FILE, entry.path))
            data = _bytes(entry, small)
            yield _Piece(tuple(begun), None if data is None else (entry.path, entry.name, data))
            if data is None:
                yield from (_Piece((item,)) for item in read_file(entry, LIMITS))
        begun.clear()
    yield _Piece(tuple(begun))


def _bytes(blob: Blob, small: int) -> bytes | None:
    """The bytes of a small file; None for one that is larger, is growing, or cannot be read (which its reader will tell)."""
    if blob.size > small or not small:
        return None
    try:
        data = blob.start(small + 1)
    except Exception:
        return None
    return data if len(data) <= small and blob.settled() else None


def _is_read(piece: _Piece) -> bool:
    return piece.file is None


def _read(piece: _Piece) -> list[Item]:
    """Read the file of a piece, in whichever process."""
    if piece.file is None:
        return list(piece.items)
    path, name, data = piece.file
    return [*piece.items, *read_file(Blob(path, len(data), lambda: io.BytesIO(data), name), LIMITS)]


def _failed(piece: _Piece, error: RecordError) -> list[Item]:
    path = piece.file[0] if piece.file else ""
    return [*piece.items, Rejected(path, "", Reason.READER_FAILED, error.detail)]
