"""Table 1: for the three attack types and in total, how many cases, from which causes, with which weapons, injuries and victims."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.analyse.clustering import Clusters
from pipeline.analyse.lines import Answers, Block, Level, Line, table_one_blocks
from pipeline.analyse.published import Figure, Study, load_study
from pipeline.analyse.reading import EVERY, ONCE, Case, Source, cases_in_scope, connection_of
from pipeline.codebook import Codebook, Term, load
from pipeline.schema import CodebookError

TOTAL = Term("total", "合计", "Total")
UNTYPED = Term("untyped", "未分类", "Not typed")
NOT_STATED = "unstated"  # the codebook's value where the text says nothing: shown, and left out of every test


@dataclass(frozen=True, slots=True)
class Cell:
    """A count with its denominator, the judgments behind it and the SQL that finds them again. Counts persons where the line does.

    `effective`: how many independent units the share is worth where a case has several; None where each unit is a case of its own.
    """

    n: int
    denominator: int
    judgments: tuple[str, ...]
    sql: str
    published: Figure | None = None
    effective: float | None = None

    @property
    def percent(self) -> float | None:
        """100 n / denominator, unrounded; None where there is nothing to divide by."""
        return 100 * self.n / self.denominator if self.denominator else None


@dataclass(frozen=True, slots=True)
class Row:
    """One line with its cells by column."""

    line: Line
    cells: Mapping[str, Cell]

    @property
    def silent(self) -> bool:
        """Whether the row counts those of which nothing is recorded or stated; an empty list is an answer."""
        return (self.line.level is Level.MISSING and not self.line.several) or self.line.values == (NOT_STATED,)


@dataclass(frozen=True, slots=True)
class Part:
    """One block with its rows."""

    block: Block
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Table 1. The columns are the attack types, "untyped" where cases in scope lack a type, and "total". `view`: what is counted."""

    columns: tuple[Term, ...]
    parts: tuple[Part, ...]
    study: Study
    view: str = EVERY

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


def finest(rows: Sequence[Row]) -> list[Row]:
    """The rows that part the units without overlap: the single values, and groups none of whose values has a row of its own."""
    single = {value for row in rows if row.line.level is Level.VALUE for value in row.line.values}
    return [row for row in rows if row.line.level is not Level.GROUP or single.isdisjoint(row.line.values)]


def table_one(source: Source, once: bool = False) -> Table:
    """Count Table 1 over the judgments in scope of an open database, or over cases (`once`). StoreError when the tables are missing."""
    view = ONCE if once else EVERY
    return tabulate(cases_in_scope(connection_of(source), view), load(), load_study(), view)


def tabulate(cases: list[Case], codebook: Codebook, study: Study, view: str = EVERY, blocks: tuple[Block, ...] | None = None) -> Table:
    """Table 1 of these cases, rows of `view`, or the table of other `blocks` over rows of another relation.

    A line without a single case is kept, except "not recorded", which appears only where it is true.
    """
    blocks = table_one_blocks(codebook) if blocks is None else blocks
    _check_study(study, blocks)
    types = codebook["attack_type"].names
    groups = _by_column(cases, types)
    untyped = [UNTYPED] if groups[UNTYPED.name] else []
    columns = (*codebook["attack_type"].values, *untyped, TOTAL)
    parts = [Part(block, tuple(_rows(block, columns, groups, types, study, view))) for block in blocks]
    return Table(columns, tuple(parts), study, view)


def _check_study(study: Study, blocks: tuple[Block, ...]) -> None:
    known = {line.key for block in blocks for line in block.lines}
    for line, _ in study.figures:
        if line not in known:
            raise CodebookError(f"published.toml: Table 1 has no line '{line}'")


def _by_column(cases: Sequence[Case], types: Sequence[str]) -> dict[str, list[Case]]:
    """The cases of each column: an unknown or absent type is "untyped", and everything is in the total."""
    groups: dict[str, list[Case]] = {name: [] for name in (*types, UNTYPED.name)}
    for case in cases:
        attack_type = case.row["attack_type"]
        groups[attack_type if attack_type in types else UNTYPED.name].append(case)
    return groups | {TOTAL.name: list(cases)}


def _rows(
    block: Block, columns: Sequence[Term], groups: Mapping[str, list[Case]], types: Sequence[str], study: Study, view: str
) -> list[Row]:
    denominators, clusters = _denominators(block, groups), _clusters(block.lines[0], groups)
    answers, found = Answers(groups[TOTAL.name]), []
    for line in block.lines:
        held = _by_column(answers.among(line), types)
        if line.level is Level.MISSING and not held[TOTAL.name]:
            continue
        cells = {
            column.name: Cell(
                n=line.total(held[column.name]),
                denominator=denominators[column.name],
                judgments=tuple(case.judgment_id for case in held[column.name]),
                sql=_sql(line, column.name, types, view),
                published=study.of(line.key, column.name),
                effective=clusters[column.name].effective(_weights(line, held[column.name])) if column.name in clusters else None,
            )
            for column in columns
        }
        found.append(Row(line, cells))
    return found


def _denominators(block: Block, groups: Mapping[str, list[Case]]) -> dict[str, int]:
    """What the percentages of a block are of: all cases for their number, the block's persons, else the cases of the column."""
    first = block.lines[0]
    if first.level is Level.TOTAL:
        return dict.fromkeys(groups, len(groups[TOTAL.name]))
    return {name: first.total(cases) for name, cases in groups.items()}


def _clusters(first: Line, groups: Mapping[str, list[Case]]) -> dict[str, Clusters]:
    """The units of each column in which a case has several."""
    if first.level is Level.TOTAL:
        return {}
    clusters = {name: Clusters(_weights(first, cases)) for name, cases in groups.items()}
    return {name: of_column for name, of_column in clusters.items() if not of_column.single}


def _weights(line: Line, cases: Iterable[Case]) -> Counter[str]:
    """How many units each case adds to a line."""
    if not line.counts_persons:
        return Counter(case.judgment_id for case in cases)
    return Counter({case.judgment_id: line.weight(case) for case in cases})


def _sql(line: Line, column: str, types: Sequence[str], view: str) -> str:
    conditions = ["in_scope = 1"]
    if column == UNTYPED.name:
        listed = ", ".join(f"'{name}'" for name in types)
        conditions.append(f"coalesce(attack_type, '') NOT IN ({listed})")
    elif column != TOTAL.name:
        conditions.append(f"attack_type = '{column}'")
    if line.level is not Level.TOTAL:
        conditions.append(line.condition)
    return f"SELECT judgment_id FROM {view} WHERE " + " AND ".join(conditions)
