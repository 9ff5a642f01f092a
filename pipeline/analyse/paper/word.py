"""A paper's tables as a Word file: three-line tables (三线表) with captions that Word numbers, and notes below."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any
from unicodedata import east_asian_width

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_ALIGN_VERTICAL
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt

from pipeline.analyse.paper.cells import JOINER
from pipeline.analyse.paper.form import Line, PaperTable
from pipeline.analyse.paper.ooxml import add_sequence, set_borders, set_fonts, set_language, set_row
from pipeline.codebook import Term

_TABLE = Term("table", "表 ", "Table ")
_NOTE = Term("note", "注：", "Note. ")
_TITLE = Term("title", "袭医案件：表", "Attacks on medical staff: tables")
_PAPER, _MARGIN = (Mm(210), Mm(297)), Mm(20)
_WIDE = 8  # more columns than these go across
_LABEL = Mm(41)  # the least width of the labels
_DIGIT, _PADDING = Pt(6), Mm(1.9)  # a digit of 9 pt with some room for bold ones and other fonts; the margin of a cell
_LEAST = 7  # digits that fit into any column
_BOLD = 1.2  # times as wide
_INDENT = Pt(9)
_SHORT, _LAST = 16, 3  # a table of so many rows is not parted; nor are the last rows of a long one from the notes


def write_docx(papers: Sequence[PaperTable], path: Path, language: str) -> None:
    """Write a document with the tables in their order; those with many columns on pages laid across."""
    document = Document()
    _set_styles(document, language)
    section = document.sections[0]
    for number, (wide, members) in enumerate(groupby(papers, key=lambda paper: len(paper.body.header(language)) > _WIDE)):
        section = document.add_section(WD_SECTION.NEW_PAGE) if number else section
        width = _lay(section, wide)
        for paper in members:
            _add(document, paper, language, width)
    document.save(str(path))


def _set_styles(document: Any, language: str) -> None:
    """Times New Roman with 宋体 for Chinese characters, captions in bold (黑体) and black."""
    set_fonts(document.styles["Normal"], "Times New Roman", "宋体")
    set_fonts(document.styles["Caption"], "Times New Roman", "黑体")
    set_language(document.styles["Normal"], "zh-CN" if language == "zh" else "en-GB")
    for name, size in (("Normal", 9), ("Caption", 10)):
        document.styles[name].font.size = Pt(size)
    caption = document.styles["Caption"]
    caption.font.bold, caption.font.color.rgb, caption.paragraph_format.keep_with_next = True, None, True
    caption.paragraph_format.space_before, caption.paragraph_format.space_after = Pt(12), Pt(4)
    document.styles["Normal"].paragraph_format.space_after = Pt(0)
    document.core_properties.title, document.core_properties.author = _TITLE.label(language), "anjuan"
    document.core_properties.comments = ""


def _lay(section: Any, wide: bool) -> int:
    """Paper A4, upright or across; the width between the margins."""
    short, long = _PAPER
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (long, short) if wide else (short, long)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = _MARGIN
    return int((long if wide else short) - 2 * _MARGIN)


def _add(document: Any, paper: PaperTable, language: str, width: int) -> None:
    """Caption, table and notes."""
    caption = document.add_paragraph(style="Caption")
    caption.add_run(_TABLE.label(language))
    add_sequence(caption, "Table", paper.number)
    caption.add_run(f"  {paper.title.label(language)}")
    heads, body = paper.body.header(language), paper.body.lines(language)
    table = document.add_table(rows=len(body) + 1, cols=len(heads))
    table.autofit = False
    rows = [Line(tuple(heads), 0, True), *body]
    widths = _widths(width, rows)
    for column, wanted in zip(table.columns, widths, strict=True):
        column.width = wanted
    for number, (row, line) in enumerate(zip(table.rows, rows, strict=True)):
        set_row(row, heads=number == 0)
        _fill(row.cells, line, widths, keep=line.bold or len(rows) <= _SHORT or number >= len(rows) - _LAST)
    set_borders(table)
    _add_notes(document, paper, language)


def _widths(width: int, rows: Sequence[Line]) -> list[int]:
    """The widths of the columns, by the longest line of text in each; the labels take what the numbers leave."""
    wide = [[_length(text) * (_BOLD if row.bold else 1) for text in row.texts] for row in rows]
    lengths = [max(column) for column in zip(*wide, strict=True)]
    numbers = [_DIGIT * max(length, _LEAST) + 2 * _PADDING for length in lengths[1:]]
    scale = min(1.0, (width - _LABEL) / sum(numbers))
    columns = [int(number * scale) for number in numbers]
    return [width - sum(columns), *columns]


def _length(text: str) -> float:
    """Of the longest line, in digits: a Chinese character, and a dash, is as wide as two."""
    return max(sum(2 if east_asian_width(sign) in "WFA" else 1 for sign in line if sign != JOINER) for line in text.split("\n"))


def _fill(cells: Sequence[Any], line: Line, widths: Sequence[int], keep: bool) -> None:
    """Labels to the left, set in by their level; numbers to the right. `keep`: the row stays on the page of what follows.

    The label of a question runs over the empty cells beside it.
    """
    label = _blank_after(line.texts) if line.bold else 0
    if label:
        cells[0].merge(cells[label])
    for place, (cell, text, width) in enumerate(zip(cells, line.texts, widths, strict=True)):
        if 0 < place <= label:
            continue
        cell.width = width if place else sum(widths[: label + 1])
        paragraph = cell.paragraphs[0]
        paragraph.add_run(text).bold = line.bold or None
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if place else WD_ALIGN_PARAGRAPH.LEFT
        cell.vertical_alignment = WD_ALIGN_VERTICAL.BOTTOM
        if not place:
            paragraph.paragraph_format.left_indent = _INDENT * line.depth
        paragraph.paragraph_format.keep_with_next = keep or None


def _blank_after(texts: Sequence[str]) -> int:
    """The last of the empty texts that follow the first."""
    return next((place for place, text in enumerate(texts[1:]) if text), len(texts) - 1)


def _add_notes(document: Any, paper: PaperTable, language: str) -> None:
    text = (" " if language == "en" else "").join(note.label(language) for note in paper.notes)
    note = document.add_paragraph()
    note.paragraph_format.space_before, note.paragraph_format.space_after = Pt(3), Pt(12)
    run = note.add_run(_NOTE.label(language) + text)
    run.font.size = Pt(8)
