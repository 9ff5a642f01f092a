"""The polite client: who it says it is, what it obeys, how fast it goes, what it keeps, and what it never tells."""

from __future__ import annotations

import gzip
import json
import logging
import sqlite3
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from servers.clock import TestClock
from servers.local import Asked, LocalServer, Reply, serving

from pipeline import __version__
from pipeline.collect.web.allowance import Allowance
from pipeline.collect.web.client import Client, contact
from pipeline.collect.web.errors import SourceError, Trouble, shown
from pipeline.collect.web.session import Session
from pipeline.collect.web.transport import Manners

CONTACT = "researcher@university.example"
SECRET = "s3cr3t-value-of-a-cookie"


def plain(asked: Asked) -> Reply:
    return Reply(200, b"hello", {"Content-Type": "text/plain; charset=utf-8"})


@pytest.fixture
def server() -> Iterator[LocalServer]:
    with serving(plain) as running:
        yield running


@pytest.fixture
def clock() -> TestClock:
    return TestClock()


def client(folder: Path, clock: TestClock, session: Session | None = None, **manners: float) -> Client:
    settings = {"pace": 2.0, "timeout": 5.0, **manners}
    return Client(Manners("the test source", **settings), folder, CONTACT, session=session, clock=clock)  # type: ignore[arg-type]


def failure(asking: Client, address: str) -> SourceError:
    with pytest.raises(SourceError) as caught:
        asking.get(address)
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith("the test source")
    return caught.value


def session_of(folder: Path) -> Session:
    file = folder / "cookies.txt"
    file.write_text(f"# Netscape HTTP Cookie File\n#HttpOnly_127.0.0.1\tFALSE\t/\tFALSE\t0\tSESSION\t{SECRET}\n", "utf-8")
    return Session.read(file, "127.0.0.1")


def test_it_says_who_asks(server: LocalServer, tmp_path: Path, clock: TestClock) -> None:
    with client(tmp_path, clock) as asking:
        assert asking.get(f"{server.address}/page", {"a": "殴打 医生"}).text() == "hello"
    (asked,) = server.asked
    assert asked.headers["user-agent"] == f"anjuan/{__version__} (+{CONTACT})"
    assert asked.parameters == {"a": "殴打 医生"}


