"""The adjudicator's pages and the history: who may see and write what, and what a decision does. All texts are invented."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from shutil import copyfile

import pytest
from double_coded import ANNA, BO, CHEN, FIRST, IN_SCOPE, OUT, SECOND, TEXTS, YES, code
from fastapi.testclient import TestClient
from workbench_browser import Built, build, enter

from pipeline.schema import Entry
from pipeline.store import Desk, Save, Store
from pipeline.workbench.app import create_app

PAGE = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Two have coded the first case and differ in alcohol and role; the second case is finished by one alone; the third is screened."""
    built = build(tmp_path_factory.mktemp("made") / "study.db", TEXTS, [ANNA, BO], [CHEN])
    with Store.open(built.path) as store:
        desk = Desk(store)
        code(desk, built.ids[0], ANNA, *FIRST)
        code(desk, built.ids[0], BO, *SECOND)
        code(desk, built.ids[1], ANNA, *FIRST[:1])
        code(desk, built.ids[1], BO, *SECOND[:1], finish=False)
        code(desk, built.ids[2], f"screen:{ANNA}", IN_SCOPE, finish=False)
        code(desk, built.ids[2], f"screen:{BO}", OUT, finish=False)
    return built


@pytest.fixture
def built(made: Built, tmp_path: Path) -> Built:
    copyfile(made.path, tmp_path / "study.db")
    return Built(tmp_path / "study.db", made.ids, made.tokens)


def session(built: Built, name: str) -> TestClient:
    web = TestClient(create_app(built.path), base_url="http://127.0.0.1:8765")
    enter(web, name, built.tokens[name])
    return web


@pytest.fixture
def web(built: Built) -> Iterator[TestClient]:
    with session(built, CHEN) as opened:
        yield opened


def decide(web: TestClient, judgment_id: str, reason: str = "", **decision: object) -> object:
    body = {"decisions": [{"unit": "case", "variable": "alcohol", **decision}], "reason": reason, "tab": "t1"}
    return web.post(f"/adjudicate/{judgment_id}/decisions", json=body)


def value(built: Built, judgment_id: str, column: str) -> object:
    with Store.open(built.path) as store:
        return store.query(f"SELECT {column} AS v FROM cases WHERE judgment_id = ?", [judgment_id])[0]["v"]


def test_coders_are_kept_out(built: Built) -> None:
    with session(built, ANNA) as coder:
        for path in ("/adjudicate", f"/adjudicate/{built.ids[0]}", f"/adjudicate/{built.ids[0]}/questions"):
            assert coder.get(path).status_code == 403
        for path in ("decisions", "agreed", "undo"):
            body = {"decisions": [{"unit": "case", "variable": "alcohol", "coder": ANNA}]}
            assert coder.post(f"/adjudicate/{built.ids[0]}/{path}", json=body).status_code == 403
    assert value(built, built.ids[0], "attack_type_by") is None
    with Store.open(built.path) as store:
        assert Desk(store).entries(built.ids[0], "adjudicated") == []


def test_the_queue_lists_what_two_have_finished_and_what_screeners_dispute(built: Built, web: TestClient) -> None:
    page = web.get("/adjudicate", headers=PAGE).text
    assert re.findall(r'class="case"[^>]*><a href="/adjudicate/(\w+)"', page) == [built.ids[2], built.ids[0]]
    assert "50 %" in page
    assert built.ids[1] not in page
    screened = web.get("/adjudicate?show=screen", headers=PAGE).text
    assert re.findall(r'class="case"[^>]*><a href="/adjudicate/(\w+)"', screened) == [built.ids[2]]


def test_the_page_shows_both_codings_and_no_markup_of_theirs(built: Built, web: TestClient) -> None:
    page = web.get(f"/adjudicate/{built.ids[0]}", headers=PAGE).text
    assert page.count("&lt;script&gt;alert(&#34;注&#34;)&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;") == 2
    assert "<script>alert" not in page
    assert "<img" not in page
    assert 'data-words="10-12"' in page
    assert re.findall(r'<li class="card (\w+)" id="([\w-]+)"', page) == [
        ("open", "alcohol"),
        ("open", "victim-1-role"),
        ("agreed", "cause"),
        ("agreed", "in_scope"),
    ]


