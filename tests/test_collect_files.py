"""Folders, archives and encodings: what is found, what is refused, and that nothing is written or followed."""

from __future__ import annotations

import io
import json
import os
import stat
import zipfile
from pathlib import Path

import pytest

from pipeline.collect import Limits, Rejected, read
from pipeline.schema import Judgment

FACT = "经审理查明，2018年9月30日，被告人张某在药房窗口用水杯砸伤药师李某。"
RECORD = json.dumps({"id": "C1", "text": FACT}, ensure_ascii=False)


def archive(members: dict[str, bytes | str], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return buffer.getvalue()


def only(path: Path, limits: Limits | None = None) -> Judgment | Rejected:
    found = list(read([path], limits=limits or Limits()))
    assert len(found) == 1, found
    return found[0]


def reason(path: Path, limits: Limits | None = None) -> str:
    outcome = only(path, limits)
    assert isinstance(outcome, Rejected), outcome
    assert outcome.path.startswith(str(path))
    return outcome.reason


def test_folders_are_read_recursively_in_sorted_order(tmp_path: Path) -> None:
    for name in ("b/2.txt", "a.txt", "b/1.txt", ".hidden/x.txt", "__MACOSX/y.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(FACT, encoding="utf-8")
    seen: list[str] = []
    found = list(read([tmp_path], on_file=seen.append))
    assert [outcome.path for outcome in found] == [str(tmp_path / name) for name in ("a.txt", "b/1.txt", "b/2.txt")]
    assert seen == [outcome.path for outcome in found]


def test_the_form_is_told_from_content_not_from_the_name(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_text(RECORD, encoding="utf-8")
    (tmp_path / "b.json").write_text(FACT, encoding="utf-8")
    (tmp_path / "c.txt").write_bytes(archive({"x.dat": RECORD}))
    sources = [outcome.source for outcome in read([tmp_path]) if isinstance(outcome, Judgment)]
    assert sources == ["plain", "text", "plain"]


def test_archives_inside_archives_are_read_and_their_paths_name_every_level(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(archive({"inner.zip": archive({"dir/b.jsonl": RECORD})}))
    outcome = only(path)
    assert isinstance(outcome, Judgment)
    assert outcome.path == f"{path}!inner.zip!dir/b.jsonl, line 1"
    assert list(tmp_path.iterdir()) == [path]


def test_a_windows_archive_shows_its_chinese_names(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    data = archive({"AAAA.txt": FACT})
    path.write_bytes(data.replace(b"AAAA.txt", "判决".encode("gb18030") + b".txt"))
    outcome = only(path)
    assert isinstance(outcome, Judgment)
    assert outcome.path == f"{path}!判决.txt"
    assert outcome.source_id == "判决.txt"


def nested(levels: int) -> bytes:
    data = archive({"a.txt": FACT})
    for _ in range(levels - 1):
        data = archive({"a.zip": data})
    return data


def test_archives_nest_five_deep_and_no_deeper(tmp_path: Path) -> None:
    (tmp_path / "5.zip").write_bytes(nested(5))
    (tmp_path / "6.zip").write_bytes(nested(6))
    assert isinstance(only(tmp_path / "5.zip"), Judgment)
    assert reason(tmp_path / "6.zip") == "too_large"


@pytest.mark.parametrize("name", ["/etc/a.txt", "../a.txt", "x/../../a.txt", "C:/a.txt", "..\\a.txt", "\\\\host\\a.txt"])
def test_members_that_point_outside_are_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(archive({name: FACT}))
    assert reason(path) == "unsafe_path"


def test_links_are_not_followed(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        made.writestr(link, "/etc/passwd")
    (tmp_path / "a.zip").write_bytes(buffer.getvalue())
    assert reason(tmp_path / "a.zip") == "unsafe_path"
    folder = tmp_path / "folder"
    folder.mkdir()
    os.symlink(folder, folder / "loop")
    assert [outcome.reason for outcome in read([folder]) if isinstance(outcome, Rejected)] == ["unsafe_path"]


def test_an_encrypted_member_is_refused_and_its_neighbours_are_read(tmp_path: Path) -> None:
    data = bytearray(archive({"a.txt": FACT, "b.txt": FACT}, zipfile.ZIP_STORED))
    data[6] |= 1  # the flag in the local header, then in the directory
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path = tmp_path / "a.zip"
    path.write_bytes(bytes(data))
    first, second = read([path])
    assert isinstance(first, Rejected)
    assert (first.reason, first.path) == ("encrypted", f"{path}!a.txt")
    assert isinstance(second, Judgment)


def test_bombs_are_refused_before_they_are_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(archive({"zeros.txt": b"0" * 9_000_000}))
    assert reason(path) == "too_large"
    path.write_bytes(archive({f"{n}.txt": os.urandom(600) for n in range(4)}))
    found = list(read([path], limits=Limits(unpacked=2000)))
    assert [outcome.reason for outcome in found if isinstance(outcome, Rejected)][-1] == "too_large"
    path.write_bytes(archive({"inner.zip": archive({"a.txt": os.urandom(3000)})}))
    assert reason(path, Limits(nested_archive=1000)) == "too_large"


def test_a_truncated_archive_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    data = archive({"a.txt": FACT * 50})
    path.write_bytes(data[: len(data) // 2])
    assert reason(path) == "truncated"
    damaged = bytearray(data)
    damaged[45] ^= 0xFF
    path.write_bytes(bytes(damaged))
    assert reason(path) == "truncated"


def test_an_office_file_is_no_archive_of_judgments(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(archive({"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"}))
    assert reason(path) == "empty"
    path.write_bytes(archive({"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<w/>"}))
    assert reason(path) == "binary"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \n\n", "empty"),
        (b"PK\x05\x06" + b"\x00" * 18, "empty"),
        (b"%PDF-1.7 ...", "truncated"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "truncated"),
        (b"abc\x00def", "binary"),
        (b"\xff\xfe\xfa\xfb\x80\x81\xff" * 40, "not_a_judgment"),  # UTF-16 by its mark, but no Chinese sentence
        (b"\x80\xff\x81\xff\x82\xff" * 40, "not_utf8"),
        (b"[]", "empty"),
        (b"{}", "not_a_judgment"),
        (b'[{"id": "1", "text": "', "truncated"),
        (b'"', "not_a_judgment"),
    ],
)
def test_files_that_hold_no_record(tmp_path: Path, content: bytes, expected: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(content)
    assert reason(path) == expected


def test_a_missing_or_forbidden_file_and_a_pipe_are_unreadable(tmp_path: Path) -> None:
    assert reason(tmp_path / "nowhere.txt") == "unreadable"
    os.mkfifo(tmp_path / "pipe")
    assert reason(tmp_path / "pipe") == "unreadable"


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030", "big5", "utf-16"])
def test_encodings(tmp_path: Path, codec: str) -> None:
    text = "公訴機關指控，被告人張某於門診大廳毆打護士李某，致其手部受傷。" if codec == "big5" else FACT
    path = tmp_path / "a.jsonl"
    path.write_bytes("\n".join([json.dumps({"id": n, "text": text}, ensure_ascii=False) for n in range(3)]).encode(codec))
    found = list(read([path]))
    assert [outcome.original for outcome in found if isinstance(outcome, Judgment)] == [text] * 3


@pytest.mark.parametrize("codec", ["utf-8", "gb18030"])
def test_characters_cut_by_the_edges_of_chunks_survive(tmp_path: Path, codec: str) -> None:
    lines = [json.dumps({"id": n, "text": "a" * (n % 4) + FACT * 40}, ensure_ascii=False) for n in range(900)]
    path = tmp_path / "a.jsonl"
    path.write_bytes("\n".join(lines).encode(codec))
    assert path.stat().st_size > 2 << 20
    found = list(read([path]))
    assert [outcome.original for outcome in found if isinstance(outcome, Judgment)] == ["a" * (n % 4) + FACT * 40 for n in range(900)]


def test_the_encoding_is_told_by_the_first_sign_beyond_ascii_however_late(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    escaped = json.dumps({"id": "E", "text": FACT * 40})
    path.write_bytes("\n".join([escaped] * 200).encode() + b"\n" + RECORD.encode("gb18030"))
    last = list(read([path]))[-1]
    assert isinstance(last, Judgment)
    assert last.original == FACT


def test_a_damaged_line_costs_one_record_not_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    lines = [RECORD.encode()] * 50
    lines[20] = lines[20].replace("张".encode(), "张".encode()[:2])
    path.write_bytes(b"\n".join(lines))
    found = list(read([path]))
    assert [(outcome.reason, outcome.place) for outcome in found if isinstance(outcome, Rejected)] == [("not_utf8", "line 21")]
    assert len(found) == 50


def test_an_endless_line_is_skipped_and_the_next_one_read(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(RECORD + "\n" + '{"id": "x", "text": "' + FACT * 200 + '"}\n' + RECORD, encoding="utf-8")
    found = list(read([path], limits=Limits(line=2000)))
    assert [type(outcome).__name__ for outcome in found] == ["Judgment", "Rejected", "Judgment"]
    assert [outcome.reason for outcome in found if isinstance(outcome, Rejected)] == ["too_large"]
    path.write_text(FACT * 200, encoding="utf-8")
    assert reason(path, Limits(document=2000)) == "too_large"


def test_an_endless_value_of_an_array_is_given_up(tmp_path: Path) -> None:
    path = tmp_path / "array.json"
    path.write_text('[{"id": "x", "text": "' + FACT * 70_000 + '"}]', encoding="utf-8")
    assert reason(path, Limits(line=2000)) == "too_large"
    assert isinstance(only(path), Judgment)


def test_an_array_is_read_value_by_value(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    records = [{"id": str(n), "text": FACT + str(n)} for n in range(4000)]
    for indent in (None, 1):
        path.write_text(json.dumps(records, ensure_ascii=False, indent=indent), encoding="utf-8")
        found = [outcome for outcome in read([path], limits=Limits(line=1 << 19)) if isinstance(outcome, Judgment)]
        assert [outcome.source_id for outcome in found] == [str(n) for n in range(4000)]


def test_a_dictionary_of_many_rows_gets_one_line_in_the_log(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(json.dumps({"key": "刑事一审", "code": n}, ensure_ascii=False) for n in range(5000)), encoding="utf-8")
    assert reason(path) == "not_a_judgment"
    path.write_text('{"key": 1}\n' * 3 + RECORD, encoding="utf-8")
    assert [type(outcome).__name__ for outcome in read([path])] == ["Rejected"] * 3 + ["Judgment"]
