"""What a scan of a member yields: matches, bad rows, and how far it has come."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.collect.dump.blocks import BLOCK
from pipeline.collect.dump.matching import Match
from pipeline.collect.limits import LIMITS, Limits
from pipeline.collect.rejection import Rejected


@dataclass(frozen=True, slots=True)
class BadRow:
    """A record that cannot be read: number `row`, at byte `offset` of its member. `data` is None where it is too long to be held.

    `may_match` says that keywords stand in it.
    """

    row: int
    offset: int
    length: int
    reason: str
    data: bytes | None
    may_match: bool


@dataclass(frozen=True, slots=True)
class Place:
    """How far a member has been read: the byte at which record number `row` + 1 begins, and the hash of the bytes before it."""

    position: int = 0
    row: int = 0
    hash: str = ""


@dataclass(slots=True)
class Portion:
    """What the next stretch of a member came to. `torn`: it ends in the middle of a record."""

    place: Place
    matches: list[Match] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)
    torn: bool = False


@dataclass(frozen=True, slots=True)
class Options:
    """How to scan. `jobs` 2 searches a block while the next is being read; `gaps` finds words with blanks or line breaks inside."""

    jobs: int = 2
    gaps: bool = True
    limits: Limits = LIMITS
    block: int = BLOCK


class ChangedError(Exception):
    """The bytes before the place at which a scan was to go on are other ones now."""
