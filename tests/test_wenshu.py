"""China Judgments Online with the user's own session: asked only on the user's word, and left alone at the first refusal."""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from Cryptodome.Cipher import DES3
from Cryptodome.Util.Padding import unpad
from servers.clock import TestClock
from servers.local import Asked, LocalServer, Reply, serving
from servers.wenshu import CAPTCHA, CHALLENGE, COOKIE, KEY, LOGIN, WenshuSite, as_json, as_page, encrypted

from pipeline.collect import read
from pipeline.collect.web.client import Client
from pipeline.collect.web.errors import SourceError, Trouble
from pipeline.collect.web.plan import Search
from pipeline.collect.web.session import Session
from pipeline.collect.web.wenshu import Wenshu, manners
from pipeline.collect.web.wenshu_form import ciphertext, today
from pipeline.job.fetching import FetchCounts, fetch_wenshu, wenshu_questions
from pipeline.job.progress import Silent
from pipeline.schema import Judgment
from pipeline.store import Store

SEARCHES = [Search("beating", "殴打医生", "2018", "basic")]


@pytest.fixture
def site() -> WenshuSite:
    return WenshuSite(20)


@pytest.fixture
def server(site: WenshuSite) -> Iterator[LocalServer]:
    with serving(site) as running:
        yield running


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "study.db") as opened:
        yield opened


def cookies(folder: Path, value: str = COOKIE) -> Session:
    file = folder / "cookies.json"
    file.write_text(json.dumps([{"name": "SESSION", "value": value, "domain": "127.0.0.1", "path": "/"}]), "utf-8")
    return Session.read(file, "127.0.0.1")


def fetch(
    store: Store, server: LocalServer, searches: list[Search] = SEARCHES, *, value: str = COOKIE, clock: TestClock | None = None,
    again: bool = False,
) -> FetchCounts:  # fmt: skip
    folder = store.path.with_suffix(".web")
    session = cookies(store.path.parent, value)
    with Client(manners(pace=0.1), folder, "researcher@university.example", session=session, clock=clock or TestClock()) as client:
        site = Wenshu(client, may_use=True, site=server.address)
        run_id = store.begin_run("collect wenshu")
        counts = fetch_wenshu(store, run_id, site, wenshu_questions(searches), Silent(), again=again)
        store.finish_run(run_id, {})
    return counts


def asked_for(server: LocalServer) -> list[str]:
    """The pages and documents that were asked for."""
    return [asked.form.get("pageNum") or asked.form["docId"] for asked in server.asked]


def test_nothing_is_asked_without_the_users_word(server: LocalServer, tmp_path: Path) -> None:
    line = r"--i-may-use-this-account.*save the pages, or a HAR"
    with (
        Client(manners(), tmp_path, "a@b.example", session=cookies(tmp_path), clock=TestClock()) as client,
        pytest.raises(SourceError, match=line) as caught,
    ):
        Wenshu(client, may_use=False, site=server.address)
    assert caught.value.trouble == Trouble.SETTING
    assert server.asked == []


def test_lists_and_documents(store: Store, server: LocalServer) -> None:
    clock = TestClock()
    counts = fetch(store, server, clock=clock)
    assert (counts.stored, counts.stopped) == (20, "")
    ((query, tally),) = counts.queries
    assert (query.state, query.found, query.year, query.court_level, query.detail) == ("done", 20, "2018", "basic", "")
    assert tally == (20, 20, 0)
    assert asked_for(server)[:2] == ["1", "2"]
    assert len(server.asked) == 22
    assert all(wait >= 3.0 for wait in clock.waits)
    assert len(clock.waits) == 22  # the first of 23 requests, for robots.txt, need not wait
    document = store.documents(query.id)[6]
    assert document[:5] == (f"{7:032x}", "李某7故意伤害一审刑事判决书", "（2018）测0101刑初7号", "某某市某某区人民法院", "2018-03-01")
    judgment = store.judgment(document.judgment_id or "")
    assert judgment is not None
    assert "殴打值班医生王某" in judgment.text
    assert judgment.path.endswith(f"index.html?docId={7:032x}")
    asked = server.asked[0]
    assert json.loads(asked.form["queryCondition"]) == [
        {"key": "s21", "value": "殴打医生"}, {"key": "s8", "value": "02"}, {"key": "s42", "value": "2018"}, {"key": "s4", "value": "4"},
    ]  # fmt: skip
    assert asked.headers["user-agent"].startswith("anjuan/")
    assert not {"wh", "ww", "cs"} & asked.form.keys()


def test_asking_twice_asks_nothing(store: Store, server: LocalServer) -> None:
    fetch(store, server)
    number, runs = len(server.asked), store.query("SELECT * FROM runs")
    assert fetch(store, server).read == 0
    assert (len(server.asked), store.query("SELECT * FROM runs")) == (number, runs)
    assert fetch(store, server, again=True).stored == 0
    assert asked_for(server)[number:] == ["1", "2"]


