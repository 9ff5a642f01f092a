"""Codings go through every form and come back whole; files in the shape that Label Studio and doccano document are read; bad records are told."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.annotate.exchange import FORMS, CodedJudgment, Reading, is_voice, named, recognised, text_hash
from pipeline.annotate.exchange.offsets import Utf16
from pipeline.codebook import load
from pipeline.schema import AnjuanError, Entry
from pipeline.store.entries import normal

CASES = Path(__file__).parent / "cases" / "exchange"
TEXT = "被告人张某😀持刀\r\n冲入诊室，将𠮷医生砍伤。\u00a0伤者为轻伤二级。"
WHOLE = [name for name in FORMS if name != "codings"]
FEW = settings(max_examples=25, deadline=None, derandomize=True)
FIELDS = [
    ("case", "attack_type"),
    ("case", "in_scope"),
    ("case", "weapon"),
    ("case", "worst_injury"),
    ("case", "court"),
    ("case", "decided_on"),
]
FIELDS += [("victim:2", "role"), ("victim:2", "persons"), ("victim:12", "name"), ("defendant:1", "charge"), ("defendant:1", "fine")]
signs = st.one_of(
    st.sampled_from("张某医院刀😀𠮷\r\n\u00a0\u2028\x85\"',;=+-@＝<>&\\ \t0"),
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
)
texts = st.text(signs, min_size=1, max_size=60)


class Known:
    """The judgments that a reader may ask for."""

    def __init__(self, coded: Sequence[CodedJudgment] = ()) -> None:
        self._coded = coded

    def text(self, judgment_id: str) -> str | None:
        """The text of a judgment."""
        return next((each.text for each in self._coded if each.judgment_id == judgment_id), None)

    def named(self, source_id: str) -> list[str]:
        """The judgments with this identifier."""
        return [each.judgment_id for each in self._coded if each.source_id == source_id]


def values(draw: st.DrawFn, variable: str, text: str) -> tuple[str, ...]:
    """Possible values of a variable; open ones are words of the text, for other words the committed form leaves out."""
    declared = load()[variable]
    if declared.names:
        return tuple(draw(st.lists(st.sampled_from(declared.names), max_size=3 if declared.kind == "list" else 1, unique=True)))
    if declared.kind == "integer":
        return tuple(draw(st.lists(st.sampled_from(["0", "3", "-2", "007", "9" * 20]), max_size=1)))
    if declared.kind == "date":
        return tuple(draw(st.lists(st.sampled_from(["2018", "2018-03-14"]), max_size=1)))
    spans = draw(st.lists(st.tuples(st.integers(0, len(text) - 1), st.integers(1, 5)), max_size=3 if declared.kind == "list" else 1))
    return tuple(text[start : start + length] for start, length in spans)


@st.composite
def entry(draw: st.DrawFn, text: str, unit: str, variable: str) -> Entry:
    """What a coder may have put down, in the form in which the store gives it."""
    chosen = values(draw, variable, text)
    if not chosen and load()[variable].kind == "list" and draw(st.booleans()):
        chosen = ("",)
    spans = draw(st.lists(st.tuples(st.integers(0, len(text) - 1), st.integers(1, 20)), max_size=3))
    words = tuple((start, min(start + length, len(text)), draw(st.sampled_from([*chosen, ""]))) for start, length in spans)
    return normal(load(), Entry(unit, variable, chosen, words, draw(st.booleans()), draw(st.one_of(st.just(""), texts))))


@st.composite
def coding(draw: st.DrawFn, judgment_id: str = "00aa00aa00aa00aa", coder: str = "") -> CodedJudgment:
    """A judgment as somebody has coded it."""
    text = draw(texts)
    entries = [draw(entry(text, *field)) for field in draw(st.lists(st.sampled_from(FIELDS), unique=True))]
    entries += [Entry("case", "", note=note) for note in draw(st.lists(texts, max_size=1))]
    kept = sorted((e for e in entries if e.values or e.words or e.unsure or e.note), key=lambda e: (e.unit, e.variable))
    who = coder or draw(st.sampled_from(["王五", "li.si-2", "adjudicated", "screen:王五"]))
    about = {"title": draw(texts), "seconds": draw(st.sampled_from([0.0, 12.5])), "state": draw(st.sampled_from(["", "open", "done"]))}
    mode = draw(st.sampled_from(["blind", "assisted", "imported", "adjudication"]))
    return CodedJudgment(judgment_id, "E1", text=text, text_hash=text_hash(text), coder=who, mode=mode, codebook_version="1.3",
                         entries=tuple(kept), at="2026-03-01T08:00:00Z", **about)  # fmt: skip


def there_and_back(name: str, coded: Sequence[CodedJudgment], losses: Counter[str] | None = None) -> Reading:
    """What is read from what was written, by way of the file's bytes."""
    form = named(name)
    content = "".join(form.write(coded, Counter() if losses is None else losses, True)).encode(form.encoding).decode("utf-8-sig")
    assert recognised(content, "f").name == name
    return form.read(content, "f", Known(coded))


