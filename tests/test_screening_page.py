"""The screening page and the standing behind it: decisions, the random sample, two blind screeners, conflicts and the flow of records."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner
from workbench_browser import Built, browser, build, enter, needs_browser, serving, signed_in

from cli import app
from pipeline.job import screening
from pipeline.job.passages import passages
from pipeline.schema import Entry, Judgment
from pipeline.store import Desk, Save, Store
from pipeline.workbench.app import create_app

MARKUP = "<script>alert(1)</script>"
BASE = "http://127.0.0.1:8765"


def told(number: int) -> str:
    act = f"在某医院推搡护士赵某{MARKUP}" if number % 20 == 0 else "盗窃电动车一辆"
    return f"公诉机关指控：\n经审理查明，被告人张某{act}，第{number}号。\n本院认为，应予惩处。"


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return build(tmp_path / "study.db", [told(n) for n in range(80)], ["王某", "李某甲"], ["赵某"], tasks=["screen"])


@pytest.fixture
def web(built: Built) -> Iterator[TestClient]:
    with TestClient(create_app(built.path), base_url=BASE) as opened:
        enter(opened, "王某", built.tokens["王某"])
        yield opened


def learnt(web: TestClient, coder: str) -> None:
    """Ask for the page and wait until its order is the model's."""
    web.get("/screen")
    end = time.monotonic() + 60
    while web.app.state.screening_orders._orders[coder].read < 0 and time.monotonic() < end:  # type: ignore[attr-defined]
        time.sleep(0.05)


def decided(built: Built, coder: str, values: dict[int, str]) -> None:
    """Decisions of one screener, by the judgments' place."""
    with Store.open(built.path) as store:
        for place, value in values.items():
            save = Save(built.ids[place], f"screen:{coder}", Entry("case", "in_scope", (value,)))
            Desk(store).save([save], actor=coder, mode="blind")
            Desk(store).mark(coder, "screen", built.ids[place], "done")


def test_a_decision_is_kept_by_the_screeners_voice_and_the_next_card_comes(built: Built, web: TestClient) -> None:
    first = re.findall(r'data-id="(\w+)"', web.get("/screen").text)
    answer = web.post(f"/screen/{first[0]}", json={"in_scope": True, "seconds": 3, "held": first[1:]}).json()
    assert first[0] not in answer["order"]
    assert len(answer["order"]) == 3
    assert {card["id"] for card in answer["cards"]} == set(answer["order"]) - set(first[1:])
    with Store.open(built.path) as store:
        desk = Desk(store)
        assert desk.entries(first[0], "screen:王某") == [Entry("case", "in_scope", ("1",))]
        assert desk.tally("王某", "screen")[:2] == (79, 1)


def test_undo_takes_back_the_last_decision_and_shows_it_again(built: Built, web: TestClient) -> None:
    first = re.findall(r'data-id="(\w+)"', web.get("/screen").text)[0]
    web.post(f"/screen/{first}", json={"in_scope": False})
    answer = web.post("/screen/undo", json={}).json()
    assert answer["undone"] == answer["cards"][0]["id"] == first
    with Store.open(built.path) as store:
        assert not screening.standing(store, "王某").decided
        assert Desk(store).tally("王某", "screen").open == 80
    assert web.post("/screen/undo", json={}).json()["undone"] is None


def test_who_may_not_write_is_refused(built: Built, web: TestClient) -> None:
    judgment_id = built.ids[0]
    forged = {"X-CSRF-Token": "forged"}
    assert web.post(f"/screen/{judgment_id}", json={"in_scope": True}, headers=forged).status_code == 403
    assert web.post("/screen/undo", json={}, headers=forged).status_code == 403
    assert web.post("/screen/0000", json={"in_scope": True}).status_code == 403
    assert web.post(f"/screen/{judgment_id}", json={"in_scope": "maybe"}).status_code in (400, 422)
    assert web.get("/screen/flow").status_code == 403


def test_a_screener_sees_nothing_of_the_other(built: Built, web: TestClient) -> None:
    learnt(web, "王某")
    before = web.get("/screen").text
    decided(built, "李某甲", dict.fromkeys(range(40), "1"))
    assert web.get("/screen").text == before


def test_the_order_learns_in_the_background(built: Built, web: TestClient) -> None:
    learnt(web, "王某")
    first = web.get("/screen/cards").json()["order"]
    assert {built.ids.index(name) % 20 for name in first} == {0}


def test_put_off_comes_last(built: Built, web: TestClient) -> None:
    order = web.get("/screen/cards").json()["order"]
    assert order[0] not in web.get("/screen/cards", params={"skipped": [order[0]]}).json()["order"]


