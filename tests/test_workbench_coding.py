"""The coding page without a browser: the form, the text in blocks, what the page may hold, and what its requests do."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from workbench_browser import Built, build, enter, entry

from pipeline.annotate.form import load_form, parse_form, standing
from pipeline.codebook import load
from pipeline.schema import AnjuanError, Entry, Judgment, Label, Section, Span, Speaker
from pipeline.store import Desk, Store
from pipeline.workbench.app import create_app
from pipeline.workbench.page_form import KEYS, keys, persons, quoted, silent, suggestions
from pipeline.workbench.page_text import parts, shown

TEXT = "某市人民法院\n刑事判决书\n经审理查明，被告人张某因输液太慢，推搡护士李某甲，致其轻微伤。\n本院认为，被告人张某构成寻衅滋事罪。\n"
OTHER = "经审理查明，被告人王某酒后殴打保安陈某。"
MACHINE_SCORE = 0.8137
FORM = load_form()


def label(variable: str, value: str, by: str, score: float | None = None, words: str = "", unit: str = "case") -> Label:
    start = TEXT.index(words)
    spans = (Span(start, start + len(words), Section.FACTS, Speaker.COURT, "a_rule_of_ours"),) if words else ()
    return Label(unit, variable, value, by, spans, score)


LABELS = [
    label("attack_type", "reactive", "model", MACHINE_SCORE, "因输液太慢"),
    label("attack_type", "hatred", "rules", None, "推搡护士"),
    label("alcohol", "yes", "defence", None, "张某"),
    label("cause", "service_speed", "rules", None, "输液太慢"),
    label("weapon", "knife", "rules"),
    label("weapon", "blunt", "rules"),
    label("motive", "venting", "adjudicated", None, "推搡护士"),
    label("relation", "patient", "李某甲"),
    label("role", "nurse", "rules", None, "护士李某甲", "victim:1"),
]


def prepared(path: Path, mode: str) -> Built:
    built = build(path, [TEXT, OTHER], ["王某", "李某甲"], mode=mode)
    with Store.open(path) as store:
        for by in {each.by for each in LABELS}:
            store.replace_labels("test", by, by, [(built.ids[0], [each for each in LABELS if each.by == by])], load().version)
    return built


@pytest.fixture(scope="module")
def blind(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return prepared(tmp_path_factory.mktemp("blind") / "study.db", "blind")


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return build(tmp_path / "study.db", [TEXT, OTHER], ["王某", "李某甲"])


@contextmanager
def opened(built: Built, name: str = "王某") -> Iterator[TestClient]:
    with TestClient(create_app(built.path), base_url="http://127.0.0.1:8765") as web:
        enter(web, name, built.tokens[name])
        yield web


def data(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found
    return json.loads(found[1])


# ---------------------------------------------------------------- the form


def test_the_form_asks_seventeen_questions_about_a_case() -> None:
    first = standing(FORM, [])
    assert (first.filled, first.asked) == (0, 17)
    assert ("victim", "") in first.missing
    assert [group.unit for group in FORM.groups][-2:] == ["victim", "defendant"]


def test_out_of_scope_only_the_gate_is_asked() -> None:
    now = standing(FORM, [Entry("case", "in_scope", ("0",))])
    assert (now.filled, now.asked, now.missing, now.unquoted) == (1, 1, (), ())


def test_a_value_that_needs_words_and_has_none_is_told() -> None:
    said = Entry("case", "attack_type", ("hatred",))
    assert standing(FORM, [said]).unquoted == (("case", "attack_type"),)
    assert standing(FORM, [replace(said, words=((0, 3, "hatred"),))]).unquoted == ()
    assert standing(FORM, [Entry("case", "cause", ("unclear",))]).unquoted == ()


def test_a_person_of_whom_something_is_said_is_asked_for_the_rest() -> None:
    now = standing(FORM, [Entry("victim:10", "role", ("nurse",)), Entry("victim:2", "injury", ("slight",))])
    assert [place for place in now.missing if place[0].startswith("victim")] == [
        ("victim:2", "role"), ("victim:2", "persons"), ("victim:10", "injury"), ("victim:10", "persons"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('gate = "in_scope"\n[[group]]\nname = "g"\nzh = ""\nen = ""\nunit = "case"\nfields = ["no_such"]', "no_such"),
        ('gate = "in_scope"\n[[group]]\nname = "g"\nzh = ""\nen = ""\nunit = "case"\nfields = ["role"]', "cannot be asked of a case"),
        ('gate = "in_scope"\n[[group]]\nname = "g"\nzh = ""\nen = ""\nunit = "case"\nfields = ["victims"]', "cannot be asked of a case"),
        ('gate = "in_scope"\n[[group]]\nname = "g"\nzh = ""\nen = ""\nunit = "case"\nfields = ["cause"]', "the gate 'in_scope'"),
        ('gate = "cause"\n[[group]]\nname = "g"\nzh = ""\nen = ""\nunit = "case"\nfields = ["cause"]\noptional = ["motive"]', "'motive'"),
        ('[[group]]\nname = "g"', "'gate' is missing"),
        ("gate = ", "form.toml"),
    ],
)
def test_a_form_that_cannot_be_is_refused(text: str, told: str) -> None:
    with pytest.raises(AnjuanError, match=re.escape(told)):
        parse_form(text, load())


def test_every_value_that_is_asked_has_a_key_of_its_own() -> None:
    for field in {field.name: field for group in FORM.groups for field in group.fields}.values():
        table = keys(field)
        assert len(set(table.values())) == len(table)
        assert set(table.values()) <= set(KEYS)
        assert set(field.names) <= set(table), f"{field.name} has more values than keys"


def test_silence_never_fills_the_gate_and_only_with_values_of_the_codebook() -> None:
    codebook = load()
    assert silent(codebook["in_scope"], FORM.gate) is None
    assert silent(codebook["attack_type"], FORM.gate) is None
    assert silent(codebook["weapon"], FORM.gate) == ""
    for field in (field for group in FORM.groups for field in group.fields):
        value = silent(field, FORM.gate)
        if value is not None:
            codebook.check(field.name, value)
            assert value not in quoted(field)


# ---------------------------------------------------------------- the text


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("经审理查明，被告人。\r\n\t \xa0\u3000\u202e𠮷\x00<>&"))))
def test_blocks_are_the_text_at_their_places(text: str) -> None:
    place = 0
    for part in parts(Judgment("test", "t", text)):
        for block in part.blocks:
            assert block.start >= place
            assert text[place : block.start].strip() == ""  # between blocks there is nothing to see
            place = block.start + len(block.shown)
            assert shown(text[block.start : place]) == block.shown
            assert "\n" not in block.shown
    assert text[place:].strip() == ""


@given(st.text(alphabet=st.characters(codec=None)))
def test_what_is_shown_is_as_long_as_the_text_and_safe(text: str) -> None:
    page = shown(text)
    assert len(page) == len(text)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", page)
    assert all(new == old for new, old in zip(page, text, strict=True) if old.isprintable())


def test_a_judgment_on_one_line_is_cut_where_its_sections_begin() -> None:
    line = TEXT.replace("\n", " ")
    found = parts(Judgment("test", "t", line))
    assert {"facts", "court_view"} <= {part.section.name for part in found}
    assert "本院认为" in {block.shown[:4] for part in found for block in part.blocks}


# ---------------------------------------------------------------- what the page holds


def test_a_blind_page_holds_nothing_that_a_machine_or_anybody_else_said(blind: Built) -> None:
    with opened(blind) as web:
        path = f"/code/{blind.ids[0]}"
        page = web.get(path).text
        said = web.post(f"{path}/entries", json={"entries": [entry("alcohol", "no")], "tab": "t"}).text
        told = data(page)
        others = [
            web.post(f"{path}/{way}", json=body).text
            for way, body in (("undo", {}), ("time", {"seconds": 1}), ("state", {"state": "open"}))
        ]
    assert told["suggestions"] == told["entries"] == told["units"] == []
    for answer in (page, said, *others):
        assert str(MACHINE_SCORE) not in answer
        assert "a_rule_of_ours" not in answer
        assert "reactive" not in answer.replace('data-value="reactive"', "").replace('data-quoted="hatred reactive fortuitous"', "")
    assert not re.search('class="[^"]*suggest', page)


def test_an_assisted_page_suggests_what_the_most_trusted_machine_says(tmp_path: Path) -> None:
    built = prepared(tmp_path / "study.db", "assisted")
    with opened(built) as web:
        told = data(web.get(f"/code/{built.ids[0]}").text)
    by = {(each["unit"], each["variable"]): each for each in told["suggestions"]}
    start = TEXT.index("因输液太慢")
    assert by["case", "attack_type"] == {
        "unit": "case", "variable": "attack_type", "values": ["reactive"], "words": [[start, start + 5, "reactive"]],
        "score": MACHINE_SCORE, "by": "model",
    }  # fmt: skip
    assert set(by["case", "weapon"]["values"]) == {"knife", "blunt"}
    assert not {("case", "alcohol"), ("case", "motive"), ("case", "relation")} & by.keys()  # the defence, the adjudicator, a coder
    assert told["units"] == ["victim:1"]


def test_a_suggested_person_who_was_removed_stays_away() -> None:
    suggested = suggestions(LABELS, FORM)
    assert persons([], [("victim:1", "role")], suggested) == ([], {"victim": 2})
    assert persons([Entry("victim:3", "role", ("nurse",))], [], suggested) == (["victim:1", "victim:3"], {"victim": 4})


def test_text_title_and_notes_are_printed_as_text(tmp_path: Path) -> None:
    evil = '</script><script>alert(1)</script>"><img src=x onerror=alert(2)>\u202e\x07'
    path = tmp_path / "study.db"
    built = build(path, [f"经审理查明，{evil}。"])
    with Store.open(path) as store:
        store.db.execute("UPDATE judgments SET title = ?", [evil])
        store.db.conn.commit()
    with opened(built) as web:
        url = f"/code/{built.ids[0]}"
        assert web.post(f"{url}/entries", json={"entries": [entry("cause", "payment", note=evil)]}).status_code == 200
        page = web.get(url).text
    assert "<img" not in page
    assert "alert(1)</script>" not in page
    assert "\u202e" not in page.replace("\\u202e", "")
    assert evil in {each["entry"]["note"] for each in data(page)["entries"]}
    block = re.search(r'<p data-start="0">(.*?)</p>', page, re.DOTALL)
    assert block
    assert unescape(block[1]) == shown(f"经审理查明，{evil}。")


# ---------------------------------------------------------------- what its requests do


def test_what_is_saved_is_there_with_words_and_mode(built: Built) -> None:
    start = TEXT.index("输液太慢")
    with opened(built) as web:
        url = f"/code/{built.ids[0]}"
        body = {
            "entries": [entry("cause", "service_speed", words=[[start, start + 4, "service_speed"]], unsure=True, note="？")],
            "tab": "a",
        }
        answer = web.post(f"{url}/entries", json=body).json()
        told = data(web.get(url).text)
    assert answer["saved"][0]["change"] > 0
    assert answer["saved"][0]["overtaken"] is None
    assert answer["progress"]["filled"] == 1
    assert told["entries"][0]["entry"]["words"] == [[start, start + 4, "service_speed"]]
    assert told["entries"][0]["seen"] == answer["saved"][0]["change"]
    with Store.open(built.path) as store:
        found = store.query('SELECT value, mode FROM labels WHERE "by" = ?', ["王某"])
        assert found == [{"value": "service_speed", "mode": "blind"}]
        (span,) = store.labels(built.ids[0], "王某")[0].spans
        assert TEXT[span.start : span.end] == "输液太慢"


def test_the_last_tab_wins_and_is_told_what_it_replaced(built: Built) -> None:
    with opened(built) as web:
        url = f"/code/{built.ids[0]}/entries"
        first = web.post(url, json={"entries": [entry("alcohol", "yes")], "tab": "a"}).json()["saved"][0]
        second = web.post(url, json={"entries": [entry("alcohol", "no")], "tab": "b"}).json()["saved"][0]
        third = web.post(url, json={"entries": [entry("alcohol", "yes", seen=second["change"])], "tab": "a"}).json()["saved"][0]
    assert first["overtaken"] is third["overtaken"] is None
    assert second["overtaken"]["values"] == ["yes"]
    with Store.open(built.path) as store:
        assert [change.after.values for change in Desk(store).history(built.ids[0], "王某")] == [("yes",), ("no",), ("yes",)]


def test_undo_takes_back_one_step_after_another(built: Built) -> None:
    with opened(built) as web:
        url = f"/code/{built.ids[0]}"
        web.post(f"{url}/entries", json={"entries": [entry("alcohol", "yes")]})
        web.post(f"{url}/entries", json={"entries": [entry("role", "nurse", unit="victim:1"), entry("injury", "slight", unit="victim:1")]})
        both = web.post(f"{url}/undo", json={}).json()
        assert {each["entry"]["variable"] for each in both["entries"]} == {"role", "injury"}
        assert all(each["entry"]["values"] == [] and each["seen"] for each in both["entries"])
        assert [each["entry"]["variable"] for each in web.post(f"{url}/undo", json={}).json()["entries"]] == ["alcohol"]
        assert web.post(f"{url}/undo", json={}).json()["entries"] == []
        told = data(web.get(url).text)
    assert told["units"] == []
    assert told["next"] == {"victim": 2}


@pytest.mark.parametrize(
    "said",
    [
        entry("alcohol", "perhaps"),
        entry("alcohol", "yes", "no"),
        entry("role", "nurse"),
        entry("role", "nurse", unit="victim:0"),
        entry("role", "nurse", unit="victim:x"),
        entry("victims", "2"),
        entry("cause", "payment", words=[[5, 5, "payment"]]),
        entry("cause", "payment", words=[[9, 3, "payment"]]),
        entry("cause", "payment", words=[[0, len(TEXT) + 1, "payment"]]),
        entry("cause", "payment", words=[[-1, 3, "payment"]]),
        entry("no_such", "1"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line_and_nothing_is_saved(built: Built, said: Any) -> None:
    with opened(built) as web:
        answer = web.post(f"/code/{built.ids[0]}/entries", json={"entries": [entry("forgiveness", "1"), said]})
    assert answer.status_code == 400
    assert answer.json()["error"].count("\n") == 0
    with Store.open(built.path) as store:
        assert Desk(store).history(built.ids[0]) == []


def test_a_judgment_that_is_not_assigned_is_refused_whether_it_exists_or_not(tmp_path: Path) -> None:
    built = build(tmp_path / "study.db", [TEXT], ["王某"])
    with Store.open(built.path) as store:
        token = Desk(store).invite("李某甲")
    with TestClient(create_app(built.path), base_url="http://127.0.0.1:8765") as web:
        enter(web, "李某甲", token)
        bodies = {"entries": {"entries": [entry("alcohol", "no")]}, "undo": {}, "state": {"state": "done"}, "time": {"seconds": 1}}
        answers = []
        for judgment_id in (built.ids[0], "0" * 16):
            answers.append(web.get(f"/code/{judgment_id}"))
            answers += [web.post(f"/code/{judgment_id}/{way}", json=body) for way, body in bodies.items()]
    assert {answer.status_code for answer in answers} == {403}
    assert all("推搡护士" not in answer.text for answer in answers)
    assert len({answer.text for answer in answers if answer.request.method == "POST"}) == 1


def test_writes_need_the_pages_token(built: Built) -> None:
    with opened(built) as web:
        for token in ("", "forged"):
            answer = web.post(f"/code/{built.ids[0]}/entries", json={"entries": [entry("alcohol", "no")]}, headers={"X-CSRF-Token": token})
            assert answer.status_code == 403
    with Store.open(built.path) as store:
        assert Desk(store).entries(built.ids[0], "王某") == []


def test_done_leads_on_and_time_is_counted_by_the_minute_at_most(built: Built) -> None:
    with opened(built) as web:
        first, second = (f"/code/{judgment_id}" for judgment_id in built.ids)
        assert web.post(f"{first}/state", json={"state": "done"}).json() == {"state": "done", "next": second, "open": 1, "done": 1}
        assert web.post(f"{second}/state", json={"state": "done"}).json()["next"] == "/"
        assert web.post(f"{first}/time", json={"seconds": 12.5}).json() == {"counted": 12.5}
        assert web.post(f"{first}/time", json={"seconds": 1e9}).json() == {"counted": 60.0}
        for wrong in (-1, "NaN", "soon"):
            assert web.post(f"{first}/time", json={"seconds": wrong}).status_code == 400
        assert web.post(f"{first}/state", json={"state": "lost"}).status_code == 400
    with Store.open(built.path) as store:
        found = Desk(store).assignment("王某", "code", built.ids[0])
        assert found is not None
        assert (found.state, found.seconds) == ("done", 72.5)


def test_the_page_speaks_both_languages(built: Built) -> None:
    with opened(built) as web:
        chinese = web.get(f"/code/{built.ids[0]}").text
        web.cookies.set("anjuan_language", "en")
        english = web.get(f"/code/{built.ids[0]}").text
    assert "袭医类型" in chinese
    assert "Attack type" in english
    assert "袭医类型" not in english
