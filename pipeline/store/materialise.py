"""Keeping the analyst's tables in step with the labels: project, compare with the stored rows, write what differs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sqlite_utils import Database

from pipeline.store import predictions
from pipeline.store.connection import bound, write
from pipeline.store.projection import (
    CASE_COLUMNS,
    CHARGE_COLUMNS,
    DEFENDANT_COLUMNS,
    EXTRACT,
    VICTIM_COLUMNS,
    Identity,
    Projection,
    Row,
    project,
)
from pipeline.store.trust import DEFENCE, Said

CHUNK = 200  # judgments projected at once
WIDTHS = {"defendants": 2 + len(DEFENDANT_COLUMNS), "charges": 2 + len(CHARGE_COLUMNS), "victims": 2 + len(VICTIM_COLUMNS)}
ASSIGNMENTS = ", ".join(f"{column} = excluded.{column}" for column in CASE_COLUMNS)
UPSERT_CASE = (
    f"INSERT INTO cases ({', '.join(CASE_COLUMNS)}) VALUES ({', '.join('?' * len(CASE_COLUMNS))}) "
    f"ON CONFLICT (judgment_id) DO UPDATE SET {ASSIGNMENTS}"
)


class Stale(NamedTuple):
    """A judgment whose rows in `table` are not what its labels say."""

    table: str
    judgment_id: str
    rows: list[Row]


def refresh(db: Database, ids: Sequence[str]) -> None:
    """Bring the rows of these judgments up to date. Runs in the caller's transaction."""
    stale = list(stale_rows(db, ids))
    write(db, UPSERT_CASE, (item.rows[0] for item in stale if item.table == "cases"))
    for table, width in WIDTHS.items():
        items = [item for item in stale if item.table == table]
        write(db, f"DELETE FROM {table} WHERE judgment_id = ?", ((item.judgment_id,) for item in items))
        write(db, f"INSERT INTO {table} VALUES ({', '.join('?' * width)})", (row for item in items for row in item.rows))


def stale_rows(db: Database, ids: Sequence[str]) -> Iterator[Stale]:
    """What `refresh` would write, without writing it."""
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        stored = {table: _rows(db, table, chunk) for table in ("cases", *WIDTHS)}
        for judgment_id, projection in _projections(db, chunk).items():
            wanted = {"cases": [projection.case], **{table: getattr(projection, table) for table in WIDTHS}}
            for table, rows in wanted.items():
                if rows != stored[table].get(judgment_id, []):
                    yield Stale(table, judgment_id, rows)


def _rows(db: Database, table: str, ids: Sequence[str]) -> dict[str, list[Row]]:
    columns = ", ".join(CASE_COLUMNS) if table == "cases" else "*"
    rows: dict[str, list[Row]] = {}
    for row in db.execute(f"SELECT {columns} FROM {table} WHERE judgment_id IN (SELECT value FROM json_each(?))", [bound(ids)]):
        rows.setdefault(row[0], []).append(row)
    return {judgment_id: sorted(group) for judgment_id, group in rows.items()} if table != "cases" else rows


def _projections(db: Database, ids: Sequence[str]) -> dict[str, Projection]:
    parameters = [bound(ids)]
    listed = "judgment_id IN (SELECT value FROM json_each(?))"
    identities = db.execute(f"SELECT judgment_id, source, source_id, title FROM judgments WHERE {listed}", parameters).fetchall()
    extracted = {row[0] for row in db.execute(f"SELECT judgment_id FROM stages WHERE stage = '{EXTRACT}' AND {listed}", parameters)}
    labels: dict[str, list[Said]] = {}
    for judgment_id, *said in db.execute(
        f'SELECT judgment_id, id, unit, variable, value, "by", score FROM labels WHERE {listed} AND "by" <> ?', [*parameters, DEFENCE]
    ):
        labels.setdefault(judgment_id, []).append(Said(*said))
    possible = predictions.possible(db, ids, "attack_type")
    return {row[0]: project(Identity(*row), labels.get(row[0], []), row[0] in extracted, possible.get(row[0], ())) for row in identities}
