"""Collecting by hand: addresses, saved result lists, the watched folder, and what is found, downloaded and missing."""

from __future__ import annotations

import base64
import json
import os
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.collect.web import plan
from pipeline.collect.web.saved_lists import Listing, Named, conditions_of, conditions_of_url, read_listings
from pipeline.job import assigning, planning, watching
from pipeline.job.assigning import Facts
from pipeline.schema import AnjuanError, RecordError
from pipeline.store import Document, Store
from pipeline.store import store as store_module

ID = "0123456789abcdef0123456789abcd{:02}"
COURT = "浙江省甲市乙区人民法院"


def judgment(number: int, name: str = "张某", year: str = "二〇一九", words: str = "殴打医生") -> str:
    return f"""{COURT}
刑 事 判 决 书
（2019）浙0702刑初{number}号
公诉机关甲市乙区人民检察院。
被告人{name}，男，1980年1月1日出生，汉族，农民。
甲市乙区人民检察院指控被告人{name}犯寻衅滋事罪，向本院提起公诉。本院依法公开开庭审理了本案。现已审理终结。
经审理查明，2019年3月1日，被告人{name}在甲市医院{words}，致医生李某甲轻微伤。
本院认为，被告人{name}随意殴打他人，其行为已构成寻衅滋事罪。依照《中华人民共和国刑法》第二百九十三条之规定，判决如下：
被告人{name}犯寻衅滋事罪，判处有期徒刑六个月。
如不服本判决，可在接到判决书的第二日起十日内向甲市中级人民法院提出上诉。
审判长　王某
{year}年五月六日
书记员　赵某
"""


def entry(number: int, name: str = "张某") -> str:
    return (
        f'<div class="LM_list"><div class="list_title clearfix"><h4><a href="../181107ANFZ0BXSK4/index.html?docId={ID.format(number)}" '
        f'class="caseName" target="_blank">{name}寻衅滋事一审刑事判决书</a></h4></div><div class="list_subtitle">'
        f'<span class="slfyName">{COURT}</span> <span class="ah">（2019）浙0702刑初{number}号</span> <span class="cprq">2019-05-06</span></div></div>'
    )


def page(found: int, *entries: str, bar: str = "", address: str = "") -> str:
    saved = f"<!-- saved from url=(0123){address} -->" if address else ""
    return (
        f'<!DOCTYPE html>{saved}<html><body><div class="LT_Filter_right">{bar}</div><div class="LM_con clearfix">'
        f'<div class="fr con_right">共检索到 <span>{found}</span> 篇文书，显示前600条</div></div>{"".join(entries)}</body></html>'
    )


SEARCH = plan.Search("beating", "殴打医生", "2019", "basic")


@pytest.fixture
def store(tmp_path: Path):
    with Store.open(tmp_path / "study.db") as opened:
        planning.save_plan(opened, [SEARCH])
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "downloads").mkdir()
    return tmp_path / "downloads"


def save(path: Path, content: str | bytes, age: float = 60) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    now = path.stat().st_mtime
    os.utime(path, (now - age, now - age))
    return path


def look(store: Store, folder: Path) -> list[watching.Landed]:
    landed: list[watching.Landed] = []
    run_id = store.begin_run("plan")
    watching.watch(watching.Watch(store, run_id, folder), landed.append, once=True, sleep=lambda seconds: pytest.fail("nothing grows"))
    store.finish_run(run_id, {})
    return landed


def only(store: Store) -> dict[str, object]:
    (row,) = planning.status(store)
    return row


# Addresses


def test_an_address_carries_the_whole_search() -> None:
    search = plan.Search("beating", "殴打 医生", "2019", "basic", "浙江省")
    given_back = parse_qs(urlsplit(search.url).query)
    assert {key: values[0] for key, values in given_back.items() if key != "pageId"} == {
        "s21": "殴打 医生", "s8": "02", "s42": "2019", "s4": "4", "s33": "浙江省",
    }  # fmt: skip
    assert len(given_back["pageId"][0]) == 32
    assert search.url.startswith("https://wenshu.court.gov.cn/website/wenshu/181217BMTKHNT2W0/index.html?pageId=")


