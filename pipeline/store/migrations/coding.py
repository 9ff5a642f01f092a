"""Steps for coding by people: the codebook they code by, who they are, what was drawn for whom, what they say and every change of it."""

from __future__ import annotations

from sqlite_utils import Database

from pipeline.store.migrations.labels import renew_views
from pipeline.store.migrations.script import execute_script


def codebook_in_the_database(db: Database) -> None:
    """The codebook's versions with the meaning of each variable and value; labels outside it are refused by the database itself."""
    execute_script(
        db,
        """
        CREATE TABLE codebooks (
            version TEXT PRIMARY KEY NOT NULL,
            fingerprint TEXT NOT NULL,
            first_seen TEXT NOT NULL,
            frozen_at TEXT
        ) STRICT;
        CREATE TABLE codebook_variables (
            version TEXT NOT NULL REFERENCES codebooks (version) ON DELETE CASCADE,
            variable TEXT NOT NULL,
            units TEXT NOT NULL,
            kind TEXT NOT NULL,
            zh TEXT NOT NULL,
            en TEXT NOT NULL,
            definition_zh TEXT NOT NULL,
            definition_en TEXT NOT NULL,
            silence TEXT NOT NULL,
            meaning TEXT NOT NULL,
            PRIMARY KEY (version, variable)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE codebook_values (
            version TEXT NOT NULL REFERENCES codebooks (version) ON DELETE CASCADE,
            variable TEXT NOT NULL,
            value TEXT NOT NULL,
            position INTEGER NOT NULL,
            zh TEXT NOT NULL,
            en TEXT NOT NULL,
            definition_zh TEXT NOT NULL,
            definition_en TEXT NOT NULL,
            PRIMARY KEY (version, variable, value)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX codebook_values_value ON codebook_values (variable, value);
        CREATE TRIGGER labels_insert_codebook BEFORE INSERT ON labels
        WHEN EXISTS (SELECT 1 FROM codebook_values WHERE variable = NEW.variable)
            AND NOT EXISTS (SELECT 1 FROM codebook_values WHERE variable = NEW.variable AND value = NEW.value)
        BEGIN SELECT raise(ABORT, 'a label must have a value of the codebook'); END;
        CREATE TRIGGER labels_update_codebook BEFORE UPDATE OF variable, value ON labels
        WHEN EXISTS (SELECT 1 FROM codebook_values WHERE variable = NEW.variable)
            AND NOT EXISTS (SELECT 1 FROM codebook_values WHERE variable = NEW.variable AND value = NEW.value)
        BEGIN SELECT raise(ABORT, 'a label must have a value of the codebook'); END;
    """,
    )


