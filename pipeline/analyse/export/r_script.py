"""For R: the tables as CSV, and a script in base R that reads them with factors, dates and labels. It needs no package.

A factor has the codebook's values as levels, in its order, shown by their labels; a list column gets one TRUE/FALSE column for each member.
`attr(x, "label")` is the label of a column, which RStudio and packages such as gtsummary and labelled show.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from pipeline.analyse.dictionary import Column
from pipeline.analyse.export.comma_separated import write_table
from pipeline.analyse.export.selection import Selected

_HEAD = """\
# Reads the tables beside this file with factors, dates and labels: source("read.R", encoding = "UTF-8", chdir = TRUE)

read_table <- function(file, classes) {
  utils::read.csv(file, fileEncoding = "UTF-8-BOM", colClasses = classes, na.strings = character(), check.names = FALSE)
}
as_number <- function(x) suppressWarnings(as.numeric(x))
as_factor <- function(x, values, labels) {
  older <- setdiff(unique(x[x != ""]), values)  # values that only an older codebook had
  factor(x, levels = c(values, older), labels = c(labels, older))
}
as_flag <- function(x) ifelse(x == "", NA, x == "1")
as_day <- function(x) as.Date(x, format = "%Y-%m-%d")  # dates known to the day; the text keeps the others
has_member <- function(x, value) vapply(strsplit(x, ",", fixed = TRUE), function(each) value %in% each, NA)
labelled <- function(x, label) {
  attr(x, "label") <- label
  x
}
"""


def write(tables: Sequence[Selected], paths: Sequence[Path], language: str) -> list[int]:
    """Write each table to its path, the script to the last one. The number of rows of each."""
    counts = [write_table(table, path) for table, path in zip(tables, paths, strict=False)]
    steps = [line for table, path in zip(tables, paths, strict=False) for line in _table(table, path.name)]
    paths[-1].write_text("\n".join([_HEAD, *steps, ""]), "utf-8")
    return counts


def _table(table: Selected, file: str) -> Iterator[str]:
    yield f"\n# {table.label}"
    yield f'{table.name} <- read_table({_text(file)}, "character")'
    for column in table.columns:
        yield from _column(column, f"{table.name}[[{_text(column.name)}]]", table.name)


def _column(column: Column, place: str, table: str) -> Iterator[str]:
    """The statements that give a column its type and label."""
    values, labels = (f"c({', '.join(map(_text, each))})" for each in (column.choices, column.choices.values()))
    if column.type == "list":
        for value, label in column.choices.items():
            member = f"{table}[[{_text(f'{column.name}_{value}')}]]"
            yield f"{member} <- labelled(has_member({place}, {_text(value)}), {_text(f'{column.label}: {label}')})"
    elif column.type == "date":
        yield f"{table}[[{_text(f'{column.name}_day')}]] <- labelled(as_day({place}), {_text(column.label)})"
    read = {"flag": f"as_flag({place})", "integer": f"as_number({place})", "real": f"as_number({place})"}.get(column.type, place)
    if column.choices and column.type == "choice":
        read = f"as_factor({place}, {values}, {labels})"
    yield f"{place} <- labelled({read}, {_text(column.label)})"


def _text(value: str) -> str:
    """A string of R's."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
