"""The report in a real browser: no request, no message on the console, no violation of axe's rules, nothing wider than the screen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest
from small_database import build
from workbench_browser import CHROMIUM, QUIET, needs_browser

from pipeline.analyse import fonts, pages, sections, write_report

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = needs_browser
ALIKE = ".drawer:not(:popover-open), tbody tr:nth-child(n + 4), .chart g g:nth-child(n + 6)"  # axe takes a minute for all of them


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("browser")
    build(folder / "small.db")
    with pytest.MonkeyPatch.context() as patch:  # cutting a font takes a second
        patch.setattr(fonts, "full_font", lambda: None)
        patch.setattr(pages, "full_font", lambda: None)
        patch.setattr(sections, "LONG", 4)  # so that some tables are long
        return write_report(folder / "small.db", folder / "report.html")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(CHROMIUM), args=QUIET)
        yield started
        started.close()


def opened(browser: Browser, report: Path, language: str, scheme: Literal["light", "dark"] = "light", width: int = 1280) -> Page:
    """The report in a new page, in one language and colour scheme."""
    page = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": 900})
    page.goto(report.as_uri())
    page.evaluate(f"document.getElementById('{language}').checked = true")
    return page


def test_it_asks_for_nothing_and_says_nothing_on_the_console(browser: Browser, report: Path) -> None:
    page, said = browser.new_page(), []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: said.append(request.url))
    page.goto(report.as_uri())
    page.locator(".languages label[for=en]").click()
    page.locator(".one button").first.click()
    assert [one for one in said if not one.startswith("data:font/")] == [report.as_uri()]
    page.close()


@pytest.mark.parametrize(("language", "scheme", "anchor"), [("zh", "dark", "l0-hatred"), ("en", "light", "j1")])
def test_axe_finds_no_violation(browser: Browser, report: Path, language: str, scheme: Literal["light", "dark"], anchor: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = opened(browser, report, language, scheme)
    page.evaluate(f"document.getElementById('{anchor}').showPopover()")
    page.evaluate(f"document.querySelectorAll('{ALIKE}').forEach(element => element.remove())")
    found = axe.run(page).response["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == []
    page.close()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_one_language_is_shown_in_texts_and_in_drawings(browser: Browser, report: Path, language: str) -> None:
    page = opened(browser, report, language)
    other = "en" if language == "zh" else "zh"
    for part in ("main", "svg"):
        assert page.locator(f"{part} [lang={language}] >> visible=true").count() > 0
        assert page.locator(f"{part} [lang={other}] >> visible=true").count() == 0
    page.close()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_on_a_telephone_only_tables_scroll(browser: Browser, report: Path, language: str) -> None:
    page = opened(browser, report, language, width=390)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.close()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_labels_stay_inside_their_drawing(browser: Browser, report: Path, language: str) -> None:
    page = opened(browser, report, language)
    outside = page.evaluate("""() => [...document.querySelectorAll('svg')].flatMap(svg => {
        const frame = svg.getBoundingClientRect();
        return [...svg.querySelectorAll('text')].filter(text => {
            const box = text.getBoundingClientRect();
            return box.width && (box.left < frame.left - 1 || box.right > frame.right + 1);
        }).map(text => text.textContent);
    })""")
    assert outside == []
    page.close()


def test_a_count_opens_its_judgments_and_a_judgment_its_card_by_keyboard(browser: Browser, report: Path) -> None:
    from playwright.sync_api import expect

    page = opened(browser, report, "en")
    count, entry = page.locator("[popovertarget=l0-hatred]").first, page.locator("#l0-hatred .entries button").first
    count.press("Enter")
    expect(page.locator("#l0-hatred")).to_be_focused()
    entry.press("Enter")
    card = page.locator(".drawer:popover-open").last
    expect(card).to_be_focused()
    page.keyboard.press("Tab")
    expect(card.locator(".close")).to_be_focused()
    page.keyboard.press("Escape")
    expect(entry).to_be_focused()
    page.locator("#l0-hatred .close").press("Enter")
    expect(count).to_be_focused()
    assert page.locator(".drawer >> visible=true").count() == 0
    page.close()


def test_long_tables_are_printed_whole(browser: Browser, report: Path) -> None:
    page = opened(browser, report, "en")
    hidden = "[...document.querySelectorAll('.long')].map(table => table.scrollHeight - table.clientHeight)"
    page.add_style_tag(content="@media screen { .long { max-height: 4rem !important } }")
    assert min(page.evaluate(hidden)) > 0
    page.emulate_media(media="print")
    assert max(page.evaluate(hidden)) <= 0
    assert page.locator(".drawer >> visible=true").count() == 0
    page.close()
