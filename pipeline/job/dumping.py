"""Bulk dumps: every member scanned for keywords, what matches stored, and in the ledger how far it has been read.

What a stretch of a member came to is stored in one transaction with its place in the ledger. So a scan that is killed goes on from
there and leaves the same database, and the same quarantine, as one that is not.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline.collect import Reason, Rejected
from pipeline.collect.archives import UNPACKING_ERRORS, unpacking_error
from pipeline.collect.dump import ChangedError, Member, Options, Place, Portion, Scanner, Wanted, append, members, quarantine_file, total
from pipeline.job.progress import Progress
from pipeline.schema import RecordError
from pipeline.store import LedgerRow, Store

STRETCH = 256 << 20  # bytes read between two transactions
MATCHES = 200  # judgments that are stored at once
BAD_ROWS, BAD_BYTES = 2_000, 16 << 20  # written to the quarantine at once
_UNFINISHED = {Reason.TRUNCATED, Reason.HALF_WRITTEN}
_NOTES = 1.0  # seconds between two lines of progress


@dataclass
class DumpCounts:
    """What a scan came to. `members` counts by state, `skipped` those of them that had been read before."""

    rows: int = 0
    hits: int = 0
    stored: int = 0
    bad_rows: int = 0
    rejected: int = 0
    skipped: int = 0
    members: dict[str, int] = field(default_factory=dict)
    unfinished: list[Rejected] = field(default_factory=list)  # and refused: what the user must be told
    quarantine: Path | None = None

    def summary(self) -> dict[str, object]:
        """What the table `runs` keeps of a scan."""
        counts = {"rows": self.rows, "hits": self.hits, "stored": self.stored, "bad_rows": self.bad_rows, "rejected": self.rejected}
        return counts | {"members": self.members, "skipped": self.skipped}


def scan(
    store: Store,
    run_id: int,
    paths: Iterable[Path],
    keywords: Wanted,
    progress: Progress,
    options: Options | None = None,
    stretch: int = STRETCH,
) -> DumpCounts:
    """Scan the tables in files, folders and archives; interrupted, it goes on where it was."""
    paths, options = list(paths), options or Options()
    job = _Scan(store, run_id, keywords, Scanner(keywords, options), _Report(progress), stretch)
    progress.start("dump", total(paths))
    for item in members(paths, options.limits):
        if isinstance(item, Rejected):
            job.refuse(item, "", LedgerRow(item.path, keywords.fingerprint))
        else:
            job.member(item)
    return job.counts


class _Scan:
    """One scan; its counts are those of this run alone."""

    def __init__(self, store: Store, run_id: int, keywords: Wanted, scanner: Scanner, report: _Report, stretch: int) -> None:
        self._store, self._run_id, self._keywords, self._scanner = store, run_id, keywords, scanner
        self._report, self._stretch = report, stretch
        self._folder = store.path.parent / f"{store.path.stem}.quarantine"
        self.counts = DumpCounts()

    def member(self, member: Member) -> None:
        """Scan a member that has not been read to its end before."""
        row = self._store.ledger_row(member.path, self._keywords.fingerprint)
        self._report.begin(member)
        if row is not None and row.stamp == member.stamp and row.state in {"done", "incomplete"}:
            self.counts.skipped += 1
            if row.state == "incomplete":
                self.counts.unfinished.append(Rejected(member.path, "", Reason.TRUNCATED, row.detail))
        else:
            row = self._read(member, row)
        self._count(row.state)
        self._report.end()

    def refuse(self, rejected: Rejected, stamp: str, row: LedgerRow) -> LedgerRow:
        """Note that a file cannot be read: for good, or before its end has come."""
        state = "incomplete" if rejected.reason in _UNFINISHED else "refused"
        refused = replace(row, stamp=stamp, state=state, detail=rejected.detail)
        self.counts.unfinished.append(rejected)
        if self._store.ledger_row(row.path, row.keywords) != refused:
            self._store.save_scanned(self._run_id, [], [rejected], refused)
        if not stamp:
            self._count(state)
        return refused

    def _count(self, state: str) -> None:
        self.counts.members[state] = self.counts.members.get(state, 0) + 1

    def _read(self, member: Member, known: LedgerRow | None) -> LedgerRow:
        fresh = LedgerRow(member.path, self._keywords.fingerprint, member.stamp, member.size)
        row = (
            fresh
            if known is None or known.state in {"done", "refused"}
            else replace(known, stamp=member.stamp, bytes=member.size, state="reading", detail="")
        )
        try:
            return self._stretches(member, row)
        except ChangedError:
            return self._stretches(member, fresh)

    def _stretches(self, member: Member, row: LedgerRow) -> LedgerRow:
        """Store stretch after stretch; what was read before an error is kept."""
        waiting = _Stretch(row.position)
        error: RecordError | None = None
        torn = False
        try:
            for portion in self._scanner.scan(member, Place(row.position, row.rows, row.hash)):
                waiting.add(portion)
                torn = portion.torn
                self._report.reached(portion.place.position, self.counts.hits + len(waiting.portion.matches))
                if waiting.is_full(self._stretch) and not torn:
                    row, waiting = self._save(member, row, waiting), _Stretch(portion.place.position)
        except RecordError as refusal:
            error = refusal
        except UNPACKING_ERRORS as damage:
            error = unpacking_error(damage)
        if error is None and torn:
            error = RecordError(Reason.TRUNCATED, f"it ends in the middle of row {waiting.place.row + 1}; copy or download it again")
        if error is None:
            return self._save(member, replace(row, state="done"), waiting)
        row = self._save(member, row, waiting) if waiting.place.position > row.position else row
        return self.refuse(Rejected.because(member.path, "", error), member.stamp, row)

    def _save(self, member: Member, row: LedgerRow, stretch: _Stretch) -> LedgerRow:
        portion, place = stretch.portion, stretch.place
        path = quarantine_file(self._folder, member.path, row.keywords)
        written = append(path, member.path, portion.bad, row.quarantined)
        size = row.bytes or (place.position if row.state == "done" else 0)  # only the end of a gzip file tells its size
        rows = max(0, place.row - row.rows)
        row = replace(
            row,
            bytes=size,
            hash=place.hash or row.hash,
            position=place.position,
            rows=row.rows + rows,
            hits=row.hits + len(portion.matches),
            bad_rows=row.bad_rows + len(portion.bad),
            quarantined=written,
        )
        saved = self._store.save_scanned(self._run_id, portion.matches, portion.rejected, row)
        self._tally(portion, rows, saved.stored - row.stored, path if portion.bad else None)
        return saved

    def _tally(self, portion: Portion, rows: int, stored: int, quarantine: Path | None) -> None:
        self.counts.rows += rows
        self.counts.hits += len(portion.matches)
        self.counts.stored += stored
        self.counts.bad_rows += len(portion.bad)
        self.counts.rejected += len(portion.rejected)
        self.counts.quarantine = quarantine.parent if quarantine else self.counts.quarantine


class _Stretch:
    """What waits to be stored."""

    def __init__(self, since: int) -> None:
        self._since = since
        self._held = 0  # bytes of bad rows
        self.portion = Portion(Place())
        self.place = Place(since)

    def add(self, portion: Portion) -> None:
        """Add what follows."""
        self.portion.matches += portion.matches
        self.portion.rejected += portion.rejected
        self.portion.bad += portion.bad
        self.place = portion.place
        self._held += sum(len(bad.data or b"") for bad in portion.bad)

    def is_full(self, stretch: int) -> bool:
        """Tell whether it is time to store."""
        read = self.place.position - self._since
        bad = len(self.portion.bad) >= BAD_ROWS or self._held >= BAD_BYTES
        return read >= stretch or len(self.portion.matches) >= MATCHES or bad


class _Report:
    """Tells of bytes read and to be read, hits, speed and what is left."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._member: Member | None = None
        self._told = self._position = 0
        self._since = self._last = time.monotonic()

    def begin(self, member: Member) -> None:
        """A member begins."""
        self._member, self._told, self._position = member, 0, 0
        self._since = time.monotonic()
        self._progress.note(member.path)

    def reached(self, position: int, hits: int) -> None:
        """The member has been read up to there."""
        self._position = position
        now = time.monotonic()
        if self._member is None or now - self._last < _NOTES:
            return
        self._last = now
        size, packed = self._member.size, self._member.packed
        if size:
            self._advance(packed * min(position, size) // size)
        speed = position / max(now - self._since, 1e-6)
        of = f" of {size / 1e6:,.0f}, {(size - position) / speed:,.0f} s left" if size else ""
        self._progress.note(f"{self._member.path}: {position / 1e6:,.0f} MB{of}, {speed / 1e6:,.0f} MB/s, {hits} hits")

    def end(self) -> None:
        """The member has ended, or needs no reading."""
        if self._member is not None:
            self._advance(self._member.packed)

    def _advance(self, packed: int) -> None:
        self._progress.advance(packed - self._told)
        self._told = packed
