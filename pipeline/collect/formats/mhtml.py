"""Pages saved as one file (.mht, .mhtml): a mail message whose first HTML part is the page."""

from __future__ import annotations

import email
import re
from email import policy

from pipeline.collect.encoding import detect
from pipeline.collect.formats import html_page
from pipeline.collect.rejection import Reason
from pipeline.schema import Judgment, RecordError

_HEADER = re.compile(r"^(?:From|MIME-Version|Content-Type|Snapshot-Content-Location|Subject|Date):", re.IGNORECASE)


def recognise(head: str) -> bool:
    """Tell a message by its header lines and the kind of its content."""
    return bool(_HEADER.match(head.lstrip("\ufeff\r\n "))) and "multipart/related" in head[:4000].lower()


def parse(text: str, name: str) -> Judgment:
    """Return the judgment that the saved page shows. Raises RecordError."""
    message = email.message_from_string(text, policy=policy.default)
    for part in message.walk():
        if part.get_content_type() in {"text/html", "application/xhtml+xml"}:
            payload = part.get_payload(decode=True)
            data = payload if isinstance(payload, bytes) else b""
            page = data.decode(detect(data, complete=True) or "utf-8", "replace")
            return html_page.parse(f"{_address(message.get('Snapshot-Content-Location'))}{page}", name)
    raise RecordError(Reason.TRUNCATED, "the saved page holds no HTML; save it again")


def _address(location: object) -> str:
    """Return the page's address in the form in which browsers write it into a saved page."""
    return f"<!-- saved from url=(0000){location} -->" if location else ""
