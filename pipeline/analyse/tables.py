"""Table 1: for the three attack types and in total, how many cases, from which causes, with which weapons, injuries and victims."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.analyse.lines import Block, Level, Line, table_one_blocks
from pipeline.analyse.published import Figure, Study, load_study
from pipeline.analyse.reading import Case, Source, cases_in_scope, connection_of
from pipeline.codebook import Codebook, Term, load
from pipeline.schema import CodebookError

TOTAL = Term("total", "合计", "Total")
UNTYPED = Term("untyped", "未分类", "Not typed")


@dataclass(frozen=True, slots=True)
class Cell:
    """A count with its denominator, the judgments behind it and the SQL that finds them again. Counts persons where the line does."""

    n: int
    denominator: int
    judgments: tuple[str, ...]
    sql: str
    published: Figure | None = None

    @property
    def percent(self) -> float | None:
        """100 n / denominator, unrounded; None where there is nothing to divide by."""
        return 100 * self.n / self.denominator if self.denominator else None


@dataclass(frozen=True, slots=True)
class Row:
    """One line with its cells by column."""

    line: Line
    cells: Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Part:
    """One block with its rows."""

    block: Block
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Table 1. The columns are the attack types, "untyped" where cases in scope lack a type, and "total"."""

    columns: tuple[Term, ...]
    parts: tuple[Part, ...]
    study: Study

    @property
    def study_columns(self) -> frozenset[str]:
        """The names of the columns for which the study reports something."""
        return frozenset(column for _, column in self.study.figures)

    def row(self, key: str) -> Row:
        """The row whose line has this key; KeyError when there is none."""
        return next(row for part in self.parts for row in part.rows if row.line.key == key)

    def cell(self, key: str, column: str) -> Cell:
        """One cell, by the key of its line and the name of its column."""
        return self.row(key).cells[column]


def table_one(source: Source) -> Table:
    """Count Table 1 over the judgments in scope of an open database. StoreError when the tables are missing."""
    return tabulate(cases_in_scope(connection_of(source)), load(), load_study())


def tabulate(cases: list[Case], codebook: Codebook, study: Study) -> Table:
    """Table 1 of these cases. A line without a single case is kept, except "not recorded", which appears only where it is true."""
    blocks = table_one_blocks(codebook)
    _check_study(study, blocks)
    columns = _columns(cases, codebook)
    by_column = {column.name: [case for case in cases if _belongs(case, column.name, codebook)] for column in columns}
    parts = [Part(block, tuple(_rows(block, by_column, study))) for block in blocks]
    return Table(columns, tuple(parts), study)


def _check_study(study: Study, blocks: tuple[Block, ...]) -> None:
    known = {line.key for block in blocks for line in block.lines}
    for line, _ in study.figures:
        if line not in known:
            raise CodebookError(f"published.toml: Table 1 has no line '{line}'")


def _columns(cases: list[Case], codebook: Codebook) -> tuple[Term, ...]:
    types = codebook["attack_type"].values
    untyped = [UNTYPED] if any(_belongs(case, UNTYPED.name, codebook) for case in cases) else []
    return (*types, *untyped, TOTAL)


def _belongs(case: Case, column: str, codebook: Codebook) -> bool:
    attack_type = case.row["attack_type"]
    if column == UNTYPED.name:
        return attack_type not in codebook["attack_type"].names
    return column in (TOTAL.name, attack_type)


def _rows(block: Block, by_column: Mapping[str, list[Case]], study: Study) -> list[Row]:
    found = []
    for line in block.lines:
        cells = {column: _cell(line, column, by_column, block, study) for column in by_column}
        if line.level is not Level.MISSING or any(cell.n for cell in cells.values()):
            found.append(Row(line, cells))
    return found


def _cell(line: Line, column: str, by_column: Mapping[str, list[Case]], block: Block, study: Study) -> Cell:
    counted = [case for case in by_column[column] if line.holds(case)]
    return Cell(
        n=sum(line.weight(case) for case in counted),
        denominator=_denominator(line, column, by_column, block),
        judgments=tuple(case.judgment_id for case in counted),
        sql=_sql(line, column),
        published=study.of(line.key, column),
    )


def _denominator(line: Line, column: str, by_column: Mapping[str, list[Case]], block: Block) -> int:
    if line.level is Level.TOTAL:
        return len(by_column[TOTAL.name])
    if line.counts_persons:
        everyone = block.lines[0]
        return sum(everyone.weight(case) for case in by_column[column])
    return len(by_column[column])


def _sql(line: Line, column: str) -> str:
    conditions = ["in_scope = 1"]
    if column == UNTYPED.name:
        listed = ", ".join(f"'{name}'" for name in load()["attack_type"].names)
        conditions.append(f"coalesce(attack_type, '') NOT IN ({listed})")
    elif column != TOTAL.name:
        conditions.append(f"attack_type = '{column}'")
    if line.level is not Level.TOTAL:
        conditions.append(line.condition)
    return "SELECT judgment_id FROM cases WHERE " + " AND ".join(conditions)
