"""Stable pseudonyms: one for each name within a case, made with a key that is thrown away, so that nobody can work it out from the name.

A plain hash of a name can be undone by hashing all names; a keyed one (HMAC, RFC 2104) cannot without the key. Two capital consonants
behind 某 read as a name, run together with no digit or Chinese word around them, and spell nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from itertools import count

_LETTERS = "BCDFGHJKLMNPQRSTVWZ"
_MASKS = str.maketrans({"×": "某", "Ⅹ": "某", "X": "某", "x": "某", "*": "某"})


class Pseudonyms:
    """Gives names out; the same key gives the same ones again, whatever else the database holds."""

    def __init__(self, key: bytes | None = None) -> None:
        self._key = key or secrets.token_bytes(32)

    def digest(self, *words: str) -> bytes:
        """Keyed hash of some words: an order, or a number, that tells nothing of them."""
        return hmac.digest(self._key, "\0".join(words).encode("utf-8", "surrogatepass"), hashlib.sha256)

    def name(self, case: str, names: Iterable[str], given: dict[str, str]) -> dict[str, str]:
        """Pseudonyms of the names in a case, added to those `given` in it before: forms that differ by the sign of the mask are one name."""
        taken = set(given.values())
        for name in sorted(set(names)):
            form = name.translate(_MASKS)
            if form not in given:
                given[form] = self._free(case, form, taken)
                taken.add(given[form])
            given[name] = given[form]
        return given

    def _free(self, case: str, name: str, taken: set[str]) -> str:
        """The first pseudonym that is not taken: two letters, more in a case of so many persons that they would run out."""
        width = next(width for width in count(2) if 2 * len(taken) < len(_LETTERS) ** width)
        for turn in count():
            number = int.from_bytes(self.digest(case, name, str(turn))[:8], "big")
            letters = (_LETTERS[number // len(_LETTERS) ** place % len(_LETTERS)] for place in range(width))
            if (found := "某" + "".join(letters)) not in taken:
                break
        return found
