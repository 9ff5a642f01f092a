"""What kind of table a member is, told from its first bytes; and how one of its records becomes named fields."""

from __future__ import annotations

import codecs
import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import orjson

from pipeline.collect.dump.csv_rows import CsvRows, Shape
from pipeline.collect.dump.cutting import Cutter
from pipeline.collect.dump.json_rows import JsonRows
from pipeline.collect.formats.plain_record import TEXT_KEYS
from pipeline.collect.limits import Limits
from pipeline.collect.rejection import Reason
from pipeline.schema import RecordError

SAMPLE = 1 << 20  # bytes that tell the kind
_DELIMITERS = ",\t;"
_LINK = b"http"  # how rows of a dump begin
_TOLD_BY = 50  # rows
_TEXT_COLUMNS = {*TEXT_KEYS, "qw", "fd", "major_text"}
_NO_TABLE = "this is neither CSV whose first line names a text column (全文, text) nor JSON lines; import it with `anjuan collect files`"


class Table(Protocol):
    """A kind of member."""

    @property
    def begins(self) -> int:
        """The byte at which the first record begins."""

    @property
    def escapes(self) -> bool:
        r"""Whether characters may be written as \\uXXXX."""

    def cutter(self) -> Cutter:
        """Return what cuts the member."""

    def fields(self, record: bytes) -> dict[str, object]:
        """Return a record's fields. Raises RecordError: not_utf8, bad_record."""


@dataclass(frozen=True, slots=True)
class CsvTable:
    """CSV: the names of its columns and where they are parted."""

    names: tuple[str, ...]
    shape: Shape
    begins: int
    escapes: bool = False

    def cutter(self) -> Cutter:
        """Return what cuts the member."""
        return CsvRows(self.shape)

    def fields(self, record: bytes) -> dict[str, object]:
        """Return a row's columns by name. Raises RecordError."""
        text = decoded(record).replace("\r\n", "\n")
        row = _row(text.replace("\r", "\u2028"), self.shape.delimiter.decode())
        if len(row) != len(self.names):
            raise RecordError(Reason.BAD_RECORD, f"the row has {len(row)} columns, the header {len(self.names)}; mend its quotes")
        return dict(zip(self.names, row, strict=True))


@dataclass(frozen=True, slots=True)
class JsonTable:
    """JSON lines."""

    begins: int = 0
    escapes: bool = True

    def cutter(self) -> Cutter:
        """Return what cuts the member."""
        return JsonRows()

    def fields(self, record: bytes) -> dict[str, object]:
        """Return the object of a line. Raises RecordError."""
        value = _loads(record)
        if not isinstance(value, dict):
            raise RecordError(Reason.BAD_RECORD, "the line is no JSON object; mend or remove it")
        return value


def table(sample: bytes, limits: Limits) -> Table:
    """Tell the table by the first SAMPLE bytes of a member. Raises RecordError: empty, binary, unknown_format."""
    csv.field_size_limit(limits.line)
    begin = len(codecs.BOM_UTF8) if sample.startswith(codecs.BOM_UTF8) else 0
    if not sample[begin:].strip():
        raise RecordError(Reason.EMPTY, "the file holds no row; copy or download it again")
    if sample.startswith(b"PAR1"):
        raise RecordError(Reason.UNREADABLE, "a Parquet file inside an archive cannot be read; unpack it first")
    if b"\x00" in sample[:4096] or sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise RecordError(Reason.BINARY, "this is no table in UTF-8 or GB18030; export it as CSV or JSON lines in UTF-8")
    if sample[begin:].lstrip().startswith(b"{"):
        return JsonTable()
    return _csv_table(sample, begin)


def decoded(record: bytes) -> str:
    """Return a record's text: UTF-8, else GB18030. Raises RecordError: not_utf8."""
    for codec in ("utf-8", "gb18030"):
        try:
            return record.decode(codec)
        except UnicodeDecodeError:
            continue
    raise RecordError(Reason.NOT_UTF8, "the row is neither UTF-8 nor GB18030; save the table again as UTF-8")


def _csv_table(sample: bytes, begin: int) -> CsvTable:
    while sample[begin : begin + 1] in {b"\r", b"\n"}:
        begin += 1
    end = _header_end(sample, begin)
    try:
        header = decoded(sample[begin:end])
    except RecordError:
        header = ""
    for delimiter in _DELIMITERS:
        names = tuple(name.strip("\ufeff ") for name in _row(header, delimiter))
        if len(names) > 1 and not _TEXT_COLUMNS.isdisjoint(names):
            shape = Shape(len(names), delimiter.encode())
            return CsvTable(names, Shape(shape.columns, shape.delimiter, _beginning(sample[end:], shape)), end)
    raise RecordError(Reason.UNKNOWN_FORMAT, _NO_TABLE)


def _header_end(sample: bytes, begin: int) -> int:
    """Return the end of the first row: names of columns may be quoted and hold line breaks."""
    end = begin
    while end := sample.find(b"\n", end) + 1:
        if sample.count(b'"', begin, end) % 2 == 0:
            return end
    return len(sample)


def _beginning(rows: bytes, shape: Shape) -> bytes:
    """Return how the first rows begin, if most begin with a link."""
    block = bytearray(rows)
    starts = CsvRows(shape).cut(block, len(block), False).starts()[:_TOLD_BY]
    links = sum(block.startswith((_LINK, b'"' + _LINK), start) for start in starts)
    return _LINK if links * 2 > len(starts) or (not starts and rows.startswith((_LINK, b'"' + _LINK))) else b""


def _row(text: str, delimiter: str) -> Sequence[str]:
    try:
        return next(csv.reader(text.splitlines(keepends=True) if "\r" in text else _lines(text), delimiter=delimiter), [])
    except csv.Error as error:
        raise RecordError(Reason.BAD_RECORD, f"this is no valid CSV row ({error}); mend or remove it") from error


def _lines(text: str) -> list[str]:
    return [line + "\n" for line in text.split("\n")]


def _loads(record: bytes) -> object:
    line = record.strip(b" \t\r\n")
    try:
        return orjson.loads(line.removeprefix(codecs.BOM_UTF8))
    except ValueError:  # orjson is strict: other encodings, raw tabs in strings, halves of surrogate pairs
        pass
    try:
        return json.loads(decoded(line).removeprefix("\ufeff"), strict=False)
    except (ValueError, RecursionError) as error:
        what = error.msg if isinstance(error, json.JSONDecodeError) else "nested too deeply"
        raise RecordError(Reason.BAD_RECORD, f"this is no valid JSON ({what}); mend or remove the line") from error
