"""What a search shows: the stretches of a text that hold the words, on the screen and as rows."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console
from small_database import TEXTS, build
from sqlite_utils import Database
from typer.testing import CliRunner

from cli import app
from pipeline.analyse.snippets import count, find, places, snippets
from pipeline.analyse.snippets_terminal import print_found, snippet_rows
from pipeline.schema import Judgment
from pipeline.store import Store
from pipeline.store.search import Search, searchable


def marked(text: str, *words: str, most: int = 3) -> list[str]:
    patterns = Search("", (), words).patterns
    return [snippet.marked() for snippet in snippets(text, places(text, patterns), most)]


def test_a_snippet_is_the_sentence_around_the_words() -> None:
    assert marked("查明。张某醉酒后殴打医生。后自首。", "医生") == ["张某醉酒后殴打【医生】。"]
    assert marked("查明。张某醉酒后殴打医生。后自首。", "醉酒", "医生") == ["张某【醉酒】后殴打【医生】。"]


def test_long_sentences_are_cut_and_say_so() -> None:
    long = "前" * 60 + "医生" + "后" * 60
    assert marked(long, "医生") == ["…" + "前" * 24 + "【医生】" + "后" * 24 + "…"]


def test_words_broken_over_lines_and_letters_of_either_case_are_marked() -> None:
    assert marked("殴打医\n 生某，做ct检查", "医生", "CT") == ["殴打【医 生】某，做【ct】检查"]


def test_words_that_overlap_are_one_mark() -> None:
    assert marked("殴打医生", "殴打医", "打医生") == ["【殴打医生】"]


def test_stretches_with_more_of_the_words_come_first_and_stand_in_the_order_of_the_text() -> None:
    text = "。".join(["医生" + "甲" * 60, "护士" + "乙" * 60, "医生殴打护士" + "丙" * 60, "医生" + "丁" * 60])
    shown = marked(text, "医生", "护士", most=2)
    assert [words.rstrip("…丙甲") for words in shown] == ["【医生】", "【医生】殴打【护士】"]


ALPHABET = "医生酒。，甲 \n𠮷a"


@given(st.text(ALPHABET, max_size=300), st.lists(st.text("医生酒，𠮷A", min_size=1, max_size=3), min_size=1, max_size=3), st.integers(1, 5))
@settings(max_examples=300, deadline=None)
def test_snippets_are_stretches_of_the_text_and_mark_what_was_asked_for(text: str, words: list[str], most: int) -> None:
    hits = places(text, Search("", (), tuple(words)).patterns)
    found = snippets(text, hits, most)
    assert len(found) <= most
    assert bool(found) == any(searchable(word).lower() in searchable(text).lower() for word in words)
    for snippet in found:
        assert text[snippet.start : snippet.end] == snippet.text
        assert snippet.hits
        pieces = "".join(piece for piece, _ in snippet.pieces()).strip("…")
        assert searchable(pieces) == searchable(snippet.text)
        for start, end in snippet.hits:
            assert snippet.start <= start < end <= snippet.end
            assert any(searchable(word).lower() in searchable(text[start:end]).lower() for word in words)
    starts = [snippet.start for snippet in found]
    assert starts == sorted(starts)


# ------------------------------------------------------------------------------------------------ over a database


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("snippets") / "study.db"
    build(made)
    return made


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with Store.open(path) as opened:
        yield opened


@pytest.fixture
def anjuan(path: Path) -> Callable[..., tuple[int, str, str]]:
    def run(*arguments: str) -> tuple[int, str, str]:
        done = CliRunner().invoke(app, ["search", *arguments, "--db", str(path)])
        return done.exit_code, done.stdout, done.stderr

    return run


def test_judgments_come_with_their_hits_counted(store: Store) -> None:
    first, *others = find(store, store.prepare_search("护士"), 10)
    assert (first.row["source_id"], first.hits, len(others)) == ("R1", 1, 1)
    assert first.snippets[0].marked() == "经审理查明，被告人陈某酒后嫌输液太慢，推搡【护士】赵某，赵某的损伤为轻伤二级。"
    assert count(store, store.prepare_search("护士")) == 2


def test_what_is_excluded_is_not_marked(store: Store) -> None:
    (found,) = find(store, store.prepare_search("护士 -(醉酒 | 匕首)"), 10)
    assert "【护士】" in found.snippets[0].marked()
    assert found.hits == 1


def test_section_and_speaker_are_told_where_asked_for(tmp_path: Path) -> None:
    text = "公诉机关指控，被告人张某殴打护士。\n经审理查明，被告人张某推搡医生。\n本院认为，被告人张某的行为已构成寻衅滋事罪。\n"
    with Store.open(tmp_path / "sections.db") as store:
        store.add_judgments(None, [Judgment("test", "1", text)])
        (found,) = find(store, store.prepare_search("护士 医生 寻衅滋事罪"), 1, sections=True)
        told = [find(store, store.prepare_search(word), 1, sections=True)[0].snippets[0].section for word in ("护士", "医生", "寻衅滋事罪")]
        assert told == ["prosecution", "facts", "court_view"]
        assert found.snippets[0].speaker == "prosecution"


def test_the_screen_has_signs_and_a_terminal_has_colours(store: Store) -> None:
    found = find(store, store.prepare_search("type:hatred 医生"), 10)
    plain, coloured = io.StringIO(), io.StringIO()
    print_found(found, "zh", Console(file=plain))
    print_found(found, "zh", Console(file=coloured, force_terminal=True, color_system="truecolor", width=200, no_color=False))
    heading, line = plain.getvalue().splitlines()[:2]
    assert heading.split("\t")[0] == found[0].row["judgment_id"]
    assert heading.endswith("\t某市中级人民法院\t2014-05-06\t仇恨型")
    assert line == "    经审理查明，被告人张某认为手术没有做好，携带菜刀到诊室，将【医生】李某甲砍死。"
    assert "【" not in coloured.getvalue()
    assert "\x1b[" in coloured.getvalue()


def test_rows_quote_the_text_at_their_offsets(store: Store) -> None:
    for row in snippet_rows(find(store, store.prepare_search("医生 | 护士"), 10)):
        text = TEXTS[row["source_id"]]
        assert text[row["start"] : row["end"]] == row["snippet"].replace("【", "").replace("】", "").strip("…")


def test_a_judgment_found_without_a_word_has_one_row(store: Store) -> None:
    (row,) = snippet_rows(find(store, store.prepare_search("charge:盗窃"), 10))
    assert (row["source_id"], row["hits"], row["start"], row["snippet"]) == ("N1", 0, None, "")


def test_a_text_with_thousands_of_hits_is_shown_at_once(tmp_path: Path) -> None:
    with Store.open(tmp_path / "long.db") as store:
        store.add_judgments(None, [Judgment("test", "1", "医生护士。" * 20_000)])
        (found,) = find(store, store.prepare_search("医 生 护"), 1)
        assert found.hits > 10_000
        assert len(found.snippets) == 3


# ------------------------------------------------------------------------------------------------ the command


def test_the_forms_of_the_command(anjuan: Callable[..., tuple[int, str, str]]) -> None:
    code, printed, _ = anjuan("护士", "--form", "csv")
    rows = list(csv.DictReader(io.StringIO(printed)))
    assert code == 0
    assert [row["source_id"] for row in rows] == ["R1", "F1"]
    lines = [json.loads(line) for line in anjuan("护士", "--form", "jsonl", "--sections")[1].splitlines()]
    assert [line["snippet"] for line in lines] == [row["snippet"] for row in rows]
    assert anjuan("护士", "--count")[1] == "2\n"
    assert anjuan("被告人", "--count", "--in-scope")[1] == "6\n"


def test_the_sql_of_the_command_runs_anywhere(anjuan: Callable[..., tuple[int, str, str]], path: Path) -> None:
    sql = anjuan("护士 -醉酒 type:reactive", "--sql", "--in-scope")[1]
    assert [row["source_id"] for row in Database(path).query(sql)] == ["R1"]


def test_more_and_nothing_are_told(anjuan: Callable[..., tuple[int, str, str]]) -> None:
    assert "the first 1; there are more" in anjuan("护士", "--limit", "1")[2]
    assert anjuan("护士", "--limit", "2")[2] == ""
    assert anjuan("保安", "--lang", "zh")[2] == "没有找到文书\n"
    assert "as they stand" in anjuan("“护士”")[2]


def test_a_query_may_begin_with_a_minus_sign(anjuan: Callable[..., tuple[int, str, str]]) -> None:
    assert anjuan("-护士 -医院 in_scope:1", "--count")[:2] == (0, "2\n")
    assert anjuan("护士", "--limitt", "3")[0] == 2
