"""Cells as a manifest keeps them: the count, what it is of, the SQL, the judgments behind it, each as often as it counts, and quartiles."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from pipeline.analyse.counting import TABLE_ONE, Counted
from pipeline.analyse.numbers import Measured, Spread
from pipeline.analyse.reading import Case
from pipeline.analyse.tables import TOTAL, Row, Table

Values = dict[float, Counter[str]]
Quartiles = tuple[float, float, float]


class Place(NamedTuple):
    """Where a cell stands: the name of its table, the key of its line, the name of its column."""

    table: str
    line: str
    column: str

    def __str__(self) -> str:
        table = "Table 1" if self.table == TABLE_ONE else self.table
        return f"{table}, {self.column}" if self.line == table else f"{table}, {self.line}, {self.column}"


@dataclass(frozen=True, slots=True)
class Count:
    """One cell. `judgments` holds each judgment as often as it counts: a case once, two defendants of one case twice.

    Of a measure (months, days) `values` holds the judgments by value, and `quartiles` are the first, the median and the third.
    """

    n: int
    denominator: int
    sql: str
    judgments: Counter[str]
    values: Values = field(default_factory=dict)
    quartiles: Quartiles | None = None

    def __str__(self) -> str:
        if self.quartiles is None:
            return f"{self.n} of {self.denominator}"
        low, median, high = self.quartiles
        return f"median {median:g} ({low:g} to {high:g}) of {self.n}"

    @property
    def fingerprint(self) -> str:
        """Hash of the judgments' ids, sorted, each as often as it counts (16 hexadecimal digits)."""
        return hashlib.blake2b("\n".join(sorted(self.judgments.elements())).encode(), digest_size=8).hexdigest()


def cells_of(counted: Counted) -> dict[Place, Count]:
    """Every cell of the tables, then those of the measures, each of which is a table of one line."""
    of_judgment = {case.judgment_id: case for case in counted.cases}
    cells = {place: count for name, table in counted.tables.items() for place, count in _cells(name, table, of_judgment)}
    return cells | {place: count for measured in counted.measures for place, count in _spreads(measured)}


def relations(counted: Counted) -> dict[str, str]:
    """What the SQL of each table's cells counts."""
    of_measures = {each.measure.name: each.relation for each in counted.measures}
    return {name: table.view for name, table in counted.tables.items()} | of_measures


def _spreads(measured: Measured) -> Iterator[tuple[Place, Count]]:
    name = measured.measure.name
    for column, spread in measured.spreads.items():
        cell, values = spread.cell, _by_value(spread)
        count = Count(cell.n, cell.denominator, cell.sql, Counter(cell.judgments), values, quartiles(values))
        yield Place(name, name, column), count


def _by_value(spread: Spread) -> Values:
    found: Values = {}
    for judgment, value in zip(spread.cell.judgments, spread.values, strict=True):
        found.setdefault(value, Counter())[judgment] += 1
    return dict(sorted(found.items()))


def quartiles(values: Values) -> Quartiles | None:
    """The first quartile, the median and the third, as in the tables; None of nothing."""
    if not values:
        return None
    import numpy as np

    every = np.repeat(list(values), [behind.total() for behind in values.values()])
    first, median, third = (round(float(found), 6) for found in np.quantile(every, (0.25, 0.5, 0.75)))
    return first, median, third


def _cells(name: str, table: Table, cases: Mapping[str, Case]) -> Iterator[tuple[Place, Count]]:
    for part in table.parts:
        for row in part.rows:
            for column in table.columns:
                cell = row.cells[column.name]
                count = Count(cell.n, cell.denominator, cell.sql, _weighted(row, cell.judgments, cases))
                yield Place(name, row.line.key, column.name), count


def _weighted(row: Row, judgments: Sequence[str], cases: Mapping[str, Case]) -> Counter[str]:
    """Each judgment as often as it counts: where a line counts persons the cell names the judgment once."""
    if not row.line.counts_persons:
        return Counter(judgments)
    return Counter({judgment: row.line.weight(cases[judgment]) for judgment in judgments})


def total(parts: Mapping[str, Counter[str]]) -> Counter[str]:
    """The judgments of the total: those of all other columns, for every case is in one of them."""
    return sum((judgments for column, judgments in parts.items() if column != TOTAL.name), Counter())
