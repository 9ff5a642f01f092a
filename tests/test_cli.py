"""The command line, run as a user runs it."""

from __future__ import annotations

import json
import shlex
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
import typer
from command_line import anew, anjuan

from cli import app

ROOT = Path(__file__).parents[1]
CASES = [json.loads(line) for line in (ROOT / "corpora" / "demonstration.jsonl").read_text("utf-8").splitlines()[:12]]


def rows(db: Path, sql: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(db) as connection:
        return connection.execute(sql).fetchall()


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("inputs")
    (folder / "cases.jsonl").write_text("\n".join(json.dumps(case, ensure_ascii=False) for case in CASES), "utf-8")
    (folder / "again.jsonl").write_text(json.dumps(CASES[0], ensure_ascii=False), "utf-8")
    (folder / "login.html").write_text(
        "<html><head><title>用户登录</title></head><body><form>用户名 密码 登录</form></body></html>", "utf-8"
    )
    (folder / "empty.txt").write_text("", "utf-8")
    (folder / "table.doc").write_bytes(b"SQLite format 3" + bytes(300))
    return folder


@pytest.fixture(scope="module")
def database(inputs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    db = tmp_path_factory.mktemp("db") / "study.db"
    done = anew("run", inputs, "--db", db, "--report", db.with_suffix(".html"), "--jobs", "2")
    assert done.returncode == 0, done.stderr
    assert "12 new judgments, 1 already known, 3 skipped" in done.stdout
    assert "login.html" in done.stderr
    return db


def test_a_run_leaves_every_judgment_with_its_values(database: Path) -> None:
    assert rows(database, "SELECT count(*) FROM cases WHERE in_scope IS NOT NULL") == [(len(CASES),)]
    assert rows(database, "SELECT count(*) FROM cases WHERE in_scope = 1 AND attack_type IS NULL") == [(0,)]
    assert rows(database, "SELECT count(*) FROM cases WHERE in_scope = 0 AND (attack_type IS NOT NULL OR cause IS NOT NULL)") == [(0,)]
    assert {source_id for (source_id,) in rows(database, "SELECT source_id FROM cases")} == {case["id"] for case in CASES}


def test_all_evidence_quotes_its_judgment(database: Path) -> None:
    wrong = 'SELECT count(*) FROM evidence JOIN judgments USING (judgment_id) WHERE substr(judgments.text, start + 1, "end" - start) IS NOT quote'
    assert rows(database, "SELECT count(*) > 20 FROM evidence") == [(1,)]
    assert rows(database, wrong) == [(0,)]


def test_every_refused_file_is_logged_with_its_reason(database: Path) -> None:
    logged = rows(database, "SELECT path, reason, detail FROM import_log WHERE outcome = 'rejected'")
    assert {Path(str(path)).name: reason for path, reason, _ in logged} == {
        "login.html": "login_page",
        "empty.txt": "empty",
        "table.doc": "binary",
    }
    assert all(detail for _, _, detail in logged)


def test_training_texts_get_out_of_fold_answers(database: Path) -> None:
    assert rows(database, "SELECT DISTINCT \"by\" FROM labels WHERE variable = 'in_scope'") == [("model:out_of_fold",)]


def test_the_report_holds_no_link_to_the_network(database: Path) -> None:
    page = database.with_suffix(".html").read_text("utf-8")
    assert "<svg" in page
    assert "http://" not in page.replace("http://www.w3.org/", "")


def test_a_second_run_changes_nothing(database: Path, inputs: Path) -> None:
    with sqlite3.connect(database) as connection:
        before = list(connection.iterdump())
    assert anjuan("run", inputs, "--db", database, "--quiet").returncode == 0
    with sqlite3.connect(database) as connection:
        assert list(connection.iterdump()) == before


def test_the_stages_one_by_one_do_what_run_does(database: Path, inputs: Path, tmp_path: Path) -> None:
    db = tmp_path / "stages.db"
    for stage in (["collect", inputs], ["extract"], ["screen"], ["classify"]):
        done = anjuan(*stage, "--db", db, "--jobs", "1") if stage[0] != "collect" else anjuan(*stage, "--db", db)
        assert done.returncode == 0, done.stderr
    columns = "SELECT judgment_id, in_scope, attack_type, cause, weapon, worst_injury FROM cases ORDER BY 1"
    assert rows(db, columns) == rows(database, columns)


def test_ctrl_c_loses_nothing_and_the_same_command_goes_on(database: Path, inputs: Path, tmp_path: Path) -> None:
    db = tmp_path / "interrupted.db"
    command = [sys.executable, str(ROOT / "cli.py"), "run", str(inputs), "--db", str(db), "--jobs", "1"]
    started = subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler)
    )
    while not db.exists():
        time.sleep(0.02)
    started.send_signal(signal.SIGINT)
    _, errors = started.communicate(timeout=120)
    assert started.returncode in (130, 0)  # 0: it was faster than the signal
    assert "interrupted" in errors or started.returncode == 0
    assert anjuan("run", inputs, "--db", db, "--quiet").returncode == 0
    columns = "SELECT * FROM cases ORDER BY judgment_id"
    assert rows(db, columns) == rows(database, columns)