def test_a_document_that_is_there_already_is_not_asked_for(store: Store, server: LocalServer, site: WenshuSite, tmp_path: Path) -> None:
    saved = tmp_path / "saved.json"
    saved.write_text(json.dumps(encrypted(site.document(site.doc_ids[0]))), "utf-8")
    store.add_judgments(None, [item for item in read([saved]) if isinstance(item, Judgment)])
    fetch(store, server, [*SEARCHES, Search("stabbing", "捅刺医生", "2018")])
    assert len(server.asked) == 2 + 19 + 2
    assert [store.tally(query.id) for query in store.queries()] == [(20, 20, 0)] * 2


def test_a_document_that_is_none_is_refused_once(store: Store, server: LocalServer, site: WenshuSite) -> None:
    site.refuse[site.doc_ids[2]] = as_json(encrypted({"s1": "某案", "s5": site.doc_ids[2], "s32": "涉及国家秘密"}))
    site.refuse[site.doc_ids[3]] = as_json(encrypted({"s1": "张某一审刑事判决书", "s5": site.doc_ids[3], "qwContent": ""}))
    counts = fetch(store, server, [*SEARCHES, Search("stabbing", "捅刺医生", "2018")])
    assert counts.stored == 18
    assert counts.rejected == {"not_public": 1, "empty": 2}
    assert [tally for _, tally in counts.queries] == [(20, 18, 1)] * 2
    assert counts.queries[0][0].detail == "1 documents came without text; ask again later"


