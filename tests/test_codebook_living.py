"""The codebook as it changes: meanings, differences between versions, frozen copies, the commands and the page that show them."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from living_codebook import PRESENT, book, rewritten, ship, versioned, without_value
from typer.testing import CliRunner
from workbench_browser import Built, browser, build, enter, needs_browser, serving, signed_in

from cli import app
from pipeline.codebook import CodebookError, load, source
from pipeline.codebook.freezing import freeze, frozen
from pipeline.codebook.meaning import Difference, differences, meaning, meanings, recordable
from pipeline.resources import shipped
from pipeline.schema import Entry
from pipeline.store import Desk, Save, Store
from pipeline.workbench.app import create_app

DAY = date(2026, 3, 4)
NEW = '"Whether the offender had drunk within a day."'
TEXT = "经审理查明，被告人张某酒后推搡护士李某甲。"


def differing(text: str) -> set[str]:
    """The variables whose meaning is another in `text`."""
    other = meanings(book(text).variables)
    return {name for name, said in meanings(load().variables).items() if other.get(name) != said}


# ------------------------------------------------------------------------------------------------ meaning


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("units", '["case", "victim"]'),
        ("kind", '"list"'),
        ("definition_zh", '"行为人前一日是否饮酒。"'),
        ("definition_en", NEW),
        ("silence", '"no"'),
        ("silence_zh", '"未写明即为否。"'),
        ("silence_en", '"Not stated is no."'),
    ],
)
def test_what_decides_a_coding_is_the_meaning(key: str, said: str) -> None:
    assert differing(rewritten("alcohol", key, said)) == {"alcohol"}


@pytest.mark.parametrize(("key", "said"), [("zh", '"酒"'), ("en", '"Drink"')])
def test_labels_are_not(key: str, said: str) -> None:
    assert differing(rewritten("alcohol", key, said)) == set()


def test_comments_the_version_and_the_order_of_values_are_not() -> None:
    assert differing("# remark\n" + versioned(PRESENT, "7")) == set()
    weapon = load()["weapon"]
    assert meaning(replace(weapon, values=weapon.values[::-1])) == meaning(weapon)


def test_the_rank_of_a_value_and_its_definition_are() -> None:
    injury = load()["injury"]
    other = book(rewritten("injury", "order", "9"))["injury"]
    assert meaning(other) != meaning(injury)
    changed = [old.name for old, new in zip(injury.values, other.values, strict=True) if meaning(old) != meaning(new)]
    assert changed == [injury.values[0].name]
    assert "weapon" in differing(without_value("weapon", "vehicle", "1.4"))


def test_meanings_are_hashes_that_tell_variables_apart() -> None:
    all_of_them = meanings(load().variables)
    assert all(re.fullmatch("[0-9a-f]{16}", said) for said in all_of_them.values())
    assert len(set(all_of_them.values())) == len(all_of_them)


def test_what_may_be_recorded_passes_the_check_of_the_codebook() -> None:
    for variable in load().variables.values():
        for value in recordable(variable):
            load().check(variable.name, value)
    assert recordable(load()["title"]) == ()
    assert recordable(load()["surrender"]) == ("0", "1")
    assert "" in recordable(load()["weapon"])
    assert "" not in recordable(load()["alcohol"])


# ------------------------------------------------------------------------------------------------ differences


def test_differences_name_variable_value_part_and_both_texts() -> None:
    old, new = load().variables, book(rewritten("alcohol", "definition_en", NEW)).variables
    assert differences(old, old) == []
    assert differences(old, new) == [Difference("alcohol", "", "definition_en", old["alcohol"].definition_en, NEW.strip('"'))]


def test_values_and_variables_that_come_and_go_are_told() -> None:
    fewer = book(without_value("weapon", "vehicle", "1.4")).variables
    vehicle = load()["weapon"].value("vehicle").definition_en
    assert differences(load().variables, fewer) == [Difference("weapon", "vehicle", "removed", vehicle, "")]
    assert differences(fewer, load().variables) == [Difference("weapon", "vehicle", "added", "", vehicle)]
    without = {name: variable for name, variable in load().variables.items() if name != "alcohol"}
    assert [(each.variable, each.part) for each in differences(load().variables, without)] == [("alcohol", "removed")]
    assert [(each.variable, each.part) for each in differences(without, load().variables)] == [("alcohol", "added")]


@given(st.text("ab饮𠮷", max_size=12), st.text("ab饮𠮷", max_size=12))
def test_a_difference_parts_both_texts_without_losing_a_character(before: str, after: str) -> None:
    head, old, new, tail = Difference("v", "", "definition_zh", before, after).parted()
    assert (head + old + tail, head + new + tail) == (before, after)
    assert not (old and new) or (old[0] != new[0] and old[-1] != new[-1])


# ------------------------------------------------------------------------------------------------ frozen copies


def test_the_frozen_copy_of_the_present_version_has_the_present_meanings() -> None:
    for copy in frozen(shipped("annotations/codebooks")):
        if copy.version == load().version:
            changed = {name for name, said in meanings(load().variables).items() if copy.meanings.get(name) != said}
            assert not changed, f"give codebook.toml a new version: {', '.join(sorted(changed))} mean something else than in {copy.name}"
            assert copy.meanings.keys() == load().variables.keys()


def test_shipped_copies_are_what_their_records_say() -> None:
    copies = frozen(shipped("annotations/codebooks"))
    assert copies
    for copy in copies:
        assert meanings(book((shipped("annotations/codebooks") / copy.name).read_text("utf-8")).variables) == copy.meanings


def test_freezing_writes_the_file_byte_for_byte_and_a_line_about_it(tmp_path: Path) -> None:
    path, new = freeze(source(), tmp_path / "deep" / "er", DAY)
    digest = hashlib.sha256(source()).hexdigest()
    assert new
    assert path.name == f"codebook-{load().version}-2026-03-04-{digest[:16]}.toml"
    assert path.read_bytes() == source()
    (line,) = path.with_suffix(".json").read_text("utf-8").splitlines()
    wanted = {"version": load().version, "date": "2026-03-04", "sha256": digest, "meanings": meanings(load().variables)}
    assert json.loads(line) == wanted
    assert len(list(path.parent.iterdir())) == 2


def test_freezing_again_changes_nothing(tmp_path: Path) -> None:
    first, _ = freeze(source(), tmp_path, DAY)
    again, new = freeze(("# a remark\n" + PRESENT).encode(), tmp_path, date(2027, 1, 1))
    assert (again, new) == (first, False)
    assert len(list(tmp_path.iterdir())) == 2


def test_a_frozen_version_cannot_get_another_meaning(tmp_path: Path) -> None:
    first, _ = freeze(source(), tmp_path, DAY)
    with pytest.raises(CodebookError) as caught:
        freeze(rewritten("alcohol", "definition_en", NEW).encode(), tmp_path, DAY)
    assert str(caught.value) == (
        f"codebook 1.3 was frozen on 2026-03-04 with another meaning of alcohol ({first}): give the changed codebook a new version"
    )
    path, new = freeze(rewritten("alcohol", "definition_en", NEW, "1.4").encode(), tmp_path, DAY)
    assert new
    assert [copy.version for copy in frozen(tmp_path)] == ["1.3", "1.4"]
    assert path.name.startswith("codebook-1.4-")


def test_a_copy_that_was_changed_is_no_frozen_copy(tmp_path: Path) -> None:
    path, _ = freeze(source(), tmp_path, DAY)
    path.write_bytes(source() + b"\n")
    with pytest.raises(CodebookError, match=re.escape(f"{path} has been changed since it was frozen")):
        freeze(source(), tmp_path, DAY)


@pytest.mark.parametrize("record", ["", "[1]", '{"version": "1.3"}', '{"version": 1, "date": 2, "sha256": 3, "meanings": 4}', "\xff"])
def test_a_record_that_is_none_is_named(tmp_path: Path, record: str) -> None:
    (tmp_path / "codebook-1.json").write_bytes(record.encode("latin-1"))
    with pytest.raises(CodebookError, match=r"codebook-1\.json: not the record of a frozen codebook"):
        frozen(tmp_path)


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(CodebookError, match=r"file.* cannot be written"):
        freeze(source(), tmp_path / "file", DAY)


# ------------------------------------------------------------------------------------------------ commands


def anjuan(*words: object) -> str:
    result = CliRunner().invoke(app, [str(word) for word in words])
    if result.exception:
        raise result.exception
    return result.stdout


@pytest.fixture
def coded(tmp_path: Path) -> Built:
    """Two judgments; the first coder has coded one of them by version 1.3."""
    built = build(tmp_path / "study.db", [TEXT, TEXT + "判决如下。"])
    with Store.open(built.path) as store:
        Desk(store).save([Save(built.ids[0], "王某", Entry("case", "alcohol", ("yes",)))], actor="王某", mode="blind")
    return built


def test_the_bare_command_prints_the_codebook_as_before() -> None:
    assert anjuan("codebook").startswith(f"# Codebook (version {load().version}, {load().fingerprint})\n")
    assert anjuan("codebook", "--lang", "zh").startswith("# 编码手册")


def test_freeze_tells_the_copy_and_notes_it_in_the_database(coded: Built, tmp_path: Path) -> None:
    said = anjuan("codebook", "freeze", "--out", tmp_path / "out", "--db", coded.path)
    (copy,) = frozen(tmp_path / "out")
    assert said == f"frozen: {tmp_path / 'out' / copy.name}\n"
    assert anjuan("codebook", "freeze", "--out", tmp_path / "out") == said.replace("frozen:", "frozen before:")
    with Store.open(coded.path) as store:
        assert [bool(row["frozen_at"]) for row in store.query("SELECT frozen_at FROM codebooks")] == [True]


def test_changes_are_told_against_a_file_and_between_versions(coded: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = tmp_path / "old.toml"
    old.write_text(rewritten("alcohol", "definition_en", NEW, "1.2"), "utf-8")
    (row,) = map(json.loads, anjuan("codebook", "changes", "--from", old, "--form", "jsonl").splitlines())
    assert row == {
        **{"from": "1.2", "to": "1.3", "variable": "alcohol", "value": "", "part": "definition_en"},
        **{"before": NEW.strip('"'), "after": load()["alcohol"].definition_en},
    }
    assert "one version only" in anjuan("codebook", "changes", "--db", coded.path)
    ship(monkeypatch, without_value("weapon", "vehicle", "1.4"))
    between = anjuan("codebook", "changes", "--db", coded.path)
    assert re.search(r"1\.3 +1\.4 +weapon +vehicle +removed", between)
    assert anjuan("codebook", "changes", "--db", coded.path, "--from", old, "--form", "csv").count("1.2,1.4,") == 2
    same = tmp_path / "same.toml"
    same.write_text("# remark\n" + PRESENT, "utf-8")
    assert "nothing that decides a coding differs" in anjuan("codebook", "changes", "--from", same)


def test_changes_of_a_long_definition_show_where_the_texts_part(tmp_path: Path) -> None:
    old = tmp_path / "old.toml"
    said = "甲" * 200 + "乙" + "丙" * 200
    old.write_text(rewritten("alcohol", "definition_zh", f'"{said}"', "1.2"), "utf-8")
    new = tmp_path / "new.toml"
    new.write_text(rewritten("alcohol", "definition_zh", f'"{said.replace("乙", "丁")}"', "1.2"), "utf-8")
    head, before, after, tail = Difference("alcohol", "", "definition_zh", said, said.replace("乙", "丁")).parted()
    assert (len(head), before, after, len(tail)) == (200, "乙", "丁", 200)
    assert len(max(anjuan("codebook", "changes", "--from", old).splitlines(), key=len)) < 500


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["changes"], "nothing to compare with"),
        (["changes", "--from", "nowhere.toml"], "nowhere.toml cannot be read: No such file"),
        (["changes", "--from", __file__], f"{Path(__file__).name}:"),
        (["recode", "--db", "nowhere.db"], "nowhere.db does not exist"),
        (["freeze", "--db", "nowhere.db"], "nowhere.db does not exist"),
    ],
)
def test_bad_input_gets_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], message: str) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Exception, match=re.escape(message)) as caught:
        anjuan("codebook", *words)
    assert "\n" not in str(caught.value)
    assert not list(tmp_path.iterdir())


def test_recode_lists_codings_of_an_earlier_meaning(coded: Built, monkeypatch: pytest.MonkeyPatch) -> None:
    assert anjuan("codebook", "recode", "--db", coded.path) == "nothing is to be coded again\n"
    ship(monkeypatch, rewritten("alcohol", "definition_en", NEW, "1.4"))
    table = anjuan("codebook", "recode", "--db", coded.path)
    assert re.search(rf"{coded.ids[0]} +case +alcohol +yes +王某 +1\.3 +1\.4", table)
    assert anjuan("codebook", "recode", "--db", coded.path, "--coder", "李某甲") == "nothing is to be coded again\n"
    assert anjuan("codebook", "recode", "--db", coded.path, "--coder", "李某甲", "--form", "jsonl") == ""


# ------------------------------------------------------------------------------------------------ the page


@pytest.fixture
def web(coded: Built) -> Iterator[TestClient]:
    with TestClient(create_app(coded.path), base_url="http://127.0.0.1:8765") as opened:
        enter(opened, "王某", coded.tokens["王某"])
        yield opened


def test_the_page_has_an_anchor_for_every_variable_and_value_once(web: TestClient) -> None:
    page = web.get("/codebook").text
    wanted = [variable.name for variable in load().variables.values()]
    wanted += [f"{variable.name}.{value.name}" for variable in load().variables.values() for value in variable.values]
    for anchor in wanted:
        assert page.count(f'id="{anchor}"') == 1, anchor
    assert load()["alcohol"].definition_zh in page
    assert 'id="again"' not in page
    assert 'id="changes"' not in page
    assert 'href="/codebook" aria-current="page"' in page


def test_every_link_within_the_page_leads_somewhere(coded: Built, monkeypatch: pytest.MonkeyPatch) -> None:
    ship(monkeypatch, without_value("weapon", "vehicle", "1.4"))
    with TestClient(create_app(coded.path), base_url="http://127.0.0.1:8765") as opened:
        enter(opened, "王某", coded.tokens["王某"])
        page = opened.get("/codebook").text
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(re.findall(r'id="([^"]+)"', page))
    assert "weapon = vehicle" in page


def test_the_page_is_in_english_too_and_only_for_who_is_signed_in(web: TestClient) -> None:
    web.cookies.set("anjuan_language", "en")
    page = web.get("/codebook").text
    assert load()["cause"].value("payment").definition_en in page
    web.cookies.clear()
    assert web.get("/codebook").status_code == 403


def test_a_coder_reads_what_changed_and_which_of_their_cases_are_to_be_coded_again(coded: Built, monkeypatch: pytest.MonkeyPatch) -> None:
    text = rewritten("alcohol", "definition_zh", '"行为人<b>前一日</b>是否饮酒。"', "1.4")
    ship(monkeypatch, rewritten("alcohol", "definition_en", NEW, text=text))
    with TestClient(create_app(coded.path), base_url="http://127.0.0.1:8765") as opened:
        enter(opened, "王某", coded.tokens["王某"])
        page = opened.get("/codebook").text
        assert f'<a href="/code/{coded.ids[0]}"' in page
        assert "1.3 → 1.4" in page
        assert "<ins>" in page
        assert "&lt;b&gt;前一日" in page
        assert NEW.strip('"') not in page
        enter(opened, "李某甲", coded.tokens["李某甲"])
        assert 'id="again"' not in opened.get("/codebook").text


@needs_browser
def test_in_a_browser_a_link_to_a_value_shows_it(coded: Built) -> None:
    with serving(coded.path) as served, browser() as opened:
        for size in ((1280, 720), (768, 1024)):
            page = signed_in(opened, served.address, "王某", coded.tokens["王某"], size)
            said: list[str] = []
            page.on("console", lambda message, said=said: said.append(message.text) if message.type == "error" else None)
            page.goto("/codebook#cause.payment")
            box = page.locator('[id="cause.payment"]').bounding_box()
            assert box is not None
            assert 0 <= box["y"] <= size[1] - box["height"]
            assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
            assert said == []
