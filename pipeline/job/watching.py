"""A download folder watched: what lands there is imported and given to the queries that it answers.

Nothing is remembered outside the database: broken off at any instant and begun again, the watch reads the folder anew, and what
is known already changes nothing.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.collect.web.saved_lists import is_har, read_listings
from pipeline.job.assigning import Facts, assign, folder_query
from pipeline.job.importing import import_paths
from pipeline.job.planning import note_listing, settle
from pipeline.job.progress import Silent
from pipeline.schema import AnjuanError, RecordError
from pipeline.store import Store

UNFINISHED = (".crdownload", ".part", ".partial", ".download", ".opdownload", ".tmp")  # how browsers name what they are still writing
PAGE_PARTS = ("_files", ".files", "_文件")  # folders that browsers put beside a saved page: its scripts and pictures
STILL = 3.0  # seconds without a change after which a file is taken as whole
_Stamp = tuple[int, int]  # size in bytes, time of the last change in ns


@dataclass
class Landed:
    """What became of one file: judgments stored and known already, records rejected by reason, lists read, and what is to be done."""

    path: Path
    stored: int = 0
    duplicates: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    lists: int = 0
    documents: int = 0  # that these lists name
    troubles: list[str] = field(default_factory=list)

    @property
    def line(self) -> str:
        """One line for people: `list.html: 1 result list with 15 documents`."""
        told = [f"{self.lists} result list{'s' * (self.lists > 1)} with {self.documents} documents"] if self.lists else []
        told += [f"{n} {what}" for n, what in ((self.stored, "new judgments"), (self.duplicates, "already known")) if n]
        told += [f"{n} skipped ({reason})" for reason, n in self.rejected.most_common()]
        return f"{self.path.name}: {', '.join(told) or 'nothing to import'}"


class Watch:
    """A folder and what of it has been read. `look` reads what has landed since the last look and stopped growing."""

    def __init__(self, store: Store, run_id: int, folder: Path, *, still: float = STILL, clock: Callable[[], float] = time.time) -> None:
        if not folder.is_dir():
            raise AnjuanError(f"{folder} is no folder: name the one into which your browser saves")
        self.store, self.run_id, self.folder = store, run_id, folder
        self.still, self.clock = still, clock
        self._growing: dict[Path, tuple[_Stamp, float]] = {}  # with the time at which the file was first seen so
        self._read: dict[Path, _Stamp] = {}
        self._facts: dict[str, Facts] = {}
        self._begun = False

    @property
    def waiting(self) -> bool:
        """Whether files lie there that may still grow."""
        return bool(self._growing)

    def look(self) -> Iterator[Landed]:
        """Read the files that have landed, one by one, then give the judgments to their queries."""
        landed = False
        for path in self._whole_files():
            landed = True
            yield self._take(path)
        if landed or not self._begun:  # an earlier watch may have been broken off between import and assignment
            self._begun = True
            self.assign()

    def assign(self) -> int:
        """Give judgments to queries and bring the plan up to date; how many were given."""
        given = assign(self.store, self.run_id, self.folder, self._facts)
        settle(self.store)
        return given

    def _whole_files(self) -> list[Path]:
        """The files that are new or changed and have kept still, in sorted order."""
        found = dict(_files(self.folder))
        self._growing = {path: seen for path, seen in self._growing.items() if path in found}
        return [path for path, stamp in found.items() if self._read.get(path) != stamp and self._is_whole(path, stamp)]

    def _is_whole(self, path: Path, stamp: _Stamp) -> bool:
        """A file is whole when its size and time have not changed for a while, by its own time or, if that is wrong, by this clock."""
        now = self.clock()
        before, since = self._growing.get(path, (None, now))
        if before != stamp:
            since = now
        if now - since >= self.still or now - stamp[1] / 1e9 >= self.still:
            self._growing.pop(path, None)
            self._read[path] = stamp
            return True
        self._growing[path] = (stamp, since)
        return False

    def _take(self, path: Path) -> Landed:
        landed = Landed(path)
        if not self._read_lists(path, landed) or is_har(path):
            counts = import_paths(self.store, self.run_id, [path], Silent())
            landed.stored, landed.duplicates, landed.rejected = counts.stored, counts.duplicates, counts.rejected
            landed.troubles += [f"{row.path}: {row.detail}" for row in counts.unreadable_inputs if row.path == str(path)]
        return landed

    def _read_lists(self, path: Path, landed: Landed) -> bool:
        """Note the result lists in a file; whether it is a file of lists."""
        try:
            listings = read_listings(path)
        except RecordError as error:
            if not is_har(path):  # of a broken session file the import says so
                landed.troubles.append(f"{path}: {error.detail}")
            return True
        for listing in listings:
            if note_listing(self.store, self.run_id, listing, folder_query(str(path.relative_to(self.folder)))):
                landed.lists += 1
                landed.documents += len(listing.documents)
            else:
                landed.troubles.append(
                    f"{path}: the list does not say which search it answers; put it into a folder named q and the query's number"
                )
        return bool(listings)


def _files(folder: Path) -> Iterator[tuple[Path, _Stamp]]:
    """The finished files under a folder with size and time: nothing hidden, no links, nothing that a browser is still writing."""
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if any(part.startswith(".") or part.endswith(PAGE_PARTS) for part in parts) or path.suffix.lower() in UNFINISHED:
            continue
        try:
            if path.is_symlink() or not path.is_file() or any(path.with_name(path.name + ending).exists() for ending in UNFINISHED):
                continue
            stat = path.stat()
        except OSError:
            continue  # gone meanwhile
        if stat.st_size:
            yield path, (stat.st_size, stat.st_mtime_ns)


def watch(
    watched: Watch,
    tell: Callable[[Landed], None],
    *,
    once: bool = False,
    interval: float = 2.0,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Look into the folder again and again, telling of each file, until Ctrl-C (KeyboardInterrupt passes through).

    `once`: end when every file that lies there has been read; a file that is still growing is waited for.
    """
    while True:
        for landed in watched.look():
            tell(landed)
        if once and not watched.waiting:
            return
        sleep(interval)
