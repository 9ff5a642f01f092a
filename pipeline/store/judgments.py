"""Judgments: stored once by content, with every place where they were seen, and read back in constant memory."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from sqlite_utils import Database

from pipeline.schema import Judgment
from pipeline.store.connection import bound, now, write
from pipeline.store.search import index

PAGE = 100  # judgments held in memory at once while reading
# SQLite stores UTF-8, which has no half surrogate pairs (they come from broken JSON and from file names), and its substr() stops at NUL.
UNSTORABLE = re.compile("[\0\ud800-\udfff]")
STORED, DUPLICATE = "stored", "duplicate"  # values of import_log.outcome
COLUMNS = "source, source_id, text, title, path, metadata"


class Added(NamedTuple):
    """How many judgments of a batch were new, and how many have the content of one that is already there."""

    stored: int
    duplicates: int


def storable(text: str) -> str:
    """Replace what SQLite cannot hold by U+FFFD, character for character."""
    return UNSTORABLE.sub("\ufffd", text)


def add(db: Database, run_id: int | None, judgments: Sequence[Judgment]) -> Added:
    """Store the judgments that are new, note where the others were seen, and index the new ones. Runs in the caller's transaction."""
    stored = add_each(db, run_id, judgments).count(STORED)
    return Added(stored, len(judgments) - stored)


def add_each(db: Database, run_id: int | None, judgments: Sequence[Judgment]) -> list[str]:
    """Do as `add`; say of each judgment whether it was stored, is a duplicate, or ('') was seen at its very place before."""
    seen = [(judgment.judgment_id, judgment) for judgment in map(_clean, judgments)]
    known = _known(db, [judgment_id for judgment_id, _ in seen])
    fresh: dict[str, Judgment] = {}
    for judgment_id, judgment in seen:
        if judgment_id not in known:
            fresh.setdefault(judgment_id, judgment)
    _insert(db, run_id, fresh)
    places = [(judgment_id, judgment.source, judgment.source_id, judgment.path) for judgment_id, judgment in seen]
    noted = _noted(db, known)
    outcomes: list[str] = []
    for place in places:
        outcomes.append("" if place in noted else DUPLICATE if place[0] in known else STORED)
        noted.add(place)
        known.add(place[0])
    write(db, "INSERT OR IGNORE INTO sources VALUES (?, ?, ?, ?)", places)
    return outcomes


def _clean(judgment: Judgment) -> Judgment:
    return replace(
        judgment,
        source=storable(judgment.source),
        source_id=storable(judgment.source_id),
        text=storable(judgment.text),
        original=storable(judgment.original),
        title=storable(judgment.title),
        path=storable(judgment.path),
        metadata={storable(key): storable(value) for key, value in judgment.metadata.items()},
    )


def _known(db: Database, ids: Sequence[str]) -> set[str]:
    rows = db.execute("SELECT judgment_id FROM judgments WHERE judgment_id IN (SELECT value FROM json_each(?))", [bound(ids)])
    return {row[0] for row in rows}


def _noted(db: Database, ids: set[str]) -> set[tuple[str, ...]]:
    """Where these judgments were seen."""
    if not ids:
        return set()
    sql = "SELECT judgment_id, source, source_id, path FROM sources WHERE judgment_id IN (SELECT value FROM json_each(?))"
    return set(db.execute(sql, [bound(ids)]))


def _insert(db: Database, run_id: int | None, fresh: dict[str, Judgment]) -> None:
    at = now()
    write(
        db,
        "INSERT INTO judgments VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        ((i, j.source, j.source_id, j.title, j.path, _json(j), len(j.text), at, run_id, j.text) for i, j in fresh.items()),
    )
    write(db, "INSERT INTO originals VALUES (?, ?)", ((i, j.original) for i, j in fresh.items() if j.original not in ("", j.text)))
    write(
        db,
        "INSERT INTO cases (judgment_id, source, source_id, title) VALUES (?, ?, ?, ?)",
        ((i, j.source, j.source_id, j.title) for i, j in fresh.items()),
    )
    index(db, [(i, j.text) for i, j in fresh.items()])


def _json(judgment: Judgment) -> str:
    return json.dumps(dict(judgment.metadata), ensure_ascii=False, sort_keys=True)


def one(db: Database, judgment_id: str) -> Judgment | None:
    """The judgment with this id, its original text included, or None."""
    row = db.execute(f"SELECT {COLUMNS} FROM judgments WHERE judgment_id = ?", [judgment_id]).fetchone()
    if row is None:
        return None
    judgment = _judgment(row)
    original = db.execute("SELECT text FROM originals WHERE judgment_id = ?", [judgment_id]).fetchone()
    return replace(judgment, original=original[0] if original else judgment.text)


def _judgment(row: Sequence[str]) -> Judgment:
    source, source_id, text, title, path, metadata = row
    return Judgment(source, source_id, text, title=title, path=path, metadata=json.loads(metadata))


def every(db: Database) -> Iterator[Judgment]:
    """All judgments in the order in which they came, without their originals."""
    return _paged(db, "1", [])


PENDING = "NOT EXISTS (SELECT 1 FROM stages AS s WHERE s.judgment_id = judgments.judgment_id AND s.stage = ? AND s.fingerprint = ?)"


def pending(db: Database, stage: str, fingerprint: str) -> Iterator[Judgment]:
    """Judgments that `stage` has not seen with this fingerprint, without their originals."""
    return _paged(db, PENDING, [stage, fingerprint])


def count_pending(db: Database, stage: str, fingerprint: str) -> int:
    """How many judgments `pending` will give."""
    return int(db.execute(f"SELECT count(*) FROM judgments WHERE {PENDING}", [stage, fingerprint]).fetchone()[0])


def _paged(db: Database, condition: str, parameters: list[str]) -> Iterator[Judgment]:
    # A page is read to its end before it is handed out: no cursor stays open while the caller writes, and the log can be checkpointed.
    last = 0
    sql = f"SELECT rowid, {COLUMNS} FROM judgments WHERE rowid > ? AND {condition} ORDER BY rowid LIMIT {PAGE}"
    while rows := db.execute(sql, [last, *parameters]).fetchall():
        last = rows[-1][0]
        for row in rows:
            yield _judgment(row[1:])
