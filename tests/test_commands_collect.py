"""The commands that collect: what a person types, what comes out, and when the exit code asks them to act."""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path

import pytest
from servers.local import serving
from servers.search import SearchCollection, document
from typer.testing import CliRunner

from cli import app
from pipeline.schema import AnjuanError

KEYWORDS = """
[[expression]]
name = "beating"
zh = "殴打医生"
en = "beating doctors"
any = ["殴打医生"]
query = ["殴打医生"]
hits = ["张某殴打医生。"]
misses = ["张某感谢医生。"]
"""


@pytest.fixture
def keywords(tmp_path: Path) -> Path:
    path = tmp_path / "mine.toml"
    path.write_text(KEYWORDS, "utf-8")
    return path


@pytest.fixture
def records(tmp_path: Path) -> Path:
    """Two judgments that tell of violence against a doctor, the second an appeal of the first, and one of theft."""
    first = "某县人民法院\n刑事判决书\n（2018）某0101刑初7号\n公诉机关某县人民检察院。\n被告人张某，男，汉族。\n经审理查明，2018年3月5日，被告人张某在某县医院殴打医生李某，致其轻微伤。\n本院认为，被告人张某的行为已构成寻衅滋事罪。判决如下：\n被告人张某犯寻衅滋事罪，判处有期徒刑六个月。\n二〇一八年六月一日"
    appeal = "某市中级人民法院\n刑事裁定书\n（2018）某01刑终9号\n原公诉机关某县人民检察院。\n上诉人（原审被告人）张某，男，汉族。\n某县人民法院审理某县人民检察院指控原审被告人张某犯寻衅滋事罪一案，于2018年6月1日作出（2018）某0101刑初7号刑事判决。宣判后，原审被告人张某不服，提出上诉。\n经审理查明，上诉人张某殴打医生李某。\n本院认为，原判定罪准确。裁定如下：\n驳回上诉，维持原判。\n二〇一八年八月一日"
    theft = "某县人民法院\n刑事判决书\n（2018）某0101刑初8号\n公诉机关某县人民检察院。\n被告人王某，男，汉族。\n经审理查明，被告人王某盗窃手机一部。\n本院认为，被告人王某的行为已构成盗窃罪。判决如下：\n被告人王某犯盗窃罪，判处罚金一千元。"
    path = tmp_path / "records.jsonl"
    lines = [json.dumps({"id": f"r{n}", "text": text}, ensure_ascii=False) for n, text in enumerate((first, appeal, theft))]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def anjuan(*words: object) -> tuple[int, str]:
    done = CliRunner().invoke(app, [str(word) for word in words])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.output


