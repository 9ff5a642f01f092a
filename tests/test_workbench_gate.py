"""The workbench's gate: who comes in, what is refused and how, and what every answer carries."""

from __future__ import annotations

import re
import socket
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner
from workbench_browser import Built, Served, build, client, csrf, enter, serving

import cli
from pipeline.schema import AnjuanError
from pipeline.store import Desk, Store, connection
from pipeline.workbench import protection
from pipeline.workbench import serving as workbench_serving
from pipeline.workbench.app import create_app
from pipeline.workbench.attempts import FREE, LONGEST, NAMES, Attempts
from pipeline.workbench.rendering import wording
from pipeline.workbench.routes.sign_in import inside

TEXT = "经审理查明，被告人张某因输液太慢，推搡护士李某甲。"
PAGE = {"Accept": "text/html,application/xhtml+xml"}
OPEN = {"/sign-in", "/language"}  # what needs no session
ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return build(tmp_path_factory.mktemp("gate") / "study.db", [TEXT], ["王某", "李某甲", "陈某"], ["赵某"])


@pytest.fixture
def web(built: Built) -> Iterator[TestClient]:
    with TestClient(create_app(built.path), base_url="http://127.0.0.1:8765") as opened:
        yield opened


def routes(built: Built, method: str) -> list[str]:
    """The paths of every endpoint of this method that needs a session, for a judgment that exists."""
    with_session = []
    for router_path, methods in every_route(built):
        if method in methods and router_path not in OPEN:
            with_session.append(re.sub(r"\{judgment_id[^}]*\}", built.ids[0], router_path))
    assert with_session
    return [re.sub(r"\{[^}]*\}", "x", path) for path in with_session]


def every_route(built: Built) -> list[tuple[str, set[str]]]:
    from pipeline.workbench.app import ROUTERS

    return [(route.path, route.methods) for router in ROUTERS for route in router.routes]  # type: ignore[attr-defined]


def test_every_page_without_a_session_is_the_form_to_sign_in(built: Built, web: TestClient) -> None:
    for path in routes(built, "GET"):
        answer = web.get(path, headers=PAGE)
        assert answer.status_code == 403, path
        assert 'action="/sign-in"' in answer.text, path
        assert TEXT not in answer.text


def test_every_script_without_a_session_gets_one_line(built: Built, web: TestClient) -> None:
    for path in routes(built, "POST"):
        answer = web.post(path, json={})
        assert answer.status_code == 403, path
        assert answer.json()["error"] == wording()["refused_session"].zh


def test_every_write_needs_the_token_of_its_own_session(built: Built, web: TestClient) -> None:
    with TestClient(web.app, base_url="http://127.0.0.1:8765") as other:
        enter(other, "李某甲", built.tokens["李某甲"])
        foreign = other.headers["X-CSRF-Token"]
    enter(web, "赵某", built.tokens["赵某"])
    del web.headers["X-CSRF-Token"]
    for path in routes(built, "POST"):
        for token in ({}, {"X-CSRF-Token": foreign}, {"X-CSRF-Token": "é"}, {"X-CSRF-Token": ""}):
            answer = web.post(path, json={}, headers={name: value.encode("latin-1") for name, value in token.items()})
            assert (answer.status_code, answer.json()) == (403, {"error": wording()["refused_csrf"].zh}), (path, token)


@pytest.mark.parametrize("cookie", ["", "x", "\x80", "a" * 4000, "' OR 1=1 --"])
def test_a_forged_session_is_none(built: Built, web: TestClient, cookie: str) -> None:
    name = web.app.state.cookie  # type: ignore[attr-defined]
    assert web.get("/", headers=[("Cookie", f"{name}={cookie}".encode("latin-1"))]).status_code == 403


def test_the_session_of_another_database_opens_nothing(built: Built, web: TestClient, tmp_path: Path) -> None:
    elsewhere = build(tmp_path / "other.db", [TEXT])
    with TestClient(create_app(elsewhere.path), base_url="http://127.0.0.1:8765") as other:
        enter(other, "王某", elsewhere.tokens["王某"])
        (secret,) = other.cookies.values()
        assert other.app.state.cookie != web.app.state.cookie  # type: ignore[attr-defined]
    assert web.get("/", headers={"Cookie": f"{web.app.state.cookie}={secret}"}).status_code == 403  # type: ignore[attr-defined]


