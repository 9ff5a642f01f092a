"""Checking a database from the outside: does everything in it still say what it claims to say?"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from sqlite_utils import Database

from pipeline.store.judgments import every
from pipeline.store.materialise import CHUNK, stale_rows
from pipeline.store.projection import INTEGERS, whole

QUOTES = """
SELECT e.id, e.judgment_id, e.unit, e.variable, e.start, e."end"
FROM evidence AS e JOIN judgments AS j ON j.judgment_id = e.judgment_id
WHERE substr(j.text, e.start + 1, e."end" - e.start) IS NOT e.quote
"""
OWNERS = """
SELECT e.id, e.judgment_id, e.unit, e.variable FROM evidence AS e JOIN labels AS l ON l.id = e.label_id
WHERE (e.judgment_id, e.unit, e.variable, e."by") <> (l.judgment_id, l.unit, l.variable, l."by")
"""


def violations(db: Database) -> Iterator[str]:
    """One line for each thing that is wrong: damage, dangling rows, false quotations, texts and tables that do not match."""
    yield from (f"damaged: {row[0]}" for row in db.execute("PRAGMA quick_check") if row[0] != "ok")
    for table, rowid, parent, _ in db.execute("PRAGMA foreign_key_check"):
        yield f"{table}: row {rowid} refers to a row that {parent} does not have"
    for row in db.execute(QUOTES):
        yield f"evidence {row[0]}: judgment {row[1]}, {row[2]}, {row[3]}: the quotation is not what stands at {row[4]}-{row[5]}"
    for row in db.execute(OWNERS):
        yield f"evidence {row[0]}: judgment {row[1]}, {row[2]}, {row[3]}: belongs to another label"
    yield from _numbers(db)
    yield from _texts(db)


def _numbers(db: Database) -> Iterator[str]:
    """Labels of whole-number variables that state none: the tables show them as silence."""
    names = ", ".join(f"'{name}'" for name in sorted(INTEGERS))
    for judgment_id, unit, variable, value in db.execute(
        f"SELECT judgment_id, unit, variable, value FROM labels WHERE variable IN ({names})"
    ):
        if whole(value) is None:
            yield f"labels: judgment {judgment_id}, {unit}, {variable}: {value!r} is not a whole number"


def _texts(db: Database) -> Iterator[str]:
    """Texts that are no longer those of their id, and analyst's rows that are not what the labels say."""
    stored = db.execute("SELECT judgment_id FROM judgments ORDER BY rowid")
    pairs = zip((row[0] for row in stored.fetchall()), every(db), strict=True)
    while chunk := list(islice(pairs, CHUNK)):
        for judgment_id, judgment in chunk:
            if judgment_id != judgment.judgment_id:
                yield f"judgments: the text of {judgment_id} is not the one that was stored"
        for stale in stale_rows(db, [judgment_id for judgment_id, _ in chunk]):
            yield f"{stale.table}: judgment {stale.judgment_id}: not what its labels say"
