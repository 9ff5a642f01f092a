"""Runs a script of SQL within the transaction of the migration."""

from __future__ import annotations

import sqlite3

from sqlite_utils import Database


def execute_script(db: Database, script: str) -> None:
    """Execute the statements of `script`, each ending with a semicolon at the end of a line.

    sqlite3's own executescript() commits what is open; that of sqlite-utils does not, and looks at each sign for the end of a statement,
    in quadratic time: half of what a new database took.
    """
    statement = ""
    for line in script.strip().splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            db.execute(statement)
            statement = ""
    if statement.strip():
        raise ValueError(f"a statement of a migration has no end: {statement.strip()[:60]}")
