"""What is exchanged with other tools: one judgment as one voice has coded it, and what the reading of a file gives."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from pipeline.schema import Entry

ADJUDICATED = "adjudicated"
MODES = ("blind", "assisted", "imported", "adjudication")
IMPORTED = "imported"
_VOICE = re.compile(r"(?:screen:)?[\w.\-]{1,40}")
_NO_PERSONS = frozenset({"model", "rules", "defence", "import", "screen"})


@dataclass(frozen=True, slots=True)
class CodedJudgment:
    """A judgment with everything that one voice (`coder`) says of it; `entries` as the store gives them, by unit and variable.

    `text` is empty where a form holds none; `text_hash` tells the text that offsets count in. `seconds` of work, `state` of the queue
    ("open", "done", "" where nobody was given it), `at` the time of the last change. `place` is where it was read (file, line).
    `partial`: entries (unit, variable) of which the form has left values out. `notes`: whether the form would tell a note if there were one.
    """

    judgment_id: str
    source_id: str = ""
    title: str = ""
    text: str = ""
    text_hash: str = ""
    coder: str = ""
    mode: str = IMPORTED
    codebook_version: str = ""
    entries: tuple[Entry, ...] = ()
    seconds: float = 0.0
    state: str = ""
    at: str = ""
    place: str = field(default="", compare=False)
    partial: frozenset[tuple[str, str]] = frozenset()
    notes: bool = True


class MalformedError(ValueError):
    """What is wrong with one record, in words for whoever made it. The file is read to its end, so that all is told at once."""


class Texts(Protocol):
    """The judgments that a file is about, where its form does not hold their texts."""

    def text(self, judgment_id: str) -> str | None:
        """The text of a judgment, or None when it is not there."""

    def named(self, source_id: str) -> Sequence[str]:
        """The judgments that their source calls by this identifier."""


@dataclass(slots=True)
class Reading:
    """What a file holds: codings, what is wrong with its records (place and reason), and what cannot be kept (told, with a count)."""

    coded: list[CodedJudgment] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    losses: Counter[str] = field(default_factory=Counter)


def text_hash(text: str) -> str:
    """The hash that a file keeps instead of a text: SHA-256 of its UTF-8, 16 hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def is_voice(name: str) -> bool:
    """Whether somebody may be called so: 1 to 40 letters, digits, '_', '-' or '.', after "screen:" too, and no machine's name."""
    return bool(_VOICE.fullmatch(name)) and name.casefold().removeprefix("screen:") not in _NO_PERSONS
