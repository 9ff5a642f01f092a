"""The manifest of a run or report, and the reproduction that checks it."""

from __future__ import annotations

import json
import os
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
from command_line import anjuan
from hypothesis import given
from hypothesis import strategies as st
from sampled_database import build_sampled
from small_database import build

from pipeline.analyse.counting import count_study
from pipeline.analyse.proof import Check, Manifest, check, contents, manifest_beside, positions, read_manifest, write_manifest
from pipeline.analyse.proof.counted import Place, cells_of
from pipeline.analyse.proof.estimates import Estimates
from pipeline.analyse.proof.reproducing import variable_of
from pipeline.analyse.reading import open_readonly
from pipeline.schema import AnjuanError, Entry, Label, StoreError
from pipeline.store import Desk, Store
from pipeline.store.entries import Save

ROOT = Path(__file__).parents[1]
CASES = (ROOT / "corpora" / "demonstration.jsonl").read_text("utf-8").splitlines()[:3]


@pytest.fixture
def study(tmp_path: Path) -> tuple[Path, dict[str, str]]:
    """A small database, and the id of each of its judgments."""
    return tmp_path / "study.db", build(tmp_path / "study.db")


def checked(db: Path, manifest: Path) -> Check:
    with closing(open_readonly(db)) as connection:
        return check(connection, read_manifest(manifest))


def test_a_manifest_lies_beside_its_output(tmp_path: Path) -> None:
    assert manifest_beside(Path("a/study.html")) == Path("a/study.manifest.json")
    assert manifest_beside(Path("a/study.db")) == Path("a/study.db.manifest.json")
    assert manifest_beside(Path("study.docx")) == Path("study.docx.manifest.json")
    assert manifest_beside(tmp_path) == tmp_path / "manifest.json"


def test_every_cell_names_its_judgments_and_its_sql_finds_them(study: tuple[Path, dict[str, str]]) -> None:
    manifest = read_manifest(write_manifest(study[0], study[0]))
    with closing(open_readonly(study[0])) as connection:
        for place, count in manifest.counts.items():
            assert sum(count.judgments.values()) == count.n, place
            assert {row[0] for row in connection.execute(count.sql)} == set(count.judgments), place
            assert manifest.told["tables"][place.table]["lines"][place.line][place.column]["hash"] == count.fingerprint
        assert manifest.counts == cells_of(count_study(connection, "cases"))
    assert manifest.counts[Place("one", "cases", "total")].n == 6


def test_two_manifests_of_one_database_differ_in_nothing_but_the_time(study: tuple[Path, dict[str, str]], tmp_path: Path) -> None:
    first, second = (write_manifest(study[0], tmp_path / name).read_text("utf-8").splitlines() for name in ("a.html", "b.html"))
    assert [line for line in first if "written_at" not in line] == [line for line in second if "written_at" not in line]


def test_it_tells_program_codebook_models_inputs_and_runs(study: tuple[Path, dict[str, str]]) -> None:
    told = read_manifest(write_manifest(study[0], study[0])).told
    assert told["program"]["packages"]["scikit-learn"]
    assert set(told["models"]) == {"attack_type", "cause", "in_scope", "motive", "relation"}
    assert [(each["path"], each["stored"], each["duplicates"], each["rejected"]) for each in told["inputs"]] == [
        ("a.jsonl", 8, 2, 0),
        ("b.jsonl", 0, 0, 4),
    ]
    assert int(told["inputs"][0]["judgments"], 16) > 0 == int(told["inputs"][1]["judgments"], 16)
    assert [run["command"] for run in told["runs"]] == ["test"]
    assert {stage["stage"] for stage in told["stages"]} == {"test"}


def test_content_does_not_depend_on_the_order_of_rows(study: tuple[Path, dict[str, str]], tmp_path: Path) -> None:
    def hashes(path: Path) -> dict[str, dict[str, object]]:
        with closing(open_readonly(path)) as connection:
            return contents.content(connection)

    before = hashes(study[0])
    with closing(sqlite3.connect(study[0])) as connection:
        rows = connection.execute("SELECT * FROM evidence ORDER BY id DESC").fetchall()
        connection.execute("DELETE FROM evidence")
        shifted = [(1000 + number, *row[1:]) for number, row in enumerate(rows)]
        connection.executemany(f"INSERT INTO evidence VALUES ({', '.join('?' * len(rows[0]))})", shifted)
        connection.commit()
        assert hashes(study[0]) == before
        connection.execute("UPDATE victims SET persons = 9 WHERE n = 1 AND judgment_id = (SELECT min(judgment_id) FROM victims)")
        connection.commit()
    assert {name for name, content in hashes(study[0]).items() if content != before[name]} == {"victims"}


