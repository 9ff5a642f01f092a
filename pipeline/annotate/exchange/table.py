"""A table for Excel and R: CSV as RFC 4180 has it, one row for each value and each stretch of words.

`chosen` is 1 where the coder has chosen the value, 0 where words or a note stand without it. A cell that a spreadsheet would take for a
formula begins with an apostrophe, which reading takes off again: https://owasp.org/www-community/attacks/CSV_Injection.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any, TypeVar

from pipeline.annotate.exchange.nouns import CodedJudgment, MalformedError, Reading, Texts
from pipeline.annotate.exchange.shape import head, read_head, shown
from pipeline.schema import Entry

NAME, ENCODING = "csv", "utf-8-sig"  # with the mark by which Excel knows UTF-8
_CODING = ("judgment_id", "source_id", "title", "text_hash", "coder", "mode", "codebook_version", "state", "seconds", "at")
_ENTRY = ("unit", "variable", "value", "chosen", "start", "end", "quotation", "unsure", "note")
COLUMNS = (*_CODING, *_ENTRY)
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_ESCAPED = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")
Row = Mapping[str, str]
N = TypeVar("N", int, float)


def write(coded: Iterable[CodedJudgment], losses: Counter[str], notes: bool = True) -> Iterator[str]:
    """The header and the rows; a coding without any entry is one row."""
    yield _line(COLUMNS)
    for each in coded:
        rows = [row for entry in each.entries for row in _rows(entry, each.text, notes)]
        for row in rows or [{}]:
            values = {**head(each), **row}
            yield _line([_harmless(str(values.get(column, ""))) for column in COLUMNS])


def _line(cells: Iterable[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue()


def _harmless(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _rows(entry: Entry, text: str, notes: bool) -> Iterator[dict[str, Any]]:
    """The rows of an entry: chosen values with their words, then words without a chosen value; the note stands on the first."""
    head = {"unit": entry.unit, "variable": entry.variable, "unsure": int(entry.unsure), "note": entry.note if notes else ""}
    rows: list[dict[str, Any]] = []
    for value in entry.values:
        own = [(start, end) for start, end, said in entry.words if said == value]
        rows += [{"value": value, "chosen": 1, **_place(*span, text)} for span in own] or [{"value": value, "chosen": 1}]
    others = [words for words in entry.words if words[2] not in entry.values]
    rows += [{"value": value, "chosen": 0, **_place(start, end, text)} for start, end, value in others]
    for number, row in enumerate(rows or [{"value": "", "chosen": 0}]):
        yield {**head, **row, **({"note": ""} if number else {})}


def _place(start: int, end: int, text: str) -> dict[str, Any]:
    return {"start": start, "end": end, "quotation": text[start:end]}


def read(content: str, file: str, texts: Texts) -> Reading:
    """The codings of a table that `write` has made; its rows and columns may stand in another order."""
    reading = Reading()
    rows = list(_read_rows(content, file, reading.problems))
    rows.sort(key=lambda row: (row["judgment_id"], row["coder"]))
    for _, group in groupby(rows, key=lambda row: (row["judgment_id"], row["coder"])):
        of_coding = list(group)
        try:
            reading.coded.append(_coded(of_coding))
        except MalformedError as error:
            reading.problems.append(f"{of_coding[0]['']}: {error}")
    return reading


def _read_rows(content: str, file: str, problems: list[str]) -> Iterator[dict[str, str]]:
    """The rows as dictionaries; their place in the file stands under ''."""
    reader = csv.reader(io.StringIO(content, newline=""), strict=True)
    columns = next(reader, [])
    if missing := [name for name in ("judgment_id", "coder", *_ENTRY) if name not in columns]:
        problems.append(f"{file}, line 1: no column {', '.join(missing)}; the first line must name the columns")
        return
    line = reader.line_num + 1
    try:
        for cells in reader:
            place, line = f"{file}, line {line}", reader.line_num + 1
            if len(cells) == len(columns):
                yield {"": place, **{name: _plain(cell) for name, cell in zip(columns, cells, strict=True)}}
            elif cells:
                problems.append(f"{place}: {len(cells)} cells, where the first line names {len(columns)} columns")
    except csv.Error as error:
        problems.append(f"{file}, line {line}: not CSV: {error}")


def _plain(cell: str) -> str:
    return cell[1:] if _ESCAPED.match(cell) else cell


def _coded(rows: list[dict[str, str]]) -> CodedJudgment:
    """The coding that these rows are of."""
    first = rows[0]
    if other := next((row for row in rows if any(row.get(name) != first.get(name) for name in _CODING)), None):
        raise MalformedError(f"says of the same coding something else than {other['']} (hash, mode, version or time)")
    about = {name: first[name] for name in _CODING if first.get(name) and name != "seconds"}
    seconds = {"seconds": _number(first, "seconds", float)} if first.get("seconds") else {}
    fields: dict[tuple[str, str], list[dict[str, str]]] = {}
    for row in rows:
        if row["unit"] or row["variable"]:
            fields.setdefault((row["unit"], row["variable"]), []).append(row)
    entries = tuple(_entry(unit, variable, found) for (unit, variable), found in sorted(fields.items()))
    return CodedJudgment(entries=entries, **read_head({**about, **seconds}, first[""]))


def _entry(unit: str, variable: str, rows: list[dict[str, str]]) -> Entry:
    values = tuple(dict.fromkeys(row["value"] for row in rows if _flag(row, "chosen")))
    words = sorted((_number(row, "start", int), _number(row, "end", int), row["value"]) for row in rows if row["start"] or row["end"])
    if any(not 0 <= start < end for start, end, _ in words):
        raise MalformedError(f"{unit} {variable}: words must have 0 <= start < end")
    notes = list(dict.fromkeys(row["note"] for row in rows if row["note"]))
    if len(notes) > 1:
        raise MalformedError(f"{unit} {variable}: two notes on one entry; keep one of them")
    return Entry(unit, variable, values, tuple(words), any(_flag(row, "unsure") for row in rows), "".join(notes))


def _flag(row: Row, name: str) -> bool:
    if row[name] not in ("0", "1", ""):
        raise MalformedError(f"`{name}` must be 0 or 1, not {shown(row[name])}")
    return row[name] == "1"


def _number(row: Row, name: str, kind: type[N]) -> N:
    try:
        return kind(row[name])
    except ValueError as error:
        raise MalformedError(f"`{name}` must be a number, not {shown(row[name])}") from error
