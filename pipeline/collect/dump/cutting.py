"""What a block of a dump is cut into: records, counted, with the broken ones told apart. Nothing is decoded here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol


class Bad(NamedTuple):
    """A broken record: its number in the block (from 0), its bytes in the block, and what is wrong with it."""

    record: int
    start: int
    end: int
    reason: str


@dataclass(slots=True)
class Cut:
    """The complete records at the beginning of a block.

    `end` is where the last of them ends; `rows` counts them, bad ones included; `starts()` says where each begins. `torn` is set
    when nothing more follows the block and its rest is half a record.
    """

    end: int
    rows: int
    starts: Callable[[], list[int]]
    bad: list[Bad] = field(default_factory=list)
    torn: bool = False


class Cutter(Protocol):
    """Cuts the blocks of one member. The answer depends on the records alone, never on where a block happens to end."""

    def cut(self, block: bytearray, length: int, at_end: bool) -> Cut:
        """Cut `block[:length]`, which begins with a record; `at_end` says that nothing follows."""

    def restart(self, block: bytearray, length: int, at_end: bool) -> int:
        """Return where in `block[:length]`, which begins inside a record too long to be held, the next one begins; -1 if not here."""

    def tail(self) -> int:
        """Return how many bytes must be kept for `restart` to see a beginning that lies across two blocks."""
