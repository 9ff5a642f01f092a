"""Steps for collecting: keywords, dumps, queries to sites, and which documents are one case."""

from __future__ import annotations

from sqlite_utils import Database

from pipeline.store.migrations.labels import renew_views
from pipeline.store.migrations.script import execute_script


def keyword_hits_and_ledger(db: Database) -> None:
    """Which keyword matched where in a judgment, and what a bulk scan has read of each member of a dump, to go on from there."""
    execute_script(
        db,
        """
        CREATE TABLE keyword_hits (
            judgment_id TEXT NOT NULL REFERENCES judgments (judgment_id) ON DELETE CASCADE,
            keywords TEXT NOT NULL,
            expression TEXT NOT NULL,
            start INTEGER NOT NULL CHECK (start >= 0),
            "end" INTEGER NOT NULL,
            quote TEXT NOT NULL,
            PRIMARY KEY (judgment_id, keywords, expression, start),
            CHECK ("end" > start)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX keyword_hits_expression ON keyword_hits (expression);
        CREATE TRIGGER keyword_hits_quote BEFORE INSERT ON keyword_hits
        WHEN (SELECT substr(text, NEW.start + 1, NEW."end" - NEW.start) FROM judgments WHERE judgment_id = NEW.judgment_id) IS NOT NEW.quote
        BEGIN SELECT raise(ABORT, 'a hit must quote its judgment word for word'); END;
        CREATE TABLE ledger (
            path TEXT NOT NULL,
            keywords TEXT NOT NULL,
            stamp TEXT NOT NULL DEFAULT '',
            bytes INTEGER NOT NULL DEFAULT 0,
            hash TEXT NOT NULL DEFAULT '',
            rows INTEGER NOT NULL DEFAULT 0,
            hits INTEGER NOT NULL DEFAULT 0,
            stored INTEGER NOT NULL DEFAULT 0,
            bad_rows INTEGER NOT NULL DEFAULT 0,
            position INTEGER NOT NULL DEFAULT 0,
            quarantined INTEGER NOT NULL DEFAULT 0,
            state TEXT NOT NULL CHECK (state IN ('reading', 'done', 'incomplete', 'refused')),
            detail TEXT NOT NULL DEFAULT '',
            updated_at TEXT NOT NULL,
            PRIMARY KEY (path, keywords)
        ) STRICT, WITHOUT ROWID;
    """,
    )


def queries(db: Database) -> None:
    """What was asked of which source, how much it says there is, and what became of each document that it lists."""
    execute_script(
        db,
        """
        CREATE TABLE queries (
            id INTEGER PRIMARY KEY,
            source TEXT NOT NULL,
            query TEXT NOT NULL,
            keyword TEXT NOT NULL DEFAULT '',
            year TEXT NOT NULL DEFAULT '',
            province TEXT NOT NULL DEFAULT '',
            court_level TEXT NOT NULL DEFAULT '',
            url TEXT NOT NULL DEFAULT '',
            found INTEGER,
            position INTEGER NOT NULL DEFAULT 0,
            state TEXT NOT NULL CHECK (state IN ('planned', 'open', 'done', 'stopped')),
            detail TEXT NOT NULL DEFAULT '',
            updated_at TEXT NOT NULL,
            UNIQUE (source, query)
        ) STRICT;
        CREATE TABLE listed (
            query_id INTEGER NOT NULL REFERENCES queries (id) ON DELETE CASCADE,
            source_id TEXT NOT NULL,
            title TEXT NOT NULL DEFAULT '',
            case_number TEXT NOT NULL DEFAULT '',
            court TEXT NOT NULL DEFAULT '',
            decided_on TEXT NOT NULL DEFAULT '',
            state TEXT NOT NULL CHECK (state IN ('listed', 'fetched', 'refused')),
            detail TEXT NOT NULL DEFAULT '',
            judgment_id TEXT REFERENCES judgments (judgment_id) ON DELETE SET NULL,
            PRIMARY KEY (query_id, source_id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX listed_judgment ON listed (judgment_id);
        CREATE INDEX listed_source_id ON listed (source_id);
    """,
    )


def case_links(db: Database) -> None:
    """What a text says of its identity, what it cites, judgments that are one document or one case; in `cases` the chain of each."""
    execute_script(
        db,
        """
        CREATE TABLE signatures (
            judgment_id TEXT PRIMARY KEY NOT NULL REFERENCES judgments (judgment_id) ON DELETE CASCADE,
            exact TEXT NOT NULL,
            sketch BLOB NOT NULL,
            kind TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE cited_cases (
            judgment_id TEXT NOT NULL REFERENCES judgments (judgment_id) ON DELETE CASCADE,
            start INTEGER NOT NULL CHECK (start >= 0),
            "end" INTEGER NOT NULL,
            quote TEXT NOT NULL,
            case_number TEXT NOT NULL,
            court TEXT NOT NULL,
            decided_on TEXT NOT NULL,
            kind TEXT NOT NULL,
            cue TEXT NOT NULL,
            procedural INTEGER NOT NULL CHECK (procedural IN (0, 1)),
            sent_back INTEGER NOT NULL CHECK (sent_back IN (0, 1)),
            relation TEXT NOT NULL DEFAULT '',
            cited_id TEXT REFERENCES judgments (judgment_id) ON DELETE SET NULL,
            PRIMARY KEY (judgment_id, start),
            CHECK ("end" > start)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX cited_cases_number ON cited_cases (case_number);
        CREATE INDEX cited_cases_cited ON cited_cases (cited_id);
        CREATE TRIGGER cited_cases_quote BEFORE INSERT ON cited_cases
        WHEN (SELECT substr(text, NEW.start + 1, NEW."end" - NEW.start) FROM judgments WHERE judgment_id = NEW.judgment_id) IS NOT NEW.quote
        BEGIN SELECT raise(ABORT, 'a citation must quote its judgment word for word'); END;
        CREATE TABLE case_links (
            judgment_id TEXT NOT NULL REFERENCES judgments (judgment_id) ON DELETE CASCADE,
            other_id TEXT NOT NULL REFERENCES judgments (judgment_id) ON DELETE CASCADE,
            relation TEXT NOT NULL,
            score REAL NOT NULL CHECK (score > 0 AND score <= 1),
            reason TEXT NOT NULL,
            PRIMARY KEY (judgment_id, other_id, relation),
            CHECK (judgment_id <> other_id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX case_links_other ON case_links (other_id);
        ALTER TABLE cases ADD COLUMN chain_id TEXT;
        ALTER TABLE cases ADD COLUMN duplicate_of TEXT;
        CREATE INDEX cases_chain ON cases (chain_id);
    """,
    )
    renew_views(db)
