"""How far each cell of a table moves: its lowest and highest count and share under any choice, and the choice that moves it most."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.analyse.lines import Line
from pipeline.analyse.sensitivity.counting import Scenario, Sensitivity
from pipeline.analyse.tables import Cell, Part
from pipeline.codebook import Term


@dataclass(frozen=True, slots=True)
class Extent:
    """One cell over all scenarios. `shares` are percentages, None where no scenario has a denominator.

    `moved_by` is the single choice that shifts the share most, by `points` percentage points; where no share moves the one that shifts the
    count most; None where nothing does. `moved` is the cell under it.
    """

    part: Part
    line: Line
    column: Term
    base: Cell
    counts: tuple[int, int]
    shares: tuple[float, float] | None
    moved_by: Term | None
    moved: Cell | None
    points: float

    @property
    def steady(self) -> bool:
        """Whether no choice, alone or with others, changes count or share."""
        return self.counts[0] == self.counts[1] and (self.shares is None or self.shares[0] == self.shares[1])


def extents(result: Sensitivity) -> list[Extent]:
    """The extent of every cell, in the order of the table."""
    return [
        _extent(result, part, line, column)
        for part in result.base.table.parts
        for line in (row.line for row in part.rows)
        for column in result.base.table.columns
    ]


def _extent(result: Sensitivity, part: Part, line: Line, column: Term) -> Extent:
    cells = [(scenario, scenario.table.cell(line.key, column.name)) for scenario in result.all]
    base = cells[0][1]
    shares = [cell.percent for _, cell in cells if cell.percent is not None]
    counts = [cell.n for _, cell in cells]
    mover, moved = max(((scenario, cell) for scenario, cell in cells if scenario.single), key=lambda pair: _shift(pair[1], base))
    points, steps = _shift(moved, base)
    moves = bool(points or steps)
    return Extent(
        part,
        line,
        column,
        base,
        (min(counts), max(counts)),
        (min(shares), max(shares)) if shares else None,
        mover.name if moves else None,
        moved if moves else None,
        points,
    )


def _shift(cell: Cell, base: Cell) -> tuple[float, int]:
    """How far a cell lies from the base: in percentage points, then in counts. A share that cannot be formed does not move."""
    both = cell.percent is not None and base.percent is not None
    return abs((cell.percent or 0) - (base.percent or 0)) if both else 0.0, abs(cell.n - base.n)


def scenario_counts(scenario: Scenario) -> dict[str, int]:
    """How many units the scenario counts, by column."""
    row = scenario.table.parts[0].rows[0]
    return {name: cell.n for name, cell in row.cells.items()}
