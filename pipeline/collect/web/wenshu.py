"""China Judgments Online (中国裁判文书网) with the user's own logged-in session: result lists, and documents by their docId.

One address answers forms (POST `/website/parse/rest.q4w`): `...@queryDoc` a page of a result list, `...@docInfoSearch` a document.
The reply is `{code, success, description, secretKey, result}`, `result` encrypted with the key beside it. Field names as public
programs send them (see `wenshu_form`); list rows as in `saved_lists`. The site shows the first 600 hits of a search.
Whatever is not such a reply ends the work at once, with its own line: a refusal must never look like an empty result.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple
from urllib.parse import urlsplit

from pipeline.collect import nature
from pipeline.collect.formats import wenshu_cipher, wenshu_reply
from pipeline.collect.rejection import Reason
from pipeline.collect.web.answer import Answer
from pipeline.collect.web.client import Client
from pipeline.collect.web.errors import SourceError, Trouble
from pipeline.collect.web.plan import LIMIT, detail_url
from pipeline.collect.web.saved_lists import Named, case_number
from pipeline.collect.web.transport import Manners
from pipeline.collect.web.wenshu_form import PAGE, detail_form, list_form, today
from pipeline.schema import Judgment, RecordError

SOURCE = "wenshu"
NAME = "China Judgments Online"
SITE = "https://wenshu.court.gov.cn"
LEAST_PACE = 3.0  # seconds between two requests
MOST_PER_DAY = 1000  # requests; a person who reads all day opens fewer documents
_EMPTY_IN_A_ROW = 3  # a single document may be withdrawn while its row still stands
_ENDPOINT = "/website/parse/rest.q4w"
_MARKUP = re.compile(r"<[^>]+>")
_LOGIN_ADDRESS = re.compile(r"login|passport|account|oauth|authorize|user", re.IGNORECASE)
_LOGIN_WORDS = re.compile(r"登[录陆]|login|没有权限|未授权|会话.{0,4}失效|session", re.IGNORECASE)
_CAPTCHA_WORDS = re.compile(r"验证码|captcha|频繁", re.IGNORECASE)
_CHALLENGE = {202, 403, 412, 429}
_LOGIN_AGAIN = "log in with your browser, export the session again and run the same command: it goes on"
_BY_HAND = "stop for today; open the site in your browser, or save pages or a HAR there and import them"


class Listing(NamedTuple):
    """A page of a result list."""

    found: int
    documents: tuple[Named, ...]


def manners(pace: float = LEAST_PACE, per_day: int = 300) -> Manners:
    """How the site is asked: never faster than every 3 s, a few hundred requests a day, no second try after a refusal."""
    return Manners(
        NAME, pace=max(pace, LEAST_PACE), per_day=min(per_day, MOST_PER_DAY), largest=64 << 20, attempts=3, passing=(502, 503, 504)
    )


def require_statement(may_use: bool) -> None:
    """Raise SourceError unless the user has stated that they may read the site with a program under their account."""
    if not may_use:
        raise SourceError(
            Trouble.SETTING, NAME, "", "it is not asked unless you state with --i-may-use-this-account that its terms and your "
            "institution allow you to", "the safe way: save the pages, or a HAR of your own browser session, and import those files",
        )  # fmt: skip


class Wenshu:
    """Asks the site, one request after another. `client` carries the session."""

    def __init__(self, client: Client, *, may_use: bool, site: str = SITE) -> None:
        """Raises SourceError when the user has not stated that they may (see `require_statement`)."""
        require_statement(may_use)
        self._client = client
        self._address = site.rstrip("/") + _ENDPOINT
        self._empty = 0
        self._before: tuple[str, tuple[str, ...]] = ("", ())

    def listing(self, query: str, page: int) -> Listing:
        """Return page `page` (from 1) of the search `query`, the site's own JSON list of conditions (`plan.Search.query`).

        Raises SourceError, also for a page without documents where the site says that there are more, and for the same page again.
        """
        reply = self._opened(self._client.post(self._address, list_form(query, page)))
        answer = reply.get("queryResult")
        rows = answer.get("resultList") if isinstance(answer, Mapping) else None
        count = str(answer.get("resultCount", "")) if isinstance(answer, Mapping) else ""
        if not isinstance(rows, list) or not count.isdecimal():
            raise self._error(Trouble.PROTOCOL, "the reply holds no result list", "the site has changed: import saved pages, tell us")
        documents = tuple(_named(row) for row in rows if isinstance(row, Mapping) and row.get("rowkey"))
        self._check_listing(query, page, int(count), documents)
        return Listing(int(count), documents)

    def document(self, doc_id: str) -> Judgment:
        """Return the judgment with this docId. Raises RecordError for a document that is none, SourceError for anything but a document."""
        reply = self._opened(self._client.post(self._address, detail_form(doc_id)))
        if not wenshu_reply.recognise(reply):
            raise self._error(Trouble.PROTOCOL, "the reply holds no document", "the site has changed: import saved pages, tell us")
        try:
            judgment = wenshu_reply.parse(reply, doc_id)
        except RecordError as error:
            self._refuse_record(error)
            raise
        self._empty = 0
        return replace(judgment, source_id=doc_id, path=detail_url(doc_id))

    def _refuse_record(self, error: RecordError) -> None:
        """Raise SourceError where a document's text is a page of the site's defence, or one after another has no text."""
        if kind := _KINDS.get(str(error.reason)):
            raise self._error(kind, *_PAGES[kind])
        self._empty = self._empty + 1 if error.reason == Reason.EMPTY else 0
        if self._empty >= _EMPTY_IN_A_ROW:
            raise self._error(Trouble.BLOCKED, f"{self._empty} documents one after another came without text", _BY_HAND)

    def _check_listing(self, query: str, page: int, found: int, documents: tuple[Named, ...]) -> None:
        if not documents and found > (page - 1) * PAGE and page <= LIMIT // PAGE:
            raise self._error(Trouble.BLOCKED, f"page {page} of a list is empty though {found} documents are found", _BY_HAND)
        this = (query, tuple(document.source_id for document in documents))
        if documents and this == self._before:
            raise self._error(Trouble.REPEATED, f"page {page} of a list is the page before it again", _BY_HAND)
        self._before = this

    def _opened(self, answer: Answer) -> Mapping[str, object]:
        """Return what is in a reply, decrypted. Raises SourceError for everything else that can come."""
        self._refuse_page(answer)
        try:
            reply = json.loads(answer.text(), strict=False)
        except (ValueError, RecursionError):
            raise self._error(Trouble.NETWORK, "the reply is cut off or no JSON", "run the same command later: it goes on") from None
        finally:
            answer.close()
        if not isinstance(reply, Mapping):
            raise self._error(Trouble.PROTOCOL, "the reply is no record", "the site has changed: import saved pages, tell us")
        self._refuse_code(reply)
        try:
            opened = json.loads(wenshu_cipher.decrypt(str(reply.get("result")), str(reply.get("secretKey")), today()), strict=False)
        except (RecordError, ValueError, RecursionError):
            raise self._error(Trouble.PROTOCOL, "the reply does not open with the key beside it", _BY_HAND) from None
        if not isinstance(opened, Mapping):
            raise self._error(Trouble.PROTOCOL, "the reply opens to no record", "the site has changed: import saved pages, tell us")
        return opened

    def _refuse_page(self, answer: Answer) -> None:
        """Raise SourceError for a refusal by status, and for a page in place of data."""
        page = answer.text(1 << 16)
        if answer.location:
            if _LOGIN_ADDRESS.search(urlsplit(answer.location).path):
                raise self._error(Trouble.LOGIN, "it sends to its login page", _LOGIN_AGAIN)
            raise self._error(Trouble.BLOCKED, "it sends elsewhere", _BY_HAND)
        if answer.status == 401:
            raise self._error(Trouble.LOGIN, "the session is not accepted (HTTP 401)", _LOGIN_AGAIN)
        is_page = "html" in answer.content_type or page.lstrip("\ufeff \r\n\t").startswith("<")
        if is_page and (kind := _page_kind(page)):
            raise self._error(kind, *_PAGES[kind])
        if answer.status in _CHALLENGE:
            raise self._error(Trouble.BLOCKED, f"it refuses programs for now (HTTP {answer.status})", _BY_HAND)
        if answer.status != 200:
            raise self._error(Trouble.NETWORK, f"it failed (HTTP {answer.status})", "run the same command later: it goes on")
        if is_page or not page.strip():
            raise self._error(Trouble.BLOCKED, "a page came in place of data" if page.strip() else "the reply is empty", _BY_HAND)

    def _refuse_code(self, reply: Mapping[str, object]) -> None:
        """Raise SourceError for a reply that says itself that it is none."""
        code, said = reply.get("code"), _MARKUP.sub("", str(reply.get("description") or reply.get("message") or ""))[:60]
        if str(code) == "1" and reply.get("success", True) is not False:
            return
        if _CAPTCHA_WORDS.search(said):
            raise self._error(Trouble.CAPTCHA, f"it asks for a captcha (code {code})", _BY_HAND)
        if str(code) == "9" or _LOGIN_WORDS.search(said):
            raise self._error(Trouble.LOGIN, f"the session is not logged in, or no longer (code {code})", _LOGIN_AGAIN)
        raise self._error(Trouble.BLOCKED, f"it answers with code {code}{f' ({said})' if said else ''}", _BY_HAND)

    def _error(self, trouble: Trouble, what: str, advice: str) -> SourceError:
        return SourceError(trouble, NAME, self._address, what, advice)


_KINDS = {str(Reason.LOGIN_PAGE): Trouble.LOGIN, str(Reason.CAPTCHA_PAGE): Trouble.CAPTCHA}
_PAGES = {
    Trouble.LOGIN: ("a login page came in place of data", _LOGIN_AGAIN),
    Trouble.CAPTCHA: ("a captcha page came in place of data", _BY_HAND),
    Trouble.BLOCKED: ("a page whose script tests browsers came in place of data", _BY_HAND),
}


def _page_kind(page: str) -> Trouble | None:
    """Tell login, captcha and script challenge apart."""
    try:
        nature.check(_MARKUP.sub(" ", page), judgment_expected=False)
    except RecordError as error:
        if kind := _KINDS.get(str(error.reason)):
            return kind
    return Trouble.BLOCKED if "<script" in page.lower() else None


def _named(row: Mapping[str, object]) -> Named:
    """Return a row of a list; a search marks its words in the title."""
    title, court, number, day = (_MARKUP.sub("", str(row.get(key) or "")).strip() for key in ("1", "2", "7", "31"))
    return Named(str(row["rowkey"]), title, case_number(number), court, day)
