"""Bulk dumps: every hit that a plain reading finds is found, every bad row is kept, whatever the bytes look like."""

from __future__ import annotations

import base64
import csv
import gzip
import io
import json
import random
import zipfile
from collections.abc import Callable, Sequence, Set
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import xxhash

from pipeline.collect import LIMITS
from pipeline.collect.dump import Options, Place, Scanner, members
from pipeline.collect.limits import Limits
from pipeline.job.dumping import DumpCounts, scan
from pipeline.job.progress import Silent
from pipeline.schema import Judgment
from pipeline.store import Store

HEADER = ["原始链接", "案号", "案件名称", "法院", "所属地区", "案件类型", "案件类型编码", "来源", "审理程序", "裁判日期", "公开日期", "当事人", "案由", "法律依据", "全文"]  # fmt: skip
TEXT = "某县人民法院\n刑事判决书\n（2019）某0101刑初{n}号\n公诉机关某县人民检察院。被告人张某在医院走廊{act}李某。本院认为，其行为已构成故意伤害罪。"


class Hit(NamedTuple):
    expression: str
    start: int
    end: int


class Words:
    """Keywords that are plain words; blanks inside a word do not matter."""

    def __init__(self, *words: str, admits: Callable[[Judgment], bool] = lambda _: True) -> None:
        self.words = words
        self.spellings = tuple((word,) for word in words)
        self.fingerprint = "-".join(words)
        self.admits = admits

    def possible(self, present: Set[int]) -> bool:
        return bool(present)

    def find(self, text: str) -> Sequence[Hit]:
        places = [n for n, c in enumerate(text) if not c.isspace()]
        bare = "".join(text[n] for n in places)
        return [Hit(w, places[at], places[at + len(w) - 1] + 1) for w in self.words if (at := bare.find(w)) >= 0]


WORDS = Words("殴打医生", "杀害护士")


def row(n: int, act: str = "推搡", **changes: str) -> list[str]:
    link = f"https://wenshu.court.gov.cn/website/wenshu/index.html?docId={n:032x}"
    middle = ["某县人民法院", "某省", "刑事案件", "1", "www.example.cn", "刑事一审", "2019-05-06", "2019-06-01", "张某", "故意伤害罪"]
    values = [link, f"（2019）某0101刑初{n}号", "张某故意伤害一审刑事判决书", *middle, '刑法"第二百三十四条"', TEXT.format(n=n, act=act)]
    return list((dict(zip(HEADER, values, strict=True)) | changes).values())


def table(rows: list[list[str]], header: list[str] | None = None, end: str = "\r\n") -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator=end).writerows([header or HEADER, *rows])
    return out.getvalue().encode()


def scanned(path: Path, words: Words = WORDS, **options: Any) -> tuple[DumpCounts, list[dict[str, Any]], Store]:
    store = Store.open(path.parent / "study.db")
    run_id = store.begin_run("dump")
    counts = scan(store, run_id, [path], words, Silent(), Options(**options))
    store.finish_run(run_id, {})
    return counts, store.query("SELECT * FROM ledger ORDER BY path"), store


def quarantined(folder: Path) -> list[dict[str, Any]]:
    files = sorted((folder / "study.quarantine").glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]


def raw(bad: dict[str, Any]) -> bytes:
    return base64.b64decode(bad["base64"]) if "base64" in bad else bad["text"].encode()


def ids(store: Store) -> list[str]:
    return [row["source_id"][-4:] for row in store.query("SELECT source_id FROM judgments ORDER BY rowid")]


def write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("jobs", [1, 2])
def test_only_rows_that_match_are_stored_with_the_places_of_their_hits(tmp_path: Path, jobs: int) -> None:
    path = write(tmp_path / "a.csv", table([row(1), row(2, "殴打医生"), row(3), row(4, "杀害护士，殴打医生")]))
    counts, ledger, store = scanned(path, jobs=jobs)
    assert (counts.rows, counts.hits, counts.stored, counts.bad_rows) == (4, 2, 2, 0)
    assert ids(store) == ["0002", "0004"]
    hits = store.query("SELECT k.quote, substr(j.text, k.start + 1, 4) AS said FROM keyword_hits k JOIN judgments j USING (judgment_id)")
    assert sorted((hit["quote"], hit["said"]) for hit in hits) == [
        ("杀害护士", "杀害护士"),
        ("殴打医生", "殴打医生"),
        ("殴打医生", "殴打医生"),
    ]
    assert ledger[0] | {"updated_at": ""} == {
        "path": str(path), "keywords": WORDS.fingerprint, "stamp": f"{path.stat().st_size}-{path.stat().st_mtime_ns}",
        "bytes": path.stat().st_size, "hash": ledger[0]["hash"], "rows": 4, "hits": 2, "stored": 2, "bad_rows": 0,
        "position": path.stat().st_size, "quarantined": 0, "state": "done", "detail": "", "updated_at": "",
    }  # fmt: skip
    assert ledger[0]["hash"] == xxhash.xxh3_128(path.read_bytes()).hexdigest()
    assert store.query("SELECT path FROM judgments")[0]["path"] == f"{path}, row 2"
    assert store.verify() == []