def test_each_search_has_its_own_page() -> None:
    searches = list(plan.plan([("a", "伤医"), ("b", "殴打医生")], ["2018", "2019"]))
    assert len(searches) == 16
    assert len({search.url for search in searches}) == len({search.query for search in searches}) == 16


@given(
    words=st.lists(st.text("殴打医生&=+%#?/ab1", min_size=1, max_size=5), min_size=1, max_size=3, unique=True),
    year=st.sampled_from(["", "2019"]),
    level=st.sampled_from(["", *plan.LEVELS]),
    province=st.sampled_from(["", *plan.PROVINCES]),
)
def test_the_address_gives_the_conditions_back(words: list[str], year: str, level: str, province: str) -> None:
    search = plan.Search("x", " ".join(words), year, level, province)
    assert frozenset(conditions_of_url(search.url)) == frozenset(search.conditions)
    assert frozenset(conditions_of(search.conditions)) == frozenset(search.conditions)


@pytest.mark.parametrize(
    ("text", "years"), [("2019", ["2019"]), ("2012-2014", ["2012", "2013", "2014"]), ("2012，2015—2016", ["2012", "2015", "2016"])]
)
def test_years(text: str, years: list[str]) -> None:
    assert plan.parse_years(text, 2026) == years


@pytest.mark.parametrize("text", ["", "19", "2019-2012", "1980", "2090", "2012-2090", "since 2012"])
def test_impossible_years_are_refused(text: str) -> None:
    with pytest.raises(AnjuanError, match="year"):
        plan.parse_years(text, 2026)


def test_levels_and_provinces_by_either_name() -> None:
    assert plan.parse_levels(["基层法院", "high"]) == ["basic", "high"]
    assert plan.parse_provinces(["浙江", "内蒙古自治区"]) == ["浙江省", "内蒙古自治区"]
    assert plan.parse_provinces(["all"]) == list(plan.PROVINCES)
    for wrong in ("浙", "Zhejiang"):
        with pytest.raises(AnjuanError, match="no province"):
            plan.parse_provinces([wrong])
    with pytest.raises(AnjuanError, match="choose among"):
        plan.parse_levels(["县法院"])


# Saved lists


def test_a_saved_page_names_its_documents_and_its_search(tmp_path: Path) -> None:
    bar = '<p data-key="s21" data-value="殴打医生">全文：殴打医生</p><p data-key="s8" data-value="02">x</p><p data-key="s42" data-value="2019">x</p>'
    saved = save(tmp_path / "list.html", page(37, entry(1), entry(2, "王××"), bar=bar))
    (listing,) = read_listings(saved)
    assert listing.found == 37
    assert listing.conditions == (("s21", "殴打医生"), ("s8", "02"), ("s42", "2019"))
    assert listing.documents[1] == Named(ID.format(2), "王××寻衅滋事一审刑事判决书", "（2019）浙0702刑初2号", COURT, "2019-05-06")


def test_the_address_in_a_saved_page_tells_the_search(tmp_path: Path) -> None:
    for name, content in (
        ("a.html", page(1, entry(1), address=SEARCH.url)),
        ("a.mhtml", mhtml(page(1, entry(1)), SEARCH.url)),
    ):
        (listing,) = read_listings(save(tmp_path / name, content))
        assert frozenset(listing.conditions) == frozenset(SEARCH.conditions), name
        assert len(listing.documents) == 1


def mhtml(html: str, address: str) -> str:
    body = base64.encodebytes(html.encode()).decode()
    return (
        f"From: <Saved by Blink>\nSnapshot-Content-Location: {address}\nMIME-Version: 1.0\n"
        'Content-Type: multipart/related; type="text/html"; boundary="----b"\n\n------b\n'
        f"Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n\n{body}\n------b--\n"
    )


def answer(found: int, *numbers: int) -> dict[str, object]:
    rows = [
        {
            "rowkey": ID.format(n),
            "1": f"张某<em>寻衅</em>滋事{n}",
            "2": COURT,
            "7": f"(2019)浙0702刑初{n}号",
            "31": "2019-05-06",
            "9": "0201",
        }
        for n in numbers
    ]
    return {"queryResult": {"resultCount": found, "resultList": rows}, "relWenshu": {}}


