"""The judgments behind each count of the report, as lists that open at the side: limited, so that the page stays small."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.analyse.lines import Line
from pipeline.analyse.quotations import Card, Quotation
from pipeline.analyse.statistics import Association
from pipeline.analyse.tables import TOTAL, Cell, Row, Table
from pipeline.codebook import Term

LISTED = 200  # judgments shown in one list
ENTRIES = 4000  # judgments shown in all lists of the report together: about 4 MB
QUOTED = 2  # quotations shown beside each of them
_WORDS_OF_TIME = ("part_of_day", "hour")  # columns that no label supports: read from the words behind the date of the act


@dataclass(frozen=True, slots=True)
class Entry:
    """One judgment in a list, with the quotations that put it there."""

    card: Card
    quotations: tuple[Quotation, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """The judgments behind one count. The total's listing points to those of the types instead of repeating them."""

    anchor: str
    block: Term
    line: Line
    column: Term
    cell: Cell
    entries: tuple[Entry, ...]
    parts: tuple[tuple[str, Term, int], ...] = ()
    test: Association | None = None  # of the line, in the listing of its total

    @property
    def judgments(self) -> int:
        """How many judgments there are: a count of persons or charges may have several in one."""
        return len(set(self.cell.judgments))

    @property
    def more(self) -> int:
        """How many judgments are not shown here."""
        return 0 if self.parts else self.judgments - len(self.entries)


Listings = Mapping[tuple[str, str], Listing]


def limit_of_lists(tables: Iterable[Table], known: Iterable[str]) -> int:
    """How long a list may be so that all lists of the tables together hold at most `ENTRIES`; `known`: judgments that can be listed."""
    shown = frozenset(known)
    lengths = [len(shown.intersection(cell.judgments)) for table in tables for cell in _listed_cells(table)]
    limit = LISTED
    while limit > 1 and sum(min(length, limit) for length in lengths) > ENTRIES:
        limit = limit * 4 // 5
    return limit


def listings(
    table: Table, cards: Mapping[str, Card], tests: Mapping[str, Association], *, prefix: str = "l", limit: int = LISTED, first: int = 0
) -> dict[tuple[str, str], Listing]:
    """The listing of every count above zero, by (key of the line, name of the column).

    `tests`: by key of the line. Anchors begin with `prefix`; the first `first` lines are left out.
    """
    rows = [(part.block.label, row) for part in table.parts for row in part.rows]
    found: dict[tuple[str, str], Listing] = {}
    for number, (block, row) in enumerate(rows[first:], first):
        for listing in _of_row(f"{prefix}{number}", block, row, table.columns, cards, limit):
            found[row.line.key, listing.column.name] = listing
        if (row.line.key, TOTAL.name) in found:
            found[row.line.key, TOTAL.name] = replace(found[row.line.key, TOTAL.name], test=tests.get(row.line.key))
    return found


def _of_row(anchor: str, block: Term, row: Row, columns: Sequence[Term], cards: Mapping[str, Card], limit: int) -> Iterator[Listing]:
    filled = [(column, row.cells[column.name]) for column in columns if row.cells[column.name].n]
    parts = tuple((f"{anchor}-{column.name}", column, cell.n) for column, cell in filled if column is not TOTAL)
    for column, cell in filled:
        name = f"{anchor}-{column.name}"
        if column is TOTAL:
            yield Listing(name, block, row.line, column, cell, (), parts)
        else:
            yield Listing(name, block, row.line, column, cell, _entries(row.line, cell, cards, limit))


def listing_of(anchor: str, title: Term, column: Term, cell: Cell, cards: Mapping[str, Card], line: Line, limit: int) -> Listing:
    """The listing of a count that stands in no table of lines."""
    return Listing(anchor, title, line, column, cell, _entries(line, cell, cards, limit))


def _listed_cells(table: Table) -> list[Cell]:
    """The cells whose judgments are listed: those of the total are parted by type, those of "number" are the cases of Table 1."""
    rows = [row for part in table.parts for row in part.rows if row.line.key != "number"]
    return [cell for row in rows for name, cell in row.cells.items() if name != TOTAL.name]


def _entries(line: Line, cell: Cell, by_judgment: Mapping[str, Card], limit: int) -> tuple[Entry, ...]:
    shown = [by_judgment[judgment] for judgment in dict.fromkeys(cell.judgments) if judgment in by_judgment][:limit]
    return tuple(Entry(card, tuple(_supporting(line, card)[:QUOTED])) for card in shown)


def _supporting(line: Line, card: Card) -> list[Quotation]:
    """The quotations for the line's values; for the number of cases, those for the attack type."""
    if not line.variable:
        return card.quotations_for("attack_type", [card.case["attack_type"] or ""])
    if line.variable in _WORDS_OF_TIME:
        return card.quotations_for("incident_on", [card.case["incident_on"] or ""])
    return card.quotations_for(line.variable, line.values)
