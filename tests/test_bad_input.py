"""What no court ever printed so: values or "not mentioned", never an exception, never a place outside the text."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.codebook import load
from pipeline.extract import extract
from pipeline.schema import Judgment, Label
from pipeline.text import canonical

CORPORA = Path(__file__).parents[1] / "corpora"
SOME = settings(max_examples=60, deadline=None, derandomize=True)

# What scanners and typists make of a character; each as long as what it replaces.
MISREAD = {
    "0": "O",
    "1": "l",
    "O": "0",
    "，": ",",
    "。": "．",
    "人": "入",
    "日": "曰",
    "己": "已",
    "未": "末",
    "二": "ニ",
    "一": "—",
    "某": "菓",
    "刀": "力",
}
ODD = (
    "\ud800",
    "\udfff",
    "\U00020000",
    "\U0001f600",
    "\x00",
    "\ufeff",
    "\u202e",
    "\ufffd",
    "〇",
    "＊",
    "&#xD;",
    "<p>",
    "\r",
    "\t",
    "\u3000",
    "é",
    "ㄅ",
    "ﷺ",
)
FOREIGN = (
    "The defendant was sentenced to three years' imprisonment. ", "被告人王某氏は、被害者李某さんを殴打した。", "Подсудимый Ван нанёс удар ножом. ",
    "피고인은 징역 3년에 처한다. ", "མི་དམངས་ཁྲིམས་ཁང་། ", "ئۇيغۇر ئاپتونوم رايونى ", "被告人王某犯故意傷害罪，判處有期徒刑三年。",
)  # fmt: skip


@cache
def judgments() -> tuple[str, ...]:
    """Whole judgments, invented or retold, as printed."""
    files = (CORPORA / f"{name}.jsonl" for name in ("invented", "demonstration"))
    texts = [json.loads(line)["text"] for file in files for line in file.read_text("utf-8").splitlines()]
    return tuple(text for text in texts if "如下" in text and len(text) > 700)


def check(original: str) -> list[Label]:
    """The labels of a text as the import would make it; every value is the codebook's, every span lies in the text."""
    text, codebook = canonical(original), load()
    found = extract(Judgment("test", "", text, original))
    for label in found:
        assert re.fullmatch(r"case|(?:defendant|victim):[1-9]\d*", label.unit)
        if label.value:
            codebook.check(label.variable, label.value)
        for span in label.spans:
            assert 0 <= span.start < span.end <= len(text), (label, span)
            assert text[span.start : span.end].strip(), (label, span)
    return found


def said(original: str, variable: str) -> set[str]:
    """Decided values of a variable in a text."""
    return {label.value for label in check(original) if label.variable == variable and label.by == "rules"}


@pytest.mark.parametrize(
    "text",
    ["", " ", "\n", "\x00", "。", "，。；：！？、", "（）“”《》【】", "-" * 500, "。\n" * 300, "？！" * 300, "\ud800", "\U0001f52a" * 200],
)
def test_a_text_without_words_says_nothing(text: str) -> None:
    assert said(text, "worst_injury") <= {"none_or_unstated"}
    assert said(text, "alcohol") <= {"not_mentioned"}
    assert said(text, "charge") == set()


@pytest.mark.parametrize("character", "刀某伤被告人酒。，、（“一1 \n*aé\U00020000")
def test_one_character_many_times_is_no_judgment(character: str) -> None:
    assert said(character * 20_000, "charge") == set()


def test_a_judgment_without_headings_still_gives_values() -> None:
    text = "2019年3月2日晚，被告人张某酒后在某医院急诊科持随身携带的水果刀将值班医生李某捅伤，经鉴定，李某的损伤程度为轻伤二级。"
    assert said(text, "worst_injury") == {"minor"}
    assert said(text, "alcohol") == {"yes"}
    assert said(text, "decided_on") <= {""}


@SOME
@given(text=st.sampled_from(judgments()[::9]), place=st.integers(0, 199))
def test_a_judgment_cut_off_anywhere_is_read_as_far_as_it_goes(text: str, place: int) -> None:
    for end in range(place, len(text), 200):
        check(text[:end])
    check(text[place:])


@SOME
@given(
    text=st.sampled_from(judgments()),
    places=st.lists(st.floats(0, 1, exclude_max=True), max_size=60),
    odd=st.sampled_from(("", *ODD, *FOREIGN)),
    misread=st.booleans(),
)
def test_scanning_errors_move_no_quotation_out_of_the_text(text: str, places: list[float], odd: str, misread: bool) -> None:
    characters = list(text)
    for place in places:
        at = int(place * len(characters))
        characters[at] = MISREAD.get(characters[at], odd) if misread else odd + characters[at]
    check("".join(characters))


@SOME
@given(text=st.sampled_from(judgments()), width=st.integers(1, 40), blank=st.sampled_from((" ", "\n", "\r\n", "\u3000", " \n ", "\xa0")))
def test_blanks_and_line_breaks_anywhere_are_harmless(text: str, width: int, blank: str) -> None:
    check(blank.join(text[at : at + width] for at in range(0, len(text), width)))


@SOME
@given(first=st.sampled_from(judgments()), second=st.sampled_from(judgments()), gap=st.sampled_from(("\n", "\n\n", " ", "")))
def test_two_judgments_in_one_file_are_read_as_one_text(first: str, second: str, gap: str) -> None:
    assert said(first + gap + second, "name")


@SOME
@given(text=st.sampled_from(judgments()), foreign=st.sampled_from(FOREIGN), every=st.integers(1, 6))
def test_other_languages_between_the_sentences_are_passed_over(text: str, foreign: str, every: int) -> None:
    sentences = text.split("。")
    check("。".join(foreign + sentence if number % every == 0 else sentence for number, sentence in enumerate(sentences)))


@SOME
@given(
    st.lists(
        st.sampled_from(
            (
                *"被告人张某持刀将李某捅伤，。；（）“”、：\n 酒一二三年月日犯罪判处有期徒刑本院认为",
                "经审理查明",
                "判决如下：",
                "附：",
                "轻伤二级",
                *ODD,
            )
        ),
        max_size=300,
    )
)
def test_the_words_of_a_judgment_in_any_order_break_nothing(words: list[str]) -> None:
    check("".join(words))


@SOME
@given(st.text(max_size=400))
def test_any_text_breaks_nothing(text: str) -> None:
    check(text)
