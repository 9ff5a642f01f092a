"""Input that is broken, half there, or made to do harm: one row that says so, never an exception, never a write, bounded memory."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import os
import struct
import sys
import tarfile
import tracemalloc
import zipfile
import zlib
from pathlib import Path

import pytest

from pipeline.collect import Limits, Reason, Rejected, read
from pipeline.collect.formats import plain_text
from pipeline.schema import Judgment

FACT = "经审理查明，2018年9月30日，被告人张某在药房窗口用水杯砸伤药师李某。"
RECORD = json.dumps({"id": "C1", "text": FACT}, ensure_ascii=False)


def rows(*paths: Path, limits: Limits | None = None) -> list[str]:
    """The reason of each refused record, "judgment" for each judgment."""
    found = list(read(paths, limits=limits or Limits()))
    assert all(one.detail and "\n" not in one.detail for one in found if isinstance(one, Rejected))
    return [one.reason if isinstance(one, Rejected) else "judgment" for one in found]


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def packed(members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def in_tar(data: bytes, mode: str = "w") -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as archive:  # type: ignore[call-overload]
        info = tarfile.TarInfo("a.txt")
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


# ------------------------------------------------------------------------------------------------ bombs


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, lambda data: in_tar(data, "w:gz")])
def test_a_packed_bomb_is_given_up_early(pack: object, tmp_path: Path) -> None:
    path = written(tmp_path / "bomb", pack(b"0" * 60_000_000))  # type: ignore[operator]
    tracemalloc.start()
    found = rows(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert set(found) == {"too_large"}
    assert peak < 40 << 20


def test_the_allowance_holds_for_all_that_is_inside(tmp_path: Path) -> None:
    noise = [json.dumps({"id": n, "text": FACT + os.urandom(300).hex()}, ensure_ascii=False).encode() for n in range(4)]
    inner = [packed({"a.jsonl": line}) for line in noise]
    path = written(tmp_path / "a.zip", packed({f"{n}.zip": data for n, data in enumerate(inner)}))
    assert rows(path) == ["judgment"] * 4
    assert rows(path, limits=Limits(unpacked=3500)) == ["judgment"] * 2 + ["too_large"] * 2
    one = written(tmp_path / "a.gz", gzip.compress(b"\n".join(noise)))
    assert rows(one, limits=Limits(unpacked=1500))[-1] == "too_large"


def test_an_archive_that_unpacks_to_itself_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = packed({"r.zip": b"r"})
    path = written(tmp_path / "r.zip", data)
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_: io.BytesIO(data))
    assert rows(path) == ["too_large"]


def test_members_that_lie_over_one_another_are_refused(tmp_path: Path) -> None:
    data = packed({"a.txt": FACT.encode(), "b.txt": FACT.encode()}, zipfile.ZIP_STORED)
    second = data.rindex(b"PK\x01\x02")
    overlapping = data[: second + 42] + struct.pack("<L", 4) + data[second + 46 :]  # b.txt begins inside a.txt
    assert rows(written(tmp_path / "a.zip", overlapping)) == ["judgment", "too_large"]


def test_a_member_larger_than_it_says_is_cut_short_in_bounded_memory(tmp_path: Path) -> None:
    data = bytearray(packed({"a.txt": bytes(120 << 20)}, zipfile.ZIP_BZIP2))
    for place in (22, data.rindex(b"PK\x01\x02") + 24):
        data[place : place + 4] = struct.pack("<L", 4000)
    path = written(tmp_path / "a.zip", bytes(data))
    tracemalloc.start()
    found = rows(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found == ["too_large"]
    assert peak < 20 << 20


def test_lists_of_members_too_long_for_memory_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "a.zip", packed({f"{n:04}.txt": b"" for n in range(200)}))
    assert rows(path, limits=Limits(directory=5000)) == ["too_large"]
    assert rows(path, limits=Limits(directory=50_000)) == ["empty"] * 200


def test_what_must_be_unpacked_to_the_disk_is_bounded(tmp_path: Path) -> None:
    path = written(tmp_path / "a.tar", in_tar(FACT.encode() * 300))
    assert rows(path, limits=Limits(scratch=1000)) == ["too_large"]
    assert rows(path, limits=Limits(in_memory=1000)) == ["judgment"]
    inner = packed({"b.zip": packed({"a.txt": os.urandom(9000)})})
    assert rows(written(tmp_path / "a.zip", inner), limits=Limits(scratch=1000)) == ["too_large"]


def test_a_tar_member_with_holes_is_refused(tmp_path: Path) -> None:
    info = tarfile.TarInfo("a.txt")
    info.size, info.pax_headers = (
        0,
        {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.name": "a.txt", "GNU.sparse.realsize": "99999999999"},
    )
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        info.size = 512
        archive.addfile(info, io.BytesIO(b"1\n0\n1\n".ljust(512, b"\0")))
    assert rows(written(tmp_path / "a.tar", buffer.getvalue()))[0] in {"unreadable", "too_large"}


# ------------------------------------------------------------------------------------------------ names


def test_nul_in_a_name_is_refused(tmp_path: Path) -> None:
    data = packed({"aXb.txt": FACT.encode()}).replace(b"aXb.txt", b"a\x00b.txt")
    assert rows(written(tmp_path / "a.zip", data)) == ["unsafe_path"]


def test_names_cannot_write_on_the_terminal_or_forge_a_line(tmp_path: Path) -> None:
    path = written(tmp_path / "a.zip", packed({"a\n\x1b[2Jb\u202etxt.exe": b""}))
    (found,) = read([path])
    assert found.path == f"{path}!a\ufffd\ufffd[2Jb\ufffdtxt.exe"


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="the file system takes no such name")
def test_a_file_name_of_any_bytes(tmp_path: Path) -> None:
    raw = os.path.join(os.fsencode(tmp_path), b"\xff\xfe\xcc\x0a.jsonl")
    with open(raw, "wb") as file:
        file.write(RECORD.encode())
    (found,) = read([tmp_path])
    assert isinstance(found, Judgment)
    found.path.encode("utf-8")
    assert "\n" not in found.path


# ------------------------------------------------------------------------------------------------ content


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("a.txt", packed({"b.jsonl": RECORD.encode()}), "judgment"),  # a zip
        ("a.zip", gzip.compress(RECORD.encode()), "judgment"),
        ("a.json", f"<html><body><p>{FACT}</p></body></html>".encode(), "judgment"),
        ("a.docx", RECORD.encode(), "judgment"),
        ("a.json", b"<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>", "not_a_judgment"),
        ("a.txt", bytes(5000), "binary"),
        ("a.jsonl", RECORD.encode().replace("药房".encode(), b"\x00"), "binary"),
        ("a.gz", b"\x1f\x8b\x08" + bytes(9), "truncated"),
        ("a.gz", gzip.compress(RECORD.encode())[:-9], "truncated"),
        ("a.7z", b"7z\xbc\xaf\x27\x1c" + bytes(30), "truncated"),
        ("a.xz", b"\xfd7zXZ\x00" + bytes(30), "truncated"),
        ("a.bz2", b"BZh91AY&SY" + bytes(30), "truncated"),
        ("a.zst", b"\x28\xb5\x2f\xfd" + bytes(30), "truncated"),
        ("a.zip", b"PK\x03\x04", "truncated"),
        ("a.har", b'{"log": {', "truncated"),
        ("a.har", b'{"log": {"entries": []}}', "empty"),
    ],
)
def test_the_content_counts_not_the_name(name: str, data: bytes, expected: str, tmp_path: Path) -> None:
    assert rows(written(tmp_path / name, data)) == [expected]


def test_an_endless_line_costs_one_row_and_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.write(RECORD + '\n{"id": "x", "text": "')
        for _ in range(60):
            file.write(os.urandom(250_000).hex())
        file.write(f'"}}\n{RECORD}')
    tracemalloc.start()
    found = rows(path, limits=Limits(line=1 << 20))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found == ["judgment", "too_large", "judgment"]
    assert peak < 20 << 20


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path / "a.txt", FACT.encode())

    def forbidden(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", forbidden)
    assert rows(path) == ["unreadable"]


def test_a_reader_that_fails_costs_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a.txt", "b.jsonl"):
        written(tmp_path / name, FACT.encode() if name == "a.txt" else RECORD.encode())

    def failing(*_: object) -> None:
        raise KeyError("an error that nobody has thought of")

    monkeypatch.setattr(plain_text, "parse", failing)
    assert rows(tmp_path) == ["reader_failed", "judgment"]


def test_a_damaged_stream_inside_a_zip_costs_one_member(tmp_path: Path) -> None:
    inner = gzip.compress(RECORD.encode())
    broken = inner[:12] + bytes([inner[12] ^ 0xFF]) + inner[13:]
    path = written(tmp_path / "a.zip", packed({"a.gz": broken, "b.gz": inner}, zipfile.ZIP_STORED))
    assert rows(path) == ["truncated", "judgment"]
    with pytest.raises((zlib.error, OSError)):
        gzip.decompress(broken)


# ------------------------------------------------------------------------------------------------ half there


@pytest.mark.parametrize("suffix", [".crdownload", ".part", ".partial", ".tmp", ".download", ".downloading", ".xltd", ".CRDOWNLOAD"])
def test_a_download_that_goes_on_is_left_for_the_next_import(suffix: str, tmp_path: Path) -> None:
    path = written(tmp_path / f"a.jsonl{suffix}", RECORD.encode())
    assert rows(path) == ["half_written"]
    assert rows(tmp_path) == ["half_written"]
    path.rename(tmp_path / "a.jsonl")
    assert rows(tmp_path) == ["judgment"]


def test_a_file_whose_download_is_kept_beside_it(tmp_path: Path) -> None:
    written(tmp_path / "a.jsonl", b"")
    written(tmp_path / "a.jsonl.part", RECORD.encode())
    written(tmp_path / "b.jsonl", RECORD.encode())
    written(tmp_path / "b.jsonl.aria2", b"\x00\x01")
    assert rows(tmp_path) == ["half_written"] * 3
    (tmp_path / "c.download").mkdir()
    written(tmp_path / "c.download" / "Info.plist", b"")
    written(tmp_path / "c.download" / "c.jsonl", RECORD.encode())
    assert rows(tmp_path / "c.download") == ["half_written"]


def test_a_document_that_grows_while_it_is_read_is_left_for_the_next_import(tmp_path: Path) -> None:
    path = written(tmp_path / "a.txt", FACT.encode())
    found = list(read([path], on_file=lambda _: _grow(path, FACT.encode()[:40])))
    assert [one.reason for one in found if isinstance(one, Rejected)] == [Reason.HALF_WRITTEN]
    assert len(found) == 1
    assert rows(path) == ["judgment"]


def test_of_records_that_grow_while_they_are_read_the_last_is_left_for_the_next_import(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", f"{RECORD}\n{RECORD}\n".encode())
    found = list(read([path], on_file=lambda _: _grow(path, RECORD.encode()[:-20])))
    assert [type(one).__name__ for one in found] == ["Judgment", "Rejected"]
    assert isinstance(found[-1], Rejected)
    assert (found[-1].reason, found[-1].place) == (Reason.HALF_WRITTEN, "")


def test_a_file_removed_while_it_is_read_costs_one_row(tmp_path: Path) -> None:
    path = written(tmp_path / "a.txt", FACT.encode())
    found = list(read([path], on_file=lambda _: path.unlink()))
    assert all(isinstance(one, Rejected) for one in found)


def _grow(path: Path, data: bytes) -> None:
    with path.open("ab") as file:
        file.write(data)
