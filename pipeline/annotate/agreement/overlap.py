"""Whether two coders quote the same words."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.annotate.agreement.nouns import Compared, SpanOverlap
from pipeline.schema import Entry


def overlap(compared: Iterable[Compared]) -> SpanOverlap:
    """Overlap of the quotations over the answers for which both quote any words."""
    scores = [shared(*quoted) for each in compared if all(quoted := tuple(_characters(entry) for entry in each.entries))]
    if not scores:
        return SpanOverlap()
    return SpanOverlap(len(scores), sum(scores) / len(scores), sum(score > 0 for score in scores) / len(scores))


def shared(one: set[int], other: set[int]) -> float:
    """F1 of two sets of characters, also called Dice: 2 |A∩B| / (|A|+|B|); both must hold something."""
    return 2 * len(one & other) / (len(one) + len(other))


def _characters(entry: Entry) -> set[int]:
    """The places of all characters that an entry quotes."""
    return {place for start, end, _ in entry.words for place in range(start, end)}
