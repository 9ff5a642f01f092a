"""A case adjudicated by keyboard in a real browser; what coders wrote is text there, whatever it looks like. All texts are invented."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from double_coded import ANNA, BO, CHEN, FIRST, HOSTILE, SECOND, TEXTS, code
from workbench_browser import Built, browser, build, needs_browser, serving, signed_in

from pipeline.schema import Entry
from pipeline.store import Desk, Store

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = needs_browser
CAUSE = Entry("case", "cause", ("attitude",), ((15, 19, "attitude"),))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The first case: alcohol, cause and the victim's role differ; the second: the scope."""
    astral = "𠮷" * 3 + TEXTS[0]
    built = build(tmp_path_factory.mktemp("made") / "study.db", [TEXTS[0], TEXTS[1], astral], [ANNA, BO], [CHEN])
    with Store.open(built.path) as store:
        desk = Desk(store)
        for judgment_id in (built.ids[0], built.ids[2]):
            code(desk, judgment_id, ANNA, *FIRST)
            code(desk, judgment_id, BO, *[entry for entry in SECOND if entry.variable != "cause"], CAUSE)
        code(desk, built.ids[1], ANNA, *FIRST[:1], Entry("case", "alcohol", ("no",)))
        code(desk, built.ids[1], BO, Entry("case", "in_scope", ("0",)))
    return built


@pytest.fixture(scope="module")
def pages(built: Built) -> Iterator[Page]:
    with serving(built.path) as served, browser() as opened:
        page = signed_in(opened, served.address, CHEN, built.tokens[CHEN])
        page.set_default_timeout(15_000)
        yield page


@pytest.fixture
def page(pages: Page) -> Iterator[Page]:
    """The page, whose errors and dialogs fail the test."""
    wrong: list[str] = []
    listeners = {"pageerror": lambda error: wrong.append(str(error)), "dialog": lambda dialog: wrong.append(dialog.message)}
    for name, listen in listeners.items():
        pages.on(name, listen)
    yield pages
    for name, listen in listeners.items():
        pages.remove_listener(name, listen)
    assert wrong == []


def adjudicated(path: Path, judgment_id: str) -> dict[tuple[str, str], Entry]:
    with Store.open(path) as store:
        return {(entry.unit, entry.variable): entry for entry in Desk(store).entries(judgment_id, "adjudicated")}


def in_focus(page: Page, anchor: str) -> None:
    page.wait_for_function("anchor => document.activeElement?.closest('.card')?.id === anchor", arg=anchor)


def test_a_case_is_adjudicated_by_keyboard_alone(built: Built, page: Page) -> None:
    first = built.ids[0]
    page.goto(f"/adjudicate/{first}")
    in_focus(page, "cause")
    page.keyboard.press("1")  # the first coder by name, 李某
    in_focus(page, "alcohol")
    page.keyboard.press("3")
    page.keyboard.press("3")  # the third value: not_mentioned
    page.keyboard.press("Enter")  # moves to the reason, which is missing
    page.keyboard.type("醉酒一节未经查明 1")  # digits and letters are no keys while somebody writes
    page.keyboard.press("Enter")
    in_focus(page, "victim-1-role")
    page.keyboard.press("2")
    page.keyboard.press("a")
    page.wait_for_selector("#questions .notice")
    decided = adjudicated(built.path, first)
    assert decided["case", "cause"] == CAUSE
    assert decided["case", "alcohol"].values == ("not_mentioned",)
    assert decided["victim:1", "role"].values == ("nurse",)
    assert decided["case", "in_scope"].values == ("1",)
    page.keyboard.press("u")
    page.wait_for_selector("#in_scope[data-standing=agreed]", state="attached")
    assert ("case", "in_scope") not in adjudicated(built.path, first)
    with Store.open(built.path) as store:
        assert store.query("SELECT alcohol FROM cases WHERE judgment_id = ?", [first]) == [{"alcohol": "not_mentioned"}]
        (change,) = Desk(store).history(first, "adjudicated", variable="alcohol")
        assert (change.actor, change.reason, change.mode) == (CHEN, "醉酒一节未经查明 1", "adjudication")


def test_what_coders_wrote_is_shown_as_text(built: Built, page: Page) -> None:
    page.goto(f"/adjudicate/{built.ids[0]}")
    page.wait_for_selector(".card")
    assert page.locator(".note", has_text=HOSTILE).count() == 2
    assert page.locator("#questions script, #questions img, #text script").count() == 0
    assert "<script>alert(1)</script>" in page.inner_text("#text")


def test_quotations_are_found_in_the_text_behind_astral_characters(built: Built, page: Page) -> None:
    page.goto(f"/adjudicate/{built.ids[2]}#alcohol")
    in_focus(page, "alcohol")
    quoted = page.inner_text("#alcohol .answer .quotation")
    lit = "() => [...CSS.highlights.get('coder-2') ?? []].map(range => range.toString())"
    assert page.evaluate(lit) == [quoted]


def test_words_selected_for_a_value_of_ones_own_are_saved(built: Built, page: Page) -> None:
    last = built.ids[2]
    page.goto(f"/adjudicate/{last}#cause")
    in_focus(page, "cause")
    page.keyboard.press("3")
    page.evaluate("""() => {
        const node = document.querySelector('#text [data-start]').firstChild, at = node.data.indexOf('推搡');
        getSelection().setBaseAndExtent(node, at, node, at + 2);
        document.getElementById('text').dispatchEvent(new PointerEvent('pointerup', { bubbles: true }));
    }""")
    page.wait_for_selector(".chosen-words .quotation")
    page.keyboard.press("1")
    page.fill("#cause [name=reason]", "见经审理查明")
    page.keyboard.press("Enter")
    page.wait_for_selector("#cause[data-standing=decided] .decision")
    start = ("𠮷" * 3 + TEXTS[0]).index("推搡")
    assert adjudicated(built.path, last)["case", "cause"] == Entry(
        "case", "cause", ("treatment_outcome",), ((start, start + 2, "treatment_outcome"),)
    )


def test_the_scope_decided_opens_what_waited_for_it(built: Built, page: Page) -> None:
    page.goto(f"/adjudicate/{built.ids[1]}")
    in_focus(page, "in_scope")
    assert page.locator("#fold-waiting").count() == 1
    page.keyboard.press("2")  # 王某: in scope
    in_focus(page, "alcohol")
    assert page.locator("#fold-waiting").count() == 0


def test_a_decision_that_fails_is_told_and_not_shown_as_made(built: Built, page: Page) -> None:
    page.goto(f"/adjudicate/{built.ids[2]}#alcohol")
    in_focus(page, "alcohol")
    page.route("**/decisions", lambda route: route.abort())
    page.keyboard.press("1")
    page.wait_for_selector("#state.bad")
    page.unroute("**/decisions")
    assert page.get_attribute("#alcohol", "data-standing") == "open"
    assert ("case", "alcohol") not in adjudicated(built.path, built.ids[2])
