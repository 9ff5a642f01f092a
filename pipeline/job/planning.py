"""Collecting by hand: searches planned in the database, and what a person has found, downloaded and still misses of each.

A plan is only rows of `queries` and `listed`: every function here reads where it stands and can be called again at any time.
"""

from __future__ import annotations

import html
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pipeline.collect.web.plan import LEVELS, LIMIT, SOURCE, Condition, Search, detail_url, query_text, split, url_of
from pipeline.collect.web.saved_lists import Listing
from pipeline.store import Brought, Document, Query, Question, Store

_HEADINGS = {
    "query": "查询", "keyword": "关键词", "year": "年份", "court_level": "法院层级", "province": "省份", "found": "检出", "listed": "列出",
    "downloaded": "已下载", "missing": "缺", "state": "状态", "detail": "说明", "url": "网址", "title": "标题", "court": "法院",
    "case_number": "案号", "decided_on": "裁判日期",
}  # fmt: skip
_VALUES = {
    "supreme": "最高法院", "high": "高级法院", "intermediate": "中级法院", "basic": "基层法院",
    "planned": "未检索", "open": "进行中", "done": "已完成", "stopped": "已中止",
}  # fmt: skip
_STATUS = f"""
SELECT q.id AS query, q.keyword, q.year, q.court_level, q.province, q.found,
    count(l.source_id) FILTER (WHERE l.source_id IS NOT l.judgment_id) AS listed,
    count(DISTINCT CASE WHEN l.state = 'fetched' THEN coalesce(l.judgment_id, l.source_id) END) AS downloaded,
    max(min(coalesce(q.found, 0), {LIMIT}) - count(DISTINCT CASE WHEN l.state <> 'listed' THEN coalesce(l.judgment_id, l.source_id) END),
        count(l.source_id) FILTER (WHERE l.state = 'listed')) AS missing,
    q.state, q.detail, q.url
FROM queries AS q LEFT JOIN listed AS l ON l.query_id = q.id WHERE q.source = ? GROUP BY q.id ORDER BY q.id
"""
_MISSING = """
SELECT l.query_id AS query, q.keyword, l.title, l.court, l.case_number, l.decided_on, l.source_id
FROM listed AS l JOIN queries AS q ON q.id = l.query_id WHERE q.source = ? AND l.state = 'listed' ORDER BY l.query_id, l.source_id
"""

Row = Mapping[str, Any]


def save_plan(store: Store, searches: Iterable[Search]) -> list[Query]:
    """Save searches as planned queries; those that are there already stay as they are."""
    return store.add_questions(
        Question(SOURCE, search.query, search.keyword, search.year, search.province, search.court_level, search.url) for search in searches
    )


def split_over_limit(store: Store) -> list[Query]:
    """Plan, for each search that finds more than the site shows, the same search by province. The new queries."""
    wanted = []
    for query in store.queries(SOURCE):
        if (query.found or 0) > LIMIT:
            base = conditions(query)
            for province in split(base):
                asked = (*base, ("s33", province))
                wanted.append(Question(SOURCE, query_text(asked), query.keyword, query.year, province, query.court_level, url_of(asked)))
    return store.add_questions(wanted) if wanted else []


def conditions(query: Query) -> tuple[Condition, ...]:
    """The conditions that a query asks."""
    return tuple((row["key"], row["value"]) for row in json.loads(query.query))


def note_listing(store: Store, run_id: int, listing: Listing, query_id: int | None = None) -> Query | None:
    """Note what a saved result list says under the query that it answers; a search that was not planned is added to the plan.

    `query_id` names the query where the list itself does not say. None, and nothing is noted, where nobody says.
    """
    query = _answered(store, listing, query_id)
    if query is None:
        return None
    known = {document.source_id for document in store.documents(query.id)}
    fresh = [Brought(Document(*named)) for named in listing.documents if named.source_id not in known]
    found = query.found if listing.found is None else listing.found
    if fresh or found != query.found:  # a list that is read again changes nothing
        store.add_answer(run_id, query.id, fresh, found=found)
    return query