def test_an_unchanged_database_has_the_same_cells(study: tuple[Path, dict[str, str]]) -> None:
    for once in (False, True):
        found = checked(study[0], write_manifest(study[0], study[0], once))
        assert found.same
        assert found.cells > 400
        assert found.notes == ()


def test_a_change_by_a_person_is_told_with_who_and_when(study: tuple[Path, dict[str, str]]) -> None:
    db, ids = study
    manifest = write_manifest(db, db)
    with Store.open(db) as store:
        Desk(store).save(
            [Save(ids["R2"], "adjudicated", Entry("case", "cause", ("attitude",)), 0)], actor="coder_a", mode="adjudication", reason="bill"
        )
    found = checked(db, manifest)
    moved = {moved.judgment_id: [str(move) for move in moved.moves] for moved in found.judgments}
    assert list(moved) == [ids["R2"]]
    assert moved[ids["R2"]][0].startswith(
        "cause: payment -> attitude; case cause changed from nothing to attitude by coder_a (as adjudicated) on 20"
    )
    assert moved[ids["R2"]][0].endswith("because: bill")
    lines = [str(each) for each in found.recounted]
    assert "Table 1, cause=attitude, reactive: 0 of 2, now 1 of 2" in lines
    assert any("labels" in note and "changes" in note for note in found.notes)


def test_another_number_is_found_behind_its_median(tmp_path: Path) -> None:
    ids = build_sampled(tmp_path / "study.db")
    manifest = write_manifest(tmp_path / "study.db", tmp_path / "study.db")
    assert checked(tmp_path / "study.db", manifest).same
    with Store.open(tmp_path / "study.db") as store:
        store.db.execute("UPDATE defendants SET sentence_months = 8 WHERE judgment_id = ?", [ids["R2"]])
        store.db.conn.commit()
    found = checked(tmp_path / "study.db", manifest)
    assert [str(each) for each in found.recounted] == [
        "months_fixed, reactive: median 7.5 (6.75 to 8.25) of 2, now median 8.5 (8.25 to 8.75) of 2",
        "months_fixed, total: median 12 (9 to 60) of 5, now median 12 (9 to 60) of 5, but other values",
    ]
    assert [(moved.judgment_id, str(moved.moves[0]).split(";")[0]) for moved in found.judgments] == [(ids["R2"], "months_fixed: 6 -> 8")]


def test_corrected_shares_are_proved_too(tmp_path: Path) -> None:
    db = tmp_path / "study.db"
    ids = build_sampled(db)
    manifest = write_manifest(db, db)
    told = read_manifest(manifest).told["corrected"]
    assert told["samples"] == [1]
    assert told["lines"]["attack_type=reactive"]["total"]["coded"][0] == 0.5
    with Store.open(db) as store:
        store.db.execute(
            """UPDATE labels SET value = 'hatred' WHERE "by" = '甲' AND variable = 'attack_type' AND judgment_id = ?""", [ids["R2"]]
        )
        store.db.conn.commit()
    found = checked(db, manifest)
    assert {(shift.domain.line, shift.domain.column) for shift in found.shifts} == {
        (f"attack_type={value}", column) for value in ("hatred", "reactive") for column in ("every_case", "total")
    }
    lines = {(shift.domain.line, shift.domain.column): str(shift) for shift in found.shifts}
    assert "hand-coded 3 of 6), now corrected 33.3 %" in lines["attack_type=reactive", "total"]
    assert lines["attack_type=reactive", "total"].endswith(f"hand-coded cases gone: {ids['R2']}")
    assert not found.same
    with Store.open(db) as store:
        store.db.execute("UPDATE samples SET task = 'screen'")
        store.db.conn.commit()
    assert checked(db, manifest).notes[-1] == "samples that the corrected shares rest on: 1, now none"
    with closing(open_readonly(db)) as connection:
        rebuilt = check(connection, read_manifest(manifest), rebuilt=True)
    assert rebuilt.same
    assert rebuilt.notes[-1] == "a database made anew has no samples, so corrected shares are not compared"


