"""Archives of every form: what is found inside, what its path says, and what is refused."""

from __future__ import annotations

import base64
import bz2
import gzip
import io
import json
import lzma
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import py7zr
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.collect import Limits, Rejected, read
from pipeline.schema import Judgment

FACT = "经审理查明，2018年9月30日，被告人张某在药房窗口用水杯砸伤药师李某。"
RECORD = json.dumps({"id": "C1", "text": FACT}, ensure_ascii=False).encode()
SECRET = "a1b2c3-token"
Members = list[tuple[str, bytes]]


def made_zip(members: Members, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return buffer.getvalue()


def made_tar(members: Members, mode: str = "w", encoding: str = "utf-8") -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode, encoding=encoding, format=tarfile.GNU_FORMAT) as archive:  # type: ignore[call-overload]
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def made_7z(members: Members, password: str | None = None) -> bytes:
    buffer = io.BytesIO()
    with py7zr.SevenZipFile(buffer, "w", password=password) as archive:
        for name, data in members:
            archive._writestr(data, name)  # writestr refuses names that point outside
    return buffer.getvalue()


def zstandard(data: bytes) -> bytes:
    from backports import zstd

    return zstd.compress(data)


MAKERS: dict[str, Callable[[Members], bytes]] = {
    "zip": made_zip,
    "zip of bzip2": lambda members: made_zip(members, zipfile.ZIP_BZIP2),
    "zip of lzma": lambda members: made_zip(members, zipfile.ZIP_LZMA),
    "tar": made_tar,
    "tar.gz": lambda members: made_tar(members, "w:gz"),
    "tar.bz2": lambda members: made_tar(members, "w:bz2"),
    "tar.xz": lambda members: made_tar(members, "w:xz"),
    "7z": made_7z,
}
PACKERS = {"gzip": gzip.compress, "bzip2": bz2.compress, "xz": lzma.compress, "zstandard": zstandard}


def outcomes(path: Path, data: bytes, limits: Limits | None = None) -> list[Judgment | Rejected]:
    path.write_bytes(data)
    return list(read([path], limits=limits or Limits()))


def shown(path: Path, found: list[Judgment | Rejected]) -> list[tuple[str, str]]:
    """Path within the archive, and the reason where the file was refused."""
    return [(one.path.removeprefix(str(path)), one.reason if isinstance(one, Rejected) else "") for one in found]


