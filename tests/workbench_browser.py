"""What the workbench's tests share: a small database, the real server in a process of its own, clients of it, and chromium."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from pipeline.codebook import load
from pipeline.schema import Judgment
from pipeline.store import Desk, FrameRow, NewAssignment, Sample, Store

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parents[1]
CHROMIUM = Path("/usr/bin/chromium")
QUIET = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
MISSING = "" if CHROMIUM.exists() and find_spec("playwright") else f"no browser: needs {CHROMIUM} and the package playwright"
needs_browser = pytest.mark.skipif(bool(MISSING), reason=MISSING)


@dataclass(frozen=True)
class Built:
    """A database for coding: the judgments' ids in order of assignment, and each coder's token."""

    path: Path
    ids: list[str]
    tokens: dict[str, str] = field(default_factory=dict)


def build(
    path: Path,
    texts: Sequence[str],
    coders: Sequence[str] = ("王某", "李某甲"),
    adjudicators: Sequence[str] = (),
    mode: str = "blind",
    tasks: Sequence[str] = ("code",),
) -> Built:
    """Write `texts` to a new database and assign all of them, in this order, to each of the coders."""
    judgments = [Judgment("test", f"J{number}", text, title=f"第{number}号刑事判决书") for number, text in enumerate(texts, 1)]
    ids = [judgment.judgment_id for judgment in judgments]
    with Store.open(path) as store:
        store.add_judgments(store.begin_run("test"), judgments)
        desk = Desk(store)
        tokens = {name: desk.invite(name, "adjudicator" if name in adjudicators else "coder") for name in (*coders, *adjudicators)}
        for task in tasks:
            given = [NewAssignment(judgment_id, name, place, mode) for name in coders for place, judgment_id in enumerate(ids)]
            sample = Sample(task, "random", 1, 1.0, "", load().version)
            desk.add_sample(sample, [FrameRow(judgment_id, "all", 1.0, True) for judgment_id in ids], given)
    return Built(path, ids, tokens)


class Served:
    """`anjuan annotate serve` as a process of its own, on a free port of 127.0.0.1; after `kill` it may be started again on the same."""

    def __init__(self, db: Path) -> None:
        self.db = db
        self.port = 0
        self.address = ""
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> Served:
        """Start the server and wait until it has told its address."""
        command = [sys.executable, str(ROOT / "cli.py"), "annotate", "serve", "--db", str(self.db), "--port", str(self.port)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8", cwd=ROOT)
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        found = re.search(r"(http://127\.0\.0\.1:(\d+))/", line)
        assert found, line + self.process.stdout.read()
        self.address, self.port = found[1], int(found[2])
        return self

    def kill(self) -> None:
        """End the server in the middle of whatever it does (kill -9)."""
        assert self.process is not None
        self.process.kill()
        self._wait()

    def stop(self) -> str:
        """End the server as Ctrl-C does; what it has printed since it told its address."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self._wait()

    def _wait(self) -> str:
        assert self.process is not None
        return self.process.communicate(timeout=30)[0]


@contextmanager
def serving(db: Path) -> Iterator[Served]:
    """The running server of the database at `db`; it is ended with the test."""
    served = Served(db).start()
    try:
        yield served
    finally:
        served.stop()


@contextmanager
def client(address: str, name: str, token: str) -> Iterator[httpx.Client]:
    """A client of the server that has signed in, sends the session's token with every request and goes by its address."""
    with httpx.Client(base_url=address, timeout=30, trust_env=False) as opened:
        enter(opened, name, token)
        yield opened


def enter(opened: Any, name: str, token: str) -> None:
    """Sign in with a client (`httpx.Client` or `TestClient`) and let it send the session's token with every request."""
    answer = opened.post("/sign-in", data={"name": name, "token": token}, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    opened.headers["X-CSRF-Token"] = csrf(opened.get("/").text)


def csrf(page: str) -> str:
    """The session's token that a page carries."""
    found = re.search(r'<meta name="csrf" content="([^"]+)">', page)
    assert found, page[:500]
    return found[1]


def entry(variable: str, *values: str, unit: str = "case", words: Sequence[Sequence[object]] = (), **more: object) -> Mapping[str, object]:
    """One entry as the pages send it."""
    return {"unit": unit, "variable": variable, "values": values, "words": words, "unsure": False, "note": "", "seen": 0, **more}


@contextmanager
def browser() -> Iterator[Browser]:
    """Chromium without a window."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(CHROMIUM), args=QUIET)
        try:
            yield opened
        finally:
            opened.close()


def signed_in(opened: Browser, address: str, name: str, token: str, size: tuple[int, int] = (1280, 720), **options: Any) -> Page:
    """A page in a browser of its own (cookies are not shared), signed in, at the coder's queue."""
    page = opened.new_context(base_url=address, viewport={"width": size[0], "height": size[1]}, **options).new_page()
    page.goto("/")
    page.fill("[name=name]", name)
    page.fill("[name=token]", token)
    page.click(".sign-in button")
    page.wait_for_selector(".tabs")
    return page
