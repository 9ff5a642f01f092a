"""Files and archive members as pieces of work, in the order in which they lie: a small one can be read by another process."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from pipeline.collect import LIMITS, Blob, Rejected, read_file, walk
from pipeline.schema import Judgment


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
class Piece:
    """What was met one after the other, and the small file (path, name, bytes) still to be read behind it."""

    items: tuple[Item, ...]
    file: tuple[str, str, bytes] | None = None


def pieces(paths: Iterable[Path], *, ahead: bool) -> Iterator[Piece]:
    """Yield the inputs as pieces: with `ahead` small files as their bytes, of all others each judgment as it is read."""
    begun: list[Item] = []
    for entry in walk(paths, LIMITS, lambda path: begun.append(Begun(Level.INPUT, path))):
        if isinstance(entry, Rejected):
            yield Piece((*begun, entry))
        else:
            begun.append(Begun(Level.FILE, entry.path))
            data = _bytes(entry, LIMITS.small) if ahead else None
            yield Piece(tuple(begun), None if data is None else (entry.path, entry.name, data))
            if data is None:
                yield from (Piece((item,)) for item in read_file(entry, LIMITS))
        begun.clear()
    yield Piece(tuple(begun))


def _bytes(blob: Blob, small: int) -> bytes | None:
    """The bytes of a small file; None for one that is larger, is growing, or cannot be read (which its reader will tell)."""
    if blob.size > small:
        return None
    try:
        data = blob.start(small + 1)
    except Exception:
        return None
    return data if len(data) <= small and blob.settled() else None


def is_read(piece: Piece) -> bool:
    """Tell whether nothing of the piece is still to be read."""
    return piece.file is None


def read_piece(piece: Piece) -> list[Item]:
    """Return what begins in a piece, and every judgment or rejection, as `pipeline.collect.read` gives them."""
    if piece.file is None:
        return list(piece.items)
    path, name, data = piece.file
    return [*piece.items, *read_file(Blob(path, len(data), lambda: io.BytesIO(data), name), LIMITS)]