def test_search_finds_two_character_words(database: Path) -> None:
    found = anjuan("search", "护士", "--snippets", "0", "--db", database).stdout.splitlines()
    assert found
    held = {judgment_id for (judgment_id,) in rows(database, "SELECT judgment_id FROM judgments WHERE text LIKE '%护士%'")}
    assert {line.split("\t")[0] for line in found} <= held


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["report", "--db", "nowhere.db"], "nowhere.db does not exist"),
        (["extract", "--db", "nowhere.db"], "nowhere.db does not exist"),
        (["run", "nowhere", "--db", "made.db"], "nowhere"),
        (["show", "nobody", "--db", "nowhere.db"], "nowhere.db does not exist"),
        (["rules", "show", "wine"], "there is no rule file 'wine'; choose one of: accessory"),
        (["rules", "test", "--file", "wine.toml"], "wine.toml cannot be read"),
    ],
)
def test_errors_are_one_clear_line_and_exit_code_1(
    arguments: list[str], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = anjuan(*arguments)
    assert done.returncode == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_judgment_is_shown_in_the_terminal_and_as_a_page(database: Path, tmp_path: Path) -> None:
    case = CASES[0]["id"]
    told = anjuan("show", case, "--db", database).stdout
    assert "⟦" in told
    assert case in told.splitlines()[0]
    done = anjuan("show", case, "--db", database, "--html", tmp_path / "case.html", "--lang", "zh")
    assert done.stdout == f"page: {tmp_path / 'case.html'}\n"
    assert "<mark" in (tmp_path / "case.html").read_text("utf-8")
    only = anjuan("show", case, "--db", database, "--variable", "alcohol", "--lang", "zh").stdout
    assert "{饮酒: " in only
    assert "{凶器: " not in only


def test_rule_files_are_tested_and_a_broken_one_fails(tmp_path: Path) -> None:
    done = anjuan("rules", "test", "alcohol", "weapon")
    assert (done.returncode, done.stdout.splitlines()[-1].split()[2:]) == (0, ["in", "2", "files", "agree", "with", "their", "examples"])
    copy = tmp_path / "alcohol.toml"
    shipped = (ROOT / "pipeline" / "extract" / "rules" / "alcohol.toml").read_text("utf-8")
    copy.write_text(shipped.replace('"facts", ', '"fact", '), "utf-8")
    done = anjuan("rules", "test", "--file", copy)
    assert done.returncode == 1
    assert done.stdout.startswith(f"FAILED {copy}:6: unknown section 'fact'; choose one of ")
    assert done.stderr == ""


def test_the_rules_are_shown_counted_and_questioned(database: Path, tmp_path: Path) -> None:
    assert "must find" in anjuan("rules", "show", "alcohol").stdout
    assert "judgments with evidence, of 12" in anjuan("rules", "coverage", "--db", database, "--variable", "alcohol").stdout
    case = CASES[0]
    assert f"alcohol (饮酒) of {rows(database, 'SELECT judgment_id FROM cases ORDER BY rowid')[0][0]}" in (
        anjuan("rules", "why", case["id"], "alcohol", "--db", database, "--limit", "1").stdout
    )
    coded = tmp_path / "coded.jsonl"
    coded.write_text(json.dumps({"id": case["id"], "alcohol": "no"}), "utf-8")
    assert f"alcohol: 1 of 1 differ\n  {case['id']}: coded no, ours yes  “" in anjuan("rules", "misses", coded, "--db", database).stdout


def test_every_command_about_rules_in_the_readme_exists_with_its_options() -> None:
    group = typer.main.get_command(app).commands["rules"].commands  # type: ignore[attr-defined]
    lines = [line for line in (ROOT / "README.md").read_text("utf-8").splitlines() if line.startswith("anjuan rules ")]
    shown = [shlex.split(line, comments=True)[2:] for line in lines]
    assert {verb for verb, *_ in shown} == set(group)
    for verb, *rest in shown:
        options = {option for parameter in group[verb].params for option in parameter.opts}
        assert {word for word in rest if word.startswith("-")} <= options, verb
        assert f"Example: anjuan rules {verb}" in group[verb].help


def test_the_codebook_is_printed_in_both_languages() -> None:
    assert "attack_type" in anjuan("codebook").stdout
    assert "仇恨" in anjuan("codebook", "--lang", "zh").stdout
