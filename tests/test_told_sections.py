"""Sections that the source tells: followed where the text shows none, and nowhere else."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.collect import read
from pipeline.extract import extract
from pipeline.schema import Judgment, Section
from pipeline.text import Document, canonical
from pipeline.text.sections import told

CASES = Path(__file__).parent / "cases" / "collect"
HEADING = "江州省临江市东湖区人民法院\n刑 事 判 决 书\n公诉机关临江市东湖区人民检察院。\n被告人张某，男，1985年出生。\n"
FACTS = "经审理查明，张某用水杯砸中药师李某左手，致轻伤二级。\n"
REASONS = "张某故意伤害他人身体，其行为已构成故意伤害罪。\n"
DECISION = "张某犯故意伤害罪，判处拘役四个月。\n"
CLOSING = "审　判　长　　王　某\n"
WORDLESS = HEADING + FACTS + REASONS + DECISION + CLOSING


def judgment(text: str, **places: str) -> Judgment:
    landmarks = " ".join(f"{section}:{text.index(words)}" for section, words in places.items())
    return Judgment("plain", "1", canonical(text), metadata={"sections": landmarks})


def cut(document: Document) -> dict[Section, str]:
    return {stretch.section: document.view[stretch.start : stretch.end] for stretch in document.sections}


def test_parts_that_no_words_open_are_taken_from_the_source() -> None:
    parts = cut(Document.of(judgment(WORDLESS, heading=HEADING, facts=FACTS, court_view=REASONS, disposition=DECISION)))
    assert parts[Section.FACTS] == FACTS
    assert parts[Section.COURT_VIEW] == REASONS
    assert parts[Section.DISPOSITION] == DECISION
    assert parts[Section.CLOSING].startswith("审判长")
    assert Section.COURT_VIEW not in cut(Document.read(canonical(WORDLESS)))


@pytest.mark.parametrize("opening", ["本院认为，", "综上所述，本院认为，"])
def test_parts_that_the_text_shows_stay_where_it_shows_them(opening: str) -> None:
    text = WORDLESS.replace(REASONS, f"{opening}{REASONS.strip()}判决如下：\n")
    with_source = Document.of(judgment(text, facts="被告人张某，男", court_view="药师李某", disposition="致轻伤二级"))
    assert with_source.sections == Document.read(canonical(text)).sections


def test_facts_come_only_from_a_source_that_tells_the_pleas_apart() -> None:
    text = HEADING + "临江市东湖区人民检察院指控张某犯故意伤害罪。\n" + FACTS.replace("经审理查明，", "") + REASONS + DECISION
    told_facts = FACTS.removeprefix("经审理查明，")
    mixed = cut(Document.of(judgment(text, facts=told_facts, court_view=REASONS, disposition=DECISION)))
    apart = cut(
        Document.of(judgment(text, prosecution="临江市东湖区人民检察院指控", facts=told_facts, court_view=REASONS, disposition=DECISION))
    )
    assert Section.FACTS not in mixed
    assert apart[Section.FACTS] == told_facts
    assert apart[Section.PROSECUTION].startswith("临江市东湖区人民检察院指控")
    assert apart[Section.COURT_VIEW] == mixed[Section.COURT_VIEW] == REASONS


def test_told_parts_carry_labels_with_their_quotations() -> None:
    source = judgment(WORDLESS, heading=HEADING, facts=FACTS, court_view=REASONS, disposition=DECISION)
    spans = [(label.variable, span) for label in extract(source) for span in label.spans if span.section is Section.DISPOSITION]
    assert spans
    assert all(source.text[span.start : span.end] in canonical(DECISION) for _, span in spans)


def test_a_record_cut_by_hand_is_read_in_its_parts() -> None:
    first = next(iter(read([CASES / "simucourt"])))
    assert isinstance(first, Judgment)
    parts = cut(Document.of(first))
    assert parts[Section.COURT_VIEW].startswith("被告人张某故意伤害他人身体")
    assert parts[Section.DISPOSITION].startswith("被告人犯故意伤害罪")
    assert parts[Section.FACTS].startswith("经审理查明")
    assert parts[Section.DEFENCE].startswith("被告人张某系初犯")


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("heading:0 facts:5 court_view:9", {Section.HEADING: 0, Section.FACTS: 5, Section.COURT_VIEW: 9}),
        ("facts:5 court_view:3 disposition:7", {Section.FACTS: 5, Section.DISPOSITION: 7}),
        ("facts:99 unknown:1 facts facts: facts:-1 facts:²", {}),
        ("", {}),
    ],
)
def test_what_is_no_landmark_is_left_out(printed: str, expected: dict[Section, int]) -> None:
    assert told(printed, 10) == expected


@given(
    st.text(alphabet="本院认为，判决如下：。\n 张某 ", max_size=80),
    st.text(max_size=30),
    st.lists(st.tuples(st.sampled_from(Section), st.integers(0, 90)), max_size=5),
)
@settings(max_examples=150, deadline=None)
def test_any_landmarks_leave_sections_in_order_and_without_gaps(text: str, junk: str, places: list[tuple[Section, int]]) -> None:
    landmarks = " ".join([junk, *(f"{section}:{place}" for section, place in places)])
    document = Document.of(Judgment("plain", "1", canonical(text), metadata={"sections": landmarks}))
    edges = [(stretch.start, stretch.end) for stretch in document.sections]
    assert all(start < end for start, end in edges)
    assert all(before[1] == after[0] for before, after in itertools.pairwise(edges))
    assert not edges or (edges[0][0], edges[-1][1]) == (0, len(document.view))
