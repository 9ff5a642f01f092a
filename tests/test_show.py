"""A judgment shown: marks over the text, the terminal, and the page. All sentences are invented."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from pipeline.analyse.judgment_page import judgment_page, write_judgment
from pipeline.analyse.judgment_terminal import print_judgment
from pipeline.analyse.marking import Close, Open, tokens
from pipeline.analyse.opened import Opened, open_judgment
from pipeline.codebook import load
from pipeline.schema import AnjuanError, CodebookError, Judgment, Label, Section, Span, Speaker, StoreError
from pipeline.store import Store

TEXT = """甲市人民法院刑事判决书
（2019）某0102刑初11号
公诉机关甲市人民检察院。
被告人张某𠮷，男。
公诉机关指控被告人张某𠮷犯寻衅滋事罪，向本院提起公诉。
经审理查明：2019年3月2日，被告人张某𠮷酒后用凳子<b>殴打</b>护士赵某。 二、赵某的损伤程度为轻微伤 & 已痊愈。
被告人张某𠮷辩称其系自首。
本院认为，被告人张某𠮷的行为已构成寻衅滋事罪。辩护人提出张某𠮷系自首的辩护意见，与事实不符，不予采纳。
判决如下：被告人张某𠮷犯寻衅滋事罪，判处拘役三个月。
"""
ACT = "酒后用凳子<b>殴打</b>护士赵某"


@dataclass(frozen=True)
class Mark:
    start: int
    end: int


def span(words: str, rule: str = "a_rule", speaker: Speaker = Speaker.COURT) -> Span:
    start = TEXT.index(words)
    return Span(start, start + len(words), Section.FACTS, speaker, rule)


LABELS = [
    Label("case", "alcohol", "yes", spans=(span("酒后"),)),
    Label("case", "weapon", "blunt", spans=(span("用凳子"),)),
    Label("case", "worst_injury", "slight", spans=(span("轻微伤"),)),
    Label("case", "mental_disorder", "not_mentioned"),
    Label("case", "in_scope", "1"),
    Label("case", "cause", "unclear", spans=(span(ACT),)),
    Label("case", "department", "emergency", spans=(span("凳子<b>殴打</b>护士赵某。 二、"),)),  # crosses the cause's words
    Label("defendant:1", "name", "张某𠮷", spans=(span("张某𠮷"),)),
    Label("defendant:1", "surrender", "0"),
    Label("victim:1", "name", "赵某", spans=(span("赵某"),)),
    Label("victim:1", "injury", "slight", spans=(span("轻微伤"),)),
]
CLAIM = Label("defendant:1", "surrender", "1", "defence", (span("自首", speaker=Speaker.DEFENCE),))
OTHER = Label("case", "alcohol", "no", "Reader A", (span("赵某的"),))
MODEL = Label("case", "cause", "unclear", "model", (span("辩称"),), 0.5)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    opened = Store.open(tmp_path / "study.db")
    judgment = Judgment("test", "case-11", TEXT, title="张某寻衅滋事<案>")
    opened.add_judgments(opened.begin_run("test"), [judgment])
    opened.replace_labels("extract", "x", {"rules", "defence"}, [(judgment.judgment_id, [*LABELS, CLAIM])], load().version)
    opened.replace_labels("classify", "x", "model", [(judgment.judgment_id, [MODEL])], load().version)
    return opened


def opened(store: Store, variable: str | None = None) -> Opened:
    return open_judgment(store, Judgment("test", "case-11", TEXT).judgment_id, variable)


# ---- marks

SPANS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)).map(lambda p: Mark(min(p), max(p))), max_size=8)


@given(SPANS, st.integers(0, 30), st.integers(0, 30))
def test_marks_nest_and_cover_exactly_their_characters(marks: list[Mark], one: int, other: int) -> None:
    start, end = min(one, other), max(one, other)
    stack: list[int] = []
    covered: dict[int, set[int]] = {}
    opened_first, closed_last = [], []
    for token in tokens(marks, start, end):
        if isinstance(token, Open):
            stack.append(token.mark)
            opened_first += [token.mark] * token.first
        elif isinstance(token, Close):
            assert stack.pop() == token.mark
            closed_last += [token.mark] * token.last
        else:
            covered |= {place: set(stack) for place in range(token.start, token.end)}
    assert not stack
    assert list(covered) == list(range(start, end))
    assert all(inside == {n for n, m in enumerate(marks) if m.start <= place < m.end} for place, inside in covered.items())
    whole = [n for n, m in enumerate(marks) if start <= m.start < m.end <= end]
    assert [opened_first.count(n) for n in whole] == [1] * len(whole)
    assert [closed_last.count(n) for n in whole] == [1] * len(whole)


# ---- opening


def test_parts_and_turns_cover_the_text(store: Store) -> None:
    judgment = opened(store)
    assert "".join(TEXT[part.start : part.end] for part in judgment.parts) == TEXT
    assert "".join(TEXT[turn.start : turn.end] for part in judgment.parts for turn in part.turns) == TEXT
    assert [part.section.name for part in judgment.parts][-1] == "disposition"


@given(st.text(alphabet="经审理查明，。被告人张某辩称本院认为判决如下：\n 𠮷\u3000", max_size=120))
def test_parts_and_turns_cover_any_text(text: str) -> None:
    from pipeline.analyse.opened import _breaks, _parts
    from pipeline.text import Document

    document = Document.read(text)
    parts = _parts(document, load())
    assert not parts or "".join(text[turn.start : turn.end] for part in parts for turn in part.turns) == text
    assert all(text[place] == " " for place in _breaks(document))


def test_the_values_of_the_tables_are_shown_and_other_voices_marked(store: Store) -> None:
    judgment_id = Judgment("test", "case-11", TEXT).judgment_id
    store.replace_labels("coding", "x", "Reader A", [(judgment_id, [OTHER])], load().version)
    case, defendant, victim = opened(store).parties
    alcohol = [(a.value.name, a.by, a.shown) for a in case.answers if a.variable.name == "alcohol"]
    assert alcohol == [("no", "Reader A", True), ("yes", "rules", False)]
    assert [(a.value.name, a.by, a.shown) for a in defendant.answers if a.variable.name == "surrender"] == [
        ("0", "rules", True),
        ("1", "defence", False),
    ]
    assert [a.by for a in case.answers if a.variable.name == "cause"] == ["rules, model 0.50"]
    assert (defendant.title.zh, victim.title.en) == ("被告人1 张某𠮷", "Victim 1 赵某")


def test_one_variable_only(store: Store) -> None:
    judgment = opened(store, "weapon")
    assert [a.variable.name for party in judgment.parties for a in party.answers] == ["weapon"]
    assert [TEXT[c.start : c.end] for c in judgment.citations] == ["用凳子"]


def test_what_cannot_be_opened(store: Store) -> None:
    with pytest.raises(CodebookError, match="did you mean"):
        opened(store, "weapn")
    with pytest.raises(StoreError, match="no judgment"):
        open_judgment(store, "nobody")


# ---- the terminal


def printed(judgment: Opened, language: str = "en", **terminal: object) -> str:
    file = io.StringIO()
    print_judgment(judgment, language, Console(file=file, highlight=False, width=100, **terminal))  # type: ignore[arg-type]
    return file.getvalue()


def test_without_colours_evidence_stands_in_signs(store: Store) -> None:
    told = printed(opened(store))
    assert "\x1b[" not in told
    assert "== Facts found" in told
    assert "<Defence, rejected>" in told
    assert "⟦用⟦凳子<b>殴打</b>护士⟦赵某⟧" not in told  # the weapon's mark closes first
    assert "⟦酒后⟧{Alcohol: Yes}" in told
    assert "{Victim 1 Name}" in told
    assert "  Alcohol: Yes  “酒后” (Facts found, Court)" in told
    assert "Voluntary surrender: Yes [by defence]" in told
    assert "nothing said of: Mental disorder" in told
    assert "饮酒: 是" in printed(opened(store), "zh")


def test_without_the_signs_the_text_is_there_word_for_word(store: Store) -> None:
    text = "".join(line.partition("> ")[2] if line.startswith("<") else line for line in printed(opened(store, "note")).splitlines())
    assert all(sentence in text for sentence in TEXT.replace("。", "。\n").replace("：", "：\n").replace(" ", "\n").splitlines())


def test_colours_only_where_they_can_be_seen(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    coloured = printed(opened(store), force_terminal=True, color_system="truecolor")
    assert "\x1b[" in coloured
    assert "⟦" not in coloured
    monkeypatch.setenv("NO_COLOR", "1")
    assert "⟦酒后⟧" in printed(opened(store), force_terminal=True, color_system="truecolor")


# ---- the page


@pytest.fixture
def page(store: Store) -> BeautifulSoup:
    return BeautifulSoup(judgment_page(opened(store)), "lxml")


def test_the_page_needs_nothing_from_elsewhere(page: BeautifulSoup) -> None:
    assert not page.find_all(["script", "link", "img", "iframe"])
    assert all(str(a["href"]).startswith("#") for a in page.find_all("a"))
    assert "http" not in page.get_text()
    assert "default-src 'none'" in str(page.find("meta", {"http-equiv": "Content-Security-Policy"}))


def test_every_link_leads_to_one_place_and_no_id_stands_twice(page: BeautifulSoup) -> None:
    ids = [str(tag["id"]) for tag in page.find_all(id=True)]
    assert len(ids) == len(set(ids))
    assert {str(a["href"])[1:] for a in page.find_all("a")} <= set(ids)


def test_every_value_leads_to_its_words(page: BeautifulSoup) -> None:
    row = next(row for row in page.select("tr.shown") if row.th and "Weapon" in row.th.get_text())
    mark = page.find(id=str(row.select_one("td a")["href"])[1:])  # type: ignore[index]
    assert isinstance(mark, Tag)
    assert mark.name == "mark"
    assert mark.get_text().startswith("用")


def test_overlapping_evidence_is_whole_and_the_text_is_word_for_word(page: BeautifulSoup) -> None:
    for tag in page.select(".tag"):
        tag.decompose()
    words = "".join(p.get_text() for p in page.select("p.words"))
    assert words == "".join(TEXT.split("\n")) or "".join(words.split()) == "".join(TEXT.split())
    assert page.select("mark mark")


def test_nothing_of_the_text_becomes_markup(page: BeautifulSoup) -> None:
    assert not page.select("article b")
    assert "<b>殴打</b>" in page.get_text()
    assert "张某寻衅滋事<案>" in page.get_text()


def test_sections_are_landmarks_and_speakers_are_named(page: BeautifulSoup) -> None:
    for section in page.select("section"):
        heading = page.find(id=str(section["aria-labelledby"]))
        assert isinstance(heading, Tag)
        assert heading.get_text(strip=True)
    assert [section.h2.get_text() for section in page.select("article section") if section.h2][-1] == "判决如下Disposition"
    assert [p.get_text(" ", strip=True) for p in page.select(".turn.defence .speaker")][-1].endswith("不予采纳 rejected")
    assert page.nav is not None
    assert page.main is not None


def test_a_claim_is_told_apart_from_a_finding(page: BeautifulSoup) -> None:
    assert [mark.get_text() for mark in page.select("mark.other")] == ["自首"]
    assert "defence" in next(row.get_text() for row in page.select("tr.other"))


def test_both_languages_are_there_and_one_is_chosen(store: Store) -> None:
    for language in ("zh", "en"):
        page = BeautifulSoup(judgment_page(opened(store), language), "lxml")
        assert str(page.html["lang"]).startswith(language)  # type: ignore[index]
        assert page.find("input", {"id": language, "checked": True})
        assert "饮酒Alcohol" in page.get_text()


def test_the_page_is_written_whole_or_not_at_all(store: Store, tmp_path: Path) -> None:
    write_judgment(opened(store), tmp_path / "page.html")
    assert (tmp_path / "page.html").read_text("utf-8").rstrip().endswith("</html>")
    with pytest.raises(AnjuanError, match="cannot be written"):
        write_judgment(opened(store), tmp_path / "absent" / "page.html")
    assert sorted(path.suffix for path in tmp_path.iterdir() if not path.name.startswith("study")) == [".html"]
