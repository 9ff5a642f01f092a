"""The tests of a whole table: each question and each of its rows against the columns, with Holm's correction over all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from pipeline.analyse.lines import Level
from pipeline.analyse.statistics import phrases
from pipeline.analyse.statistics.association import Association, OddsRatio, association, untested
from pipeline.analyse.statistics.clusters import clustered_associations
from pipeline.analyse.statistics.correction import corrected
from pipeline.analyse.statistics.pairs import PAIR, effective_sizes, pair_odds
from pipeline.analyse.tables import TOTAL, UNTYPED, Part, Row, Table, finest
from pipeline.codebook import Term


def tests_of(table: Table) -> dict[str, Association]:
    """The tests by key: of a block (all its values by the attack types) and of a line (its cases against all others of the column).

    Cases without a type, and those for which nothing is recorded or stated, are left out and counted in `left_out`. Holm's correction
    is over all blocks that are tested, and apart from them over all lines. Units of which one case has several (defendants, charges)
    are tested by permutation of cases; a line that counts persons is not tested. A line's odds ratio sets the pair of types of `pairs`
    against each other.
    """
    blocks: dict[str, Association] = {}
    lines: dict[str, Association] = {}
    columns = [column.name for column in table.columns if column.name not in (TOTAL.name, UNTYPED.name)]
    for part in table.parts:
        rows = [row for row in part.rows if not row.silent]
        if why := _untestable(rows):
            whole, each = untested(why), [untested(why) for _ in rows]
        else:
            whole, each = _by_case(part, rows, columns) if _nested(part) else _by_count(part, rows, columns)
        if len(part.rows) > 1:
            blocks[part.block.key] = whole
        lines |= {row.line.key: replace(test, odds=_odds(part, rows, row)) for row, test in zip(rows, each, strict=True)}
    return corrected(blocks) | corrected(lines)


def _by_count(part: Part, rows: Sequence[Row], columns: Sequence[str]) -> tuple[Association, list[Association]]:
    """The test of all rows together and of each against all others that have an answer, one unit being one case."""
    known, left_out = _known(part, columns)
    parted = [[row.cells[column].n for column in columns] for row in finest(rows)]
    several = any(row.line.several or row.line.variable == "role" for row in rows)
    whole = untested(phrases.SEVERAL_VALUES, left_out=left_out) if several else association(parted, left_out)
    each = [[row.cells[column].n for column in columns] for row in rows]
    return whole, [association([held, [n - m for n, m in zip(known, held, strict=True)]], left_out) for held in each]


def _by_case(part: Part, rows: Sequence[Row], columns: Sequence[str]) -> tuple[Association, list[Association]]:
    """The same where one case has several units: cases are permuted."""
    left_out = _known(part, columns)[1]
    parted = finest(rows)
    ordered = [*parted, *(row for row in rows if row not in parted)]
    groups = {judgment: number for number, column in enumerate(columns) for row in rows for judgment in row.cells[column].judgments}
    if not groups:
        none = untested(phrases.NO_CASES, 0, left_out)
        return none, [none] * len(rows)
    counted = [Counter(judgment for column in columns for judgment in row.cells[column].judgments) for row in ordered]
    counts = [[counter[judgment] for counter in counted] for judgment in groups]
    whole, *each = clustered_associations(list(groups.values()), counts, len(parted), left_out)
    return whole, [each[ordered.index(row)] for row in rows]


def _odds(part: Part, rows: Sequence[Row], row: Row) -> OddsRatio | None:
    """The odds ratio of a line between the pair of types."""
    if row.line.level is Level.TOTAL:
        return None
    known = _known(part, PAIR)[0]
    if row.line.counts_persons:
        return pair_odds(row, known, [row.cells[name].effective for name in PAIR])
    return pair_odds(row, known, effective_sizes(row, finest(rows)) if _nested(part) else (None, None))


def _untestable(rows: Sequence[Row]) -> Term | None:
    if not rows:
        return phrases.NO_CASES
    if any(row.line.level is Level.TOTAL for row in rows):
        return phrases.A_TOTAL
    return phrases.DEPENDENT if any(row.line.counts_persons for row in rows) else None


def _known(part: Part, columns: Sequence[str]) -> tuple[list[int], int]:
    """How many units of each column have an answer, and how many of all units have none, or no type."""
    if not part.rows:
        return [0] * len(columns), 0
    silent = [row for row in part.rows if row.silent]
    known = [part.rows[0].cells[column].denominator - sum(row.cells[column].n for row in silent) for column in columns]
    return known, part.rows[0].cells[TOTAL.name].denominator - sum(known)


def _nested(part: Part) -> bool:
    """Whether one case stands for several units, as where defendants are counted."""
    cells = (row.cells[TOTAL.name] for row in part.rows)
    return any(len(set(cell.judgments)) < len(cell.judgments) for cell in cells)
