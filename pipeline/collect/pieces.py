"""Files and archive members as pieces of work, in the order in which they lie: a small one can be read by another process."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from pipeline.collect import LIMITS, Blob, Rejected, read_file
from pipeline.collect.files import enter, leaves
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
    """What was met one after the other, and what is still to be read behind it: a small file of the disk, or a member's path, name, bytes."""

    items: tuple[Item, ...]
    source: Path | tuple[str, str, bytes] | None = None


def pieces(paths: Iterable[Path], *, ahead: bool) -> Iterator[Piece]:
    """Yield the inputs as pieces: with `ahead` small files still to be read, of all others each judgment as it is read."""
    begun: list[Item] = []
    for leaf in leaves(paths, lambda path: begun.append(Begun(Level.INPUT, path))):
        if isinstance(leaf, Rejected):
            yield Piece((*begun, leaf))
        elif ahead and _is_small(leaf):
            yield Piece(tuple(begun), leaf)
        else:
            yield Piece(tuple(begun))
            for entry in enter(leaf, LIMITS):
                yield from _member(entry, ahead)
        begun.clear()
    yield Piece(tuple(begun))


def is_read(piece: Piece) -> bool:
    """Tell whether nothing of the piece is still to be read."""
    return piece.source is None


def read_piece(piece: Piece) -> list[Item]:
    """Return what begins in a piece, and every judgment or rejection, as `pipeline.collect.read` gives them."""
    if piece.source is None:
        return list(piece.items)
    if isinstance(piece.source, Path):
        return [*piece.items, *(item for entry in enter(piece.source, LIMITS) for item in _read(entry))]
    path, name, data = piece.source
    return [*piece.items, *read_file(Blob(path, len(data), lambda: io.BytesIO(data), name), LIMITS)]


def _member(entry: Blob | Rejected, ahead: bool) -> Iterator[Piece]:
    """Yield the file as a piece with its bytes when it is small, else all that it holds."""
    data = _bytes(entry) if ahead and isinstance(entry, Blob) else None
    if data is not None and isinstance(entry, Blob):
        yield Piece((Begun(Level.FILE, entry.path),), (entry.path, entry.name, data))
    else:
        yield from (Piece((item,)) for item in _read(entry))


def _read(entry: Blob | Rejected) -> Iterator[Item]:
    if isinstance(entry, Rejected):
        yield entry
    else:
        yield Begun(Level.FILE, entry.path)
        yield from read_file(entry, LIMITS)


def _is_small(path: Path) -> bool:
    try:
        return path.stat().st_size <= LIMITS.small
    except OSError:
        return False


def _bytes(blob: Blob) -> bytes | None:
    """The bytes of a small file; None for one that is larger, is growing, or cannot be read (which its reader will tell)."""
    if blob.size > LIMITS.small:
        return None
    try:
        data = blob.start(LIMITS.small + 1)
    except Exception:
        return None
    return data if len(data) <= LIMITS.small and blob.settled() else None
