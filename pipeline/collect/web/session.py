"""The user's own logged-in session: the cookies that a browser has exported, read from a file, held in memory, never stored."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from pipeline.collect.web.errors import SourceError, Trouble

_LARGEST = 256 << 20  # bytes of a HAR file
_NAME = "session file"
_COLUMNS = 7  # of a Netscape cookie file: domain, subdomains too, path, secure, expires, name, value
_AGAIN = "log in with your browser and export the cookies again"


@dataclass(frozen=True, slots=True, repr=False)
class Cookie:
    """A cookie; it shows its name only. `expires` in seconds since 1970, 0 at the end of the browser's session."""

    domain: str
    path: str
    name: str
    value: str
    expires: float

    def __repr__(self) -> str:
        return f"<Cookie {self.name}>"


@dataclass(frozen=True, slots=True)
class Session:
    """The cookies for one host."""

    host: str
    members: tuple[Cookie, ...] = field(repr=False)

    @classmethod
    def read(cls, path: Path, host: str) -> Session:
        """Read the cookies for `host` from a Netscape file, a JSON export or a HAR. Raises SourceError; no message holds a value."""
        text = _text(path)
        found = [cookie for cookie in _cookies(text, path) if _belongs(cookie.domain, host)]
        alive = [cookie for cookie in found if not cookie.expires or cookie.expires > time.time()]
        if not found:
            advice = "export the cookies of that site; from Chrome, a HAR holds them only when exported with sensitive data"
            raise _error(path, f"it holds no cookie for {host}", advice)
        if not alive:
            raise _error(path, "the session has expired", _AGAIN)
        return cls(host, tuple({(c.name, c.path): c for c in alive}.values()))

    def cookies(self) -> httpx.Cookies:
        """The cookies as the client takes them, each for this host and its path."""
        jar = httpx.Cookies()
        for cookie in self.members:
            jar.set(cookie.name, cookie.value, domain=self.host, path=cookie.path)
        return jar


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > _LARGEST:
            raise _error(path, f"it has over {_LARGEST} bytes", "export the cookies alone")
        return path.read_text("utf-8-sig")
    except OSError as error:
        raise _error(path, f"it cannot be read ({error.strerror})", "check its name and permissions") from None
    except UnicodeDecodeError:
        raise _error(path, "it is no text", "give a cookies.txt, a JSON export or a HAR") from None


def _cookies(text: str, path: Path) -> Iterator[Cookie]:
    if not text.lstrip().startswith(("{", "[")):
        yield from _netscape(text)
        return
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise _error(path, "it begins like JSON and is none", "export it again") from None
    if isinstance(data, Mapping) and isinstance(data.get("log"), Mapping):
        yield from _har(data["log"])
    else:
        yield from _exported(data.get("cookies") if isinstance(data, Mapping) else data, "")


def _netscape(text: str) -> Iterator[Cookie]:
    for line in text.splitlines():
        columns = line.removeprefix("#HttpOnly_").split("\t")
        if len(columns) == _COLUMNS and not columns[0].startswith("#"):
            domain, _, folder, _, expires, name, value = columns
            yield Cookie(domain, folder or "/", name, value, _number(expires))


def _exported(members: object, host: str) -> Iterator[Cookie]:
    """Yield the cookies of a list of {name, value, domain, path, expirationDate}, as browser extensions and drivers write it."""
    for member in members if isinstance(members, list) else []:
        if isinstance(member, Mapping) and isinstance(member.get("name"), str) and isinstance(member.get("value"), str):
            expires = 0.0 if host else _number(member.get("expirationDate", member.get("expires")))
            domain = host or str(member.get("domain") or "")
            yield Cookie(domain, str(member.get("path") or "/"), member["name"], member["value"], expires)


def _har(log: Mapping[str, object]) -> Iterator[Cookie]:
    """Yield the cookies of the requests, those of later requests later."""
    entries = log.get("entries")
    for entry in entries if isinstance(entries, list) else []:
        request = entry.get("request") if isinstance(entry, Mapping) else None
        if isinstance(request, Mapping):
            host = urlsplit(str(request.get("url") or "")).hostname or ""
            yield from _exported(request.get("cookies"), host)
            yield from _header(request.get("headers"), host)


def _header(headers: object, host: str) -> Iterable[Cookie]:
    """Yield the cookies of a Cookie header: some browsers fill only that."""
    for header in headers if isinstance(headers, list) else []:
        if isinstance(header, Mapping) and str(header.get("name")).lower() == "cookie":
            for pair in str(header.get("value") or "").split(";"):
                name, sign, value = pair.strip().partition("=")
                if sign and name:
                    yield Cookie(host, "/", name, value, 0.0)


def _number(value: object) -> float:
    try:
        return max(float(value), 0.0) if isinstance(value, int | float | str) else 0.0
    except ValueError:
        return 0.0


def _belongs(domain: str, host: str) -> bool:
    bare = domain.lower().removeprefix(".")
    return bool(bare) and (host.lower() == bare or host.lower().endswith(f".{bare}"))


def _error(path: Path, what: str, advice: str) -> SourceError:
    return SourceError(Trouble.SETTING, _NAME, "", f"{path.name}: {what}", advice)
