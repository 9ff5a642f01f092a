"""Whatever the bytes: no exception, one outcome at least, and text that can be stored."""

from __future__ import annotations

import contextlib
import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.collect import Rejected, read
from pipeline.collect.cleaning import is_furniture, iso_date, plain, storable
from pipeline.collect.encoding import detect
from pipeline.collect.formats import CONTAINERS, DOCUMENTS, RECORDS
from pipeline.schema import Judgment, RecordError

CASES = Path(__file__).parent / "cases" / "collect"
INPUTS = sorted(path for path in CASES.glob("*/*") if path.name != "expected.json")
KEYS = [
    "id",
    "text",
    "fact",
    "meta",
    "qw",
    "writId",
    "fd",
    "text_id",
    "query",
    "qwContent",
    "s1",
    "s5",
    "s47",
    "major_text",
    "全文",
    "案号",
    "案件类型",
    "result",
]
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=40)
    | st.sampled_from(["被告人张某犯罪。", "<p>查明</p>", '{"id": 1}', "[1, 2"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=8,
)


def outcomes(data: bytes) -> list[Judgment | Rejected]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "input"
        path.write_bytes(data)
        return list(read([path]))


def check_outcomes(data: bytes) -> None:
    found = outcomes(data)
    assert found
    for outcome in found:
        if isinstance(outcome, Judgment):
            assert len(outcome.text) == len(outcome.original)
            for stored in (outcome.text, outcome.title, outcome.source_id, *outcome.metadata.values()):
                stored.encode("utf-8")
        else:
            outcome.detail.encode("utf-8")
            assert outcome.reason != "reader_failed"


@given(st.binary(max_size=300))
@settings(max_examples=80, deadline=None)
def test_any_bytes(data: bytes) -> None:
    check_outcomes(data)


@given(st.sampled_from(INPUTS), st.data())
@settings(max_examples=70, deadline=None)
def test_damaged_examples(path: Path, data: st.DataObject) -> None:
    """Cut, overwrite or repeat a stretch of a good file."""
    content = path.read_bytes()
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, min(len(content), start + 200)))
    middle = data.draw(st.sampled_from([b"", b"\x00", b"\xff\xfe", b'"', b"{", b"<div>" * 50, b"\\u", content[start:end] * 2]))
    check_outcomes(content[:start] + middle + (b"" if data.draw(st.booleans()) else content[end:]))


@given(st.lists(VALUES, max_size=4), st.booleans())
@settings(max_examples=70, deadline=None)
def test_any_json(values: list[object], lines: bool) -> None:
    text = "\n".join(json.dumps(value) for value in values) if lines else json.dumps(values)
    check_outcomes(text.encode() or b" ")


@given(st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=6))
@settings(max_examples=70, deadline=None)
def test_record_readers_raise_nothing_but_record_errors(record: dict[str, object]) -> None:
    for reader in RECORDS:
        if reader.recognise(record):
            with contextlib.suppress(RecordError):
                assert reader.parse(record, "file:1").source_id


@given(st.text(alphabet="<>/divapre!-&;#x10=\"' \n被告人查明。法院书$({[", max_size=200))
@settings(max_examples=70, deadline=None)
def test_document_readers_raise_nothing_but_record_errors(text: str) -> None:
    for reader in DOCUMENTS:
        if reader.recognise(text):
            with contextlib.suppress(RecordError):
                assert reader.parse(text, "file").text


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: path.parent.name)
def test_at_most_one_container_claims_a_file_and_some_reader_always_does(path: Path) -> None:
    codec = detect(path.read_bytes(), complete=True)
    assert codec
    head = path.read_bytes().decode(codec)
    containers = [reader for reader in CONTAINERS if reader.recognise(head)]
    assert len(containers) <= 1
    assert containers or any(reader.recognise(head) for reader in DOCUMENTS)


@given(st.text(max_size=80))
def test_plain_text_is_stable_and_can_be_stored(text: str) -> None:
    once = plain(text)
    once.encode("utf-8")
    assert storable(once) == once


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("甲&#xD;乙&amp;#xD;丙&nbsp;丁", "甲\n乙\n丙\xa0丁"),
        ("甲\\n乙\\r\\n丙", "甲\n乙\n丙"),
        ("他打开C:\\new和D:\\test文件夹", "他打开C:\\new和D:\\test文件夹"),
        ("\\u7532某", "甲某"),
        ("甲\r\n乙\r丙", "甲\n乙\n丙"),
        ("AT&T公司;R&D部门", "AT&T公司;R&D部门"),
        ("\ud83d\ude00甲\ud83d乙\x00丙", "😀甲\ufffd乙\ufffd丙"),
        ("二〇二一年十月二日 微信公众号“马克 数据网”", "二〇二一年十月二日 "),
        ("被告人马克某某进行数据网络犯罪", "被告人马克某某进行数据网络犯罪"),
        ("判决如下：更多数据：www.macrodatas.cn一、张某无罪", "判决如下：一、张某无罪"),
    ],
)
def test_plain(raw: str, expected: str) -> None:
    assert plain(raw) == expected


@pytest.mark.parametrize(
    "line",
    ["发布日期：2019-04-01 浏览：5次", "发布日期： 浏览：次", "发布日期：2019-04-01", "浏览：7次", "打印本页", "  ", "上一篇：没有了"],
)
def test_furniture(line: str) -> None:
    assert is_furniture(line)


@pytest.mark.parametrize("line", ["被告人张某下载淫秽视频。", "浏览该网站的人数为五人。", "审　判　长　　王　某", "刑事判决书"])
def test_no_furniture(line: str) -> None:
    assert not is_furniture(line)


@pytest.mark.parametrize(
    ("printed", "iso"), [("2019年3月5日", "2019-03-05"), ("2019/3/5 0:00:00", "2019-03-05"), ("2019.03.05", "2019-03-05"), ("不详", "不详")]
)
def test_iso_date(printed: str, iso: str) -> None:
    assert iso_date(printed) == iso
