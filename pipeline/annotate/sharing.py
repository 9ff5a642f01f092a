"""Who codes which of the drawn cases: some are coded twice, and nobody can tell which."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import combinations
from random import Random


def share(drawn: Sequence[str], coders: Sequence[str], overlap: float, chance: Random) -> dict[str, list[str]]:
    """Each coder's queue: the share `overlap` of the cases (0 to 1, rounded to whole cases) goes to two coders, the rest to one.

    Which cases are coded twice, and the order of every queue, is chance. The numbers of cases of any two coders differ by one at most, and
    so do the numbers of cases that any two pairs have in common.
    """
    cases, people = list(drawn), list(coders)
    chance.shuffle(cases)
    chance.shuffle(people)  # who gets the odd case is chance, too
    twice = int(overlap * len(cases) + 0.5)
    queues: dict[str, list[str]] = {coder: [] for coder in coders}
    for case, pair in zip(cases[:twice], pairs(people, twice, chance), strict=True):
        for coder in pair:
            queues[coder].append(case)
    for case in cases[twice:]:
        queues[min(people, key=lambda coder: len(queues[coder]))].append(case)
    for queue in queues.values():
        chance.shuffle(queue)
    return queues


def pairs(coders: Sequence[str], count: int, chance: Random) -> list[tuple[str, str]]:
    """`count` pairs of coders in random order; no two pairs occur more than once apart, and no two coders are in more than one apart."""
    if not count:
        return []
    every = list(combinations(coders, 2))
    rounds, rest = divmod(count, len(every))
    found = every * rounds + _once(coders, rest)
    chance.shuffle(found)
    return found


def _once(coders: Sequence[str], count: int) -> list[tuple[str, str]]:
    """`count` different pairs in which all coders are equally often, to within one: a graph of nearly equal degrees (Havel 1955, Hakimi 1962)."""
    each, more = divmod(2 * count, len(coders))
    wanted = Counter({coder: each + (place < more) for place, coder in enumerate(coders)})
    found: list[tuple[str, str]] = []
    while len(found) < count:
        first, *others = (coder for coder, _ in wanted.most_common())
        found += [(first, other) for other in others[: wanted[first]]]
        wanted.subtract(others[: wanted.pop(first)])
    return found
