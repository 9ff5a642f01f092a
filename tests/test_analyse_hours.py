"""The hour of the act, read from the words behind its date: the rule's own examples, and the unit that carries it."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.analyse.hours import EXAMPLES, TIMED, read_hours
from pipeline.analyse.reading import open_readonly, rows
from pipeline.schema import Judgment, Label, Section, Span, Speaker
from pipeline.store import Store


def test_the_rule_reads_its_examples_and_nothing_else() -> None:
    assert read_hours({text: text for text in EXAMPLES}) == dict(EXAMPLES)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=20))
def test_any_text_gives_one_answer_and_the_hour_agrees_with_its_part_of_the_day(text: str) -> None:
    hour, part = read_hours({"one": text})["one"]
    assert hour == "" or (hour.isdigit() and 0 <= int(hour) < 24)
    assert hour == "" or part == ("night", "morning", "afternoon", "evening")[int(hour) // 6]


def test_of_several_quotations_the_one_with_an_hour_counts_and_silence_is_kept(tmp_path: Path) -> None:
    texts = {
        "two": "公诉机关指控，2018年6月7日，被告人张某到医院。经审理查明，2018年6月7日晚9时许，被告人张某殴打护士李某甲。",
        "other_day": "经审理查明，2018年6月7日，被告人王某到医院。2018年6月8日10时许，民警到场。",
        "none": "经审理查明，被告人陈某殴打护士赵某。",
    }
    judgments = [Judgment("test", name, text) for name, text in texts.items()]
    with Store.open(tmp_path / "hours.db") as store:
        store.add_judgments(store.begin_run("test"), judgments)
        batch = [(judgment.judgment_id, labels(judgment.text)) for judgment in judgments]
        store.replace_labels("test", "rules", "rules", batch, "1.3")
    found = rows(open_readonly(tmp_path / "hours.db"), f"SELECT source_id, hour, part_of_day FROM {TIMED.of('cases')}")
    assert {row["source_id"]: (row["hour"], row["part_of_day"]) for row in found} == {
        "two": ("21", "evening"),
        "other_day": ("", ""),
        "none": ("", ""),
    }


def labels(text: str) -> list[Label]:
    """In scope, and the date of the act with every place that prints it."""
    date = "2018年6月7日"
    starts = [place for place in range(len(text)) if text.startswith(date, place)]
    spans = tuple(Span(start, start + len(date), Section.FACTS, Speaker.COURT) for start in starts)
    return [Label("case", "in_scope", "1"), *([Label("case", "incident_on", "2018-06-07", spans=spans)] if spans else [])]
