"""robots.txt: fetched before anything else, and obeyed (RFC 9309, and the Crawl-delay and Request-rate that it leaves out)."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import urlsplit

from protego import Protego

from pipeline.collect.web.errors import SourceError, Trouble

AGENT = "anjuan"
LARGEST = 512 * 1024  # bytes of a robots.txt that are read; RFC 9309 asks for 500 KiB
_REFUSED = {401, 403, 407, 429, 451}  # a door shut, where another 4xx only says that there is no such file


class Reply(NamedTuple):
    """What came for robots.txt."""

    status: int
    text: str


class Robots:
    """The rules of each host, read once in the life of a client."""

    def __init__(self, source: str, fetch: Callable[[str], Reply]) -> None:
        self._source = source
        self._fetch = fetch
        self._rules: dict[str, Protego] = {}

    def delay(self, url: str) -> float:
        """Seconds that the host wants between requests (0: it does not say). Raises SourceError when it does not want this one."""
        parts = urlsplit(url)
        home = f"{parts.scheme}://{parts.netloc}/robots.txt"
        if home not in self._rules:
            self._rules[home] = self._read(home)
        rules = self._rules[home]
        if not rules.can_fetch(url, AGENT):
            raise SourceError(
                Trouble.ROBOTS, self._source, url, "robots.txt forbids this address to programs", "save the pages by hand and import them"
            )
        rate = rules.request_rate(AGENT)
        return max(rules.crawl_delay(AGENT) or 0.0, rate.seconds / rate.requests if rate and rate.requests else 0.0)

    def _read(self, home: str) -> Protego:
        status, text = self._fetch(home)
        if 200 <= status < 300 and status != 202 and not text.lstrip("\ufeff \t\r\n").startswith("<"):
            return Protego.parse(text)
        if 400 <= status < 500 and status not in _REFUSED:
            return Protego.parse("")
        what = "a web page stands where robots.txt should" if 200 <= status < 300 else f"robots.txt cannot be read (HTTP {status})"
        raise SourceError(Trouble.ROBOTS, self._source, home, f"{what}, so nothing may be asked", "try again later, or save pages by hand")
