"""Which cases people are to code, by chance: every member of the frame has a known probability above zero of being drawn.

Estimates from the coded cases (Horvitz and Thompson 1952; design-based supervised learning, Egami et al. 2023) divide by this probability,
so that it must be exact for the drawn and the undrawn. All designs draw a fixed number. Särndal, Swensson and Wretman, "Model Assisted
Survey Sampling" (1992), chapter 3, describes them.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import accumulate
from math import fsum, sqrt
from random import Random
from typing import NamedTuple

EVERYBODY = "all"  # the stratum of a design without strata
_ONE = 1 - 1e-12  # sums of fractions fall a hair short of a whole
FLOOR = 0.2  # share of the draws that falls on all members alike, however little they weigh


class Chance(NamedTuple):
    """What a design gives to one member of the frame: its stratum, the probability to be drawn, and whether it is."""

    stratum: str
    probability: float
    drawn: bool


def stratified(strata: Sequence[str], size: int, chance: Random, equal: bool = False) -> list[Chance]:
    """Draw `size` of the members, by simple random sampling inside each stratum; in the order of `strata`, which holds each member's.

    With fewer draws than strata none could be had of some: then the members are lined up by stratum and drawn at equal distances, which
    gives each the probability that it would have with strata and never takes much of one kind.
    """
    sizes = Counter(strata)
    if size < len(sizes):
        weights = [1 / sizes[stratum] if equal else 1.0 for stratum in strata]
        return _chances(strata, probabilities(weights, size), chance, by_stratum=True)
    wanted = allocate(sizes, size, equal)
    members: dict[str, list[int]] = {}
    for place, stratum in enumerate(strata):
        members.setdefault(stratum, []).append(place)
    drawn = {place for stratum in sorted(members) for place in chance.sample(members[stratum], wanted[stratum])}
    return [Chance(stratum, wanted[stratum] / sizes[stratum], place in drawn) for place, stratum in enumerate(strata)]


def proportional(weights: Sequence[float], size: int, chance: Random, floor: float = FLOOR) -> list[Chance]:
    """Draw `size` members with probabilities proportional to their weights (0 or more), of which `floor` is spread over all alike.

    No member is therefore drawn with less than `floor` times the probability of a simple random sample, and none weighs more than
    1 / `floor` times as much in an estimate (a defensive mixture, Hesterberg 1995).
    """
    total, count = fsum(weights), len(weights)
    mixed = [floor / count + (1 - floor) * weight / total for weight in weights] if total > 0 else [1.0] * count
    return _chances([EVERYBODY] * count, probabilities(mixed, size), chance)


def _chances(strata: Sequence[str], wanted: Sequence[float], chance: Random, by_stratum: bool = False) -> list[Chance]:
    order = list(range(len(wanted)))
    chance.shuffle(order)
    if by_stratum:
        rank = {stratum: chance.random() for stratum in sorted(set(strata))}
        order.sort(key=lambda place: rank[strata[place]])
    drawn = {order[place] for place in systematic([wanted[place] for place in order], chance)}
    return [Chance(strata[place], wanted[place], place in drawn) for place in range(len(wanted))]


def allocate(sizes: Mapping[str, int], size: int, equal: bool = False) -> dict[str, int]:
    """How many to draw of each stratum: at least one, never more than there are, together `size` (or all there are).

    In proportion to the strata's sizes by the method of equal proportions, which makes the variance least among whole numbers
    (Wright 2012, The American Statistician 66), or `equal` numbers of each. `size` must not be below the number of strata.
    """
    drawn = dict.fromkeys(sizes, 1)
    # The next draw goes where the priority is highest; of equal ones to the larger stratum, then to the first by name.
    heap = [(_priority(sizes[name], 1, equal), -sizes[name], name) for name in sizes if sizes[name] > 1]
    heapq.heapify(heap)
    for _ in range(size - len(sizes)):
        if not heap:
            break
        _, _, name = heapq.heappop(heap)
        drawn[name] += 1
        if drawn[name] < sizes[name]:
            heapq.heappush(heap, (_priority(sizes[name], drawn[name], equal), -sizes[name], name))
    return drawn


def _priority(members: int, drawn: int, equal: bool) -> float:
    return drawn if equal else -members / sqrt(drawn * (drawn + 1))


def probabilities(weights: Sequence[float], size: int) -> list[float]:
    """Probabilities in proportion to the weights (all above 0) that add up to `size`; who would have more than 1 has 1, the others more."""
    certain: set[int] = set()
    while True:
        rest = fsum(weight for place, weight in enumerate(weights) if place not in certain)
        factor = (size - len(certain)) / rest if rest else 0.0
        above = {place for place, weight in enumerate(weights) if place not in certain and weight * factor >= _ONE}
        if not above:
            return [1.0 if place in certain else weight * factor for place, weight in enumerate(weights)]
        certain |= above


def systematic(wanted: Sequence[float], chance: Random) -> list[int]:
    """Places drawn with exactly the `wanted` probabilities, which add up to a whole number: how many are drawn (Madow 1949).

    The probabilities are laid end to end; a comb with teeth one apart falls on them at random. Any order of the places will do; a random
    one lets nearly every pair occur.
    """
    certain = [place for place, probability in enumerate(wanted) if probability >= 1]
    open_to_chance = [place for place, probability in enumerate(wanted) if probability < 1]
    ends = list(accumulate(wanted[place] for place in open_to_chance))
    teeth = round(ends[-1]) if ends else 0
    start = chance.random()
    # min: sums of decimal fractions may end a hair short of the last tooth
    return sorted(certain + [open_to_chance[min(bisect_left(ends, start + tooth), len(ends) - 1)] for tooth in range(teeth)])
