"""Several coders at once, and a server that dies: what was answered is kept, whole, and under the right name."""

from __future__ import annotations

import itertools
import threading
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
from workbench_browser import Built, browser, build, client, entry, needs_browser, serving, signed_in

from pipeline.schema import Entry
from pipeline.store import Change, Desk, Store

CODERS = ("王某", "李某甲")
CASES = 20
SAVED_BEFORE_THE_KILL = 60
QUOTE = "嫌输液太慢"
# An astral character and a line break stand before the words, so that offsets of another count would quote something else.
TEXT = "经审理查明，被告人𠮷某{}\r\n" + QUOTE + "，推搡护士赵某。"
TYPES = ("hatred", "reactive", "fortuitous")
CAUSES = ("payment", "attitude", "service_speed", "procedure")


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return build(tmp_path / "study.db", [TEXT.format("子丑寅卯辰巳午未申酉戌亥甲乙丙丁戊己庚辛"[n]) for n in range(CASES)], CODERS)


class Kept(NamedTuple):
    """What the database holds after the server has gone."""

    entries: dict[tuple[str, str], list[Entry]]  # by judgment and coder
    history: dict[str, list[Change]]  # by judgment
    done: dict[str, int]  # cases by coder


def kept(built: Built) -> Kept:
    """Read the database anew; nothing in it may be broken."""
    with Store.open(built.path, create=False) as store:
        desk = Desk(store)
        assert store.verify() == []
        return Kept(
            {(judgment_id, name): desk.entries(judgment_id, name) for judgment_id in built.ids for name in CODERS},
            {judgment_id: desk.history(judgment_id) for judgment_id in built.ids},
            {name: desk.tally(name, "code").done for name in CODERS},
        )


def replayed(changes: list[Change], name: str) -> list[Entry]:
    """What one coder says, told from the history alone: every change begins where the one before it ended."""
    now: dict[tuple[str, str], Entry] = {}
    for change in changes:
        if change.by == name:
            key = (change.unit, change.variable)
            assert change.before == now.get(key, Entry(*key))
            assert change.actor == name
            now[key] = change.after
    return [now[key] for key in sorted(now)]


def assert_whole(found: Kept) -> None:
    """The history of every coder in every judgment ends at what the database says now."""
    for (judgment_id, name), entries in found.entries.items():
        assert replayed(found.history[judgment_id], name) == entries


def said(number: int, coder: int) -> list[dict[str, Any]]:
    """What a coder says of a case: never what the other one says of it, and never twice the same in a row."""
    start = TEXT.format("子").index(QUOTE)
    words = [[start, start + len(QUOTE), ""]]
    return [
        dict(entry("in_scope", "1")),
        dict(entry("attack_type", TYPES[(number + coder) % 3], words=words)),
        dict(entry("cause", CAUSES[(number + 2 * coder) % 4], unsure=bool(coder), note=f"{CODERS[coder]}，第{number}件")),
    ]


def test_two_coders_at_once_lose_and_cross_nothing(built: Built) -> None:
    meet = threading.Barrier(len(CODERS))

    def code_all(coder: int, web: httpx.Client) -> list[tuple[int, str]]:
        answers = []
        for number, judgment_id in enumerate(built.ids):
            meet.wait(timeout=60)  # both write to the same judgment at the same time
            for each in said(number, coder):
                answers.append(web.post(f"/code/{judgment_id}/entries", json={"entries": [each], "tab": "t"}))
            answers.append(web.post(f"/code/{judgment_id}/state", json={"state": "done"}))
        return [(answer.status_code, answer.text) for answer in answers]

    with serving(built.path) as served, ThreadPoolExecutor(2) as threads:
        clients = [client(served.address, name, built.tokens[name]) for name in CODERS]
        with clients[0] as first, clients[1] as second:
            answered = list(threads.map(code_all, (0, 1), (first, second)))
    for status, text in itertools.chain(*answered):
        assert status == 200, text
    found = kept(built)
    assert_whole(found)
    for number, judgment_id in enumerate(built.ids):
        for coder, name in enumerate(CODERS):
            assert [plain(each) for each in found.entries[judgment_id, name]] == sorted(expected(number, coder))
        assert len(found.history[judgment_id]) == 6  # two coders, three entries, each written once
    assert found.done == dict.fromkeys(CODERS, CASES)


def plain(each: Entry) -> tuple[object, ...]:
    """An entry as what can be compared with what was sent."""
    return each.variable, each.values, each.words, each.unsure, each.note


