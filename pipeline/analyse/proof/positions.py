"""A list of judgments in few characters: their positions in a sorted list, "0-3 7*2 9" for 0, 1, 2, 3, 7 twice, 9."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

_PIECE = re.compile(r"(\d+)(?:-(\d+))?(?:\*(\d+))?", re.ASCII)


def write_positions(judgments: Mapping[str, int], position: Mapping[str, int]) -> str:
    """The positions of the judgments, each with how often it counts; neighbours that count alike are one piece."""
    pieces = []
    for first, last, times in _runs(sorted((position[judgment], times) for judgment, times in judgments.items() if times)):
        pieces.append(f"{first}{f'-{last}' if last > first else ''}{f'*{times}' if times > 1 else ''}")
    return " ".join(pieces)


def _runs(counted: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, int]]:
    """(first, last, times) of each stretch of neighbours."""
    start = 0
    for end in range(1, len(counted) + 1):
        if end == len(counted) or counted[end] != (counted[end - 1][0] + 1, counted[start][1]):
            yield counted[start][0], counted[end - 1][0], counted[start][1]
            start = end


def read_positions(text: str, judgments: Sequence[str]) -> Counter[str]:
    """The judgments at these positions; ValueError or IndexError where the text is no such list."""
    found: Counter[str] = Counter()
    for piece in text.split():
        if (match := _PIECE.fullmatch(piece)) is None:
            raise ValueError(piece)
        first, last, times = match.groups()
        for position in range(int(first), int(last or first) + 1):
            found[judgments[position]] += int(times or 1)
    return found
