"""Asking the database: full-text search, questions that cannot write, and the check of everything."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.schema import Judgment, Label, Section, Span, Speaker, StoreError
from pipeline.store import Added, Store, search
from pipeline.store.migrations import MIGRATIONS

TEXT = "某某省某某市人民法院刑事判决书。被告人张某酒后到急诊科，辱骂医生王某甲，并将护士李××打成轻伤二级。"


def judgment(number: int = 1, text: str = TEXT) -> Judgment:
    return Judgment("jsonl", f"r{number}", f"{text}第{number}号", path=f"a.jsonl:{number}")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "study.db") as opened:
        yield opened


# ------------------------------------------------------------------------------------------------ search and questions


@pytest.mark.parametrize(
    "query", ["医", "医生", "护士", "轻伤二级", "李××打成轻伤", "医生 护士", "  医生\n急诊科 ", "王某甲,并将", "第1号"]
)
def test_words_of_any_length_are_found(store: Store, query: str) -> None:
    put = judgment(1)
    store.add_judgments(None, [put, judgment(2, "被告人张某盗窃电动自行车一辆，就学。生活困难。")])
    assert store.search(query) == [put.judgment_id]


@pytest.mark.parametrize("query", ["医师", "医生医生", "医生 保安", "医生*x", "~", "医生 NOT 护士", "\ud800"])
def test_other_words_are_not_found(store: Store, query: str) -> None:
    store.add_judgments(None, [judgment(1), judgment(2, "就医。生活")])
    assert store.search(query) == []


def test_search_ignores_blanks_and_line_breaks_within_a_word_but_not_signs(store: Store) -> None:
    broken, parted = judgment(1, "殴打医\n 生"), judgment(2, "就医，生活")
    store.add_judgments(None, [broken, parted])
    assert store.search("医生") == [broken.judgment_id]
    assert store.search("医，生") == [parted.judgment_id]


def test_search_can_be_limited_and_survives_deletion_and_vacuum(store: Store) -> None:
    batch = [judgment(n) for n in range(5)]
    store.add_judgments(None, batch)
    assert store.search("医生", limit=2) == [j.judgment_id for j in batch[:2]]
    for gone in (batch[1], batch[4]):
        store.db.execute("DELETE FROM judgments WHERE judgment_id = ?", [gone.judgment_id])
    store.db.vacuum()
    new = Judgment("s", "new", "保安赵某被打伤")
    store.add_judgments(None, [new])
    assert store.search("医生") == [batch[n].judgment_id for n in (0, 2, 3)]
    assert store.search("保安") == [new.judgment_id]
    assert store.verify() == []


@given(st.text(st.characters(codec="utf-8")))
@settings(max_examples=100, deadline=None)
def test_spaced_is_join_for_any_text(text: str) -> None:
    assert search.spaced(text) == "".join(f"{character} " for character in text)


@pytest.mark.parametrize(
    "sql", ["DELETE FROM judgments", "INSERT INTO runs (started_at, command, version) VALUES ('', '', '') RETURNING id", "DROP TABLE cases",
            "PRAGMA user_version = 7", "VACUUM", "BEGIN", "ATTACH 'other.db' AS other", "SELEC 1", "CREATE TABLE x (y)"]
)  # fmt: skip
def test_a_question_cannot_write(store: Store, sql: str) -> None:
    store.add_judgments(None, [judgment()])
    with pytest.raises(StoreError):
        store.query(sql)
    assert store.count() == 1
    assert store.query("PRAGMA user_version") == [{"user_version": len(MIGRATIONS)}]
    assert store.add_judgments(None, [judgment(2)]) == Added(1, 0)


# ------------------------------------------------------------------------------------------------ verify


@pytest.mark.parametrize(
    ("damage", "complaint"),
    [
        ("DROP TRIGGER evidence_update_quotes; UPDATE evidence SET quote = '护士'", "the quotation is not what stands at"),
        ("DROP TRIGGER judgments_text_is_fixed; UPDATE judgments SET text = text || '。'", "is not the one that was stored"),
        ("UPDATE labels SET value = 'no' WHERE variable = 'alcohol'", "cases: judgment .* not what its labels say"),
        ("UPDATE labels SET value = 'twelve' WHERE variable = 'fine'", "'twelve' is not a whole number"),
        ("PRAGMA foreign_keys = OFF; DELETE FROM labels", "evidence: row 1 refers to a row that labels does not have"),
        ("UPDATE evidence SET variable = 'motive'", "belongs to another label"),
        ("DELETE FROM victims", "victims: judgment .* not what its labels say"),
    ],
)
def test_verify_finds_what_is_wrong(store: Store, damage: str, complaint: str) -> None:
    put = judgment()
    store.add_judgments(None, [put])
    start = put.text.index("酒后")
    labels = [
        Label("case", "alcohol", "yes", spans=(Span(start, start + 2, Section.FACTS, Speaker.COURT),)),
        Label("defendant:1", "fine", "2000"),
        Label("victim:1", "role", "doctor"),
    ]
    store.replace_labels("extract", "f", "rules", [(put.judgment_id, labels)], "1.2")
    assert store.verify() == []
    store.db.conn.executescript(damage)
    assert any(re.search(complaint, line) for line in store.verify())