def test_the_cookie_is_kept_from_scripts_and_from_other_sites(built: Built, web: TestClient) -> None:
    answer = web.post("/sign-in", data={"name": " 王某 ", "token": built.tokens["王某"].lower()}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert {"httponly", "samesite=strict", "path=/"} <= {part.strip().lower() for part in answer.headers["set-cookie"].split(";")}
    assert web.get("/").status_code == 200


def test_signing_out_ends_the_session_in_the_database_too(built: Built, web: TestClient) -> None:
    enter(web, "王某", built.tokens["王某"])
    kept = f"{web.app.state.cookie}={web.cookies[web.app.state.cookie]}"  # type: ignore[attr-defined]
    answer = web.post("/sign-out", data={"csrf": web.headers.pop("X-CSRF-Token")}, follow_redirects=False)
    assert answer.headers["location"] == "/sign-in"
    assert web.get("/", headers={"Cookie": kept}).status_code == 403


def test_an_invitation_anew_and_a_revocation_end_what_was_open(tmp_path: Path) -> None:
    built = build(tmp_path / "study.db", [TEXT])
    with TestClient(create_app(built.path), base_url="http://127.0.0.1") as web, Store.open(built.path) as store:
        for end in (lambda: Desk(store).invite("王某"), lambda: Desk(store).revoke("王某")):
            token = Desk(store).invite("王某")
            enter(web, "王某", token)
            end()
            assert web.get("/").status_code == 403
            assert web.post("/sign-in", data={"name": "王某", "token": token}).status_code == 403


def test_failures_slow_down_a_name_and_no_other(built: Built, web: TestClient) -> None:
    for _ in range(FREE):
        assert web.post("/sign-in", data={"name": "陈某", "token": "x"}).status_code == 403
    answer = web.post("/sign-in", data={"name": "陈某", "token": built.tokens["陈某"]})
    assert answer.status_code == 429
    assert "2 秒" in answer.text
    enter(web, "王某", built.tokens["王某"])


def test_the_wait_doubles_ends_and_is_forgotten() -> None:
    time = [0.0]
    attempts = Attempts(lambda: time[0])
    waits = []
    for _ in range(FREE + 20):
        attempts.failed("王某")
        waits.append(attempts.wait("王某"))
    assert waits[: FREE + 2] == [0.0] * (FREE - 1) + [2.0, 4.0, 8.0]
    assert max(waits) == LONGEST
    time[0] = LONGEST
    assert attempts.wait("王某") == 0.0
    attempts.failed("王某")
    attempts.forget("王某")
    assert attempts.wait("王某") == 0.0
    for number in range(NAMES + 50):
        attempts.failed(str(number))
    assert len(attempts._failures) == NAMES


def test_names_are_shown_as_text(web: TestClient) -> None:
    answer = web.post("/sign-in", data={"name": '"><script>alert(1)</script>', "token": "x"})
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;alert" in answer.text


@pytest.mark.parametrize("path", ["//evil.example", "/\\evil.example", "https://evil.example", "/a\nb", "", "code"])
def test_signing_in_leads_nowhere_else(built: Built, web: TestClient, path: str) -> None:
    assert inside(path) == "/"
    answer = web.post("/language", data={"language": "en", "next": path}, follow_redirects=False)
    assert answer.headers["location"] == "/"


def test_signing_in_leads_to_the_page_that_was_asked_for(built: Built, web: TestClient) -> None:
    assert 'name="next" value="/?state=done&amp;page=2"' in web.get("/?state=done&page=2", headers=PAGE).text
    answer = web.post(
        "/sign-in", data={"name": "王某", "token": built.tokens["王某"], "next": "/?state=done&page=2"}, follow_redirects=False
    )
    assert answer.headers["location"] == "/?state=done&page=2"


def test_the_language_is_chinese_until_english_is_chosen(built: Built, web: TestClient) -> None:
    assert '<html lang="zh-CN">' in web.get("/sign-in").text
    web.post("/language", data={"language": "en", "next": "/sign-in"})
    assert '<html lang="en">' in web.get("/sign-in").text
    assert web.get("/").json()["error"].startswith("you are not signed in")
    assert web.post("/language", data={"language": "fr"}).status_code == 400


@pytest.mark.parametrize(
    ("host", "status"),
    [("127.0.0.1:8765", 200), ("localhost", 200), ("[::1]:8765", 200), ("evil.example", 400), ("127.0.0.1.evil.example", 400), ("", 400)],
)
def test_only_this_machines_own_names_are_answered(web: TestClient, host: str, status: int) -> None:
    assert web.get("/sign-in", headers={"Host": host}).status_code == status


def test_a_workbench_for_the_network_answers_to_its_address() -> None:
    assert "192.168.1.5" in protection.trusted_hosts("192.168.1.5")
    everywhere = protection.trusted_hosts("0.0.0.0")
    assert socket.gethostname().lower() in everywhere
    assert "*" not in everywhere
    assert [protection.is_loopback(host) for host in ("127.0.0.1", "::1", "localhost", "0.0.0.0", "192.168.1.5", "example")] == [
        True
    ] * 3 + [False] * 3


@pytest.mark.parametrize("path", ["/", "/sign-in", "/nowhere", "/static/base.css", "/static/nowhere.js"])
def test_every_answer_carries_the_headers(web: TestClient, path: str) -> None:
    headers = web.get(path, headers=PAGE).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert (headers["x-content-type-options"], headers["referrer-policy"]) == ("nosniff", "no-referrer")
    assert headers["cache-control"] == ("no-cache" if path.startswith("/static/") else "no-store")


def test_pages_hold_no_script_and_no_style_of_their_own(built: Built, web: TestClient) -> None:
    for template in sorted((ROOT / "pipeline/workbench/templates").glob("*.html")):
        source = template.read_text("utf-8")
        assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:|https?://|<script(?![^>]*\ssrc=)(?![^>]*application/json)", source), (
            template.name
        )


