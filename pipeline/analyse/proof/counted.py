"""Cells as a manifest keeps them: the count, what it is of, the SQL, and the judgments behind it, each as often as it counts."""

from __future__ import annotations

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pipeline.analyse.catalogue import count_all
from pipeline.analyse.published import load_study
from pipeline.analyse.reading import Case, cases_in_scope
from pipeline.analyse.tables import TOTAL, Row, Table, tabulate
from pipeline.codebook import load

TABLE_ONE = "one"


class Place(NamedTuple):
    """Where a cell stands: the name of its table, the key of its line, the name of its column."""

    table: str
    line: str
    column: str

    def __str__(self) -> str:
        return f"{'Table 1' if self.table == TABLE_ONE else self.table}, {self.line}, {self.column}"


@dataclass(frozen=True, slots=True)
class Count:
    """One cell. `judgments` holds each judgment as often as it counts: a case once, two defendants of one case twice."""

    n: int
    denominator: int
    sql: str
    judgments: Counter[str]

    @property
    def fingerprint(self) -> str:
        """Hash of the judgments' ids, sorted, each as often as it counts (16 hexadecimal digits)."""
        return hashlib.blake2b("\n".join(sorted(self.judgments.elements())).encode(), digest_size=8).hexdigest()


def count_tables(connection: sqlite3.Connection, view: str) -> tuple[dict[str, Table], list[Case]]:
    """Table 1 (under the name "one") and the catalogue's tables, by name, with the cases of Table 1. StoreError when tables are missing."""
    cases = cases_in_scope(connection, view)
    return {TABLE_ONE: tabulate(cases, load(), load_study(), view), **count_all(connection, view)}, cases


def counts(connection: sqlite3.Connection, view: str) -> dict[Place, Count]:
    """Every cell of every table over an open database, in the order of the tables."""
    return cells_of(*count_tables(connection, view))


def cells_of(tables: Mapping[str, Table], cases: Sequence[Case]) -> dict[Place, Count]:
    """Every cell of these tables, which were counted over these cases."""
    of_judgment = {case.judgment_id: case for case in cases}
    return {place: count for name, table in tables.items() for place, count in _cells(name, table, of_judgment)}


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