def encrypted(text: str, key: str, day: date) -> str:
    from Cryptodome.Cipher import DES3
    from Cryptodome.Util.Padding import pad

    return base64.b64encode(
        DES3.new(key.encode(), DES3.MODE_CBC, iv=day.strftime("%Y%m%d").encode()).encrypt(pad(text.encode(), 8))
    ).decode()


def har(*pages: tuple[plan.Search, dict[str, object]]) -> str:
    key, day = "AbCdEfGhIjKlMnOpQrStUvWx", date(2026, 3, 2)
    entries = [
        {
            "startedDateTime": "2026-03-01T18:30:00.000Z",  # the next day in China
            "request": {
                "url": "https://wenshu.court.gov.cn/website/parse/rest.q4w",
                "headers": [{"name": "Cookie", "value": "SESSION=secret-of-the-user"}],
                "postData": {
                    "text": f"pageId=x&queryCondition={quote(search.query)}&cfg=com.lawyee.judge.dc.parse.dto.SearchDataDsoDTO%40queryDoc",
                },
            },
            "response": {
                "content": {"text": json.dumps({"code": 1, "secretKey": key, "result": encrypted(json.dumps(reply), key, day)})},
            },
        }
        for search, reply in pages
    ]
    broken = {"request": {"postData": {"text": "cfg=x%40queryDoc"}}, "response": {"content": {"text": "<html>wait</html>"}}}
    return json.dumps({"log": {"version": "1.2", "entries": [*entries, broken, {"request": {"url": "x"}}, None]}})


def test_a_session_file_holds_lists_of_several_searches(tmp_path: Path) -> None:
    other = plan.Search("x", "伤医", "2018", "high")
    saved = save(tmp_path / "session.har", har((SEARCH, answer(2, 1, 2)), (other, answer(0))))
    first, second = read_listings(saved)
    assert frozenset(first.conditions) == frozenset(SEARCH.conditions)
    assert [document.case_number for document in first.documents] == ["（2019）浙0702刑初1号", "（2019）浙0702刑初2号"]
    assert first.documents[0].title == "张某寻衅滋事1"
    assert second == Listing(conditions_of(other.conditions), 0, ())


def test_a_decrypted_reply_does_not_say_its_search(tmp_path: Path) -> None:
    (listing,) = read_listings(save(tmp_path / "reply.json", json.dumps(answer(1, 1))))
    assert (listing.conditions, listing.found, len(listing.documents)) == ((), 1, 1)


@pytest.mark.parametrize(
    "content", [b"", b"\x89PNG\r\n", b"PK\x03\x04x", "<html><body>刑事判决书</body></html>".encode(), b'{"a": 1}', judgment(1).encode()]
)
def test_other_files_are_no_lists(tmp_path: Path, content: bytes) -> None:
    assert read_listings(save(tmp_path / "x", content)) == []


def test_a_list_cut_short_is_said_to_be_broken(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="save the file again"):
        read_listings(save(tmp_path / "reply.json", json.dumps(answer(1, 1))[:-5]))


@given(st.text(max_size=300))
def test_no_page_raises(text: str) -> None:
    from pipeline.collect.web import saved_lists

    list(saved_lists._of_page(f'<div class="LM_list">{text}</div>共检索到'))


@given(st.recursive(st.none() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
    st.sampled_from(["log", "entries", "request", "postData", "text", "params", "response", "content", "queryResult", "resultList", "rowkey"]), inner, max_size=4
), max_leaves=20))  # fmt: skip
def test_no_json_raises(value: object) -> None:
    from pipeline.collect.web import saved_lists

    list(saved_lists._of_har({"log": value}))
    list(saved_lists._of_reply(value, (), None))


# The plan


def test_a_plan_is_saved_once(store: Store) -> None:
    again = planning.save_plan(store, [SEARCH, plan.Search("x", "伤医", "2018")])
    assert [query.id for query in again] == [1, 2]
    assert [row["state"] for row in planning.status(store)] == ["planned", "planned"]
    assert planning.status(store)[0]["found"] is None


