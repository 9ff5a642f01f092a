"""Shingles of a text, and its sketch: a fixed share of their hashes, from which likeness and containment of two texts are estimated.

The sketch is Broder's modulo sketch (On the resemblance and containment of documents, 1997): it keeps every hash that a fixed number
divides. Unlike a MinHash signature of fixed length it also tells that a short text is a part of a long one.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

WIDTH = 5  # characters of a shingle
ONE_IN = 16  # shingles of which the sketch keeps one: 0.6 kB for a judgment of 2,500 characters
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_MIXERS = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))  # the finaliser of SplitMix64
_MASKS = "某×Ⅹ*＊xX"
_INDEXES = "甲乙丙丁戊己庚辛壬癸"

Codes = npt.NDArray[np.uint32]
Hashes = npt.NDArray[np.uint64]
Sketch = npt.NDArray[np.uint32]


@cache
def _table(characters: str) -> npt.NDArray[np.bool_]:
    table = np.zeros(0x110000, dtype=bool)
    for character in characters:
        table[ord(character)] = True
    return table


@cache
def _letters() -> npt.NDArray[np.bool_]:
    """Which characters count: letters, digits and masks; not blanks, punctuation and brackets, which sources print as they like."""
    table = np.zeros(0x110000, dtype=bool)
    for first, last in (("0", "9"), ("A", "Z"), ("a", "z"), ("\u3400", "\u9fff"), ("\U00020000", "\U0003ffff")):
        table[ord(first) : ord(last) + 1] = True
    for character in _MASKS + "〇":
        table[ord(character)] = True
    return table


def letters(text: str) -> Codes:
    """The code points of the text's letters, digits and masks, in order."""
    codes = np.frombuffer(text.encode("utf-32-le", "replace"), dtype=np.uint32)
    kept: Codes = codes[_letters()[codes]]
    return kept


def unmasked(codes: Codes) -> Codes:
    """The letters less all masks and the numbers beside them: 李某甲, 李×× and 李2某 all become 李."""
    mask = _table(_MASKS)[codes]
    digit = _table("0123456789")[codes]
    after, before = np.zeros_like(mask), np.zeros_like(mask)
    after[1:] = mask[:-1]
    before[:-1] = mask[1:]
    beside_digit = np.zeros_like(mask)
    beside_digit[1:] |= digit[:-1]
    beside_digit[:-1] |= digit[1:]
    index = (after & _table(_INDEXES)[codes]) | ((after | before) & digit & ~beside_digit)
    kept: Codes = codes[~(mask | index)]
    return kept


def _hashes(codes: Codes) -> Hashes:
    """Hash of every run of WIDTH characters, in order; of a shorter text the one hash of all of it."""
    if not len(codes):
        return np.empty(0, dtype=np.uint64)
    wide = codes.astype(np.uint64)
    size = max(len(codes) - WIDTH + 1, 1)
    hashes = wide[:size].copy()
    for offset in range(1, min(WIDTH, len(codes))):
        hashes *= _MULTIPLIER
        hashes += wide[offset : offset + size]
    for mixer, shift in zip(_MIXERS, (30, 27), strict=True):
        hashes ^= hashes >> np.uint64(shift)
        hashes *= mixer
    return hashes


def shingles(codes: Codes) -> Hashes:
    """The hashes of all runs of WIDTH characters, sorted, each once."""
    return np.unique(_hashes(codes))


def sketch(codes: Codes) -> Sketch:
    """The part of the shingles' hashes that stands for the text: sorted, 32 bits each."""
    hashes = _hashes(codes) >> np.uint64(32)  # the upper half is the better mixed
    return np.unique(hashes[(hashes & np.uint64(ONE_IN - 1)) == 0].astype(np.uint32))


def shared(one: npt.NDArray[np.unsignedinteger], other: npt.NDArray[np.unsignedinteger]) -> int:
    """How many values two sorted arrays without repetitions have in common."""
    return len(np.intersect1d(one, other, assume_unique=True))