def settled(coded: CodedJudgment, name: str) -> CodedJudgment:
    """A coding as a form can give it back: with the words in one order, and without the text where the form holds none."""
    entries = tuple(replace(e, words=tuple(sorted(e.words))) for e in coded.entries)
    coded = replace(coded, entries=entries)
    if name == "annotations":
        return replace(coded, text="", title="", source_id="")
    return replace(coded, text="") if name == "csv" else coded


@pytest.mark.parametrize("name", WHOLE)
@FEW
@given(data=st.data())
def test_every_form_gives_back_what_it_was_given(name: str, data: st.DataObject) -> None:
    text = data.draw(coding(coder="王五"))
    coded = [
        text,
        replace(data.draw(coding(coder="陈六")), text=text.text, text_hash=text.text_hash, title=text.title, entries=text.entries[:2]),
    ]
    losses: Counter[str] = Counter()
    reading = there_and_back(name, coded, losses)
    assert not reading.problems
    assert not +losses
    found = {each.coder: settled(each, name) for each in reading.coded}
    assert found == {each.coder: settled(each, name) for each in coded}


@FEW
@given(coded=coding())
def test_the_committed_form_holds_no_words_of_the_text(coded: CodedJudgment) -> None:
    line = "".join(named("annotations").write([replace(coded, title="张某")], Counter(), False))
    assert not re.search("[张某医院刀😀𠮷]", line.replace(coded.coder, ""))
    assert "note" not in line


def test_values_that_do_not_stand_in_the_text_are_left_out_and_counted() -> None:
    entries = (
        Entry("defendant:1", "charge", ("故意伤害罪", "刀")),
        Entry("case", "note", ("李某甲？",)),
        Entry("case", "property_confiscated", ("none",)),
    )
    coded = CodedJudgment("0" * 16, text=TEXT, text_hash=text_hash(TEXT), coder="王五", entries=entries)
    losses: Counter[str] = Counter()
    line = "".join(named("annotations").write([coded], losses, False))
    assert "故意" not in line
    assert "李某甲" not in line
    assert losses == {"values that are words, but do not stand in their judgment's text": 2}
    back = named("annotations").read(line, "f", Known([coded])).coded[0]
    assert [e.values for e in back.entries] == [("刀",), (), ("none",)]
    assert back.partial == {("defendant:1", "charge"), ("case", "note")}


def test_the_committed_form_refuses_a_text_that_has_changed() -> None:
    coded = CodedJudgment("0" * 16, text=TEXT, text_hash=text_hash(TEXT + "。"), coder="王五", entries=(Entry("case", "in_scope", ("1",)),))
    reading = there_and_back("annotations", [coded])
    assert reading.coded == []
    assert "has changed since it was coded" in reading.problems[0]
    assert reading.problems[0].startswith("f, line 1: ")


@FEW
@given(text=texts)
def test_utf16_counts_as_the_encoding_does(text: str) -> None:
    units = Utf16(text)
    for place in range(len(text) + 1):
        assert units.units(place) == len(text[:place].encode("utf-16-le")) // 2
        assert units.place(units.units(place)) == place
    inside = {units.units(place) for place in range(len(text) + 1)}
    assert all(units.place(place) is None for place in range(-1, units.units(len(text)) + 2) if place not in inside)


@pytest.mark.parametrize("note", ["=HYPERLINK(1)", "+1", "-1", "@a", "\t=1", "\r=1", "'=1", "＝1", "'quoted'", "a=b", '"', "a\r\nb", ""])
def test_a_cell_is_no_formula_and_comes_back_unchanged(note: str) -> None:
    coded = CodedJudgment("0" * 16, text=TEXT, coder="王五", entries=(Entry("case", "", note=note, unsure=True),))
    content = "".join(named("csv").write([coded], Counter(), True))
    cells = [cell for row in csv.reader(io.StringIO(content, newline="")) for cell in row]
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "-", "@", "\t", "\r", "＝")]
    assert named("csv").read(content, "f", Known()).coded[0].entries[0].note == note


