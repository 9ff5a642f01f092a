"""From a model's scores to probabilities that mean what they say, and to sets of answers that hold the right one nine times in ten.

A temperature (Guo et al. 2017) is found, and prediction sets (Vovk, Gammerman & Shafer 2005; Mondrian: by class) are drawn, from the
answers that models gave to cases they had not seen.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.classify.model import Matrix

CONFIDENCE = 0.9  # the share of cases whose set is to hold the right answer


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
