"""Coverage: by keyword, year and province, what was found, listed, fetched and kept; and where nothing is.

Found is what a source says there is; it is unknown, not 0, where no source was asked. Kept is what the database holds: judgments with
a hit of the keyword, or brought by a query for it. Documents are counted once, however many queries name them.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from pipeline.analyse.reading import Row, Source, connection_of, rows
from pipeline.analyse.serials import PROVINCES, parse

ALL = ""  # of a cell: every year, every province; of its keyword: every judgment
UNKNOWN = "unknown"
SITE_LIMIT = 600  # documents that a result page of China Judgments Online shows, however many it finds ("显示前600条")
_YEAR = re.compile(r"(?:19|20)\d{2}")
_KEPT = """
SELECT k.keyword, k.judgment_id, c.province, c.decided_on, c.in_scope, c.case_number, c.court, j.metadata,
    t.decided_on AS listed_day, t.case_number AS listed_number, t.court AS listed_court FROM (
    SELECT '' AS keyword, judgment_id FROM judgments
    UNION SELECT expression, judgment_id FROM keyword_hits
    UNION SELECT q.keyword, l.judgment_id FROM listed AS l JOIN queries AS q ON q.id = l.query_id WHERE l.judgment_id IS NOT NULL AND q.keyword <> ''
) AS k JOIN cases AS c USING (judgment_id) JOIN judgments AS j USING (judgment_id) LEFT JOIN (
    SELECT judgment_id, max(decided_on) AS decided_on, max(case_number) AS case_number, max(court) AS court FROM listed GROUP BY judgment_id
) AS t USING (judgment_id)
"""
_LISTED = """
SELECT q.keyword, q.year, q.province, coalesce(l.judgment_id, l.source_id) AS document,
    l.source_id IS NOT l.judgment_id AS named, l.state, l.court, l.case_number, l.decided_on
