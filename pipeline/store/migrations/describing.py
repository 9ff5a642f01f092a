"""The step for the dictionary: a title for every table, a label for every column and every permitted value, in both languages."""

from __future__ import annotations

from sqlite_utils import Database

from pipeline.store.migrations.script import execute_script


def dictionary(db: Database) -> None:
    """Tables for the dictionary; `pipeline.store.dictionary` fills them whenever the database is opened by another version."""
    execute_script(
        db,
        """
        CREATE TABLE dictionary_tables (
            name TEXT PRIMARY KEY NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('table', 'view')),
            zh TEXT NOT NULL,
            en TEXT NOT NULL,
            description_zh TEXT NOT NULL,
            description_en TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE dictionary_columns (
            "table" TEXT NOT NULL REFERENCES dictionary_tables (name) ON DELETE CASCADE,
            "column" TEXT NOT NULL,
            position INTEGER NOT NULL,
            zh TEXT NOT NULL,
            en TEXT NOT NULL,
            definition_zh TEXT NOT NULL,
            definition_en TEXT NOT NULL,
            type TEXT NOT NULL,
            "values" TEXT NOT NULL,
            variable TEXT NOT NULL,
            PRIMARY KEY ("table", "column")
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE dictionary_values (
            "table" TEXT NOT NULL,
            "column" TEXT NOT NULL,
            value TEXT NOT NULL,
            position INTEGER NOT NULL,
            zh TEXT NOT NULL,
            en TEXT NOT NULL,
            PRIMARY KEY ("table", "column", value),
            FOREIGN KEY ("table", "column") REFERENCES dictionary_columns ("table", "column") ON DELETE CASCADE
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE dictionary_state (fingerprint TEXT NOT NULL) STRICT;
    """,
    )