def test_what_one_alone_has_finished_is_not_opened(built: Built, web: TestClient) -> None:
    answer = web.get(f"/adjudicate/{built.ids[1]}")
    assert answer.status_code == 400
    assert "fewer than two coders" in answer.json()["error"]
    assert web.get("/adjudicate/feedfeedfeedfeed").status_code == 404


def test_a_decision_becomes_the_value_of_the_case(built: Built, web: TestClient) -> None:
    first = built.ids[0]
    answer = decide(web, first, coder=BO)
    assert answer.json()["saved"][0]["change"] > 0
    assert value(built, first, "alcohol") == "no"
    assert decide(web, first, "原文写明醉酒", coder=ANNA).status_code == 200
    assert value(built, first, "alcohol") == "yes"
    page = web.get(f"/adjudicate/{first}/questions", headers=PAGE).text
    assert "原文写明醉酒" in page
    assert f"= {ANNA} · {CHEN}" in page
    with Store.open(built.path) as store:
        (label,) = [label for label in store.labels(first, "adjudicated") if label.variable == "alcohol"]
        assert [(span.start, span.end) for span in label.spans] == [(10, 12)]


def test_a_value_of_ones_own_needs_a_reason_and_may_bring_words(built: Built, web: TestClient) -> None:
    first = built.ids[0]
    refused = decide(web, first, values=["not_mentioned"])
    assert refused.status_code == 400
    assert "needs a reason" in refused.json()["error"]
    assert decide(web, first, "均不当", values=["nonsense"]).status_code == 400
    assert decide(web, first, "均不当", values=["not_mentioned"], words=[[0, 5000]]).status_code == 400
    assert decide(web, first, "均不当", values=["not_mentioned"], words=[[0, 5]]).status_code == 200
    with Store.open(built.path) as store:
        decided = next(entry for entry in Desk(store).entries(first, "adjudicated") if entry.variable == "alcohol")
    assert decided == Entry("case", "alcohol", ("not_mentioned",), ((0, 5, "not_mentioned"),))


@pytest.mark.parametrize(
    ("decision", "line"),
    [
        ({"coder": "赵某"}, "has not coded this case"),
        ({"accept": True}, "nothing to accept"),
        ({"variable": "department", "coder": ANNA}, "nothing to decide"),
        ({"unit": "victim:9", "coder": ANNA}, "nothing to decide"),
    ],
)
def test_impossible_decisions_are_refused_in_one_line(built: Built, web: TestClient, decision: dict[str, object], line: str) -> None:
    answer = decide(web, built.ids[0], **decision)
    assert answer.status_code == 400
    assert line in answer.json()["error"]


def test_all_that_agree_are_accepted_and_taken_back_in_one_step(built: Built, web: TestClient) -> None:
    first = built.ids[0]
    assert web.post(f"/adjudicate/{first}/agreed", json={}).json() == {"accepted": 2}
    assert web.post(f"/adjudicate/{first}/agreed", json={}).json() == {"accepted": 0}
    assert decide(web, first, coder=ANNA).status_code == 200
    assert web.post(f"/adjudicate/{first}/undo", json={}).json() == {"undone": [{"unit": "case", "variable": "alcohol"}]}
    assert len(web.post(f"/adjudicate/{first}/undo", json={}).json()["undone"]) == 2
    assert web.post(f"/adjudicate/{first}/undo", json={}).json() == {"undone": []}


def test_what_was_imported_as_adjudicated_is_not_taken_back(built: Built, web: TestClient) -> None:
    with Store.open(built.path) as store:
        Desk(store).save([Save(built.ids[0], "adjudicated", YES)], actor="import", mode="imported")
    assert web.post(f"/adjudicate/{built.ids[0]}/undo", json={}).json() == {"undone": []}
    assert value(built, built.ids[0], "alcohol") == "yes"


