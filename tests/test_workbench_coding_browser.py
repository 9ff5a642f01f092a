"""The coding page in chromium: offsets as Python counts them, keys, saving without a connection, text that is only text, speed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from workbench_browser import Built, browser, build, needs_browser, serving, signed_in

from pipeline.codebook import load
from pipeline.schema import Entry, Label, Section, Span, Speaker
from pipeline.store import Change, Desk, Store

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = needs_browser

STRANGE = "首部\r\n被告人𠮷某，男。\r\n经审理查明，\xa0被告人𠮷某𡈽因输液太慢，\xa0推搡护士李某甲，\r\n致其👩‍⚕️轻微伤。\r\n\r\n本院认为，𠮷某犯寻衅滋事罪。\r\n"
PLAIN = "经审理查明，被告人张某因输液太慢，推搡护士李某甲，致其轻微伤。\n本院认为，被告人张某构成寻衅滋事罪。\n判决如下：被告人张某犯寻衅滋事罪。\n"
EVIL = '<script>window.hit=1</script></script><b id="extra">x</b>"><img src=x onerror="window.hit=1">\u202e\x07</p></section>'
LONG = ("经审理查明，被告人张某因输液太慢，推搡护士李某甲，" * 2200)[:50_000]
TEXTS = {"strange": STRANGE, "plain": PLAIN, "evil": f"经审理查明，{EVIL}。", "long": LONG, "second": "被告人王某酒后殴打保安陈某。"}


@dataclass(frozen=True)
class Place:
    """A running workbench with one judgment of each kind, and a browser."""

    built: Built
    address: str
    chromium: Browser

    def id(self, name: str) -> str:
        return self.built.ids[list(TEXTS).index(name)]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    path = tmp_path_factory.mktemp("coding") / "study.db"
    built = build(
        path, list(TEXTS.values()), ["王某", "李某甲", "陈某", "赵某", "钱某", "孙某", "周某", "吴某", "郑某", "冯某", "何某", "许某"]
    )
    with Store.open(path) as store:
        store.db.execute("UPDATE judgments SET title = ? WHERE judgment_id = ?", [EVIL, built.ids[2]])
        store.db.execute("UPDATE assignments SET mode = 'assisted' WHERE coder = '郑某'")
        store.db.conn.commit()
        start = PLAIN.index("因输液太慢")
        words = (Span(start, start + 5, Section.FACTS, Speaker.COURT, "model"),)
        suggested = [Label("case", "attack_type", "reactive", "model", words, 0.8137), Label("victim:1", "role", "nurse", "model")]
        store.replace_labels("test", "1", "model", [(built.ids[1], suggested)], load().version)
    with serving(path) as served, browser() as chromium:
        yield Place(built, served.address, chromium)


def opened(place: Place, coder: str, name: str, **options: Any) -> Page:
    page = signed_in(place.chromium, place.address, coder, place.built.tokens[coder], **options)
    return go(page, place, name)


def go(page: Page, place: Place, name: str) -> Page:
    page.goto(f"/code/{place.id(name)}")
    page.wait_for_selector("html[data-ready]")
    return page


def settled(page: Page) -> None:
    page.wait_for_selector("#saving[data-state=saved]")


def press(page: Page, keys: str) -> None:
    for key in keys.split():
        page.keyboard.press(key)


def entries(place: Place, coder: str, name: str) -> dict[tuple[str, str], Entry]:
    with Store.open(place.built.path, create=False) as store:
        return {(entry.unit, entry.variable): entry for entry in Desk(store).entries(place.id(name), coder)}


def history(place: Place, coder: str, name: str) -> list[Change]:
    with Store.open(place.built.path, create=False) as store:
        return Desk(store).history(place.id(name), coder)


SELECT = """([start, end]) => {
  const blocks = [...document.querySelectorAll('[data-start]')].map((each) => [Number(each.dataset.start), each.firstChild]);
  const point = (offset, last) => {
    const [from, node] = blocks.findLast(([from]) => (last ? from < offset : from <= offset));
    return [node, [...node.data].slice(0, offset - from).join('').length];
  };
  const range = new Range();
  range.setStart(...point(start, false));
  range.setEnd(...point(end, true));
  getSelection().removeAllRanges();
  getSelection().addRange(range);
  const [first] = range.getClientRects();
  const all = [...range.getClientRects()];
  const final = all[all.length - 1];
  return [first.left, (first.top + first.bottom) / 2, final.right, (final.top + final.bottom) / 2];
}"""

QUOTES = [
    "𠮷某，男",
    "被告人𠮷某𡈽因",
    "\xa0被告人",
    "太慢，\xa0推搡",
    "李某甲，\r\n致其👩‍⚕️轻微伤",
    "𡈽",
    "致其👩‍⚕️轻",
    "轻微伤。\r\n\r\n本院认为，𠮷",
]


@pytest.mark.parametrize("way", ["range", "mouse"])
def test_offsets_are_pythons(place: Place, way: str) -> None:
    coder = {"range": "王某", "mouse": "李某甲"}[way]
    page = opened(place, coder, "strange")
    press(page, "j")  # to the type, which takes any number of words
    wanted = []
    for quote in QUOTES:
        start = STRANGE.index(quote)
        wanted.append((start, start + len(quote)))
        left, top, right, bottom = page.evaluate(SELECT, list(wanted[-1]))
        if way == "range":
            press(page, "a")
        else:
            page.evaluate("getSelection().removeAllRanges()")
            page.mouse.move(left + 1, top)
            page.mouse.down()
            page.mouse.move(right - 1, bottom, steps=4)
            page.mouse.up()
        page.wait_for_function("n => document.querySelectorAll('.current .chip.words').length === n", arg=len(wanted))
    settled(page)
    found = [words[:2] for words in entries(place, coder, "strange")["case", "attack_type"].words]
    assert [STRANGE[start:end] for start, end in found] == [STRANGE[start:end] for start, end in sorted(wanted)]
    page.context.close()


def test_a_click_on_a_chip_shows_its_words(place: Place) -> None:
    page = opened(place, "陈某", "long")
    press(page, "j")
    page.evaluate(SELECT, [49_000, 49_010])
    press(page, "a")
    page.evaluate("document.getElementById('text').scrollTop = 0")
    page.click(".current .chip .go")
    flashed = page.evaluate("[...CSS.highlights.get('flash')].map(String)")
    assert flashed == [LONG[49_000:49_010]]
    assert page.evaluate("document.getElementById('text').scrollTop") > 1000
    assert page.evaluate("[...CSS.highlights.get('evidence-current')].map(String)") == [LONG[49_000:49_010]]
    press(page, "j")
    assert page.evaluate("[...CSS.highlights.get('evidence')].map(String)") == [LONG[49_000:49_010]]
    page.context.close()


def test_text_title_and_notes_stay_text(place: Place) -> None:
    page = opened(place, "陈某", "evil")
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    press(page, "m")
    page.keyboard.type(EVIL.replace("\x07", ""))
    press(page, "Escape v j j j j i")
    page.keyboard.type('"><img src=x onerror="window.hit=1">')
    press(page, "Enter")
    settled(page)
    go(page, place, "evil")
    assert dialogs == []
    assert page.evaluate("window.hit") is None
    assert page.locator("#extra, #text img, #form img, .text b").count() == 0
    visible = EVIL.replace("\u202e", "\ufffd").replace("\x07", "\u2407")
    assert page.text_content(".heading") == visible
    assert page.text_content("#text [data-start]") == f"经审理查明，{visible}。"
    assert page.input_value(".asked[data-variable=in_scope] .noting") == EVIL.replace("\x07", "")
    page.context.close()


def test_a_case_is_coded_by_keys_alone(place: Place) -> None:
    page = opened(place, "赵某", "plain")
    press(page, "1 j 2 / ")
    page.keyboard.type("输液太慢")
    press(page, "Enter Escape a Shift+ArrowRight x m")
    page.keyboard.type("1j 像是临时起意 d")
    press(page, "Escape j 2 v 2 j 4 j j j i")
    page.keyboard.type("李某甲")
    press(page, "Enter k k d")
    settled(page)
    said = entries(place, "赵某", "plain")
    assert said["case", "in_scope"].values == ("1",)
    kind = said["case", "attack_type"]
    assert (kind.values, kind.unsure, kind.note) == (("reactive",), True, "1j 像是临时起意 d")
    assert [PLAIN[start:end] for start, end, _ in kind.words] == ["输液太慢，"]
    assert said["case", "cause"].values == ("service_speed",)
    assert (said["victim:1", "role"].values, said["victim:1", "injury"].values) == (("nurse",), ("slight",))
    assert said["victim:1", "name"].values == ("李某甲",)
    assert said["case", "weapon"].values == ("",)  # silence: known to be empty
    assert said["case", "alcohol"].values == ("not_mentioned",)
    assert ("case", "confidence") not in said  # the codebook has no value for silence here
    press(page, "Enter")
    assert "把握程度" in page.inner_text("#warning")
    assert "起因" in page.inner_text("#warning")  # has no words
    press(page, "Enter")
    page.wait_for_url(f"**/code/{place.id('evil')}")
    with Store.open(place.built.path, create=False) as store:
        assigned = Desk(store).assignment("赵某", "code", place.id("plain"))
        assert assigned is not None
        assert assigned.state == "done"
        assert 0 < assigned.seconds < 60
    page.context.close()


def test_keys_are_left_alone_while_an_input_method_is_at_work(place: Place) -> None:
    page = opened(place, "钱某", "plain")
    fire = "([key, composing, code]) => document.dispatchEvent(new KeyboardEvent('keydown', {key, isComposing: composing, keyCode: code, bubbles: true}))"
    page.evaluate(fire, ["1", True, 49])
    page.evaluate(fire, ["Process", False, 229])
    assert page.locator("button[aria-pressed=true]").count() == 0
    page.evaluate(fire, ["1", False, 49])
    assert page.locator("button[aria-pressed=true]").count() == 1
    page.context.close()


def test_undo_survives_a_reload(place: Place) -> None:
    page = opened(place, "钱某", "second")
    press(page, "1 j 3 j 9")
    settled(page)
    go(page, place, "second")
    press(page, "u")
    page.wait_for_selector("#notices .notice")
    press(page, "Control+z")
    page.wait_for_function("() => document.querySelectorAll('button[aria-pressed=true]').length === 1")
    assert {key: entry.values for key, entry in entries(place, "钱某", "second").items() if entry.values} == {("case", "in_scope"): ("1",)}
    assert len(history(place, "钱某", "second")) == 5
    page.context.close()


def test_out_of_scope_the_rest_folds_away(place: Place) -> None:
    page = opened(place, "孙某", "second")
    assert page.locator(".asked[data-variable=cause]").is_visible()
    press(page, "0")
    settled(page)
    page.wait_for_function("() => document.getElementById('progress').textContent.replace(/\\s/g, '') === '1/1'")
    assert not page.locator(".asked[data-variable=cause]").is_visible()
    assert not page.locator(".asked[data-variable=alcohol]").is_visible()
    page.locator(".group:has([data-variable=alcohol]) .fold").click()
    assert page.locator(".asked[data-variable=alcohol]").is_visible()
    page.locator(".group:has([data-variable=cause]) .fold").click()
    assert not page.locator(".asked[data-variable=cause]").is_visible()
    page.context.close()


def test_without_a_connection_nothing_is_lost(place: Place) -> None:
    page = opened(place, "孙某", "plain")
    page.context.set_offline(True)
    press(page, "1 j 2")
    page.wait_for_selector("#saving[data-state=offline]")
    assert "2" in page.inner_text("#saving")
    page.context.set_offline(False)
    settled(page)
    assert entries(place, "孙某", "plain")["case", "attack_type"].values == ("reactive",)
    page.route("**/entries", lambda route: route.abort())
    press(page, "j 3")
    page.wait_for_selector("#saving[data-state=offline]")
    page.unroute("**/entries")
    page.evaluate("() => { window.fetch = () => Promise.reject(new TypeError('gone')); }")  # not even on leaving
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    page.wait_for_selector("html[data-ready]")
    settled(page)
    page.wait_for_function("() => !Object.keys(localStorage).some((key) => key.startsWith('anjuan:unsaved'))")
    assert entries(place, "孙某", "plain")["case", "cause"].values == ("payment",)
    page.context.close()


def test_what_was_left_unsaved_does_not_replace_what_is_newer(place: Place) -> None:
    page = opened(place, "何某", "plain")
    page.route("**/entries", lambda route: route.abort())
    press(page, "1")
    page.wait_for_selector("#saving[data-state=offline]")
    page.evaluate("() => { window.fetch = () => Promise.reject(new TypeError('gone')); }")
    other = go(page.context.new_page(), place, "second")  # the same browser tells of it elsewhere
    assert other.locator(f"#notices a[href='/code/{place.id('plain')}']").count() == 1
    with Store.open(place.built.path, create=False) as store:
        from pipeline.store import Save

        Desk(store).save([Save(place.id("plain"), "何某", Entry("case", "in_scope", ("0",)))], actor="何某", mode="blind", tab="another")
    page.unroute("**/entries")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    page.wait_for_selector("#notices .notice.bad")
    settled(page)
    assert entries(place, "何某", "plain")["case", "in_scope"].values == ("0",)
    page.context.close()


def test_the_other_tab_is_told_of(place: Place) -> None:
    page = opened(place, "周某", "plain")
    other = go(page.context.new_page(), place, "plain")
    press(page, "1")
    settled(page)
    press(other, "0")
    other.wait_for_selector("#notices .notice")
    assert "“是”" in other.inner_text("#notices")
    assert [change.after.values for change in history(place, "周某", "plain")] == [("1",), ("0",)]
    page.context.close()


def test_a_refused_value_is_shown_at_its_question(place: Place) -> None:
    page = opened(place, "周某", "second")
    press(page, "b j j i")
    page.keyboard.type("去年")
    press(page, "Enter")
    page.wait_for_selector(".asked[data-variable=birth] .problem:not(:empty)")
    page.fill(".asked[data-variable=birth] input", "1980-05")
    press(page, "Enter")
    page.wait_for_selector(".asked[data-variable=birth] .problem:empty", state="attached")
    settled(page)
    assert entries(place, "周某", "second")["defendant:1", "birth"].values == ("1980-05",)
    page.context.close()


def test_persons_come_and_go_and_keep_their_numbers(place: Place) -> None:
    page = opened(place, "吴某", "plain")
    press(page, "v 1 v 2 v 3")
    settled(page)
    page.locator("[data-person='victim:2'] .remove-person").click()
    settled(page)
    go(page, place, "plain")
    assert page.locator("[data-person]").evaluate_all("all => all.map((each) => each.dataset.person)") == ["victim:1", "victim:3"]
    press(page, "v")
    assert page.locator("[data-person='victim:4']").count() == 1
    press(page, "u")
    page.wait_for_selector("[data-person='victim:2']")
    assert entries(place, "吴某", "plain")["victim:2", "role"].values == ("nurse",)
    page.context.close()


def test_words_of_a_list_belong_to_the_value_chosen_last(place: Place) -> None:
    page = opened(place, "冯某", "plain")
    page.locator(".asked[data-variable=weapon] .question").click()
    start = PLAIN.index("推搡")
    press(page, "1")
    page.evaluate(SELECT, [start, start + 2])
    press(page, "a 2")
    page.evaluate(SELECT, [start + 2, start + 4])
    press(page, "a")
    settled(page)
    wanted = ((start, start + 2, "knife"), (start + 2, start + 4, "blunt"))
    assert entries(place, "冯某", "plain")["case", "weapon"].words == wanted
    press(page, "Escape")  # takes back what is still selected
    settled(page)
    page.wait_for_function("() => document.querySelectorAll('.current .chip.words').length === 1")
    settled(page)
    assert entries(place, "冯某", "plain")["case", "weapon"].words == wanted[:1]
    page.context.close()


def test_selected_words_fill_a_name(place: Place) -> None:
    page = opened(place, "冯某", "second")
    press(page, "b")
    page.evaluate(SELECT, [3, 5])
    press(page, "a")
    settled(page)
    said = entries(place, "冯某", "second")["defendant:1", "name"]
    assert (said.values, said.words) == (("王某",), ((3, 5, "王某"),))
    page.context.close()


def test_suggestions_are_accepted_by_key_in_assisted_mode_only(place: Place) -> None:
    page = opened(place, "郑某", "plain")
    assert "0.81" in page.inner_text(".asked[data-variable=attack_type] .suggestion")
    press(page, "1 j e")
    settled(page)
    start = PLAIN.index("因输液太慢")
    said = entries(place, "郑某", "plain")["case", "attack_type"]
    assert (said.values, said.words) == (("reactive",), ((start, start + 5, "reactive"),))
    assert history(place, "郑某", "plain")[-1].mode == "assisted"
    page.click("[data-person='victim:1'] .suggestion .accept")
    settled(page)
    assert entries(place, "郑某", "plain")["victim:1", "role"].values == ("nurse",)
    page.context.close()
    blind = opened(place, "冯某", "plain")
    assert blind.locator(".suggestion").count() == 0
    assert "0.81" not in blind.content()
    blind.context.close()


def test_touch_selects_words(place: Place) -> None:
    page = opened(place, "许某", "plain", size=(1024, 768), has_touch=True)
    press(page, "j")
    page.touchscreen.tap(300, 300)
    page.evaluate(SELECT, [6, 9])
    page.evaluate(SELECT, [6, 11])  # the handles are moved on
    page.wait_for_selector(".current .chip.words")
    settled(page)
    assert [words[:2] for words in entries(place, "许某", "plain")["case", "attack_type"].words] == [(6, 11)]
    page.context.close()


def test_the_definition_shows_on_hover_and_on_focus(place: Place) -> None:
    page = opened(place, "许某", "second")
    value = load()["attack_type"].value("hatred")
    page.hover(".asked[data-variable=attack_type] [data-value=hatred]")
    assert value.definition_zh in page.inner_text("#definition")
    page.hover("#text")
    page.focus(".asked[data-variable=attack_type] [data-value=reactive]")
    assert load()["attack_type"].value("reactive").definition_zh in page.inner_text("#definition")
    page.context.close()


def test_each_question_is_one_stop_of_the_tab_key_and_arrows_go_along_its_values(place: Place) -> None:
    page = opened(place, "许某", "evil")
    focused = "() => [document.activeElement.closest('.asked')?.dataset.variable, document.activeElement.dataset.value]"
    press(page, "j Tab")
    assert page.evaluate(focused) == ["attack_type", "hatred"]
    press(page, "Tab")
    assert page.evaluate(focused) == ["cause", "treatment_outcome"]
    press(page, "ArrowRight ArrowRight Space Shift+Tab Tab")
    assert page.evaluate(focused) == ["cause", "payment"]
    settled(page)
    assert entries(place, "许某", "evil")["case", "cause"].values == ("payment",)
    page.context.close()


def test_a_number_is_typed_and_left_by_the_same_keys(place: Place) -> None:
    page = opened(place, "吴某", "second")
    press(page, "v j j j 3 k 2 j 4 Escape j")
    settled(page)
    said = entries(place, "吴某", "second")
    assert said["victim:1", "persons"].values == ("4",)
    assert said["victim:1", "injury_grade"].values == ("serious_2",)
    page.context.close()


def test_a_session_that_has_ended_keeps_what_is_unsaved(place: Place) -> None:
    page = opened(place, "吴某", "evil")
    cookies = page.context.cookies()
    page.context.clear_cookies()
    press(page, "1 j 3")
    page.wait_for_selector("#notices a.notice.bad")
    assert page.get_attribute("#saving", "data-state") == "signed_out"
    page.context.add_cookies(cookies)
    page.click("#notices a.notice.bad")
    page.wait_for_function("() => document.querySelectorAll('button[aria-pressed=true]').length === 2")
    settled(page)
    assert entries(place, "吴某", "evil")["case", "attack_type"].values == ("fortuitous",)
    page.context.close()


def test_fifty_thousand_characters_on_one_line_do_not_slow_the_selection(place: Place) -> None:
    page = opened(place, "许某", "long")
    press(page, "j")
    for number in range(20):
        page.evaluate(SELECT, [number * 2000, number * 2000 + 5])
        press(page, "a")
    page.evaluate(SELECT, [49_000, 49_020])
    slowest = page.evaluate("""async () => {
      const [{ Text }, { Marks }] = await Promise.all([import('/static/code_text.js'), import('/static/code_marks.js')]);
      const text = new Text(document.getElementById('text'));
      const marks = new Marks(text);
      const places = Array.from({ length: 50 }, (_, n) => ({ start: n * 900, end: n * 900 + 20 }));
      const runs = Array.from({ length: 9 }, () => {
        const begun = performance.now();
        text.selected(getSelection());
        marks.set('evidence', places);
        return performance.now() - begun;
      });
      return runs.sort((one, other) => one - other)[4];
    }""")
    assert slowest < 50  # milliseconds, the middle of nine
    page.context.close()


def test_the_database_is_whole_after_all_this(place: Place) -> None:
    with Store.open(place.built.path, create=False) as store:
        assert store.verify() == []
    with sqlite3.connect(place.built.path) as connection:
        assert connection.execute("SELECT count(*) FROM changes WHERE tab = '' AND undoes IS NULL").fetchone() == (0,)