def expected(number: int, coder: int) -> Iterator[tuple[object, ...]]:
    """What is to be read of what was sent: words belong to the value that was chosen."""
    for each in said(number, coder):
        words = tuple((start, end, each["values"][0]) for start, end, _ in each["words"])
        yield each["variable"], tuple(each["values"]), words, each["unsure"], each["note"]


def test_two_tabs_of_one_coder_keep_both_and_tell_the_second(built: Built) -> None:
    path = f"/code/{built.ids[0]}/entries"
    with serving(built.path) as served, client(served.address, "王某", built.tokens["王某"]) as web:
        answers = [
            web.post(path, json={"entries": [entry("cause", value)], "tab": tab}).json()["saved"][0]
            for value, tab in (("payment", "a"), ("attitude", "b"))
        ]
    assert answers[0]["overtaken"] is None
    assert answers[1]["overtaken"]["values"] == ["payment"]
    found = kept(built)
    assert [change.after.values for change in found.history[built.ids[0]]] == [("payment",), ("attitude",)]
    assert [each.values for each in found.entries[built.ids[0], "王某"]] == [("attitude",)]


def test_a_killed_server_has_kept_all_that_it_answered(built: Built) -> None:
    answered: dict[str, list[tuple[str, int, dict[str, Any]]]] = defaultdict(list)
    sent: dict[str, int] = defaultdict(int)
    enough = threading.Event()

    def stream(name: str, web: httpx.Client) -> None:
        """Save one entry after the other until the server is gone."""
        for number in itertools.count():
            judgment_id = built.ids[number % CASES]
            each = said(number // CASES + number, CODERS.index(name))[1 + number % 2]
            each["note"] = f"{name}，{number}"
            sent[name] += 1
            try:
                answer = web.post(f"/code/{judgment_id}/entries", json={"entries": [each], "tab": "t"})
            except httpx.TransportError:
                return
            assert answer.status_code == 200, answer.text
            answered[name].append((judgment_id, answer.json()["saved"][0]["change"], each))
            if sum(map(len, answered.values())) >= SAVED_BEFORE_THE_KILL:
                enough.set()

    with serving(built.path) as served:
        clients = [client(served.address, name, built.tokens[name]) for name in CODERS]
        with clients[0] as first, clients[1] as second, ThreadPoolExecutor(2) as threads:
            streams = [threads.submit(stream, name, web) for name, web in zip(CODERS, (first, second), strict=True)]
            assert enough.wait(timeout=60)
            served.kill()
            for each in streams:
                each.result()
            found = kept(built)
            served.start()
            assert first.get("/").status_code == second.get("/").status_code == 200  # both are still signed in
            again = first.post(f"/code/{built.ids[0]}/entries", json={"entries": [entry("cause", "procedure", note="after")], "tab": "t"})
            assert again.json()["saved"][0]["change"] > max(change for _, change, _ in answered["王某"])
    assert_whole(found)
    changes = {change.id: change for change in itertools.chain(*found.history.values())}
    for name in CODERS:
        assert answered[name]  # both were at work
        for judgment_id, number, each in answered[name]:
            change = changes.pop(number)
            assert (change.judgment_id, change.by, change.after.variable) == (judgment_id, name, each["variable"])
            assert (change.after.values, change.after.note) == (tuple(each["values"]), each["note"])
        assert sent[name] - len(answered[name]) <= 1
    assert len(changes) <= len(CODERS)  # at most the keystroke in flight of each: written, but never answered


@needs_browser
def test_two_browsers_code_twenty_cases_at_once(built: Built) -> None:
    with serving(built.path) as served, browser() as chromium:
        pages = [signed_in(chromium, served.address, name, built.tokens[name]) for name in CODERS]
        for page in pages:
            page.click(".button.primary")
        for number, judgment_id in enumerate(built.ids):
            for each in range(3):
                for coder, page in enumerate(pages):  # in turns: the saves of both are under way together
                    page.wait_for_url(f"**/code/{judgment_id}")
                    variable, (value,) = said(number, coder)[each]["variable"], said(number, coder)[each]["values"]
                    page.click(f".asked[data-variable={variable}] button[data-value='{value}']")
            for page in pages:
                if number + 1 < CASES:
                    page.keyboard.press("n")
        for page in pages:
            page.wait_for_selector("#saving[data-state=saved]")
            page.goto("/")
    found = kept(built)
    assert_whole(found)
    for number, judgment_id in enumerate(built.ids):
        for coder, name in enumerate(CODERS):
            values = {each.variable: each.values for each in found.entries[judgment_id, name] if each.variable}
            assert values == {each["variable"]: tuple(each["values"]) for each in said(number, coder)}