def test_the_checklist_links_every_query(store: Store) -> None:
    planning.save_plan(store, [plan.Search("<b>", "伤 医", "2018")])
    shown = planning.checklist(planning.status(store), "zh")
    assert shown.count('type="checkbox"') == 2
    assert "关键词" in shown
    assert "<b>" not in shown
    assert f'href="{SEARCH.url.replace("&", "&amp;")}"' in shown


def test_a_search_beyond_the_limit_is_split_by_province(store: Store, folder: Path) -> None:
    save(folder / "list.html", page(700, entry(1), address=SEARCH.url))
    look(store, folder)
    assert (only(store)["state"], only(store)["missing"]) == ("stopped", 600)
    assert "600 of 700" in str(only(store)["detail"])
    added = planning.split_over_limit(store)
    assert len(added) == len(plan.PROVINCES)
    assert added[0].url == plan.Search("x", SEARCH.words, "2019", "basic", "北京市").url
    planning.split_over_limit(store)
    assert len(planning.status(store)) == 1 + len(plan.PROVINCES)


# The watched folder


def test_found_downloaded_and_missing(store: Store, folder: Path) -> None:
    save(folder / "list.html", page(3, entry(1), entry(2, "陈某"), address=SEARCH.url))
    save(folder / "one.txt", judgment(1))
    first, second = look(store, folder)
    assert (first.lists, first.documents, second.stored) == (1, 2, 1)
    row = only(store)
    assert [row[key] for key in ("found", "listed", "downloaded", "missing", "state")] == [3, 2, 1, 2, "open"]
    (lacking,) = planning.missing(store)
    assert (lacking["title"], lacking["court"], lacking["case_number"]) == ("陈某寻衅滋事一审刑事判决书", COURT, "（2019）浙0702刑初2号")
    assert lacking["url"].endswith(f"181107ANFZ0BXSK4/index.html?docId={ID.format(2)}")


def test_a_search_is_done_when_all_is_there(store: Store, folder: Path) -> None:
    save(folder / "list.html", page(1, entry(1), address=SEARCH.url))
    save(folder / "one.txt", judgment(1))
    look(store, folder)
    assert (only(store)["missing"], only(store)["state"]) == (0, "done")


def test_without_a_list_the_text_tells_the_query(store: Store, folder: Path) -> None:
    planning.save_plan(
        store, [plan.Search("beating", "殴打医生", "2018", "basic"), plan.Search("killing", "杀害医务人员", "2019", "basic")]
    )
    save(folder / "one.txt", judgment(1))
    look(store, folder)
    assert [row["downloaded"] for row in planning.status(store)] == [1, 0, 0]
    save(folder / "list.html", page(1, entry(1), address=SEARCH.url))  # the list comes later: the same judgment, not a second one
    look(store, folder)
    row = planning.status(store)[0]
    assert (row["downloaded"], row["missing"]) == (1, 0)
    assert planning.missing(store) == []


def test_a_folder_named_by_the_query_tells_where_files_belong(store: Store, folder: Path) -> None:
    save(folder / "q1" / "reply.json", json.dumps(answer(2, 1)))
    save(folder / "q1" / "one.txt", judgment(9, words="推搡护士"))
    save(folder / "reply.json", json.dumps(answer(5, 2)))
    landed = {entry.path.relative_to(folder).as_posix(): entry for entry in look(store, folder)}
    assert landed["q1/reply.json"].lists == 1
    assert "does not say which search" in landed["reply.json"].troubles[0]
    assert (only(store)["found"], only(store)["downloaded"]) == (2, 1)


def test_a_search_of_ones_own_is_added(store: Store, folder: Path) -> None:
    own = plan.Search("砸 护士站", "砸 护士站", "2020", "", "浙江省")
    save(folder / "list.html", page(1, entry(1), address=own.url))
    look(store, folder)
    row = planning.status(store)[1]
    assert [row[key] for key in ("keyword", "year", "province", "court_level", "found")] == ["砸 护士站", "2020", "浙江省", "", 1]


