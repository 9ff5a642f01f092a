"""One member from its bytes to its hits: blocks are cut, searched, and only the records that may match are read."""

from __future__ import annotations

import sys
from bisect import bisect_right
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from typing import IO, Protocol, cast

from pipeline.collect.dump.blocks import BLOCK, Block, Blocks, Buffers, Readable
from pipeline.collect.dump.matching import Matcher, Wanted
from pipeline.collect.dump.members import Member
from pipeline.collect.dump.parquet import is_parquet, parquet_portions
from pipeline.collect.dump.patterns import patterns
from pipeline.collect.dump.portions import BadRow, ChangedError, Options, Place, Portion
from pipeline.collect.dump.search import Found, Searcher, searcher
from pipeline.collect.dump.tables import SAMPLE, Table, table
from pipeline.schema import RecordError

_AHEAD = 4  # blocks that are read while others are searched
_TURN = 0.0005  # seconds after which a thread lets another one go on: a block takes no longer
# Bytes to a word below which threads get into each other's way: every word that is found takes the interpreter's lock.
_CROWDED = 4_000


class Hash(Protocol):
    """A running hash."""

    def update(self, data: memoryview) -> None:
        """Add bytes."""

    def hexdigest(self) -> str:
        """Return the hash of the bytes so far."""


class Scanner:
    """Scans members for keywords. The patterns are compiled once."""

    def __init__(self, keywords: Wanted, options: Options) -> None:
        self._keywords, self._options = keywords, options
        self._buffers = Buffers(options.block)
        self._searchers: dict[bool, Searcher] = {}

    def scan(self, member: Member, since: Place) -> Iterator[Portion]:
        """Yield what a member holds from a place on. Raises RecordError, ChangedError and what unpacking raises."""
        if is_parquet(member):
            yield from parquet_portions(member, since, self._searcher(False), Matcher(self._keywords, member))
            return
        kind = self._kind(member)
        digest = _new_hash()
        with closing(member.open()) as stream:
            if since.position and not _passed(stream, since, digest):
                raise ChangedError
            if not since.position:
                _pass(stream, kind.begins, digest)
            start = max(since.position, kind.begins)
            blocks = Blocks(cast("Readable", stream), kind.cutter(), self._buffers, self._options.limits.line, start, since.row + 1)
            matcher = Matcher(self._keywords, member)
            for block, found, sum_so_far in self._searched(blocks, self._searcher(kind.escapes), digest):
                portion = _portion(block, found, matcher, kind, sum_so_far)
                self._buffers.give(block.buffer)
                if portion is not None:
                    yield portion

    def _kind(self, member: Member) -> Table:
        with closing(member.open()) as stream:
            sample = bytearray(SAMPLE)
            return table(bytes(sample[: _fill(stream, memoryview(sample))]), self._options.limits)

    def _searcher(self, escapes: bool) -> Searcher:
        if escapes not in self._searchers:
            self._searchers[escapes] = searcher(patterns(self._keywords.spellings, json=escapes, gaps=self._options.gaps))
        return self._searchers[escapes]

    def _searched(self, blocks: Blocks, search: Searcher, digest: Hash) -> Iterator[tuple[Block, Found, str]]:
        """Search the blocks, in another thread where there may be one; they come in their order."""
        if self._options.jobs < 2:
            for block in blocks:
                yield (block, *_look(block, search, digest))
            return
        with _short_turns(), ThreadPoolExecutor(1) as pool:
            waiting: deque[tuple[Block, Future[tuple[Found, str]]]] = deque()
            crowded = False
            for block in blocks:
                waiting.append((block, pool.submit(_look, block, search, digest)))
                while len(waiting) > (0 if crowded else _AHEAD) or (waiting and waiting[0][1].done()):
                    first, future = waiting.popleft()
                    found, sum_so_far = future.result()
                    crowded = len(found) * _CROWDED > first.cut.end
                    yield first, found, sum_so_far
            for first, future in waiting:
                yield (first, *future.result())


@contextmanager
def _short_turns() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(_TURN)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def _look(block: Block, search: Searcher, digest: Hash) -> tuple[Found, str]:
    with memoryview(block.buffer) as whole, whole[: block.cut.end] as view:
        digest.update(view)
        return search.find(view) if block.cut.rows and not block.long else [], digest.hexdigest()


def _portion(block: Block, found: Found, matcher: Matcher, kind: Table, sum_so_far: str) -> Portion | None:
    """Read the records of a block that may match, and its bad ones; None inside a record that is too long."""
    if block.within:
        return None
    portion = Portion(Place(block.end, block.row - 1 + block.cut.rows, sum_so_far), torn=block.cut.torn)
    if block.long:
        reason = f"it has {block.long} bytes, more than a record may have"
        portion.bad.append(BadRow(block.row, block.end - block.long, block.long, reason, None, False))
        return portion
    starts = block.cut.starts() if found or block.cut.bad else []
    present = _by_record(starts, found)
    bad = {broken.record: broken for broken in block.cut.bad}
    for index in sorted(present.keys() | bad.keys()):
        start = starts[index]
        end = bad[index].end if index in bad else starts[index + 1] if index + 1 < len(starts) else block.cut.end
        possible = matcher.possible(present.get(index, set()))
        record = bytes(memoryview(block.buffer)[start:end]) if possible or index in bad else b""
        reason = bad[index].reason if index in bad else ""
        if possible:
            try:
                matcher.read(kind.fields(record), block.row + index, broken=bool(reason), into=portion)
            except RecordError as error:
                reason = reason or error.detail
        if reason:
            portion.bad.append(BadRow(block.row + index, block.offset + start, end - start, reason, record, possible))
    return portion


def _by_record(starts: list[int], found: Found) -> dict[int, set[int]]:
    """Return which words stand in which record of a block."""
    present: dict[int, set[int]] = {}
    for number, end in found:
        present.setdefault(bisect_right(starts, end - 1) - 1, set()).add(number)
    return present


def _new_hash() -> Hash:
    import xxhash

    digest: Hash = xxhash.xxh3_128()
    return digest


def _fill(stream: IO[bytes], view: memoryview) -> int:
    filled = 0
    while filled < len(view) and (read := stream.readinto(view[filled:])):  # type: ignore[attr-defined]
        filled += read
    return filled


def _pass(stream: IO[bytes], length: int, digest: Hash) -> bool:
    """Read and hash so many bytes; False when there are fewer."""
    buffer = memoryview(bytearray(min(BLOCK, length)))
    while length:
        read = _fill(stream, buffer[: min(length, len(buffer))])
        if not read:
            return False
        digest.update(buffer[:read])
        length -= read
    return True


def _passed(stream: IO[bytes], since: Place, digest: Hash) -> bool:
    """Read the bytes before a place again and tell whether they are the same."""
    return _pass(stream, since.position, digest) and digest.hexdigest() == since.hash
