r"""The literal bytes to look for: every form of every keyword in UTF-8, GB18030 and JSON escapes, and where a gap may begin in it.

A word with blanks or line breaks between its characters is looked for as its beginning with one blank behind (`医\n`), which is rare;
what must follow (`生`) is checked there. So one pass over literals finds both, where regular expressions with gaps would take four times as long.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property

_MORE = 2  # further blanks in a gap, and in every later gap one more
_ASCII_BLANKS = (b"\n", b"\r", b" ", b"\t")
_JSON_BLANKS = (b" ", b"\\n", b"\\r", b"\\t")
_WIDE_BLANKS = "\u3000\xa0\u2002\u2003\u200b\u200c\u200d\ufeff"
_ENCODINGS = {"utf-8": _WIDE_BLANKS, "gb18030": "\u3000"}


@dataclass(slots=True)
class Pattern:
    """Some bytes: the numbers of the words that they are, and of those that they begin, each with the expression of what must follow.

    `caseless`: JSON escapes, in which \\u533b is \\u533B.
    """

    literal: bytes
    caseless: bool
    words: list[int] = field(default_factory=list)
    beginnings: list[tuple[int, bytes]] = field(default_factory=list)
    any_rest: bytes = b""  # the expression of any of the rests: most places of a beginning are none of a word


@dataclass(frozen=True)
class _Writing:
    """How characters and blanks are written."""

    codec: str
    blanks: tuple[bytes, ...]
    caseless: bool = False

    @cached_property
    def blank(self) -> bytes:
        """The expression for one blank."""
        return b"(?:%s)" % b"|".join(map(re.escape, self.blanks))

    def characters(self, word: str) -> list[bytes]:
        return [_escaped(c) if self.codec == "json" else c.encode(self.codec) for c in word]


def patterns(spellings: Sequence[Sequence[str]], *, json: bool, gaps: bool) -> list[Pattern]:
    """Return the bytes to look for, each once; `json` adds the escaped forms, `gaps` words with up to three blanks at each place."""
    found: dict[tuple[bytes, bool], Pattern] = {}
    for writing in _writings(json):
        for number, forms in enumerate(spellings):
            for form in forms:
                _add(found, writing, number, writing.characters(form), gaps)
    for pattern in found.values():
        pattern.any_rest = b"|".join(dict.fromkeys(rest for _, rest in pattern.beginnings))
    return list(found.values())


def _writings(json: bool) -> Iterator[_Writing]:
    for codec, wide in _ENCODINGS.items():
        yield _Writing(codec, (_JSON_BLANKS if json else _ASCII_BLANKS) + tuple(blank.encode(codec) for blank in wide))
    if json:
        yield _Writing("json", _JSON_BLANKS + tuple(_escaped(blank) for blank in _WIDE_BLANKS), caseless=True)


def _add(found: dict[tuple[bytes, bool], Pattern], writing: _Writing, number: int, characters: list[bytes], gaps: bool) -> None:
    def pattern(literal: bytes) -> Pattern:
        return found.setdefault((literal, writing.caseless), Pattern(literal, writing.caseless))

    whole = pattern(b"".join(characters))
    if number not in whole.words:
        whole.words.append(number)
    for cut in range(1, len(characters) if gaps else 0):
        rest = _rest(characters[cut:], writing)
        for blank in writing.blanks:
            begun = pattern(b"".join(characters[:cut]) + blank).beginnings
            if (number, rest) not in begun:
                begun.append((number, rest))


@cache
def compiled(rest: bytes, caseless: bool) -> re.Pattern[bytes]:
    """Return the expression of what must follow; most are never asked for."""
    return re.compile(rest, re.IGNORECASE if caseless else 0)


def _rest(characters: list[bytes], writing: _Writing) -> bytes:
    """Return what follows the first blank of the first gap."""
    gap = writing.blank + b"{0,%d}" % (_MORE + 1)
    return writing.blank + b"{0,%d}" % _MORE + gap.join(map(re.escape, characters))


def _escaped(character: str) -> bytes:
    r"""Return `\u533b`; two halves for a character beyond the basic plane, ASCII as it is."""
    if character.isascii():
        return character.encode()
    units = character.encode("utf-16-be")
    return "".join(f"\\u{units[n : n + 2].hex()}" for n in range(0, len(units), 2)).encode()
