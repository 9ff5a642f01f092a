"""Questions to the database: SQL, names of views, the three forms of an answer."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import threading
from pathlib import Path
from typing import Any

import pytest

from pipeline.analyse.questions import answer, write_rows
from pipeline.schema import AnjuanError, Judgment, StoreError
from pipeline.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store.open(tmp_path / "study.db")
    store.add_judgments(None, [Judgment("plain", "甲,1", "被告人张某\n持刀"), Judgment("plain", "乙", "被告人李某")])
    return store


def written(store: Store, question: str, form: str, limit: int | None = None) -> str:
    pieces: list[str] = []
    answer(store, question, form, limit, pieces.append)
    return "".join(pieces)


def ask(store: Store, question: str, limit: int | None = None) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written(store, question, "jsonl", limit).splitlines()]


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


EVERYTHING = "SELECT x'00ff' AS b, NULL AS n, 1.5 AS r, 'a,\"b\n医' AS t, 9007199254740993 AS i, 1e999 AS i, '' AS i"


def test_values_are_exact(store: Store) -> None:
    assert written(store, EVERYTHING, "csv") == 'b,n,r,t,i,i_2,i_3\n00ff,,1.5,"a,""b\n医",9007199254740993,inf,\n'
    assert ask(store, EVERYTHING) == [{"b": "00ff", "n": None, "r": 1.5, "t": 'a,"b\n医', "i": 9007199254740993, "i_2": None, "i_3": ""}]
    assert written(store, EVERYTHING, "table").splitlines()[2] == ' 00ff       1.5   a,"b 医   9007199254740993   inf'


def test_an_answer_without_rows_has_its_header(store: Store) -> None:
    nothing = "SELECT source_id, text FROM judgments WHERE 0 -- with a remark"
    assert [written(store, nothing, form, 3) for form in ("csv", "jsonl", "table")] == ["source_id,text\n", "", "no rows\n"]


def test_rows_are_written_as_they_come(store: Store) -> None:
    endless = "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT n FROM c"
    pieces: list[str] = []

    def take(piece: str) -> None:
        pieces.append(piece)
        if len(pieces) == 3:
            raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        answer(store, endless, "csv", None, take)
    assert pieces[2].splitlines()[-1] == "2999"
    store.begin_run("still writes")


def test_an_endless_question_can_be_interrupted(store: Store) -> None:
    endless = "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT count(*) FROM c"
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell in the background has its children ignore Ctrl-C
    try:
        threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()
        with pytest.raises(KeyboardInterrupt):
            written(store, endless, "csv")
    finally:
        signal.signal(signal.SIGINT, before)
    assert ask(store, "SELECT 1 AS n") == [{"n": 1}]


@pytest.mark.parametrize("question", ["SELECT nothing_such FROM judgments", "SELECT 1; SELECT 2", "SELECT :asked"])
def test_a_wrong_question_is_not_laid_to_the_database(store: Store, question: str) -> None:
    with pytest.raises(StoreError, match=r"^the question cannot be answered: "):
        ask(store, question)
