"""A record that may match: read, made a judgment, and searched as text."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence, Set
from pathlib import PurePosixPath
from typing import NamedTuple, Protocol

from pipeline.collect.dump.members import Member
from pipeline.collect.reading import read_record
from pipeline.collect.rejection import Reason, Rejected
from pipeline.schema import Judgment

# A dump holds the documents of all procedures: that most are not criminal is no news.
_OTHER_PROCEDURES = {Reason.CIVIL, Reason.ADMINISTRATIVE, Reason.ENFORCEMENT, Reason.OTHER_PROCEDURE}
BROKEN = "broken_row"  # the metadata of a judgment out of a row with broken quotes


class Hit(Protocol):
    """An expression matches at `text[start:end]`."""

    @property
    def expression(self) -> str:
        """Its name."""

    @property
    def start(self) -> int:
        """Its first character."""

    @property
    def end(self) -> int:
        """The character after its last."""


class Wanted(Protocol):
    """What is looked for (see `pipeline.collect.keywords.Keywords`)."""

    @property
    def fingerprint(self) -> str:
        """Changes with what is looked for."""

    @property
    def spellings(self) -> tuple[tuple[str, ...], ...]:
        """The words whose presence matters, each in every form."""

    def possible(self, present: Set[int]) -> bool:
        """Tell whether a text with these words may match."""

    def find(self, text: str) -> Sequence[Hit]:
        """Return the matches in a text."""

    def admits(self, judgment: Judgment) -> bool:
        """Tell whether the filters let a judgment pass."""


class Match(NamedTuple):
    """A judgment that is wanted, and what matched in its text."""

    judgment: Judgment
    hits: Sequence[Hit]


class Outcome(Protocol):
    """Where matches go, and records that match but are no criminal judgments."""

    matches: list[Match]
    rejected: list[Rejected]


class Matcher:
    """Reads the candidate records of one member."""

    def __init__(self, keywords: Wanted, member: Member) -> None:
        self._keywords = keywords
        self._path, self._stem = member.path, PurePosixPath(member.name).stem

    def possible(self, present: set[int]) -> bool:
        """Tell whether a record that holds these words may match."""
        return bool(present) and self._keywords.possible(present)

    def read(self, fields: Mapping[str, object], row: int, *, broken: bool, into: Outcome) -> None:
        """Add the judgment of record number `row` if it matches, or why it is none."""
        for outcome in read_record(fields, self._path, f"row {row}", f"{self._stem}:{row}"):
            if isinstance(outcome, Judgment):
                self._add(outcome, broken, into)
            elif outcome.reason in _OTHER_PROCEDURES:
                continue
            elif any(self._keywords.find(value) for value in fields.values() if isinstance(value, str)):
                into.rejected.append(outcome)

    def _add(self, judgment: Judgment, broken: bool, into: Outcome) -> None:
        hits = self._keywords.find(judgment.text)
        if hits and self._keywords.admits(judgment):
            if broken:
                judgment = dataclasses.replace(judgment, metadata={**judgment.metadata, BROKEN: "yes"})
            into.matches.append(Match(judgment, hits))