def asked(db: Path, sql: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(db) as connection:
        return connection.execute(sql).fetchall()


def test_files_may_be_chosen_by_keywords_with_the_words_that_chose_them(records: Path, keywords: Path, tmp_path: Path) -> None:
    code, printed = anjuan("collect", records, "--db", tmp_path / "a.db", "--keywords", keywords, "--jobs", 1)
    assert code == 0
    assert "2 new judgments" in printed
    assert "1 judgments that no keyword matches" in printed
    assert asked(tmp_path / "a.db", "SELECT DISTINCT expression, quote FROM keyword_hits") == [("beating", "殴打医生")]
    assert asked(tmp_path / "a.db", "SELECT count(DISTINCT judgment_id) FROM keyword_hits") == [(2,)]


def test_a_dump_is_scanned_once_and_its_bad_rows_are_kept(records: Path, keywords: Path, tmp_path: Path) -> None:
    folder = tmp_path / "dump"
    folder.mkdir()
    (folder / "a.jsonl").write_text(records.read_text("utf-8") + '{"id": "broken", "text": "张某殴打医生\n', "utf-8")
    scan = ("collect", "dump", folder, "--db", tmp_path / "a.db", "--keywords", keywords)
    code, printed = anjuan(*scan)
    assert "2 hits, 2 of them new judgments" in printed
    rows = asked(tmp_path / "a.db", "SELECT rows, hits, bad_rows, state FROM ledger")
    kept = [json.loads(line) for path in (tmp_path / "a.quarantine").glob("*.jsonl") for line in path.read_text("utf-8").splitlines()]
    assert (code, rows, len(kept)) == (0, [(4, 2, 1, "done")], 1)
    assert "0 hits" in anjuan(*scan)[1]
    assert asked(tmp_path / "a.db", "SELECT count(*) FROM judgments") == [(2,)]


def test_keywords_are_read_aloud_and_tried(records: Path, keywords: Path) -> None:
    code, printed = anjuan("collect", "keywords", "--keywords", keywords, "--test", records)
    assert code == 0
    assert "【殴打医生】" in printed
    assert printed.endswith("2 of 3 judgments would be taken\n")
    assert "study_beating_doctors" in anjuan("collect", "keywords")[1]


def test_a_keyword_file_that_breaks_its_own_example_is_refused(records: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(KEYWORDS.replace("张某感谢医生", "张某又殴打医生"), "utf-8")
    with pytest.raises(AnjuanError, match=r"wrong\.toml.*beating"):
        anjuan("collect", "keywords", "--keywords", wrong, "--test", records)


def test_searches_are_planned_and_what_lands_is_imported(records: Path, tmp_path: Path) -> None:
    folder = tmp_path / "downloads"
    folder.mkdir()
    (folder / "page.txt").write_text(json.loads(records.read_text("utf-8").splitlines()[0])["text"], "utf-8")
    page, db = tmp_path / "searches.html", tmp_path / "a.db"
    options = ("--years", "2018", "--level", "basic", "--keyword", "殴打医生")
    code, printed = anjuan("collect", "plan", "--db", db, *options, "--checklist", page, "--form", "csv")
    assert code == 0
    assert "https://wenshu.court.gov.cn/" in printed
    assert "s42=2018" in page.read_text("utf-8")
    code, printed = anjuan("collect", "plan", "--db", db, "--watch", folder, "--once", "--form", "csv")
    assert code == 0
    assert "page.txt: 1 new judgments" in printed
    assert asked(db, "SELECT count(*) FROM judgments") == [(1,)]


def test_coverage_tells_what_is_not_known(records: Path, keywords: Path, tmp_path: Path) -> None:
    anjuan("collect", records, "--db", tmp_path / "a.db", "--keywords", keywords, "--jobs", 1)
    anjuan("extract", "--db", tmp_path / "a.db", "--jobs", 1)
    code, printed = anjuan("collect", "coverage", "--db", tmp_path / "a.db", "--form", "jsonl")
    whole = [
        row for row in map(json.loads, printed.splitlines()) if (row["keyword"], row["year"], row["province"]) == ("beating", "2018", "")
    ]
    assert code == 0
    assert [(row["found"], row["kept"]) for row in whole] == [(None, 2)]


def test_an_appeal_is_linked_with_the_judgment_that_it_cites(records: Path, tmp_path: Path) -> None:
    anjuan("collect", records, "--db", tmp_path / "a.db", "--jobs", 1)
    anjuan("extract", "--db", tmp_path / "a.db", "--jobs", 1)
    code, printed = anjuan("link", "--db", tmp_path / "a.db", "--jobs", 1)
    assert code == 0
    assert "3 judgments, 0 copies, 1 links between instances, 2 cases" in printed
    assert asked(tmp_path / "a.db", "SELECT relation FROM case_links") == [("appeal_of",)]
    assert asked(tmp_path / "a.db", "SELECT count(DISTINCT chain_id) FROM cases") == [(2,)]


def test_a_report_counts_judgments_or_cases(records: Path, tmp_path: Path) -> None:
    db, page = tmp_path / "a.db", tmp_path / "report.html"
    anjuan("run", records, "--db", db, "--jobs", 1, "--quiet")
    with sqlite3.connect(db) as connection:
        connection.execute("UPDATE cases SET in_scope = 1, attack_type = 'reactive' WHERE source_id <> 'r2'")
        connection.execute("UPDATE cases SET in_scope = 0, attack_type = NULL WHERE source_id = 'r2'")
    assert asked(db, "SELECT source_id FROM cases_once WHERE in_scope = 1") == [("r0",)]
    assert reactive(anjuan("report", "--db", db)[1]) == "2"
    printed = anjuan("report", "--db", db, "--once", "--html", page)[1]
    assert reactive(printed) == "1"
    assert "are counted once" in printed
    assert "1 cases: copies of one judgment" in page.read_text("utf-8")


def reactive(table: str) -> str:
    """How many cases Table 1 counts as reactive attacks."""
    first = next(line for line in table.splitlines() if line.strip().startswith("Number of cases"))
    return re.findall(r"(\d+) \(", first)[0]  # a column without cases has no percentage


def test_a_search_server_is_asked_and_a_second_time_only_for_more(keywords: Path, tmp_path: Path) -> None:
    documents = [document(number) for number in range(1, 6)]
    with serving(SearchCollection(documents)) as server:
        ask = ("collect", "server", server.address, "--db", tmp_path / "a.db", "--keywords", keywords, "--years", "2018")
        code, printed = anjuan(*ask, "--contact", "researcher@university.example", "--pace", "0")
        assert (code, "5 new judgments" in printed) == (0, True)
        before = len(server.asked)
        assert anjuan(*ask, "--contact", "researcher@university.example", "--pace", "0")[0] == 0
        assert len(server.asked) == before
        with pytest.raises(AnjuanError, match="no address is set"):
            anjuan(*ask)


def test_the_site_is_not_asked_without_a_statement_that_one_may(tmp_path: Path) -> None:
    with pytest.raises(AnjuanError, match="--i-may-use-this-account"):
        anjuan("collect", "wenshu", "--db", tmp_path / "a.db", "--session", tmp_path / "cookies.txt")
    assert not (tmp_path / "a.db").exists()