def test_what_an_older_manifest_lacks_is_told_and_another_database_refused(tmp_path: Path) -> None:
    db = tmp_path / "study.db"
    build_sampled(db)
    manifest = read_manifest(write_manifest(db, db))
    told = {key: value for key, value in manifest.told.items() if key != "corrected"} | {"codebook": {"version": "1.0", "fingerprint": "f"}}
    older = Manifest(told, {place: count for place, count in manifest.counts.items() if place.table == "one"}, Estimates((), {}))
    with closing(open_readonly(db)) as connection:
        found = check(connection, older)
    assert found.same
    assert found.notes[0].startswith("the codebook is another: 1.0 (f), now ")
    assert "months_fixed" in found.notes[1]
    assert found.notes[2] == "the manifest has no corrected shares, so they are not compared"
    Store.open(tmp_path / "other.db").close()
    with pytest.raises(AnjuanError, match="holds none of the 6 judgments"), closing(open_readonly(tmp_path / "other.db")) as connection:
        check(connection, manifest)


def test_two_judgments_that_change_places_are_found_though_no_number_differs(study: tuple[Path, dict[str, str]]) -> None:
    db, ids = study
    manifest = write_manifest(db, db)
    with Store.open(db) as store:
        swapped = "CASE alcohol WHEN 'yes' THEN 'not_mentioned' ELSE 'yes' END"
        store.db.execute(f"UPDATE cases SET alcohol = {swapped} WHERE judgment_id IN (?, ?)", [ids["R1"], ids["R2"]])
        store.db.conn.commit()
    found = checked(db, manifest)
    assert [str(each) for each in found.recounted] == [
        "Table 1, alcohol=yes, reactive: 1 of 2, now 1 of 2, but other judgments",
        "Table 1, alcohol=yes, total: 2 of 6, now 2 of 6, but other judgments",
        "Table 1, alcohol=not_mentioned, reactive: 1 of 2, now 1 of 2, but other judgments",
        "Table 1, alcohol=not_mentioned, total: 4 of 6, now 4 of 6, but other judgments",
    ]
    assert {moved.judgment_id for moved in found.judgments} == {ids["R1"], ids["R2"]}
    assert "edited outside anjuan" in str(found.judgments[0].moves[0])


def test_other_rules_are_named_by_their_fingerprint(study: tuple[Path, dict[str, str]]) -> None:
    db, ids = study
    with Store.open(db) as store:
        store.db.execute("UPDATE stages SET stage = 'extract', fingerprint = 'old'")
        store.db.conn.commit()
        manifest = write_manifest(db, db)
        said = [label for label in store.labels(ids["F1"], "rules") if label.variable != "alcohol"]
        store.replace_labels("extract", "new", "rules", [(ids["F1"], [*said, Label("case", "alcohol", "not_mentioned")])], "1.3")
    found = checked(db, manifest)
    assert [moved.judgment_id for moved in found.judgments] == [ids["F1"]]
    assert "rules of `extract` changed from old to new" in str(found.judgments[0].moves[0])


def test_a_judgment_that_leaves_the_scope_or_the_database_is_named(study: tuple[Path, dict[str, str]]) -> None:
    db, ids = study
    manifest = write_manifest(db, db)
    with Store.open(db) as store:
        store.db.execute("UPDATE cases SET in_scope = 0 WHERE judgment_id = ?", [ids["H1"]])
        store.db.execute("DELETE FROM judgments WHERE judgment_id = ?", [ids["U1"]])
        store.db.conn.commit()
    moves = {moved.judgment_id: [str(move) for move in moved.moves] for moved in checked(db, manifest).judgments}
    assert moves[ids["H1"]][0].startswith("attack_type: hatred -> nothing; in_scope is 0 now")
    assert moves[ids["U1"]] == ["attack_type: untyped -> nothing; the database does not hold this judgment"]