def coding_by_people(db: Database) -> None:
    """Coders and their sessions, samples with their frames, assignments, remarks beside labels, and the history of every change."""
    execute_script(
        db,
        """
        ALTER TABLE labels ADD COLUMN mode TEXT CHECK (mode IN ('blind', 'assisted', 'imported', 'adjudication'));
        CREATE TABLE coders (
            name TEXT PRIMARY KEY NOT NULL,
            role TEXT NOT NULL CHECK (role IN ('coder', 'adjudicator')),
            token TEXT NOT NULL,
            invited_at TEXT NOT NULL,
            revoked_at TEXT
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE sessions (
            secret TEXT PRIMARY KEY NOT NULL,
            coder TEXT NOT NULL REFERENCES coders (name) ON DELETE CASCADE,
            csrf TEXT NOT NULL,
            opened_at TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE samples (
            id INTEGER PRIMARY KEY,
            drawn_at TEXT NOT NULL,
            task TEXT NOT NULL CHECK (task IN ('code', 'screen')),
            strategy TEXT NOT NULL,
            seed INTEGER NOT NULL,
            overlap REAL NOT NULL CHECK (overlap BETWEEN 0 AND 1),
            condition TEXT NOT NULL,
            frame_size INTEGER NOT NULL,
            size INTEGER NOT NULL,
            settings TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(settings)),
            codebook_version TEXT NOT NULL
        ) STRICT;
        CREATE TABLE sampling_frames (
            sample_id INTEGER NOT NULL REFERENCES samples (id) ON DELETE CASCADE,
            judgment_id TEXT NOT NULL REFERENCES judgments (judgment_id),
            stratum TEXT NOT NULL,
            probability REAL NOT NULL CHECK (probability > 0 AND probability <= 1),
            drawn INTEGER NOT NULL CHECK (drawn IN (0, 1)),
            PRIMARY KEY (sample_id, judgment_id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX sampling_frames_judgment ON sampling_frames (judgment_id);
        CREATE TABLE assignments (
            judgment_id TEXT NOT NULL REFERENCES judgments (judgment_id),
            coder TEXT NOT NULL REFERENCES coders (name),
            task TEXT NOT NULL CHECK (task IN ('code', 'screen')),
            sample_id INTEGER REFERENCES samples (id),
            position INTEGER NOT NULL,
            mode TEXT NOT NULL CHECK (mode IN ('blind', 'assisted')),
            state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done')),
            seconds REAL NOT NULL DEFAULT 0 CHECK (seconds >= 0),
            opened_at TEXT,
            done_at TEXT,
            PRIMARY KEY (judgment_id, coder, task)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX assignments_queue ON assignments (coder, task, position, judgment_id);
        CREATE INDEX assignments_state ON assignments (coder, task, state, position);
        CREATE TABLE remarks (
            judgment_id TEXT NOT NULL REFERENCES judgments (judgment_id),
            unit TEXT NOT NULL,
            variable TEXT NOT NULL,
            "by" TEXT NOT NULL,
            unsure INTEGER NOT NULL CHECK (unsure IN (0, 1)),
            note TEXT NOT NULL,
            words TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(words)),
            PRIMARY KEY (judgment_id, unit, variable, "by")
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE changes (
            id INTEGER PRIMARY KEY,
            step INTEGER NOT NULL,
            judgment_id TEXT NOT NULL REFERENCES judgments (judgment_id),
            unit TEXT NOT NULL,
            variable TEXT NOT NULL,
            "by" TEXT NOT NULL,
            actor TEXT NOT NULL,
            at TEXT NOT NULL,
            before TEXT NOT NULL CHECK (json_valid(before)),
            after TEXT NOT NULL CHECK (json_valid(after)),
            mode TEXT NOT NULL,
            tab TEXT NOT NULL DEFAULT '',
            reason TEXT NOT NULL DEFAULT '',
            undoes INTEGER,
            codebook_version TEXT NOT NULL
        ) STRICT;
        CREATE INDEX changes_entry ON changes (judgment_id, "by", unit, variable, id);
        CREATE TRIGGER changes_are_kept BEFORE DELETE ON changes BEGIN SELECT raise(ABORT, 'the history of codings is kept'); END;
        CREATE TRIGGER changes_are_fixed BEFORE UPDATE ON changes BEGIN SELECT raise(ABORT, 'the history of codings is fixed'); END;
    """,
    )
    renew_views(db)


def recoding_list(db: Database) -> None:
    """Which version of the codebook is the present one, all of it that decides a coding, and the list of what is to be coded again.

    The database then takes any value of a variable that one version leaves open, whatever values another version names.
    """
    outside = """
        NOT EXISTS (SELECT 1 FROM codebook_values WHERE variable = NEW.variable AND value = NEW.value)
        AND EXISTS (SELECT 1 FROM codebook_values WHERE variable = NEW.variable)
        AND NOT EXISTS (
            SELECT 1 FROM codebook_variables AS o WHERE o.variable = NEW.variable
            AND NOT EXISTS (SELECT 1 FROM codebook_values AS v WHERE v.version = o.version AND v.variable = o.variable)
        )"""
    execute_script(
        db,
        f"""
        ALTER TABLE codebooks ADD COLUMN present INTEGER NOT NULL DEFAULT 0 CHECK (present IN (0, 1));
        ALTER TABLE codebook_variables ADD COLUMN silence_zh TEXT NOT NULL DEFAULT '';
        ALTER TABLE codebook_variables ADD COLUMN silence_en TEXT NOT NULL DEFAULT '';
        ALTER TABLE codebook_values ADD COLUMN rank INTEGER;
        CREATE INDEX labels_of_people ON labels (variable, "by", codebook_version)
        WHERE "by" NOT IN ('model', 'rules', 'defence') AND "by" NOT LIKE 'model:%' AND "by" NOT LIKE 'rules:%';
        DROP TRIGGER labels_insert_codebook;
        DROP TRIGGER labels_update_codebook;
        CREATE TRIGGER labels_insert_codebook BEFORE INSERT ON labels WHEN {outside}
        BEGIN SELECT raise(ABORT, 'a label must have a value of the codebook'); END;
        CREATE TRIGGER labels_update_codebook BEFORE UPDATE OF variable, value ON labels WHEN {outside}
        BEGIN SELECT raise(ABORT, 'a label must have a value of the codebook'); END;
    """,
    )
    renew_views(db)
