"""Files in the shape that Label Studio and doccano document, with offsets as each counts them; and the interface that Label Studio is given."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from xml.etree.ElementTree import fromstring

import orjson

from pipeline.annotate.exchange import CodedJudgment, interface, named, recognised
from pipeline.codebook import load
from pipeline.schema import Entry

CASES = Path(__file__).parent / "cases" / "exchange"
TEXT = "被告人张某😀持刀\r\n冲入诊室，将𠮷医生砍伤。\u00a0伤者为轻伤二级。"


class Nothing:
    """No judgments: these forms bring their texts with them."""

    def text(self, judgment_id: str) -> str | None:
        """No text."""
        return None

    def named(self, source_id: str) -> list[str]:
        """No judgment."""
        return []


def words(coded: CodedJudgment, variable: str) -> list[tuple[str, str]]:
    """The quoted words of a variable and the value they support."""
    return [(TEXT[start:end], value) for e in coded.entries if e.variable == variable for start, end, value in e.words]


def test_an_export_of_label_studio_is_read() -> None:
    content = (CASES / "labelstudio.json").read_text("utf-8")
    reading = recognised(content, "f").read(content, "f", Nothing())
    assert not reading.problems
    first, second = reading.coded
    said = {(e.unit, e.variable): e for e in first.entries}
    assert first.text == TEXT
    assert (first.coder, first.source_id, first.seconds, first.at[:10], first.mode) == ("li.si", "E1", 312.4, "2026-03-01", "imported")
    assert (second.coder, [e.values for e in second.entries]) == ("user5", [("1",)])
    assert words(first, "attack_type") == [("持刀\r\n冲入诊室", "hatred")]
    assert words(first, "role") == [("𠮷医生", "doctor")]
    assert words(first, "name") == [("张某", "张某")]
    assert said["case", "attack_type"].unsure
    assert said["case", "attack_type"].note == "=是否蓄意？"
    assert said["case", "prior_dispute_channel"].values == ("",)
    assert said["victim:1", "persons"].values == ("1",)
    assert sum(reading.losses.values()) == 2  # the rating, the skipped annotation


def test_offsets_of_an_old_label_studio_are_told_by_its_words() -> None:
    content = (CASES / "labelstudio_utf16.json").read_text("utf-8")
    reading = named("labelstudio").read(content, "f", Nothing())
    assert words(reading.coded[0], "role") == [("𠮷医生", "doctor")]
    assert words(reading.coded[0], "injury") == [("轻伤二级", "minor")]
    wrong = content.replace('"轻伤二级"', '"重伤二级"')
    assert "do not stand at" in named("labelstudio").read(wrong, "f", Nothing()).problems[0]


def test_an_export_of_doccano_is_read() -> None:
    content = (CASES / "doccano.jsonl").read_text("utf-8")
    reading = recognised(content, "f").read(content, "f", Nothing())
    assert not reading.problems
    both, classified, labelled, related = reading.coded
    said = {e.variable: e for e in both.entries}
    assert words(both, "attack_type") == [("持刀", "hatred")]
    assert words(both, "role") == [("𠮷医生", "")]
    assert said["attack_type"].values == ("hatred",)
    assert said[""].note == "凶器从何而来？"
    assert [e.values for e in classified.entries] == [("no",)]
    assert words(labelled, "injury") == [("轻伤二级", "minor")]
    assert words(related, "weapon") == [("持刀", "knife")]


def test_doccano_counts_utf16_units() -> None:
    start = TEXT.index("医生")
    coded = CodedJudgment(
        "0" * 16, text=TEXT, entries=(Entry("victim:1", "role", ("doctor",), ((start, start + 2, "doctor"),)),), coder="王五"
    )
    record = orjson.loads("".join(named("doccano").write([coded], Counter(), True)))
    assert record["entities"] == [[start + 2, start + 4, "victim:1.role=doctor"]]
    record["entities"][0][0] = TEXT.index("𠮷") + 2  # between the two halves of 𠮷
    assert "cut a character in two" in named("doccano").read(orjson.dumps(record).decode(), "f", Nothing()).problems[0]


def test_the_interface_of_label_studio_knows_every_mark_of_its_export() -> None:
    entries = (
        Entry("case", "attack_type", ("hatred",), ((0, 2, "hatred"),), True, "注"),
        Entry("defendant:2", "charge", ("伤害", "刀"), ((0, 1, "刀"),)),
        Entry("victim:7", "role", ("nurse",), ((0, 1, "nurse"), (2, 3, ""))),
        Entry("case", "weapon", ("",)),
    )
    coded = CodedJudgment("0" * 16, text=TEXT, coder="王五", entries=entries)
    view = fromstring(interface(load(), entries))
    controls = {e.get("name"): {child.get("alias") for child in e} for e in view if e.get("name")}
    for result in orjson.loads("".join(named("labelstudio").write([coded], Counter(), True)))[0]["annotations"][0]["result"]:
        offered = controls[result["from_name"]]
        assert {"labels", "choices"}.isdisjoint(result["value"]) or set(result["value"][result["type"]]) <= offered
    assert [e.get("value") for e in view.iter("Choice") if e.get("alias") == "hatred"] == ["仇恨型"]