def test_more_than_the_site_shows(store: Store, server: LocalServer, site: WenshuSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.job.fetching.LIMIT", 15)
    counts = fetch(store, server)
    assert counts.stored == 15
    assert "shows 15 of 20 documents; split the search" in counts.queries[0][0].detail


def test_nothing_found_is_an_answer(store: Store, server: LocalServer, site: WenshuSite) -> None:
    site.doc_ids, site.claims = [], 0
    counts = fetch(store, server)
    assert (counts.stopped, counts.queries[0][0].found, counts.queries[0][0].state) == ("", 0, "done")


def cut(reply: Reply) -> Reply:
    return Reply(200, reply.body[:-40], reply.headers)


def wrong_key(value: object) -> Reply:
    return as_json(encrypted(value) | {"secretKey": KEY[::-1]})


LIST = {"queryResult": {"resultCount": 20, "resultList": []}}
REFUSALS: dict[str, tuple[Callable[[], Reply], Trouble, str]] = {
    "login page": (lambda: as_page(LOGIN), Trouble.LOGIN, "a login page came"),
    "login redirect": (lambda: Reply(302, headers={"Location": "https://account.example/oauth/authorize?x=1"}), Trouble.LOGIN, "its login page"),
    "redirect": (lambda: Reply(302, headers={"Location": "/website/index.html"}), Trouble.BLOCKED, "sends elsewhere"),
    "unauthorised": (lambda: Reply(401), Trouble.LOGIN, "HTTP 401"),
    "captcha": (lambda: as_page(CAPTCHA), Trouble.CAPTCHA, "a captcha page came"),
    "challenge 202": (lambda: as_page(CHALLENGE, 202), Trouble.BLOCKED, "script tests browsers"),
    "challenge 200": (lambda: as_page(CHALLENGE), Trouble.BLOCKED, "script tests browsers"),
    "empty 202": (lambda: Reply(202), Trouble.BLOCKED, "HTTP 202"),
    "forbidden": (lambda: as_page(b"<h1>Forbidden</h1>", 403), Trouble.BLOCKED, "HTTP 403"),
    "precondition": (lambda: as_page(CHALLENGE, 412), Trouble.BLOCKED, "script tests browsers"),
    "too many": (lambda: Reply(429, headers={"Retry-After": "1"}), Trouble.BLOCKED, "HTTP 429"),
    "empty": (lambda: Reply(200), Trouble.BLOCKED, "the reply is empty"),
    "code 9": (lambda: as_json({"code": 9, "description": "没有权限"}), Trouble.LOGIN, "not logged in"),
    "code captcha": (lambda: as_json({"code": -12, "description": "需要验证码"}), Trouble.CAPTCHA, "asks for a captcha"),
    "code other": (lambda: as_json({"code": 5, "description": "系统<b>繁忙</b>"}), Trouble.BLOCKED, "code 5 (系统繁忙)"),
    "no success": (lambda: as_json(encrypted(LIST) | {"success": False}), Trouble.BLOCKED, "code 1"),
    "wrong key": (lambda: wrong_key(LIST), Trouble.PROTOCOL, "does not open"),
    "no key": (lambda: as_json({"code": 1, "success": True, "result": "AAAA"}), Trouble.PROTOCOL, "does not open"),
    "no list": (lambda: as_json(encrypted({"s1": "x"})), Trouble.PROTOCOL, "no result list"),
    "no record": (lambda: as_json([1]), Trouble.PROTOCOL, "no record"),
    "empty list": (lambda: as_json(encrypted(LIST)), Trouble.BLOCKED, "empty though 20 documents are found"),
    "cut": (lambda: cut(as_json(encrypted(LIST))), Trouble.NETWORK, "cut off or no JSON"),
    "failed": (lambda: as_page(b"<html>Tomcat</html>", 500), Trouble.NETWORK, "HTTP 500"),
}  # fmt: skip


EVERYWHERE = ("login page", "code 9", "wrong key", "cut")
PLACES = (
    [(name, 0) for name in REFUSALS] + [(name, place) for name in EVERYWHERE for place in (1, 5)] + [("empty list", 1), ("no record", 5)]
)


@pytest.mark.parametrize(("name", "place"), PLACES)
def test_a_refusal_ends_the_work_at_once_and_loses_nothing(
    store: Store, server: LocalServer, site: WenshuSite, name: str, place: int
) -> None:
    make, trouble, line = REFUSALS[name]
    refusal = make()
    server.answer = lambda asked: refusal if len(server.asked) > place else site(asked)
    counts = fetch(store, server, [*SEARCHES, Search("stabbing", "捅刺医生", "2018")])
    assert line in counts.stopped
    assert counts.stopped.startswith(f"China Judgments Online, {server.address}/website/parse/rest.q4w: ")
    assert len(server.asked) == place + 1, "no second try, no second search"
    first, second = store.queries()
    assert (first.state, first.detail) == ("open" if trouble == Trouble.NETWORK else "stopped", counts.stopped)
    assert second.state == "planned"
    assert store.count() == max(0, place - 2)
    server.answer = site
    assert fetch(store, server).stopped == ""
    assert (store.count(), store.queries()[0].state) == (20, "done")
    documents = [name for name in asked_for(server) if len(name) > 4]
    assert len(documents) - len(set(documents)) == (place == 5)


def test_a_list_where_a_document_should_be(store: Store, server: LocalServer, site: WenshuSite) -> None:
    site.refuse[site.doc_ids[0]] = as_json(encrypted(LIST))
    assert "the reply holds no document" in fetch(store, server).stopped


def test_a_busy_server_is_asked_again_later(store: Store, server: LocalServer) -> None:
    server.next += [Reply(503), Reply(502)]
    clock = TestClock()
    assert fetch(store, server, clock=clock).stopped == ""
    assert len(server.asked) == 24


def test_the_same_page_again(store: Store, server: LocalServer, site: WenshuSite) -> None:
    def stuck(asked: Asked) -> Reply:
        asked.form["pageNum"] = "1"
        return site(asked)

    server.answer = stuck
    assert "page 2 of a list is the page before it again" in fetch(store, server).stopped
    assert (store.queries()[0].state, store.queries()[0].position) == ("stopped", 0)


def test_documents_without_text_one_after_another(store: Store, server: LocalServer, site: WenshuSite) -> None:
    for doc_id in site.doc_ids[4:]:
        site.refuse[doc_id] = as_json(encrypted({"s1": "张某一审刑事判决书", "s5": doc_id, "qwContent": ""}))
    counts = fetch(store, server)
    assert "3 documents one after another came without text" in counts.stopped
    assert store.tally(store.queries()[0].id) == (20, 4, 0)


def test_a_captcha_inside_a_document(store: Store, server: LocalServer, site: WenshuSite) -> None:
    page = "<HTML><BODY><div>访问过于频繁，请输入验证码后继续访问</div></BODY></HTML>"
    site.refuse[site.doc_ids[1]] = as_json(encrypted({"s1": "", "s5": site.doc_ids[1], "qwContent": page}))
    assert "a captcha page came" in fetch(store, server).stopped


def test_a_session_that_is_not_accepted(store: Store, server: LocalServer) -> None:
    counts = fetch(store, server, value="expired-one")
    assert "not logged in" in counts.stopped
    assert "log in with your browser" in counts.stopped


def test_the_session_is_told_nobody(store: Store, server: LocalServer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    server.next += [as_page(CAPTCHA)]
    counts = fetch(store, server)
    tokens = {asked.form["__RequestVerificationToken"] for asked in server.asked} | {asked.form["ciphertext"] for asked in server.asked}
    fetch(store, server)
    store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    kept = store.path.read_bytes() + b"".join(file.read_bytes() for file in store.path.with_suffix(".web").iterdir())
    for secret in (COOKIE, KEY, *tokens):
        assert secret not in caplog.text + repr(counts)
        assert secret.encode() not in kept


def test_robots_txt_holds_here_too(store: Store, server: LocalServer) -> None:
    server.robots = Reply(200, b"User-agent: *\nDisallow: /website/parse/\n")
    counts = fetch(store, server)
    assert "robots.txt forbids this address" in counts.stopped
    assert server.asked == []


def test_the_pace_has_a_floor() -> None:
    assert manners(pace=0.0, per_day=10**9).pace == 3.0
    assert manners(pace=10.0).pace == 10.0
    assert manners(per_day=10**9).per_day == 1000


def test_the_ciphertext_is_the_time_and_the_key_to_it() -> None:
    text = "".join(chr(int(number, 2)) for number in ciphertext().split(" "))
    key, day, moment = text[:24], text[24:32], text[32:]
    assert day == today().strftime("%Y%m%d")
    plain = DES3.new(key.encode(), DES3.MODE_CBC, iv=day.encode()).decrypt(base64.b64decode(moment))
    assert unpad(plain, 8).decode().isdecimal()
