"""Import: every recognised judgment of the user's files into the database; every other record into `import_log` with its reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.collect import Rejected, read
from pipeline.job.progress import Progress
from pipeline.schema import Judgment
from pipeline.store import Rejected as LoggedRejection
from pipeline.store import Store

BATCH = 200  # judgments a transaction


@dataclass
class ImportCounts:
    """What an import came to."""

    stored: int = 0
    duplicates: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    unreadable_inputs: list[Rejected] = field(default_factory=list)

    @property
    def read(self) -> int:
        """Records that were looked at."""
        return self.stored + self.duplicates + self.rejected.total()


def import_paths(store: Store, run_id: int, paths: Iterable[Path], progress: Progress) -> ImportCounts:
    """Read files, folders and archives and store their judgments, batch by batch; interrupted, the saved batches stay."""
    counts = ImportCounts()
    files: dict[str, list[int]] = {}
    progress.start("import", None)
    for batch in _batches(read(list(paths), on_file=lambda path: progress.note(str(path)))):
        judgments = [item for item in batch if isinstance(item, Judgment)]
        rejected = [item for item in batch if isinstance(item, Rejected)]
        _store_judgments(store, run_id, judgments, counts, files)
        store.log_rejected(run_id, [LoggedRejection(r.path, r.place, r.reason, r.detail) for r in rejected])
        counts.rejected.update(r.reason for r in rejected)
        counts.unreadable_inputs += [r for r in rejected if not r.place]
        progress.advance(len(batch))
    for path, (stored, duplicates) in files.items():
        store.log_file(run_id, path, stored, duplicates)
    return counts


def _store_judgments(store: Store, run_id: int, judgments: list[Judgment], counts: ImportCounts, files: dict[str, list[int]]) -> None:
    by_file: dict[str, list[Judgment]] = {}
    for judgment in judgments:
        by_file.setdefault(_file(judgment), []).append(judgment)
    for path, members in by_file.items():
        added = store.add_judgments(run_id, members)
        row = files.setdefault(path, [0, 0])
        row[0] += added.stored
        row[1] += added.duplicates
        counts.stored += added.stored
        counts.duplicates += added.duplicates


def _file(judgment: Judgment) -> str:
    """The file that a judgment was read from: its path less the place inside the file."""
    return judgment.path.rpartition(", ")[0] or judgment.path


def _batches(items: Iterable[Judgment | Rejected]) -> Iterator[list[Judgment | Rejected]]:
    batch: list[Judgment | Rejected] = []
    for item in items:
        batch.append(item)
        if len(batch) >= BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
