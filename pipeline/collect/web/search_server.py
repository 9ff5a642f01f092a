"""A `cases` server: the open-source search server for the bulk dump (github.com/cncases/cases), one's own or a public one.

`GET /?search=QUERY&offset=N&search_type=default&export=true` answers up to 10,000 hits as CSV. The name of the file in
Content-Disposition ends in `_TOTAL_LIMIT_OFFSET.csv`, which says how many hits there are. A hit whose document the server has lost
is left out of the rows, so the place in the answer is counted in hits, not in rows. The columns have Chinese or English names,
by the server's version; 全文 comes in <p> elements. A query that the server does not understand is cut by it, not refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from pipeline.collect.fields import printed
from pipeline.collect.formats import csv_records, markdata
from pipeline.collect.limits import LIMITS
from pipeline.collect.rejection import Rejected
from pipeline.collect.source import Source
from pipeline.collect.web.answer import Answer
from pipeline.collect.web.client import Client
from pipeline.collect.web.errors import SourceError, Trouble, shown
from pipeline.schema import Judgment, RecordError

SOURCE = "search_server"
NAME = "the search server"
PAGE = 10_000  # hits of an answer, where it does not say
_COLUMNS = {
    "url": "原始链接", "case_id": "案号", "case_name": "案件名称", "court": "法院", "region": "所属地区", "case_type": "案件类型",
    "procedure": "审理程序", "judgment_date": "裁判日期", "public_date": "公开日期", "parties": "当事人", "cause": "案由",
    "legal_basis": "法律依据", "full_text": "全文",
}  # fmt: skip
_NEEDED = {"全文", "案号", "案件名称", "裁判日期"}
_COUNTS = re.compile(r"_(\d+)_(\d+)_(\d+)\.csv\W*$")
_PARAGRAPH = re.compile(r"\s*</p>\s*<p>\s*|</?p>")
_DOC_ID = re.compile(r"doc_?id=([^&#\s]+)", re.IGNORECASE)
_RESERVED = re.compile(r'["\\]')


class Row(NamedTuple):
    """A document of an answer: how the server names it, and its judgment or why it has none."""

    source_id: str
    title: str
    case_number: str
    court: str
    decided_on: str
    outcome: Judgment | Rejected


@dataclass
class Page:
    """An answer. `found` is None where the server does not say; `measured`: HTTP itself tells that nothing of the answer is missing.

    `rows` and `first` (the first document's identifier) hold for what has been read so far.
    """

    address: str
    offset: int
    found: int | None
    limit: int
    measured: bool
    source: Source | None = None
    header: tuple[str, ...] = ()
    rows: int = 0
    first: str = ""

    @property
    def expected(self) -> int | None:
        """How many hits this answer should hold."""
        return None if self.found is None else max(0, min(self.limit, self.found - self.offset))

    @property
    def last(self) -> bool:
        """Whether no further answer is to be asked for, when all rows are read."""
        return self.rows < self.limit if self.found is None else self.offset + self.limit >= self.found

    def read(self) -> Iterator[Row]:
        """Yield the rows. Raises SourceError where rows are missing: the last one is cut off, or fewer have come than announced."""
        self.rows, self.first = 0, ""
        broken: tuple[str, RecordError] | None = None
        for place, record in csv_records.records(self.source) if self.source else ():
            if broken:
                yield self._unusable(*broken)
            broken = (place, record) if isinstance(record, RecordError) else None
            if not isinstance(record, RecordError):
                yield self._told(_row(record, self.address, f"hit {self.offset + self.rows + 1}"))
        if broken:  # the last one: that is how an answer looks whose end is missing
            raise _error(Trouble.NETWORK, self.address, f"the answer ends in a broken row ({broken[0]})", _AGAIN)
        self._check_number()

    def _unusable(self, place: str, error: RecordError) -> Row:
        """A row that cannot be read though others follow: one damaged document."""
        name = f"hit {self.offset + self.rows + 1}"
        return self._told(Row(name, "", "", "", "", Rejected.because(f"{shown(self.address)}#{name}", place, error)))

    def _told(self, row: Row) -> Row:
        self.rows += 1
        self.first = self.first or row.source_id
        return row

    def _check_number(self) -> None:
        """Raise SourceError when hits are announced and missing, unless the server itself may have left them out."""
        if self.expected is None or self.rows >= self.expected:
            return
        if not self.rows:
            raise _error(Trouble.PROTOCOL, self.address, f"the server counts {self.found} hits and sends none of them", _LOOK)
        if not self.measured:
            raise _error(Trouble.NETWORK, self.address, f"{self.rows} of {self.expected} rows have come, perhaps cut off", _AGAIN)


_AGAIN = "run the same command later: it goes on here"
_LOOK = "open the address in a browser to see what the server says"


class SearchServer:
    """Asks one server, page by page."""

    def __init__(self, client: Client, address: str) -> None:
        """Raises SourceError for an address that is more than a server's."""
        if "?" in address or "#" in address:
            raise _error(Trouble.SETTING, address, "this is the address of a page, not of a server", "give it without what follows the ?")
        self._client = client
        self._header: tuple[str, ...] = ()
        self.address = address.rstrip("/") + "/"

    def page(self, query: str, offset: int) -> Page:
        """Ask for the hits from `offset` on. Raises SourceError for anything but the agreed CSV."""
        wanted = {"search": query, "offset": str(offset), "search_type": "default", "export": "true"}
        answer = self._client.get(self.address, wanted)
        _check_answer(answer)
        counts = _COUNTS.search(answer.file_name)
        found, limit = (int(counts[1]), int(counts[2])) if counts else (None, PAGE)
        if counts and int(counts[3]) != offset:
            raise _error(Trouble.PROTOCOL, answer.url, f"the answer begins at hit {counts[3]}, asked was {offset}", _LOOK)
        page = Page(answer.url, offset, found, max(limit, 1), answer.measured)
        try:
            page.source = Source.of(answer.blob(f"{self.address}?search={query}"), LIMITS)
        except RecordError as error:
            raise _error(Trouble.PROTOCOL, answer.url, f"the answer cannot be read ({error.detail})", _LOOK) from None
        page.header = _header(page.source, answer.url)
        if self._header and page.header != self._header:
            raise _error(Trouble.PROTOCOL, answer.url, "the columns differ from those of the page before", _LOOK)
        self._header = page.header
        return page

    def searches_texts(self) -> bool:
        """Tell whether full texts are indexed at all: without, every question to them is answered with nothing."""
        page = self.page("full_text:法院", 0)
        return bool(page.found) if page.found is not None else any(True for _ in page.read())


def question(wordings: Iterable[str], year: str = "", case_type: str = "刑事") -> str:
    """Return the query for documents that hold any of the wordings, in the server's language; in a wording every word must occur.

    Example: (full_text:"殴打医生" OR (full_text:"急诊科" AND full_text:"殴打")) AND case_type:刑事 AND year:2018.
    Raises SourceError when there is no word: that would ask for all there is.
    """
    phrases = [[f'full_text:"{word}"' for word in _RESERVED.sub(" ", wording).split()] for wording in wordings]
    choices = [f"({' AND '.join(words)})" if len(words) > 1 else words[0] for words in phrases if words]
    if not choices:
        raise _error(Trouble.SETTING, "", "a keyword has no words to ask for", "give it a `query` in the keyword file, or leave it out")
    parts = [f"({' OR '.join(choices)})" if len(choices) > 1 else choices[0]]
    parts += [f"case_type:{case_type}"] if case_type else []
    parts += [f"year:{year}"] if year else []
    return " AND ".join(parts)


def _check_answer(answer: Answer) -> None:
    """Raise SourceError for an answer that is no CSV."""
    if answer.status == 429:
        raise _error(
            Trouble.WAITING, answer.url, "it has had too many requests (HTTP 429)", "run the same command later, with a longer pace"
        )
    if answer.status in {401, 403}:
        raise _error(
            Trouble.BLOCKED, answer.url, f"it refuses to answer (HTTP {answer.status})", "ask who runs it whether you may use it so"
        )
    if answer.status != 200:
        raise _error(Trouble.PROTOCOL, answer.url, f"it failed (HTTP {answer.status})", "run the same command later, or ask who runs it")
    start = answer.text(256).lstrip("\ufeff \t\r\n")
    if "html" in answer.content_type or start.startswith("<"):
        raise _error(Trouble.PROTOCOL, answer.url, "a web page came in place of CSV", _LOOK)
    if not start:
        raise _error(Trouble.PROTOCOL, answer.url, "the answer is empty, even of column names", _LOOK)
    if not answer.measured and not answer.ends_line():
        raise _error(Trouble.NETWORK, answer.url, "the end of the answer is missing", _AGAIN)


def _header(source: Source, url: str) -> tuple[str, ...]:
    first = source.head.lstrip("\ufeff\r\n").split("\n", 1)[0].strip("\r")
    names = tuple(name.strip(' "') for name in first.split(","))
    if missing := _NEEDED - {_COLUMNS.get(name, name) for name in names}:
        raise _error(
            Trouble.PROTOCOL, url, f"the answer has no column {', '.join(sorted(missing))}", "update anjuan: the server has changed"
        )
    return names


def _row(record: object, address: str, place: str) -> Row:
    """Return a row as the dump has it, read by the dump's reader."""
    given = record.items() if isinstance(record, Mapping) else ()
    fields: dict[str, object] = {_COLUMNS.get(str(name), str(name)): value for name, value in given}
    number = printed(fields.pop("id", ""))
    text = fields.get("全文")
    fields["全文"] = _PARAGRAPH.sub("\n", text).strip() if isinstance(text, str) and text.startswith("<p>") else text
    link = printed(fields.get("原始链接"))
    linked = _DOC_ID.search(link)
    source_id = linked[1] if linked else link or number or printed(fields.get("案号"))
    path = f"{shown(address)}#{source_id or place}"
    outcome: Judgment | Rejected
    try:
        outcome = replace(markdata.parse(fields, source_id or place), source_id=source_id or place, path=path)
    except RecordError as error:
        outcome = Rejected.because(path, "document", error)
    title, case_number, court, decided_on = (printed(fields.get(name)) for name in ("案件名称", "案号", "法院", "裁判日期"))
    return Row(source_id or place, title, case_number, court, decided_on, outcome)


def _error(trouble: Trouble, address: str, what: str, advice: str) -> SourceError:
    return SourceError(trouble, NAME, address, what, advice)
