"""Analysis: Table 1, its figures and the report. This package only reads the database."""

from __future__ import annotations

from pipeline.analyse.counting import TABLE_ONE, count_study
from pipeline.analyse.pages import refuse_foreign, write_report
from pipeline.analyse.questions import write_rows
from pipeline.analyse.tables import Cell, Table, table_one
from pipeline.analyse.terminal import print_table_one, render_table_one

__all__ = [
    "TABLE_ONE",
    "Cell",
    "Table",
    "ask",
    "count_study",
    "print_table_one",
    "refuse_foreign",
    "render_table_one",
    "table_one",
    "write_report",
    "write_rows",
]
