"""What stands between a request and the wire: pace and the day's allowance, retries, and a cache that never sees a cookie."""

from __future__ import annotations

import sqlite3
import ssl
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import httpx
from hishel import CacheOptions, SqliteStorage
from hishel.httpx import CacheTransport
from httpx_retries import Retry, RetryTransport

from pipeline.collect.web.allowance import Allowance, Clock
from pipeline.collect.web.errors import SourceError, Trouble

_CACHED = 64 << 20  # bytes of an answer that is kept
_CACHE = 1 << 30  # bytes of all that are kept
_KEEPING = ("cache-control", "expires", "etag", "last-modified")  # an answer without any of them could be kept and never be used
_BACKOFF = 2.0  # seconds, doubled at each attempt


@dataclass(frozen=True, slots=True)
class Manners:
    """How we behave towards a source. Times in seconds, sizes in bytes."""

    source: str  # its name, for messages
    pace: float = 2.0  # between two requests, at the least
    per_day: int = 1000  # requests
    timeout: float = 60.0  # for a connection, and between two parts of an answer
    deadline: float = 1800.0  # for a whole answer
    largest: int = 2 << 30  # of an answer, unpacked
    patience: float = 300.0  # the longest pause asked for by the source that is waited out
    attempts: int = 4  # for one request
    passing: tuple[int, ...] = (429, 502, 503, 504)  # statuses after which the request is tried again


class PacedTransport(httpx.BaseTransport):
    """Lets each request leave when it is time and none when the day's are used up. Retries and robots.txt count like any other."""

    def __init__(self, manners: Manners, allowance: Allowance, clock: Clock, *, keep_cookies: bool) -> None:
        self._manners = manners
        self._allowance = allowance
        self._clock = clock
        self._keep_cookies = keep_cookies
        self._wire = httpx.HTTPTransport(verify=_certificates())
        self.pace = manners.pace

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Wait, send. Without a session, cookies that the source sets are dropped before a cache or a jar can see them."""
        wait = self._allowance.take(request.url.netloc.decode(), self._manners.per_day, self.pace)
        if wait is None:
            what = f"the {self._manners.per_day} requests of this day (UTC) are used up"
            raise SourceError(Trouble.WAITING, self._manners.source, str(request.url), what, "run the same command tomorrow: it goes on")
        if wait > 0:
            self._clock.sleep(wait)
        response = self._wire.handle_request(request)
        if not self._keep_cookies and "set-cookie" in response.headers:
            del response.headers["set-cookie"]
        if not any(header in response.headers for header in _KEEPING):
            response.headers["cache-control"] = "no-store"
        return response

    def close(self) -> None:
        """Close the connections."""
        self._wire.close()


@cache
def _certificates() -> ssl.SSLContext:
    """The authorities that are trusted: read once, it takes a while."""
    return httpx.create_ssl_context()


def retrying(inner: httpx.BaseTransport, manners: Manners, clock: Clock) -> httpx.BaseTransport:
    """Try again after a passing failure, as late as Retry-After says, else later and later at random."""

    class Patient(Retry):
        def sleep(self, response: httpx.Response | Exception) -> None:
            clock.sleep(self.wait(response))

        def wait(self, response: httpx.Response | Exception) -> float:
            asked = response.headers.get("Retry-After", "") if isinstance(response, httpx.Response) else ""
            try:
                seconds = self.parse_retry_after(asked) if asked else 0.0
            except ValueError:
                seconds = 0.0
            if seconds > manners.patience:
                what = f"it asks for a pause of {seconds:.0f} s"
                raise SourceError(Trouble.WAITING, manners.source, "", what, "run the same command after that: it goes on")
            return seconds or self.backoff_strategy()

    policy = Patient(
        total=manners.attempts - 1,
        allowed_methods=["GET", "POST"],  # a POST here only asks
        status_forcelist=manners.passing,
        backoff_factor=_BACKOFF,
        backoff_jitter=0.5,
        max_backoff_wait=manners.patience,
    )
    return RetryTransport(inner, policy)


def cached(inner: httpx.BaseTransport, path: Path) -> httpx.BaseTransport:
    """Keep answers on disk as far as RFC 9111 allows a shared cache to, and ask whether they have changed (ETag, Last-Modified)."""
    connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
    storage = SqliteStorage(connection=connection, max_stream_size=_CACHED, max_size=_CACHE)
    return CacheTransport(inner, storage, rfc=CacheOptions(shared=True, supported_methods=["GET"], allow_stale=False))
