"""Sums over the answers, group by group, from which every score follows: a bootstrap draw is then a weighted sum of groups.

Groups (texts of one real event) are drawn with replacement, and the repeats of the cross-validation are averaged inside each draw, so
that an interval shows what other cases would have done, and not how much the folds happened to matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.classify.model import SEED, Matrix

BINS = 8
DRAWS = 1000
LEAST = 1e-9  # a probability of 0 would cost an infinite log loss
Sums = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Tally:
    """Sums whose first axes are (groups, repeats), or (draws, repeats) once drawn.

    `confusion`: (..., coded class, answered class); `losses`: (..., 2), log loss and Brier score; `bins`: (..., BINS, 3), cases, stated
    probability and right answers, by the probability of the answer given.
    """

    confusion: Sums
    losses: Sums
    bins: Sums

    def drawn(self, weights: Sums) -> Tally:
        """Sums of groups weighted by each row of `weights`, shape (draws, groups)."""
        return Tally(*(np.tensordot(weights, sums, axes=1) for sums in (self.confusion, self.losses, self.bins)))

    @property
    def whole(self) -> Tally:
        """Every group counted once: the one draw that is the data."""
        return self.drawn(np.ones((1, len(self.confusion))))


def tally(columns: Sequence[int], groups: Sequence[str], probabilities: Sums) -> Tally:
    """Sums over answers of shape (repeats, cases, classes); `columns`: the place of each case's coded value among the classes."""
    names = {group: i for i, group in enumerate(dict.fromkeys(groups))}
    repeats, cases, classes = probabilities.shape
    at = np.broadcast_to(np.array([names[group] for group in groups]), (repeats, cases))
    repeat = np.broadcast_to(np.arange(repeats)[:, None], (repeats, cases))
    coded = np.broadcast_to(np.asarray(columns), (repeats, cases))
    found, stated = probabilities.argmax(axis=2), probabilities.max(axis=2)
    made = Tally(
        np.zeros((len(names), repeats, classes, classes)), np.zeros((len(names), repeats, 2)), np.zeros((len(names), repeats, BINS, 3))
    )
    np.add.at(made.confusion, (at, repeat, coded, found), 1.0)
    np.add.at(made.losses, (at, repeat), np.stack(_losses(probabilities, np.asarray(columns)), axis=-1))
    bins = np.minimum((stated * BINS).astype(int), BINS - 1)
    np.add.at(made.bins, (at, repeat, bins), np.stack([np.ones_like(stated), stated, found == coded], axis=-1))
    return made


def draws(groups: int, count: int = DRAWS, seed: int = SEED) -> Sums:
    """How often each group is drawn, shape (draws, groups): the same for every tally of as many groups, so that kinds can be paired."""
    return np.random.default_rng(seed).multinomial(groups, np.full(groups, 1 / groups), size=count).astype(float)


def _losses(probabilities: Sums, columns: NDArray[np.int_]) -> tuple[Matrix, Matrix]:
    truth = np.eye(probabilities.shape[2])[columns]
    chosen = (probabilities * truth).sum(axis=2)
    return -np.log(np.clip(chosen, LEAST, 1)), ((probabilities - truth) ** 2).sum(axis=2)
