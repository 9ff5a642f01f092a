"""Identity in the database: what a text says of itself, the documents it cites, links between judgments, and the chain of each.

Only differences are written, so linking again what is linked changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from sqlite_utils import Database

from pipeline.store.connection import write

CITED = 'start, "end", case_number, court, decided_on, kind, cue, procedural, sent_back'

CitedRow = tuple[int, int, str, str, str, str, str, bool, bool]  # the columns of CITED; offsets count characters of the canonical text
LinkRow = tuple[str, str, str, float, str]  # judgment_id, other_id, relation, score, reason


class SignatureRow(NamedTuple):
    """What was read off one text: a digest that blanks and page furniture do not change, a sketch, the kind of document, what it cites."""

    judgment_id: str
    exact: str
    sketch: bytes
    kind: str
    citations: Sequence[CitedRow]


class Identity(NamedTuple):
    """A judgment as far as its identity is known; defendants in the order of their numbers."""

    judgment_id: str
    case_number: str
    court: str
    decided_on: str
    trial_level: str
    kind: str
    characters: int
    exact: str
    sketch: bytes
    defendants: tuple[str, ...]


class Meaning(NamedTuple):
    """What the citation of `judgment_id` at `start` comes to: its relation, and the stored judgment meant ('': none)."""

    judgment_id: str
    start: int
    relation: str
    cited_id: str


def sign(db: Database, rows: Sequence[SignatureRow]) -> None:
    """Replace the signatures and citations of these judgments. Runs in the caller's transaction."""
    ids = [(row.judgment_id,) for row in rows]
    write(db, "DELETE FROM cited_cases WHERE judgment_id = ?", ids)
    write(db, "INSERT OR REPLACE INTO signatures VALUES (?, ?, ?, ?)", (row[:4] for row in rows))
    write(
        db,
        f"INSERT INTO cited_cases (judgment_id, {CITED}, quote) "
        "SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, substr(text, ?2 + 1, ?3 - ?2) FROM judgments WHERE judgment_id = ?1",
        ((row.judgment_id, *cited) for row in rows for cited in row.citations),
    )


def identities(db: Database) -> Iterator[Identity]:
    """All judgments that have a signature and have been extracted, by id: without number and names nothing holds two texts apart."""
    names: dict[str, list[str]] = {}
    for judgment_id, name in db.execute("SELECT judgment_id, name FROM defendants WHERE name <> '' ORDER BY judgment_id, n"):
        names.setdefault(judgment_id, []).append(name)
    rows = db.execute("""
        SELECT c.judgment_id, c.case_number, c.court, c.decided_on, c.trial_level, s.kind, j.characters, s.exact, s.sketch
        FROM signatures AS s JOIN cases AS c ON c.judgment_id = s.judgment_id JOIN judgments AS j ON j.judgment_id = s.judgment_id
        WHERE EXISTS (SELECT 1 FROM stages AS e WHERE e.judgment_id = s.judgment_id AND e.stage = 'extract')
        ORDER BY c.judgment_id
    """)
    return (Identity._make((*row, tuple(names.pop(row[0], ())))) for row in rows)


def citations(db: Database) -> Iterator[tuple[str, CitedRow]]:
    """(judgment_id, citation) for all citations, by judgment and place."""
    for judgment_id, *cited, procedural, sent_back in db.execute(
        f"SELECT judgment_id, {CITED} FROM cited_cases ORDER BY judgment_id, start"
    ):
        yield judgment_id, (*cited, bool(procedural), bool(sent_back))


def relate(
    db: Database, links: Iterable[LinkRow], chain: Mapping[str, str], copy_of: Mapping[str, str], meanings: Iterable[Meaning]
) -> int:
    """Make these all the links, chains and meanings of citations; how many rows that changed. Runs in the caller's transaction."""
    wanted = set(links)
    stored = {tuple(row) for row in db.execute("SELECT judgment_id, other_id, relation, score, reason FROM case_links")}
    gone, added = sorted(stored - wanted), sorted(wanted - stored)
    write(db, "DELETE FROM case_links WHERE judgment_id = ? AND other_id = ? AND relation = ?", (row[:3] for row in gone))
    write(db, "INSERT INTO case_links VALUES (?, ?, ?, ?, ?)", added)
    moved = [
        (chain.get(judgment_id), copy_of.get(judgment_id), judgment_id)
        for judgment_id, *row in db.execute("SELECT judgment_id, chain_id, duplicate_of FROM cases")
        if row != [chain.get(judgment_id), copy_of.get(judgment_id)]
    ]
    write(db, "UPDATE cases SET chain_id = ?, duplicate_of = ? WHERE judgment_id = ?", moved)
    return len(gone) + len(added) + len(moved) + _mean(db, meanings)


def _mean(db: Database, meanings: Iterable[Meaning]) -> int:
    rows = db.execute("SELECT judgment_id, start, relation, coalesce(cited_id, '') FROM cited_cases")
    stored = {(row[0], row[1]): (row[2], row[3]) for row in rows}
    changed = [m for m in meanings if stored.get((m.judgment_id, m.start)) != (m.relation, m.cited_id)]
    sql = "UPDATE cited_cases SET relation = ?, cited_id = nullif(?, '') WHERE judgment_id = ? AND start = ?"
    write(db, sql, ((m.relation, m.cited_id, m.judgment_id, m.start) for m in changed))
    return len(changed)
