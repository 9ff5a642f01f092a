"""Rows of a dump as bytes, as properties: they are those of the csv module, however the blocks fall and whatever is broken."""

from __future__ import annotations

import csv
import io
import json
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.collect.dump.blocks import Blocks, Buffers
from pipeline.collect.dump.csv_rows import CsvRows, Shape
from pipeline.collect.dump.patterns import patterns
from pipeline.collect.dump.search import AutomatonSearcher, HyperscanSearcher

CELLS = st.text(alphabet='甲"，,\n\r 医a', max_size=12)


def tables(cells: st.SearchStrategy[str]) -> st.SearchStrategy[list[list[str]]]:
    """Tables of four columns, the first of which begins as addresses do."""
    row = st.lists(cells, min_size=4, max_size=4).map(lambda found: [f"http{found[0]}", *found[1:]])
    return st.lists(row, min_size=1, max_size=12)


TABLES = tables(CELLS)
# For the csv module a lone carriage return ends a line, for a scan only a line feed does: after a stray quote they differ.
WITHOUT_LONE_RETURNS = tables(CELLS.filter(lambda cell: "\r" not in cell))


def cut_all(data: bytes, block: int, shape: Shape) -> list[tuple[bytes, str]]:
    """The rows of a table that is handed over in blocks of so many bytes, with what is wrong with each."""
    found: list[tuple[bytes, str]] = []
    for piece in Blocks(io.BytesIO(data), CsvRows(shape), Buffers(block), 1 << 16, 0, 1):  # type: ignore[arg-type]
        starts = [*piece.cut.starts(), piece.cut.end]
        faults = {bad.record: bad.reason for bad in piece.cut.bad}
        found += [(bytes(piece.buffer[a:b]), faults.get(n, "")) for n, (a, b) in enumerate(pairwise(starts))]
        assert piece.cut.rows == len(starts) - 1
    return found


@given(TABLES, st.integers(16, 200), st.booleans())
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_rows_are_those_of_the_csv_module_however_the_blocks_fall(rows: list[list[str]], block: int, quoted: bool) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL).writerows(rows)
    data = out.getvalue().encode()
    cut = cut_all(data, block, Shape(4, b",", b"http"))
    assert [reason for _, reason in cut] == [""] * len(rows)
    assert [next(csv.reader(io.StringIO(raw.decode(), newline=""))) for raw, _ in cut] == rows
    assert b"".join(raw for raw, _ in cut) == data


@given(st.lists(st.sampled_from([b'"', b",", b"\n", b"http", b"a", b'""', b'","', b'\nhttp1,2,3,"4"\n']), max_size=60), st.integers(8, 100))
@settings(max_examples=300, deadline=None)
def test_no_byte_is_lost_and_nothing_depends_on_the_blocks(pieces: list[bytes], block: int) -> None:
    data = b"".join(pieces)
    for beginning in (b"http", b""):
        shape = Shape(4, b",", beginning)
        one, other = ([(raw.strip(b"\r\n"), why) for raw, why in cut_all(data, size, shape)] for size in (1 << 12, block))
        assert one == other
        assert data.replace(b"\n", b"").startswith(b"".join(raw for raw, _ in one).replace(b"\n", b""))


@given(st.lists(st.sampled_from(["医生", "医 生", "殴打", "殴\n打", "醫生", "医", "生", "x", "。"]), max_size=20), st.booleans())
@settings(max_examples=100, deadline=None)
def test_both_engines_find_the_same(words: list[str], gaps: bool) -> None:
    text = "".join(words)
    for data in (text.encode(), text.encode("gb18030"), json.dumps(text).encode()):
        sought = patterns([("医生", "醫生"), ("殴打",)], json=True, gaps=gaps)
        found = [sorted(engine(sought).find(memoryview(data))) for engine in (HyperscanSearcher, AutomatonSearcher)]
        assert found[0] == found[1]


@given(WITHOUT_LONE_RETURNS, st.integers(0, 11), st.sampled_from(['"', ",", "\n", "cut"]), st.floats(0, 1))
@settings(max_examples=400, deadline=None)
def test_what_the_csv_module_finds_in_a_damaged_table_is_found(rows: list[list[str]], broken: int, fault: str, where: float) -> None:
    """Whole rows that a plain reading gives, and in which no other row is swallowed, are among ours."""
    out = bytearray()
    for number, (_, *cells) in enumerate([*rows, ["", "the", "last", "row"]]):
        line = io.StringIO(newline="")
        csv.writer(line).writerow([f"http{number}", *cells])
        text = line.getvalue()
        middle = int(len(text) * where)
        if number == broken % len(rows):
            text = text[:middle].rstrip("\r\n") + "\n" if fault == "cut" else text[:middle] + fault + text[middle:]
        out += text.encode()
    cut = cut_all(bytes(out), 1 << 12, Shape(4, b",", b"http"))
    ours = [next(csv.reader(io.StringIO(raw.decode(), newline="")), []) for raw, _ in cut]
    for read in csv.reader(io.StringIO(out.decode(), newline="")):
        if len(read) == 4 and read[0].startswith("http") and not any("\nhttp" in cell for cell in read):
            assert read in ours
