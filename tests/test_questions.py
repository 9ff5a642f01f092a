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


def test_the_forms_hold_the_same_rows(store: Store) -> None:
    rows = ask(store, "SELECT source_id, text FROM judgments ORDER BY 1")
    assert list(csv.DictReader(io.StringIO(write_rows(rows, "csv")))) == rows
    assert [json.loads(line) for line in write_rows(rows, "jsonl").splitlines()] == rows
    table = write_rows(rows, "table")
    assert "被告人张某 持刀" in table
    assert table.endswith("2 rows\n")
    with pytest.raises(AnjuanError, match="table, csv, jsonl"):
        write_rows(rows, "xml")