def test_rows_of_a_table_may_be_sorted_and_filtered() -> None:
    entries = (Entry("case", "weapon", ("knife", "blunt"), ((3, 5, "knife"), (10, 12, ""), (10, 13, "knife")), True, "两样"),)
    coded = CodedJudgment("0" * 16, text=TEXT, text_hash="f" * 16, coder="王五", entries=entries)
    first, *rows = "".join(named("csv").write([coded], Counter(), True)).splitlines(keepends=True)
    back = named("csv").read(first + "".join(reversed(rows)), "f", Known()).coded[0].entries[0]
    assert (set(back.values), back.words, back.unsure, back.note) == (set(entries[0].values), tuple(sorted(entries[0].words)), True, "两样")


BAD = {
    "annotations": [
        ("{", "not JSON"),
        ("[]", "not an object"),
        ('{"judgment_id": 3, "entries": []}', "`judgment_id` must be text"),
        ('{"judgment_id": "a", "entries": {}}', "`entries` must be a list"),
        ('{"judgment_id": "a", "mode": "seen", "entries": []}', "unknown mode 'seen'"),
        ('{"judgment_id": "a", "coder": "rules", "entries": []}', "cannot be a coder's name"),
        ('{"judgment_id": "a", "entries": [{"unit": "case", "variable": "court", "values": [{"at": [4, 2]}]}]}', "0 <= start < end"),
        ('{"judgment_id": "a", "entries": [{"unit": "case", "variable": "court", "values": [7]}]}', "a value must be text or"),
        ('{"judgment_id": "a", "entries": [{"unit": "case", "variable": "court", "words": [[1, 2]]}]}', "[start, end, value]"),
        ('{"judgment_id": "a", "entries": [{"unit": "case", "variable": "court", "value": "x"}]}', "no part 'value'"),
        ('{"judgment_id": "a", "seconds": true, "entries": []}', "`seconds` must be a number"),
    ],
    "jsonl": [
        ('{"text": "一", "entries": [{"variable": "court"}]}', "`unit` is missing"),
        ('{"text": "一", "entries": [{"unit": "case", "variable": "court", "words": [{"start": 0, "end": 2}]}]}', "outside the text of 1"),
        (
            '{"text": "一", "entries": [{"unit": "case", "variable": "court", "words": [{"start": 0, "end": 1, "quotation": "二"}]}]}',
            "stands '一'",
        ),
        ('{"text": "一", "entries": [{"unit": "case", "variable": "court", "unsure": 1}]}', "`unsure` must be true or false"),
    ],
    "doccano": [
        ('{"text": "一", "cats": ["Person"]}', "'Person' is no label of the codebook"),
        ('{"text": "一", "cats": ["case.court"]}', "says no value"),
        ('{"text": "一", "entities": [[0, 9, "case.court"]]}', "outside the text"),
        ('{"text": "一", "entities": [["0", 1, "case.court"]]}', "must be [start, end]"),
        ('{"text": "一", "entities": [[0, 1]]}', "must hold [start, end, label]"),
        ('{"text": "一", "entities": [[0, 1, "defendant:1.charge#2"]]}', "which has 0"),
        ('{"text": 1}', "`text` must be text"),
    ],
    "labelstudio": [
        ('[{"data": {"text": "一"}}]', "not as JSON-MIN"),
        (
            '[{"data": {"text": "一"}, "annotations": [{"result": [{"type": "labels", "value": {"start": "/div[1]", "end": 2}}]}]}]',
            "words must be",
        ),
        (
            '[{"data": {"text": "一"}, "annotations": [{"result": [{"from_name": "case__court", "type": "rating", "value": {}}]}]}]',
            "must give choices",
        ),
        ("[1, 2", "not JSON"),
    ],
    "csv": [
        ("judgment_id,coder\r\n", "no column unit"),
        ("judgment_id,coder,unit,variable,value,chosen,start,end,quotation,unsure,note\r\na,b\r\n", "2 cells"),
        ("judgment_id,coder,unit,variable,value,chosen,start,end,quotation,unsure,note\r\na,b,case,court,x,yes,,,,,\r\n", "must be 0 or 1"),
        (
            "judgment_id,coder,unit,variable,value,chosen,start,end,quotation,unsure,note\r\na,b,case,court,x,1,one,2,,,\r\n",
            "`start` must be a number",
        ),
        ('judgment_id,coder,unit,variable,value,chosen,start,end,quotation,unsure,note\r\na,b,case,court,"x\r\n', "not CSV"),
    ],
    "codings": [
        ('{"id": "E9", "in_scope": true}', "holds no judgment 'E9'"),
        ('{"id": "E1", "weapon": "knife"}', "`weapon` must be a list"),
        ('{"id": "E1", "evidence": {"colour": "张"}}', "no variable of the case"),
        ('{"id": "E1", "victims": ["doctor"]}', "`victims` must hold an object"),
        ('{"id": "E1", "in_scope": {}}', "`in_scope` must be one value"),
    ],
}


