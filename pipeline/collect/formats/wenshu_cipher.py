"""China Judgments Online, new site: the `result` of a reply, encrypted with the `secretKey` that the same reply carries.

3DES in CBC mode with PKCS7 padding, in base64; the initialisation vector is the day of the reply as yyyymmdd. In CBC the vector
reaches only the first 8 bytes: a saved reply can be read without knowing its day, for those bytes must begin a reply.
pycryptodomex is the library, for the 7z reader brings it along; `cryptography` has moved 3DES into its `decrepit` module.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

from pipeline.collect.rejection import Reason
from pipeline.schema import RecordError

_BLOCK = 8  # bytes
_LOOK = 56  # bytes behind the first block in which the first key has ended
_FIRST_DAY = date(2019, 9, 1)  # the new site opened
_KEYS = ("s1", "queryResult", "relWenshu", "wenshuAy", "qwContent", "directory", "resultList")  # with which replies begin, likelier first
_START = re.compile(rb'\{\s*"(\w+)"\s*:\s*"?')
_NUMBERED = re.compile(r"s[1-9]\d?")
_UNOPENED = "the site's reply does not open with the key beside it; save the reply again, whole and unchanged"
_TELLING = 2  # characters of the first value that are looked for in the rest


def decrypt(result: str, secret_key: str, day: date | None = None) -> str:
    """Return the JSON text inside `result`. `day` is when the site answered, in China; without it, or if it is wrong, it is found.

    Where the first value begins with the eighth byte, several days fit; the one is taken whose value occurs again in the reply.
    Raises RecordError: truncated, encrypted. No message holds the key.
    """
    first, rest = _first_block_and_rest(_encrypted(result), secret_key)
    found = max(_readings(first, rest, day), key=lambda reading: reading[0], default=None)
    if found is None:
        raise RecordError(Reason.ENCRYPTED, _UNOPENED)
    return found[1]


def _encrypted(result: str) -> bytes:
    try:
        data = base64.b64decode("".join(result.split()), validate=True)
    except (binascii.Error, ValueError):
        data = b""
    if not data or len(data) % _BLOCK:
        raise RecordError(Reason.TRUNCATED, "the site's encrypted reply is damaged or its end is missing; save it again")
    return data


def _first_block_and_rest(data: bytes, secret_key: str) -> tuple[bytes, bytes]:
    """Return the first block, to which the vector must still be added, and the bytes after it."""
    from Cryptodome.Cipher import DES3
    from Cryptodome.Util.Padding import unpad

    try:
        cipher = DES3.new(secret_key.encode(), DES3.MODE_CBC, iv=bytes(_BLOCK))
        plain = cipher.decrypt(data)
        return plain[:_BLOCK], unpad(plain[_BLOCK:], _BLOCK)
    except ValueError:  # no 3DES key; or the padding is wrong, hence the key, or the end is missing. Their texts could show the key.
        pass
    raise RecordError(Reason.ENCRYPTED, _UNOPENED)


def _readings(first: bytes, rest: bytes, day: date | None) -> Iterator[tuple[tuple[int, bool, bool], str]]:
    """Yield (how likely, text) for each day that makes a reply of the bytes."""
    days = (_FIRST_DAY, date.today() + timedelta(days=1))  # a saved reply may come from east of this machine
    block, beginning = int.from_bytes(first, "big"), rest[:_LOOK]
    if day is not None:
        days = (min(day, days[0]), max(day, days[1]))
    for candidate, vector in _vectors(*days):
        plain = (block ^ vector).to_bytes(_BLOCK, "big")
        start = _START.match(plain + beginning)
        if start is None or not (rank := _rank(start[1].decode("utf-8", "replace"))):
            continue
        text = _json_text(plain + rest)
        if text is not None:
            yield (rank, _occurs_again(text, start[0]), candidate == day), text


@lru_cache(maxsize=4)
def _vectors(first: date, last: date) -> tuple[tuple[date, int], ...]:
    """Return every day from the first to the last with its vector as a number."""
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return tuple((day, int.from_bytes(day.strftime("%Y%m%d").encode(), "big")) for day in days)


def _rank(key: str) -> int:
    """Return how well replies are known to begin with the key: 0 for never."""
    if key in _KEYS:
        return len(_KEYS) + 1 - _KEYS.index(key)
    return int(_NUMBERED.fullmatch(key) is not None)


def _json_text(data: bytes) -> str | None:
    try:
        text = data.decode("utf-8")
        json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None
    return text


def _occurs_again(text: str, start: bytes) -> bool:
    """Tell whether the first value begins with characters that the reply holds once more: a party's name stands in title and text."""
    begins = len(start.decode("utf-8", "replace"))
    return text.find(text[begins : begins + _TELLING], begins + 1) > 0
