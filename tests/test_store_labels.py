"""Labels and evidence: who said what with which words; saying it twice changes nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.schema import Judgment, Label, Section, Span, Speaker, StoreError
from pipeline.store import Store

TEXT = "被告人张某酒后𠮷辱骂医生王某甲，辩护人称张某未饮酒，系护士李××先动手。经鉴定，王某甲构成轻伤二级。"
ONE, TWO = Judgment("s", "1", TEXT), Judgment("s", "2", TEXT + "附页")
JID, OTHER = ONE.judgment_id, TWO.judgment_id


def span(words: str, speaker: Speaker = Speaker.COURT, rule: str = "r") -> Span:
    start = TEXT.index(words)
    return Span(start, start + len(words), Section.FACTS, speaker, rule)


LABELS = [
    Label("case", "alcohol", "yes", spans=(span("酒后"), span("辱骂医生"))),
    Label("case", "alcohol", "no", spans=(span("未饮酒", Speaker.DEFENCE),)),
    Label("case", "weapon", "knife", score=0.5),
    Label("case", "weapon", "blunt"),
    Label("defendant:1", "name", "张某", spans=(span("张某"),)),
    Label("defendant:1", "charge", "故意伤害罪"),
    Label("victim:1", "role", "doctor", spans=(span("医生王某甲"),)),
    Label("victim:1", "injury", "minor", spans=(span("轻伤二级", Speaker.EXPERT, "grade"),)),
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "study.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with Store.open(path) as opened:
        opened.add_judgments(None, [ONE, TWO])
        yield opened


def extract(store: Store, labels: list[Label], fingerprint: str = "f1", version: str = "1.2", judgment_id: str = JID) -> None:
    store.replace_labels("extract", fingerprint, "rules", [(judgment_id, labels)], version)


def dump(store: Store) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(store.path)) as db:
        tables = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'")]
        return {table: db.execute(f'SELECT * FROM "{table}"').fetchall() for table in tables}


def test_labels_come_back_as_they_went_in(store: Store) -> None:
    extract(store, LABELS)
    assert store.labels(JID) == LABELS
    assert store.labels(JID, by="coder1") == store.labels(OTHER) == []


def test_every_evidence_row_quotes_its_judgment(store: Store) -> None:
    extract(store, LABELS)
    rows = store.query(
        'SELECT e.*, substr(j.text, start + 1, "end" - start) AS found FROM evidence AS e JOIN judgments AS j USING (judgment_id)'
    )
    assert len(rows) == 6
    assert all(row["found"] == row["quote"] == TEXT[row["start"] : row["end"]] for row in rows)
    [grade] = [row for row in rows if row["variable"] == "injury"]
    assert (grade["unit"], grade["by"], grade["quote"], grade["section"], grade["speaker"], grade["rule"]) == (
        "victim:1", "rules", "轻伤二级", "facts", "expert", "grade",
    )  # fmt: skip
    assert store.verify() == []


def test_the_second_run_changes_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.store.labels.now", lambda: "2024-01-01T00:00:00Z")
    run = store.begin_run("extract")
    extract(store, LABELS)
    extract(store, LABELS, judgment_id=OTHER)
    store.finish_run(run, {})
    before = dump(store)
    monkeypatch.setattr("pipeline.store.labels.now", lambda: "2025-01-01T00:00:00Z")
    run = store.begin_run("extract")
    extract(store, LABELS)
    extract(store, LABELS, judgment_id=OTHER)
    store.finish_run(run, {})
    assert dump(store) == before


def test_labels_that_stay_keep_their_row_and_the_others_change(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.store.labels.now", lambda: "2024-01-01T00:00:00Z")
    extract(store, LABELS)
    before = {(r["unit"], r["variable"], r["value"]): r for r in store.query("SELECT * FROM labels")}
    monkeypatch.setattr("pipeline.store.labels.now", lambda: "2025-01-01T00:00:00Z")
    requoted = replace(LABELS[0], spans=(span("酒后"),))
    rescored = replace(LABELS[2], score=0.7)
    new = Label("case", "motive", "venting", spans=(span("辱骂"),))
    extract(store, [requoted, rescored, new, *LABELS[4:]], fingerprint="f2")
    after = {(r["unit"], r["variable"], r["value"]): r for r in store.query("SELECT * FROM labels")}
    assert before.keys() - after.keys() == {("case", "alcohol", "no"), ("case", "weapon", "blunt")}
    assert after.keys() - before.keys() == {("case", "motive", "venting")}
    assert after["case", "motive", "venting"]["created_at"] == "2025-01-01T00:00:00Z"
    for key in before.keys() & after.keys():
        assert after[key]["id"] == before[key]["id"]
        assert after[key]["created_at"] == before[key]["created_at"]
    assert after["case", "weapon", "knife"]["score"] == 0.7
    assert [row["quote"] for row in store.query("SELECT quote FROM evidence WHERE variable = 'alcohol'")] == ["酒后"]
    assert store.query("SELECT DISTINCT fingerprint FROM stages WHERE judgment_id = ?", [JID]) == [{"fingerprint": "f2"}]
    assert store.verify() == []


def test_a_stage_replaces_only_its_own_variables_and_its_own_voice(store: Store) -> None:
    extract(store, LABELS)
    store.replace_labels("annotate", "1.2", "coder1", [(JID, [Label("case", "alcohol", "no", by="coder1")])], "1.2")
    scope = Label("case", "in_scope", "1", by="rules")
    store.replace_labels("screen", "m1", "rules", [(JID, [scope])], "1.2", variables={"in_scope"})
    assert store.labels(JID, by="rules") == [*LABELS, scope]
    store.replace_labels("screen", "m2", "rules", [(JID, [])], "1.2", variables={"in_scope"})
    assert store.labels(JID, by="rules") == LABELS
    extract(store, [])
    assert [label.by for label in store.labels(JID)] == ["coder1"]
    assert store.query("SELECT * FROM evidence") == []
    assert store.query("SELECT stage FROM stages ORDER BY stage") == [{"stage": "annotate"}, {"stage": "extract"}, {"stage": "screen"}]


def test_the_same_value_said_twice_is_one_label_with_all_its_quotations(store: Store) -> None:
    twice = [
        Label("case", "alcohol", "yes", spans=(span("酒后"),), score=0.2),
        Label("case", "alcohol", "yes", spans=(span("酒后"), span("辱骂")), score=0.6),
    ]
    extract(store, twice)
    assert store.labels(JID) == [Label("case", "alcohol", "yes", spans=(span("酒后"), span("辱骂")), score=0.6)]
    extract(store, [Label("case", "alcohol", "yes", score=float("nan"))])
    assert store.labels(JID) == [Label("case", "alcohol", "yes")]


def test_a_judgment_given_twice_in_a_batch_has_the_labels_of_both(store: Store) -> None:
    store.replace_labels("extract", "f", "rules", [(JID, LABELS[:2]), (JID, LABELS[2:])], "1.2")
    assert store.labels(JID) == LABELS


def test_the_voices_of_one_speaker_replace_each_other(store: Store) -> None:
    voices = {"model", "model:out_of_fold"}
    unseen = Label("case", "in_scope", "1", "model", score=0.9)
    for label in (unseen, replace(unseen, by="model:out_of_fold"), unseen):
        store.replace_labels("screen", label.by, voices, [(JID, [label])], "1.2", variables={"in_scope"})
        assert store.labels(JID) == [label]


def facts(start: int, end: int) -> tuple[Span, ...]:
    return (Span(start, end, Section.FACTS, Speaker.COURT, "far_rule"),)


@pytest.mark.parametrize(
    ("label", "complaint"),
    [
        (Label("case", "alcohol", "yes", spans=facts(0, len(TEXT) + 1)), "lies outside the text"),
        (Label("case", "alcohol", "yes", spans=facts(-1, 4)), "far_rule"),
        (Label("case", "alcohol", "yes", spans=facts(4, 4)), "is empty"),
        (Label("case", "alcohol", "yes", spans=facts(9, 4)), "span 9-4"),
        (Label("case", "alcohol", "yes", by="model"), "a label by 'model' among those of 'rules'"),
        (Label("case", "motive", "venting"), "writes only alcohol"),
        (Label("defendant:0", "alcohol", "yes"), "'defendant:N'"),
        (Label("defendant:1x", "alcohol", "yes"), "'defendant:N'"),
        (Label("judge:1", "alcohol", "yes"), "'victim:N'"),
    ],
)
def test_impossible_labels_are_refused_and_nothing_is_written(store: Store, label: Label, complaint: str) -> None:
    before = dump(store)
    good = Label("case", "alcohol", "yes", spans=(span("酒后"),))
    with pytest.raises(StoreError, match=complaint) as caught:
        store.replace_labels("extract", "f", "rules", [(OTHER, [good]), (JID, [good, label])], "1.2", variables={"alcohol"})
    assert JID in str(caught.value)
    assert dump(store) == before


def test_an_unknown_judgment_is_refused(store: Store) -> None:
    with pytest.raises(StoreError, match="'feedfeedfeedfeed', which is not in the database"):
        extract(store, [], judgment_id="feedfeedfeedfeed")


def test_the_database_itself_refuses_false_quotations(store: Store) -> None:
    extract(store, LABELS)
    with pytest.raises(sqlite3.IntegrityError, match="word for word"):
        store.db.execute("UPDATE evidence SET quote = '醉酒'")
    with pytest.raises(sqlite3.IntegrityError, match="word for word"):
        store.db.execute(
            'INSERT INTO evidence SELECT 99, label_id, judgment_id, unit, variable, "by", start + 1, "end", quote, section, speaker, rule, NULL, NULL FROM evidence'
        )


def test_what_the_defence_pleads_is_kept_apart_and_decides_nothing(store: Store) -> None:
    plea = replace(span("未饮酒", Speaker.DEFENCE), accepted=False)
    labels = [
        Label("defendant:1", "name", "张某"),
        Label("defendant:1", "surrender", "0"),
        Label("case", "alcohol", "yes", spans=(span("酒后"),)),
        Label("case", "alcohol", "no", by="defence", spans=(plea,)),
        Label("case", "mental_disorder", "yes", by="defence", spans=(span("辱骂医生", Speaker.DEFENCE),)),
        Label("defendant:1", "surrender", "1", by="defence", spans=(span("张某"),)),
    ]
    store.replace_labels("extract", "1", {"rules", "defence"}, [(JID, labels)], "1.2")
    assert store.query("SELECT alcohol, mental_disorder FROM cases WHERE judgment_id = ?", [JID]) == [
        {"alcohol": "yes", "mental_disorder": ""}
    ]
    assert store.query("SELECT surrender FROM defendants") == [{"surrender": 0}]
    assert store.labels(JID, by="defence")[0].spans == (plea,)
    rows = store.query("SELECT variable, value, found, only_defence, answer FROM claims ORDER BY variable")
    assert [tuple(row.values()) for row in rows] == [
        ("alcohol", "no", "yes", 1, "rejected"),
        ("mental_disorder", "yes", None, 1, "unanswered"),
        ("surrender", "1", "0", 1, "unanswered"),
    ]
    assert store.query("SELECT variable FROM rejected_claims") == [{"variable": "alcohol"}]
    assert store.query("SELECT * FROM disagreements") == []
    assert store.verify() == []


def test_views_join_quotations_with_cases_and_show_disagreements(store: Store) -> None:
    both = replace(LABELS[7], spans=(span("轻伤二级", Speaker.DEFENCE), span("轻伤二级", Speaker.EXPERT)))
    extract(store, [*LABELS[:7], both])
    coded = [Label("case", "weapon", value, by="coder1") for value in ("blunt", "liquid")]
    store.replace_labels("annotate", "1.2", "coder1", [(JID, [*coded, Label("victim:1", "role", "doctor", by="coder1")])], "1.2")
    [row] = store.query("SELECT * FROM evidence_cases WHERE variable = 'role'")
    assert (row["source_id"], row["value"], row["quote"]) == ("1", "doctor", "医生王某甲")
    assert store.query("SELECT * FROM disagreements") == [
        {
            "judgment_id": JID,
            "unit": "case",
            "variable": "weapon",
            "by_a": "coder1",
            "value_a": "blunt,liquid",
            "by_b": "rules",
            "value_b": "blunt,knife",
        }
    ]


SPANS = st.builds(
    lambda start, length, section, speaker, rule: Span(start, min(start + length, len(TEXT)), section, speaker, rule),
    st.integers(0, len(TEXT) - 1), st.integers(1, 9), st.sampled_from(Section), st.sampled_from(Speaker), st.sampled_from(["", "a", "规则"]),
)  # fmt: skip
CLOSED = {"alcohol": ("yes", "no"), "weapon": ("", "knife", "blunt"), "role": ("doctor", "nurse"), "in_scope": ("0", "1")}
OPEN = ("", "0", "1", "yes", "医生", "1.5", "x.y", "9" * 30)  # the database takes anything for a variable without values
RANDOM = st.lists(
    st.builds(
        lambda unit, said, spans, score: Label(unit, *said, spans=tuple(spans), score=score),
        st.sampled_from(["case", "defendant:1", "defendant:12", "victim:1"]),
        st.sampled_from(["alcohol", "weapon", "role", "fine", "in_scope", "charge"]).flatmap(
            lambda variable: st.tuples(st.just(variable), st.sampled_from(CLOSED.get(variable, OPEN)))
        ),
        st.lists(SPANS, max_size=3, unique=True),
        st.none() | st.floats(0, 1),
    ),
    max_size=12,
    unique_by=lambda label: (label.unit, label.variable, label.value),
)


@given(first=RANDOM, second=RANDOM)
@settings(max_examples=25, deadline=None)
def test_any_labels_replace_any_others(tmp_path_factory: pytest.TempPathFactory, first: list[Label], second: list[Label]) -> None:
    with Store.open(tmp_path_factory.mktemp("s") / "s.db") as store:
        store.add_judgments(None, [ONE])
        for labels in (first, second):
            extract(store, labels)
            extract(store, labels)
            assert sorted(store.labels(JID), key=repr) == sorted(labels, key=repr)
            assert [line for line in store.verify() if "whole number" not in line] == []
