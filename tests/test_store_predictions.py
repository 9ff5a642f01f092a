"""What the models hold possible: kept with the labels, replaced with them, and shown to who decides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from pipeline.job.console import tell_undecided
from pipeline.schema import Judgment, Label, Section, Span, Speaker, StoreError
from pipeline.store import Answer, Store
from pipeline.store.migrations import MIGRATIONS, prediction_sets

ONE, TWO = Judgment("s", "1", "被告人张某在医院殴打医生李某。", title="张某案"), Judgment("s", "2", "被告人王某甲在诊室辱骂护士。")
VOICES = {"model", "model:out_of_fold"}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "study.db") as opened:
        opened.add_judgments(None, [ONE, TWO])
        yield opened


def say(
    store: Store, judgment: Judgment, values: dict[str, float], possible: Sequence[str], variable: str = "attack_type", by: str = "model"
) -> None:
    """As the stages do: a label, and beside it how probable each value is."""
    likeliest = max(values, key=lambda value: values[value])
    score = values["1"] if variable == "in_scope" else values[likeliest]
    answers = [Answer(variable, value, p, value in possible, by) for value, p in values.items()]
    label = Label("case", variable, likeliest, by, score=score)
    store.replace_labels(
        variable, f"{values}", VOICES, [(judgment.judgment_id, [label])], "1.3", {variable}, {judgment.judgment_id: answers}
    )


def code(store: Store, judgment: Judgment, variable: str, value: str, by: str = "coder1") -> None:
    store.replace_labels("coding", "f", by, [(judgment.judgment_id, [Label("case", variable, value, by)])], "1.3", {variable})


def rows(store: Store) -> list[tuple[object, ...]]:
    return [tuple(row.values()) for row in store.query("SELECT * FROM predictions ORDER BY judgment_id, variable, value")]


def shown(store: Store, judgment: Judgment = ONE) -> object:
    return store.query("SELECT attack_type_set FROM cases WHERE judgment_id = ?", [judgment.judgment_id])[0]["attack_type_set"]


def test_every_value_is_kept_with_its_probability_and_the_set_is_in_the_table_of_cases(store: Store) -> None:
    say(store, ONE, {"reactive": 0.5, "hatred": 0.4, "fortuitous": 0.1}, ["hatred", "reactive"])
    assert [row[2:] for row in rows(store)] == [("fortuitous", 0.1, 0, "model"), ("hatred", 0.4, 1, "model"), ("reactive", 0.5, 1, "model")]
    assert shown(store) == "hatred,reactive"
    assert store.verify() == []


def test_a_new_answer_replaces_the_whole_set_and_the_same_answer_writes_nothing(store: Store) -> None:
    say(store, ONE, {"reactive": 0.5, "hatred": 0.4, "fortuitous": 0.1}, ["hatred", "reactive"])
    say(store, ONE, {"reactive": 0.9, "hatred": 0.1}, ["reactive"], by="model:out_of_fold")
    assert [row[2:] for row in rows(store)] == [("hatred", 0.1, 0, "model:out_of_fold"), ("reactive", 0.9, 1, "model:out_of_fold")]
    assert shown(store) == "reactive"
    before = store.db.conn.total_changes
    say(store, ONE, {"reactive": 0.9, "hatred": 0.1}, ["reactive"], by="model:out_of_fold")
    assert store.db.conn.total_changes == before


def test_labels_and_sets_are_written_together_or_not_at_all(store: Store) -> None:
    say(store, ONE, {"reactive": 0.9, "hatred": 0.1}, ["reactive"])
    before = rows(store), store.labels(ONE.judgment_id)
    with pytest.raises(StoreError, match="no value is left possible"):
        say(store, ONE, {"hatred": 0.6, "reactive": 0.4}, [])
    wrong = {ONE.judgment_id: [Answer("motive", "venting", 1.0, True, "model")]}
    with pytest.raises(StoreError, match="this stage answers only attack_type"):
        store.replace_labels("classify", "f", VOICES, [(ONE.judgment_id, [])], "1.3", {"attack_type"}, wrong)
    foreign = {ONE.judgment_id: [Answer("attack_type", "hatred", 1.0, True, "coder1")]}
    with pytest.raises(StoreError, match="an answer by 'coder1'"):
        store.replace_labels("classify", "f", VOICES, [(ONE.judgment_id, [])], "1.3", {"attack_type"}, foreign)
    assert (rows(store), store.labels(ONE.judgment_id)) == before


def test_a_person_who_codes_ends_the_doubt(store: Store) -> None:
    say(store, ONE, {"1": 0.99, "0": 0.01}, ["1"], "in_scope")
    say(store, ONE, {"reactive": 0.5, "hatred": 0.4}, ["hatred", "reactive"])
    assert store.count_undecided() == 1
    code(store, ONE, "attack_type", "hatred")
    assert shown(store) == "hatred"
    assert store.query("SELECT * FROM undecided") == []
    say(store, ONE, {"reactive": 0.5, "hatred": 0.4}, ["hatred", "reactive"])
    assert shown(store) == "hatred"
    assert store.verify() == []


def test_the_rules_give_no_set_and_out_of_scope_there_is_none(store: Store) -> None:
    store.replace_labels("extract", "f", "rules", [(ONE.judgment_id, [Label("case", "attack_type", "hatred")])], "1.3")
    assert shown(store) is None
    say(store, ONE, {"reactive": 0.5, "hatred": 0.4}, ["hatred", "reactive"])
    code(store, ONE, "in_scope", "0")
    assert shown(store) is None
    assert store.query("SELECT * FROM undecided") == []


def test_undecided_cases_are_listed_the_most_uncertain_first_with_the_reason_in_words(store: Store) -> None:
    for judgment in (ONE, TWO):
        say(store, judgment, {"1": 0.99, "0": 0.01}, ["1"], "in_scope")
    say(store, ONE, {"reactive": 0.6, "hatred": 0.3, "fortuitous": 0.1}, ["hatred", "reactive"])
    say(store, TWO, {"1": 0.55, "0": 0.45}, ["0", "1"], "in_scope")
    first, second = store.query("SELECT * FROM undecided")
    assert (first["judgment_id"], first["variable"], first["possible_values"]) == (TWO.judgment_id, "in_scope", "1,0")
    assert first["reason"] == "in scope 0.55 or out of scope 0.45"
    assert (second["title"], second["possible_values"], second["probability"], second["margin"]) == ("张某案", "reactive,hatred", 0.6, 0.3)
    assert second["reason"] == "reactive 0.60 or hatred 0.30"
    assert store.count_undecided() == 2


def test_what_the_model_puts_out_of_scope_is_asked_for_scope_alone(store: Store) -> None:
    say(store, ONE, {"1": 0.4, "0": 0.6}, ["0", "1"], "in_scope")
    say(store, ONE, {"reactive": 0.5, "hatred": 0.4}, ["hatred", "reactive"])
    assert [row["variable"] for row in store.query("SELECT * FROM undecided")] == ["in_scope"]


def test_a_judgment_that_goes_takes_its_answers_with_it(store: Store) -> None:
    say(store, ONE, {"reactive": 0.9}, ["reactive"])
    store.db.execute("DELETE FROM judgments WHERE judgment_id = ?", [ONE.judgment_id])
    assert rows(store) == []


def test_an_older_database_gets_sets_for_what_people_have_coded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "old.db"
    monkeypatch.setattr("pipeline.store.connection.MIGRATIONS", MIGRATIONS[: MIGRATIONS.index(prediction_sets)])
    monkeypatch.setattr("pipeline.store.connection._register_codebook", lambda db, path: None)  # it knew of no codebook
    with Store.open(path) as store:
        for n, by in enumerate(("coder1", "adjudicated", "model", "model:out_of_fold", "rules")):
            store.db.execute("INSERT INTO judgments VALUES (?, 's', '', '', '', '{}', 0, '', NULL, '')", [str(n)])
            store.db.execute(
                "INSERT INTO cases (judgment_id, source, source_id, title, attack_type, attack_type_by) VALUES (?, 's', '', '', 'hatred', ?)",
                [str(n), by],
            )
    monkeypatch.undo()
    with Store.open(path) as store:
        found = [row["attack_type_set"] for row in store.query("SELECT attack_type_set FROM cases ORDER BY judgment_id")]
        assert found == ["hatred", "hatred", None, None, None]
        assert store.count_undecided() == 0


def test_the_weight_of_evidence_comes_back(store: Store) -> None:
    label = Label(
        "case", "attack_type", "reactive", "model", (Span(5, 8, Section.FACTS, Speaker.COURT, "attack_type:words", None, 0.75),), 0.9
    )
    store.replace_labels("classify", "f", VOICES, [(ONE.judgment_id, [label])], "1.3")
    assert store.labels(ONE.judgment_id) == [label]
    assert [row["weight"] for row in store.query("SELECT weight FROM evidence_cases")] == [0.75]


def test_the_summary_names_the_cases_that_need_a_person(capsys: pytest.CaptureFixture[str]) -> None:
    for number, quiet in ((0, False), (3, True), (1, False), (3, False)):
        tell_undecided(number, Path("study.db"), quiet)
    assert capsys.readouterr().out.splitlines() == [
        "1 case needs a person: anjuan query undecided --db study.db",
        "3 cases need a person: anjuan query undecided --db study.db",
    ]
