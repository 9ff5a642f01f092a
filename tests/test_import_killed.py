"""An import that is killed at any instant (SIGKILL) and started again leaves the database that an undisturbed one leaves."""

from __future__ import annotations

import gzip
import io
import json
import multiprocessing
import random
import sqlite3
import tarfile
import time
import zipfile
from pathlib import Path

import py7zr
import pytest
from typer.testing import CliRunner

from cli import app
from pipeline.store import Store

KILLS = 20
START = "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"  # fork spares the imports
WORDS = ("输液", "药房", "护士站", "缝合", "候诊", "分诊台", "急诊", "抢救室", "挂号", "值班")
# Everything but the times and the numbers of the runs; the rows of a file's log are added up, for two runs may have written them.
QUESTIONS = (
    "SELECT rowid, judgment_id, source, source_id, title, path, metadata, characters, text FROM judgments ORDER BY rowid",
    "SELECT * FROM originals ORDER BY judgment_id",
    "SELECT * FROM sources ORDER BY judgment_id, path",
    "SELECT * FROM cases ORDER BY rowid",
    "SELECT path, place, outcome, reason, detail, sum(records) FROM import_log GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4",
    "SELECT * FROM imported_files ORDER BY path",
    "SELECT * FROM indexed ORDER BY number",
    *(f"SELECT rowid FROM judgments_fts WHERE judgments_fts MATCH '\"{' '.join(word)}\"' ORDER BY rowid" for word in WORDS),
)


def text(number: int) -> str:
    """A judgment of our own, unlike the others."""
    told = "".join(f"被告人张某{number}在{WORDS[(number + step) % len(WORDS)]}与护士李某争吵，推搡{step}次。" for step in range(12))
    return (
        f"某县人民法院刑事判决书（2018）某刑初{number}号\r\n公诉机关指控，被告人张某{number}犯寻衅滋事罪。\r\n经审理查明，{told}判决如下。"
    )


