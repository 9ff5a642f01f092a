"""Table 1 for the terminal."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table as RichTable

from pipeline.analyse.figures import percentage
from pipeline.analyse.lines import Level
from pipeline.analyse.reading import ONCE, Source
from pipeline.analyse.tables import Part, Row, Table, table_one
from pipeline.codebook import Term

_WORDS = {
    "zh": {
        "title": "表 1  三类袭医案件比较",
        "study": "研究",
        "foot": "件数 (%)。“研究”为所发表的件数，空白为未报告：",
        "once": "同一文书的副本和同一案件的各审级文书只计一次。",
    },
    "en": {
        "title": "Table 1  The three attack types compared",
        "study": "study",
        "foot": "Cases (%). 'study' is the published number of cases, blank where none is reported: ",
        "once": "Copies of one judgment and the instances of one case are counted once. ",
    },
}
_INDENT = {Level.TOTAL: "", Level.GROUP: "  ", Level.MISSING: "  ", Level.VALUE: "    "}
_ONLY_IN_THE_REPORT = "persons"  # heads instead of cases: the block would double the roles on the screen
_WIDER_THAN_ANY_TABLE = 400
_SHORTEST_LABEL = 14
_KEPT_BLANK = "\u00a0"  # rich drops ordinary blanks at the end of a cell


def print_table_one(source: Source, *, language: str = "en", width: int | None = None, once: bool = False) -> str:
    """Count Table 1 in an open database and return it as text for the terminal; `once`: each case once, not each judgment."""
    return render_table_one(table_one(source, once), language=language, width=width)


def render_table_one(table: Table, *, language: str = "en", width: int | None = None) -> str:
    """Table 1 as plain text, figures aligned, the study's published figures beside ours.

    As wide as it needs to be; with `width`, labels are shortened to fit, figures never.
    """
    rich, buffer = _rich_table(table, language), io.StringIO()
    console = Console(file=buffer, width=_WIDER_THAN_ANY_TABLE, force_terminal=False, color_system=None, highlight=False)
    if width:
        _shorten_labels(rich, Measurement.get(console, console.options, rich).maximum - width)
    console.print(rich)
    citation = table.study.citation_zh if language == "zh" else table.study.citation_en
    counted = _WORDS[language]["once"] if table.view == ONCE else ""
    console.print(counted + _WORDS[language]["foot"] + citation, soft_wrap=True)
    return "\n".join(line.rstrip() for line in buffer.getvalue().replace(_KEPT_BLANK, " ").splitlines()) + "\n"


def _rich_table(table: Table, language: str) -> RichTable:
    parts = [part for part in table.parts if part.block.key != _ONLY_IN_THE_REPORT]
    rich = RichTable(title=_WORDS[language]["title"], title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1))
    rich.add_column("", no_wrap=True, overflow="ellipsis")
    writers = [writer for column in table.columns for writer in _add_columns(rich, table, column, parts, language)]
    for part in parts:
        if len(part.rows) > 1:
            rich.add_section()
            rich.add_row(part.block.label.label(language))
        for row in part.rows:
            rich.add_row(_INDENT[row.line.level] + row.line.label.label(language), *(writer(row) for writer in writers))
    return rich


def _shorten_labels(rich: RichTable, excess: int) -> None:
    """Take `excess` columns from the labels, down to a width at which they can still be told apart."""
    labels = rich.columns[0]
    longest = max(cell_len(str(cell)) for cell in labels.cells)
    if excess > 0:
        labels.max_width = max(_SHORTEST_LABEL, longest - excess)


def _add_columns(rich: RichTable, table: Table, column: Term, parts: Sequence[Part], language: str) -> list[Callable[[Row], str]]:
    """Add the column of a type and, where the study reports on it, the study's; returns what writes their cells."""
    rows = [row for part in parts for row in part.rows]
    shares = {row.line.key: _share(row, column) for row in rows}
    widest = max(len(share) for share in shares.values())

    def counted(row: Row) -> str:
        # Every share is padded to the widest, so that digits stand under digits.
        return f"{row.cells[column.name].n} {shares[row.line.key]:>{widest}}".replace(" ", _KEPT_BLANK)

    def published(row: Row) -> str:
        figure = row.cells[column.name].published
        return "" if figure is None else str(figure.n)

    writers: list[Callable[[Row], str]] = [counted]
    rich.add_column(column.label(language), justify="right", no_wrap=True)
    if column.name in table.study_columns:
        writers.append(published)
        rich.add_column(_WORDS[language]["study"], justify="right", no_wrap=True)
    return writers


def _share(row: Row, column: Term) -> str:
    cell = row.cells[column.name]
    return f"({percentage(cell.n, cell.denominator)})" if cell.n else ""
