"""The database file: what is refused, what is stored once, what survives, what is found."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

import pytest

from pipeline.schema import Judgment, Label, Section, Span, Speaker, StoreError
from pipeline.store import Added, Finished, Harvest, Rejected, Store, refusal_key
from pipeline.store.migrations import MIGRATIONS

TEXT = "某某省某某市人民法院刑事判决书。被告人张某酒后到急诊科，辱骂医生王某甲，并将护士李××打成轻伤二级。"


def judgment(number: int = 1, text: str = TEXT, **fields: str) -> Judgment:
    return Judgment("jsonl", f"r{number}", f"{text}第{number}号", path=f"a.jsonl:{number}", **fields)  # type: ignore[arg-type]


def dump(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, the search index included."""
    with closing(sqlite3.connect(path)) as db:
        tables = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'")]
        return {table: db.execute(f'SELECT * FROM "{table}"').fetchall() for table in sorted(tables)}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "study.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with Store.open(path) as opened:
        yield opened


# ------------------------------------------------------------------------------------------------ opening


def test_a_new_database_is_strict_and_has_every_table_of_the_contract(store: Store) -> None:
    tables = store.query("SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'judgments_fts%'")
    assert {"cases", "defendants", "charges", "victims", "labels", "evidence", "judgments", "import_log"} <= {t["name"] for t in tables}
    assert all("STRICT" in t["sql"] for t in tables)
    assert store.query("PRAGMA foreign_keys") == [{"foreign_keys": 1}]
    assert store.query("PRAGMA journal_mode") == [{"journal_mode": "wal"}]
    assert store.query("PRAGMA synchronous") == [{"synchronous": 1}]
    assert store.query("PRAGMA user_version") == [{"user_version": len(MIGRATIONS)}]


CONTRACT = {
    "cases": """judgment_id, source, source_id, title, case_number, court, court_level, province, city, trial_level, decided_on, incident_on,
        in_scope, in_scope_score, attack_type, attack_type_score, attack_type_by, cause, motive, weapon_prepared, weapon, alcohol, relation,
        hospital_level, department, mental_disorder, prior_dispute_channel, compensation, forgiveness, worst_injury, worst_staff_injury,
        defendants, victims, staff_victims, weapon_source, hospital_level_basis, victim_fault,
        chain_id, duplicate_of, attack_type_set""",
    "defendants": """judgment_id, n, name, gender, birth, ethnicity, education, occupation, prior_record, surrender, confession, plea_leniency,
        recidivist, accessory, sentence_kind, sentence_months, probation_months, fine, party_kind, alias, principal, meritorious,
        major_merit, preparation, attempt, discontinuance, juvenile, elderly, deaf_mute_or_blind, limited_responsibility,
        political_rights_months, property_confiscated, civil_compensation""",
    "charges": "judgment_id, defendant, charge, sentence_kind, sentence_months",
    "victims": "judgment_id, n, name, role, injury, injury_grade, persons",
    "labels": "id, judgment_id, unit, variable, value, by, score, codebook_version, created_at, mode",
    "evidence": "id, label_id, judgment_id, unit, variable, by, start, end, quote, section, speaker, rule, accepted, weight",
}


@pytest.mark.parametrize("table", CONTRACT)
def test_columns_are_those_of_the_contract_in_their_order(store: Store, table: str) -> None:
    assert [row["name"] for row in store.query(f"PRAGMA table_info({table})")] == [name.strip() for name in CONTRACT[table].split(",")]


def test_the_text_is_the_last_column(store: Store) -> None:
    names = [row["name"] for row in store.query("PRAGMA table_info(judgments)")]
    assert names[0] == "judgment_id"
    assert names[-1] == "text"


