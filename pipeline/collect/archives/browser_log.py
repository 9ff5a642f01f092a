"""HAR, the record of a browser session: the replies that hold text, one after the other. Requests, cookies and headers are never looked at.

Format: http://www.softwareishard.com/blog/har-12-spec/ ; `{"log": {"entries": [{"request": {...}, "response": {"content": {...}}}]}}`.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO
from urllib.parse import urlsplit

from pipeline.collect.archives.allowance import Allowance
from pipeline.collect.archives.names import shown
from pipeline.collect.rejection import Reason, Rejected
from pipeline.collect.source import Blob
from pipeline.schema import RecordError

_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*\{\s*\"log\"\s*:\s*\{")
_CHUNK = 1 << 16
_ENTRY = "log.entries.item"
_FIELDS = {
    f"{_ENTRY}.request.method": "method",
    f"{_ENTRY}.request.url": "url",
    f"{_ENTRY}.response.content.mimeType": "kind",
    f"{_ENTRY}.response.content.encoding": "encoding",
    f"{_ENTRY}.response.content.text": "text",
}
_SIZE = f"{_ENTRY}.response.content.size"
_NO_TEXT = re.compile(
    r"(?:image|font|audio|video)/|text/css|(?:application|text)/(?:x-)?(?:java|ecma)script|application/(?:wasm|x-?font|font)", re.I
)
_SCRIPT_WITH_TEXT = re.compile("CreateContentJS", re.I)  # the old site's way of sending a judgment
_DOCUMENT = re.compile(r"(?:^|&)(docid=[\w%+/=.-]{1,120})(?:&|$)", re.I)
_LONGEST = 200  # characters of an address that are shown


@dataclass(slots=True)
class _Entry:
    """What is kept of one exchange: how and where, and what came back."""

    method: str = "GET"
    url: str = ""
    kind: str = ""
    encoding: str = ""
    text: str = ""
    size: int = 0

    @property
    def is_text(self) -> bool:
        return not _NO_TEXT.match(self.kind) or bool(_SCRIPT_WITH_TEXT.search(urlsplit(self.url).path))


def recognise(start: bytes) -> bool:
    """Tell a HAR file by its first keys."""
    return _START.match(start) is not None


def members(blob: Blob, allowance: Allowance) -> Iterator[Blob | Rejected]:
    """Yield the replies that hold text: `session.har!GET https://host/path #12`; one row says how many there are without."""
    without, any_member = 0, False
    for number, entry in enumerate(_entries(blob, allowance.limits.binary), 1):
        if not entry.is_text or not (entry.text or entry.size > 0):
            without += 1
        else:
            any_member = True
            yield _member(entry, f"{blob.path}!{entry.method} {_address(entry.url)} #{number}", allowance)
    if not any_member:
        raise RecordError(
            Reason.EMPTY, f"none of the session's {without} replies holds text; save it with content while the pages are open"
        )
    if without:
        yield Rejected(
            blob.path, "other replies", Reason.NOT_A_JUDGMENT, f"{without} replies hold no text (pictures, styles, fonts, scripts)"
        )


def _member(entry: _Entry, path: str, allowance: Allowance) -> Blob | Rejected:
    try:
        data = _body(entry)
        allowance.spend(len(data))
    except RecordError as error:
        return Rejected.because(path, "", error)
    return Blob(path, len(data), lambda: io.BytesIO(data))


def _body(entry: _Entry) -> bytes:
    if not entry.text:
        raise RecordError(Reason.EMPTY, "the browser has not kept this reply; open the page again and save the session with content")
    if entry.encoding.lower() != "base64":
        return entry.text.encode("utf-8", "surrogatepass")
    try:
        return base64.b64decode(entry.text)
    except (binascii.Error, ValueError):
        raise RecordError(Reason.BAD_RECORD, "the reply is no valid base64; save the session again") from None


def _address(url: str) -> str:
    """Return an address without what may identify its user: no query but the document's number, no user name, no session."""
    try:
        parts = urlsplit(url)
        host = f"{parts.hostname or ''}:{parts.port}" if parts.port else parts.hostname or ""
    except ValueError:
        return "address"
    document = _DOCUMENT.search(parts.query)
    path = re.sub(r";[^/]*", "", parts.path)
    address = f"{parts.scheme}://{host}{path}" + (f"?{document[1]}" if document else "")
    return shown(address).replace("!", "%21")[:_LONGEST]


def _entries(blob: Blob, longest: int) -> Iterator[_Entry]:
    """Yield the exchanges in order, in bounded memory. Raises RecordError: truncated, too_large."""
    import ijson

    events = ijson.sendable_list()
    parser = ijson.parse_coro(events)
    entry, silent = _Entry(), 0
    try:
        with blob.open() as stream:
            for chunk in _utf8(stream):
                parser.send(chunk)
                silent = 0 if events else silent + len(chunk)
                if silent > longest:
                    raise RecordError(Reason.TOO_LARGE, f"one reply of over {longest} bytes; save the session without the large files")
                for prefix, event, value in events:
                    if prefix == _ENTRY and event == "end_map":
                        yield entry
                        entry = _Entry()
                    elif event == "string" and prefix in _FIELDS:
                        setattr(entry, _FIELDS[prefix], value)
                    elif event == "number" and prefix == _SIZE:
                        entry.size = int(value)
                events.clear()
            parser.close()
    except ijson.JSONError:
        raise RecordError(Reason.TRUNCATED, "the session ends early or is no valid JSON; save it again from the browser") from None


def _utf8(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield a text in pieces without its byte order mark; bytes that are no UTF-8 become U+FFFD, which the parser would refuse."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
    for data in iter(lambda: stream.read(_CHUNK), b""):
        if piece := decoder.decode(data):  # an empty piece would be the end to the parser
            yield piece.encode()
    if rest := decoder.decode(b"", True):
        yield rest.encode()
