"""The codebook inside the database: registered on opening, values outside it refused, older meanings listed for recoding."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

import pytest
from living_codebook import PRESENT, book, rewritten, ship, versioned, without_value

from pipeline.codebook import CodebookError, load
from pipeline.codebook.meaning import meanings
from pipeline.schema import Entry, Judgment, Label, StoreError
from pipeline.store import Desk, Save, Store
from pipeline.store.recoding import note_frozen, to_recode, versions

ONE = Judgment("test", "J1", "经审理查明，被告人张某酒后推搡护士李某甲。")
JID = ONE.judgment_id
NEW_DEFINITION = '"Whether the offender had drunk within a day."'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "study.db"
    with Store.open(path) as store:
        store.add_judgments(None, [ONE])
    return path


def say(path: Path, by: str, variable: str, value: str, version: str = "") -> None:
    with Store.open(path) as store:
        store.replace_labels("test", "x", by, [(JID, [Label("case", variable, value, by)])], version or load().version, {variable})


def code(path: Path, variable: str, *values: str) -> None:
    with Store.open(path) as store:
        Desk(store).save([Save(JID, "coder1", Entry("case", variable, values))], actor="coder1", mode="blind")


def insert(store: Store, variable: str, value: str, unit: str = "case") -> None:
    """A label written past all of anjuan's own checks."""
    with store.db.conn:
        store.db.conn.execute(
            'INSERT INTO labels (judgment_id, unit, variable, value, "by", codebook_version, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
            [JID, unit, variable, value, "coder1", "1.3", "2024-01-01T00:00:00Z"],
        )


# ------------------------------------------------------------------------------------------------ what is registered


def test_opening_registers_the_codebook_with_all_that_decides_a_coding(path: Path) -> None:
    with Store.open(path) as store:
        (version,) = versions(store)
    assert (version.version, version.present, version.frozen_at) == (load().version, True, "")
    assert meanings(version.variables) == meanings(load().variables)


def test_the_database_takes_every_value_that_the_codebook_allows_and_no_other(path: Path) -> None:
    with Store.open(path) as store:
        allowed = {(row["variable"], row["value"]) for row in store.query("SELECT variable, value FROM codebook_values")}
    closed = [variable for variable in load().variables.values() if variable.names]
    names = {name for variable in closed for name in variable.names} | {"", "maybe"}
    assert {variable for variable, _ in allowed} == {variable.name for variable in closed}
    for variable in closed:
        assert {value for name, value in allowed if name == variable.name} == {name for name in names if fits(variable.name, name)}


def fits(variable: str, value: str) -> bool:
    try:
        load().check(variable, value)
    except CodebookError:
        return False
    return True


@pytest.mark.parametrize(("variable", "value"), [("alcohol", "maybe"), ("alcohol", ""), ("in_scope", "2"), ("weapon", "knife,blunt")])
def test_the_database_itself_refuses_a_value_outside_the_codebook(path: Path, variable: str, value: str) -> None:
    with Store.open(path) as store:
        with pytest.raises(sqlite3.IntegrityError, match="a label must have a value of the codebook"):
            insert(store, variable, value)
        insert(store, "alcohol", "yes")
        with pytest.raises(sqlite3.IntegrityError, match="a value of the codebook"), store.db.conn:
            store.db.conn.execute("UPDATE labels SET variable = ?, value = ?", [variable, value])
        assert [(label.variable, label.value) for label in store.labels(JID)] == [("alcohol", "yes")]


@pytest.mark.parametrize(
    ("variable", "value"), [("weapon", ""), ("attack_type", ""), ("alias", "张某某"), ("title", "任何"), ("my_own", "x")]
)
def test_the_database_takes_empty_lists_and_open_variables(path: Path, variable: str, value: str) -> None:
    with Store.open(path) as store:
        insert(store, variable, value)
        assert [label.value for label in store.labels(JID)] == [value]


def test_opening_again_writes_nothing_and_costs_next_to_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def parsed() -> None:
        raise AssertionError("the codebook was parsed")

    monkeypatch.setattr("pipeline.store.connection.load", parsed)
    start = time.process_time()
    with Store.open(path) as store:
        assert store.db.conn.total_changes == 0
    assert time.process_time() - start < 0.2


# ------------------------------------------------------------------------------------------------ another codebook


