"""How Datasette shows single cells: codes with their labels, the judgments of views and questions as links. Other forms stay as they are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from datasette import hookimpl
from markupsafe import Markup

from pipeline.analyse.dictionary import TableWords
from pipeline.analyse.export.json_lines import members

if TYPE_CHECKING:
    from datasette.app import Datasette

_JUDGMENTS = frozenset({"judgment_id", "first_id", "last_id", "penalty_id"})
_IDENTIFIER = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Shown:
    """By what cells are shown: the labels of closed columns that say more than their codes, by table and column; which relations are views.

    Datasette carries it as its attribute `shown`: its own settings of plugins are copied whole for each cell.
    """

    labels: Mapping[str, Mapping[str, Mapping[str, str]]]
    views: frozenset[str]


def shown(words: Mapping[str, TableWords]) -> Shown:
    """By what the cells of these tables are shown."""
    labels = {
        name: {column.name: _telling(column.choices) for column in table.columns if column.type in ("choice", "list")}
        for name, table in words.items()
    }
    return Shown(labels, frozenset(name for name, table in words.items() if table.kind == "view"))


def _telling(choices: Mapping[str, str]) -> dict[str, str]:
    return {value: label for value, label in choices.items() if label.lower().replace(" ", "_") != value}


@hookimpl  # type: ignore[untyped-decorator]
def render_cell(value: Any, column: str, table: str | None, database: str, datasette: Datasette) -> Markup | None:
    """The cell in HTML, or None for Datasette's own way."""
    told: Shown | None = getattr(datasette, "shown", None)
    if told is None or not isinstance(value, str):
        return None
    if column in _JUDGMENTS and (table is None or table in told.views) and _IDENTIFIER.fullmatch(value):
        return Markup('<a href="{}">{}</a>').format(datasette.urls.row(database, "judgments", value), value)
    labels = told.labels.get(table or "cases", {}).get(column, {})  # in the answer to a question a column is what it is in cases
    said = ", ".join(labels[each] for each in members(value) if each in labels)
    return Markup('{} <small class="label">{}</small>').format(value, said) if said else None
