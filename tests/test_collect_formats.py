"""Records and texts of every form, in every encoding that they are met in, damaged and mixed."""

from __future__ import annotations

import contextlib
import dataclasses
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.collect import Rejected, read
from pipeline.collect.encoding import detect
from pipeline.collect.formats import RECORDS, case_report, sql_dump, topjudge, wenshu_anchors, wenshu_list
from pipeline.collect.landmarks import landmarks
from pipeline.schema import Judgment, RecordError, Section

CASES = Path(__file__).parent / "cases" / "collect"
INPUTS = sorted(path for path in CASES.glob("*/*") if path.name != "expected.json")
# What names its own encoding inside, or is damaged on purpose, cannot be written in another.
TEXTS = [path for path in INPUTS if detect(path.read_bytes(), complete=True) == "utf-8-sig" and path.parent.name != "mhtml"]


def values(path: Path) -> list[object]:
    """The JSON values of a file: one for the whole of it, or one on each line; none of any other file."""
    text = path.read_text("utf-8-sig")
    for pieces in ([text], text.splitlines()):
        with contextlib.suppress(ValueError):
            read_in = [json.loads(piece) for piece in pieces if piece.strip()]
            return [member for value in read_in for member in (value if isinstance(value, list) else [value])]
    return []


SAMPLES = [
    value for path in TEXTS for value in values(path) if isinstance(value, dict) and any(reader.recognise(value) for reader in RECORDS)
]
JUNK = st.none() | st.integers() | st.floats() | st.text(max_size=20) | st.lists(st.integers(), max_size=2) | st.just({"a": [None]})


def told(path: Path) -> list[tuple[str, ...]]:
    """What a file comes to, whatever its encoding."""
    return [
        (outcome.place, outcome.reason)
        if isinstance(outcome, Rejected)
        else (outcome.source, outcome.source_id, outcome.original, outcome.title, json.dumps(dict(outcome.metadata), sort_keys=True))
        for outcome in read([path])
    ]