FROM listed AS l JOIN queries AS q ON q.id = l.query_id
"""
_QUERIES = "SELECT source, keyword, year, province, court_level, found, state, detail FROM queries ORDER BY id"


class Found(NamedTuple):
    """How many documents a source says there are; `whole` is False while some of the queries have not been answered."""

    n: int
    whole: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """One keyword in one year and province, any of them ALL. Listed: named by an answer; kept: judgments in the database."""

    keyword: str
    year: str
    province: str
    found: Found | None
    listed: int
    fetched: int
    kept: int
    in_scope: int | None  # None: none of them has been screened


@dataclass(frozen=True, slots=True)
class Gap:
    """Where something lacks. `kind`: no_year, no_province, unplaced (year or province not known), not_asked, not_counted (how much a search
    finds is not known), over_limit, stopped, missing, refused, unread, bad_rows.
    """

    kind: str
    keyword: str
    year: str
    province: str
    n: int
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Coverage:
    """All cells and gaps; `years` are those asked or met; `chosen` tells that keywords or queries chose what the database holds."""

    keywords: tuple[str, ...]
    years: tuple[str, ...]
    cells: tuple[Cell, ...]
    gaps: tuple[Gap, ...]
    chosen: bool

    def cell(self, keyword: str = ALL, year: str = ALL, province: str = ALL) -> Cell:
        """The cell, empty where nothing was counted."""
        wanted = (keyword, year, province)
        return next((c for c in self.cells if (c.keyword, c.year, c.province) == wanted), Cell(*wanted, None, 0, 0, 0, 0))


@dataclass
class _Sets:
    """The documents of a cell."""

    listed: set[str] = field(default_factory=set)
    fetched: set[str] = field(default_factory=set)
    kept: set[str] = field(default_factory=set)
    screened: set[str] = field(default_factory=set)
    in_scope: set[str] = field(default_factory=set)


_Key = tuple[str, str, str]


def count_coverage(source: Source) -> Coverage:
    """Count over `queries`, `listed`, `keyword_hits`, `ledger` and `cases`. StoreError when this is no database of anjuan."""
    connection = connection_of(source)
    asked = list(rows(connection, _QUERIES))
    sets = _documents(connection)
    found = _found(asked)
    keys = sorted(sets.keys() | found.keys())
    cells = tuple(_cell(key, found.get(key), sets.get(key) or _Sets()) for key in keys)
    keywords = tuple(dict.fromkeys([ALL, *(row["keyword"] for row in asked if row["keyword"]), *(cell.keyword for cell in cells)]))
    years = _years([*(cell.year for cell in cells), *(row["year"] for row in asked)])
    gaps = (*_empty(cells, keywords, years), *_unfinished(asked), *_unfetched(connection), *_unread(connection))
    return Coverage(keywords, years, cells, gaps, bool(asked) or len(keywords) > 1 or _chosen_from_dumps(connection))


def _cell(key: _Key, found: Found | None, sets: _Sets) -> Cell:
    in_scope = len(sets.in_scope) if sets.screened or not sets.kept else None
    return Cell(*key, found, len(sets.listed), len(sets.fetched), len(sets.kept), in_scope)


def _documents(connection: sqlite3.Connection) -> dict[_Key, _Sets]:
    """The documents of each keyword, by year and province and summed over each of them."""
    sets: dict[_Key, _Sets] = defaultdict(_Sets)
    for row in rows(connection, _LISTED):
        year = row["year"] or _year(row["decided_on"])
        province = row["province"] or _province(row["court"], row["case_number"])
        for key in _keys(row["keyword"], year, province):
            if row["named"]:  # the others were told by their text, no list names them
                sets[key].listed.add(row["document"])
            if row["state"] == "fetched":
                sets[key].fetched.add(row["document"])
    for row in rows(connection, _KEPT):
        for key in _keys(row["keyword"], *_where(row)):
            sets[key].kept.add(row["judgment_id"])
            if row["in_scope"] is not None:
                sets[key].screened.add(row["judgment_id"])
            if row["in_scope"]:
                sets[key].in_scope.add(row["judgment_id"])
    return dict(sets)


def _keys(keyword: str, year: str, province: str) -> Iterator[_Key]:
    return ((keyword, y, p) for y in (year, ALL) for p in (province, ALL))


def _where(row: Row) -> tuple[str, str]:
    """Year and province of a judgment: as extracted, else as its source states them, else as a list does."""
    stated = json.loads(row["metadata"]) if not (row["decided_on"] and row["province"]) else {}
    day = row["decided_on"] or str(stated.get("decided_on") or row["listed_day"] or "")
    number = row["case_number"] or str(stated.get("case_number") or row["listed_number"] or "")
    court = row["court"] or str(stated.get("court") or row["listed_court"] or "")
    return _year(day), row["province"] or str(stated.get("province", "")) or _province(court, number)


def _year(day: str) -> str:
    found = _YEAR.match(day)
    return found[0] if found else UNKNOWN


def _province(court: str, number: str) -> str:
    named = next((province for province in PROVINCES if court.startswith(province)), "")
    parsed = None if named else parse(number)
    return named or (parsed.province if parsed else "") or UNKNOWN


def _found(asked: Iterable[Row]) -> dict[_Key, Found]:
    """What the sources say, by keyword, year and province; the largest where several were asked, for they hold the same documents."""
    cells: dict[_Key, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in asked:
        for province in {row["province"], ALL}:
            cells[row["keyword"], row["year"] or UNKNOWN, province][row["source"]].append(row)
    found = {key: _largest([_sum(queries, key[2]) for queries in sources.values()]) for key, sources in cells.items()}
    for keyword, province in {(key[0], key[2]) for key in cells}:
        found[keyword, ALL, province] = _added([value for key, value in found.items() if (key[0], key[2]) == (keyword, province)])
    return {key: value for key, value in found.items() if value is not None}


def _sum(queries: list[Row], province: str) -> Found | None:
    """Add the queries of one source: the least narrow of them, for a search by province repeats part of the one without."""
    for narrow in ("province", "court_level"):
        if province == ALL or narrow == "court_level":
            queries = [query for query in queries if not query[narrow]] or queries
    return _added([None if query["found"] is None else Found(query["found"], True) for query in queries])


def _added(parts: list[Found | None]) -> Found | None:
    known = [part for part in parts if part is not None]
    return Found(sum(part.n for part in known), len(known) == len(parts) and all(part.whole for part in known)) if known else None


def _largest(parts: list[Found | None]) -> Found | None:
    return max((part for part in parts if part is not None), key=lambda part: (part.n, part.whole), default=None)


def _years(met: Iterable[str]) -> tuple[str, ...]:
    """Every year from the first to the last that was asked or met."""
    known = [int(year) for year in met if year.isdecimal()]
    return tuple(str(year) for year in range(min(known), max(known) + 1)) if known else ()


def _empty(cells: tuple[Cell, ...], keywords: tuple[str, ...], years: tuple[str, ...]) -> Iterator[Gap]:
    """Years and provinces without any judgment, for each keyword (for all judgments where there is none).

    Where most judgments cannot be placed, nothing is said but that.
    """
    kept = {(cell.keyword, cell.year, cell.province): cell.kept for cell in cells if cell.kept}
    for keyword in keywords[1:] or keywords:
        whole, no_year, no_province = (kept.get((keyword, *key), 0) for key in ((ALL, ALL), (UNKNOWN, ALL), (ALL, UNKNOWN)))
        if lost := max(no_year, no_province):
            yield Gap("unplaced", keyword, ALL, ALL, lost)
        if 2 * no_year <= whole:
            yield from (Gap("no_year", keyword, year, ALL, 0) for year in years if (keyword, year, ALL) not in kept)
        if 2 * no_province <= whole > 0:
            yield from (Gap("no_province", keyword, ALL, province, 0) for province in PROVINCES if (keyword, ALL, province) not in kept)


def _unfinished(asked: list[Row]) -> Iterator[Gap]:
    """Queries that were not asked, that find more than the site shows, or at which the source stopped."""
    narrower = {(row["keyword"], row["year"], row["court_level"]) for row in asked if row["province"]}
    for row in asked:
        told = row["keyword"], row["year"], row["province"]
        if row["found"] is not None and row["found"] > SITE_LIMIT and row["source"].startswith("wenshu"):
            if row["province"] or (row["keyword"], row["year"], row["court_level"]) not in narrower:
                yield Gap("over_limit", *told, row["found"] - SITE_LIMIT, row["court_level"])
        elif row["state"] == "stopped":
            yield Gap("stopped", *told, 1, row["detail"])
        elif row["found"] is None:
            yield Gap("not_asked" if row["state"] == "planned" else "not_counted", *told, 1, row["court_level"])


def _unfetched(connection: sqlite3.Connection) -> Iterator[Gap]:
    """Documents that an answer names and that are not in the database."""
    sql = """SELECT q.keyword, q.year, q.province, l.state, count(DISTINCT l.source_id) AS n FROM listed AS l JOIN queries AS q ON q.id = l.query_id
        WHERE l.state <> 'fetched' GROUP BY 1, 2, 3, 4 ORDER BY 4, 1, 2, 3"""
    for row in rows(connection, sql):
        yield Gap("refused" if row["state"] == "refused" else "missing", row["keyword"], row["year"], row["province"], row["n"])


def _unread(connection: sqlite3.Connection) -> Iterator[Gap]:
    """Members of bulk dumps that were not read to their end, and rows that could not be."""
    for row in rows(
        connection, "SELECT path, state, detail, rows, bad_rows FROM ledger WHERE state <> 'done' OR bad_rows > 0 ORDER BY path"
    ):
        if row["state"] != "done":
            yield Gap("unread", ALL, ALL, ALL, 1, ": ".join(part for part in (row["path"], row["detail"]) if part))
        if row["bad_rows"]:
            yield Gap("bad_rows", ALL, ALL, ALL, row["bad_rows"], row["path"])


def _chosen_from_dumps(connection: sqlite3.Connection) -> bool:
    return any(True for _ in rows(connection, "SELECT 1 AS one FROM ledger WHERE keywords <> '' LIMIT 1"))