@pytest.mark.parametrize("form", MAKERS)
def test_members_are_read_from_every_form(form: str, tmp_path: Path) -> None:
    path = tmp_path / "archive.dat"  # told by its content
    data = MAKERS[form](
        [("年度/a.jsonl", RECORD), ("b.txt", FACT.encode()), ("empty.txt", b""), ("__MACOSX/c.txt", b"x"), ("d/.DS_Store", b"x")]
    )
    found = outcomes(path, data)
    assert sorted(shown(path, found)) == [("!b.txt", ""), ("!empty.txt", "empty"), ("!年度/a.jsonl, line 1", "")]
    assert {one.text for one in found if isinstance(one, Judgment)} == {FACT}
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("packer", PACKERS)
def test_a_packed_file_keeps_its_path(packer: str, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.packed"
    assert shown(path, outcomes(path, PACKERS[packer](b"\n".join([RECORD] * 3)))) == [(f", line {n}", "") for n in (1, 2, 3)]
    assert shown(path, outcomes(path, PACKERS[packer](made_tar([("a.txt", FACT.encode())])))) == [("!a.txt", "")]
    assert shown(path, outcomes(path, PACKERS[packer](b""))) == [("", "empty")]


@pytest.mark.parametrize("packer", PACKERS)
def test_what_a_cut_packed_file_holds_is_read_as_far_as_it_goes(packer: str, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.packed"
    lines = [json.dumps({"id": n, "text": FACT + str(n * 7919)}, ensure_ascii=False).encode() for n in range(3000)]
    whole = PACKERS[packer](b"\n".join(lines))
    found = outcomes(path, whole[: len(whole) - 20])
    assert isinstance(found[-1], Rejected)
    assert (found[-1].path, found[-1].reason) == (str(path), "truncated")
    assert all(isinstance(one, Judgment) for one in found[:-1])


@pytest.mark.parametrize("outer", MAKERS)
@pytest.mark.parametrize("inner", MAKERS)
def test_any_archive_inside_any_other(outer: str, inner: str, tmp_path: Path) -> None:
    path = tmp_path / "a"
    data = MAKERS[outer]([("in", MAKERS[inner]([("x.jsonl", RECORD)])), ("y.txt", FACT.encode())])
    assert shown(path, outcomes(path, data)) == [("!in!x.jsonl, line 1", ""), ("!y.txt", "")]


def test_two_members_of_one_name_are_told_apart(tmp_path: Path) -> None:
    path, members = tmp_path / "a", [("a.txt", FACT.encode()), ("a.txt", FACT.encode())]
    with pytest.warns(UserWarning, match="Duplicate name"):
        archives = [made_zip(members), made_tar(members), made_7z(members)]
    for data in archives:
        assert shown(path, outcomes(path, data)) == [("!a.txt", ""), ("!a.txt #2", "")]


def test_names_packed_on_chinese_windows(tmp_path: Path) -> None:
    path = tmp_path / "a.tar"
    assert shown(path, outcomes(path, made_tar([("判决.txt", FACT.encode())], encoding="gb18030"))) == [("!判决.txt", "")]


def test_a_name_with_an_exclamation_mark_is_a_name(tmp_path: Path) -> None:
    (found,) = outcomes(tmp_path / "重要!.txt", FACT.encode())
    assert isinstance(found, Judgment)
    assert found.source_id == "重要!.txt"


@pytest.mark.parametrize("name", ["/etc/a.txt", "../a.txt", "x/../../a.txt", "C:/a.txt", "c:a.txt", "..\\a.txt", "\\\\host\\a.txt"])
@pytest.mark.parametrize("form", ["zip", "tar", "7z"])
def test_names_that_point_outside_are_refused_and_their_neighbours_read(form: str, name: str, tmp_path: Path) -> None:
    path = tmp_path / "a"
    found = shown(path, outcomes(path, MAKERS[form]([("b.txt", FACT.encode()), (name, FACT.encode()), ("z.txt", FACT.encode())])))
    assert ("!b.txt", "") in found
    assert ("!z.txt", "") in found
    assert [reason for _, reason in found if reason] == ["unsafe_path"]
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE])
def test_links_devices_and_pipes_in_a_tar_are_refused(kind: bytes, tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        info = tarfile.TarInfo("a.txt")
        info.type, info.linkname = kind, "/etc/passwd"
        archive.addfile(info)
    path = tmp_path / "a.tar"
    assert shown(path, outcomes(path, buffer.getvalue())) == [("!a.txt", "unsafe_path")]


def test_a_link_in_a_7z_is_refused(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "b.txt").symlink_to("/etc/passwd")
    (tmp_path / "in" / "c.txt").write_text(FACT, "utf-8")
    path = tmp_path / "a.7z"
    with py7zr.SevenZipFile(path, "w") as archive:
        archive.writeall(tmp_path / "in", "in")
    assert shown(path, list(read([path]))) == [("!in/b.txt", "unsafe_path"), ("!in/c.txt", "")]


@pytest.mark.parametrize("form", ["zip", "tar", "tar.gz", "tar.xz", "7z"])
def test_a_cut_archive_says_so(form: str, tmp_path: Path) -> None:
    path = tmp_path / "a"
    whole = MAKERS[form]([(f"{n}.txt", (FACT * 40 + str(n)).encode()) for n in range(6)])
    for length in (len(whole) // 2, len(whole) * 9 // 10 if "tar" not in form else len(whole) // 3):
        found = outcomes(path, whole[:length])
        assert isinstance(found[-1], Rejected)
        assert found[-1].reason == "truncated"


def test_a_tar_cut_between_two_members_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.tar"
    whole = made_tar([("a.txt", FACT.encode()), ("b.txt", FACT.encode())])
    assert shown(path, outcomes(path, whole[:1024])) == [("!a.txt", ""), ("", "truncated")]


def test_encrypted_archives_are_refused_in_a_clear_line(tmp_path: Path) -> None:
    path = tmp_path / "a"
    assert shown(path, outcomes(path, made_7z([("a.txt", FACT.encode())], password="x"))) == [("", "encrypted")]
    aes = bytearray(made_zip([("a.txt", FACT.encode())], zipfile.ZIP_STORED))
    for place in (6, aes.index(b"PK\x01\x02") + 8):
        aes[place] |= 1
        aes[place + 2 : place + 4] = (99).to_bytes(2, "little")  # the method that stands for AES
    assert shown(path, outcomes(path, bytes(aes))) == [("!a.txt", "encrypted")]


def test_parts_of_a_split_archive_are_told(tmp_path: Path) -> None:
    whole = made_zip([("a.txt", FACT.encode())])
    end = whole.rindex(b"PK\x05\x06")
    last = whole[: end + 4] + (3).to_bytes(2, "little") * 2 + whole[end + 8 :]
    for name, data in (("a.zip", last), ("a.z01", b"PK\x07\x08" + whole[:40]), ("b.zip.001", whole[:60])):
        (found,) = outcomes(tmp_path / name, data)
        assert isinstance(found, Rejected)
        assert found.reason == "truncated"
        assert "split" in found.detail


def test_a_rar_archive_is_refused(tmp_path: Path) -> None:
    (found,) = outcomes(tmp_path / "a.rar", b"Rar!\x1a\x07\x01\x00" + bytes(100))
    assert isinstance(found, Rejected)
    assert (found.reason, "RAR" in found.detail) == ("binary", True)


# ------------------------------------------------------------------------------------------------ saved browser sessions


def entry(url: str, text: str | None, kind: str = "application/json", method: str = "GET", **content: object) -> dict[str, object]:
    """One exchange as a browser writes it, with things in it that nobody may see again."""
    headers = [{"name": "Cookie", "value": SECRET}]
    return {
        "startedDateTime": "2021-03-04T08:00:00.000Z",
        "request": {"method": method, "url": url, "headers": headers, "cookies": headers, "postData": {"text": SECRET}},
        "response": {
            "status": 200,
            "headers": headers,
            "content": {"size": 9, "mimeType": kind, **({"text": text} if text else {}), **content},
        },
    }


def session(*entries: dict[str, object]) -> bytes:
    log = {
        "version": "1.2",
        "creator": {"name": "browser"},
        "pages": [{"title": f"https://host.example/?token={SECRET}"}],
        "entries": entries,
    }
    return b"\xef\xbb\xbf" + json.dumps({"log": log}, ensure_ascii=False, indent=2).encode()


def test_the_replies_of_a_session_are_its_members(tmp_path: Path) -> None:
    path = tmp_path / "session.har"
    found = outcomes(
        path,
        session(
            entry(f"https://u:{SECRET}@court.example/list.html;s={SECRET}?token={SECRET}&docId=ab%2Fc&x=1#{SECRET}", RECORD.decode()),
            entry("https://court.example/logo.png", "aGk=", "image/png", encoding="base64"),
            entry("https://court.example/app.js", "var a = 1;", "application/javascript"),
            entry("https://court.example:8443/rest.q4w", base64.b64encode(RECORD).decode(), method="POST", encoding="base64"),
            entry("https://court.example/gone", None, "text/html"),
        ),
    )
    assert shown(path, found) == [
        ("!GET https://court.example/list.html?docId=ab%2Fc #1, line 1", ""),
        ("!POST https://court.example:8443/rest.q4w #4, line 1", ""),
        ("!GET https://court.example/gone #5", "empty"),
        ("", "not_a_judgment"),
    ]
    assert isinstance(found[-1], Rejected)
    assert found[-1].detail.startswith("2 replies hold no text")
    assert SECRET not in repr(found)


def test_the_old_sites_script_is_a_reply_with_text(tmp_path: Path) -> None:
    cases = Path(__file__).parent / "cases" / "collect" / "wenshu_script"
    script = next(path for path in sorted(cases.iterdir()) if path.name != "expected.json").read_text("utf-8")
    path = tmp_path / "session.har"
    found = outcomes(path, session(entry("http://court.example/CreateContentJS/CreateContentJS.aspx?DocID=x-1", script, "text/javascript")))
    assert [type(one).__name__ for one in found] == ["Judgment"]
    assert found[0].path.endswith("CreateContentJS.aspx?DocID=x-1 #1")


def test_a_session_without_text_and_a_cut_one_say_so(tmp_path: Path) -> None:
    path = tmp_path / "session.har"
    assert shown(path, outcomes(path, session(entry("https://court.example/a.png", "aGk=", "image/png")))) == [("", "empty")]
    whole = session(*[entry(f"https://court.example/{n}", RECORD.decode()) for n in range(5)])
    found = outcomes(path, whole[:-300])
    assert isinstance(found[-1], Rejected)
    assert found[-1].reason == "truncated"
    assert sum(isinstance(one, Judgment) for one in found) == 4


def test_a_reply_too_large_for_memory_is_given_up(tmp_path: Path) -> None:
    path = tmp_path / "session.har"
    data = session(entry("https://court.example/1", RECORD.decode()), entry("https://court.example/2", "a" * 1_000_000))
    assert shown(path, outcomes(path, data, Limits(binary=200_000)))[-1] == ("", "too_large")


def test_a_session_of_many_pieces_with_characters_cut_by_their_edges(tmp_path: Path) -> None:
    path = tmp_path / "session.har"
    entries = [entry(f"https://court.example/{n}", "b" * (n % 3) + FACT * 300, "text/plain") for n in range(40)]
    found = outcomes(path, session(*entries))
    assert [one.text for one in found if isinstance(one, Judgment)] == ["b" * (n % 3) + FACT * 300 for n in range(40)]


# ------------------------------------------------------------------------------------------------ whatever the bytes


EXAMPLES = {form: made([("a.txt", FACT.encode() * 3), ("b.jsonl", RECORD)]) for form, made in MAKERS.items()}


@given(st.sampled_from(sorted(MAKERS)), st.data())
@settings(max_examples=150, deadline=None)
def test_damaged_archives_end_in_rows_not_in_exceptions(tmp_path_factory: pytest.TempPathFactory, form: str, data: st.DataObject) -> None:
    content = bytearray(EXAMPLES[form])
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(content)))
        content[start : start + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=9))
    found = outcomes(tmp_path_factory.getbasetemp() / "damaged", bytes(content))
    assert found
    assert not any(isinstance(one, Rejected) and one.reason == "reader_failed" for one in found)


def test_reading_a_plain_file_loads_no_library_for_archives(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(RECORD)
    code = "import sys; from pipeline.collect import read; list(read([sys.argv[1]])); print({'py7zr', 'ijson', 'backports.zstd'} & sys.modules.keys())"
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "a.jsonl")], capture_output=True, text=True, cwd=Path(__file__).parents[1], check=True
    )
    assert done.stdout.strip() == "set()"
