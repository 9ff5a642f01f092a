"""Patterns in a form that can be read aloud: alternatives parted, the regular expression's signs put in words or left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

LEGEND = (
    "In patterns:  |  or    (...)?  may be missing    ⋯8  up to 8 characters within the clause    [甲乙]  one of these characters\n"
    "              (not after: ...)  (before: ...)  what may or must stand beside it    {{word}}  a vocabulary (--expand writes it out)"
)
# Opening signs only: their closing bracket stays as it is.
_OPENINGS = (
    (re.compile(r"\(\?<!"), "(not after: "),
    (re.compile(r"\(\?!"), "(not before: "),
    (re.compile(r"\(\?<="), "(after: "),
    (re.compile(r"\(\?="), "(before: "),
    (re.compile(r"\(\?:|\(\?P<\w+>"), "("),
    (re.compile(r"\[\^[，。；：！？、\\n]+\]\{\d+,(\d+)\}\??"), r"⋯\1"),
    (re.compile(r"\[\^[，。；：！？、\\n]+\]\*\??"), "⋯"),
)


def readable(pattern: str) -> list[str]:
    """The alternatives of a pattern, each in readable form."""
    return [_in_words(part) for part in alternatives(pattern)]


def alternatives(pattern: str) -> list[str]:
    """The pattern cut at every `|` that stands outside brackets."""
    cuts = [-1, *(at for at, sign, depth in _signs(pattern) if sign == "|" and depth == 0), len(pattern)]
    return [pattern[a + 1 : b] for a, b in pairwise(cuts)]


def _signs(pattern: str) -> Iterator[tuple[int, str, int]]:
    """(place, sign, depth of round brackets) of every sign of the expression; what is escaped or in [...] is passed over."""
    depth, inside, at = 0, False, 0
    while at < len(pattern):
        sign = pattern[at]
        if sign == "\\":
            at += 2
            continue
        if inside:
            inside = sign != "]"
        elif sign == "[":
            inside = True
            at += pattern.startswith(("]", "^]"), at + 1) * (2 if pattern.startswith("^", at + 1) else 1)
        else:
            depth += (sign == "(") - (sign == ")")
            yield at, sign, depth
        at += 1


def _in_words(part: str) -> str:
    for opening, words in _OPENINGS:
        part = opening.sub(words, part)
    return part