def test_a_decision_over_that_of_another_tab_is_told(built: Built, web: TestClient) -> None:
    decide(web, built.ids[0], coder=ANNA)
    body = {"decisions": [{"unit": "case", "variable": "alcohol", "coder": BO, "seen": 0}], "tab": "t2"}
    (saved,) = web.post(f"/adjudicate/{built.ids[0]}/decisions", json=body).json()["saved"]
    assert (saved["overtaken"]["actor"], saved["overtaken"]["values"]) == (CHEN, ["yes"])


def test_a_screening_conflict_is_decided_like_any_other(built: Built, web: TestClient) -> None:
    third = built.ids[2]
    body = {"decisions": [{"unit": "case", "variable": "in_scope", "coder": f"screen:{BO}"}]}
    assert web.post(f"/adjudicate/{third}/decisions", json=body).status_code == 200
    assert value(built, third, "in_scope") == 0
    assert re.findall(r'href="/adjudicate/(\w+)"', web.get("/adjudicate?show=done", headers=PAGE).text) == [third]


def test_who_coded_the_case_is_told_so(built: Built) -> None:
    with Store.open(built.path) as store:
        token = Desk(store).invite(ANNA, "adjudicator")
    with TestClient(create_app(built.path), base_url="http://127.0.0.1:8765") as web:
        enter(web, ANNA, token)
        assert "您本人也编码了本案" in web.get(f"/adjudicate/{built.ids[0]}", headers=PAGE).text


def test_the_history_shows_a_coder_the_own_changes_alone(built: Built, web: TestClient) -> None:
    first = built.ids[0]
    decide(web, first, "见第一段", coder=BO)
    web.post(f"/adjudicate/{first}/undo", json={})
    page = web.get(f"/history/{first}", headers=PAGE).text
    assert {ANNA, BO, CHEN} <= set(re.findall(r'class="voice-cell">([^<]+)<', page))
    assert "见第一段" in page
    assert len(re.findall(r'class="gone"', page)) == 1
    assert "<script>alert" not in page
    with session(built, ANNA) as coder:
        own = coder.get(f"/history/{first}", headers=PAGE).text
        assert set(re.findall(r'class="voice-cell">([^<]+)<', own)) == {ANNA}
        assert BO not in own
        assert set(re.findall(r'class="voice-cell">([^<]+)<', coder.get(f"/history/{first}?by={BO}", headers=PAGE).text)) == set()
    with session(built, CHEN) as other:
        assert other.get("/history/feedfeedfeedfeed").status_code == 404


def test_the_history_of_a_foreign_case_is_shut(made: Built, tmp_path: Path) -> None:
    copyfile(made.path, tmp_path / "study.db")
    with Store.open(tmp_path / "study.db") as store:
        token = Desk(store).invite("周某")
    with TestClient(create_app(tmp_path / "study.db"), base_url="http://127.0.0.1:8765") as web:
        enter(web, "周某", token)
        assert web.get(f"/history/{made.ids[0]}").status_code == 403
        assert web.get("/history/feedfeedfeedfeed").status_code == 403


def test_the_history_can_be_read_by_voice_and_variable(built: Built, web: TestClient) -> None:
    page = web.get(f"/history/{built.ids[0]}?by={BO}&variable=alcohol", headers=PAGE).text
    assert re.findall(r'class="voice-cell">([^<]+)<', page) == [BO]


def test_every_page_speaks_english_too(built: Built, web: TestClient) -> None:
    web.cookies.set("anjuan_language", "en")
    for path in ("/adjudicate", f"/adjudicate/{built.ids[0]}", f"/history/{built.ids[0]}"):
        page = web.get(path, headers=PAGE)
        assert page.status_code == 200
        words = re.sub(r'<(\w+)[^>]*lang="zh-CN".*?</\1>', "", page.text, flags=re.DOTALL)
        assert not re.search("[仲裁分歧采纳]", words.replace(CHEN, "")), path
