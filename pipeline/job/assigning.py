"""To which planned query a judgment belongs: by the lists that name it, else by the folder it was saved in, else by what it says."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from pipeline.collect.web.plan import SOURCE
from pipeline.collect.web.saved_lists import case_number
from pipeline.extract.case import Case
from pipeline.extract.heading.header import header_labels
from pipeline.job.planning import conditions
from pipeline.schema import Judgment
from pipeline.store import Brought, Document, Query, Store
from pipeline.text import Document as Text

_SHORTEST_ID = 16  # characters; a shorter identifier is no docId of the site and could be another's
_HEAD = 300  # characters, blanks not counted, in which a document says what kind it is
_KIND = re.compile(r"判决书|裁定书|决定书|通知书|调解书")
_FOLDER = re.compile(r"q(\d+)(?!\d)", re.IGNORECASE)
_BY_ID = """
SELECT DISTINCT q.source, l.source_id, s.judgment_id FROM listed AS l JOIN queries AS q ON q.id = l.query_id
JOIN sources AS s ON s.source_id = l.source_id WHERE l.state <> 'fetched' AND length(l.source_id) >= ?
"""
# A judgment that only its text has given to a query is noted there under its own id; a list may name it later.
_UNNAMED = """
SELECT s.judgment_id, min(s.path) AS path, EXISTS (SELECT 1 FROM listed AS g WHERE g.judgment_id = s.judgment_id) AS given
FROM sources AS s WHERE substr(s.path, 1, ?) = ?
AND NOT EXISTS (SELECT 1 FROM listed AS l WHERE l.judgment_id = s.judgment_id AND l.source_id <> s.judgment_id) GROUP BY s.judgment_id
"""


@dataclass(frozen=True, slots=True)
class Facts:
    """What tells one document from another: as its text prints them, else as its source states them."""

    titles: frozenset[str]
    case_number: str
    court: str
    court_level: str
    province: str
    decided_on: str
    text: str  # without blanks


def folder_query(path: str) -> int | None:
    """The number of the query that a folder or file names: `q12/...` and `q12 page 1.html` are of query 12."""
    parts = PurePosixPath(path.replace("\\", "/").replace("!", "/")).parts
    return next((int(found[1]) for part in reversed(parts) if (found := _FOLDER.match(part))), None)


def facts_of(judgment: Judgment, path: str = "") -> Facts:
    """Read the heading and closing of a judgment."""
    said = {label.variable: label.value for label in header_labels(Case(judgment, Text.read(judgment.text), ()))}
    stem = PurePosixPath(path.rpartition("!")[2]).stem
    titles = frozenset(squeezed for title in (judgment.title, said["title"], stem) if (squeezed := _squeezed(title)))
    return Facts(
        titles,
        case_number(said["case_number"]),
        said["court"],
        said["court_level"],
        said["province"],
        said["decided_on"],
        _squeezed(judgment.text),
    )


def _squeezed(text: str) -> str:
    return "".join(text.split())


def assign(store: Store, run_id: int, folder: Path, read: dict[str, Facts]) -> int:
    """Give judgments to the queries that they answer; how many were given. Can be broken off and called again at any time.

    A document that a list names is looked for in the whole database by its identifier; the judgments that were imported from
    `folder` also by case number, title, folder and text. `read` keeps what was read of them for the next time.
    """
    by_id = store.query(_BY_ID, [_SHORTEST_ID])
    for row in by_id:
        store.mark_fetched(row["source"], row["source_id"], row["judgment_id"])
    queries = store.queries(SOURCE)
    listed = _listed(store, queries)
    prefix = f"{folder}/" if str(folder) != "." else ""
    count = len({row["judgment_id"] for row in by_id})
    for row in store.query(_UNNAMED, [len(prefix), prefix]):
        if row["given"] and not listed:
            continue
        judgment_id, path = row["judgment_id"], row["path"]
        facts = _facts(store, judgment_id, path, read)
        if _name(store, judgment_id, facts, listed):
            del read[judgment_id]
            count += 1
        elif not row["given"] and _give(store, run_id, judgment_id, path, facts, queries):
            read[judgment_id] = replace(facts, text=facts.text[:_HEAD])
            count += 1
    return count


def _facts(store: Store, judgment_id: str, path: str, read: dict[str, Facts]) -> Facts:
    if judgment_id not in read:
        judgment = store.judgment(judgment_id)
        assert judgment is not None  # `sources` refers to it
        read[judgment_id] = facts_of(judgment, path)
    return read[judgment_id]


def _listed(store: Store, queries: Iterable[Query]) -> dict[str, Document]:
    """The documents that lists name and nobody has yet, by identifier."""
    return {document.source_id: document for query in queries for document in store.documents(query.id, "listed")}


def _name(store: Store, judgment_id: str, facts: Facts, listed: dict[str, Document]) -> bool:
    """Mark the listed document that a judgment is; whether there is one."""
    document = same_document(facts, listed.values())
    if document is None:
        return False
    store.mark_fetched(SOURCE, document.source_id, judgment_id)
    del listed[document.source_id]
    return True


def _give(store: Store, run_id: int, judgment_id: str, path: str, facts: Facts, queries: list[Query]) -> bool:
    """Note a judgment that no list names under the query of its folder, else under all that it answers; whether there is one."""
    number = folder_query(path)
    wanted = [query for query in queries if query.id == number] or [query for query in queries if answers(query, facts)]
    title = min(facts.titles, default="")
    member = Document(judgment_id, title, facts.case_number, facts.court, facts.decided_on, "fetched", "", judgment_id)
    for query in wanted:
        store.add_answer(run_id, query.id, [Brought(member)])
    return bool(wanted)


def same_document(facts: Facts, listed: Iterable[Document]) -> Document | None:
    """The listed document that a judgment is: the one of its case number and court, else of its title, court and date.

    One case number can stand over a judgment and a ruling: then title or date must decide. None when more than one fits.
    """
    fitting = [document for document in listed if _same_court(document, facts) and _same_kind(document, facts)]
    same = [document for document in fitting if facts.case_number and document.case_number == facts.case_number]
    same = same or [document for document in fitting if document.court and _same_title(document, facts) and _same_day(document, facts)]
    for tells in (_same_title, _same_day):
        if len(same) > 1:
            same = [document for document in same if tells(document, facts)]
    return same[0] if len(same) == 1 else None


def _same_court(document: Document, facts: Facts) -> bool:
    return not document.court or not facts.court or document.court == facts.court


def _same_kind(document: Document, facts: Facts) -> bool:
    """Whether the text does not call itself another kind of document than the list does."""
    listed, printed = set(_KIND.findall(document.title)), set(_KIND.findall(facts.text[:_HEAD]))
    return not listed or not printed or bool(listed & printed)


def _same_title(document: Document, facts: Facts) -> bool:
    return _squeezed(document.title) in facts.titles


def _same_day(document: Document, facts: Facts) -> bool:
    return bool(document.decided_on) and document.decided_on == facts.decided_on


def answers(query: Query, facts: Facts) -> bool:
    """Whether a judgment is what a query asks for: every word in its text, and the year, court level and province that it names."""
    told = ((query.year, facts.decided_on[:4]), (query.court_level, facts.court_level), (query.province, facts.province))
    words = [value for key, value in conditions(query) if key == "s21"]
    return bool(words) and all(wanted in ("", is_so) for wanted, is_so in told) and all(word in facts.text for word in words)