@pytest.mark.parametrize("given", ["", "nobody", "a b@c.example", "me@university.example\r\nCookie: x", "王@大学.example", "(x)@y.example"])
def test_no_contact_no_request(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANJUAN_CONTACT", raising=False)
    with pytest.raises(SourceError, match="ANJUAN_CONTACT") as caught:
        contact(given)
    assert caught.value.trouble == Trouble.SETTING


def test_the_contact_may_stand_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANJUAN_CONTACT", "https://university.example/project")
    assert contact() == contact(None) == "https://university.example/project"
    assert contact(CONTACT) == CONTACT


def test_robots_txt_is_asked_once_and_obeyed(server: LocalServer, tmp_path: Path, clock: TestClock) -> None:
    server.robots = Reply(200, b"User-agent: *\nDisallow: /private\nCrawl-delay: 7\n")
    with client(tmp_path, clock) as asking:
        asking.get(f"{server.address}/a")
        asking.get(f"{server.address}/b")
        assert "robots.txt forbids" in str(failure(asking, f"{server.address}/private/x?token=1"))
    assert [asked.path for asked in server.asked] == ["/a", "/b"]
    assert all(7.0 <= wait <= 10.5 for wait in clock.waits)
    assert len(clock.waits) == 2


@pytest.mark.parametrize("status", [404, 410])
def test_without_robots_txt_all_is_free(server: LocalServer, tmp_path: Path, clock: TestClock, status: int) -> None:
    server.robots = Reply(status, b"<html>no such page</html>")
    with client(tmp_path, clock) as asking:
        assert asking.get(server.address).status == 200


@pytest.mark.parametrize(
    "reply",
    [Reply(500), Reply(403), Reply(202), Reply(200, b"<!DOCTYPE html><script>x()</script>")],
    ids=["broken", "refused", "challenge", "page"],
)
def test_unreadable_robots_txt_stops(server: LocalServer, tmp_path: Path, clock: TestClock, reply: Reply) -> None:
    server.robots = reply
    with client(tmp_path, clock) as asking:
        assert failure(asking, f"{server.address}/a").trouble == Trouble.ROBOTS
    assert server.asked == []


def test_pace_and_jitter_hold_across_restarts(server: LocalServer, tmp_path: Path, clock: TestClock) -> None:
    for number in range(6):
        with client(tmp_path, clock) as asking:
            asking.get(f"{server.address}/{number}")
    assert len(clock.waits) == 11  # robots.txt counts
    assert all(2.0 <= wait <= 3.0 for wait in clock.waits)
    assert len(set(clock.waits)) > 5


def test_the_cap_of_a_day_survives_a_restart_and_ends_with_the_day(server: LocalServer, tmp_path: Path, clock: TestClock) -> None:
    with client(tmp_path, clock, per_day=4) as asking:
        for path in "abc":
            asking.get(f"{server.address}/{path}")
    with client(tmp_path, clock, per_day=4) as asking:
        error = failure(asking, f"{server.address}/d")
        assert error.trouble == Trouble.WAITING
        assert "the 4 requests of this day" in str(error)
        clock.time += 86_400
        assert asking.get(f"{server.address}/d").status == 200
    assert len(server.asked) == 4


def test_two_processes_share_one_pace(tmp_path: Path, clock: TestClock) -> None:
    one, two = (Allowance(tmp_path / "requests.db", clock) for _ in range(2))
    waits = [(one, two)[turn % 2].take("host", 100, 2.0) for turn in range(6)]
    assert waits[0] == 0.0
    assert all(later - sooner >= 2.0 for sooner, later in pairwise(waits) if sooner is not None and later is not None)


def test_retry_after_is_waited_out(server: LocalServer, tmp_path: Path, clock: TestClock) -> None:
    server.next += [Reply(429, headers={"Retry-After": "17"}), Reply(503, headers={"Retry-After": "nonsense"})]
    with client(tmp_path, clock) as asking:
        assert asking.get(server.address).text() == "hello"
    assert len(server.asked) == 3
    assert 17.0 in clock.waits


def test_a_long_retry_after_ends_the_work(server: LocalServer, tmp_path: Path, clock: TestClock) -> None:
    server.next.append(Reply(503, headers={"Retry-After": "7200"}))
    with client(tmp_path, clock) as asking:
        error = failure(asking, server.address)
    assert error.trouble == Trouble.WAITING
    assert "7200 s" in str(error)
    assert len(server.asked) == 1


def test_after_some_attempts_the_status_is_the_answer(server: LocalServer, tmp_path: Path, clock: TestClock) -> None:
    server.next += [Reply(503)] * 9
    with client(tmp_path, clock, attempts=3) as asking:
        assert asking.get(server.address).status == 503
    assert len(server.asked) == 3


def test_an_unchanged_answer_is_not_sent_again(server: LocalServer, tmp_path: Path, clock: TestClock) -> None:
    def versioned(asked: Asked) -> Reply:
        headers = {"ETag": '"1"', "Cache-Control": "no-cache"}
        return Reply(304, b"", headers) if asked.headers.get("if-none-match") == '"1"' else Reply(200, b"long answer", headers)

    server.answer = versioned
    for _ in range(2):
        with client(tmp_path, clock) as asking:
            answer = asking.get(f"{server.address}/a")
            assert (answer.status, answer.text()) == (200, "long answer")
    assert [asked.headers.get("if-none-match") for asked in server.asked] == [None, '"1"']


def test_a_fresh_answer_costs_no_request(server: LocalServer, tmp_path: Path, clock: TestClock) -> None:
    server.answer = lambda asked: Reply(200, b"kept", {"Cache-Control": "max-age=3600"})
    with client(tmp_path, clock) as asking:
        assert [asking.get(server.address).text() for _ in range(3)] == ["kept"] * 3
    assert len(server.asked) == 1


def test_cookies_never_reach_disk_logs_or_messages(
    server: LocalServer, tmp_path: Path, clock: TestClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    rotated = "rotated-" + SECRET
    server.answer = lambda asked: Reply(200, b"x", {"Set-Cookie": f"SESSION={rotated}; Path=/", "Cache-Control": "public, max-age=3600"})
    session = session_of(tmp_path)
    folder = tmp_path / "web"
    with client(folder, clock, session) as asking:
        asking.get(f"{server.address}/a")
        answer = asking.post(f"{server.address}/b", {"token": SECRET})
        server.next.append(Reply(200, b"abc", cut=1))
        with pytest.raises(SourceError) as caught:
            asking.post(f"{server.address}/c?token={SECRET}", {"token": SECRET})
    with client(folder, clock) as asking:
        asking.get(f"{server.address}/open")
        asking.get(f"{server.address}/open2")
    cookies = [asked.headers.get("cookie", "") for asked in server.asked]
    assert cookies[:2] == [f"SESSION={SECRET}", f"SESSION={rotated}"]
    assert cookies[-2:] == ["", ""]
    told = caplog.text + str(caught.value) + repr(session) + repr(session.members) + repr(answer) + repr(caught.value.__cause__)
    assert SECRET not in told
    for file in folder.iterdir():
        assert SECRET.encode() not in file.read_bytes(), file.name


def test_answers_to_a_session_are_not_kept(server: LocalServer, tmp_path: Path, clock: TestClock) -> None:
    server.answer = lambda asked: Reply(200, b"for one person", {"Cache-Control": "public, max-age=3600", "ETag": '"1"'})
    folder = tmp_path / "web"
    with client(folder, clock, session_of(tmp_path)) as asking:
        asking.get(server.address)
        asking.get(server.address)
    assert len(server.asked) == 2
    with sqlite3.connect(folder / "answers.db") as db:
        kept = b"".join(bytes(row[0]) for row in db.execute("SELECT chunk_data FROM streams"))
    assert b"for one person" not in kept


def test_an_answer_that_could_never_be_used_again_is_not_kept(server: LocalServer, tmp_path: Path, clock: TestClock) -> None:
    with client(tmp_path, clock) as asking:
        asking.get(server.address)
        asking.get(server.address)
    assert len(server.asked) == 2
    with sqlite3.connect(tmp_path / "answers.db") as db:
        assert db.execute("SELECT count(*) FROM streams").fetchone() == (0,)


def test_redirects_stay_on_the_host(server: LocalServer, tmp_path: Path, clock: TestClock) -> None:
    server.robots = Reply(200, b"User-agent: *\nDisallow: /no\n")
    with client(tmp_path, clock) as asking:
        server.next.append(Reply(302, headers={"Location": "/b?x=1"}))
        assert asking.get(f"{server.address}/a").text() == "hello"
        server.next.append(Reply(301, headers={"Location": "https://elsewhere.example/path?token=1"}))
        error = failure(asking, f"{server.address}/a")
        assert "it redirects to https://elsewhere.example/;" in str(error)
        assert "token" not in str(error)
        server.next.append(Reply(302, headers={"Location": "/no"}))
        assert failure(asking, f"{server.address}/c").trouble == Trouble.ROBOTS
        server.next += [Reply(302, headers={"Location": "/a"})] * 9
        assert "redirects" in str(failure(asking, f"{server.address}/a"))


def test_only_bare_web_addresses(tmp_path: Path, clock: TestClock) -> None:
    with client(tmp_path, clock) as asking:
        for address in ("file:///etc/passwd", "ftp://127.0.0.1/", "127.0.0.1", "http://", "http://[", f"http://user:{SECRET}@127.0.0.1/"):
            error = failure(asking, address)
            assert error.trouble == Trouble.SETTING
            assert SECRET not in str(error)


def test_a_session_travels_over_https_only(tmp_path: Path, clock: TestClock) -> None:
    with client(tmp_path, clock, session_of(tmp_path)) as asking:
        assert "https only" in str(failure(asking, "http://wenshu.example/"))


def test_what_breaks_off_hangs_or_swells(server: LocalServer, tmp_path: Path, clock: TestClock) -> None:
    with client(tmp_path, clock, attempts=1, timeout=0.3, largest=100_000) as asking:
        server.next.append(Reply(200, b"x" * 50, cut=20))
        assert "broke off" in str(failure(asking, f"{server.address}/cut"))
        server.next.append(Reply(200, b"x", wait=1.0))
        assert "no answer within" in str(failure(asking, f"{server.address}/slow"))
        server.next.append(Reply(200, gzip.compress(b"x" * 5_000_000), {"Content-Encoding": "gzip"}))
        assert "over 100000 bytes" in str(failure(asking, f"{server.address}/bomb"))
        server.next.append(Reply(200, b"no gzip", {"Content-Encoding": "gzip"}))
        assert "damaged" in str(failure(asking, f"{server.address}/odd"))
        assert asking.get(f"{server.address}/good").text() == "hello"
    assert {file.name.partition("-")[0] for file in tmp_path.iterdir()} == {"requests.db", "answers.db"}


def test_nobody_there(tmp_path: Path, clock: TestClock) -> None:
    with serving(plain) as server:
        address = server.address
    with client(tmp_path, clock, attempts=2) as asking:
        error = failure(asking, f"{address}/a?secret=1")
    assert error.trouble == Trouble.NETWORK
    assert "secret" not in str(error)


def test_a_folder_that_cannot_be_used(tmp_path: Path, clock: TestClock) -> None:
    (tmp_path / "web").write_text("a file")
    with pytest.raises(SourceError, match="folder"):
        client(tmp_path / "web", clock)


def test_a_large_body_is_read_twice_as_a_file(server: LocalServer, tmp_path: Path, clock: TestClock) -> None:
    body = b"0123456789" * 1_000_000
    server.answer = lambda asked: Reply(200, body, {"Cache-Control": "no-store"})
    with client(tmp_path, clock) as asking:
        blob = asking.get(server.address).blob("an answer")
        with blob.open() as one, blob.open() as two:
            assert one.read(15) == two.read(15)
            assert one.read() == two.read() == body[15:]
        assert blob.start(4) == b"0123"


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("https://user:pw@host:8443/path?a=b#c", "https://host:8443/path"),
        ("http://[::1]:80/x?y", "http://[::1]:80/x"),
        ("http://[", "an address that cannot be read"),
        ("host/path?x", "host/path"),
    ],
)
def test_an_address_is_shown_without_what_is_private(address: str, told: str) -> None:
    assert shown(address) == told


