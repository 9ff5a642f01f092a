"""What was asked of a source, how much it says there is, and what became of each document that it lists.

`listed` has a row for each document that an answer names; a document in two answers has two. A document is `listed` until it is
`fetched` (its judgment is in the database) or `refused` (it is none, with the reason).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from sqlite_utils import Database

from pipeline.schema import Judgment, StoreError
from pipeline.store.connection import now, write
from pipeline.store.judgments import storable

STATES = ("planned", "open", "done", "stopped")


class Question(NamedTuple):
    """What is asked: `query` in the source's own words, and what it stands for. A source and a query name it."""

    source: str
    query: str
    keyword: str = ""
    year: str = ""
    province: str = ""
    court_level: str = ""
    url: str = ""


class Query(NamedTuple):
    """A question in the database. `found` is what the source says there is (None: unknown), `position` where to go on, in hits.

    `state` is planned (not begun), open (begun, or broken off by the user), done, or stopped (by the source; `detail` says why).
    """

    id: int
    source: str
    query: str
    keyword: str
    year: str
    province: str
    court_level: str
    url: str
    found: int | None
    position: int
    state: str
    detail: str
    updated_at: str


class Document(NamedTuple):
    """A document that an answer names, and what became of it."""

    source_id: str
    title: str = ""
    case_number: str = ""
    court: str = ""
    decided_on: str = ""
    state: str = "listed"  # listed, fetched, refused
    detail: str = ""  # why it was refused
    judgment_id: str | None = None


class Tally(NamedTuple):
    """How many documents of a query are named, fetched (in the database) and refused."""

    listed: int
    fetched: int
    refused: int


_QUERY = ", ".join(Query._fields)
_DOCUMENT = ", ".join(Document._fields)


def add(db: Database, questions: Iterable[Question]) -> list[Query]:
    """Note questions as planned; one that is there already stays as it is. The queries, in the order of the questions."""
    asked = [Question(*map(storable, question)) for question in questions]
    at = now()
    write(
        db,
        "INSERT INTO queries (source, query, keyword, year, province, court_level, url, state, updated_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, 'planned', ?) ON CONFLICT (source, query) DO NOTHING",
        ((*question, at) for question in asked),
    )
    return [_one(db, "source = ? AND query = ?", [question.source, question.query]) for question in asked]


def find(db: Database, source: str | None = None) -> list[Query]:
    """The queries of a source, or of all, in the order in which they were added."""
    rows = db.execute(f"SELECT {_QUERY} FROM queries WHERE ? IS NULL OR source = ? ORDER BY id", [source, source])
    return [Query(*row) for row in rows.fetchall()]


def one(db: Database, query_id: int) -> Query:
    """The query with this id. StoreError when there is none."""
    return _one(db, "id = ?", [query_id])


def _one(db: Database, condition: str, parameters: Sequence[object]) -> Query:
    row = db.execute(f"SELECT {_QUERY} FROM queries WHERE {condition}", parameters).fetchone()
    if row is None:
        raise StoreError(f"the database knows no such query: {', '.join(map(str, parameters))}")
    return Query(*row)


def move(
    db: Database, query_id: int, *, state: str | None = None, position: int | None = None, found: int | None = None, detail: str = ""
) -> None:
    """Note where a query stands; what is None stays as it is. `detail` is always replaced. Nothing is written where nothing changes."""
    if state is not None and state not in STATES:
        raise StoreError(f"a query cannot be {state!r}: choose one of {', '.join(STATES)}")
    old = one(db, query_id)
    new = (
        old.state if state is None else state,
        old.position if position is None else position,
        old.found if found is None else found,
        storable(detail),
    )
    if new != (old.state, old.position, old.found, old.detail):
        db.execute(
            "UPDATE queries SET state = ?, position = ?, found = ?, detail = ?, updated_at = ? WHERE id = ?", [*new, now(), query_id]
        )


