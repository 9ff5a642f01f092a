"""From a model's scores to probabilities that mean what they say, and to sets of answers that hold the right one nine times in ten.

A temperature (Guo et al. 2017) is found, and prediction sets (Vovk, Gammerman & Shafer 2005; Mondrian: by class) are drawn, from the
answers that models gave to cases they had not seen. A value's nonconformity is 1 minus its probability (Sadinle, Lei & Wasserman 2019).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.classify.model import SEED, Matrix

CONFIDENCE = 0.9  # the share of cases whose set is to hold the right answer
FEWEST = 20  # cases from which a value has a bar of its own; rarer values share one, for a bar from ten cases is that of the worst of them
REPEATS, PARTS = 20, 5  # of the count of coverage
Sets = NDArray[np.bool_]


def softened(probabilities: Matrix, temperature: float) -> Matrix:
    """Probabilities whose logarithms are divided by a temperature: above 1 they are less sure of themselves."""
    scaled = np.log(np.clip(probabilities, 1e-9, 1)) / temperature
    powers = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def temperature(probabilities: Matrix, coded: Sequence[int]) -> float:
    """The temperature with the least log loss on cases not seen in training; `coded`: the column of each case's coded value."""
    from scipy.optimize import minimize_scalar

    columns, places = np.asarray(coded), np.arange(len(coded))

    def loss(log_temperature: float) -> float:
        chosen = softened(probabilities, float(np.exp(log_temperature)))[places, columns]
        return float(-np.log(np.clip(chosen, 1e-9, 1)).mean())

    return round(float(np.exp(minimize_scalar(loss, bounds=(-2, 2), method="bounded").x)), 4)


@dataclass(frozen=True, slots=True)
class Calibration:
    """How a model's own probabilities are read; `bars`: the least probability with which each value is in a case's set."""

    temperature: float
    bars: tuple[float, ...]

    @classmethod
    def learn(cls, probabilities: Matrix, coded: Sequence[int], confidence: float = CONFIDENCE) -> Calibration:
        """Find temperature and bars on cases not seen in training; `coded`: the column of each case's coded value."""
        warmth = temperature(probabilities, coded)
        return cls(warmth, bars(softened(probabilities, warmth), coded, confidence))

    def probabilities(self, own: Matrix) -> Matrix:
        """The model's own probabilities made to mean what they say."""
        return softened(own, self.temperature)

    def sets(self, probabilities: Matrix) -> Sets:
        """Which values of each case (rows) the model cannot rule out; never none.

        Where no value reaches its bar the case is stranger than most: the two likeliest stay open, so that a person is asked.
        """
        inside = self.reached(probabilities)
        strange = np.flatnonzero(~inside.any(axis=1))
        likeliest = np.argsort(-probabilities[strange], axis=1, kind="stable")[:, :2]
        inside[strange[:, None], likeliest] = True
        return inside

    def reached(self, probabilities: Matrix) -> Sets:
        """The conformal sets as they are, of which some are empty."""
        return np.asarray(probabilities >= np.array(self.bars) - 1e-12)


def bars(probabilities: Matrix, coded: Sequence[int], confidence: float = CONFIDENCE) -> tuple[float, ...]:
    """For each value the least probability that it must have: nine in ten of the cases coded so had as much.

    Values with fewer than `FEWEST` cases share a bar; it is that of all cases where they are too few together.
    """
    columns = np.asarray(coded)
    own = probabilities[np.arange(len(columns)), columns]
    counts = np.bincount(columns, minlength=probabilities.shape[1])
    rare = np.isin(columns, np.flatnonzero(counts < FEWEST))
    shared = _bar(own[rare] if rare.sum() >= FEWEST else own, confidence)
    return tuple(_bar(own[columns == c], confidence) if counts[c] >= FEWEST else shared for c in range(len(counts)))


def _bar(own: Matrix, confidence: float) -> float:
    """The probability that `confidence` of the cases reach, one more case counted in; 0 where there are too few to say."""
    rank = int(np.ceil((len(own) + 1) * confidence - 1e-9))
    return float(np.sort(own)[::-1][rank - 1]) if rank <= len(own) else 0.0


def coverage(own: Matrix, coded: Sequence[int], groups: Sequence[str], classes: Sequence[str]) -> dict[str, Any]:
    """How often sets hold the coded value when calibration has not seen the case's group: 20 times 5 parts, groups kept together.

    `conformal` counts the sets as they are, empty ones too; all else the sets that are shown. Shares are of the cases.
    """
    columns, parts = np.asarray(coded), np.unique(np.asarray(groups), return_inverse=True)[1]
    random, rows = np.random.default_rng(SEED), np.arange(len(columns))
    counts = [_counted(own, columns, parts, random.permutation(parts.max() + 1) % PARTS, rows) for _ in range(REPEATS)]
    held = np.array([shown[rows, columns] for _, shown in counts])
    sizes = np.array([shown.sum(axis=1) for _, shown in counts])
    return {
        "confidence": CONFIDENCE,
        "cases": len(columns),
        "conformal": _share(np.array([reached[rows, columns] for reached, _ in counts])),
        "empty": _share(np.array([~reached.any(axis=1) for reached, _ in counts])),
        "shown": _share(held),
        "by_value": {c: _share(held[:, columns == i]) for i, c in enumerate(classes) if (columns == i).any()},
        "mean_size": round(float(sizes.mean()), 2),
        "one_value": _share(sizes == 1),
        "right_where_one_value": _share(held[sizes == 1]),
    }


def _counted(own: Matrix, columns: Any, parts: Any, part_of: Any, rows: Any) -> tuple[Sets, Sets]:
    """The sets of every case, as they are and as shown, each drawn with what the other parts teach."""
    reached, shown = np.zeros(own.shape, dtype=bool), np.zeros(own.shape, dtype=bool)
    for learnt, asked in _split(part_of[parts], rows):
        calibration = Calibration.learn(own[learnt], columns[learnt])
        probabilities = calibration.probabilities(own[asked])
        reached[asked], shown[asked] = calibration.reached(probabilities), calibration.sets(probabilities)
    return reached, shown


def _split(part: Any, rows: Any) -> Iterator[tuple[Any, Any]]:
    for number in np.unique(part):
        yield rows[part != number], rows[part == number]


def _share(held: Any) -> float:
    return round(float(np.mean(held)), 3) if np.size(held) else 0.0
