"""Chinese full-text search in plain SQLite: every character is a token, and a word is a phrase of characters.

SQLite's own tokenizers find no Chinese word (unicode61) or none of two characters (trigram). Here a text is indexed as its characters
with blanks between them, so a phrase is found exactly, whatever its length; blanks and line breaks inside it do not matter, signs do.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Sequence

from sqlite_utils import Database

from pipeline.store.connection import write
from pipeline.text import canonical

CODE_POINTS = "utf-32-le" if sys.byteorder == "little" else "utf-32-be"


def spaced(text: str) -> str:
    """`' '.join(text)` and a blank at the end, seven times as fast: it is most of the time of indexing otherwise."""
    characters = array("I", text.encode(CODE_POINTS))
    blanks = array("I", [ord(" ")]) * (2 * len(characters))
    blanks[::2] = characters
    return blanks.tobytes().decode(CODE_POINTS)


def index(db: Database, texts: Sequence[tuple[str, str]]) -> None:
    """Index new judgments, (judgment_id, text) each, in the caller's transaction."""
    # Not the highest number in `indexed`: the index keeps the entry of a judgment that somebody has deleted, and it must not be reused.
    first = db.execute("SELECT coalesce(max(id), 0) + 1 FROM judgments_fts_docsize").fetchone()[0]
    write(db, "INSERT INTO indexed VALUES (?, ?)", ((number, judgment_id) for number, (judgment_id, _) in enumerate(texts, first)))
    write(
        db,
        "INSERT INTO judgments_fts (rowid, text) VALUES (?, ?)",
        ((number, spaced(text)) for number, (_, text) in enumerate(texts, first)),
    )


def search(db: Database, query: str, limit: int | None) -> list[str]:
    """Ids of the judgments that hold every word of `query` (words are parted by blanks), in the order in which they came."""
    expression = match_expression(query)
    if not expression:
        return []
    rows = db.execute(
        "SELECT indexed.judgment_id FROM judgments_fts JOIN indexed ON indexed.number = judgments_fts.rowid "
        "WHERE judgments_fts MATCH ? ORDER BY judgments_fts.rowid LIMIT ?",
        [expression, -1 if limit is None else limit],
    )
    return [row[0] for row in rows]


def match_expression(query: str) -> str:
    """The FTS5 expression for a query: its words as phrases of characters, joined with AND. Quotation marks are data, never syntax."""
    words = canonical(query.encode("utf-8", "replace").decode()).replace('"', " ").split()
    return " AND ".join(f'"{spaced(word)}"' for word in words)
