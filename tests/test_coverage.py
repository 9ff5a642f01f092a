"""Coverage: what was found, fetched and kept by keyword, year and province; gaps; case numbers as serial numbers."""

from __future__ import annotations

import csv
import io
import json
import random
import sqlite3
from pathlib import Path

import pytest
import small_database
from hypothesis import given
from hypothesis import strategies as st

from pipeline.analyse.coverage import ALL, UNKNOWN, Coverage, Found, count_coverage
from pipeline.analyse.coverage_terminal import gap_lines, print_coverage, serials
from pipeline.analyse.serials import PROVINCES, CaseNumber, Serials, by_year, group, parse
from pipeline.schema import AnjuanError, Judgment, Label
from pipeline.store import Brought, Document, Question, Store

COURTS = {"浙江省": "浙江省甲市乙区人民法院", "北京市": "北京市丙区人民法院"}


def judgment(name: str) -> Judgment:
    return Judgment("test", f"identifier-of-{name}", f"{name}，被告人张某殴打医生李某甲。")


@pytest.fixture
def store(tmp_path: Path):
    with Store.open(tmp_path / "study.db") as opened:
        yield opened


def ask(
    store: Store, keyword: str, year: str, found: int | None, source: str = "wenshu_by_hand", province: str = "", level: str = "basic"
) -> int:
    query = f"{keyword} {year} {province} {level}"
    (asked,) = store.add_questions([Question(source, query, keyword, year, province, level, "")])
    if found is not None:
        store.move_query(asked.id, state="open", found=found)
    return asked.id


def keep(store: Store, name: str, province: str, day: str, number: str = "", in_scope: str = "1") -> str:
    one = judgment(name)
    store.add_judgments(None, [one])
    said = {"province": province, "court": COURTS.get(province, ""), "decided_on": day, "case_number": number, "in_scope": in_scope}
    labels = [Label("case", variable, value) for variable, value in said.items() if value]
    store.replace_labels("test", "1", "rules", [(one.judgment_id, labels)], "1.3")
    return one.judgment_id


def hit(store: Store, judgment_id: str, expression: str) -> None:
    store.db.conn.execute(
        "INSERT INTO keyword_hits VALUES (?, 'f', ?, 0, 1, (SELECT substr(text, 1, 1) FROM judgments WHERE judgment_id = ?))",
        [judgment_id, expression, judgment_id],
    )
    store.db.conn.commit()


def listed(store: Store, query: int, *documents: Document) -> None:
    store.add_answer(store.begin_run("test"), query, [Brought(document) for document in documents])


def kinds(coverage: Coverage, kind: str) -> list[tuple[str, str, str, int]]:
    return [(gap.keyword, gap.year, gap.province, gap.n) for gap in coverage.gaps if gap.kind == kind]


# What there is


def test_files_alone_leave_found_unknown(tmp_path: Path) -> None:
    small_database.build(tmp_path / "small.db")
    connection = sqlite3.connect(tmp_path / "small.db")
    coverage = count_coverage(connection)
    assert coverage.keywords == (ALL,)
    whole = coverage.cell()
    assert (whole.found, whole.kept, whole.in_scope) == (None, 8, 6)
    assert coverage.cell(year="2015").kept == 2
    assert coverage.cell(year=UNKNOWN).kept == 3
    shown = print_coverage(connection)
    assert "(all judgments)" in shown
    assert "   ?" in shown
    rows = list(csv.DictReader(io.StringIO(print_coverage(connection, form="csv"))))
    assert {row["found"] for row in rows} == {""}


