"""Names that may be one: people whose names sources mask differently (李某, 李××, 李*, 李某甲), and courts named with or without their province."""

from __future__ import annotations

import re
from collections.abc import Sequence

_MASK = re.compile(r"[某×Ⅹ*＊xX]+")
_INDEX = re.compile(r"(?<=[某×Ⅹ*＊xX])(?:[甲乙丙丁戊己庚辛壬癸]|\d{1,2})$|\d(?=[某×Ⅹ*＊xX])")
_GENERIC_COURT = re.compile(r"[省市县区州旗盟]|人民|法院|高级|中级")


def is_masked(name: str) -> bool:
    """Whether the name hides letters."""
    return bool(_MASK.search(name))


def same_person(one: str, other: str) -> bool:
    """Whether two names, each as its source prints it, may be one person's.

    Unmasked names must be equal. Of a masked one the surname must agree, the last letter where both print it, and the number
    (甲, 1) where both carry one of a kind.
    """
    if not is_masked(one) and not is_masked(other):
        return one == other
    if not one or not other:
        return True
    first, second = _surname(one), _surname(other)
    if first and second and not (first.startswith(second) or second.startswith(first)):
        return False
    last, other_last = _last(one), _last(other)
    if last and other_last and last != other_last:
        return False
    index, other_index = _index(one), _index(other)
    # 甲 and 乙 are two people, 甲 and 2 may be one: sources number with letters or with figures, each in an order of its own.
    return not (index and other_index) or index.isdigit() != other_index.isdigit() or index == other_index


def _surname(name: str) -> str:
    """The letters before the mask; of an unmasked name the first."""
    bare = _INDEX.sub("", name)
    return _MASK.split(bare)[0] if is_masked(bare) else bare[:1]


def _last(name: str) -> str:
    bare = _INDEX.sub("", name)
    return bare[-1:] if len(bare) > 1 and not _MASK.match(bare[-1:]) else ""


def _index(name: str) -> str:
    found = _INDEX.search(name)
    return found[0] if found else ""


def agree(some: Sequence[str], others: Sequence[str]) -> bool | None:
    """Whether two lists of defendants may be of one case: each of the shorter list is a different one of the longer.

    None when a list tells nobody's name; a name of masks alone (XXX) is none.
    """
    shorter, longer = sorted(([name for name in names if _told(name)] for names in (some, others)), key=len)
    return _matched(shorter, longer) == len(shorter) if shorter else None


def _told(name: str) -> bool:
    return bool(_MASK.sub("", _INDEX.sub("", name)))


def equal_in_full(some: Sequence[str], others: Sequence[str]) -> bool:
    """Whether the lists share a name that hides nothing."""
    return any(not is_masked(name) for name in set(some) & set(others))


def _matched(shorter: Sequence[str], longer: Sequence[str]) -> int:
    """How many of `shorter` find a partner of their own (augmenting paths: 李某 leaves 李某甲 to whom only he fits)."""
    partner: dict[int, int] = {}

    def find(n: int, seen: set[int]) -> bool:
        for m, name in enumerate(longer):
            if m not in seen and same_person(shorter[n], name):
                seen.add(m)
                if m not in partner or find(partner[m], seen):
                    partner[m] = n
                    return True
        return False

    return sum(find(n, set()) for n in range(min(len(shorter), 100)))


def same_court(one: str, other: str) -> bool:
    """Whether two names may be of one court: one is the end of the other (福田区人民法院), or masks (某某, ××) stand for its letters."""
    if not one or not other:
        return True
    if is_masked(one) or is_masked(other):
        return _fits(one, other) or _fits(other, one)
    shorter, longer = sorted((one, other), key=len)
    return longer.endswith(shorter) and bool(_GENERIC_COURT.sub("", shorter))


def _fits(masked: str, name: str) -> bool:
    pattern = ".+".join(re.escape(piece) for piece in _MASK.split(masked))
    return bool(_MASK.search(masked) and re.fullmatch(f"(?:.*?){pattern}", name))