@pytest.mark.parametrize(("name", "content", "reason"), [(name, *case) for name, cases in BAD.items() for case in cases])
def test_a_malformed_record_is_told_with_its_place(name: str, content: str, reason: str) -> None:
    known = Known([CodedJudgment("0" * 16, "E1", text=TEXT)])
    reading = named(name).read(content, "file.x", known)
    assert reading.coded == []
    assert len(reading.problems) == 1
    assert re.match(r"file\.x(, (line|task) \d+)?: ", reading.problems[0])
    assert reason in reading.problems[0]
    assert "\n" not in reading.problems[0]


def test_every_malformed_record_is_told_and_the_others_are_read() -> None:
    lines = [
        '{"text": "一", "coder": "王五", "entries": []}',
        "{",
        "",
        '{"text": 1, "entries": []}',
        '{"text": "二", "coder": "王五", "entries": []}\r',
    ]
    reading = named("jsonl").read("\n".join(lines), "f", Known())
    assert [each.place for each in reading.coded] == ["f, line 1", "f, line 5"]
    assert [problem.partition(": ")[0] for problem in reading.problems] == ["f, line 2", "f, line 4"]


@FEW
@given(
    content=st.one_of(st.text(), st.sampled_from(["[{}]", '[{"annotations": [{"result": [{}]}], "data": {"text": ""}}]', '{"text": null}']))
)
@pytest.mark.parametrize("name", FORMS)
def test_no_content_breaks_a_reader(name: str, content: str) -> None:
    reading = named(name).read(content, "f", Known())
    assert all(problem.startswith("f") for problem in reading.problems)


KEYS = [
    "text",
    "data",
    "annotations",
    "result",
    "value",
    "labels",
    "choices",
    "start",
    "end",
    "type",
    "from_name",
    "entities",
    "label",
    "cats",
]
KEYS += [
    "values",
    "unsure",
    "notes",
    "entries",
    "words",
    "unit",
    "variable",
    "judgment_id",
    "coder",
    "mode",
    "id",
    "victims",
    "evidence",
    "in_scope",
]
KEYS += ["weapon", "left_out", "at", "note", "meta", "completed_by", "lead_time"]
json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-9, 99)
    | st.floats(allow_nan=False)
    | st.sampled_from(["", "case.weapon=knife", "case__weapon", "王五"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(KEYS),
            inner,
            max_size=6,
        )
    ),
    max_leaves=12,
)


@FEW
@given(record=json)
@pytest.mark.parametrize("name", [name for name in FORMS if name != "csv"])
def test_no_json_breaks_a_reader(name: str, record: object) -> None:
    reading = named(name).read(orjson.dumps(record).decode(), "f", Known([CodedJudgment("王五", "王五", text=TEXT)]))
    assert all("\n" not in problem for problem in reading.problems)


def test_the_form_is_told_by_the_content() -> None:
    for content, reason in (("", "is empty"), ("<xml>", "none of the forms"), ("{\n{", "no line is a JSON object")):
        with pytest.raises(AnjuanError, match=reason):
            recognised(content, "f")
    with pytest.raises(AnjuanError, match="unknown form 'brat'; choose one of: annotations, "):
        named("brat")


@pytest.mark.parametrize(
    ("name", "possible"), [("王五", True), ("screen:王五", True), ("adjudicated", True), ("rules", False), ("Model", False)]
)
def test_who_may_code(name: str, possible: bool) -> None:
    assert is_voice(name) is possible
    assert not is_voice(f"{name}:x")
    assert not is_voice("a" * 41)
