"""Tables in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any


def table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> list[str]:
    """Lines of a table; a number is written as it is, None as an empty cell."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return lines + ["| " + " | ".join(_cell(cell) for cell in row) + " |" for row in rows]


def number(score: float | None) -> str:
    """A score with three decimals; a dash where there is none (a class that was never answered has no precision)."""
    return "–" if score is None else f"{score:.3f}"


def interval(row: Mapping[str, float | None]) -> tuple[str, str]:
    """A score and its 95 % interval, as two cells."""
    return number(row["score"]), f"{number(row['low'])} to {number(row['high'])}"


def with_interval(row: Mapping[str, float | None]) -> str:
    """A score with its 95 % interval in one cell."""
    score, bounds = interval(row)
    return f"{score} ({bounds})"


def _cell(cell: Any) -> str:
    if cell is None:
        return ""
    return str(int(cell) if isinstance(cell, float) and cell.is_integer() else cell).replace("|", "\\|").replace("\n", " ")