def test_found_fetched_and_kept(store: Store) -> None:
    query = ask(store, "殴打医生", "2019", 5)
    judgment_id = keep(store, "甲", "浙江省", "2019-05-06")
    listed(
        store,
        query,
        Document("identifier-of-甲", court=COURTS["浙江省"], state="fetched", judgment_id=judgment_id),
        Document("b", court=COURTS["北京市"]),
        Document("c", case_number="（2019）浙0702刑初7号", state="refused", detail="not public"),
    )
    coverage = count_coverage(store)
    cell = coverage.cell("殴打医生", "2019")
    assert (cell.found, cell.listed, cell.fetched, cell.kept, cell.in_scope) == (Found(5, True), 3, 1, 1, 1)
    assert coverage.cell("殴打医生", "2019", "浙江省").listed == 2
    assert coverage.cell("殴打医生", "2019", "北京市").listed == 1
    assert coverage.cell("殴打医生", "2019", "北京市").found is None
    assert kinds(coverage, "missing") == [("殴打医生", "2019", "", 1)]
    assert kinds(coverage, "refused") == [("殴打医生", "2019", "", 1)]


def test_hits_of_a_keyword_are_kept_under_it(store: Store) -> None:
    for name, day in (("甲", "2018-01-01"), ("乙", "2020-01-01")):
        hit(store, keep(store, name, "浙江省", day, in_scope="0"), "beating")
    keep(store, "丙", "北京市", "2018-01-01")
    coverage = count_coverage(store)
    assert [coverage.cell("beating", year).kept for year in ("2018", "2019", "2020")] == [1, 0, 1]
    assert (coverage.cell("beating").kept, coverage.cell("beating").in_scope, coverage.cell().kept) == (2, 0, 3)
    assert kinds(coverage, "no_year") == [("beating", "2019", "", 0)]
    assert len(kinds(coverage, "no_province")) == len(PROVINCES) - 1
    assert coverage.chosen


def test_what_was_not_screened_is_unknown(store: Store) -> None:
    keep(store, "甲", "浙江省", "2019-05-06", in_scope="")
    assert count_coverage(store).cell().in_scope is None


def test_a_document_of_two_queries_counts_once(store: Store) -> None:
    for year, level in (("2019", "basic"), ("2019", "intermediate")):
        listed(store, ask(store, "伤医", year, 1, level=level), Document("same"))
    assert count_coverage(store).cell("伤医", "2019").listed == 1
    assert count_coverage(store).cell("伤医", "2019").found == Found(2, True)


def test_found_adds_up_over_levels_and_years_only(store: Store) -> None:
    for level, found in (("basic", 700), ("high", 3)):
        ask(store, "伤医", "2019", found, level=level)
    ask(store, "伤医", "2020", None)
    for province in ("浙江省", "北京市"):  # the search of 2019 split: part of the same 700
        ask(store, "伤医", "2019", 50, province=province)
    ask(store, "伤医", "2019", 400, source="search_server")  # another source of the same documents
    coverage = count_coverage(store)
    assert coverage.cell("伤医", "2019").found == Found(703, True)
    assert coverage.cell("伤医", "2019", "浙江省").found == Found(50, True)
    assert coverage.cell("伤医", "2020").found is None
    assert coverage.cell("伤医").found == Found(703, False)
    assert "703+" in print_coverage(store)


def test_metadata_place_what_was_not_extracted(store: Store) -> None:
    stated = {"decided_on": "2017年3月1日", "case_number": "(2017)京0101刑初5号", "court": "某区人民法院"}
    store.add_judgments(None, [Judgment("test", "a", "被告人张某殴打医生。", metadata=stated)])
    assert count_coverage(store).cell(year="2017", province="北京市").kept == 1
    assert serials(store)[0].largest == 5


# Gaps


