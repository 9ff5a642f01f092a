"""Opening the database file: what is refused, which settings hold, and the one way to write (a transaction)."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from pipeline.codebook import fingerprint, load, source
from pipeline.schema import StoreError
from pipeline.store import codebooks, dictionary
from pipeline.store.migrations import APPLICATION_ID, MIGRATIONS

BUSY_SECONDS = 30.0
_STEPS_BETWEEN_SIGNALS = 100_000  # of SQLite's machine: some milliseconds
OLDEST_SQLITE = (3, 37, 0)  # STRICT tables
_DOING = frozenset({"wal_checkpoint", "optimize", "incremental_vacuum", "shrink_memory"})  # pragmas that act without an argument


def connect(path: Path, create: bool) -> Database:
    """Open, check and migrate the database at `path`, and register the codebook that ships.

    StoreError when it is absent (and not to be created), foreign or newer, or was coded with another codebook of the same version.
    """
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise StoreError(f"SQLite {sqlite3.sqlite_version} is too old: anjuan needs 3.37 or later")
    _refuse_impossible_path(path, create)
    with translated(path):
        db = Database(sqlite3.connect(path, timeout=BUSY_SECONDS), execute_plugins=False)
        try:
            _refuse_foreign(db, path, create)
            _configure(db)
            _migrate(db)
            _register_codebook(db, path)
        except BaseException:
            db.close()
            raise
    return db


def _refuse_impossible_path(path: Path, create: bool) -> None:
    if path.is_dir():
        raise StoreError(f"{path} is a folder, not a database")
    if path.exists():
        return
    if not create:
        raise StoreError(f"{path} does not exist: `anjuan run INPUT --db {path}` makes it")
    if not path.parent.is_dir():
        raise StoreError(f"{path} cannot be created: the folder {path.parent} does not exist")


def _refuse_foreign(db: Database, path: Path, create: bool) -> None:
    """Raise StoreError for another program's database and for one written by a newer anjuan. Reads only."""
    tables = db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    version = pragma(db, "user_version")
    if pragma(db, "application_id") != APPLICATION_ID:
        if tables or version:
            raise StoreError(f"{path} is the SQLite database of another program: choose another file")
        if not create:
            raise StoreError(f"{path} is empty: `anjuan run INPUT --db {path}` fills it")
    elif version > len(MIGRATIONS):
        raise StoreError(
            f"{path} was written by a newer anjuan (database version {version}, this one knows {len(MIGRATIONS)}): update anjuan"
        )


def _configure(db: Database) -> None:
    db.execute("PRAGMA foreign_keys = ON")
    db.enable_wal()
    # With WAL, NORMAL never corrupts; a power cut can only lose the last batches, which the next run does again.
    db.execute("PRAGMA synchronous = NORMAL")
    db.execute("PRAGMA cache_size = -32000")


def _migrate(db: Database) -> None:
    """Apply the numbered migrations that this file lacks, all in one transaction."""
    if pragma(db, "user_version") == len(MIGRATIONS):
        return
    with _exclusive(db):
        done = pragma(db, "user_version")  # again: another process may have migrated while this one waited
        for number, migration in enumerate(MIGRATIONS[done:], done + 1):
            migration(db)
            db.execute(f"PRAGMA user_version = {number}")
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")


def _register_codebook(db: Database, path: Path) -> None:
    """Make the codebook that ships the present one, and describe all by it. Two SELECTs where both is done: the codebook is not even parsed."""
    codebook = fingerprint(source().decode())
    described = dictionary.fingerprint(codebook, len(MIGRATIONS))
    if codebooks.is_present(db, codebook) and dictionary.is_written(db, described):
        return
    with _exclusive(db):
        codebooks.register(db, load(), path, now())
        dictionary.write(db, load(), described)


def pragma(db: Database, name: str) -> int:
    """Value of an integer pragma."""
    return int(db.execute(f"PRAGMA {name}").fetchone()[0])


