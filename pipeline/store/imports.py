"""What an import writes, so that it comes out the same however often it is broken off: judgments and what is said of their files go together.

A record is counted when its place (`sources`) is noted for the first time, in the same transaction; read again, it counts no more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from sqlite_utils import Database

from pipeline.schema import Judgment
from pipeline.store import judgments, ledger
from pipeline.store.connection import bound, write
from pipeline.store.judgments import Added, storable
from pipeline.store.ledger import Hit


@dataclass(frozen=True, slots=True)
class Finished:
    """An input read to its end, and the `refusal_key` of each record that was refused in it."""

    path: str
    refused: Collection[int]


@dataclass(slots=True)
class Harvest:
    """What one transaction of an import brings.

    `judgments`: each with the file that it was read from. `refused`: by (path, place, reason), the detail and how many such records
    this run has met there so far. `finished`: inputs of which nothing more will come. `hits`: where the keywords of the fingerprint
    `keywords` match.
    """

    judgments: list[tuple[str, Judgment]] = field(default_factory=list)
    refused: dict[tuple[str, str, str], tuple[str, int]] = field(default_factory=dict)
    finished: list[Finished] = field(default_factory=list)
    hits: list[tuple[Judgment, Sequence[Hit]]] = field(default_factory=list)
    keywords: str = ""


def refusal_key(path: str, place: str, reason: str) -> int:
    """Return a number that stands for a refused record, valid in this process."""
    return hash((storable(path), storable(place), storable(reason)))


def save(db: Database, run_id: int, harvest: Harvest, reasons: Collection[str]) -> Added:
    """Write a harvest. `reasons`: those that reading a file gives; the log holds others too, of other stages."""
    seen = judgments.add_each(db, run_id, [judgment for _, judgment in harvest.judgments])
    _count(db, run_id, Counter((file, outcome) for (file, _), outcome in zip(harvest.judgments, seen, strict=True) if outcome))
    ledger.add_hits(db, harvest.keywords, harvest.hits)
    _refuse(db, run_id, harvest)
    for finished in harvest.finished:
        _settle(db, finished, reasons)
    stored = seen.count(judgments.STORED)
    return Added(stored, len(seen) - stored)


def forget_refused(db: Database, reason: str, paths: Sequence[str]) -> None:
    """Remove the rows that say that these files were refused for `reason`."""
    write(db, "DELETE FROM import_log WHERE outcome = 'rejected' AND path = ? AND reason = ?", ((path, reason) for path in paths))


def _count(db: Database, run_id: int, counts: Counter[tuple[str, str]]) -> None:
    """Add to what each file has brought in this run."""
    for (file, outcome), records in counts.items():
        row = [records, run_id, storable(file), outcome]
        changed = db.conn.execute("UPDATE import_log SET records = records + ? WHERE run_id = ? AND path = ? AND outcome = ?", row)
        if not changed.rowcount:
            db.conn.execute("INSERT INTO import_log (records, run_id, path, outcome) VALUES (?, ?, ?, ?)", row)


def _refuse(db: Database, run_id: int, harvest: Harvest) -> None:
    """Log refused records; those that are logged already stay as they are, unless there are more of them now."""
    write(
        db,
        "INSERT INTO import_log (run_id, path, place, outcome, reason, detail, records) VALUES (?, ?, ?, 'rejected', ?, ?, ?) "
        "ON CONFLICT (path, place, reason) WHERE outcome = 'rejected' "
        "DO UPDATE SET records = excluded.records WHERE excluded.records > records",
        (
            (run_id, storable(path), storable(place), storable(reason), storable(detail), records)
            for (path, place, reason), (detail, records) in harvest.refused.items()
        ),
    )


def _settle(db: Database, finished: Finished, reasons: Collection[str]) -> None:
    """Remove what was once refused in an input and is so no longer: a download has been completed, a file mended, a reader added."""
    path = storable(finished.path)
    where = "outcome = 'rejected' AND (path = ? OR path > ? AND path < ?) AND reason IN (SELECT value FROM json_each(?))"
    parameters = [path, f"{path}!", f'{path}"', bound(reasons)]  # '"' follows '!': the members of an archive lie between
    logged = db.execute(f"SELECT count(*) FROM import_log WHERE {where}", parameters).fetchone()[0]
    if logged == len(finished.refused):
        return
    met = set(finished.refused)
    rows = db.execute(f"SELECT id, path, place, reason FROM import_log WHERE {where}", parameters)
    stale = [(row[0],) for row in rows if refusal_key(*row[1:]) not in met]
    write(db, "DELETE FROM import_log WHERE id = ?", stale)