def test_gaps(store: Store) -> None:
    over, stopped = ask(store, "伤医", "2018", 900), ask(store, "伤医", "2019", 5)
    ask(store, "伤医", "2020", None)
    counted = ask(store, "伤医", "2021", None)
    store.move_query(stopped, state="stopped", detail="login page")
    store.move_query(counted, state="open")
    listed(store, over, Document("a"), Document("b"))
    columns = "path, keywords, bytes, hash, rows, hits, bad_rows, position, state, detail, updated_at"
    store.db.conn.execute(f"INSERT INTO ledger ({columns}) VALUES ('dump/a.csv', 'f', 10, '', 5, 1, 2, 7, 'incomplete', 'broken off', '')")
    store.db.conn.execute(f"INSERT INTO ledger ({columns}) VALUES ('dump/b.csv', 'f', 10, '', 5, 1, 0, 10, 'done', '', '')")
    store.db.conn.commit()
    coverage = count_coverage(store)
    assert kinds(coverage, "over_limit") == [("伤医", "2018", "", 300)]
    assert kinds(coverage, "stopped") == [("伤医", "2019", "", 1)]
    assert kinds(coverage, "not_asked") == [("伤医", "2020", "", 1)]
    assert kinds(coverage, "not_counted") == [("伤医", "2021", "", 1)]
    assert kinds(coverage, "missing") == [("伤医", "2018", "", 2)]
    assert [(gap.kind, gap.n, gap.detail) for gap in coverage.gaps[-2:]] == [
        ("unread", 1, "dump/a.csv: broken off"),
        ("bad_rows", 2, "dump/a.csv"),
    ]
    for language, words in (("en", ["login page", "no judgment of 2018-2021"]), ("zh", ["2018-2021无文书", "基层法院"])):
        shown = print_coverage(store, language=language)
        assert [word for word in words if word not in shown] == []


def test_a_search_split_by_province_is_no_gap_itself(store: Store) -> None:
    ask(store, "伤医", "2018", 900)
    ask(store, "伤医", "2018", 10, province="浙江省")
    ask(store, "伤医", "2018", 700, province="北京市")
    assert kinds(count_coverage(store), "over_limit") == [("伤医", "2018", "北京市", 100)]


def test_where_most_cannot_be_placed_no_province_is_called_empty(store: Store) -> None:
    store.add_judgments(None, [judgment(name) for name in "甲乙丙"])
    coverage = count_coverage(store)
    assert kinds(coverage, "unplaced") == [("", "", "", 3)]
    assert kinds(coverage, "no_province") == kinds(coverage, "no_year") == []
    assert "no gaps" not in print_coverage(store)


def test_many_gaps_are_summed_up() -> None:
    from pipeline.analyse.coverage import Gap
    from pipeline.analyse.coverage_terminal import _WORDS

    (line,) = gap_lines([Gap("missing", "k", str(year), "", 2) for year in range(2000, 2020)], _WORDS["en"])
    assert line.startswith("40 documents")
    assert line.endswith("and 8 more")


def test_rows_for_other_programs(store: Store) -> None:
    ask(store, "伤医", "2018", 2)
    keep(store, "甲", "浙江省", "2018-05-06", "（2018）浙0702刑初9号")
    cells = [json.loads(line) for line in print_coverage(store, form="jsonl").splitlines()]
    assert {"keyword": "伤医", "year": "2018", "found": 2, "found_is_whole": True}.items() <= cells[-1].items()
    assert print_coverage(store, form="csv", table="gaps").startswith("kind,keyword,year,province,n,detail\n")
    assert "浙0702,2018,刑初,1,1,9" in print_coverage(store, form="csv", table="serials")
    for wrong in ({"form": "xml"}, {"form": "csv", "table": "nothing"}):
        with pytest.raises(AnjuanError, match="choose one of"):
            print_coverage(store, **wrong)


# Case numbers


