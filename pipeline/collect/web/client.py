"""The one client through which sites are asked: it says who it is, obeys robots.txt, keeps its pace, and stops rather than insist."""

from __future__ import annotations

import logging
import os
import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import httpx

from pipeline import __version__
from pipeline.collect.web.allowance import Allowance, Clock
from pipeline.collect.web.answer import Answer
from pipeline.collect.web.errors import SourceError, Trouble, shown
from pipeline.collect.web.robots import AGENT, LARGEST, Reply, Robots
from pipeline.collect.web.session import Session
from pipeline.collect.web.transport import Manners, PacedTransport, cached, retrying

CONTACT = "ANJUAN_CONTACT"
_CONTACT = re.compile(r"[^\s@()<>\"]+@[^\s@()<>\"]+\.[^\s@()<>\"]+|https?://[^\s()<>\"]+\.[^\s()<>\"]+")
_LEAST_PACE = 1.0  # seconds between requests to any host but this computer, whatever the user sets
_REDIRECTS = 5
_CHUNK = 1 << 16
_CHATTY = ("httpx", "httpcore", "hishel", "httpx_retries")  # they log addresses and headers, cookies among them


def contact(given: str | None = None) -> str:
    """Return the contact address, given or from ANJUAN_CONTACT. Raises SourceError when there is none, or none that can be written to."""
    address = (given or os.environ.get(CONTACT, "")).strip()
    if address.isascii() and _CONTACT.fullmatch(address):
        return address
    what = "no address is set under which the site can reach you" if not address else "the contact is no e-mail or web address"
    raise SourceError(Trouble.SETTING, "web sources", "", what, f"give --contact name@university.example, or set {CONTACT}")