def _answered(store: Store, listing: Listing, query_id: int | None) -> Query | None:
    queries = store.queries(SOURCE)
    if listing.conditions:
        asked = frozenset(listing.conditions)
        known = next((query for query in queries if frozenset(conditions(query)) == asked), None)
        return known or store.add_questions([_question(listing.conditions)])[0]
    return next((query for query in queries if query.id == query_id), None)


def _question(asked: Sequence[Condition]) -> Question:
    """The query for a search that a person has made of their own."""
    given = dict(asked)
    words = " ".join(value for key, value in asked if key == "s21")
    level = next((name for name, code in LEVELS.items() if code == given.get("s4")), "")
    return Question(SOURCE, query_text(asked), words, given.get("s42", ""), given.get("s33", ""), level, url_of(asked))


def settle(store: Store) -> None:
    """Bring the state of every planned query up to date with its documents."""
    for row in status(store):
        state, detail = _state(row)
        if (state, detail) != (row["state"], row["detail"]):
            store.move_query(row["query"], state=state, position=row["listed"], detail=detail)


def _state(row: Row) -> tuple[str, str]:
    found = row["found"]
    if found is None:
        return ("open" if row["listed"] or row["downloaded"] else "planned"), ""
    if found > LIMIT:
        return "stopped", f"the site shows {LIMIT} of {found}: split the search by province"
    return ("open" if row["missing"] else "done"), ""


def status(store: Store) -> list[dict[str, Any]]:
    """A row for each planned query: found (None: no result list seen yet), listed, downloaded, missing, state, address.

    `missing` counts the documents that the site shows (600 at most) and that are neither in the database nor refused.
    """
    return store.query(_STATUS, [SOURCE])


def missing(store: Store) -> list[dict[str, Any]]:
    """The documents that lists name and that are not in the database: query, keyword, title, court, case number, date, address."""
    rows = store.query(_MISSING, [SOURCE])
    return [{**{key: value for key, value in row.items() if key != "source_id"}, "url": detail_url(row["source_id"])} for row in rows]


def headed(rows: Sequence[Row], language: str) -> list[dict[str, Any]]:
    """Rows for people: what is unknown as ?, headings, court levels and states in Chinese when the language is "zh"."""
    shown = [{key: "?" if value is None else value for key, value in row.items()} for row in rows]
    if language != "zh":
        return shown
    translated = ("court_level", "state")
    return [
        {_HEADINGS.get(key, key): _VALUES.get(value, value) if key in translated else value for key, value in row.items()} for row in shown
    ]


def checklist(rows: Sequence[Row], language: str = "en") -> str:
    """An HTML page with a link and a box to tick for each query; the browser remembers the ticks. The page asks nothing of the net."""
    columns = [key for key in rows[0] if key not in ("url", "detail")] if rows else []
    names = [_HEADINGS[key] if language == "zh" else key.replace("_", " ") for key in columns]
    shown = headed([{key: row[key] for key in columns} for row in rows], language)
    title = "裁判文书网检索清单" if language == "zh" else "Searches on China Judgments Online"
    head = "".join(f"<th>{html.escape(name)}</th>" for name in names)
    lines = "".join(_line(row, list(cells.values()), language) for row, cells in zip(rows, shown, strict=True))
    return _PAGE.format(language=language, title=title, head=head, rows=lines)


def _line(row: Row, values: Sequence[object], language: str) -> str:
    cells = "".join(f"<td>{html.escape(str(value))}</td>" for value in values)
    link = f'<a href="{html.escape(row["url"])}" target="_blank" rel="noreferrer">{"打开" if language == "zh" else "open"}</a>'
    return f'<tr><td><input type="checkbox" id="q{row["query"]}"></td>{cells}<td>{link}</td></tr>\n'


_PAGE = """<!DOCTYPE html>
<html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>
<style>body{{font:15px/1.5 sans-serif;margin:2em}}td,th{{padding:.2em .7em;border-bottom:1px solid #ddd;text-align:left}}</style></head>
<body><h1>{title}</h1>
<table><thead><tr><th></th>{head}<th></th></tr></thead><tbody>
{rows}</tbody></table>
<script>for(const box of document.querySelectorAll("input")){{const key="anjuan "+box.id;box.checked=localStorage.getItem(key)==="1";
box.onchange=()=>localStorage.setItem(key,box.checked?"1":"0")}}</script></body></html>
"""
