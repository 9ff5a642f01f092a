"""The search server: every hit once, whatever breaks off; every failure loud."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from servers.clock import TestClock
from servers.local import LocalServer, Reply, serving
from servers.search import SearchCollection, document, searches

from pipeline.collect.web.answer import Answer
from pipeline.collect.web.client import Client
from pipeline.collect.web.errors import SourceError
from pipeline.collect.web.search_server import SearchServer, question
from pipeline.collect.web.transport import Manners
from pipeline.job.fetching import FetchCounts, fetch_search_server, server_questions
from pipeline.job.progress import Silent
from pipeline.store import Store

KEYWORDS = [("beating_doctors", ("殴打医生",))]


class Killed(BaseException):
    """The process ends here."""


@pytest.fixture
def collection() -> SearchCollection:
    return SearchCollection([document(number) for number in range(1, 9)])


@pytest.fixture
def server(collection: SearchCollection) -> Iterator[LocalServer]:
    with serving(collection) as running:
        yield running


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "study.db") as opened:
        yield opened


def fetch(
    store: Store, server: LocalServer, years: tuple[str, ...] = ("",), keywords: object = KEYWORDS, again: bool = False
) -> FetchCounts:
    folder = store.path.with_suffix(".web")
    with Client(Manners("the search server", pace=0.0), folder, "researcher@university.example", clock=TestClock()) as client:
        asked = SearchServer(client, server.address)
        run_id = store.begin_run("collect search-server")
        questions = server_questions(asked, keywords, years)  # type: ignore[arg-type]
        counts = fetch_search_server(store, run_id, asked, questions, Silent(), again=again)
        store.finish_run(run_id, {})
    return counts


def content(store: Store) -> dict[str, list[dict[str, object]]]:
    """What is in the database, without times and runs."""
    return {
        "judgments": store.query("SELECT judgment_id, source, source_id, title, path, metadata, text FROM judgments ORDER BY judgment_id"),
        "sources": store.query("SELECT * FROM sources ORDER BY judgment_id, path"),
        "queries": store.query("SELECT source, query, keyword, year, found, state, detail FROM queries ORDER BY id"),
        "listed": store.query("SELECT * FROM listed ORDER BY query_id, source_id"),
        "log": store.query("SELECT path, place, outcome, reason, detail, records FROM import_log ORDER BY path, place"),
    }


def test_the_question_in_the_servers_language() -> None:
    assert question(["殴打医生"], "2018") == 'full_text:"殴打医生" AND case_type:刑事 AND year:2018'
    both = '(full_text:"殴打医生" OR (full_text:"急诊科" AND full_text:"殴打"))'
    assert question(["殴打医生", '急诊科 \n"殴打\\ ', " "], case_type="") == both
    for wordings in ([], ["", ' " ']):
        with pytest.raises(SourceError, match="no words to ask for"):
            question(wordings)


def test_a_keyword_that_no_site_can_be_asked_for_has_no_question(store: Store, server: LocalServer) -> None:
    assert fetch(store, server, keywords=[("near", ()), ("blank", (" ",)), *KEYWORDS]).stored == 8
    assert [query.keyword for query in store.queries()] == ["beating_doctors"]


def test_all_pages_are_read_and_what_became_of_each_document_is_known(
    store: Store, server: LocalServer, collection: SearchCollection
) -> None:
    collection.documents.insert(4, document(20, kind="民事") | {"full_text": document(20, kind="民事")["full_text"] + "<p>殴打医生</p>"})
    counts = fetch(store, server)
    assert searches(server) == [0, 3, 6]
    assert (counts.stored, counts.duplicates, dict(counts.rejected), counts.stopped) == (8, 0, {"civil": 1}, "")
    ((query, tally),) = counts.queries
    assert (query.state, query.found, query.keyword, query.detail) == ("done", 9, "beating_doctors", "")
    assert tally == (9, 8, 1)
    judgment = store.judgment(store.documents(query.id, "fetched")[0].judgment_id or "")
    assert judgment is not None
    assert judgment.text.startswith("某某市某某区人民法院\n刑事判决书\n（2018）测0101刑初1号\n公诉机关")
    assert (judgment.source_id, judgment.metadata["decided_on"], judgment.title) == (f"{1:032x}", "2018-03-02", "张某1刑事一审判决书")
    assert judgment.path == f"{server.address}/#{1:032x}"


def test_asking_twice_asks_nothing_and_changes_nothing(store: Store, server: LocalServer) -> None:
    fetch(store, server)
    before, runs, asked = content(store), store.query("SELECT * FROM runs"), len(server.asked)
    assert fetch(store, server).read == 0
    assert (content(store), store.query("SELECT * FROM runs"), len(server.asked)) == (before, runs, asked)
    again = fetch(store, server, again=True)
    assert (again.stored, again.duplicates) == (0, 8)
    assert content(store) == before


@pytest.mark.parametrize("chinese", [True, False])
@pytest.mark.parametrize("named", [True, False])
def test_both_headers_and_an_unnamed_file(
    store: Store, server: LocalServer, collection: SearchCollection, chinese: bool, named: bool
) -> None:
    collection.chinese, collection.named = chinese, named
    if not named:
        collection.limit = 10_000
    assert fetch(store, server).stored == 8
    (query,) = store.queries()
    assert (query.state, query.found) == ("done", 8 if named else None)


def test_years_are_asked_one_by_one(store: Store, server: LocalServer, collection: SearchCollection) -> None:
    collection.documents += [document(number, 2019) for number in (30, 31)]
    counts = fetch(store, server, ("2018", "2019", "2020"))
    assert [(query.year, query.found, tally.fetched) for query, tally in counts.queries] == [("2018", 8, 8), ("2019", 2, 2), ("2020", 0, 0)]
    assert [asked.parameters["search"] for asked in server.asked].count("full_text:法院") == 1


def test_documents_that_the_server_has_lost_leave_no_gap(store: Store, server: LocalServer, collection: SearchCollection) -> None:
    collection.lost = {"2"}
    counts = fetch(store, server)
    assert searches(server) == [0, 3, 6]
    assert counts.stored == 7
    collection.lost = {"8"}
    assert "1 of 2 hits from 6 on" in fetch(store, server, again=True).queries[0][0].detail


@pytest.mark.parametrize("kill", range(12))
def test_killed_anywhere_it_goes_on(store: Store, server: LocalServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kill: int) -> None:
    monkeypatch.setattr("pipeline.job.fetching.BATCH", 2)
    with Store.open(tmp_path / "undisturbed.db") as undisturbed:
        fetch(undisturbed, server)
        wanted = content(undisturbed)
    writes = iter(range(10_000))

    def killing(name: str) -> None:
        method = getattr(Store, name)

        def dying(self: Store, *arguments: object, **options: object) -> object:
            if next(writes) == kill:
                raise Killed
            return method(self, *arguments, **options)

        monkeypatch.setattr(Store, name, dying)

    for name in ("add_answer", "move_query", "finish_run"):
        killing(name)
    try:
        fetch(store, server)
    except Killed:
        fetch(store, server)
    assert content(store) == wanted


FAILURES = {
    "error": (Reply(500, b"oops"), r"failed \(HTTP 500\)", "stopped"),
    "forbidden": (Reply(403, b"no"), "refuses to answer", "stopped"),
    "page": (Reply(200, b"<!DOCTYPE html><html>maintenance</html>", {"Content-Type": "text/html"}), "a web page came", "stopped"),
    "quiet page": (Reply(200, "\ufeff\n <html>登录</html>".encode(), {"Content-Type": "text/csv"}), "a web page came", "stopped"),
    "nothing": (Reply(200, b"", {"Content-Type": "text/csv"}), "empty, even of column names", "stopped"),
    "columns": (Reply(200, b"id,url,case_id,body\n1,2,3,4\n"), "no column 全文, 案件名称, 裁判日期", "stopped"),
    "binary": (Reply(200, b"\x00\x01\x02" * 20), "cannot be read", "stopped"),
    "elsewhere": (Reply(302, headers={"Location": "https://login.example/"}), "redirects to https://login.example/", "stopped"),
    "cut": (Reply(200, b"x" * 900, cut=300), "broke off before the answer was whole", "open"),
    "pause": (Reply(429, headers={"Retry-After": "9999"}), "pause of 9999 s", "open"),
}


@pytest.mark.parametrize("name", FAILURES)
def test_a_failure_is_loud_keeps_what_there_is_and_is_mended_by_the_next_run(store: Store, server: LocalServer, name: str) -> None:
    reply, line, state = FAILURES[name]
    first = server.answer
    server.answer = lambda asked: reply if asked.parameters["offset"] == "3" else first(asked)
    counts = fetch(store, server)
    assert counts.stored == 3
    assert re.search(line, counts.stopped)
    (query,) = store.queries()
    assert (query.state, query.position, query.detail) == (state, 3, counts.stopped)
    server.answer = first
    assert fetch(store, server).stored == 5
    assert (store.queries()[0].state, store.queries()[0].detail) == ("done", "")


def unmeasured(collection: SearchCollection, length: Callable[[bytes], int]) -> Reply:
    """The second page, cut, in an answer that ends when the connection does."""
    body = collection.csv(collection.documents[3:6])
    return Reply(200, body[: length(body)], {"Content-Disposition": "attachment; filename=q_8_3_3.csv"}, measured=False)


@pytest.mark.parametrize(
    ("length", "line"),
    [
        (lambda body: body.rindex(b"<p>"), "the end of the answer is missing"),
        (lambda body: body.rindex(b"\n", 0, -1) + 1, "2 of 3 rows have come"),
    ],
    ids=["in a text", "between rows"],
)
def test_an_answer_cut_off_without_http_noticing(
    store: Store, server: LocalServer, collection: SearchCollection, length: Callable[[bytes], int], line: str
) -> None:
    server.answer = lambda asked: unmeasured(collection, length) if asked.parameters["offset"] == "3" else collection(asked)
    counts = fetch(store, server)
    assert line in counts.stopped
    assert store.queries()[0].state == "open"
    server.answer = collection
    fetch(store, server)
    assert store.tally(store.queries()[0].id) == (8, 8, 0)
    assert all("有期徒刑六个月" in judgment.text for judgment in store.judgments())


def test_a_last_row_that_is_broken_may_be_a_cut_one(store: Store, server: LocalServer, collection: SearchCollection) -> None:
    body = collection.csv(collection.documents[:3])
    server.answer = lambda asked: Reply(200, body[: body.rindex(b",2018-06")] + b"\n")
    assert "ends in a broken row" in fetch(store, server).stopped
    assert store.queries()[0].state == "open"


def test_a_broken_row_among_others_is_one_refused_document(store: Store, server: LocalServer, collection: SearchCollection) -> None:
    def broken(asked: object) -> Reply:
        reply = collection(asked)  # type: ignore[arg-type]
        return Reply(200, reply.body.replace(b"2,https:", b"2,,https:", 1), reply.headers)

    server.answer = broken
    counts = fetch(store, server)
    assert (counts.stored, dict(counts.rejected), counts.stopped) == (7, {"bad_record": 1}, "")


def test_the_same_page_again(store: Store, server: LocalServer, collection: SearchCollection) -> None:
    collection.ignores_offset = True
    assert "is the page before it again" in fetch(store, server).stopped
    assert [(query.state, query.position) for query in store.queries()] == [("stopped", 0)]
    collection.ignores_offset = False
    assert fetch(store, server).stopped == ""
    assert store.tally(store.queries()[0].id) == (8, 8, 0)


def test_columns_that_change_between_two_pages(store: Store, server: LocalServer, collection: SearchCollection) -> None:
    def changing(asked: object) -> Reply:
        collection.chinese = asked.parameters["offset"] == "3"  # type: ignore[attr-defined]
        return collection(asked)  # type: ignore[arg-type]

    server.answer = changing
    assert "columns differ" in fetch(store, server).stopped


def test_an_index_that_changes_between_two_runs(store: Store, server: LocalServer, collection: SearchCollection) -> None:
    server.answer = lambda asked: collection(asked) if asked.parameters["offset"] == "0" else Reply(500)
    fetch(store, server)
    server.answer = collection
    collection.documents.insert(0, document(50))
    assert "finds 9 documents where it found 8" in fetch(store, server).stopped
    assert fetch(store, server).stopped == ""
    assert store.tally(store.queries()[0].id) == (9, 9, 0)


def test_a_server_without_full_texts_says_nothing_is_found(store: Store, server: LocalServer, collection: SearchCollection) -> None:
    collection.has_texts = False
    assert "no index of full texts" in fetch(store, server).stopped
    assert store.queries()[0].state == "stopped"


def test_hits_announced_and_none_sent(store: Store, server: LocalServer, collection: SearchCollection) -> None:
    collection.lost = {row["id"] for row in collection.documents}
    assert "counts 8 hits and sends none" in fetch(store, server).stopped


def test_a_server_that_does_not_know_years(store: Store, server: LocalServer, collection: SearchCollection) -> None:
    collection.ignores_year = True
    assert "documents of other years" in fetch(store, server, ("2015",)).stopped
    assert store.count() == 0


def test_the_address_of_a_page_is_no_server(tmp_path: Path) -> None:
    with Client(Manners("x"), tmp_path, "a@b.example") as client, pytest.raises(SourceError, match="without what follows"):
        SearchServer(client, "http://127.0.0.1/?search=x")


class OneAnswer:
    """A client that has one answer for everything."""

    def __init__(self, folder: Path, body: bytes, measured: bool) -> None:
        headers = {"Content-Disposition": "attachment; filename=q_3_10_0.csv"} | ({"Content-Length": str(len(body))} if measured else {})
        self.answer = Answer(httpx.Response(200, headers=headers), "http://127.0.0.1/", folder)
        self.answer.add(body)

    def get(self, url: str, parameters: object) -> Answer:
        return self.answer


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_comes_it_is_documents_or_one_line(data: st.DataObject, tmp_path: Path) -> None:
    collection = SearchCollection([document(number) for number in range(1, 4)])
    body = bytearray(collection.csv(collection.documents))
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(body) - 1))
        body[place : place + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=4) | st.sampled_from([b'"', b"\n", b",", b"\0"]))
    server = SearchServer(OneAnswer(tmp_path, bytes(body), data.draw(st.booleans())), "http://127.0.0.1")  # type: ignore[arg-type]
    with suppress(SourceError):
        rows = list(server.page("q", 0).read())
        assert rows
        assert all(row.source_id for row in rows)
