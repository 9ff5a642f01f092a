"""Questions to the database: SQL, names of views, the three forms of an answer."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from pipeline.analyse.questions import ask, write_rows
from pipeline.schema import AnjuanError, Judgment, StoreError
from pipeline.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store.open(tmp_path / "study.db")
    store.add_judgments(None, [Judgment("plain", "甲,1", "被告人张某\n持刀"), Judgment("plain", "乙", "被告人李某")])
    return store


def test_a_select_or_the_name_of_a_table_is_a_question(store: Store) -> None:
    assert ask(store, "SELECT source_id FROM judgments ORDER BY 1;") == [{"source_id": "乙"}, {"source_id": "甲,1"}]
    assert len(ask(store, "judgments")) == 2
    assert len(ask(store, "judgments", limit=1)) == 1
    assert ask(store, "rejected_claims") == []


def test_an_empty_question_lists_tables_and_views(store: Store) -> None:
    listed = {row["name"]: row for row in ask(store, "")}
    assert "sentence_months" in listed["defendants"]["columns"]
    assert listed["claims"]["kind"] == "view"


@pytest.mark.parametrize("question", ["nonsense", "DELETE FROM judgments", "SELECT nothing FROM judgments"])
def test_what_is_no_question_is_one_line(store: Store, question: str) -> None:
    with pytest.raises((AnjuanError, StoreError)) as error:
        ask(store, question)
    assert "\n" not in str(error.value)
    assert store.count() == 2


WRITES = [
    "INSERT INTO judgments_fts (judgments_fts) VALUES ('optimize')",
    "WITH a AS (SELECT 'x') INSERT INTO originals SELECT judgment_id, 'x' FROM judgments RETURNING *",
    "DELETE FROM judgments RETURNING *",
    "CREATE TEMP TABLE mine (a)",
    "ATTACH '{folder}/other.db' AS other",
    "VACUUM INTO '{folder}/other.db'",
    "SELECT 1; DROP TABLE evidence",
    "PRAGMA journal_mode = DELETE",
    "PRAGMA user_version = 1",
    "PRAGMA query_only = OFF",
    "PRAGMA wal_checkpoint",
    "PRAGMA writable_schema = ON",
    "REINDEX cases",
    "SELECT load_extension('{folder}/other.so')",
]


@pytest.mark.parametrize("question", WRITES)
def test_nothing_is_written_by_asking(store: Store, question: str) -> None:
    pragmas = ("journal_mode", "user_version", "application_id", "query_only", "writable_schema")
    folder = store.path.parent
    before = [store.db.execute(f"PRAGMA {name}").fetchone() for name in pragmas], list(store.db.iterdump()), sorted(folder.iterdir())
    with pytest.raises(StoreError) as error:
        ask(store, question.format(folder=folder))
    assert "\n" not in str(error.value)
    after = [store.db.execute(f"PRAGMA {name}").fetchone() for name in pragmas], list(store.db.iterdump()), sorted(folder.iterdir())
    assert after == before
    store.begin_run("still writes")


@pytest.mark.parametrize(
    "question", ["PRAGMA table_info(cases)", "PRAGMA user_version", "SELECT name FROM pragma_table_list", "EXPLAIN SELECT 1"]
)
def test_questions_about_the_schema_are_answered(store: Store, question: str) -> None:
    assert ask(store, question)


def test_the_forms_hold_the_same_rows(store: Store) -> None:
    rows = ask(store, "SELECT source_id, text FROM judgments ORDER BY 1")
    assert list(csv.DictReader(io.StringIO(write_rows(rows, "csv")))) == rows
    assert [json.loads(line) for line in write_rows(rows, "jsonl").splitlines()] == rows
    table = write_rows(rows, "table")
    assert "被告人张某 持刀" in table
    assert table.endswith("2 rows\n")
    with pytest.raises(AnjuanError, match="table, csv, jsonl"):
        write_rows(rows, "xml")