def lines(numbers: range) -> bytes:
    return "\n".join(json.dumps({"id": f"R{n}", "text": text(n)}, ensure_ascii=False) for n in numbers).encode()


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files of many forms; some judgments stand in several, some records are refused, some of them more than once at one place."""
    folder = tmp_path_factory.mktemp("inputs")
    (folder / "a.jsonl").write_bytes(lines(range(260)) + b'\n{"id": "cut", "text": "')
    (folder / "b.jsonl.gz").write_bytes(gzip.compress(lines(range(200, 420))))
    with zipfile.ZipFile(folder / "c.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(400, 520):
            archive.writestr(f"{number}.txt", text(number))
        archive.writestr("../out.txt", text(1))
    with tarfile.open(folder / "d.tar.gz", "w:gz") as tar:
        for name, data in (("x.jsonl", lines(range(500, 600))), ("x.jsonl", lines(range(590, 640))), ("empty.txt", b"")):
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    with py7zr.SevenZipFile(folder / "e.7z", "w") as packed:
        packed.writestr(lines(range(630, 700)), "y.jsonl")
    civil = {"id": "V", "text": "某县人民法院民事判决书。原告张某与被告李某买卖合同纠纷一案，判决如下。"}
    (folder / "f, with a comma.json").write_text(json.dumps([civil, civil, {"id": "R", "text": text(3)}] * 40, ensure_ascii=False), "utf-8")
    for number in range(60):
        (folder / f"g{number}.txt").write_text(text(680 + number), "utf-8")
    (folder / "h.html").write_text("<html><title>用户登录</title><body><form>用户名 密码 登录</form></body></html>", "utf-8")
    (folder / "i.crdownload").write_bytes(lines(range(3)))
    return folder


def content(database: Path) -> list[list[tuple[object, ...]]]:
    with sqlite3.connect(database) as connection:
        return [connection.execute(question).fetchall() for question in QUESTIONS]


def count(database: Path) -> int:
    """How many judgments are there; 0 while there is no table."""
    try:
        with sqlite3.connect(database) as connection:
            return int(connection.execute("SELECT count(*) FROM judgments").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


def command(inputs: Path, database: Path) -> list[str]:
    return ["collect", "files", str(inputs), "--db", str(database), "--quiet", "--jobs", "1"]  # other processes only start slower


def finish(inputs: Path, database: Path) -> None:
    result = CliRunner().invoke(app, command(inputs, database))
    assert result.exit_code == 0, result.output


def kill(inputs: Path, database: Path, after: float) -> None:
    """Start an import in a process of its own and kill it so many seconds after it has made the database."""
    process = multiprocessing.get_context(START).Process(target=CliRunner().invoke, args=(app, command(inputs, database)))
    process.start()
    while not database.exists() and process.is_alive():
        time.sleep(0.001)
    time.sleep(after)
    process.kill()
    process.join(60)


def test_killed_at_any_instant_and_run_again_it_is_the_same_database(inputs: Path, tmp_path: Path) -> None:
    finish(inputs, tmp_path / "whole.db")
    expected, total = content(tmp_path / "whole.db"), count(tmp_path / "whole.db")
    assert total == 740
    started = time.perf_counter()
    finish(inputs, tmp_path / "timed.db")
    duration, chance, halfway = time.perf_counter() - started, random.Random(4), 0
    for number in range(KILLS):
        database = tmp_path / f"{number}.db"
        for _ in range(chance.choice((1, 1, 2))):
            kill(inputs, database, chance.uniform(0, duration))
        halfway += 0 < count(database) < total
        finish(inputs, database)
        assert content(database) == expected
        with Store.open(database) as store:
            assert store.verify() == []
    assert halfway, "no kill fell into the import: it has proved nothing"


def test_two_processes_leave_the_database_of_one(inputs: Path, tmp_path: Path) -> None:
    finish(inputs, tmp_path / "one.db")
    result = CliRunner().invoke(app, ["collect", "files", str(inputs), "--db", str(tmp_path / "two.db"), "--quiet", "--jobs", "2"])
    assert result.exit_code == 0, result.output
    assert content(tmp_path / "two.db") == content(tmp_path / "one.db")


def test_an_import_counts_each_record_once(inputs: Path, tmp_path: Path) -> None:
    finish(inputs, tmp_path / "study.db")
    with sqlite3.connect(tmp_path / "study.db") as connection:
        files = {
            str(path).removeprefix(f"{inputs}/"): tuple(counts)
            for path, *counts in connection.execute("SELECT * FROM imported_files WHERE path NOT LIKE '%.txt'")
        }
    assert files == {
        "a.jsonl": (260, 0, 1),
        "b.jsonl.gz": (160, 60, 0),
        "d.tar.gz!x.jsonl": (80, 20, 0),
        "d.tar.gz!x.jsonl #2": (40, 10, 0),
        "e.7z!y.jsonl": (60, 10, 0),
        "f, with a comma.json": (0, 40, 80),
        "h.html": (0, 0, 1),
        "i.crdownload": (0, 0, 1),
    }


def test_run_twice_changes_nothing(inputs: Path, tmp_path: Path) -> None:
    database = tmp_path / "study.db"
    finish(inputs, database)
    with sqlite3.connect(database) as connection:
        before = list(connection.iterdump())
    finish(inputs, database)
    with sqlite3.connect(database) as connection:
        assert list(connection.iterdump()) == before


def test_a_download_completed_later_is_taken_then_and_its_refusal_is_forgotten(tmp_path: Path) -> None:
    folder, database, undisturbed = tmp_path / "downloads", tmp_path / "study.db", tmp_path / "undisturbed.db"
    folder.mkdir()
    (folder / "a.jsonl.crdownload").write_bytes(lines(range(3)))
    (folder / "b.jsonl").write_bytes(lines(range(3, 6))[:-40])
    (folder / "c.zip").write_bytes(b"PK\x03\x04" + bytes(40))
    finish_with_few(folder, database)
    (folder / "a.jsonl.crdownload").rename(folder / "a.jsonl")
    (folder / "a.jsonl").write_bytes(lines(range(4)))
    (folder / "b.jsonl").write_bytes(lines(range(3, 6)))
    with zipfile.ZipFile(folder / "c.zip", "w") as archive:
        archive.writestr("d.txt", text(9))
    finish_with_few(folder, database)
    finish_with_few(folder, undisturbed)
    with sqlite3.connect(database) as connection:
        assert connection.execute("SELECT * FROM import_log WHERE outcome = 'rejected'").fetchall() == []
        assert connection.execute("SELECT sum(stored), sum(duplicates), sum(rejected) FROM imported_files").fetchone() == (7, 1, 0)
    with Store.open(database) as one, Store.open(undisturbed) as other:
        assert {j.judgment_id for j in one.judgments()} == {j.judgment_id for j in other.judgments()}


def finish_with_few(folder: Path, database: Path) -> None:
    assert CliRunner().invoke(app, command(folder, database)).exit_code == 0