def test_lists_and_judgments_of_a_session_file(store: Store, folder: Path) -> None:
    save(folder / "session.har", har((SEARCH, answer(2, 1, 2))))
    (landed,) = look(store, folder)
    assert (landed.lists, landed.documents) == (1, 2)
    assert landed.line.startswith("session.har: 1 result list with 2 documents")
    stored = "".join(str(row) for table in ("queries", "listed", "import_log", "runs") for row in store.query(f"SELECT * FROM {table}"))
    assert "secret" not in stored


def test_a_document_known_from_elsewhere_counts_as_downloaded(store: Store, folder: Path) -> None:
    from pipeline.schema import Judgment

    store.add_judgments(None, [Judgment("dump", ID.format(1), judgment(1), path="elsewhere.csv, line 2")])
    save(folder / "list.html", page(1, entry(1), address=SEARCH.url))
    look(store, folder)
    assert only(store)["state"] == "done"


def test_reading_all_again_changes_nothing(store: Store, folder: Path) -> None:
    save(folder / "list.html", page(900, entry(1), entry(2), address=SEARCH.url))
    save(folder / "one.txt", judgment(1))
    save(folder / "other.txt", judgment(7, words="砸毁桌椅"))
    look(store, folder)
    before = dump(store)
    look(store, folder)
    assert dump(store) == before


def dump(store: Store) -> list[str]:
    store.db.execute("PRAGMA wal_checkpoint").fetchall()
    return list(store.db.conn.iterdump())