def test_strict_tables_and_foreign_keys_refuse_wrong_rows(store: Store) -> None:
    store.add_judgments(None, [judgment()])
    with pytest.raises(sqlite3.IntegrityError, match="TEXT value in INTEGER column"):
        store.db.execute("UPDATE cases SET in_scope = 'perhaps'")
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        store.db.execute("INSERT INTO stages VALUES ('nobody', 'extract', 'f', '')")


def test_opening_again_keeps_everything(path: Path) -> None:
    with Store.open(path) as store:
        store.add_judgments(None, [judgment()])
    assert not path.with_name("study.db-wal").exists()
    before = dump(path)
    with Store.open(path, create=False) as store:
        assert store.count() == 1
    assert dump(path) == before


def test_an_older_database_gets_the_migrations_it_lacks(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.store.connection.MIGRATIONS", MIGRATIONS[:2])
    monkeypatch.setattr("pipeline.store.connection._register_codebook", lambda db, path: None)  # it knew of no codebook
    Store.open(path).close()
    monkeypatch.undo()
    with Store.open(path) as store:
        assert store.query("PRAGMA user_version") == [{"user_version": len(MIGRATIONS)}]
        assert store.query("SELECT count(*) AS n FROM disagreements") == [{"n": 0}]


def test_a_migration_that_fails_leaves_the_database_as_it_was(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store.open(path) as store:
        store.add_judgments(None, [judgment()])
    before = dump(path)

    def broken(db: object) -> None:
        db.execute("CREATE TABLE half (x)")  # type: ignore[attr-defined]
        raise sqlite3.OperationalError("boom")

    monkeypatch.setattr("pipeline.store.connection.MIGRATIONS", (*MIGRATIONS, broken))
    with pytest.raises(StoreError, match="boom"):
        Store.open(path)
    assert dump(path) == before


def refused(path: Path, create: bool = True) -> str:
    with pytest.raises(StoreError) as caught:
        Store.open(path, create=create)
    message = str(caught.value)
    assert str(path) in message
    assert "\n" not in message
    return message


def test_a_newer_database_is_refused_and_left_alone(path: Path) -> None:
    Store.open(path).close()
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 99")
    before = path.read_bytes()
    assert "newer anjuan (database version 99" in refused(path)
    assert path.read_bytes() == before


def test_a_file_that_is_no_database_is_refused_and_left_alone(path: Path) -> None:
    path.write_text("被告人张某，男。\n" * 500, encoding="utf-8")
    before = path.read_bytes()
    assert "is not an SQLite database" in refused(path)
    assert path.read_bytes() == before


def test_another_programs_database_is_refused_and_left_alone(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE bookmarks (url)")
    before = path.read_bytes()
    assert "another program" in refused(path)
    assert path.read_bytes() == before


def test_absent_files_and_folders_are_refused(path: Path) -> None:
    assert "does not exist" in refused(path, create=False)
    assert "is a folder" in refused(path.parent)
    assert "does not exist" in refused(path.parent / "nowhere" / "study.db")
    path.touch()
    assert "is empty" in refused(path, create=False)
    assert path.read_bytes() == b""


def read_and_write(path: Path) -> None:
    with Store.open(path) as store:
        list(store.judgments())
        store.add_judgments(None, [judgment(n) for n in range(300, 600)])


def test_a_truncated_database_is_an_error_of_one_line(path: Path) -> None:
    with Store.open(path) as store:
        store.add_judgments(None, [judgment(n) for n in range(300)])
    path.write_bytes(path.read_bytes()[:60_000])
    with pytest.raises(StoreError, match=r"study\.db cannot be used: .*malformed"):
        read_and_write(path)


def test_a_database_that_another_program_is_writing_is_an_error_of_one_line(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.store.connection.BUSY_SECONDS", 0.01)
    with Store.open(path) as store:
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreError, match="in use by another program"):
                store.add_judgments(None, [judgment()])
            other.execute("ROLLBACK")
        assert store.add_judgments(None, [judgment()]) == (1, 0)


# ------------------------------------------------------------------------------------------------ judgments


def test_a_judgment_comes_back_as_it_went_in(store: Store) -> None:
    put = Judgment("wenshu_new", "id-1", TEXT, TEXT.replace("，", ","), "判决书", "b.zip!a.html", {"court": "某某市人民法院", "a": "1"})
    store.add_judgments(None, [put])
    assert store.judgment(put.judgment_id) == put
    assert store.judgment("0" * 16) is None
    [row] = store.query(
        "SELECT source_id, characters, in_scope, compensation, court, defendants FROM cases JOIN judgments USING (judgment_id, source_id)"
    )
    assert row == {"source_id": "id-1", "characters": len(TEXT), "in_scope": None, "compensation": None, "court": "", "defendants": None}


def test_the_original_is_stored_only_where_it_differs(store: Store) -> None:
    same, other = judgment(1), judgment(2)
    store.add_judgments(None, [Judgment("s", "1", same.text, same.text), Judgment("s", "2", other.text, other.text.replace("，", ","))])
    assert [row["judgment_id"] for row in store.query("SELECT judgment_id FROM originals")] == [other.judgment_id]
    kept = store.judgment(same.judgment_id)
    assert kept is not None
    assert kept.original == same.text


def test_the_same_content_is_stored_once_and_all_its_identifiers_are_kept(store: Store) -> None:
    first, again = Judgment("lecard", "77", TEXT, path="x.json:1"), Judgment("wenshu", "abc", TEXT + "\n", path="y.html")
    assert store.add_judgments(None, [first, again]) == Added(1, 1)
    assert store.add_judgments(None, [again, judgment()]) == Added(1, 1)
    assert store.count() == 2
    seen = store.query("SELECT source, source_id, path FROM sources WHERE judgment_id = ? ORDER BY 1", [first.judgment_id])
    assert [tuple(row.values()) for row in seen] == [("lecard", "77", "x.json:1"), ("wenshu", "abc", "y.html")]
    assert store.query("SELECT source_id FROM cases WHERE judgment_id = ?", [first.judgment_id]) == [{"source_id": "77"}]


def test_text_that_sqlite_cannot_hold_is_replaced_character_for_character(store: Store) -> None:
    text = "张某\ud83d持刀\0伤人𠮷某"
    store.add_judgments(None, [Judgment("s", "\udc80", text, text + "\udc80", "\0", "目录\udcff.json", {"k\0": "\ud800"})])
    [stored] = store.judgments()
    assert stored.text == "张某\ufffd持刀\ufffd伤人𠮷某"
    assert len(stored.text) == len(text)
    assert stored.path == "目录\ufffd.json"
    spans = (Span(3, 5, Section.FACTS, Speaker.COURT), Span(6, 10, Section.FACTS, Speaker.COURT))
    store.replace_labels("extract", "f", "rules", [(stored.judgment_id, [Label("case", "weapon", "knife", spans=spans)])], "1.2")
    assert [row["quote"] for row in store.query("SELECT quote FROM evidence ORDER BY start")] == ["持刀", "伤人𠮷某"]
    assert store.verify() == []


def test_the_text_is_fixed(store: Store) -> None:
    store.add_judgments(None, [judgment()])
    with pytest.raises(sqlite3.IntegrityError, match="text of a judgment is fixed"):
        store.db.execute("UPDATE judgments SET text = text || '。'")
    store.db.execute("UPDATE judgments SET title = '判决书'")


def test_pending_gives_each_judgment_once_while_stages_are_marked(store: Store) -> None:
    batch = [judgment(n) for n in range(250)]
    store.add_judgments(None, batch)
    seen = []
    for pending in store.pending("extract", "f1"):
        seen.append(pending)
        store.replace_labels("extract", "f1", "rules", [(pending.judgment_id, [])], "1.2")
    assert [j.judgment_id for j in seen] == [j.judgment_id for j in batch]
    assert list(store.pending("extract", "f1")) == []
    assert store.count_pending("extract", "f1") == 0
    assert store.count_pending("extract", "f2") == store.count_pending("classify", "f1") == 250
    store.add_judgments(None, [judgment(1000)])
    assert [j.source_id for j in store.pending("extract", "f1")] == ["r1000"]
    assert seen[3].metadata == {}
    assert seen[3].text == batch[3].text


def test_a_batch_is_stored_as_a_whole_or_not_at_all(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("pipeline.store.judgments.index", interrupted)
        with pytest.raises(KeyboardInterrupt):
            store.add_judgments(None, [judgment()])
    assert store.count() == 0
    assert store.query("SELECT * FROM cases") == store.query("SELECT * FROM sources") == []
    assert store.add_judgments(None, [judgment()]) == Added(1, 0)


# Adds batches of 50; with a number as third argument it is killed (-9) in the middle of that batch.
WRITER = textwrap.dedent("""
    import os, signal, sys
    from pipeline.schema import Judgment
    from pipeline.store import Store, connection, judgments
    stored = judgments.index
    connection.now = judgments.now = lambda: "2024-01-01T00:00:00Z"
    batch = 0
    def index(db, texts):
        stored(db, texts)
        if batch == int(sys.argv[2]):
            os.kill(os.getpid(), signal.SIGKILL)
    judgments.index = index
    with Store.open(sys.argv[1]) as store:
        for batch in range(6):
            store.add_judgments(None, [Judgment("s", str(n), f"被告人张某第{n}次到某医院辱骂医生。" * 20) for n in range(batch * 50, batch * 50 + 50)])
            print(batch, flush=True)
""")


def write(path: Path, killed_in: int = -1) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", WRITER, str(path), str(killed_in)]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    return subprocess.run(command, capture_output=True, text=True, timeout=60, env=environment, check=False)


def test_kill_in_the_middle_of_a_batch_loses_only_that_batch_and_can_be_resumed(path: Path) -> None:
    killed = write(path, killed_in=3)
    assert killed.returncode == -signal.SIGKILL
    assert killed.stdout.split() == ["0", "1", "2"]
    with Store.open(path) as store:
        assert store.count() == 150
        assert len(store.search("医生")) == 150
        assert store.verify() == []
    undisturbed = path.with_name("undisturbed.db")
    assert write(path).returncode == write(undisturbed).returncode == 0
    assert dump(path) == dump(undisturbed)


def add_some(path: Path, first: int) -> None:
    with Store.open(path) as store:
        for start in range(first, first + 100, 10):
            store.add_judgments(None, [judgment(n) for n in range(start, start + 10)])


def test_two_processes_can_write_at_once(path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=add_some, args=(path, first)) for first in (0, 50)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    assert [writer.exitcode for writer in writers] == [0, 0]
    with Store.open(path) as store:
        assert store.count() == 150
        assert store.verify() == []


# ------------------------------------------------------------------------------------------------ runs and the log


def read_inputs(path: Path) -> None:
    """What a run of the command line does with two files."""
    with Store.open(path) as store:
        run = store.begin_run("anjuan run a.jsonl b.html")
        again = replace(judgment(2), path="a.jsonl:9")
        judgments = [("a.jsonl", one) for one in (judgment(1), judgment(2), again)]
        refused = {("a.jsonl", "line 4", "not_json"): ("第4行不是 JSON", 1), ("b.html", "", "captcha"): ("", 1)}
        added = store.save_import(run, Harvest(judgments, refused), ["not_json", "captcha"])
        store.finish_run(run, {"stored": added.stored})


def test_reading_the_same_twice_changes_nothing(path: Path) -> None:
    read_inputs(path)
    before = dump(path)
    assert len(before["runs"]) == 1
    read_inputs(path)
    assert dump(path) == before


def test_runs_and_outcomes_are_logged(path: Path) -> None:
    read_inputs(path)
    with Store.open(path) as store:
        [run] = store.query("SELECT command, version, counts, finished_at FROM runs")
        assert run["command"] == "anjuan run a.jsonl b.html"
        assert run["counts"] == '{"stored": 2}'
        assert run["finished_at"]
        counts = store.query("SELECT outcome, sum(records) AS n FROM import_log GROUP BY outcome ORDER BY outcome")
        assert [tuple(row.values()) for row in counts] == [("duplicate", 1), ("rejected", 2), ("stored", 2)]
        assert store.query("SELECT * FROM imported_files") == [
            {"path": "a.jsonl", "stored": 2, "duplicates": 1, "rejected": 1},
            {"path": "b.html", "stored": 0, "duplicates": 0, "rejected": 1},
        ]
        assert {row["reason"]: row["records"] for row in store.query("SELECT * FROM rejections")} == {"captcha": 1, "not_json": 1}


def test_a_file_that_has_grown_is_logged_again(path: Path) -> None:
    read_inputs(path)
    with Store.open(path) as store:
        run = store.begin_run("again")
        store.save_import(run, Harvest([("a.jsonl", judgment(n)) for n in range(1, 6)]), ())
        store.finish_run(run, {})
        assert store.query("SELECT stored FROM imported_files WHERE path = 'a.jsonl'") == [{"stored": 5}]
        assert len(store.query("SELECT * FROM runs")) == 2


def test_any_object_with_the_four_properties_can_be_logged(store: Store) -> None:
    class Reason(StrEnum):
        CAPTCHA = "captcha"

    @dataclass(frozen=True)
    class FromAReader:
        path: str = "a.zip!\udce4.html"
        place: str = ""
        reason: str = Reason.CAPTCHA
        detail: str = ""

    run = store.begin_run("run")
    store.log_rejected(run, [FromAReader()])
    assert store.query("SELECT path, reason FROM import_log") == [{"path": "a.zip!\ufffd.html", "reason": "captcha"}]


def test_records_that_a_reader_cannot_tell_apart_are_counted(store: Store) -> None:
    run = store.begin_run("run")
    store.log_rejected(run, [Rejected("a.zip", "", "encrypted")] * 3)
    assert store.query("SELECT records FROM import_log") == [{"records": 3}]


def test_what_is_refused_no_longer_is_forgotten_when_its_input_has_been_read(store: Store) -> None:
    reasons = ("captcha", "truncated")
    refused = {("a.zip", "", "truncated"): ("", 1), ("a.zip!b.html", "", "captcha"): ("", 1), ("a.zipped", "", "captcha"): ("", 1)}
    run = store.begin_run("run")
    store.save_import(run, Harvest(refused=dict(refused)), reasons)
    store.log_rejected(run, [Rejected("a.zip", "0123456789abcdef", "internal_error")])  # of another stage
    still = refusal_key("a.zip!b.html", "", "captcha")
    store.save_import(run, Harvest(refused={("a.zip!b.html", "", "captcha"): ("", 1)}, finished=[Finished("a.zip", [still])]), reasons)
    left = store.query("SELECT path, reason FROM import_log ORDER BY path")
    assert [tuple(row.values()) for row in left] == [("a.zip", "internal_error"), ("a.zip!b.html", "captcha"), ("a.zipped", "captcha")]


def test_records_refused_at_one_place_are_counted_once_however_often_they_are_met(store: Store) -> None:
    for met in (2, 3, 3, 1):
        store.save_import(store.begin_run("run"), Harvest(refused={("a.json", "line 1", "civil"): ("", met)}), ())
    assert store.query("SELECT records FROM import_log") == [{"records": 3}]


def test_opening_a_database_does_not_wait_for_pandas() -> None:
    code = "import pipeline.store, sys; assert 'pandas' not in sys.modules; import importlib.util; print(importlib.util.find_spec('pandas') is not None)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() in ("True", "False")  # whether it is installed or not, it can be asked for afterwards
