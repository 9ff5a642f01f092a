"""Result lists of China Judgments Online that a person has saved: the page itself, the reply behind it, or a HAR file with replies.

A list says how many documents a search finds, and names those of one page. Seen: a saved result page (`共检索到 <span>n</span> 篇文书`,
a `.LM_list` for each document) and the keys that programs read from the decrypted reply (`queryResult.resultCount`, `resultList` with
`rowkey`, "1" title, "2" court, "7" case number, "31" date). Which search a page answers stands in its filter bar
(`.LT_Filter_right p[data-key][data-value]`, from the site's page script), else in the address that browsers write into saved pages.
"""

from __future__ import annotations

import base64
import email
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta, timezone
from email import policy
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pipeline.collect.encoding import detect
from pipeline.collect.formats import html_page, mhtml, wenshu_cipher
from pipeline.collect.limits import LIMITS, Limits
from pipeline.collect.rejection import Reason
from pipeline.collect.source import Blob, Source
from pipeline.collect.web.plan import Condition
from pipeline.schema import RecordError
from pipeline.text import canonical

_FOUND = re.compile(r"共检索到\s*([\d,]+)\s*篇")
_DOC_ID = re.compile(r"docId=([^&#\"']+)", re.IGNORECASE)
_ADDRESS = re.compile(r"saved from url=\(\d+\)(\S+)|Snapshot-Content-Location:\s*(\S+)")
_CHINA = timezone(timedelta(hours=8))
_NO_CONDITIONS = {"pageId", "s16", "fymc", "open"}  # what the address carries beside the search


class Named(NamedTuple):
    """A document as a list names it."""

    source_id: str
    title: str = ""
    case_number: str = ""
    court: str = ""
    decided_on: str = ""


class Listing(NamedTuple):
    """One page of a result list. `conditions` is the search that it answers, () when the file does not say; `found` None likewise."""

    conditions: tuple[Condition, ...]
    found: int | None
    documents: tuple[Named, ...]


def is_har(path: Path) -> bool:
    """Whether a file begins as a HAR file does: it can hold lists and judgments."""
    try:
        with path.open("rb") as stream:
            return _is_har(stream.read(4096).decode("utf-8", "replace"))
    except OSError:
        return False


def read_listings(path: Path, limits: Limits = LIMITS) -> list[Listing]:
    """The pages of result lists that a file holds; [] when it is another file. RecordError when it is one that cannot be read."""
    try:
        blob = Blob(str(path), path.stat().st_size, lambda: path.open("rb"))
        return list(_listings(blob, limits)) if 0 < blob.size <= limits.binary else []
    except OSError:
        return []  # gone meanwhile, or not ours to read: the import says so


def _listings(blob: Blob, limits: Limits) -> Iterator[Listing]:
    try:
        source = Source.of(blob, limits)
    except RecordError:
        return  # a picture, an archive: the import says so
    head = source.head
    if _is_har(head):
        yield from _of_har(_json(source))
    elif head.lstrip("\ufeff \r\n\t").startswith("{") and re.search(r'"(?:queryResult|secretKey)"', head[:4096]):
        yield from _of_reply(_json(source), (), None)
    elif mhtml.recognise(head):
        yield from _of_page(_unwrapped(source.whole()))
    elif html_page.recognise(head):
        yield from _of_page(source.whole())


def _is_har(head: str) -> bool:
    return bool(re.match(r'\ufeff?\s*\{\s*"log"\s*:\s*\{', head))


def _json(source: Source) -> object:
    text = "".join(source.chunks())
    try:
        return json.loads(text.removeprefix("\ufeff"), strict=False)
    except (ValueError, RecursionError) as error:
        raise RecordError(Reason.BAD_RECORD, "the JSON is broken or its end is missing; save the file again") from error


def _unwrapped(text: str) -> str:
    """The HTML of a page that was saved with everything in one file, its address before it."""
    message = email.message_from_string(text, policy=policy.default)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            payload = part.get_payload(decode=True)
            data = payload if isinstance(payload, bytes) else b""
            location = f"Snapshot-Content-Location: {message.get('Snapshot-Content-Location', '')}\n"
            return location + data.decode(detect(data, complete=True) or "utf-8", "replace")
    return ""


def _of_page(html: str) -> Iterator[Listing]:
    """The list that a result page shows; nothing for any other page."""
    if "LM_list" not in html and "共检索到" not in html:
        return
    page = LexborHTMLParser(html)
    count = _FOUND.search(_text(page.css_first(".con_right")) or _text(page.body))
    documents = tuple(document for node in page.css(".LM_list") if (document := _listed(node)))
    if count or documents:
        yield Listing(_page_conditions(page, html), int(count[1].replace(",", "")) if count else None, documents)


def _listed(node: LexborNode) -> Named | None:
    link = node.css_first(".list_title a[href*=docId]") or node.css_first("a.caseName")
    found = _DOC_ID.search((link.attributes.get("href") or "") if link else "")
    if not link or not found:
        return None
    number, court, day = (_text(node.css_first(selector)) for selector in (".ah", ".slfyName", ".cprq"))
    return _named(unquote(found[1]), _text(link), number, court, day)


def _named(source_id: str, title: str, number: str, court: str, day: str) -> Named:
    return Named(source_id, title.strip(), case_number(number), "".join(court.split()), day.strip())


