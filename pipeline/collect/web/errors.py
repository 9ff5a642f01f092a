"""What can go wrong between us and a source, each in one line that names the source, the address and what to do."""

from __future__ import annotations

from enum import StrEnum
from urllib.parse import urlsplit

from pipeline.schema import AnjuanError


class Trouble(StrEnum):
    """Why a source was left alone. After `WAITING` and `NETWORK` the same command goes on later; the others want a person first."""

    SETTING = "setting"  # the user must set or state something
    ROBOTS = "robots"  # robots.txt forbids it, or cannot be read
    WAITING = "waiting"  # the day's requests are used up, or the source asks for a longer pause
    NETWORK = "network"  # no connection, no certificate, no answer, half an answer
    LOGIN = "login"
    CAPTCHA = "captcha"
    BLOCKED = "blocked"  # refused by status, or by a script challenge
    PROTOCOL = "protocol"  # an answer in another form than agreed
    REPEATED = "repeated"  # the same page again


class SourceError(AnjuanError):
    """A source cannot be asked, or has not answered as it should. The message is one line and holds no query, cookie or token."""

    def __init__(self, trouble: Trouble, source: str, address: str, what: str, advice: str) -> None:
        super().__init__(" ".join(f"{source}{', ' if address else ''}{shown(address)}: {what}; {advice}".split()))
        self.trouble = trouble


def shown(address: str) -> str:
    """The address without user, query and fragment, any of which may hold what is nobody's business."""
    try:
        parts = urlsplit(address)
        host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "an address that cannot be read"
    return f"{parts.scheme}://{host}{port}{parts.path}" if parts.scheme and host else parts.path
