"""A bulk scan that is killed at any instant (SIGKILL) and started again leaves the database and the quarantine of an undisturbed one."""

from __future__ import annotations

import gzip
import multiprocessing
import random
import sqlite3
import time
import zipfile
from pathlib import Path

import pytest
from test_dump import WORDS, lines, row, table

from pipeline.collect.dump import Options
from pipeline.job.dumping import scan
from pipeline.job.progress import Silent
from pipeline.store import Store

KILLS = 20
ROWS = 600
STRETCH, BLOCK = 20_000, 1 << 13  # bytes: many transactions
START = "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"
QUESTIONS = (
    "SELECT judgment_id, source, source_id, title, path, metadata, text FROM judgments ORDER BY rowid",
    "SELECT * FROM sources ORDER BY 1, 2, 3, 4",
    "SELECT * FROM keyword_hits ORDER BY 1, 2, 3, 4",
    "SELECT path, keywords, stamp, bytes, hash, rows, hits, stored, bad_rows, position, quarantined, state, detail FROM ledger ORDER BY path",
    "SELECT path, place, outcome, reason, detail, sum(records) FROM import_log GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4",
)


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("inputs")
    (folder / "a.csv").write_bytes(broken(dump(0)))
    with zipfile.ZipFile(folder / "b.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("2019-01.csv", broken(dump(1)))
        archive.writestr("2019-02.csv", dump(2))
    (folder / "c.jsonl").write_bytes(lines([each(n) for n in range(ROWS)]) + b"broken}\n" * 9)
    (folder / "d.csv.gz").write_bytes(gzip.compress(dump(3)))
    (folder / "e.csv").write_bytes(dump(4)[:-30])
    (folder / "f.txt").write_text("这不是一张表。", "utf-8")
    return folder


def each(n: int) -> list[str]:
    act = {0: "殴打医生", 1: "杀害护士"}.get(n % 19, "推搡")
    return row(n, act, 全文="请输入验证码" if n % 190 == 57 else row(n, act)[-1])


def dump(part: int) -> bytes:
    return table([each(part * ROWS // 2 + n) for n in range(ROWS)])


def broken(data: bytes) -> bytes:
    """Every so many rows have a column too many or bytes that are no text."""
    return data.replace(b"7,", b"7,,", 40).replace("38号\n公诉".encode(), b"38\xff\n\xfe", 5)


def run(inputs: Path, database: Path) -> None:
    with Store.open(database) as store:
        run_id = store.begin_run("dump")
        scan(store, run_id, [inputs], WORDS, Silent(), Options(block=BLOCK), stretch=STRETCH)
        store.finish_run(run_id, {})


def content(database: Path) -> list[object]:
    with sqlite3.connect(database) as connection:
        tables: list[object] = [connection.execute(question).fetchall() for question in QUESTIONS]
    files = sorted((database.parent / f"{database.stem}.quarantine").iterdir())
    return [*tables, [(file.name, file.read_bytes()) for file in files]]


def count(database: Path) -> int:
    try:
        with sqlite3.connect(database) as connection:
            return int(connection.execute("SELECT coalesce(sum(rows), 0) FROM ledger").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


def kill(inputs: Path, database: Path, after: float) -> None:
    """Start a scan in a process of its own and kill it so many seconds after it has made the database."""
    process = multiprocessing.get_context(START).Process(target=run, args=(inputs, database))
    process.start()
    while not database.exists() and process.is_alive():
        time.sleep(0.001)
    time.sleep(after)
    process.kill()
    process.join(60)


def test_killed_at_any_instant_and_run_again_it_is_the_same_database(inputs: Path, tmp_path: Path) -> None:
    started = time.perf_counter()
    run(inputs, tmp_path / "whole.db")
    duration, chance, halfway = time.perf_counter() - started, random.Random(4), 0
    expected, total = content(tmp_path / "whole.db"), count(tmp_path / "whole.db")
    assert len(expected[-1]) == 3  # type: ignore[arg-type]
    for number in range(KILLS):
        database = tmp_path / f"{number}.db"
        for _ in range(chance.choice((1, 1, 2))):
            kill(inputs, database, chance.uniform(0, duration))
        halfway += 0 < count(database) < total
        run(inputs, database)
        assert content(database) == expected
        with Store.open(database) as store:
            assert store.verify() == []
    assert halfway, "no kill fell into the scan: it has proved nothing"
