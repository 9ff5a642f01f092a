"""`anjuan browse`: Datasette's pages answer, say what things mean in both languages, and write nothing."""

from __future__ import annotations

import asyncio
import os
import re
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from small_database import build

from pipeline.analyse.datasette import build as build_pages
from pipeline.analyse.datasette import metadata
from pipeline.analyse.datasette.serving import listen
from pipeline.analyse.reading import open_readonly
from pipeline.schema import AnjuanError, Label, StoreError
from pipeline.store import Store

ASKED = {"case": "H1", "variable": "alcohol", "value": "yes", "words": "护士"}


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("browse") / "study.db"
    build(path)
    return path


def get(db: Path, paths: list[str], language: str = "en") -> list[Any]:
    """The answers of one Datasette to requests, without a server."""

    async def ask() -> list[Any]:
        pages = build_pages(db, language)
        return [await pages.client.get(path) for path in paths]

    return asyncio.run(ask())


def queries(db: Path, language: str = "en") -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = metadata(open_readonly(db), db, language)["databases"]["study"]["queries"]
    return found


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_answers(db: Path, language: str) -> None:
    tables = [name for (name,) in open_readonly(db).execute("SELECT name FROM dictionary_tables WHERE name <> 'judgments_fts'")]
    judgment = open_readonly(db).execute("SELECT judgment_id FROM judgments").fetchone()[0]
    paths = [
        "/",
        "/study",
        *(f"/study/{name}" for name in tables),
        *(f"/study/{name}" for name in queries(db)),
        f"/study/judgments/{judgment}",
    ]
    wrong = [(path, answer.status_code) for path, answer in zip(paths, get(db, paths, language), strict=True) if answer.status_code != 200]
    assert wrong == []


def test_pages_say_what_things_mean(db: Path) -> None:
    home, cases = get(db, ["/study", "/study/cases"], "zh")
    assert "各类型的案件数" in home.text
    assert "案件 (cases)" in cases.text
    assert "hatred = 仇恨型" in cases.text
    assert "facet-attack_type" in cases.text
    assert "/anjuan/browse.css" in cases.text
    assert get(db, ["/anjuan/browse.css"])[0].status_code == 200


def test_codes_are_shown_with_their_labels_in_pages_only(db: Path) -> None:
    labelled = 'hatred <small class="label">仇恨型</small>'
    cases, asked, data = get(db, ["/study/cases", "/study?sql=select+attack_type+from+cases", "/study/cases.csv"], "zh")
    assert labelled in cases.text
    assert labelled in asked.text
    assert ",hatred," in data.text
    assert "hatred <small" not in get(db, ["/study/cases"])[0].text  # the English label says no more than the code


def test_judgments_in_views_and_answers_are_links(db: Path) -> None:
    (judgment,) = open_readonly(db).execute("SELECT judgment_id FROM judgments WHERE source_id = 'H1'").fetchone()
    for page in get(db, ["/study/evidence_cases", "/study/words_in_texts?words=医生", "/study/chains"]):
        assert f'<a href="/study/judgments/{judgment}">{judgment}</a>' in page.text
    (no_judgment,) = get(db, ["/study?sql=select+'<b>'+as+judgment_id"])
    assert "<td>&lt;b&gt;</td>" in re.sub(r' class="[^"]*"', "", no_judgment.text)


def test_a_judgment_is_called_by_its_title_where_others_refer_to_it(db: Path) -> None:
    (victims,) = get(db, ["/study/victims"])
    assert re.search(r'<a href="/study/judgments/\w+">H1 刑事判决书</a>', victims.text)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_ready_question_is_answered(db: Path, language: str) -> None:
    names = list(queries(db, language))
    assert len(names) >= 12
    asked = "&".join(f"{key}={value}" for key, value in ASKED.items())
    for name, answer in zip(names, get(db, [f"/study/{name}.json?{asked}" for name in names], language), strict=True):
        assert answer.status_code == 200, (name, answer.text)
        assert answer.json()["ok"], name


def rows(db: Path, name: str, language: str = "en", **asked: str) -> list[dict[str, Any]]:
    sql = queries(db, language)[name]["sql"]
    connection = open_readonly(db)
    cursor = connection.execute(sql, asked)
    return [dict(zip([column[0] for column in cursor.description], row, strict=True)) for row in cursor]


def test_ready_questions_count_right(db: Path) -> None:
    by_type = {row["attack_type"]: row["cases"] for row in rows(db, "cases_by_type", "zh")}
    assert by_type == {"仇恨型": 2, "反应型": 2, "偶发型": 1, "?": 1}
    assert sum(row["cases"] for row in rows(db, "cases_by_year")) == 6
    assert {row["channel"]: row["cases"] for row in rows(db, "prior_channels_by_type")} == {"none": 6}
    roles = {row["role"]: (row["persons"], row["deaths"]) for row in rows(db, "victims_by_role")}
    assert roles["Doctor"] == (2, 1)
    assert sum(persons for persons, _ in roles.values()) == 8
    assert {row["quote"] for row in rows(db, "evidence_of_a_case", case="H1")} >= {"携带菜刀", "砍死"}
    assert {row["quote"] for row in rows(db, "evidence_of_a_value", variable="alcohol", value="yes")} == {"酒后", "醉酒"}
    assert [row["coder"] for row in rows(db, "who_coded_what")] == ["Reader A", "adjudicated"]


