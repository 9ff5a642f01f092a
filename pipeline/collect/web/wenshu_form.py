"""The forms that China Judgments Online answers: the fields that its own page sends, as public programs describe them.

`pageId` and `__RequestVerificationToken` are random names that the page gives itself. `ciphertext` is the time in milliseconds,
encrypted with a random key that stands before it, so it keeps nothing secret; the site answers nothing without it. Nothing that describes
a browser or a screen is sent.
"""

from __future__ import annotations

import base64
import secrets
import string
import time
from datetime import date, datetime, timedelta, timezone

PAGE = 15  # documents of a list page: the most that the site offers
_DTO = "com.lawyee.judge.dc.parse.dto.SearchDataDsoDTO"
_CHINA = timezone(timedelta(hours=8))
_LETTERS = string.digits + string.ascii_letters
_KEY = 24  # characters


def today() -> date:
    """The day in China."""
    return datetime.now(_CHINA).date()


def list_form(query: str, page: int) -> dict[str, str]:
    """The form for page `page` (from 1) of a search; `query` is a JSON list of `{"key": ..., "value": ...}`. Latest first."""
    return {
        "pageId": secrets.token_hex(16),
        "sortFields": "s51:desc",
        "ciphertext": ciphertext(),
        "pageNum": str(page),
        "pageSize": str(PAGE),
        "queryCondition": query,
        "cfg": f"{_DTO}@queryDoc",
        "__RequestVerificationToken": _random(),
    }


def detail_form(doc_id: str) -> dict[str, str]:
    """The form for a document."""
    return {
        "docId": doc_id,
        "ciphertext": ciphertext(),
        "cfg": f"{_DTO}@docInfoSearch",
        "__RequestVerificationToken": _random(),
    }


def ciphertext() -> str:
    """The time now: key, day and the encrypted milliseconds, each character as its number in binary, parted by blanks."""
    from Cryptodome.Cipher import DES3
    from Cryptodome.Util.Padding import pad

    key, day = _random(), today().strftime("%Y%m%d")
    cipher = DES3.new(key.encode(), DES3.MODE_CBC, iv=day.encode())
    moment = base64.b64encode(cipher.encrypt(pad(str(int(time.time() * 1000)).encode(), DES3.block_size))).decode()
    return " ".join(f"{ord(sign):b}" for sign in key + day + moment)


def _random() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(_KEY))