def cookie(**changes: object) -> dict[str, object]:
    return {"name": "SESSION", "value": SECRET, "domain": ".court.example", "path": "/", **changes}


@pytest.mark.parametrize(
    "export",
    [
        [cookie(), cookie(name="other", domain="elsewhere.example")],
        {"cookies": [cookie(expires=-1)], "origins": []},
        {"log": {"entries": [{"request": {"url": "https://docs.court.example/x", "cookies": [{"name": "SESSION", "value": SECRET}]}}]}},
        {"log": {"entries": [{"request": {"url": "https://docs.court.example/x", "cookies": [],
                                          "headers": [{"name": "Cookie", "value": f"SESSION={SECRET}"}]}}]}},
    ],
    ids=["extension", "driver", "har", "har-header"],
)  # fmt: skip
def test_sessions_are_read_from_what_browsers_export(export: object, tmp_path: Path) -> None:
    file = tmp_path / "session.json"
    file.write_text(json.dumps(export), "utf-8")
    session = Session.read(file, "docs.court.example")
    assert [(member.name, member.value) for member in session.members] == [("SESSION", SECRET)]
    assert SECRET not in repr(session) + repr(session.members)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"{", "is none"),
        (b"\xff\xfe\x00", "is no text"),
        (b"nothing of the kind", "holds no cookie for"),
        (json.dumps([cookie(domain="court.example.evil")]).encode(), "holds no cookie for"),
        (json.dumps([cookie(domain="docs.court.example.evil")]).encode(), "holds no cookie for"),
        (json.dumps([cookie(domain="ocs.court.example"), cookie(domain="")]).encode(), "holds no cookie for"),
        (json.dumps([cookie(expirationDate=1_000_000_000.5)]).encode(), "has expired"),
        (json.dumps({"log": {"entries": [3, {"request": {"url": "https://docs.court.example/", "cookies": []}}]}}).encode(), "sensitive data"),
        (None, "cannot be read"),
    ],
)  # fmt: skip
def test_a_session_file_that_is_none(content: bytes | None, line: str, tmp_path: Path) -> None:
    file = tmp_path / "session.json"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SourceError, match=line) as caught:
        Session.read(file, "docs.court.example")
    assert SECRET not in str(caught.value)