def note(db: Database, query_id: int, documents: Iterable[Document]) -> None:
    """Note the documents that an answer names. What is known of one already is kept where the new row is silent.

    A document never falls back: fetched stays fetched, and refused only becomes fetched.
    """
    write(
        db,
        f"INSERT INTO listed (query_id, {_DOCUMENT}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (query_id, source_id) DO UPDATE SET "
        + ", ".join(
            f"{column} = iif(excluded.{column} <> '', excluded.{column}, {column})"
            for column in ("title", "case_number", "court", "decided_on")
        )
        + ", detail = CASE WHEN state = 'fetched' OR excluded.state = 'listed' THEN detail ELSE excluded.detail END"
        ", state = CASE WHEN state = 'fetched' OR excluded.state = 'listed' THEN state ELSE excluded.state END"
        ", judgment_id = coalesce(excluded.judgment_id, judgment_id)",
        ((query_id, *(value if value is None else storable(value) for value in document)) for document in documents),
    )


def documents(db: Database, query_id: int, state: str | None = None) -> list[Document]:
    """The documents of a query, all or those in one state, by their identifiers."""
    sql = f"SELECT {_DOCUMENT} FROM listed WHERE query_id = ? AND (? IS NULL OR state = ?) ORDER BY source_id"
    return [Document(*row) for row in db.execute(sql, [query_id, state, state]).fetchall()]


def fetched(db: Database, source: str, source_id: str, judgment_id: str) -> int:
    """Mark a document as fetched in every query of the source that names it; in how many."""
    return _mark(db, source, source_id, "fetched", "", judgment_id)


def refused(db: Database, source: str, source_id: str, detail: str) -> int:
    """Mark a document as refused, unless it was fetched, in every query of the source that names it; in how many."""
    return _mark(db, source, source_id, "refused", storable(detail), None)


def _mark(db: Database, source: str, source_id: str, state: str, detail: str, judgment_id: str | None) -> int:
    sql = (
        "UPDATE listed SET state = ?, detail = ?, judgment_id = ? WHERE source_id = ? AND (state <> 'fetched' OR ? = 'fetched') "
        "AND query_id IN (SELECT id FROM queries WHERE source = ?)"
    )
    return int(db.execute(sql, [state, detail, judgment_id, storable(source_id), state, source]).rowcount)


def seen(db: Database, source: str, source_id: str) -> Document | None:
    """What became of a document in any query of the source, if it was fetched or refused: it need not be asked for again."""
    sql = (
        f"SELECT {', '.join(f'l.{column}' for column in Document._fields)} FROM listed AS l JOIN queries AS q ON q.id = l.query_id "
        "WHERE q.source = ? AND l.source_id = ? AND l.state <> 'listed' ORDER BY l.state LIMIT 1"
    )
    row = db.execute(sql, [source, storable(source_id)]).fetchone()
    return None if row is None else Document(*row)


def held(db: Database, source_id: str) -> str | None:
    """The judgment that some source, a file perhaps, has brought under this identifier."""
    row = db.execute("SELECT judgment_id FROM judgments WHERE source_id = ? LIMIT 1", [storable(source_id)]).fetchone()
    return row[0] if row else None


def tally(db: Database, query_id: int) -> Tally:
    """How many documents of a query are named, fetched and refused."""
    sql = "SELECT count(*), coalesce(sum(state = 'fetched'), 0), coalesce(sum(state = 'refused'), 0) FROM listed WHERE query_id = ?"
    return Tally(*db.execute(sql, [query_id]).fetchone())


class Brought(NamedTuple):
    """A document of an answer with its judgment; without one it is what `document.state` says: only named, or refused."""

    document: Document
    judgment: Judgment | None = None


def bring(db: Database, query_id: int, brought: Iterable[Brought]) -> None:
    """Note an answer's documents; one that came with its judgment, stored before, is fetched in every query of the source that names it."""
    members = list(brought)
    source = one(db, query_id).source
    note(db, query_id, (member.document for member in members))
    for document, judgment in members:
        if judgment is not None:
            fetched(db, source, document.source_id, replace(judgment, text=storable(judgment.text)).judgment_id)