def _text(node: LexborNode | None) -> str:
    return node.text().strip() if node is not None else ""


def _page_conditions(page: LexborHTMLParser, html: str) -> tuple[Condition, ...]:
    bar = [
        (node.attributes.get("data-key") or "", node.attributes.get("data-value") or "")
        for node in page.css(".LT_Filter_right p[data-key]")
    ]
    if bar:
        return conditions_of(bar)
    address = _ADDRESS.search(html[:4000])
    return conditions_of_url((address[1] or address[2]).replace("&amp;", "&")) if address else ()


def conditions_of_url(url: str) -> tuple[Condition, ...]:
    """The search that the address of a result page asks."""
    return conditions_of(parse_qsl(urlsplit(url).query))


def conditions_of(pairs: Sequence[Condition]) -> tuple[Condition, ...]:
    """Conditions in one form: a word each, dates as the site joins them, nothing that is no condition."""
    given = dict(pairs)
    found = []
    for key, value in pairs:
        if key in _NO_CONDITIONS or not value.strip() or key == "cprqEnd":
            continue
        if key == "s21":
            found += [(key, word) for word in value.split()]
        elif key == "cprqStart":
            found.append(("cprq", f"{value} TO {given.get('cprqEnd') or '2099-01-01'}"))
        else:
            found.append((key, value.strip()))
    return tuple(dict.fromkeys(found))


def case_number(printed: str) -> str:
    """A case number without blanks, its brackets and digits in one form; '' for 无."""
    number = "".join(canonical(printed).split())
    return "" if number == "无" else number


def _of_reply(reply: object, conditions: tuple[Condition, ...], day: date | None) -> Iterator[Listing]:
    """The list in a reply, encrypted or not; nothing for any other reply. RecordError when it does not open."""
    if not isinstance(reply, Mapping):
        return
    if isinstance(reply.get("result"), str) and isinstance(reply.get("secretKey"), str):
        opened = json.loads(wenshu_cipher.decrypt(reply["result"], reply["secretKey"], day), strict=False)
        yield from _of_reply(opened, conditions, day)
        return
    answer = reply.get("queryResult")
    rows = answer.get("resultList") if isinstance(answer, Mapping) else None
    if not isinstance(answer, Mapping) or not isinstance(rows, list):
        return
    count = str(answer.get("resultCount", ""))
    stated = conditions or _stated_conditions(reply.get("queryCondition"))
    yield Listing(stated, int(count) if count.isdecimal() else None, tuple(_of_row(row) for row in rows if _is_row(row)))


def _is_row(row: object) -> bool:
    return isinstance(row, Mapping) and isinstance(row.get("rowkey"), str) and bool(row["rowkey"])


def _of_row(row: Mapping[str, object]) -> Named:
    title, court, number, day = (str(row.get(key) or "") for key in ("1", "2", "7", "31"))
    return _named(str(row["rowkey"]), re.sub(r"<[^>]+>", "", title), number, court, day)


def _stated_conditions(value: object) -> tuple[Condition, ...]:
    """Conditions out of the site's `queryCondition`, a JSON list or its text."""
    try:
        listed = json.loads(value) if isinstance(value, str) else value
    except (ValueError, RecursionError):
        return ()
    rows = [row for row in listed if isinstance(row, Mapping)] if isinstance(listed, list) else []
    return conditions_of([(str(row.get("key", "")), str(row.get("value", ""))) for row in rows])


def _of_har(har: object) -> Iterator[Listing]:
    """The lists among the requests of a browser session. What it sends beside the search, such as cookies, is not looked at."""
    log = har.get("log") if isinstance(har, Mapping) else None
    entries = log.get("entries") if isinstance(log, Mapping) else None
    for entry in entries if isinstance(entries, list) else []:
        form = _form(entry)
        if not form.get("cfg", "").endswith("@queryDoc"):
            continue
        try:
            reply = json.loads(_body(entry), strict=False)
        except (ValueError, RecursionError):
            continue  # a page of the site's defence, or a reply that the browser did not keep
        yield from _of_reply(reply, _stated_conditions(form.get("queryCondition")), _day(entry))


def _form(entry: object) -> dict[str, str]:
    request = entry.get("request") if isinstance(entry, Mapping) else None
    data = request.get("postData") if isinstance(request, Mapping) else None
    if not isinstance(data, Mapping):
        return {}
    if isinstance(data.get("text"), str) and data["text"]:
        return dict(parse_qsl(data["text"]))
    fields = data.get("params")
    named = [field for field in fields if isinstance(field, Mapping)] if isinstance(fields, list) else []
    return {str(field.get("name", "")): unquote(str(field.get("value", ""))) for field in named}


def _body(entry: Mapping[str, object]) -> str:
    """The text of a reply. ValueError when it is no base64 though it says so."""
    response = entry.get("response")
    content = response.get("content") if isinstance(response, Mapping) else None
    if not isinstance(content, Mapping):
        return ""
    text = str(content.get("text") or "")
    return base64.b64decode(text, validate=True).decode("utf-8", "replace") if content.get("encoding") == "base64" else text


def _day(entry: Mapping[str, object]) -> date | None:
    """The day of a request by the clock of China."""
    try:
        return datetime.fromisoformat(str(entry.get("startedDateTime"))).astimezone(_CHINA).date()
    except ValueError:
        return None
