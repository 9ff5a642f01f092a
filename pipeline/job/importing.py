"""Import: every recognised judgment of the user's files into the database; every other record into `import_log` with its reason."""

from __future__ import annotations

import os
from array import array
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from pipeline import engine
from pipeline.collect import Reason, Rejected
from pipeline.collect.keywords import Keywords
from pipeline.collect.pieces import Begun, Item, Level, Piece, is_read, pieces, read_piece
from pipeline.job.progress import Progress
from pipeline.schema import Judgment, RecordError
from pipeline.store import Finished, Harvest, Store, refusal_key

BATCH = 200  # records a transaction
BATCH_CHARACTERS = 16 << 20  # or so much text: it is held in memory until then


@dataclass
class ImportCounts:
    """What an import came to."""

    stored: int = 0
    duplicates: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    unreadable_inputs: list[Rejected] = field(default_factory=list)
    unmatched: int = 0  # judgments that no keyword matches; they are not stored

    @property
    def read(self) -> int:
        """Records that were looked at."""
        return self.stored + self.duplicates + self.rejected.total() + self.unmatched


def import_paths(
    store: Store, run_id: int, paths: Iterable[Path], progress: Progress, jobs: int = 1, keywords: Keywords | None = None
) -> ImportCounts:
    """Read files, folders and archives and store their judgments, or with `keywords` those that match, batch by batch.

    Broken off at any instant, the saved batches stay, each with what it says of its files; the next import takes the rest.
    """
    importing = _Importing(store, run_id, progress, keywords)
    progress.start("import", None)
    for batch in engine.run(read_piece, pieces(paths, ahead=jobs > 1), jobs, stays=is_read):
        for piece, items in batch:
            importing.take(items if not isinstance(items, RecordError) else _failed(piece, items))
    importing.finish()
    return importing.counts


class _Importing:
    """Where an import stands: the input on the disk, the file (perhaps inside it), and what has been read but not yet saved."""

    def __init__(self, store: Store, run_id: int, progress: Progress, keywords: Keywords | None) -> None:
        self.counts = ImportCounts()
        self._keywords = keywords
        self._store, self._run_id, self._progress = store, run_id, progress
        self._harvest, self._items, self._characters = self._empty(), 0, 0
        self._input, self._file = "", ""
        self._refused = array("q")  # keys of what was refused in this input: of a dump these may be millions
        self._place, self._tally = ("", ""), Counter[str]()
        self._half_written: set[str] = set()

    def take(self, items: Iterable[Item]) -> None:
        """Take what was read."""
        for item in items:
            if isinstance(item, Begun):
                begin = self._begin_input if item.level is Level.INPUT else self._begin_file
                begin(item.path)
            else:
                self._keep(item)

    def _begin_input(self, path: str) -> None:
        """Note that the last input has been read to its end, and another begins."""
        if self._input:
            self._harvest.finished.append(Finished(self._input, self._refused))
        self._input, self._refused = path, array("q")
        self._place = ("", "")

    def _begin_file(self, path: str) -> None:
        """Note which file the next judgments are from."""
        self._file = path
        self._progress.note(path)

    def _keep(self, item: Judgment | Rejected) -> None:
        """Keep a record until there are enough for a transaction."""
        if isinstance(item, Rejected):
            self._refuse(item)
        elif self._wanted(item):
            self._harvest.judgments.append((self._file, item))
            self._characters += len(item.text)
        self._items += 1
        if self._items >= BATCH or self._characters >= BATCH_CHARACTERS:
            self._save()

    def finish(self) -> None:
        """Save the rest, and forget the half-written files that are gone: they have been completed under another name."""
        self._begin_input("")
        self._save()
        known = self._store.refused_for(Reason.HALF_WRITTEN)
        if gone := [path for path in known if path not in self._half_written and not os.path.lexists(path)]:
            self._store.forget_refused(Reason.HALF_WRITTEN, gone)

    def _wanted(self, judgment: Judgment) -> bool:
        """Tell whether the keywords, if there are any, match; where they do goes into the harvest."""
        if self._keywords is None:
            return True
        hits = self._keywords.find(judgment.text) if self._keywords.admits(judgment) else []
        if hits:
            self._harvest.hits.append((judgment, hits))
        else:
            self.counts.unmatched += 1
        return bool(hits)

    def _refuse(self, row: Rejected) -> None:
        """Note a refused record. Those that share a place come one after the other, and are counted together."""
        if (row.path, row.place) != self._place:
            self._place = (row.path, row.place)
            self._tally.clear()
        self._tally[row.reason] += 1
        if self._tally[row.reason] == 1:
            self._refused.append(refusal_key(row.path, row.place, row.reason))
        self._harvest.refused[row.path, row.place, row.reason] = (row.detail, self._tally[row.reason])
        if row.reason == Reason.HALF_WRITTEN:
            self._half_written.add(row.path)
        self.counts.rejected[row.reason] += 1
        if not row.place:
            self.counts.unreadable_inputs.append(row)

    def _save(self) -> None:
        added = self._store.save_import(self._run_id, self._harvest, Reason)
        self.counts.stored += added.stored
        self.counts.duplicates += added.duplicates
        self._progress.advance(self._items)
        self._harvest, self._items, self._characters = self._empty(), 0, 0

    def _empty(self) -> Harvest:
        return Harvest(keywords=self._keywords.fingerprint if self._keywords else "")


def _failed(piece: Piece, error: RecordError) -> list[Item]:
    path = piece.source[0] if isinstance(piece.source, tuple) else piece.source or ""
    return [*piece.items, Rejected(str(path), "", Reason.READER_FAILED, error.detail)]
