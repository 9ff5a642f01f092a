"""How alike two texts are: shingles shared, and the figures that tell one serial case from the next (dates, amounts, weights)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from pipeline.link.nouns import Texts
from pipeline.link.shingles import Hashes, letters, shared, shingles, unmasked
from pipeline.link.signature import core

# A date is one figure; a number beside a mask is part of a name or a plate.
_FIGURE = re.compile(
    r"\d{4}年\d{1,2}月(?:\d{1,2}日(?:\d{1,2}时)?)?|\d{1,2}月\d{1,2}日(?:\d{1,2}时)?|(?<![\d某×*xX.])\d+(?:[，,]\d{3})*(?:\.\d+)?(?![\d某×*xX])"
)
_TRIVIAL = 10  # figures below are paragraphs, ordinals and persons
_APART = re.compile(r"另案|已判|已被判|另行处理|分案")


class Features(NamedTuple):
    """A text as it is compared."""

    hashes: Hashes
    figures: frozenset[str]
    tried_apart: bool


class Likeness(NamedTuple):
    """`jaccard` of the shingles; `containment`: share of the smaller text's shingles that the other has; the same for its figures.

    `figures` counts the figures of the text with fewer, `digits` the digits of those shared; `letters` the shingles of the shorter
    text. `tried_apart`: somebody was judged for the same facts in another judgment.
    """

    jaccard: float
    containment: float
    shared_figures: int
    figures: int
    digits: int
    letters: int
    tried_apart: bool

    @property
    def agreement(self) -> float:
        """Share of the figures that agree; 0 where there are none."""
        return self.shared_figures / self.figures if self.figures else 0.0


class Comparer:
    """Compares judgments by id and remembers the last texts that it has read."""

    def __init__(self, texts: Texts) -> None:
        self._features = lru_cache(maxsize=512)(lambda judgment_id: features(texts(judgment_id)))

    def compare(self, one: str, other: str) -> Likeness:
        """The likeness of two judgments."""
        return likeness(self._features(one), self._features(other))


def features(text: str) -> Features:
    """What of a text is compared."""
    body = core(text)
    compact = "".join(body.split())
    return Features(shingles(unmasked(letters(body))), _figures(compact), bool(_APART.search(compact)))


def _figures(compact: str) -> frozenset[str]:
    found = (re.sub("[，,]", "", figure) for figure in _FIGURE.findall(compact))
    return frozenset(figure for figure in found if not figure.isdigit() or int(figure[:18]) >= _TRIVIAL)


def likeness(one: Features, other: Features) -> Likeness:
    """How alike two texts are."""
    common = shared(one.hashes, other.hashes)
    smaller = min(len(one.hashes), len(other.hashes))
    either = len(one.hashes) + len(other.hashes) - common
    return Likeness(
        common / either if either else 0.0,
        common / smaller if smaller else 0.0,
        len(one.figures & other.figures),
        min(len(one.figures), len(other.figures)),
        sum(letter.isdigit() for figure in one.figures & other.figures for letter in figure),
        smaller,
        one.tried_apart or other.tried_apart,
    )