@pytest.mark.parametrize(
    ("damage", "line"),
    [
        (lambda text: text[: len(text) // 2], "is no manifest, or it is cut short"),
        (lambda text: text.replace('"n": 6', '"n": 7', 1), "has been changed since it was written"),
        (lambda text: text.replace('"format": 1', '"format": 2'), "has form 2 and this anjuan"),
        (lambda _: "[]", "is no manifest of anjuan"),
        (lambda _: "{}", "is no manifest of anjuan"),
        (lambda _: "PK\x03\x04", "is no manifest"),
    ],
)
def test_a_bad_manifest_is_one_line(study: tuple[Path, dict[str, str]], damage: object, line: str) -> None:
    path = write_manifest(study[0], study[0])
    path.write_text(damage(path.read_text("utf-8")), "utf-8")  # type: ignore[operator]
    with pytest.raises(AnjuanError, match=line) as raised:
        read_manifest(path)
    assert str(path) in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_database_that_lacks_tables_is_one_line(study: tuple[Path, dict[str, str]], tmp_path: Path) -> None:
    manifest = write_manifest(study[0], study[0])
    with Store.open(study[0]) as store:
        store.db.execute("DROP TABLE predictions")
        store.db.conn.commit()
    with pytest.raises(StoreError, match="no such table"):
        checked(study[0], manifest)
    with pytest.raises(AnjuanError, match="cannot be read"):
        read_manifest(tmp_path / "none.json")


def test_an_empty_database_has_a_manifest_too(tmp_path: Path) -> None:
    Store.open(tmp_path / "empty.db").close()
    found = checked(tmp_path / "empty.db", write_manifest(tmp_path / "empty.db", tmp_path / "empty.db"))
    assert found.same
    assert found.cells > 100


def test_many_input_files_are_told_by_folder(study: tuple[Path, dict[str, str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contents, "_FILES", 1)
    with closing(open_readonly(study[0])) as connection:
        (folder,) = contents.inputs(connection)
    assert (folder["path"], folder["files"], folder["stored"], folder["rejected"]) == ("", 2, 8, 4)


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 3)), unique_by=lambda pair: pair[0]))
def test_positions_are_read_as_they_were_written(pairs: list[tuple[int, int]]) -> None:
    names = [f"j{number:02}" for number in range(41)]
    behind = Counter({names[place]: times for place, times in pairs})
    text = positions.write_positions(behind, {name: number for number, name in enumerate(names)})
    assert positions.read_positions(text, names) == behind


@given(st.text("0123456789-* x", max_size=8))
def test_what_is_no_list_of_positions_is_an_error_of_two_kinds(text: str) -> None:
    try:
        found = positions.read_positions(text, ["a", "b", "c"])
    except (ValueError, IndexError):
        return
    assert set(found) <= {"a", "b", "c"}


def test_keys_of_lines_tell_their_variable() -> None:
    assert [variable_of(key) for key in ("cause=payment", "cause.outcome", "cause?", "occupation+", "cases")] == [
        *("cause", "cause", "cause", "occupation", "cases"),
    ]


def test_run_report_and_reproduce_from_the_inputs(tmp_path: Path) -> None:
    """The whole way: a run writes its manifest, a report its own, which is proved from the database and from the input."""
    (tmp_path / "cases.jsonl").write_text("\n".join(CASES), "utf-8")
    db = tmp_path / "study.db"
    done = anjuan("run", tmp_path / "cases.jsonl", "--db", db, "--jobs", "1", "--quiet")
    assert done.returncode == 0, done.stderr
    assert f"manifest: {db}.manifest.json" in done.stdout
    assert json.loads((tmp_path / "study.db.manifest.json").read_text("utf-8"))["judgments"]
    with Store.open(db) as store:
        judgment = store.query("SELECT judgment_id FROM cases WHERE in_scope = 1 ORDER BY judgment_id LIMIT 1")[0]["judgment_id"]
        Desk(store).save([Save(judgment, "coder_a", Entry("case", "alcohol", ("yes",)), 0)], actor="coder_a", mode="blind")
    once = anjuan("report", "--db", db, "--html", tmp_path / "once.html", "--once")
    assert once.returncode == 0, once.stderr
    proofs = [
        anjuan("reproduce", "--check", tmp_path / "once.manifest.json", "--db", db, *more)
        for more in ([], ["--inputs", str(tmp_path / "cases.jsonl"), "--jobs", "1", "--quiet"])
    ]
    for proof in proofs:
        assert proof.returncode == 0, proof.stdout + proof.stderr
        assert proof.stdout.startswith("all ")
    assert "note: tables" not in proofs[0].stdout


def test_reproduce_exits_with_1_and_prints_the_judgments(study: tuple[Path, dict[str, str]]) -> None:
    db, ids = study
    manifest = write_manifest(db, db)
    with Store.open(db) as store:
        store.db.execute("UPDATE cases SET cause = 'attitude' WHERE judgment_id = ?", [ids["R2"]])
        store.db.conn.commit()
    done = anjuan("reproduce", "--check", manifest, "--db", db)
    assert done.returncode == 1
    assert "judgments behind them: 1" in done.stdout.splitlines()[0]
    assert f"\n{ids['R2']}" in done.stdout
    broken = anjuan("reproduce", "--check", os.devnull, "--db", db)
    assert (broken.returncode, broken.stderr.count("\n")) == (1, 1)
