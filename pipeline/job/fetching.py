"""Fetching: questions to a site, answer by answer into the database. Broken off at any instant, the next run goes on where this one was."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from pipeline.collect import Reason, Rejected
from pipeline.collect.web import search_server, wenshu
from pipeline.collect.web.errors import SourceError, Trouble
from pipeline.collect.web.plan import LIMIT, Search, detail_url
from pipeline.collect.web.search_server import Page, Row, SearchServer
from pipeline.collect.web.wenshu import Wenshu
from pipeline.collect.web.wenshu_form import PAGE
from pipeline.job.importing import ImportCounts
from pipeline.job.progress import Progress
from pipeline.schema import Judgment, RecordError
from pipeline.store import Brought, Document, Query, Question, Store, Tally
from pipeline.store import Rejected as LoggedRejection

BATCH = 200  # documents a transaction
_WILL_PASS = {Trouble.WAITING, Trouble.NETWORK}  # the query stays open: the same command goes on


@dataclass
class FetchCounts(ImportCounts):
    """What fetching came to: beside the judgments, each query with its documents. `stopped` is the one line that ended it, or ''."""

    queries: list[tuple[Query, Tally]] = field(default_factory=list)
    stopped: str = ""


def server_questions(
    server: SearchServer, keywords: Iterable[tuple[str, Sequence[str]]], years: Sequence[str] = ("",), case_type: str = "刑事"
) -> list[Question]:
    """A question for each keyword (name, wordings of which one must occur) and year ('': all years).

    A keyword without wordings cannot be asked for, only looked for in what has come: it has no question.
    """
    return [
        Question(server.address, search_server.question(wordings, year, case_type), name, year, url=server.address)
        for name, wordings in keywords
        if any(wording.strip() for wording in wordings)
        for year in years
    ]


def wenshu_questions(searches: Iterable[Search]) -> list[Question]:
    """A question for each search of `pipeline.collect.web.plan.plan`."""
    return [Question(wenshu.SOURCE, s.query, s.keyword, s.year, s.province, s.court_level, s.url) for s in searches]


def fetch_search_server(
    store: Store, run_id: int, server: SearchServer, questions: Iterable[Question], progress: Progress, *, again: bool = False
) -> FetchCounts:
    """Ask a search server and store what it has. `again` begins with the first hit also where all were read before."""
    return _fetch(store, questions, progress, again, lambda query, counts: _ask_server(store, run_id, server, query, counts, progress))


def fetch_wenshu(
    store: Store, run_id: int, site: Wenshu, questions: Iterable[Question], progress: Progress, *, again: bool = False
) -> FetchCounts:
    """Ask China Judgments Online: the lists, then each document that is not in the database yet, not even from a file."""
    return _fetch(store, questions, progress, again, lambda query, counts: _ask_site(store, run_id, site, query, counts, progress))


def _fetch(
    store: Store, questions: Iterable[Question], progress: Progress, again: bool, ask: Callable[[Query, FetchCounts], None]
) -> FetchCounts:
    """Ask one query after the other. The first trouble ends it: what is wrong for one is wrong for all."""
    counts = FetchCounts()
    progress.start("fetch", None)
    queries = store.add_questions(questions)
    for query in queries:
        if query.state == "done" and not again:
            continue
        if query.state == "done":
            query = query._replace(position=0, found=None)
        progress.note(" ".join(filter(None, (query.keyword or query.query, query.year, query.province, query.court_level))))
        try:
            ask(query, counts)
        except SourceError as error:
            state = "open" if error.trouble in _WILL_PASS else "stopped"
            position = 0 if error.trouble == Trouble.REPEATED else None
            store.move_query(query.id, state=state, position=position, detail=str(error))
            counts.stopped = str(error)
            break
    asked = {query.id for query in queries}
    counts.queries = [(query, store.tally(query.id)) for query in store.queries() if query.id in asked]
    return counts


def _ask_server(store: Store, run_id: int, server: SearchServer, query: Query, counts: FetchCounts, progress: Progress) -> None:
    first = ""
    while True:
        page = server.page(query.query, query.position)
        _check_found(query, page)
        if not page.found and query.position == 0 and "full_text:" in query.query and not _answers_texts(server, page):
            raise SourceError(
                Trouble.PROTOCOL, search_server.NAME, server.address, "it has no index of full texts, so it finds no word of them",
                "ask a server whose index was made with index_with_full_text = true",
            )  # fmt: skip
        for rows in _batches(page.read()):
            _check_rows(query, page, first, rows)
            _store_rows(store, run_id, query, page, rows, counts)
            progress.advance(len(rows))
        first, position = page.first, query.position + page.limit
        if page.last:
            store.move_query(query.id, state="done", position=query.position + page.rows, found=page.found, detail=_lost(page))
            return
        store.move_query(query.id, state="open", position=position, found=page.found, detail=_lost(page))
        query = query._replace(position=position, found=page.found)


def _answers_texts(server: SearchServer, page: Page) -> bool:
    """Whether finding nothing means that there is nothing. A page whose number of hits is unknown is looked into."""
    return (page.found is None and any(True for _ in page.read())) or server.searches_texts()


def _check_found(query: Query, page: Page) -> None:
    """Raise SourceError when the hits are others than those that were read before: the places have moved."""
    if query.position and query.found is not None and page.found not in (None, query.found):
        what = f"it finds {page.found} documents where it found {query.found} before, so their places have moved"
        raise SourceError(Trouble.REPEATED, search_server.NAME, page.address, what, "run the same command again: it begins anew")


def _check_rows(query: Query, page: Page, first: str, rows: list[Row]) -> None:
    """Raise SourceError for the page before once more, and for documents of other years than asked."""
    if first and page.first == first:
        what = f"the page from hit {page.offset} on is the page before it again"
        raise SourceError(Trouble.REPEATED, search_server.NAME, page.address, what, "ask who runs it, or use another server")
    years = [row.decided_on[:4] for row in rows if row.decided_on[:4].isdigit()]
    if query.year and sum(year != query.year for year in years) > len(years) / 2:
        what = f"asked for {query.year} it sends documents of other years: an older version without `year:`"
        raise SourceError(Trouble.PROTOCOL, search_server.NAME, page.address, what, "ask without years")


def _store_rows(store: Store, run_id: int, query: Query, page: Page, rows: list[Row], counts: FetchCounts) -> None:
    """Store some documents of an answer together with the place after them."""
    brought, rejected = [], []
    for row in rows:
        named = Document(row.source_id, row.title, row.case_number, row.court, row.decided_on)
        if isinstance(row.outcome, Judgment):
            brought.append(Brought(named, row.outcome))
        else:
            brought.append(Brought(named._replace(state="refused", detail=row.outcome.reason)))
            rejected.append(_logged(row.outcome))
    position = query.position + page.rows
    added = store.add_answer(run_id, query.id, brought, rejected, state="open", position=position, found=page.found)
    counts.stored += added.stored
    counts.duplicates += added.duplicates
    counts.rejected.update(row.reason for row in rejected)


def _lost(page: Page) -> str:
    """What to remember of a page that has fewer documents than hits."""
    missing = (page.expected or 0) - page.rows
    return f"{missing} of {page.expected} hits from {page.offset} on came without their document" if missing > 0 else ""


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    batch: list[Row] = []
    for row in rows:
        batch.append(row)
        if len(batch) >= BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _ask_site(store: Store, run_id: int, site: Wenshu, query: Query, counts: FetchCounts, progress: Progress) -> None:
    found, position = query.found, query.position
    while found is None or position < min(found, LIMIT):
        listing = site.listing(query.query, position // PAGE + 1)
        found, position = listing.found, position + PAGE
        named = [Brought(Document(*document)) for document in listing.documents]
        store.add_answer(run_id, query.id, named, state="open", position=position, found=found)
    for document in store.documents(query.id, "listed"):
        _fetch_document(store, run_id, site, query, document, counts)
        progress.advance(1)
    store.move_query(query.id, state="done", detail=_left(store, query, found))


def _left(store: Store, query: Query, found: int) -> str:
    """What to remember of a search that has not brought all that it finds."""
    if found > LIMIT:
        return f"the site shows {LIMIT} of {found} documents; split the search by province or court level"
    listed, fetched, refused = store.tally(query.id)
    if listed < found:
        return f"the lists name {listed} of {found} documents; ask again"
    return f"{listed - fetched - refused} documents came without text; ask again later" if listed > fetched + refused else ""


def _fetch_document(store: Store, run_id: int, site: Wenshu, query: Query, document: Document, counts: FetchCounts) -> None:
    """Fetch a document, unless the database has it: from another search, or from a saved page."""
    if known := store.judgment_from(document.source_id):
        store.mark_fetched(wenshu.SOURCE, document.source_id, known)
        counts.duplicates += 1
        return
    seen = store.document_seen(wenshu.SOURCE, document.source_id)
    if seen is not None and seen.state == "refused":
        store.mark_refused(wenshu.SOURCE, document.source_id, seen.detail)
        return
    try:
        judgment = site.document(document.source_id)
    except RecordError as error:
        rejected = _logged(Rejected.because(detail_url(document.source_id), "document", error))
        refused = [] if error.reason == Reason.EMPTY else [Brought(document._replace(state="refused", detail=rejected.reason))]
        store.add_answer(run_id, query.id, refused, [rejected], state="open")
        counts.rejected[rejected.reason] += 1
        return
    added = store.add_answer(run_id, query.id, [Brought(document, judgment)], state="open")
    counts.stored += added.stored
    counts.duplicates += added.duplicates


def _logged(rejected: Rejected) -> LoggedRejection:
    return LoggedRejection(rejected.path, rejected.place, rejected.reason, rejected.detail)