@pytest.mark.parametrize("codec", ["gb18030", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("path", TEXTS, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_the_encoding_changes_nothing(path: Path, codec: str, tmp_path: Path) -> None:
    same, other = tmp_path / "utf8" / path.name, tmp_path / "other" / path.name
    for copy in (same, other):
        copy.parent.mkdir()
    same.write_bytes(path.read_bytes())
    other.write_bytes(path.read_text("utf-8-sig").encode(codec))
    assert told(other) == told(same)


def test_traditional_characters_stay_as_printed(tmp_path: Path) -> None:
    big5 = CASES / "text_big5" / "judgment.txt"
    assert detect(big5.read_bytes(), complete=True) == "cp950"
    utf8 = tmp_path / "judgment.txt"
    utf8.write_text(big5.read_bytes().decode("big5"), encoding="utf-8")
    assert told(big5) == told(utf8)
    assert "刑事判決書" in told(big5)[0][2]


@pytest.mark.parametrize(
    ("codec", "words"),
    [("cp950", "被告人張某在醫院櫃檯裏，用墻上的鐘砸傷護士李‧某"), ("big5hkscs", "被告人張某在邨口的醫院內，用杯砸傷護士李某喆")],
)
def test_characters_beyond_plain_big5(codec: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(f"經審理查明，{words}。".encode(codec))
    assert [outcome.original for outcome in read([path]) if isinstance(outcome, Judgment)] == [f"經審理查明，{words}。"]
    with pytest.raises(UnicodeEncodeError):
        words.encode("big5")


@given(st.sampled_from(SAMPLES), st.data())
@settings(max_examples=150, deadline=None)
def test_a_damaged_record_is_a_judgment_or_a_record_error(record: dict[str, object], data: st.DataObject) -> None:
    """Fields removed, cut short or replaced by something else."""
    changed = dict(record)
    for key in data.draw(st.lists(st.sampled_from(sorted(changed)), max_size=3)):
        change = data.draw(st.sampled_from(["drop", "cut", "junk"]))
        value = changed.pop(key, None)
        if change == "cut" and isinstance(value, str):
            changed[key] = value[: data.draw(st.integers(0, len(value)))]
        elif change != "drop":
            changed[key] = data.draw(JUNK)
    reader = next((reader for reader in RECORDS if reader.recognise(changed)), None)
    if reader is not None:
        with contextlib.suppress(RecordError):
            judgment = reader.parse(changed, "file:1")
            assert judgment.text
            assert judgment.source_id
            for value in judgment.metadata.values():
                value.encode("utf-8")


@given(st.lists(st.sampled_from(SAMPLES), min_size=1, max_size=5), st.data())
@settings(max_examples=40, deadline=None)
def test_a_file_of_many_forms_loses_no_record(
    tmp_path_factory: pytest.TempPathFactory, records: list[dict[str, object]], data: st.DataObject
) -> None:
    """One outcome a record at least; the last line may be cut off anywhere."""
    lines = [json.dumps(record, ensure_ascii=False) for record in records]
    lines[-1] = lines[-1][: data.draw(st.integers(2, len(lines[-1])))]
    path = tmp_path_factory.mktemp("mixed") / "mixed.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert len(list(read([path]))) >= len(records)


@given(st.text(alphabet="INSERT TOVALUECRE`'\"\\(),;\n被告人x1 ", max_size=200))
@settings(max_examples=80, deadline=None)
def test_any_dump_is_read_to_its_end(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.mktemp("dump") / "a.sql"
    path.write_text(f"INSERT INTO `t` (`id`, `text`) VALUES (1, '{text}\n", encoding="utf-8")
    assert list(read([path]))


def test_a_dump_with_quoted_line_breaks_and_several_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.sql"
    fact = "经审理查明，被告人张某用水杯砸伤药师李某。"
    path.write_text(
        "CREATE TABLE IF NOT EXISTS `t` (\n  `id` int NOT NULL,\n  `text` longtext COMMENT 'it''s; the text'\n);\n"
        f"INSERT INTO `t` VALUES (1,'{fact}'),(2,'第一行\\'引\\'。\n{fact};\n第三行。');\nINSERT INTO `t` VALUES (3,'{fact}",
        encoding="utf-8",
    )
    first, second, cut = read([path])
    assert isinstance(first, Judgment)
    assert isinstance(second, Judgment)
    assert isinstance(cut, Rejected)
    assert (first.path, second.path) == (f"{path}, line 5", f"{path}, line 5.2")
    assert second.original == f"第一行'引'。\n{fact};\n第三行。"
    assert (cut.place, cut.reason) == ("line 8", "truncated")
    assert not sql_dump.recognise("-- a note\n被告人张某\n")


def test_places_inside_one_value_differ(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"data": [{"id": "1", "text": ""}, {"id": "2", "text": ""}]}), encoding="utf-8")
    assert [outcome.place for outcome in read([path]) if isinstance(outcome, Rejected)] == ["line 1", "line 1.2"]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("某法院b刑 事 判 决 书b（2016）某刑初1号bb被告人张某", "某法院\n刑 事 判 决 书\n（2016）某刑初1号\n\n被告人张某"),
        ("在Bb2B超室，车牌浙A5b12号，usb线", "在Bb2B超室，车牌浙A5b12号，usb线"),
        ("第一行\n第二b行", "第一行\n第二b行"),
    ],
)
def test_the_letter_that_stands_for_a_line_break(content: str, expected: str) -> None:
    record = {"caseType": "刑事", "spcx": "一审", "document": {"content": content}}
    assert topjudge.parse(record, "x").original == expected


def test_anchors_name_the_sections_of_the_old_page() -> None:
    html = "<a type=\"dir\" name=\"WBSB\"></a><p></p><a type='dir' name='WBSB'></a><div>某法院</div><a type=dir name=CPYZ></a><div>本院认为</div>"
    assert wenshu_anchors.parts(html) == [(Section.HEADING, "某法院"), (Section.COURT_VIEW, "本院认为")]
    assert wenshu_anchors.parts("<a name='other'></a>") == []


def test_landmarks_are_offsets_of_the_text() -> None:
    text = "某法院 判 决 书\n经查明，张某打人。 本院认为，构成犯罪。\n一、张某无罪。"
    parts = [
        (Section.HEADING, "某法院判决书"),
        (Section.FACTS, "经查明,张某\n打人。"),
        (Section.DISPOSITION, "一、张某无罪"),
        (Section.CLOSING, "不在其中"),
    ]
    printed = landmarks(text, parts)
    assert printed == f"heading:0 facts:{text.index('经查明')} disposition:{text.index('一、')}"
    assert landmarks(text, [(Section.FACTS, " \n")]) == ""


@given(st.text(max_size=60), st.lists(st.tuples(st.sampled_from(Section), st.text(max_size=20)), max_size=4))
@settings(max_examples=60, deadline=None)
def test_landmarks_lie_in_the_text_and_in_order(text: str, parts: list[tuple[Section, str]]) -> None:
    starts = [int(place.partition(":")[2]) for place in landmarks(text, parts).split()]
    assert starts == sorted(starts)
    assert all(0 <= start < len(text) for start in starts)


def test_commentary_of_a_report_never_enters_the_text() -> None:
    for path in INPUTS:
        if path.parent.name.startswith("case_report") and path.parent.name != "case_report_several":
            judgment = next(iter(read([path])))
            assert isinstance(judgment, Judgment)
            assert "李某甲" not in judgment.text, path
    assert not case_report.recognise("**【第1号】张某案**\n正文")


@pytest.mark.parametrize("heading", ["二、本案涉及的主要问题", "**二、争议焦点**", "【评析】", "三、裁判理由：", "## 裁判说理"])
def test_every_heading_of_commentary_ends_the_case(heading: str) -> None:
    fact = "经审理查明，被告人张某在急诊室打伤护士。"
    report = f"【第9003号】张某寻衅滋事案\n一、基本案情\n{fact}\n一、被告人张某犯寻衅滋事罪，判处拘役三个月。\n{heading}\n李某甲杀害医生。"
    assert case_report.parse(report, "a.md").text == f"{fact}\n一、被告人张某犯寻衅滋事罪，判处拘役三个月。"


def test_a_list_of_search_results_says_how_many_it_names() -> None:
    refusal = wenshu_list.refusal({"queryResult": {"resultCount": 9, "resultList": [{}, {}, {}]}})
    assert refusal is not None
    assert "names 3 documents" in refusal.detail
    assert wenshu_list.refusal({"queryResult": None}) is not None
    assert wenshu_list.refusal([]) is None


def test_no_key_of_an_encrypted_reply_reaches_an_outcome() -> None:
    keys = {json.loads(path.read_text("utf-8"))["secretKey"] for path in (CASES / "wenshu_encrypted").glob("[0-9]*.json")} - {None}
    assert len(keys) == 2
    shown = "".join(str(dataclasses.asdict(outcome)) for outcome in read([CASES / "wenshu_encrypted"]))
    assert not any(key in shown for key in keys)
