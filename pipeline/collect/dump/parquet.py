"""Parquet: the text columns are searched as the bytes in which they lie in memory, batch by batch; only rows that may match are built."""

from __future__ import annotations

import zlib
from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.collect.dump.matching import Matcher
from pipeline.collect.dump.members import Member
from pipeline.collect.dump.portions import ChangedError, Place, Portion
from pipeline.collect.dump.search import Searcher
from pipeline.collect.rejection import Reason
from pipeline.schema import RecordError

if TYPE_CHECKING:
    from pyarrow import RecordBatch
    from pyarrow.parquet import ParquetFile

_MAGIC = b"PAR1"
_BATCH = 1_000  # rows
_READ = 1 << 20


def is_parquet(member: Member) -> bool:
    """Tell a Parquet file of the disk by its first bytes."""
    if member.file is None:
        return False
    with member.file.open("rb") as stream:
        return stream.read(len(_MAGIC)) == _MAGIC


def parquet_portions(member: Member, since: Place, search: Searcher, matcher: Matcher) -> Iterator[Portion]:
    """Yield what a Parquet file holds from row `since.row` on; positions count rows, the hash is that of the file.

    Raises RecordError (unreadable without the extra, truncated) and ChangedError.
    """
    path = member.file or Path(member.path)
    file, row, digest = _opened(path), 0, _hash(path)
    if since.position and since.hash != digest:
        raise ChangedError
    for batch in _batches(file):
        first, row = row, row + batch.num_rows
        if row > since.row:
            portion = Portion(Place(row, row, digest))
            _read(batch, first + 1, since.row, search, matcher, portion)
            yield portion


def _opened(path: Path) -> ParquetFile:
    try:
        from pyarrow import ArrowException
        from pyarrow.parquet import ParquetFile
    except ImportError:
        raise RecordError(Reason.UNREADABLE, "reading Parquet needs pyarrow: pip install 'anjuan[bulk]'") from None
    try:
        return ParquetFile(path, pre_buffer=False)
    except (ArrowException, OSError) as error:
        raise RecordError(Reason.TRUNCATED, "the Parquet file is damaged or its end is missing; copy or download it again") from error


def _batches(file: ParquetFile) -> Iterator[RecordBatch]:
    from pyarrow import ArrowException

    try:
        yield from file.iter_batches(_BATCH, use_threads=False)
    except (ArrowException, OSError) as error:
        raise zlib.error(str(error)) from error  # as any damage in the middle


def _read(batch: RecordBatch, first: int, since: int, search: Searcher, matcher: Matcher, into: Portion) -> None:
    """Read the rows of a batch that may match; `first` is the number of its first row, those up to `since` have been read."""
    for index, present in sorted(_present(batch, search).items()):
        if first + index > since and matcher.possible(present):
            (fields,) = batch.slice(index, 1).to_pylist()
            matcher.read({str(name): value for name, value in fields.items()}, first + index, broken=False, into=into)


def _present(batch: RecordBatch, search: Searcher) -> dict[int, set[int]]:
    """Return which words stand in which rows of a batch."""
    from pyarrow import types

    present: dict[int, set[int]] = {}
    for column in batch.columns:
        if types.is_dictionary(column.type):
            column = column.dictionary_decode()
        if types.is_string(column.type) or types.is_large_string(column.type):
            ends, data = _bytes(column, types.is_large_string(column.type))
            for number, end in search.find(data):
                present.setdefault(bisect_right(ends, ends[0] + end - 1) - 1, set()).add(number)
    return present


def _bytes(column: Any, large: bool) -> tuple[memoryview, memoryview]:
    """Return where each text begins and ends, and the bytes of them all."""
    _, offsets, data = column.buffers()
    plain = memoryview(offsets).cast("b")
    ends = (plain.cast("q") if large else plain.cast("i"))[column.offset : column.offset + len(column) + 1]
    return ends, memoryview(data or b"").cast("b").cast("B")[ends[0] : ends[-1]]


def _hash(path: Path) -> str:
    import xxhash

    digest = xxhash.xxh3_128()
    with path.open("rb") as stream:
        while data := stream.read(_READ):
            digest.update(data)
    return str(digest.hexdigest())