def test_conflicts_in_screening_are_those_of_people(tmp_path: Path) -> None:
    ids = build(tmp_path / "study.db")
    said = {"H1": ("model", "0"), "R1": ("screen:ann", "0"), "U1": ("screen:ann", "1")}
    with Store.open(tmp_path / "study.db") as store:
        for name, (by, value) in said.items():
            store.replace_labels("test", by + name, by, [(ids[name], [Label("case", "in_scope", value, by)])], "1.3")
        store.replace_labels(
            "test", "ben", "screen:ben", [(ids[n], [Label("case", "in_scope", "1", "screen:ben")]) for n in ("H1", "R1", "U1")], "1.3"
        )
    found = {(row["judgment_id"], row["by_a"], row["by_b"]) for row in rows(tmp_path / "study.db", "screening_conflicts")}
    assert found == {(ids["H1"], "model", "screen:ben"), (ids["R1"], "screen:ann", "screen:ben")}


def test_words_are_found_as_printed_and_signs_are_data(db: Path) -> None:
    assert len(rows(db, "words_in_texts", words="护士")) == 2
    for nothing in ("士护", "护士 OR 医生", '" OR "', "NEAR(护 士)"):
        assert rows(db, "words_in_texts", words=nothing) == []


def test_sentences_by_type_have_the_median(tmp_path: Path) -> None:
    build(tmp_path / "study.db")
    connection = sqlite3.connect(tmp_path / "study.db")
    ids = [key for (key,) in connection.execute("SELECT judgment_id FROM cases WHERE attack_type = 'hatred'")]
    connection.execute("DELETE FROM defendants")
    for n, months in enumerate((6, 12, 40, 100), 1):
        connection.execute(
            "INSERT INTO defendants (judgment_id, n, name, gender, birth, ethnicity, education, occupation, sentence_kind, sentence_months) "
            "VALUES (?, ?, '', '', '', '', '', '', 'fixed', ?)",
            [ids[0], n, months],
        )
    connection.commit()
    (row,) = rows(tmp_path / "study.db", "sentences_by_type")
    assert (row["attack_type"], row["sentence"], row["defendants"], row["median_months"]) == ("Hatred", "Fixed-term imprisonment", 4, 26)


def test_nothing_can_be_written(db: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = db.read_bytes()
    statements = ["DELETE FROM cases", "INSERT INTO runs (command) VALUES ('x')", "PRAGMA journal_mode = DELETE", "ATTACH 'x.db' AS x"]
    for answer in get(db, [f"/study.json?sql={statement}" for statement in statements]):
        assert answer.status_code == 400
    assert db.read_bytes() == before
    assert capsys.readouterr().out == ""  # what is wrong is told in the browser, not in the terminal


def test_an_empty_database_can_be_browsed(tmp_path: Path) -> None:
    Store.open(tmp_path / "study.db").close()
    paths = ["/", "/study", "/study/cases", *(f"/study/{name}" for name in queries(tmp_path / "study.db"))]
    assert {answer.status_code for answer in get(tmp_path / "study.db", paths)} == {200}


def test_what_cannot_be_browsed_is_one_line(db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(StoreError, match="does not exist"):
        build_pages(tmp_path / "none.db", "en")
    with pytest.raises(AnjuanError, match="unknown language 'fr'"):
        build_pages(db, "fr")
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(AnjuanError, match="is in use: choose another with --port"):
        listen(taken.getsockname()[1])
    monkeypatch.setitem(sys.modules, "datasette.app", None)
    with pytest.raises(AnjuanError, match=r"pip install 'anjuan\[browse\]'"):
        build_pages(db, "en")


def test_the_command_serves_on_this_machine_only(db: Path) -> None:
    command = [sys.executable, "cli.py", "browse", "--db", str(db), "--port", "0", "--lang", "zh"]
    root = Path(__file__).parents[1]
    server = subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"})
    try:
        assert server.stdout is not None
        line = server.stdout.readline()
        address = re.search(r"http://127\.0\.0\.1:\d+/", line)
        assert address, line
        deadline = time.monotonic() + 30
        while True:
            try:
                page = urllib.request.urlopen(f"{address[0]}study/cases_by_type", timeout=10).read().decode()
                break
            except OSError:
                assert time.monotonic() < deadline
                time.sleep(0.1)
        assert "各类型的案件数" in page
    finally:
        server.terminate()
        server.wait(timeout=20)