@pytest.mark.parametrize(
    ("printed", "taken_apart", "province"),
    [
        ("（2018）浙0702刑初662号", CaseNumber("2018", "浙0702", "刑初", 662, True), "浙江省"),
        ("(2009)某中法刑一初字第12号", CaseNumber("2009", "某中法", "刑一初", 12, False), ""),
        ("〔2014〕 甲刑初字第 00123 号", CaseNumber("2014", "甲", "刑初", 123, False), ""),
        ("（2019）最高法刑申23号", CaseNumber("2019", "最高法", "刑申", 23, True), ""),
        ("（2018）冀刑终9号之一", CaseNumber("2018", "冀", "刑终", 9, True), "河北省"),
        ("（2016）兵0102刑更5号", CaseNumber("2016", "兵0102", "刑更", 5, True), "新疆维吾尔自治区"),
        ("（２０２０）苏8602刑初１号", CaseNumber("2020", "苏8602", "刑初", 1, True), "江苏省"),
        ("（2012）刑复字第3号", CaseNumber("2012", "", "刑复", 3, False), ""),
    ],
)
def test_case_numbers(printed: str, taken_apart: CaseNumber, province: str) -> None:
    assert parse(printed) == taken_apart
    assert taken_apart.province == province


@pytest.mark.parametrize(
    "printed", ["", "无", "（2014）民一终字第81号", "（2021）*011*刑初3042*号", "（2018）浙0702刑初号", "甲刑初字第1号"]
)
def test_what_is_no_criminal_case_number(printed: str) -> None:
    assert parse(printed) is None


@given(
    st.integers(2016, 2030),
    st.sampled_from("京浙新兵"),
    st.integers(0, 9999),
    st.sampled_from(["刑初", "刑终", "刑再"]),
    st.integers(1, 999_999),
)
def test_every_number_of_the_new_form(year: int, letter: str, code: int, kind: str, serial: int) -> None:
    assert parse(f"（{year}）{letter}{code:04}{kind}{serial}号") == CaseNumber(str(year), f"{letter}{code:04}", kind, serial, True)


@given(st.text(max_size=40))
def test_no_text_raises(text: str) -> None:
    parse(text)


def test_numbers_are_counted_by_court_year_and_kind() -> None:
    numbers = [
        "（2018）浙0702刑初3号",
        "（2018）浙0702刑初3号",
        "（2018）浙0702刑初8号",
        "（2018）浙0702刑终1号",
        "（2012）甲刑初字第4号",
        "masked",
    ]
    found = group([(number, "甲市乙区人民法院") for number in numbers])
    assert [(row.code, row.year, row.kind, row.documents, row.seen, row.largest) for row in found] == [
        ("浙0702", "2018", "刑初", 3, 2, 8),
        ("甲市乙区人民法院", "2012", "刑初", 1, 1, 4),
        ("浙0702", "2018", "刑终", 1, 1, 1),
    ]
    assert found[0].court == "甲市乙区人民法院"


def test_the_estimate_is_unbiased() -> None:
    generator, total, seen = random.Random(1), 400, 8
    samples = [generator.sample(range(1, total + 1), seen) for _ in range(4000)]
    rows = [Serials("", "", "2018", "刑初", seen, seen, max(sample)) for sample in samples]
    assert sum(row.estimate or 0 for row in rows) / len(rows) == pytest.approx(total, rel=0.01)
    below = sum((row.at_most or 0) >= total for row in rows) / len(rows)
    assert below == pytest.approx(0.95, abs=0.015)


def test_few_numbers_give_no_estimate() -> None:
    few, whole = Serials("", "", "2018", "刑初", 4, 4, 9), Serials("", "", "2018", "刑初", 10, 10, 10)
    assert (few.estimate, few.at_most, few.share) == (None, None, None)
    assert whole.estimate == pytest.approx(10)
    assert whole.share == 1
    assert by_year([few, whole]) == [("2018", 10, 10, pytest.approx(10))]


def test_shares_only_for_whole_dumps(store: Store) -> None:
    for serial in range(1, 7):
        keep(store, f"案{serial}", "浙江省", "2018-05-06", f"（2018）浙0702刑初{serial * 2}号")
    unsure, whole = print_coverage(store), print_coverage(store, complete=True)
    assert "46.2%" in whole  # 6 of 13
    assert "%" not in unsure.split("Posting:")[0]
    assert "--complete" in unsure
    ask(store, "伤医", "2018", 2)
    assert "No share can be told" in print_coverage(store)
    assert "only if everything else is in it too" in print_coverage(store, complete=True)
