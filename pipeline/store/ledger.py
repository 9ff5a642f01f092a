"""The ledger of bulk scans: how far each member of a dump has been read with which keywords, and what matched in its judgments."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Protocol

from sqlite_utils import Database

from pipeline.schema import Judgment
from pipeline.store.connection import now, write
from pipeline.store.judgments import storable


class Hit(Protocol):
    """An expression matches at `text[start:end]` of a judgment."""

    @property
    def expression(self) -> str:
        """Its name."""

    @property
    def start(self) -> int:
        """Its first character."""

    @property
    def end(self) -> int:
        """The character after its last."""


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """What a scan with the keywords of a fingerprint has read of the member at `path`.

    `position`: bytes read (rows in Parquet), `hash` that of these bytes (xxh3_128); `bytes` the member's size, 0 before it is known.
    `rows` counts all records up to there, `bad_rows` those that could not be read, `hits` those that match, `stored` those of them
    that were new; `quarantined` is the length of the file that holds the bad rows. `stamp` changes when the file on the disk does.
    """

    path: str
    keywords: str
    stamp: str = ""
    bytes: int = 0
    hash: str = ""
    rows: int = 0
    hits: int = 0
    stored: int = 0
    bad_rows: int = 0
    position: int = 0
    quarantined: int = 0
    state: str = "reading"
    detail: str = ""


_COLUMNS = tuple(column.name for column in fields(LedgerRow))


def read(db: Database, path: str, keywords: str) -> LedgerRow | None:
    """The row of a member, None when it was never read with these keywords."""
    sql = f"SELECT {', '.join(_COLUMNS)} FROM ledger WHERE path = ? AND keywords = ?"
    row = db.execute(sql, [storable(path), keywords]).fetchone()
    return LedgerRow(*row) if row else None


def save(db: Database, row: LedgerRow) -> None:
    """Write the row of a member; of one that is done, the log no longer says that it could not be read. Runs in the caller's transaction."""
    values = [storable(value) if isinstance(value, str) else value for value in (getattr(row, name) for name in _COLUMNS)]
    holes = ", ".join("?" * (len(_COLUMNS) + 1))
    db.execute(f"INSERT OR REPLACE INTO ledger ({', '.join(_COLUMNS)}, updated_at) VALUES ({holes})", [*values, now()])
    if row.state == "done":
        db.execute("DELETE FROM import_log WHERE outcome = 'rejected' AND path = ? AND place = ''", [storable(row.path)])


def add_hits(db: Database, keywords: str, matches: Iterable[tuple[Judgment, Sequence[Hit]]]) -> None:
    """Write where keywords match in judgments that are stored. Runs in the caller's transaction."""
    rows = (
        (judgment.judgment_id, keywords, hit.expression, hit.start, hit.end, judgment.text[hit.start : hit.end])
        for judgment, hits in ((replace(judgment, text=storable(judgment.text)), hits) for judgment, hits in matches)
        for hit in hits
    )
    write(db, "INSERT OR IGNORE INTO keyword_hits VALUES (?, ?, ?, ?, ?, ?)", rows)
