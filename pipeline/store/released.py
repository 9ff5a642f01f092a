"""Writing a database that is released: row by row what was made for it, so that nothing else can be in the file.

The file is begun anew and never holds an original; `finish` copies it once more (VACUUM INTO), so that no page keeps what was rewritten.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from sqlite_utils import Database

from pipeline.schema import Judgment, StoreError
from pipeline.store import judgments, materialise
from pipeline.store.connection import connect, transaction, translated, write
from pipeline.store.store import Store

# The tables that a release may fill beside the judgments and what is made of them, each with its columns; children after their parents.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "codebooks": ("version", "fingerprint", "first_seen", "frozen_at", "present"),
    "codebook_variables": (
        *("version", "variable", "units", "kind", "zh", "en", "definition_zh", "definition_en", "silence", "silence_zh", "silence_en"),
        "meaning",
    ),
    "codebook_values": ("version", "variable", "value", "position", "zh", "en", "definition_zh", "definition_en", "rank"),
    "import_log": ("run_id", "path", "place", "outcome", "reason", "records"),
    "coders": ("name", "role", "token", "invited_at", "revoked_at"),
    "samples": (
        *("id", "drawn_at", "task", "strategy", "seed", "overlap", "condition", "frame_size", "size", "settings", "codebook_version"),
    ),
    "labels": ("id", "judgment_id", "unit", "variable", "value", "by", "score", "codebook_version", "created_at", "mode"),
    "evidence": (
        *("label_id", "judgment_id", "unit", "variable", "by", "start", "end", "quote", "section", "speaker", "rule", "accepted"),
        "weight",
    ),
    "predictions": ("judgment_id", "variable", "value", "probability", "in_set", "by"),
    "stages": ("judgment_id", "stage", "fingerprint", "done_at"),
    "keyword_hits": ("judgment_id", "keywords", "expression", "start", "end", "quote"),
    "cited_cases": (
        *("judgment_id", "start", "end", "quote", "case_number", "court", "decided_on", "kind", "cue", "procedural", "sent_back"),
        *("relation", "cited_id"),
    ),
    "case_links": ("judgment_id", "other_id", "relation", "score", "reason"),
    "sampling_frames": ("sample_id", "judgment_id", "stratum", "probability", "drawn"),
    "assignments": ("judgment_id", "coder", "task", "sample_id", "position", "mode", "state", "seconds"),
}

Rows = Mapping[str, Iterable[Sequence[Any]]]


class Chained(NamedTuple):
    """The chain of a judgment and the judgment of which it is a copy; None where there is none."""

    judgment_id: str
    chain_id: str | None
    duplicate_of: str | None


class ReleaseWriter:
    """Fills a new database at `path`; every method is one transaction."""

    def __init__(self, path: Path) -> None:
        self._store = Store(path, connect(path, create=True))
        self._run = self._store.begin_run("release")

    @property
    def run(self) -> int:
        """The one run of the file: its release."""
        return self._run

    def add(self, texts: Sequence[Judgment], rows: Rows) -> None:
        """Store released judgments with the rows that belong to them. StoreError for a judgment whose text is there already."""
        store = self._store
        with transaction(store.db, store.path):
            if judgments.add(store.db, self._run, texts).duplicates:
                raise StoreError(f"{store.path}: two released judgments have one text")
            _insert(store.db, rows)
            materialise.refresh(store.db, [judgment.judgment_id for judgment in texts])

    def insert(self, rows: Rows, chains: Iterable[Chained] = ()) -> None:
        """Store rows that belong to no one judgment or to several, and the chains of cases."""
        store = self._store
        with transaction(store.db, store.path):
            _insert(store.db, rows)
            write(
                store.db,
                "UPDATE cases SET chain_id = ?, duplicate_of = ? WHERE judgment_id = ?",
                ((row.chain_id, row.duplicate_of, row.judgment_id) for row in chains),
            )

    def close(self) -> None:
        """Leave the file as it is, unfinished."""
        self._store.db.close()

    def finish(self, counts: Mapping[str, object], target: Path) -> None:
        """Note what was released, check the file, and put a compact copy of it at `target`. StoreError when anything in it is wrong."""
        store = self._store
        store.finish_run(self._run, counts)
        if wrong := store.verify():
            raise StoreError(f"{store.path}: {len(wrong)} things are wrong in the released file, first: {wrong[0]}")
        compact(store.db, store.path, target)


def _insert(db: Database, rows: Rows) -> None:
    for table, columns in COLUMNS.items():
        if table in rows:
            names = ", ".join(f'"{column}"' for column in columns)
            write(db, f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({', '.join('?' * len(columns))})", rows[table])


def compact(db: Database, path: Path, target: Path) -> None:
    """Copy an open database to `target`, without free pages and without a log beside it; whatever lies there is replaced at the end."""
    partial = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        with translated(path):
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            db.execute("VACUUM INTO ?", [str(partial)])
            db.close()
        for log in ("-wal", "-shm"):
            target.with_name(target.name + log).unlink(missing_ok=True)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def copy_in_full(store: Store, target: Path) -> None:
    """A copy of the whole database at `target`, less what opens the workbench: tokens and sessions."""
    between = target.with_name(f"{target.name}.{os.getpid()}.full")
    try:
        with translated(store.path):
            store.db.execute("VACUUM INTO ?", [str(between)])
        copy = Store(between, connect(between, create=False))
        copy.db.execute("PRAGMA secure_delete = ON")
        with transaction(copy.db, between):
            copy.db.execute("DELETE FROM sessions")
            copy.db.execute("UPDATE coders SET token = ''")
        compact(copy.db, between, target)
    finally:
        for suffix in ("", "-wal", "-shm"):
            between.with_name(between.name + suffix).unlink(missing_ok=True)