def test_a_page_of_another_site_writes_nothing(built: Built, web: TestClient) -> None:
    for site in ("cross-site", "same-site"):
        answer = web.post("/sign-in", data={"name": "王某", "token": built.tokens["王某"]}, headers={"Sec-Fetch-Site": site})
        assert answer.status_code == 403
        assert not web.cookies
    assert web.get("/sign-in", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200  # a link on another page


def test_a_body_that_is_too_large_is_refused(built: Built, web: TestClient) -> None:
    enter(web, "王某", built.tokens["王某"])
    large = b"x" * (protection.LARGEST_BODY + 1)
    assert web.post("/sign-in", content=large).status_code == 413
    for kind in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        pieces = (large[start : start + 50_000] for start in range(0, len(large), 50_000))
        answer = web.post("/sign-in", content=pieces, headers={"Content-Type": kind})
        assert (answer.status_code, answer.json()) == (413, {"error": protection.TOO_LARGE}), kind
    assert web.post("/sign-in", content=b"", headers={"Content-Length": "-1"}).status_code == 413


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (
            b'{"entries": [{"unit": "case", "variable": "", "note": "\\ud800"}]}',
            {200},
        ),  # half of a character is kept as a mark that it was one
        (b'{"entries": [{"unit": "case", "variable": "\\ud800"}]}', {400}),
        (b'{"entries": [{"unit": "case", "variable": "cause", "values": ["\\u0000"]}]}', {400}),
        (b'{"entries": "x"}', {400}),
        (b"[" * 100_000, {400}),
        (b"\xff\xfe", {400}),
        (b"", {400}),
    ],
)
def test_a_body_that_cannot_be_is_one_line(built: Built, web: TestClient, body: bytes, status: set[int]) -> None:
    enter(web, "王某", built.tokens["王某"])
    path = f"/code/{built.ids[0]}/entries"
    answer = web.post(path, content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in status, answer.text
    assert answer.status_code == 200 or "\n" not in answer.json()["error"]
    large = (b'"' + b"x" * 50_000 for _ in range(30))
    answer = web.post(path, content=large, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()) == (413, {"error": protection.TOO_LARGE})


def test_a_locked_database_is_503_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "BUSY_SECONDS", 0.05)
    built = build(tmp_path / "study.db", [TEXT])
    holder = sqlite3.connect(built.path)
    with TestClient(create_app(built.path), base_url="http://127.0.0.1") as web:
        web.get("/sign-in")
        holder.execute("BEGIN IMMEDIATE")
        answer = web.post("/sign-in", data={"name": "王某", "token": built.tokens["王某"]})
        page = web.post("/sign-in", data={"name": "王某", "token": built.tokens["王某"]}, headers=PAGE)
        holder.rollback()
    assert answer.status_code == page.status_code == 503
    assert "is in use by another program" in answer.json()["error"]
    assert "is in use by another program" in page.text
    holder.close()