def test_values_of_every_version_are_taken(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ship(monkeypatch, without_value("weapon", "vehicle", "1.4"))
    with Store.open(path) as store:
        assert [(version.version, version.present) for version in versions(store)] == [("1.3", False), ("1.4", True)]
        assert "vehicle" not in versions(store)[1].variables["weapon"].names
        insert(store, "weapon", "vehicle")
        insert(store, "weapon", "knife")
        with pytest.raises(sqlite3.IntegrityError):
            insert(store, "weapon", "feather")


def test_a_variable_that_one_version_leaves_open_takes_anything(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start = PRESENT.index('[[variable]]\nname = "department"\n')
    values, end = PRESENT.index("[[variable.value]]", start), PRESENT.index("[[variable]]", start + 1)
    text = rewritten("department", "kind", '"text"', "1.4", PRESENT[:values] + PRESENT[end:])
    ship(monkeypatch, text)
    with Store.open(path) as store:
        insert(store, "department", "肛肠科")


def test_a_comment_or_a_label_is_no_other_meaning(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code(path, "alcohol", "yes")
    ship(monkeypatch, "# one more remark\n" + rewritten("alcohol", "en", '"Drink"'))
    with Store.open(path) as store:
        assert [version.variables["alcohol"].en for version in versions(store)] == ["Drink"]
        assert to_recode(store) == []


def test_the_same_version_with_another_meaning_replaces_what_no_person_has_used(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for by in ("rules", "model", "model:out_of_fold", "defence"):
        say(path, by, "alcohol", "yes")
    ship(monkeypatch, rewritten("alcohol", "definition_en", NEW_DEFINITION))
    with Store.open(path) as store:
        (version,) = versions(store)
        assert version.variables["alcohol"].definition_en == NEW_DEFINITION.strip('"')


@pytest.mark.parametrize("by", ["coder1", "adjudicated", "screen:coder1"])
def test_the_same_version_with_another_meaning_is_refused_where_people_have_coded(
    path: Path, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    say(path, by, "in_scope", "1")
    before = path.read_bytes()
    ship(monkeypatch, rewritten("alcohol", "definition_en", NEW_DEFINITION))
    with pytest.raises(StoreError) as caught:
        Store.open(path)
    assert str(caught.value) == (
        f"{path}: codebook 1.3 has changed its meaning since it was coded with here (alcohol): give the changed codebook a new version"
    )
    assert path.read_bytes() == before


def test_a_coding_that_was_taken_back_counts_as_coded(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code(path, "alcohol", "yes")
    code(path, "alcohol")
    ship(monkeypatch, rewritten("alcohol", "silence_zh", '"没有写明即为没有。"'))
    with pytest.raises(StoreError, match="coded with here \\(alcohol\\)"):
        Store.open(path)


def test_a_frozen_version_keeps_its_meaning(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store.open(path) as store:
        note_frozen(store, "1.3")
        (version,) = versions(store)
        note_frozen(store, "1.3")
        assert versions(store) == [version]
    assert version.frozen_at
    ship(monkeypatch, without_value("weapon", "vehicle", "1.3"))
    with pytest.raises(StoreError, match="frozen here \\(weapon\\)"):
        Store.open(path)
    ship(monkeypatch, without_value("weapon", "vehicle", "1.4"))
    with Store.open(path) as store:
        assert [bool(version.frozen_at) for version in versions(store)] == [True, False]


def test_an_older_anjuan_makes_its_own_codebook_the_present_one_again(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ship(monkeypatch, versioned(PRESENT, "1.4"))
    Store.open(path).close()
    monkeypatch.undo()
    with Store.open(path) as store:
        assert [(version.version, version.present) for version in versions(store)] == [("1.3", True), ("1.4", False)]


# ------------------------------------------------------------------------------------------------ recoding


def test_codings_of_another_meaning_or_an_unknown_version_are_listed(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code(path, "alcohol", "yes")
    code(path, "cause", "payment")
    say(path, "rules", "alcohol", "no")
    say(path, "coder2", "relation", "patient", "0.9")
    with Store.open(path) as store:
        assert [(row["variable"], row["by"], row["codebook_version"]) for row in to_recode(store)] == [("relation", "coder2", "0.9")]
    ship(monkeypatch, rewritten("alcohol", "definition_en", NEW_DEFINITION, "1.4"))
    with Store.open(path) as store:
        assert to_recode(store, "coder1") == [
            {
                **{"judgment_id": JID, "unit": "case", "variable": "alcohol", "value": "yes", "by": "coder1"},
                **{"codebook_version": "1.3", "present_version": "1.4"},
            }
        ]
        assert len(to_recode(store)) == 2
        assert store.verify() == []


def test_saying_the_same_again_by_the_new_meaning_takes_it_off_the_list(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code(path, "alcohol", "yes")
    text = rewritten("alcohol", "definition_en", NEW_DEFINITION, "1.4")
    ship(monkeypatch, text)
    with Store.open(path) as store:
        assert len(to_recode(store)) == 1
        Desk(store, book(text)).save([Save(JID, "coder1", Entry("case", "alcohol", ("yes",)))], actor="coder1", mode="blind")
        assert to_recode(store) == []


def test_a_variable_that_is_gone_is_not_to_be_coded_again(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code(path, "department", "emergency")
    start = PRESENT.index('[[variable]]\nname = "department"\n')
    ship(monkeypatch, versioned(PRESENT[:start] + PRESENT[PRESENT.index("[[variable]]", start + 1) :], "1.4"))
    with Store.open(path) as store:
        assert to_recode(store) == []


def test_recoding_reads_what_people_said_and_not_what_machines_did(path: Path) -> None:
    with Store.open(path) as store:
        plan = store.query("EXPLAIN QUERY PLAN SELECT * FROM recoding")
    assert any("labels_of_people" in row["detail"] for row in plan)