def test_when_the_ranking_is_quiet_a_random_sample_is_read(built: Built, web: TestClient) -> None:
    decided(built, "王某", {0: "1", **dict.fromkeys(range(1, 51), "0")})
    with Store.open(built.path) as store:
        state = screening.standing(store, "王某")
    assert sorted(state.sample) == sorted(built.ids[51:])
    assert state.sample != tuple(built.ids[51:])
    for name in state.sample[:2]:
        web.post(f"/screen/{name}", json={"in_scope": False})
    web.post(f"/screen/{state.sample[5]}", json={"in_scope": True})
    with Store.open(built.path) as store:
        later = screening.standing(store, "王某")
        assert later.sample == state.sample  # the same sample, also after a start of the server
        assert later.verdict.sampled == 2  # what lies behind a gap does not count yet
        assert later.verdict.more < state.verdict.more
        assert {change.reason for change in Desk(store).history(state.sample[0])} == {"sample"}


def test_the_page_says_when_reading_may_stop(built: Built, web: TestClient) -> None:
    decided(built, "王某", {place: str(int(place % 20 == 0)) for place in range(79)})
    assert "可以停止" not in web.get("/screen").text
    web.post(f"/screen/{built.ids[79]}", json={"in_scope": False})
    page = web.get("/screen").text
    assert "可以停止：已按 95% 的置信度" in page
    assert "已全部筛选" in page


def test_conflicts_and_flow(built: Built, web: TestClient) -> None:
    decided(built, "王某", {0: "1", 1: "0", 2: "1", 3: "0"})
    decided(built, "李某甲", {0: "1", 1: "0", 2: "0"})
    with Store.open(built.path) as store:
        assert screening.conflicts(store) == [built.ids[2]]
        flow = screening.flow(store)
        assert (flow.to_screen, flow.screened, flow.included, flow.excluded, flow.conflicts, flow.waiting) == (80, 4, 1, 1, 1, 77)
        ruling = Save(built.ids[2], "adjudicated", Entry("case", "in_scope", ("0",)))
        Desk(store).save([ruling], actor="赵某", mode="adjudication", reason="无关")
        assert screening.conflicts(store) == []
        assert screening.flow(store).excluded == 2
    with TestClient(create_app(built.path), base_url=BASE) as other:
        enter(other, "赵某", built.tokens["赵某"])
        page = other.get("/screen/flow")
        assert page.status_code == 200
        assert "王某" in page.text
        assert "不可" in page.text
        assert ElementTree.fromstring(other.get("/screen/flow.svg").text).tag.endswith("svg")


def test_the_command_shows_the_standing_and_writes_the_figure(built: Built, tmp_path: Path) -> None:
    decided(built, "王某", {0: "1", 1: "0"})
    decided(built, "李某甲", {0: "1", 1: "1"})
    figure = tmp_path / "flow.svg"
    done = CliRunner().invoke(app, ["annotate", "screening", "--db", str(built.path), "--flow", str(figure), "--lang", "zh"])
    assert done.exit_code == 0, done.output
    assert "王某" in done.output
    assert "待仲裁" in figure.read_text("utf-8")


def test_key_passages_are_the_sentences_with_keywords() -> None:
    text = "某法院刑事判决书\n公诉机关指控：\n经审理查明，被告人张某系农民。张某在某医院殴打护士赵某。赵某报警。\n本院认为，应予惩处。"
    found = passages(Judgment("test", "1", text))
    assert any(marked and words in text for passage in found for words, marked in passage.pieces)
    assert "殴打护士赵某" in "".join(words for words, _ in found[0].pieces)
    for passage in found:
        whole = "".join(words for words, _ in passage.pieces)
        assert text[passage.start : passage.start + len(whole)] == whole
    nothing = passages(Judgment("test", "2", "经审理查明，被告人王某盗窃手机一部。"))
    assert "盗窃手机" in "".join(words for words, _ in nothing[0].pieces)


@needs_browser
def test_keys_decide_and_undo_in_a_browser(built: Built) -> None:
    from playwright.sync_api import expect

    with serving(built.path) as served, browser() as opened:
        page = signed_in(opened, served.address, "王某", built.tokens["王某"])
        alerts: list[str] = []
        page.on("dialog", lambda dialog: (alerts.append(dialog.message), dialog.dismiss()))
        page.goto("/screen")
        card, counter = page.locator(".card:not([hidden])"), page.locator("#panel progress")
        first = card.get_attribute("data-id")
        page.keyboard.press("y")
        expect(card).not_to_have_attribute("data-id", first)
        page.keyboard.press("n")
        expect(counter).to_have_attribute("value", "2")
        page.keyboard.press("u")
        expect(counter).to_have_attribute("value", "1")
        shown = card.get_attribute("data-id")
        page.keyboard.press("s")
        expect(card).not_to_have_attribute("data-id", shown)
        assert card.count() == 1
        for read in (4, 7, 10):
            expect(page.locator(".card").nth(2)).to_be_attached()
            page.keyboard.type("nnn")  # faster than the server answers
            expect(counter).to_have_attribute("value", str(read))
        assert not alerts
    with Store.open(built.path) as store:
        found = screening.standing(store, "王某").decided
        assert found.pop(str(first))
        assert list(found.values()) == [False] * 9
        assert all(len(Desk(store).history(name)) == 1 for name in list(found)[1:])
