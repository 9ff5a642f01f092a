"""The schema of the database as numbered steps; `PRAGMA user_version` holds the number of the last step that a file has seen.

A step that has been released is never changed: add the next one at the end. Every table is STRICT, every reference a foreign key.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlite_utils import Database

from pipeline.store.views import VIEWS

APPLICATION_ID = 0x616E6A75  # "anju": tells the file from another program's database


def judgments_and_runs(db: Database) -> None:
    """Judgments, where each was seen, the runs, and the log of what was read."""
    db.executescript("""
        CREATE TABLE runs (
            id INTEGER PRIMARY KEY,
            started_at TEXT NOT NULL,
            finished_at TEXT,
            command TEXT NOT NULL,
            version TEXT NOT NULL,
            counts TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(counts))
        ) STRICT;
        CREATE TABLE judgments (
            judgment_id TEXT PRIMARY KEY NOT NULL,
            source TEXT NOT NULL,
            source_id TEXT NOT NULL,
            title TEXT NOT NULL,
            path TEXT NOT NULL,
            metadata TEXT NOT NULL CHECK (json_valid(metadata)),
            characters INTEGER NOT NULL,
            added_at TEXT NOT NULL,
            run_id INTEGER REFERENCES runs (id),
            text TEXT NOT NULL
        ) STRICT;
        CREATE INDEX judgments_source_id ON judgments (source_id);
        CREATE INDEX judgments_run_id ON judgments (run_id);
        CREATE TRIGGER judgments_text_is_fixed BEFORE UPDATE OF judgment_id, text ON judgments
        WHEN NEW.text IS NOT OLD.text OR NEW.judgment_id IS NOT OLD.judgment_id
        BEGIN SELECT raise(ABORT, 'the text of a judgment is fixed: evidence counts its characters'); END;
        CREATE TABLE originals (
            judgment_id TEXT PRIMARY KEY NOT NULL REFERENCES judgments (judgment_id) ON DELETE CASCADE,
            text TEXT NOT NULL
        ) STRICT;
        CREATE TABLE sources (
            judgment_id TEXT NOT NULL REFERENCES judgments (judgment_id) ON DELETE CASCADE,
            source TEXT NOT NULL,
            source_id TEXT NOT NULL,
            path TEXT NOT NULL,
            PRIMARY KEY (judgment_id, source, source_id, path)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE import_log (
            id INTEGER PRIMARY KEY,
            run_id INTEGER NOT NULL REFERENCES runs (id),
            path TEXT NOT NULL,
            place TEXT NOT NULL DEFAULT '',
            outcome TEXT NOT NULL CHECK (outcome IN ('stored', 'duplicate', 'rejected')),
            reason TEXT NOT NULL DEFAULT '',
            detail TEXT NOT NULL DEFAULT '',
            records INTEGER NOT NULL DEFAULT 1
        ) STRICT;
        CREATE INDEX import_log_run_id ON import_log (run_id);
        CREATE INDEX import_log_path ON import_log (path, outcome);
        CREATE UNIQUE INDEX import_log_rejected ON import_log (path, place, reason) WHERE outcome = 'rejected';
    """)


def labels_and_evidence(db: Database) -> None:
    """What was said about a judgment, by whom, with which words; and which stage has seen it."""
    db.executescript("""
        CREATE TABLE labels (
            id INTEGER PRIMARY KEY,
            judgment_id TEXT NOT NULL REFERENCES judgments (judgment_id) ON DELETE CASCADE,
            unit TEXT NOT NULL CHECK (unit = 'case' OR unit GLOB 'defendant:[1-9]*' OR unit GLOB 'victim:[1-9]*'),
            variable TEXT NOT NULL CHECK (variable <> ''),
            value TEXT NOT NULL,
            "by" TEXT NOT NULL CHECK ("by" <> ''),
            score REAL,
            codebook_version TEXT NOT NULL,
            created_at TEXT NOT NULL,
            UNIQUE (judgment_id, unit, variable, value, "by")
        ) STRICT;
        CREATE INDEX labels_variable ON labels (variable, value);
        CREATE TABLE evidence (
            id INTEGER PRIMARY KEY,
            label_id INTEGER NOT NULL REFERENCES labels (id) ON DELETE CASCADE,
            judgment_id TEXT NOT NULL REFERENCES judgments (judgment_id) ON DELETE CASCADE,
            unit TEXT NOT NULL,
            variable TEXT NOT NULL,
            "by" TEXT NOT NULL,
            start INTEGER NOT NULL CHECK (start >= 0),
            "end" INTEGER NOT NULL,
            quote TEXT NOT NULL,
            section TEXT NOT NULL,
            speaker TEXT NOT NULL,
            rule TEXT NOT NULL,
            CHECK ("end" > start)
        ) STRICT;
        CREATE INDEX evidence_label ON evidence (label_id);
        CREATE INDEX evidence_judgment ON evidence (judgment_id);
        CREATE TRIGGER evidence_insert_quotes BEFORE INSERT ON evidence
        WHEN (SELECT substr(text, NEW.start + 1, NEW."end" - NEW.start) FROM judgments WHERE judgment_id = NEW.judgment_id) IS NOT NEW.quote
        BEGIN SELECT raise(ABORT, 'evidence must quote its judgment word for word'); END;
        CREATE TRIGGER evidence_update_quotes BEFORE UPDATE OF judgment_id, start, "end", quote ON evidence
        WHEN (SELECT substr(text, NEW.start + 1, NEW."end" - NEW.start) FROM judgments WHERE judgment_id = NEW.judgment_id) IS NOT NEW.quote
        BEGIN SELECT raise(ABORT, 'evidence must quote its judgment word for word'); END;
        CREATE TABLE stages (
            judgment_id TEXT NOT NULL REFERENCES judgments (judgment_id) ON DELETE CASCADE,
            stage TEXT NOT NULL,
            fingerprint TEXT NOT NULL,
            done_at TEXT NOT NULL,
            PRIMARY KEY (judgment_id, stage)
        ) STRICT, WITHOUT ROWID;
    """)


def projections(db: Database) -> None:
    """The analyst's tables: one row for each judgment, defendant, charge and victim, holding the most trusted value of each variable."""
    db.executescript("""
        CREATE TABLE cases (
            judgment_id TEXT PRIMARY KEY NOT NULL REFERENCES judgments (judgment_id) ON DELETE CASCADE,
            source TEXT NOT NULL,
            source_id TEXT NOT NULL,
            title TEXT NOT NULL,
            case_number TEXT NOT NULL DEFAULT '',
            court TEXT NOT NULL DEFAULT '',
            court_level TEXT NOT NULL DEFAULT '',
            province TEXT NOT NULL DEFAULT '',
            city TEXT NOT NULL DEFAULT '',
            trial_level TEXT NOT NULL DEFAULT '',
            decided_on TEXT NOT NULL DEFAULT '',
            incident_on TEXT NOT NULL DEFAULT '',
            in_scope INTEGER,
            in_scope_score REAL,
            attack_type TEXT,
            attack_type_score REAL,
            attack_type_by TEXT,
            cause TEXT,
            motive TEXT,
            weapon_prepared TEXT NOT NULL DEFAULT '',
            weapon TEXT NOT NULL DEFAULT '',
            alcohol TEXT NOT NULL DEFAULT '',
            relation TEXT,
            hospital_level TEXT NOT NULL DEFAULT '',
            department TEXT NOT NULL DEFAULT '',
            mental_disorder TEXT NOT NULL DEFAULT '',
            prior_dispute_channel TEXT NOT NULL DEFAULT '',
            compensation INTEGER,
            forgiveness INTEGER,
            worst_injury TEXT NOT NULL DEFAULT '',
            worst_staff_injury TEXT NOT NULL DEFAULT '',
            defendants INTEGER,
            victims INTEGER,
            staff_victims INTEGER
        ) STRICT;
        CREATE INDEX cases_source_id ON cases (source_id);
        CREATE TABLE defendants (
            judgment_id TEXT NOT NULL REFERENCES judgments (judgment_id) ON DELETE CASCADE,
            n INTEGER NOT NULL,
            name TEXT NOT NULL,
            gender TEXT NOT NULL,
            birth TEXT NOT NULL,
            ethnicity TEXT NOT NULL,
            education TEXT NOT NULL,
            occupation TEXT NOT NULL,
            prior_record INTEGER,
            surrender INTEGER,
            confession INTEGER,
            plea_leniency INTEGER,
            recidivist INTEGER,
            accessory INTEGER,
            sentence_kind TEXT NOT NULL,
            sentence_months INTEGER,
            probation_months INTEGER,
            fine INTEGER,
            PRIMARY KEY (judgment_id, n)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE charges (
            judgment_id TEXT NOT NULL REFERENCES judgments (judgment_id) ON DELETE CASCADE,
            defendant INTEGER NOT NULL,
            charge TEXT NOT NULL,
            PRIMARY KEY (judgment_id, defendant, charge)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE victims (
            judgment_id TEXT NOT NULL REFERENCES judgments (judgment_id) ON DELETE CASCADE,
            n INTEGER NOT NULL,
            name TEXT NOT NULL,
            role TEXT NOT NULL,
            injury TEXT NOT NULL,
            injury_grade TEXT NOT NULL,
            persons INTEGER,
            PRIMARY KEY (judgment_id, n)
        ) STRICT, WITHOUT ROWID;
    """)


def search_index(db: Database) -> None:
    """Full-text index over single characters; it holds no text, and `indexed` gives its rows lasting numbers (VACUUM renumbers rowids)."""
    db.executescript("""
        CREATE TABLE indexed (
            number INTEGER PRIMARY KEY,
            judgment_id TEXT NOT NULL UNIQUE REFERENCES judgments (judgment_id) ON DELETE CASCADE
        ) STRICT;
        CREATE VIRTUAL TABLE judgments_fts USING fts5 (
            text, content = '', tokenize = "unicode61 tokenchars '，。、；：？！“”‘’（）《》—…·%×*+-./:=#@_'"
        );
        -- Merge less often and from a larger buffer: a sixth faster to build, no slower to ask (measured on 10,000 judgments).
        INSERT INTO judgments_fts (judgments_fts, rank) VALUES ('automerge', 8);
        INSERT INTO judgments_fts (judgments_fts, rank) VALUES ('hashsize', 8388608);
    """)


def renew_views(db: Database) -> None:
    """Questions of the trade, as views: they hold nothing, so that a step that changes them makes all of them anew."""
    for name in db.view_names():
        db.execute(f"DROP VIEW {name}")
    db.executescript(VIEWS)


def answers_of_the_court(db: Database) -> None:
    """Whether the court accepts or rejects the plea that a quotation reports; NULL where it says neither."""
    db.executescript("ALTER TABLE evidence ADD COLUMN accepted INTEGER CHECK (accepted IN (0, 1));")
    renew_views(db)


def disposition_in_full(db: Database) -> None:
    """Columns for where weapons came from, for all that the court decides of a defendant, and for the penalty of each charge."""
    for column in ("weapon_source TEXT NOT NULL DEFAULT ''", "hospital_level_basis TEXT NOT NULL DEFAULT ''", "victim_fault INTEGER"):
        db.execute(f"ALTER TABLE cases ADD COLUMN {column}")
    for name in ("party_kind", "alias"):
        db.execute(f"ALTER TABLE defendants ADD COLUMN {name} TEXT NOT NULL DEFAULT ''")
    for name in ("principal", "meritorious", "major_merit", "preparation", "attempt", "discontinuance", "juvenile", "elderly"):
        db.execute(f"ALTER TABLE defendants ADD COLUMN {name} INTEGER")
    for name in ("deaf_mute_or_blind", "limited_responsibility"):
        db.execute(f"ALTER TABLE defendants ADD COLUMN {name} INTEGER")
    for name in ("political_rights_months", "property_confiscated"):
        db.execute(f"ALTER TABLE defendants ADD COLUMN {name} TEXT NOT NULL DEFAULT ''")
    db.execute("ALTER TABLE defendants ADD COLUMN civil_compensation REAL")
    for column in ("sentence_kind TEXT NOT NULL DEFAULT ''", "sentence_months INTEGER"):
        db.execute(f"ALTER TABLE charges ADD COLUMN {column}")


def keyword_hits_and_ledger(db: Database) -> None:
    """Which keyword matched where in a judgment, and what a bulk scan has read of each member of a dump, to go on from there."""
    db.executescript("""
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
    """)


def queries(db: Database) -> None:
    """What was asked of which source, how much it says there is, and what became of each document that it lists."""
    db.executescript("""
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
    """)


def case_links(db: Database) -> None:
    """What a text says of its identity, what it cites, judgments that are one document or one case; in `cases` the chain of each."""
    db.executescript("""
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
    """)
    renew_views(db)


def prediction_sets(db: Database) -> None:
    """Each value's probability by the models and whether it stays possible; the set of attack types of a case; the weight of evidence."""
    db.executescript("""
        CREATE TABLE predictions (
            judgment_id TEXT NOT NULL REFERENCES judgments (judgment_id) ON DELETE CASCADE,
            variable TEXT NOT NULL CHECK (variable <> ''),
            value TEXT NOT NULL,
            probability REAL NOT NULL CHECK (probability BETWEEN 0 AND 1),
            in_set INTEGER NOT NULL CHECK (in_set IN (0, 1)),
            "by" TEXT NOT NULL CHECK ("by" <> ''),
            PRIMARY KEY (judgment_id, variable, value)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX predictions_possible ON predictions (variable, judgment_id) WHERE in_set = 1;
        ALTER TABLE cases ADD COLUMN attack_type_set TEXT;
        UPDATE cases SET attack_type_set = attack_type
        WHERE attack_type_by NOT IN ('model', 'rules') AND attack_type_by NOT LIKE 'model:%' AND attack_type_by NOT LIKE 'rules:%';
        ALTER TABLE evidence ADD COLUMN weight REAL;
    """)
    renew_views(db)


MIGRATIONS: tuple[Callable[[Database], None], ...] = (
    *(judgments_and_runs, labels_and_evidence, projections, search_index, renew_views, answers_of_the_court),
    disposition_in_full,
    keyword_hits_and_ledger,
    queries,
    case_links,
    prediction_sets,
)
