"""Steps for labels: what is said with which words, the analyst's tables made of it, the views."""

from __future__ import annotations

from sqlite_utils import Database

from pipeline.store.migrations.script import execute_script
from pipeline.store.views import VIEWS


def labels_and_evidence(db: Database) -> None:
    """What was said about a judgment, by whom, with which words; and which stage has seen it."""
    execute_script(
        db,
        """
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
    """,
    )


def projections(db: Database) -> None:
    """The analyst's tables: one row for each judgment, defendant, charge and victim, holding the most trusted value of each variable."""
    execute_script(
        db,
        """
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
    """,
    )


def answers_of_the_court(db: Database) -> None:
    """Whether the court accepts or rejects the plea that a quotation reports; NULL where it says neither."""
    execute_script(db, "ALTER TABLE evidence ADD COLUMN accepted INTEGER CHECK (accepted IN (0, 1));")
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


def prediction_sets(db: Database) -> None:
    """Each value's probability by the models and whether it stays possible; the set of attack types of a case; the weight of evidence."""
    execute_script(
        db,
        """
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
    """,
    )
    renew_views(db)


def renew_views(db: Database) -> None:
    """Questions of the trade, as views: they hold nothing, so that a step that changes them makes all of them anew."""
    for name in db.view_names():
        db.execute(f"DROP VIEW {name}")
    execute_script(db, VIEWS)
