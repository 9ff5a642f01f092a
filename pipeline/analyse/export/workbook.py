"""XLSX by xlsxwriter: a sheet for each table with labels for reading, and one that says what columns and values mean.

Text stays text: nothing that begins with = is ever a formula, no address becomes a link.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from pipeline.analyse.dictionary import Column
from pipeline.analyse.export.comma_separated import meanings
from pipeline.analyse.export.json_lines import members
from pipeline.analyse.export.selection import Selected
from pipeline.schema import AnjuanError

LONGEST_SHEET, LONGEST_CELL = 1_048_576, 32_767  # rows with the header, characters: Excel's limits
DICTIONARY = {"zh": "数据字典", "en": "dictionary"}
_HEADER = {
    "zh": ("表", "列", "标签", "定义", "类型", "值", "值标签"),
    "en": ("Table", "Column", "Label", "Definition", "Type", "Value", "Value label"),
}
_WIDTHS = {"key": 18, "text": 22, "long": 60, "integer": 10, "real": 10, "flag": 8, "choice": 16, "list": 20, "date": 12, "time": 21}
_SEPARATOR = {"zh": "；", "en": "; "}
_PLAIN = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def write(tables: Sequence[Selected], paths: Sequence[Path], language: str) -> list[int]:
    """Write all tables to the one path. The number of rows of each. AnjuanError for more than a sheet or a cell can hold."""
    for table in tables:
        if table.count() >= LONGEST_SHEET:
            raise AnjuanError(
                f"{table.name} has more rows than a sheet of Excel ({LONGEST_SHEET - 1:,}): choose csv, parquet or --in-scope"
            )
    with xlsxwriter.Workbook(paths[0], _PLAIN) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        counts = [_write_table(book, table, language, bold) for table in tables]
        _write_sheet(book, DICTIONARY[language], _HEADER[language], [18, 22, 28, 60, 10, 18, 28], meanings(tables), bold)
    return counts


def _write_table(book: Any, table: Selected, language: str, bold: Any) -> int:
    shown = [_shown(column, language) for column in table.columns]
    rows = ([show(value) for show, value in zip(shown, row, strict=True)] for row in table.rows())
    widths = [_WIDTHS.get(column.type, 22) for column in table.columns]
    return _write_sheet(book, table.name, [column.label for column in table.columns], widths, rows, bold)


def _shown(column: Column, language: str) -> Callable[[Any], Any]:
    """How a value of a column is shown: a label, the labels of a list's members, or the value itself."""
    labels = column.choices
    if column.type == "list" and labels:
        return lambda value: _SEPARATOR[language].join(labels.get(each, each) for each in members(value or ""))
    return (lambda value: None if value is None else labels.get(str(value), value)) if labels else lambda value: value


def _write_sheet(book: Any, name: str, header: Sequence[str], widths: Sequence[int], rows: Iterable[Sequence[Any]], bold: Any) -> int:
    """Write one sheet with a frozen header. Its number of rows without the header."""
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    for n, (label, width) in enumerate(zip(header, widths, strict=True)):
        sheet.set_column(n, n, width)
        sheet.write_string(0, n, label, bold)
    written = 0
    for written, row in enumerate(rows, 1):
        for n, value in enumerate(row):
            _write_cell(sheet, written, n, value, f"{name}, {header[n]}")
    sheet.autofilter(0, 0, written, len(header) - 1)
    return written


def _write_cell(sheet: Any, row: int, column: int, value: Any, place: str) -> None:
    if isinstance(value, str):
        if len(value) > LONGEST_CELL:
            raise AnjuanError(f"{place}, row {row + 1}: longer than a cell of Excel ({LONGEST_CELL:,} characters): choose another --form")
        if value:
            sheet.write_string(row, column, value)
    elif value is not None:
        sheet.write_number(row, column, value)
