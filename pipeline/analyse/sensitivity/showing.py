"""What `anjuan sensitivity` writes for programs: a row for each cell with its range, or for each cell under each choice, with its SQL."""

from __future__ import annotations

from typing import Any

from pipeline.analyse.sensitivity.counting import Sensitivity
from pipeline.analyse.sensitivity.ranges import Extent, extents
from pipeline.codebook import Term


def cell_rows(result: Sensitivity, language: str = "en") -> list[dict[str, Any]]:
    """A row for each cell: number, share, ranges, the choice that moves it most, and the SQL of both counts. Shares in percent."""
    return [_cell_row(extent, result.name, language) for extent in extents(result)]


def _cell_row(extent: Extent, table: Term, language: str) -> dict[str, Any]:
    low, high = extent.shares or (None, None)
    moved = extent.moved
    return {
        "table": table.name,
        "line": extent.line.key,
        "label": extent.line.label.label(language),
        "column": extent.column.name,
        "n": extent.base.n,
        "denominator": extent.base.denominator,
        "percent": _rounded(extent.base.percent),
        "lowest_n": extent.counts[0],
        "highest_n": extent.counts[1],
        "lowest_percent": _rounded(low),
        "highest_percent": _rounded(high),
        "moved_most_by": extent.moved_by.name if extent.moved_by else None,
        "moved_n": moved.n if moved else None,
        "moved_percent": _rounded(moved.percent) if moved else None,
        "sql": extent.base.sql,
        "moved_sql": moved.sql if moved else None,
    }


def scenario_rows(result: Sensitivity, language: str = "en") -> list[dict[str, Any]]:
    """A row for each cell under each choice, with its SQL. Shares in percent."""
    return [
        {
            "choice": scenario.name.name,
            "choice_label": scenario.name.label(language),
            "line": row.line.key,
            "label": row.line.label.label(language),
            "column": column,
            "n": cell.n,
            "denominator": cell.denominator,
            "percent": _rounded(cell.percent),
            "sql": cell.sql,
        }
        for scenario in result.all
        for part in scenario.table.parts
        for row in part.rows
        for column, cell in row.cells.items()
    ]


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 2)
