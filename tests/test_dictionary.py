"""The dictionary inside the database: every table, view, column and value in words, in step with the codebook and the schema."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import duckdb
import pytest
from small_database import build

from pipeline.codebook import load
from pipeline.store import Store, dictionary
from pipeline.store.connection import transaction


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> sqlite3.Connection:
    path = tmp_path_factory.mktemp("dictionary") / "new.db"
    Store.open(path).close()
    return sqlite3.connect(path)


def test_every_table_and_column_has_words(db: sqlite3.Connection) -> None:
    # Whoever adds a table, a view or a column says in pipeline/store/dictionary.toml what it is.
    assert list(dictionary.undescribed(db)) == []  # type: ignore[arg-type]
    names = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%'")}
    described = {name for (name,) in db.execute("SELECT name FROM dictionary_tables")}
    shadows = {name for (name,) in db.execute("SELECT name FROM pragma_table_list WHERE type = 'shadow'")}
    assert described == names - shadows


def test_a_column_without_words_is_told(tmp_path: Path) -> None:
    with Store.open(tmp_path / "more.db") as store:
        with transaction(store.db, store.path):
            store.db.execute("CREATE TABLE mine (judgment_id TEXT, something_new TEXT) STRICT")
            dictionary.write(store.db, load(), "again")
        assert list(dictionary.undescribed(store.db)) == ["mine", "mine.something_new"]


def test_no_words_for_what_is_not_there(db: sqlite3.Connection) -> None:
    words = dictionary.words()
    columns = set(db.execute('SELECT "table", "column" FROM dictionary_columns'))
    assert words.tables.keys() == {table for table, _ in columns}
    assert {(table, column) for table, own in words.columns_of.items() for column in own} <= columns
    assert words.columns.keys() <= {column for _, column in columns}


def test_labels_are_short_enough_for_stata(db: sqlite3.Connection) -> None:
    longest = 'SELECT "table", "column" FROM dictionary_columns WHERE length(zh) > 80 OR length(en) > 80'
    assert db.execute(longest).fetchall() == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_labels_of_a_table_differ(db: sqlite3.Connection, language: str) -> None:
    same = f'SELECT "table", {language} FROM dictionary_columns GROUP BY 1, 2 HAVING count(*) > 1'
    assert db.execute(same).fetchall() == []


def test_the_codebook_names_its_variables_and_values(db: sqlite3.Connection) -> None:
    row = db.execute(
        """SELECT zh, en, type, "values", variable FROM dictionary_columns WHERE "table" = 'cases' AND "column" = 'attack_type'"""
    )
    assert row.fetchone() == ("袭医类型", "Attack type", "choice", "hatred, reactive, fortuitous", "attack_type")
    joined = db.execute("""
        SELECT v.zh FROM dictionary_values AS v
        WHERE v."table" = 'chains' AND v."column" = 'last_trial_level' AND v.value = 'second'""").fetchone()
    assert joined == ("二审",)
    speakers = db.execute("""SELECT value FROM dictionary_values WHERE "table" = 'evidence' AND "column" = 'speaker' ORDER BY position""")
    assert [value for (value,) in speakers] == list(load().speakers)


def test_types_are_known_and_closed_columns_have_values(db: sqlite3.Connection) -> None:
    types = {kind for (kind,) in db.execute("SELECT DISTINCT type FROM dictionary_columns")}
    known = {"key", "text", "integer", "real", "flag", "choice", "list", "date", "time", "json", "long", "secret", "blob"}
    assert types <= known
    open_choices = """SELECT "table", "column" FROM dictionary_columns WHERE type IN ('choice', 'flag') AND "values" = ''"""
    assert db.execute(open_choices).fetchall() == []


def test_an_old_dictionary_is_written_anew_and_a_present_one_left(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    with Store.open(path) as store, transaction(store.db, store.path):
        store.db.execute("UPDATE dictionary_columns SET zh = 'old'")
        store.db.execute("UPDATE dictionary_state SET fingerprint = 'of an older version'")
    with Store.open(path) as store:
        assert store.query("SELECT count(*) AS n FROM dictionary_columns WHERE zh = 'old'") == [{"n": 0}]
    with Store.open(path) as store:
        assert store.db.conn.total_changes == 0


def test_every_value_has_the_declared_type(tmp_path: Path) -> None:
    """What DuckDB's and Parquet's readers rely on: STRICT tables hold only what their columns declare."""
    build(tmp_path / "small.db")
    db = sqlite3.connect(tmp_path / "small.db")
    tables = db.execute("SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'")
    allowed = {"TEXT": {"text"}, "INTEGER": {"integer"}, "REAL": {"real"}, "BLOB": {"blob"}}
    for table, strict in tables.fetchall():
        assert strict, table
        for column, declared in db.execute("SELECT name, type FROM pragma_table_xinfo(?)", [table]).fetchall():
            found = {kind for (kind,) in db.execute(f'SELECT DISTINCT typeof("{column}") FROM "{table}"')} - {"null"}
            assert found <= allowed[declared], f"{table}.{column}"


def test_duckdb_reads_every_view(db: sqlite3.Connection) -> None:
    """DuckDB takes the views of an attached file in its own SQL: one that it cannot parse and not even SHOW TABLES works."""
    there = duckdb.connect()
    for (table,) in db.execute("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type <> 'view' AND name NOT LIKE 'sqlite_%'"):
        columns = db.execute("SELECT name, type FROM pragma_table_xinfo(?)", [table]).fetchall()
        declared = ", ".join(f'"{name}" {kind or "TEXT"}' for name, kind in columns)
        there.execute(f'CREATE TABLE "{table}" ({declared})')
    for name, sql in db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'view'"):
        if name == "missing_instances":  # columns of the row with the greatest date: only SQLite says it so
            assert there.extract_statements(sql)
        else:
            assert there.execute(sql).execute(f"SELECT * FROM {name}").fetchall() == []