def test_broken_off_between_import_and_assignment(store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save(folder / "list.html", page(1, entry(1), address=SEARCH.url))
    save(folder / "one.txt", judgment(1))
    with monkeypatch.context() as broken:
        broken.setattr(watching, "assign", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            look(store, folder)
    assert only(store)["downloaded"] == 0
    look(store, folder)
    assert only(store)["state"] == "done"


def test_broken_off_at_any_write(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save(folder / "list.html", page(900, entry(1), entry(2), address=SEARCH.url))
    save(folder / "one.txt", judgment(1))
    save(folder / "two.txt", judgment(8))
    save(folder / "session.har", har((plan.Search("x", "伤医", "2018", "high"), answer(1, 3))))
    whole = work(tmp_path / "whole.db", folder, monkeypatch, None)
    writes = 0
    for stop in range(100):
        path = tmp_path / f"{stop}.db"
        if not work(path, folder, monkeypatch, stop):
            break
        assert work(path, folder, monkeypatch, None) == whole, stop
        writes += 1
    assert writes > 8


def work(path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, stop: int | None) -> list[tuple[object, ...]]:
    """Plan and watch; broken off at the write number `stop`, or nothing returned when there are not so many."""
    count = 0

    def transaction(*arguments: object) -> object:
        nonlocal count
        count += 1
        if count - 1 == stop:
            raise KeyboardInterrupt
        return whole(*arguments)

    whole = store_module.transaction
    with monkeypatch.context() as patched:
        patched.setattr(store_module, "transaction", transaction)
        try:
            with Store.open(path) as opened:
                planning.save_plan(opened, [SEARCH])
                look(opened, folder)
        except KeyboardInterrupt:
            return [("broken off",)]
    with Store.open(path) as opened:
        columns = "query, found, position, state, detail FROM queries", "* FROM listed", "judgment_id, source FROM judgments"
        rows = [tuple(row.values()) for sql in columns for row in opened.query(f"SELECT {sql} ORDER BY 1, 2")]
    return rows if stop is None else []


# Files that are not whole yet


def test_a_growing_file_is_waited_for(store: Store, folder: Path) -> None:
    now = [1_000_000.0]
    path = save(folder / "one.txt", judgment(1)[:200])
    os.utime(path, (now[0], now[0]))
    watched = watching.Watch(store, store.begin_run("plan"), folder, clock=lambda: now[0])
    landed: list[watching.Landed] = []

    def sleep(seconds: float) -> None:
        now[0] += seconds
        if now[0] < 1_000_004:  # it grows once more
            path.write_text(judgment(1), "utf-8")
            os.utime(path, (now[0], now[0]))
        assert now[0] < 1_000_020

    watching.watch(watched, landed.append, once=True, sleep=sleep)
    assert [(entry.path.name, entry.stored) for entry in landed] == [("one.txt", 1)]
    assert now[0] >= 1_000_002 + watching.STILL


def test_a_file_with_a_time_to_come_is_read_when_it_keeps_still(store: Store, folder: Path) -> None:
    path = save(folder / "one.txt", judgment(1), age=-86400)
    now = [path.stat().st_mtime - 86400]
    watched = watching.Watch(store, store.begin_run("plan"), folder, clock=lambda: now[0])
    assert list(watched.look()) == []
    now[0] += watching.STILL
    assert [entry.stored for entry in watched.look()] == [1]


def test_what_a_browser_still_writes_is_left_alone(store: Store, folder: Path) -> None:
    for name in ("one.txt.crdownload", "two.txt", "two.txt.part", ".hidden.txt", "page_files/script.js", "empty.txt"):
        save(folder / name, "" if name == "empty.txt" else judgment(1))
    (folder / "link.txt").symlink_to(folder / "two.txt")
    assert look(store, folder) == []
    (folder / "two.txt.part").unlink()
    assert [entry.path.name for entry in look(store, folder)] == ["two.txt"]


def test_bad_files_get_a_line(store: Store, folder: Path) -> None:
    save(folder / "a.json", json.dumps(answer(1, 1))[:-5])
    save(folder / "b.bin", b"\x00\x01\x02" * 50)
    save(folder / "c.har", '{"log": {"entries": [')
    save(folder / "d.json", '{"qw": "x')
    landed = look(store, folder)
    troubles = [line for entry in landed for line in entry.troubles]
    assert len(troubles) == 3
    assert landed[3].line.startswith("d.json: 1 skipped (")
    assert all(str(folder) in line for line in troubles)


def test_a_folder_that_is_none(store: Store, tmp_path: Path) -> None:
    with pytest.raises(AnjuanError, match="is no folder"):
        watching.Watch(store, 1, tmp_path / "absent")


# Which document is which


def facts(**changes: object) -> Facts:
    given: dict[str, object] = {
        "titles": frozenset({"张某寻衅滋事一审刑事判决书"}), "case_number": "（2019）浙0702刑初1号", "court": COURT, "court_level": "basic",
        "province": "浙江省", "decided_on": "2019-05-06", "text": f"{COURT}刑事判决书殴打医生",
    }  # fmt: skip
    return Facts(**(given | changes))  # type: ignore[arg-type]


def document(**changes: str) -> Document:
    given = {"source_id": ID.format(1), "title": "张某寻衅滋事一审刑事判决书", "case_number": "（2019）浙0702刑初1号", "court": COURT}
    return Document(**({**given, "decided_on": "2019-05-06"} | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("listed", "same"),
    [
        ([{}], 0),
        ([{"court": "某省丙县人民法院"}], None),  # before 2016 every court numbered as it liked
        ([{"title": "张某寻衅滋事一审刑事裁定书"}], None),
        ([{"title": "张某寻衅滋事一审刑事裁定书"}, {}], 1),
        ([{}, {}], None),
        ([{"decided_on": "2019-04-01"}, {}], 1),
        ([{"case_number": ""}], 0),
        ([{"case_number": "", "decided_on": "2018-05-06"}], None),
        ([{"case_number": "", "court": ""}], None),
        ([{"case_number": "（2019）浙0702刑初11号", "title": "陈某寻衅滋事一审刑事判决书"}], None),
    ],
)
def test_the_same_document(listed: list[dict[str, str]], same: int | None) -> None:
    documents = [document(**changes) for changes in listed]
    assert assigning.same_document(facts(), documents) is (None if same is None else documents[same])


@pytest.mark.parametrize(
    ("path", "number"), [("q12/a.html", 12), ("a/Q3 page 2.html", 3), ("q12/q7.html", 7), ("quiet/a.html", None), ("q12/a.zip!b/c.txt", 12)]
)
def test_folders_name_queries(path: str, number: int | None) -> None:
    assert assigning.folder_query(path) == number