def test_a_member_that_is_done_is_not_read_again_and_one_that_changed_is(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", table([row(1, "殴打医生")]))
    scanned(path)[2].close()
    counts, _, store = scanned(path)
    assert (counts.skipped, counts.rows) == (1, 0)
    assert len(store.query("SELECT id FROM runs")) == 1
    store.close()
    write(path, table([row(1, "殴打医生"), row(2, "殴打医生")]))
    counts, ledger, store = scanned(path)
    assert (counts.rows, counts.stored, ids(store)) == (2, 1, ["0001", "0002"])
    assert (ledger[0]["rows"], ledger[0]["hits"]) == (2, 2)


def test_columns_in_another_order_and_other_delimiters(tmp_path: Path) -> None:
    order = [14, 0, 2, 1, *range(3, 14)]
    rows = [[row(1)[n] for n in order], [row(2, "殴打医生")[n] for n in order]]
    out = io.StringIO(newline="")
    csv.writer(out, delimiter="\t").writerows([[HEADER[n] for n in order], *rows])
    counts, _, store = scanned(write(tmp_path / "a.tsv", out.getvalue().encode()))
    assert (counts.rows, ids(store)) == (2, ["0002"])


@pytest.mark.parametrize("codec", ["utf-8-sig", "gb18030"])
def test_encodings(tmp_path: Path, codec: str) -> None:
    data = table([row(1), row(2, "殴打医生")]).decode().encode(codec)
    counts, _, store = scanned(write(tmp_path / "a.csv", data))
    assert (counts.rows, counts.bad_rows, ids(store)) == (2, 0, ["0002"])
    assert "殴打医生" in next(store.judgments()).text


def test_a_single_row_in_another_encoding_is_read_and_one_in_none_is_kept_aside(tmp_path: Path) -> None:
    header, one, two, three = (table([each], header=each) for each in (HEADER, row(1, "殴打医生"), row(2, "殴打医生"), row(3, "殴打医生")))
    first = [data[: len(data) // 2] for data in (header, one, two, three)]  # `table` writes the row as its own header too
    foreign = first[2].decode().encode("gb18030")
    broken = first[3].replace("本院".encode(), b"\xff\xfe\xfa")
    counts, ledger, store = scanned(write(tmp_path / "a.csv", first[0] + first[1] + foreign + broken))
    assert (counts.rows, counts.bad_rows, ids(store)) == (3, 1, ["0001", "0002"])
    (bad,) = quarantined(tmp_path)
    assert (bad["row"], bad["may_match"]) == (3, True)
    assert raw(bad) == broken
    assert ledger[0]["state"] == "done"


def lines(rows: list[list[str]], **how: Any) -> bytes:
    return b"".join(json.dumps(dict(zip(HEADER, each, strict=True)), **how).encode() + b"\n" for each in rows)


@pytest.mark.parametrize("ascii_only", [True, False])
def test_json_lines_escaped_or_not(tmp_path: Path, ascii_only: bool) -> None:
    data = lines([row(1), row(2, "殴打医生"), row(3)], ensure_ascii=ascii_only)
    counts, ledger, store = scanned(write(tmp_path / "a.jsonl", data + b"\n"))
    assert (counts.rows, counts.bad_rows, ids(store)) == (3, 0, ["0002"])
    assert ledger[0]["position"] == ledger[0]["bytes"] == len(data) + 1


def test_capital_escapes_and_broken_lines(tmp_path: Path) -> None:
    good = lines([row(2, "殴打医生")])
    capital = good.replace(rb"\u533b", rb"\u533B")
    broken = lines([row(3, "杀害护士")])[:-9] + b"\n"
    cut = lines([row(4, "杀害护士")]).replace(b'", "', b'" "', 1)
    counts, _, store = scanned(write(tmp_path / "a.jsonl", lines([row(1)]) + capital + broken + b'["a"]\n' + cut + good[:-1]))
    assert (counts.rows, counts.bad_rows, ids(store)) == (6, 3, ["0002"])
    assert [(bad["row"], bad["may_match"]) for bad in quarantined(tmp_path)] == [(3, True), (4, False), (5, True)]


@pytest.mark.parametrize("gap", [" ", "\n", "\r\n", "\u3000", "  \n"])
@pytest.mark.parametrize("form", ["csv", "gb18030", "jsonl", "escaped"])
def test_words_with_gaps(tmp_path: Path, gap: str, form: str) -> None:
    rows = [row(1, f"殴打医{gap}生"), row(2, f"殴{gap}打{gap}医生"), row(3, "殴打医 师")]
    data = {
        "csv": lambda: table(rows),
        "gb18030": lambda: table(rows).decode().encode("gb18030"),
        "jsonl": lambda: lines(rows, ensure_ascii=False),
        "escaped": lambda: lines(rows),
    }[form]()
    path = write(tmp_path / "a", data)
    assert scanned(path)[0].hits == 2
    (tmp_path / "study.db").unlink()
    assert scanned(path, gaps=False)[0].hits == 0


def test_packed_members_are_read_without_unpacking(tmp_path: Path) -> None:
    one, two = table([row(1, "殴打医生")]), lines([row(2, "杀害护士"), row(3)])
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("2019-01.csv", one)
        archive.writestr("2019-02.jsonl", two)
    with gzip.open(tmp_path / "b.csv.gz", "wb") as packed:
        packed.write(table([row(4), row(5, "殴打医生")]))
    store = Store.open(tmp_path / "study.db")
    counts = scan(store, store.begin_run("dump"), [tmp_path / "a.zip", tmp_path / "b.csv.gz"], WORDS, Silent())
    assert (counts.rows, counts.members, ids(store)) == (5, {"done": 3}, ["0001", "0002", "0005"])
    assert [row["path"].removeprefix(str(tmp_path)) for row in store.query("SELECT path FROM ledger")] == [
        "/a.zip!2019-01.csv",
        "/a.zip!2019-02.jsonl",
        "/b.csv.gz",
    ]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.zip", "b.csv.gz", "study.db", "study.db-shm", "study.db-wal"]


def test_an_archive_that_gets_a_further_member_is_read_only_for_it(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("2019-01.csv", table([row(1, "殴打医生")]))
    scanned(tmp_path / "a.zip")[2].close()
    with zipfile.ZipFile(tmp_path / "a.zip", "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("2019-02.csv", table([row(2, "殴打医生")]))
    counts, _, store = scanned(tmp_path / "a.zip")
    assert (counts.skipped, counts.rows, ids(store)) == (1, 1, ["0001", "0002"])


class Heard(Silent):
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.total, self.done, self.notes = 0, 0, list[str]()

    def start(self, stage: str, total: int | None) -> None:
        self.total = total or 0

    def advance(self, number: int) -> None:
        self.done += number

    def note(self, message: str) -> None:
        self.notes.append(message)


def test_progress_counts_the_bytes_on_the_disk(tmp_path: Path) -> None:
    folder = tmp_path / "dump"
    folder.mkdir()
    write(folder / "a.csv", table([row(n, "殴打医生") for n in range(50)]))
    write(folder / "b.csv.gz", gzip.compress(table([row(1)])))
    heard = Heard()
    with Store.open(tmp_path / "study.db") as store:
        scan(store, store.begin_run("dump"), [folder], WORDS, heard, Options(block=1 << 12))
    assert heard.done == heard.total == sum(path.stat().st_size for path in folder.iterdir())
    assert heard.notes[0] == str(folder / "a.csv")


def test_a_half_written_table_keeps_its_place_and_is_read_on_when_it_is_complete(tmp_path: Path) -> None:
    whole = table([row(1, "殴打医生"), row(2), row(3, "殴打医生")])
    path = write(tmp_path / "a.csv", whole[: len(whole) - 40])
    counts, ledger, store = scanned(path)
    assert (counts.rows, ids(store)) == (2, ["0001"])
    assert ledger[0]["state"] == "incomplete"
    assert "row 3" in ledger[0]["detail"]
    assert [r["reason"] for r in store.query("SELECT reason FROM import_log WHERE outcome = 'rejected'")] == ["truncated"]
    store.close()
    assert scanned(path)[0].skipped == 1
    write(path, whole)
    counts, ledger, store = scanned(path)
    assert (counts.rows, counts.stored, ids(store), ledger[0]["state"], ledger[0]["rows"]) == (1, 1, ["0001", "0003"], "done", 3)
    assert store.query("SELECT 1 FROM import_log WHERE outcome = 'rejected'") == []


def test_a_half_written_table_that_became_another_is_read_from_its_beginning(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", table([row(1, "殴打医生"), row(2)])[:-9])
    scanned(path)[2].close()
    write(path, table([row(7, "殴打医生"), row(8, "殴打医生")]))
    counts, ledger, store = scanned(path)
    assert (counts.rows, ids(store), ledger[0]["rows"]) == (2, ["0001", "0007", "0008"], 2)


@pytest.mark.parametrize(("name", "data"), [("a.zip", "zip"), ("a.csv.gz", "gz")])
def test_archives_without_their_end_are_incomplete(tmp_path: Path, name: str, data: str) -> None:
    noise = random.Random(1)
    body = table([row(n, "殴打医生", 当事人="".join(chr(noise.randrange(0x4E00, 0x9000)) for _ in range(400))) for n in range(50)])
    packed = io.BytesIO()
    if data == "zip":
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a.csv", body)
    else:
        packed.write(gzip.compress(body))
    path = write(tmp_path / name, packed.getvalue()[: len(packed.getvalue()) // 2])
    counts, ledger, store = scanned(path)
    assert [row["state"] for row in ledger] == ["incomplete"]
    assert len(counts.unfinished) == 1
    store.close()
    write(path, packed.getvalue())
    _, ledger, store = scanned(path)
    assert [row["state"] for row in ledger if row["path"] != str(path) or data == "gz"] == ["done"]
    assert store.count() == 50


def test_what_is_no_table_is_refused_in_one_line(tmp_path: Path) -> None:
    counts, ledger, store = scanned(write(tmp_path / "a.txt", "这是一封信。\n".encode()))
    assert (ledger[0]["state"], counts.members) == ("refused", {"refused": 1})
    assert "collect files" in ledger[0]["detail"]
    assert store.query("SELECT reason FROM import_log")[0]["reason"] == "unknown_format"


def test_other_procedures_are_left_out_and_filters_hold(tmp_path: Path) -> None:
    civil = row(
        1,
        "殴打医生",
        案件类型="民事案件",
        案件名称="张某与李某医疗损害责任纠纷一审民事判决书",
        全文="某县人民法院\n民事判决书\n原告张某称被告李某殴打医生。",
    )
    path = write(tmp_path / "a.csv", table([civil, row(2, "殴打医生"), row(3, "殴打医生")]))
    counts, _, store = scanned(path, Words("殴打医生", admits=lambda judgment: judgment.source_id.endswith("3")))
    assert (counts.hits, counts.rejected, ids(store)) == (1, 0, ["0003"])


STRAY = {
    "an opened quote": lambda line: line.replace(b",\xe6\x95\x85\xe6\x84\x8f", b',"\xe6\x95\x85\xe6\x84\x8f', 1),
    "a closing quote too few": lambda line: line.rstrip(b'"\r\n') + b"\r\n",
    "a column too many": lambda line: line.replace(b",1,", b",1,,", 1),
    "a column too few": lambda line: line.replace(b",1,", b",", 1),
    "the end missing": lambda line: line[: len(line) // 3] + b"\n",
    "text behind a quote": lambda line: line.rstrip(b"\r\n") + b"x\r\n",
}


@pytest.mark.parametrize("fault", list(STRAY))
def test_a_broken_row_takes_no_other_row_with_it(tmp_path: Path, fault: str) -> None:
    parts = [table([row(n, "殴打医生" if n % 2 else "推搡")])[len(table([])) :] for n in range(1, 8)]
    broken = STRAY[fault](parts[3])
    data = table([]) + b"".join([*parts[:3], broken, *parts[4:]])
    counts, _, store = scanned(write(tmp_path / "a.csv", data))
    assert (counts.rows, ids(store)) == (7, ["0001", "0003", "0005", "0007"])
    if fault == "text behind a quote":  # the csv module reads it, and so do we
        assert counts.bad_rows == 0
    else:
        (bad,) = quarantined(tmp_path)
        assert (bad["row"], raw(bad)) == (4, broken)
        assert data[bad["offset"] : bad["offset"] + bad["length"]] == broken


def test_a_hit_in_a_row_with_broken_quotes_is_found_and_marked(tmp_path: Path) -> None:
    parts = [table([row(n, "殴打医生")])[len(table([])) :] for n in (1, 2)]
    counts, _, store = scanned(write(tmp_path / "a.csv", table([]) + parts[0].rstrip(b'"\r\n') + b"\r\n" + parts[1]))
    assert (counts.rows, counts.bad_rows, ids(store)) == (2, 1, ["0001", "0002"])
    assert [json.loads(r["metadata"]).get("broken_row") for r in store.query("SELECT metadata FROM judgments ORDER BY rowid")] == [
        "yes",
        None,
    ]


def test_a_line_too_long_to_be_held_is_named_by_its_place(tmp_path: Path) -> None:
    long = b'{"' + b"x" * 300_000 + b'": 1}\n'
    data = lines([row(1, "殴打医生")]) + long + lines([row(2, "殴打医生")])
    counts, _, store = scanned(write(tmp_path / "a.jsonl", data), limits=Limits(line=1 << 16), block=1 << 14)
    assert (counts.rows, counts.bad_rows, ids(store)) == (3, 1, ["0001", "0002"])
    (bad,) = quarantined(tmp_path)
    assert (bad["row"], bad["offset"], bad["length"]) == (2, len(lines([row(1, "殴打医生")])), len(long))
    assert "text" not in bad


def test_a_row_too_long_to_be_held_ends_where_a_line_begins_as_rows_do(tmp_path: Path) -> None:
    parts = [table([row(n, "殴打医生")])[len(table([])) :] for n in (1, 2, 3)]
    long = parts[1].rstrip(b'"\r\n') + "没有结束的引文\n".encode() * 20_000
    counts, _, store = scanned(
        write(tmp_path / "a.csv", table([]) + parts[0] + long + parts[2]), limits=Limits(line=1 << 16), block=1 << 14
    )
    assert (counts.rows, counts.bad_rows, ids(store)) == (3, 1, ["0001", "0003"])


def test_a_scan_in_small_blocks_is_that_in_large_ones(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", table([row(n, "殴打医生" if n % 5 == 0 else "推搡") for n in range(200)]))
    found = []
    for block in (1 << 13, 1 << 20):
        scanner = Scanner(WORDS, Options(block=block))
        (member,) = members([path], LIMITS)
        portions = list(scanner.scan(member, Place()))  # type: ignore[arg-type]
        found.append(([m.judgment.source_id for p in portions for m in p.matches], portions[-1].place))
    assert found[0] == found[1]
    assert len(found[0][0]) == 40


@pytest.mark.parametrize("large", [False, True])
def test_parquet_row_by_row(tmp_path: Path, large: bool) -> None:
    arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    rows = [dict(zip(HEADER, row(n, "殴打医生" if n % 700 == 0 else "推搡"), strict=True)) for n in range(1, 3001)]
    text = arrow.large_string() if large else arrow.string()
    data = arrow.Table.from_pylist(rows, schema=arrow.schema([(name, text) for name in HEADER]))
    path = tmp_path / "a.parquet"
    parquet.write_table(data, path, row_group_size=800)
    counts, ledger, store = scanned(path)
    assert (counts.rows, counts.hits, [name[-3:] for name in ids(store)]) == (3000, 4, ["2bc", "578", "834", "af0"])
    assert (ledger[0]["state"], ledger[0]["rows"], ledger[0]["bytes"]) == ("done", 3000, path.stat().st_size)
    assert ledger[0]["hash"] == xxhash.xxh3_128(path.read_bytes()).hexdigest()
    scanner = Scanner(WORDS, Options())
    (member,) = members([path], LIMITS)
    halfway = Place(1500, 1500, ledger[0]["hash"])
    assert [m.judgment.path[-8:] for p in scanner.scan(member, halfway) for m in p.matches] == ["row 2100", "row 2800"]  # type: ignore[arg-type]
    store.close()
    write(path, path.read_bytes()[:-100])
    assert [r["state"] for r in scanned(path)[1]] == ["incomplete"]
