"""Pairs of judgments that are worth comparing: equal texts, equal case numbers, and, where a number is missing, sketches that overlap.

Two judgments with different case numbers are different documents however alike they read (mass cases of one gang), so that sketches
are looked up only for judgments without a number: few in most collections, and all the work there is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

import numpy as np
import numpy.typing as npt

from pipeline.link.nouns import Document
from pipeline.link.shingles import shared

COMMON = 24  # texts with a shingle above which it is a phrase of the trade and tells nothing
OVERLAP = 0.5  # share of the smaller sketch that the other must hold
SMALL = 8  # hashes in a sketch below which one common hash makes a candidate
_FEWEST = 3  # hashes that must be shared
_CROWD = 50  # judgments of one number beyond which each is compared with the most complete only
_HALF = np.uint64(32)
_LOW = np.uint64(0xFFFFFFFF)

Pair = tuple[int, int]
Packed = npt.NDArray[np.uint64]


def pairs(documents: Sequence[Document]) -> list[Pair]:
    """Pairs of positions in `documents`, the smaller first, each once, sorted."""
    equal = _groups((n, document.exact) for n, document in enumerate(documents) if document.exact)
    found = {(group[0], other) for group in equal for other in group[1:]}
    for group in _groups((n, document.key) for n, document in enumerate(documents) if document.key):
        found.update(combinations(group, 2) if len(group) <= _CROWD else ((group[0], other) for other in group[1:]))
    copies = {n for group in equal for n in group[1:]}
    found.update(_overlapping(documents, [n for n in range(len(documents)) if n not in copies]))
    return sorted(found)


def _groups(values: Iterable[tuple[int, str]]) -> list[list[int]]:
    groups: dict[str, list[int]] = {}
    for n, value in values:
        groups.setdefault(value, []).append(n)
    return [group for group in groups.values() if len(group) > 1]


def _overlapping(documents: Sequence[Document], places: Sequence[int]) -> Iterator[Pair]:
    """Pairs of which at least one has no usable case number, and whose sketches overlap."""
    loose = np.array([not document.key for document in documents], dtype=bool)
    wanted = np.unique(np.concatenate([np.empty(0, np.uint32), *(documents[n].sketch for n in places if loose[n])]))
    if not len(wanted):
        return
    for pair, count in _counted(_index(documents, places, loose, wanted), loose):
        first, second = int(pair >> _HALF), int(pair & _LOW)
        one, other = documents[first].sketch, documents[second].sketch
        smaller = min(len(one), len(other))
        if count < 2 and smaller > SMALL:
            continue
        common = shared(one, other)
        if common >= min(_FEWEST, smaller) and common >= OVERLAP * smaller:
            yield first, second


def _index(documents: Sequence[Document], places: Sequence[int], loose: npt.NDArray[np.bool_], wanted: npt.NDArray[np.uint32]) -> Packed:
    """Every hash that a judgment without a number holds, with each judgment that holds it: hash in the upper half, position in the lower; sorted."""
    parts = []
    for n in places:
        hashes = documents[n].sketch
        hashes = hashes if loose[n] else hashes[_among(hashes, wanted)]
        parts.append((hashes.astype(np.uint64) << _HALF) | np.uint64(n))
    index = np.concatenate(parts)
    index.sort()
    return index


def _among(hashes: npt.NDArray[np.uint32], wanted: npt.NDArray[np.uint32]) -> npt.NDArray[np.bool_]:
    at = np.searchsorted(wanted, hashes)
    found: npt.NDArray[np.bool_] = wanted[np.minimum(at, len(wanted) - 1)] == hashes
    return found


def _counted(index: Packed, loose: npt.NDArray[np.bool_]) -> Iterator[tuple[np.uint64, int]]:
    """Pairs of judgments with a rare hash in common, packed as in the index, and how many they share."""
    starts = np.flatnonzero(np.diff(index >> _HALF, prepend=np.uint64(0xFFFFFFFFFFFFFFFF)))
    lengths = np.diff(starts, append=len(index))
    position = index & _LOW
    found = []
    for length in range(2, COMMON + 1):
        rows = position[starts[lengths == length][:, None] + np.arange(length)]
        for i, j in combinations(range(length), 2):
            one, other = rows[:, i], rows[:, j]
            either = loose[one] | loose[other]
            found.append((one[either] << _HALF) | other[either])
    if found:
        packed, counts = np.unique(np.concatenate(found), return_counts=True)
        yield from zip(packed, counts.tolist(), strict=True)