class Client:
    """Asks one source. `folder` holds the cache and the count of requests; a session is kept in memory only."""

    def __init__(
        self, manners: Manners, folder: Path, contact_address: str, *, session: Session | None = None, clock: Clock | None = None
    ) -> None:
        for name in _CHATTY:
            logging.getLogger(name).setLevel(logging.WARNING)
        self.manners = manners
        self._folder = folder
        self._clock = clock or Clock()
        self._robots = Robots(manners.source, self._robots_txt)
        agent = {"User-Agent": f"{AGENT}/{__version__} (+{contact(contact_address)})"}
        with self._translated(""):
            folder.mkdir(parents=True, exist_ok=True)
            allowance = Allowance(folder / "requests.db", self._clock)
            self._paced = [PacedTransport(manners, allowance, self._clock, keep_cookies=kept) for kept in (False, True)]
            wires = [retrying(paced, manners, self._clock) for paced in self._paced]
            self._open = httpx.Client(
                transport=cached(wires[0], folder / "answers.db"), headers=agent, timeout=manners.timeout, trust_env=False
            )
        self._private = None
        if session is not None:
            self._private = httpx.Client(
                transport=wires[1], headers=agent, timeout=manners.timeout, trust_env=False, cookies=session.cookies()
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close connections and cache, and forget the session."""
        self._open.close()
        if self._private is not None:
            self._private.close()

    def get(self, url: str, parameters: Mapping[str, str] | None = None) -> Answer:
        """Ask for an address. Redirects are followed on the same host only. Raises SourceError; any HTTP status is an answer."""
        address = str(httpx.URL(url, params=dict(parameters))) if parameters else url
        for _ in range(_REDIRECTS + 1):
            answer = self._polite("GET", address, None)
            if not answer.location:
                return answer
            address = self._same_host(address, answer.location)
            answer.close()
        raise self._error(Trouble.PROTOCOL, url, f"more than {_REDIRECTS} redirects one after another", "look at the address in a browser")

    def post(self, url: str, form: Mapping[str, str]) -> Answer:
        """Send a form that asks. Nothing is cached and no redirect followed. Raises SourceError; any HTTP status is an answer."""
        return self._polite("POST", url, form)

    def _polite(self, method: str, url: str, form: Mapping[str, str] | None) -> Answer:
        """Send one request, if robots.txt allows it, no faster than it asks."""
        self._check_address(url)
        least = max(self.manners.pace, 0.0 if loopback(httpx.URL(url).host) else _LEAST_PACE)
        self._keep_pace(least)
        self._keep_pace(max(least, self._robots.delay(url)))
        return self._send(self._private or self._open, method, url, form)

    def _keep_pace(self, pace: float) -> None:
        for paced in self._paced:
            paced.pace = pace

    def _send(self, client: httpx.Client, method: str, url: str, form: Mapping[str, str] | None) -> Answer:
        started = self._clock.now()
        with self._translated(url), client.stream(method, url, data=form) as response:
            answer = Answer(response, url, self._folder)
            for chunk in response.iter_bytes(_CHUNK):
                answer.add(chunk)
                if answer.size > self.manners.largest:
                    raise self._error(Trouble.PROTOCOL, url, f"the answer has over {self.manners.largest} bytes", "ask for less at a time")
                if self._clock.now() - started > self.manners.deadline:
                    raise self._error(Trouble.NETWORK, url, "the answer takes too long to arrive", "run the same command later: it goes on")
            return answer

    def _robots_txt(self, home: str) -> Reply:
        address = home
        for _ in range(_REDIRECTS + 1):
            answer = self._send(self._open, "GET", address, None)
            if not answer.location:
                return Reply(answer.status, answer.text(LARGEST))
            address = self._same_host(address, answer.location)
        return Reply(508, "")

    def _same_host(self, address: str, location: str) -> str:
        """Return where a redirect leads. Raises SourceError when that is another host, or from https to http."""
        old = httpx.URL(address)
        try:
            new = old.join(location)
        except (httpx.InvalidURL, ValueError):
            raise self._error(Trouble.PROTOCOL, address, "a redirect to no address", "look at the address in a browser") from None
        if new.host != old.host or (old.scheme == "https" and new.scheme != "https"):
            what = f"it redirects to {shown(str(new.copy_with(path='/', query=None)))}"
            raise self._error(Trouble.PROTOCOL, address, what, "give that address if it is the right one")
        return str(new)

    def _check_address(self, url: str) -> None:
        """Raise SourceError for what is no bare http address, and for a session that would travel unencrypted."""
        try:
            address = httpx.URL(url)
            urlsplit(url)  # httpx lets half an IPv6 address pass
        except (httpx.InvalidURL, ValueError):
            raise self._error(Trouble.SETTING, "", "the address cannot be read", "give one like https://host/") from None
        if address.scheme not in {"http", "https"} or not address.host:
            raise self._error(Trouble.SETTING, url, "only http and https addresses are asked", "give one like https://host/")
        if address.userinfo:
            raise self._error(Trouble.SETTING, url, "the address holds a user name or password", "give it without them")
        if self._private is not None and address.scheme != "https" and not loopback(address.host):
            raise self._error(Trouble.SETTING, url, "a session is sent over https only", "give the https address")

    def _error(self, trouble: Trouble, url: str, what: str, advice: str) -> SourceError:
        return SourceError(trouble, self.manners.source, url, what, advice)

    @contextmanager
    def _translated(self, url: str) -> Iterator[None]:
        """Turn what httpx, SQLite and the disk raise into a SourceError. The cause is cut off: it knows the request, hence the cookies."""
        later = "run the same command later: it goes on where it stopped"
        try:
            yield
        except httpx.TimeoutException:
            raise self._error(Trouble.NETWORK, url, f"no answer within {self.manners.timeout:.0f} s", later) from None
        except httpx.RemoteProtocolError:
            raise self._error(Trouble.NETWORK, url, "the connection broke off before the answer was whole", later) from None
        except httpx.DecodingError:
            raise self._error(Trouble.NETWORK, url, "the packed answer is damaged", later) from None
        except httpx.HTTPError as error:
            if "CERTIFICATE" in str(error).upper():
                advice = "check the address and this computer's date; the check is never switched off"
                raise self._error(Trouble.NETWORK, url, "its certificate cannot be trusted", advice) from None
            raise self._error(Trouble.NETWORK, url, f"no connection ({type(error).__name__})", f"check the address; {later}") from None
        except (sqlite3.Error, OSError, RuntimeError) as error:
            what = f"its folder {self._folder} cannot be used ({type(error).__name__})"
            raise self._error(Trouble.SETTING, "", what, "check its permissions and the free space, or delete it") from None


def loopback(host: str) -> bool:
    """Tell this computer from others."""
    return host in {"localhost", "127.0.0.1", "::1"}
