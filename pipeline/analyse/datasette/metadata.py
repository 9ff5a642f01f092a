"""What Datasette is told of a database: titles and descriptions, columns, facets, order, ready questions."""

from __future__ import annotations

import sqlite3
import tomllib
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from pipeline.analyse.dictionary import Column, TableWords, tables_in_words
from pipeline.analyse.reading import rows

_TITLE = {"zh": "案卷", "en": "anjuan"}
_ABOUT = {
    "zh": "只读，仅限本机。先看下方的现成问题；dictionary_columns 说明每一列的含义。",
    "en": "Read-only, on this machine alone. Begin with the ready questions below; dictionary_columns says what each column means.",
}


def metadata(connection: sqlite3.Connection, path: Path, language: str) -> dict[str, Any]:
    """Datasette's metadata for the database at `path`, in `language`. AnjuanError for a language that there is not."""
    words = tables_in_words(connection, language)
    pages = _shipped("pages.toml")
    tables = {name: _table(table, pages, language) for name, table in words.items()}
    tables["judgments"]["label_column"] = _label_column(connection)
    about = {"tables": tables, "queries": _queries(language), "description": _ABOUT[language]}
    return {"title": f"{_TITLE[language]}: {path.name}", "databases": {path.stem: about}}


def _shipped(name: str) -> dict[str, Any]:
    return tomllib.loads(files("pipeline.analyse.datasette").joinpath(name).read_text("utf-8"))


def _table(table: TableWords, pages: Mapping[str, Any], language: str) -> dict[str, Any]:
    said: dict[str, Any] = {
        "title": f"{table.label} ({table.name})",
        "description": table.description,
        "columns": {column.name: _column(column, language) for column in table.columns},
        "hidden": table.name in pages["hidden"],
    }
    if table.kind == "view":
        said["sortable_columns"] = [column.name for column in table.columns]  # Datasette sorts views only where it is told that it may
    said |= {key: pages[key][table.name] for key in ("facets", "sort", "sort_desc") if table.name in pages[key]}
    return said


def _column(column: Column, language: str) -> str:
    """A column in one paragraph: its label, its definition, what its values are called."""
    stop, separator = ("。", "；") if language == "zh" else (".", "; ")
    values = separator.join(f"{value} = {label}" for value, label in column.choices.items())
    return " ".join(part for part in (f"{column.label}{stop}", column.definition, f"[{values}]" if values else "") if part)


def _label_column(connection: sqlite3.Connection) -> str:
    """How a judgment is called where another table refers to it: by its title, or by its identifier where titles are not printed."""
    titled = next(iter(rows(connection, "SELECT EXISTS (SELECT 1 FROM judgments WHERE title <> '') AS found")))["found"]
    return "title" if titled else "source_id"


def _queries(language: str) -> dict[str, dict[str, Any]]:
    return {
        name: {
            "title": query[language],
            "description": query[f"about_{language}"],
            "sql": query["sql"].strip().replace("{lang}", language),
            "hide_sql": True,
        }
        for name, query in _shipped("queries.toml").items()
    }
