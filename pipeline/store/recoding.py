"""The codebook's versions in an open database: what was frozen, what is to be coded again."""

from __future__ import annotations

from pipeline.store import codebooks
from pipeline.store.codebooks import Version
from pipeline.store.connection import now, transaction, translated
from pipeline.store.store import Store


def versions(store: Store) -> list[Version]:
    """The versions of the codebook that the database knows, in the order in which they came."""
    with translated(store.path):
        return codebooks.versions(store.db)


def note_frozen(store: Store, version: str) -> None:
    """Note that a version was frozen now, unless it was before: from then on its meaning cannot change here."""
    with transaction(store.db, store.path):
        codebooks.note_frozen(store.db, version, now())


def to_recode(store: Store, coder: str | None = None) -> list[dict[str, str]]:
    """Labels of people that were given under another meaning of their variable (view `recoding`), of one voice or of all."""
    return store.query(
        'SELECT * FROM recoding WHERE :coder IS NULL OR "by" = :coder ORDER BY variable, judgment_id, unit, "by", value', {"coder": coder}
    )
