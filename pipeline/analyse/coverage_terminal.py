"""Coverage for the terminal, in Chinese or English, and as rows for CSV and JSON lines."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from pipeline.analyse.coverage import ALL, UNKNOWN, Cell, Coverage, Found, Gap, count_coverage
from pipeline.analyse.questions import write_rows
from pipeline.analyse.reading import Source, connection_of, rows
from pipeline.analyse.serials import PROVINCES, Serials, by_year, group
from pipeline.schema import AnjuanError

_MOST_ROWS = 60  # keyword x year printed; beyond, keywords only
_COURTS = 15  # courts and years printed, those with most numbers
_NAMED = 12  # gaps of one kind named one by one
_WIDER_THAN_ANY_TABLE = 400
_NUMBERS = "SELECT c.case_number, c.court, j.metadata ->> 'case_number' AS stated, j.metadata ->> 'court' AS stated_court FROM cases AS c JOIN judgments AS j USING (judgment_id)"
_NAMED_BY_LISTS = """SELECT l.case_number, l.court, '' AS stated, '' AS stated_court FROM listed AS l LEFT JOIN cases AS c USING (judgment_id)
WHERE l.case_number <> '' AND coalesce(c.case_number, '') = ''"""
_WORDS = {
    "en": {
        "title": "Coverage by keyword and year", "comma": ", ", "provinces_title": "Coverage by province", "serials_title": "Case numbers by court, year and kind",
        "keyword": "keyword", "year": "year", "province": "province", "found": "found", "listed": "listed", "fetched": "fetched", "kept": "kept",
        "in_scope": "in scope", "provinces": "provinces", "all": "all", "every": "(all judgments)", "unknown": "unknown", "gaps": "Gaps",
        "court": "court", "kind": "kind", "seen": "numbers seen", "largest": "largest", "estimate": "estimate", "share": "share seen",
        "no_year": "{keyword}: no judgment of {list}", "no_province": "{keyword}: no judgment from {list}",
        "not_asked": "{n} searches planned and not asked: {list}", "not_counted": "{n} searches of which no result list was read: {list}",
        "unplaced": "{n} judgments whose year or province is not known (anjuan run reads them): {list}", "over_limit": "more found than the site shows (600 a search), not reached: {n}: {list}",
        "stopped": "{n} searches stopped by the source: {list}", "missing": "{n} documents named by lists and not in the database: {list}",
        "refused": "{n} documents named by lists that cannot be used: {list}", "unread": "{n} files of dumps not read to the end: {list}",
        "bad_rows": "{n} rows of dumps that cannot be read: {list}", "more": "and {n} more", "none": "no gaps",
        "found_foot": "found: what the sources say there is; ? not asked, 12+ not yet asked everywhere. in scope: ? not screened. kept: judgments in the database.",
        "long": "{n} rows by year: --form csv",
        "lower": "The database holds what keywords or searches chose: the largest number says only that there were at least so many cases. No share can be told.",
        "unsure": "Whether the database holds all that was posted is not known: the largest number says only that there were at least so many cases. If it is a whole dump, say so (--complete).",
        "complete": "Estimate m(1 + 1/n) - 1 for n numbers seen up to m, as if those seen were a simple random sample; given from 5 numbers on. Where late cases are posted less, the share is too high.",
        "mixed": "Keywords or searches chose part of this database: the shares hold only if everything else is in it too.",
        "posting": "Posting: of the documents of 2017, 60 % were online in full and 13 % with their basic data only (Yang, Qin & He, China Law Review 2019/6). "
        "Online by year of decision, counted on 4 December 2023: 23.4 million of 2020, 29 % fewer of 2021, again 46 % fewer of 2022 and 64 % fewer of 2023 "
        "(3.2 million; 3.7 million on 25 January 2024) (China Economic Weekly, January 2024). Fewer judgments after 2020 need not mean fewer cases.",
    },
    "zh": {
        "title": "按关键词和年份的覆盖情况", "comma": "、", "provinces_title": "按省份的覆盖情况", "serials_title": "按法院、年份和类型的案号",
        "keyword": "关键词", "year": "年份", "province": "省份", "found": "检出", "listed": "列出", "fetched": "取得", "kept": "入库", "in_scope": "属研究范围",
        "provinces": "省份数", "all": "合计", "every": "（全部文书）", "unknown": "不详", "gaps": "缺口", "court": "法院", "kind": "类型", "seen": "所见案号",
        "largest": "最大号", "estimate": "估计总数", "share": "所见比例",
        "no_year": "{keyword}：{list}无文书", "no_province": "{keyword}：{list}无文书", "not_asked": "已列入计划而未检索 {n} 项：{list}",
        "not_counted": "未读到结果列表、检出数不详的检索 {n} 项：{list}", "unplaced": "年份或省份不详的文书 {n} 篇（由 anjuan run 读取）：{list}",
        "supreme": "最高法院", "high": "高级法院", "intermediate": "中级法院", "basic": "基层法院",
        "over_limit": "检出数超过网站显示上限（每次检索600篇），未能取得 {n} 篇：{list}", "stopped": "来源中止的检索 {n} 项：{list}",
        "missing": "列表中有而未入库 {n} 篇：{list}", "refused": "列表中有而不能使用 {n} 篇：{list}", "unread": "未读完的数据文件 {n} 个：{list}",
        "bad_rows": "无法读取的数据行 {n} 行：{list}", "more": "另有 {n} 项", "none": "没有缺口",
        "found_foot": "检出：来源所称的篇数；? 表示未检索，12+ 表示尚未全部检索。属研究范围：? 表示尚未筛选。入库：数据库中的文书。",
        "long": "按年份共 {n} 行：--form csv",
        "lower": "数据库由关键词或检索选出：最大号只说明案件至少有这么多，不能推算公开比例。",
        "unsure": "不知数据库是否收录全部公开文书：最大号只说明案件至少有这么多。如为完整数据，请用 --complete 说明。",
        "complete": "估计总数为 m(1 + 1/n) - 1（所见 n 个案号，最大号 m），假定所见案号为简单随机样本，至少5个案号时给出。年末案件公开较少时比例偏高。",
        "mixed": "数据库中有一部分由关键词或检索选出：其余公开文书也全部收录时，上述比例才成立。",
        "posting": "公开情况：2017年的裁判文书60%全文上网，13%只公布基本信息（杨金晶、覃慧、何海波，《中国法律评论》2019年第6期）。"
        "截至2023年12月4日，按裁判年份上网文书2020年2338.9万份，2021年下降29%，2022年再降46%，2023年再降64%"
        "（321.5万份；2024年1月25日为366.8万份）（《中国经济周刊》2024年1月）。2020年以后文书减少，不等于案件减少。",
    },
}  # fmt: skip
_COUNTS = ("found", "listed", "fetched", "kept", "in_scope")


def serials(source: Source) -> list[Serials]:
    """The case numbers of the database and of the lists, by court, year and kind; most seen first."""
    connection = connection_of(source)
    found = (row for sql in (_NUMBERS, _NAMED_BY_LISTS) for row in rows(connection, sql))
    return group((row["case_number"] or row["stated"] or "", row["court"] or row["stated_court"] or "") for row in found)


def print_coverage(source: Source, *, form: str = "table", table: str = "cells", language: str = "en", complete: bool = False) -> str:
    """Count coverage in an open database and return it as text for the terminal, or one of its `TABLES` as CSV or JSON lines.

    `complete` states that the database holds all that was posted (a whole dump): then shares of the case numbers are given.
    AnjuanError for an unknown form or table.
    """
    if form != "table":
        if table not in TABLES:
            raise AnjuanError(f"unknown table {table!r}; choose one of {', '.join(TABLES)}")
        return write_rows(TABLES[table](source, complete), form)
    coverage = count_coverage(source)
    return "\n".join((render_coverage(coverage, language), render_serials(serials(source), coverage, language, complete)))


def cell_rows(source: Source, complete: bool = False) -> list[dict[str, Any]]:
    """A row for each keyword x year x province; '' stands for all of them. `found` is None where no source was asked."""
    return [
        {
            "keyword": cell.keyword, "year": cell.year, "province": cell.province, "found": cell.found.n if cell.found else None,
            "found_is_whole": cell.found.whole if cell.found else None, "listed": cell.listed, "fetched": cell.fetched, "kept": cell.kept,
            "in_scope": cell.in_scope,
        }
        for cell in count_coverage(source).cells
    ]  # fmt: skip


def gap_rows(source: Source, complete: bool = False) -> list[dict[str, Any]]:
    """A row for each gap."""
    gaps = count_coverage(source).gaps
    return [{"kind": g.kind, "keyword": g.keyword, "year": g.year, "province": g.province, "n": g.n, "detail": g.detail} for g in gaps]


def serial_rows(source: Source, complete: bool = False) -> list[dict[str, Any]]:
    """A row for each court, year and kind; estimate, upper bound and share only where `complete`."""
    return [
        {
            "court": row.court, "code": row.code, "year": row.year, "kind": row.kind, "documents": row.documents, "seen": row.seen,
            "largest": row.largest, "estimate": row.estimate if complete else None, "at_most": row.at_most if complete else None,
            "share": row.share if complete else None,
        }
        for row in serials(source)
    ]  # fmt: skip


TABLES: Mapping[str, Callable[[Source, bool], list[dict[str, Any]]]] = {"cells": cell_rows, "gaps": gap_rows, "serials": serial_rows}


def render_coverage(coverage: Coverage, language: str = "en") -> str:
    """The tables by keyword and year and by province, then the gaps."""
    words = _WORDS[language]
    cells = {(cell.keyword, cell.year, cell.province): cell for cell in coverage.cells}
    parts = [_by_year(coverage, cells, words), _by_province(cells, words), words["found_foot"], "", words["gaps"]]
    return "\n".join([*parts, *(f"  {line}" for line in gap_lines(coverage.gaps, words) or [words["none"]])]) + "\n"


_Cells = Mapping[tuple[str, str, str], Cell]


def _by_year(coverage: Coverage, cells: _Cells, words: Mapping[str, str]) -> str:
    years = [*coverage.years, UNKNOWN]
    shown = [(keyword, year) for keyword in coverage.keywords for year in years if (keyword, year, ALL) in cells]
    table = _table(words["title"], [words["keyword"], words["year"]], [words[name] for name in (*_COUNTS, "provinces")])
    for keyword in coverage.keywords:
        name = keyword or words["every"]
        mine = [year for word, year in shown if word == keyword] if len(shown) <= _MOST_ROWS else []
        for year in [*mine, ALL]:
            if cell := cells.get((keyword, year, ALL)):
                there = sum((there := cells.get((keyword, year, province))) is not None and there.kept > 0 for province in PROVINCES)
                table.add_row(name, words.get(year, year) or words["all"], *_counts(cell), f"{there}/{len(PROVINCES)}")
                name = ""
        if mine:
            table.add_section()
    note = "" if len(shown) <= _MOST_ROWS else words["long"].format(n=len(shown)) + "\n"
    return _text(table) + note


def _by_province(cells: _Cells, words: Mapping[str, str]) -> str:
    table = _table(words["provinces_title"], [words["province"]], [words[name] for name in ("kept", "in_scope")])
    for province in (*PROVINCES, UNKNOWN):
        if cell := cells.get((ALL, ALL, province)):
            table.add_row(words.get(province, province), str(cell.kept), _known(cell.in_scope))
    return _text(table)


def _counts(cell: Cell) -> list[str]:
    return [_shown(cell.found), *(str(n) for n in (cell.listed, cell.fetched, cell.kept)), _known(cell.in_scope)]


def _known(n: int | None) -> str:
    return "?" if n is None else str(n)


def _shown(found: Found | None) -> str:
    return "?" if found is None else f"{found.n}{'' if found.whole else '+'}"


def gap_lines(gaps: Iterable[Gap], words: Mapping[str, str]) -> list[str]:
    """One line for each kind of gap; years and provinces a line for each keyword."""
    kinds: dict[tuple[str, str], list[Gap]] = defaultdict(list)
    for gap in gaps:
        kinds[gap.kind, gap.keyword if gap.kind.startswith("no_") else ""].append(gap)
    return [_gap_line(kind, keyword, found, words) for (kind, keyword), found in kinds.items()]


def _gap_line(kind: str, keyword: str, gaps: Sequence[Gap], words: Mapping[str, str]) -> str:
    if kind == "no_year":
        named = _spans([int(gap.year) for gap in gaps])
    elif kind == "no_province":
        named = [gap.province for gap in gaps]
    else:
        named = [_named(gap, words) for gap in gaps]
    if len(named) > _NAMED:
        named = [*named[:_NAMED], words["more"].format(n=len(named) - _NAMED)]
    return words[kind].format(keyword=keyword or words["every"], n=sum(gap.n for gap in gaps), list=words["comma"].join(named))


def _named(gap: Gap, words: Mapping[str, str]) -> str:
    told = " ".join(
        part
        for part in (gap.keyword or words["every"] * (gap.kind == "unplaced"), gap.year, gap.province, words.get(gap.detail, gap.detail))
        if part
    )
    return f"{told} ({gap.n})" if gap.n > 1 else told


def _spans(years: list[int]) -> list[str]:
    """Years as 2012, 2014-2016."""
    spans: list[list[int]] = []
    for year in sorted(years):
        if spans and spans[-1][-1] == year - 1:
            spans[-1].append(year)
        else:
            spans.append([year])
    return [str(span[0]) if len(span) == 1 else f"{span[0]}-{span[-1]}" for span in spans]


def render_serials(found: Sequence[Serials], coverage: Coverage, language: str = "en", complete: bool = False) -> str:
    """The courts and years with most case numbers, what may be concluded from them, and the posting rate as others have measured it."""
    words = _WORDS[language]
    wanted = ("seen", "largest", *(("estimate", "share") if complete else ()))
    table = _table(words["serials_title"], [words[name] for name in ("court", "year", "kind")], [words[name] for name in wanted])
    for row in found[:_COURTS]:
        estimate = [f"{row.estimate:.0f}" if row.estimate else "", f"{row.share:.1%}" if row.share else ""] if complete else []
        table.add_row(row.court, row.year, row.kind, str(row.seen), str(row.largest), *estimate)
    table.add_section()
    for year, seen, largest, total in by_year(found) if complete else []:
        table.add_row(words["all"], year, "", str(seen), str(largest), f"{total:.0f}", f"{seen / total:.1%}")
    notes = [words["complete" if complete else "lower" if coverage.chosen else "unsure"]]
    if complete and coverage.chosen:
        notes.append(words["mixed"])
    return _text(table) + "\n".join([*notes, words["posting"]]) + "\n"


def _table(title: str, labels: Sequence[str], figures: Sequence[str]) -> Table:
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1))
    for label in labels:
        table.add_column(label, no_wrap=True)
    for label in figures:
        table.add_column(label, justify="right", no_wrap=True)
    return table


def _text(table: Table) -> str:
    buffer = io.StringIO()
    Console(file=buffer, width=_WIDER_THAN_ANY_TABLE, color_system=None, highlight=False, markup=False).print(table)
    return "\n".join(line.rstrip() for line in buffer.getvalue().splitlines()) + "\n"