def test_what_is_not_there_is_404_and_a_wrong_method_405(web: TestClient) -> None:
    assert web.get("/nowhere").json() == {"error": wording()["not_found"].zh}
    assert wording()["not_found"].zh in web.get("/nowhere", headers=PAGE).text
    assert web.put("/sign-in").status_code == 405
    for path in ("/docs", "/openapi.json", "/redoc", "/static/../app.py", "/static/%2e%2e/app.py"):
        assert web.get(path).status_code == 404, path


def test_a_mistake_of_the_workbench_is_one_line(built: Built) -> None:
    app = create_app(built.path)

    @app.get("/mistake")
    def mistake() -> None:
        raise ZeroDivisionError

    with TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False) as web:
        answer = web.get("/mistake")
    assert (answer.status_code, answer.json()) == (500, {"error": wording()["broken"].zh})


def test_every_word_of_the_templates_is_there_in_both_languages() -> None:
    words = wording()
    for template in sorted((ROOT / "pipeline/workbench/templates").glob("*.html")):
        used = set(re.findall(r"\bt\(\s*'(\w+)'\s*[,)]", template.read_text("utf-8")))
        assert used <= words.keys(), template.name
    for term in words.values():
        assert term.zh, term.name
        assert term.en, term.name
        assert set(re.findall(r"\{\w+\}", term.zh)) == set(re.findall(r"\{\w+\}", term.en)), term.name


def test_a_restart_signs_nobody_out(tmp_path: Path) -> None:
    built = build(tmp_path / "study.db", [TEXT])
    with serving(built.path) as served, client(served.address, "王某", built.tokens["王某"]) as web:
        served.stop()
        again = Served(built.path)
        again.port = served.port
        again.start()
        try:
            assert csrf(web.get("/").text) == web.headers["X-CSRF-Token"]
        finally:
            again.stop()
    assert not built.path.with_name("study.db-wal").exists()


def test_serve_says_what_is_wrong_in_one_line(tmp_path: Path) -> None:
    built = build(tmp_path / "study.db", [TEXT])
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(AnjuanError, match=r"in use.*--port"):
        workbench_serving.listen("127.0.0.1", taken.getsockname()[1])
    with pytest.raises(AnjuanError, match=r"cannot listen on 203\.0\.113\.1"):
        workbench_serving.listen("203.0.113.1", 0)
    with pytest.raises(AnjuanError, match="does not exist"):
        workbench_serving.serve(tmp_path / "none.db", "127.0.0.1", 0, print)
    assert workbench_serving.address("::1", 5) == "http://[::1]:5/"
    assert built.path.exists()


def test_a_network_address_comes_with_a_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built = build(tmp_path / "study.db", [TEXT])
    monkeypatch.setattr("uvicorn.Server.run", lambda self, sockets: None)
    told: list[str] = []
    workbench_serving.serve(built.path, "0.0.0.0", 0, told.append)
    assert [line.startswith("warning") for line in told] == [True, False]
    told.clear()
    workbench_serving.serve(built.path, "127.0.0.1", 0, told.append)
    assert len(told) == 1


def test_invite_prints_the_token_once_and_revoke_shuts_out(tmp_path: Path) -> None:
    db = str(build(tmp_path / "study.db", [TEXT], []).path)
    printed = CliRunner().invoke(cli.app, ["annotate", "invite", "钱某", "--db", db, "--adjudicator"])
    lines = dict(line.split(": ", 1) for line in printed.stdout.strip().splitlines())
    token, address = lines["token"].strip(), lines["address"].strip()
    assert address == "http://127.0.0.1:8765/"
    with Store.open(db) as store:
        session = Desk(store).sign_in("钱某", token)
        assert session is not None
        assert session.role == "adjudicator"
    assert CliRunner().invoke(cli.app, ["annotate", "revoke", "钱某", "--db", db]).exit_code == 0
    with Store.open(db) as store:
        assert Desk(store).sign_in("钱某", token) is None
    assert "a:b" in str(CliRunner().invoke(cli.app, ["annotate", "invite", "a:b", "--db", db]).exception)
