"""A paper's tables as an Excel workbook: a sheet for each, numbers as numbers, and the SQL and the judgments behind every cell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, islice
from pathlib import Path
from typing import Any

import xlsxwriter

from pipeline.analyse.lines import Level
from pipeline.analyse.paper.form import Heading, Kind, PaperTable, Value
from pipeline.analyse.paper.sheets import BEHIND, CELLS, cell_rows, judgment_rows
from pipeline.codebook import Term

_ROWS = 1_000_000  # of a sheet that Excel opens there are 1,048,576
_LONGEST = 32_000  # characters of a cell that Excel opens: 32,767
_FORMATS: Mapping[Kind, dict[str, Any]] = {
    Kind.TEXT: {},
    Kind.COUNT: {"num_format": "0"},
    Kind.SHARE: {"num_format": "0.0%"},
    Kind.NUMBER: {"num_format": "General"},
    Kind.P: {"num_format": '[<0.001]"<.001";0.000'},
}
_WIDTHS = {Kind.TEXT: 44, Kind.COUNT: 8, Kind.SHARE: 8, Kind.NUMBER: 8, Kind.P: 9}
_INDENT = {None: 0, Level.TOTAL: 0, Level.GROUP: 1, Level.MISSING: 1, Level.VALUE: 2}
_CONTENTS = Term("contents", "目录", "Contents")
_CELLS = Term("cells", "单元格", "Cells")
_BEHIND = Term("judgments", "文书", "Judgments")
_TABLE = Term("table", "表", "Table")
_CUT = " … (too long for a cell: the manifest has it in full)"
_FONT = {"zh": "宋体", "en": "Calibri"}


def write_xlsx(papers: Sequence[PaperTable], path: Path, language: str) -> None:
    """Write a workbook: contents, one sheet for each table, then `Cells` (with SQL) and `Judgments`.

    Rows are written as they come, so that many judgments do not fill the memory; past a million they go on in another sheet.
    """
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "constant_memory": True}
    with xlsxwriter.Workbook(path, options) as book:
        book.formats[0].set_font_name(_FONT[language])
        _write_contents(book, papers, language)
        for paper in papers:
            _write_table(book, paper, language)
        _write_rows(book, _CELLS.label(language), CELLS, cell_rows(papers), {5: 40, 9: 90})
        _write_rows(book, _BEHIND.label(language), BEHIND, judgment_rows(papers), {4: 20})


def _name(paper: PaperTable) -> str:
    return f"{paper.number} {paper.name}"[:31]


def _write_contents(book: Any, papers: Sequence[PaperTable], language: str) -> None:
    """The list of the tables, each a link to its sheet."""
    sheet = book.add_worksheet(_CONTENTS.label(language))
    sheet.set_column(0, 0, 70)
    for number, paper in enumerate(papers):
        title = f"{_TABLE.label(language)} {paper.number}  {paper.title.label(language)}"
        sheet.write_url(number, 0, f"internal:'{_name(paper)}'!A1", string=title)


def _write_table(book: Any, paper: PaperTable, language: str) -> None:
    """Title, two rows of headings, the rows, the notes."""
    sheet, heads = book.add_worksheet(_name(paper)), paper.body.headings(language)
    formats = {(kind, level): book.add_format(_format(kind, level)) for kind in Kind for level in _INDENT}
    for place, heading in enumerate(heads):
        sheet.set_column(place, place, _WIDTHS[heading.kind])
    sheet.freeze_panes(3, 1)
    bold = book.add_format({"bold": True})
    sheet.write_string(0, 0, f"{_TABLE.label(language)} {paper.number}  {paper.title.label(language)}", bold)
    _write_headings(book, sheet, heads)
    end = 3
    for end, row in enumerate(paper.body.grid(language), 3):
        for place, (value, heading) in enumerate(zip(row.values, heads, strict=True)):
            _write(sheet, end, place, value, formats[heading.kind, row.level if place == 0 or row.level is None else Level.TOTAL])
    for number, note in enumerate(paper.notes, end + 2):
        sheet.write_string(number, 0, note.label(language))


def _format(kind: Kind, level: Level | None) -> dict[str, Any]:
    """How a cell is set: by what it holds, set in by its level, a question bold."""
    return {**_FORMATS[kind], "bold": level is None} | ({"indent": _INDENT[level]} if kind is Kind.TEXT else {})


def _write_headings(book: Any, sheet: Any, heads: Sequence[Heading]) -> None:
    """The types of attack, each over its columns, and below what the columns hold."""
    over = book.add_format({"bold": True, "align": "center", "top": 2})
    below = book.add_format({"bold": True, "align": "right", "bottom": 1, "text_wrap": True})
    start = 0
    for group, members in groupby(heads, key=lambda heading: heading.group):
        width = len(list(members))
        if group:
            sheet.merge_range(1, start, 1, start + width - 1, group, over)
        else:
            for place in range(start, start + width):
                sheet.write_blank(1, place, None, over)
        start += width
    for place, heading in enumerate(heads):
        sheet.write_string(2, place, heading.text, below)


def _write_rows(book: Any, name: str, columns: Sequence[str], rows: Iterable[Sequence[Value]], widths: Mapping[int, int]) -> None:
    """A long list under its headings, on as many sheets as it takes."""
    remaining, bold = iter(rows), book.add_format({"bold": True, "bottom": 1})
    for number, batch in enumerate(_batches(remaining), 1):
        sheet = book.add_worksheet(name if number == 1 else f"{name} {number}")
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, widths.get(place, 14))
            sheet.write_string(0, place, column, bold)
        for at, row in enumerate(batch, 1):
            for place, value in enumerate(row):
                _write(sheet, at, place, value)


def _batches(rows: Iterator[Sequence[Value]]) -> Iterator[Iterator[Sequence[Value]]]:
    """The rows of each sheet; at least one sheet, even without a row."""
    yield islice(rows, _ROWS)
    for first in rows:
        yield _with(first, islice(rows, _ROWS - 1))


def _with(first: Sequence[Value], others: Iterator[Sequence[Value]]) -> Iterator[Sequence[Value]]:
    yield first
    yield from others


def _write(sheet: Any, row: int, column: int, value: Value, style: Any = None) -> None:
    """Text stays text, whatever it begins with; what there is not stays blank."""
    if isinstance(value, str):
        sheet.write_string(row, column, value if len(value) <= _LONGEST else value[: _LONGEST - len(_CUT)] + _CUT, style)
    elif value is not None:
        sheet.write_number(row, column, value, style)
