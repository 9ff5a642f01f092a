"""The agreement page: figures from the codings, kept until something changes, each disagreement a link. All texts are invented."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from pathlib import Path
from shutil import copyfile

import pytest
from double_coded import ANNA, BO, CHEN, HOSTILE, code
from fastapi.testclient import TestClient
from workbench_browser import Built, build, enter

from pipeline.job import agreeing
from pipeline.schema import AnjuanError, Entry
from pipeline.store import Desk, Store
from pipeline.workbench.app import create_app
from pipeline.workbench.kept import Kept
from pipeline.workbench.routes import agreement as page

PAGE = {"Accept": "text/html"}
TEXTS = [f"经审理查明，第{number}名被告人酒后推搡护士李某甲。" for number in range(6)]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Six cases of two coders, who differ in alcohol in the last two; the last answer of the second has a hostile note."""
    built = build(tmp_path_factory.mktemp("made") / "study.db", TEXTS, [ANNA, BO], [CHEN])
    with Store.open(built.path) as store:
        for number, judgment_id in enumerate(built.ids):
            value = "yes" if number % 2 else "no"
            other = value if number < 4 else "not_mentioned" if number == 4 else "no"
            code(Desk(store), judgment_id, ANNA, Entry("case", "in_scope", ("1",)), Entry("case", "alcohol", (value,)))
            code(Desk(store), judgment_id, BO, Entry("case", "in_scope", ("1",)), Entry("case", "alcohol", (other,), note=HOSTILE))
    return built


@pytest.fixture
def web(made: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setattr(page, "PATIENCE", 60.0)
    copyfile(made.path, tmp_path / "study.db")
    with TestClient(create_app(tmp_path / "study.db"), base_url="http://127.0.0.1:8765") as opened:
        enter(opened, CHEN, made.tokens[CHEN])
        yield opened


def test_figures_and_disagreements_are_on_the_page(made: Built, web: TestClient) -> None:
    shown = web.get("/agreement?variable=alcohol", headers=PAGE).text
    assert "67 %" in shown
    assert set(re.findall(r'href="/adjudicate/(\w+)#alcohol"', shown)) == set(made.ids[4:])
    assert len(re.findall(r'<td class="num same">2</td>', shown)) == 2
    assert "无定义" in shown  # the kappa of in_scope: one value alone occurs
    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert" in shown


def test_figures_are_computed_once_until_somebody_says_something_else(
    web: TestClient, made: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    real = agreeing.agreement
    monkeypatch.setattr(agreeing, "agreement", lambda *given, **more: (asked.append(more["task"]), real(*given, **more))[1])
    for _ in range(3):
        shown = web.get("/agreement", headers=PAGE).text
        assert "67 %" in shown
        assert "正在重新计算" not in shown
        web.post(f"/adjudicate/{made.ids[0]}/agreed", json={})  # decisions change nothing of the coders' agreement
    assert asked == ["code"]
    with Store.open(web.app.state.desks._path) as store:  # type: ignore[attr-defined]
        code(Desk(store), made.ids[5], BO, Entry("case", "alcohol", ("yes",)))
    assert "83 %" in web.get("/agreement", headers=PAGE).text
    assert asked == ["code", "code"]


def test_the_page_says_that_it_computes_and_shows_older_figures_meanwhile(
    web: TestClient, made: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = threading.Event()
    real = agreeing.agreement
    monkeypatch.setattr(agreeing, "agreement", lambda *given, **more: (go.wait(30), real(*given, **more))[1])
    monkeypatch.setattr(page, "PATIENCE", 0.01)
    assert 'http-equiv="refresh"' in web.get("/agreement", headers=PAGE).text
    go.set()
    monkeypatch.setattr(page, "PATIENCE", 60.0)
    assert "67 %" in web.get("/agreement", headers=PAGE).text
    go.clear()
    monkeypatch.setattr(page, "PATIENCE", 0.01)
    with Store.open(web.app.state.desks._path) as store:  # type: ignore[attr-defined]
        code(Desk(store), made.ids[5], BO, Entry("case", "alcohol", ("yes",)))
    stale = web.get("/agreement", headers=PAGE).text
    assert "正在重新计算" in stale
    assert "67 %" in stale
    go.set()


def test_coders_do_not_see_agreement(made: Built, web: TestClient) -> None:
    with TestClient(web.app, base_url="http://127.0.0.1:8765") as coder:
        enter(coder, ANNA, made.tokens[ANNA])
        assert coder.get("/agreement").status_code == 403


def test_impossible_questions_are_refused(web: TestClient) -> None:
    assert web.get("/agreement?task=sleep").status_code == 400
    assert "没有不一致之处" in web.get("/agreement?variable=%3Cscript%3E", headers=PAGE).text


def test_agreement_in_english_and_of_screeners_who_have_not_begun(web: TestClient) -> None:
    web.cookies.set("anjuan_language", "en")
    assert "Krippendorff 2004" in web.get("/agreement", headers=PAGE).text
    assert "there is nothing to compare" in web.get("/agreement?task=screen", headers=PAGE).text


def test_a_failed_computation_is_told_and_tried_again() -> None:
    kept: Kept[int] = Kept()

    def fail() -> int:
        raise AnjuanError("no figures")

    with pytest.raises(AnjuanError, match="no figures"):
        kept.get("k", 1, fail, 10)
    found = kept.get("k", 1, lambda: 7, 10)
    assert found is not None
    assert found.result == 7
