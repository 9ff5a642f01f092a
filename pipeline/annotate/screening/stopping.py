"""When reading may stop: the test that a wanted share of the judgments in scope has been found.

Callaghan & Müller-Hansen, "Statistical stopping criteria for automated screening in systematic reviews" (Systematic Reviews 2020, 9:273).
When the ranking finds no more, a random sample of what is unread is read. Were recall below the target, so many in scope would have to lie
among the unread that the sample would hardly hold so few of them: that chance is hypergeometric, and reading may stop when it is small.

The test is looked at after every judgment, and each one found in the sample opens a new way to stop by mistake. Tested at 5 % every time,
up to 8.4 % of screenings end too early (300 found before, 9,000 unread, computed exactly). The error is therefore shared out: half of it
to the first way, a quarter to the second, and so on. However many are found, all ways together stay under the error that was allowed.
"""

from __future__ import annotations

import hashlib
import math
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

QUIET = 0.05  # the sample begins when the last so many of the pool were all out of scope,
QUIET_AT_LEAST = 50  # and at least so many judgments


@dataclass(frozen=True, slots=True)
class Rule:
    """What is promised: with `confidence` (0 to 1), at least the share `recall` of the judgments in scope has been found."""

    recall: float = 0.95
    confidence: float = 0.95


DEFAULT = Rule()


@dataclass(frozen=True, slots=True)
class Sampled:
    """The random sample: `unread` judgments when it began, `read` of them in random order since, `found` in scope among these."""

    unread: int
    read: int = 0
    found: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rule says now.

    `p_value`: chance of so few in the sample were recall below the target, corrected for looking again and again. `missed`: no more are
    unread and in scope, at the confidence (None before the sample says anything). `more`: how many must be read at best before it may stop.
    """

    pool: int
    read: int
    found: int
    sampled: int
    p_value: float
    missed: int | None
    more: int
    may_stop: bool

    @property
    def recall(self) -> float | None:
        """The share found, at least, at the confidence; None while nothing can be said."""
        if self.missed is None or not self.found:
            return None
        return self.found / (self.found + self.missed)


def quiet(pool: int, decisions: Sequence[bool]) -> bool:
    """Whether the ranking finds no more, so that the sample should begin: something was found, but nothing of late."""
    lately = max(QUIET_AT_LEAST, math.ceil(QUIET * pool))
    return any(decisions) and len(decisions) >= lately and not any(decisions[-lately:])


def sample_order(judgment_ids: Iterable[str], seed: int | str) -> list[str]:
    """The judgments in an order that is random but always the same: the sample is read along it."""
    return sorted(judgment_ids, key=lambda name: hashlib.blake2b(f"{seed} {name}".encode(), digest_size=16).digest())


def verdict(pool: int, before: int, sampled: Sampled, rule: Rule = DEFAULT) -> Verdict:
    """The rule's verdict on a pool of so many judgments, `before` of them found in scope before the sample began.

    Before it has begun, `Sampled(unread)` tells what it would take at best.
    """
    unread, read, found = sampled.unread, sampled.read, sampled.found
    error = (1 - rule.confidence) * 0.5 ** (found + 1)
    too_many = _too_many(before, found, rule.recall)
    chance = _chance(found, unread, too_many, read)
    more = _first(lambda number: _chance(found, unread, too_many, number) < error, read, unread) - read
    return Verdict(
        pool=pool,
        read=pool - unread + read,
        found=before + found,
        sampled=read,
        p_value=min(1.0, chance / error * (1 - rule.confidence)),
        missed=_first(lambda more: _chance(found, unread, found + more + 1, read) < error, 0, unread - read) if read else None,
        more=more,
        may_stop=more == 0,
    )


def _too_many(before: int, found: int, recall: float) -> int:
    """The fewest in scope among the once unread (those found there since included) with which recall is below the target."""
    return math.floor((before + found) / recall - before + 1e-9) + 1


def _chance(found: int, unread: int, in_scope: int, read: int) -> float:
    """Probability that so many read of the unread hold at most `found` of those in scope; 0 where that is impossible or all is read."""
    from scipy.stats import hypergeom

    if read >= unread or in_scope > unread - (read - found):
        return 0.0
    return float(hypergeom.cdf(found, unread, in_scope, read))


def _first(holds: Callable[[int], bool], low: int, high: int) -> int:
    """The smallest number from `low` to `high` for which a condition holds that stays true once it is; `high` when there is none."""
    return low + bisect_left(range(low, high), True, key=holds)