@contextmanager
def _exclusive(db: Database) -> Iterator[None]:
    # BEGIN IMMEDIATE, where Database.atomic() begins deferred: a writer that has read first could not wait for another writer.
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.commit()
    except BaseException:
        db.rollback()
        raise


@contextmanager
def transaction(db: Database, path: Path) -> Iterator[None]:
    """All or nothing: commits at the end, rolls back on any exception (Ctrl-C too). SQLite's errors become StoreError."""
    with translated(path), _exclusive(db):
        yield


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn SQLite's exceptions into one StoreError that names the file."""
    try:
        yield
    except sqlite3.Error as error:
        message = str(error)
        if "not a database" in message:
            message = "is not an SQLite database"
        elif "locked" in message:
            message = "is in use by another program: close it and try again"
        else:
            message = f"cannot be used: {message}"
        raise StoreError(f"{path} {message}") from error


def write(db: Database, sql: str, rows: Iterable[Sequence[Any]]) -> None:
    """Run one statement for each row, inside the open transaction."""
    db.conn.executemany(sql, rows)


def read_only(db: Database, sql: str, parameters: Sequence[Any] | dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of a statement that is not allowed to write; StoreError for any other."""
    with _refusing_to_write(db):
        try:
            return list(db.query(sql, parameters))
        except ValueError as error:  # sqlite-utils refuses what gives no rows
            raise StoreError(f"not a question to the database: {sql}") from error
        except sqlite3.DatabaseError as error:
            if "not authorized" in str(error):
                raise StoreError(f"not a question to the database: {sql}") from error
            raise


@contextmanager
def asked(db: Database, sql: str) -> Iterator[sqlite3.Cursor]:
    """The rows of somebody's own statement as they come, for the length of a `with`; Ctrl-C ends it, however long SQLite counts.

    StoreError in one line for a statement that would write, and for one that SQLite cannot answer.
    """
    with _refusing_to_write(db):
        # A function of Python's own: where it is entered, signals are looked at. What it raises ends the statement ("interrupted").
        db.conn.set_progress_handler(lambda: 0, _STEPS_BETWEEN_SIGNALS)
        try:
            cursor = db.conn.execute(sql)
            if cursor.description is None:
                raise StoreError(f"not a question to the database: {sql}")
            yield cursor
        except (sqlite3.Error, sqlite3.Warning) as error:
            raise _unanswered(sql, error) from error
        finally:
            db.conn.set_progress_handler(None, 0)
            db.conn.rollback()  # a refused INSERT has begun a transaction


def _unanswered(sql: str, error: Exception) -> BaseException:
    """What an error of SQLite's means to who asked: Ctrl-C, a statement that writes, one that is wrong; else the error itself."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)  # Python's own errors, of several statements at once, have none
    if code == sqlite3.SQLITE_INTERRUPT:
        return KeyboardInterrupt()
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_AUTH) or "not authorized" in str(error):
        return StoreError(f"not a question to the database: {sql}")
    return StoreError(f"the question cannot be answered: {error}") if code == sqlite3.SQLITE_ERROR else error


@contextmanager
def _refusing_to_write(db: Database) -> Iterator[None]:
    db.execute("PRAGMA query_only = ON")
    db.conn.set_authorizer(_asking_only)
    try:
        yield
    finally:
        db.conn.set_authorizer(None)
        db.execute("PRAGMA query_only = OFF")


def _asking_only(action: int, name: str | None, argument: str | None, *_: str | None) -> int:
    """What `query_only` lets through and is no question: other files, and pragmas that set or do something."""
    if action in (sqlite3.SQLITE_ATTACH, sqlite3.SQLITE_DETACH):
        return sqlite3.SQLITE_DENY
    asks = argument is None or str(name).endswith(("info", "list", "check"))
    if action == sqlite3.SQLITE_PRAGMA and (not asks or name in _DOING):
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK


def bound(values: Iterable[str]) -> str:
    """A list as one parameter: `x IN (SELECT value FROM json_each(?))` knows no limit of variables."""
    return json.dumps(list(values))


def now() -> str:
    """The time in UTC, to the second: '2024-03-01T08:00:00Z'."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
