"""Where the screening draws its line: low enough to lose hardly a case, for what it leaves out no person will see."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from pipeline.classify.calibration import PARTS, REPEATS
from pipeline.classify.model import SEED, Matrix

SOUGHT = 0.985  # share of the cases in scope that the line is to let through; the bar is .98, and new texts are harder


def threshold(in_scope: Matrix, coded: Sequence[bool], sought: float = SOUGHT) -> float:
    """The highest probability of being in scope, at most a half, that the sought share of the cases in scope reach.

    `in_scope`: calibrated probabilities of cases not seen in training, shape (cases,).
    """
    own = np.sort(in_scope[np.asarray(coded, dtype=bool)])
    lost = int(np.floor(len(own) * (1 - sought) + 1e-9))
    return min(0.5, float(np.floor(own[lost] * 1000) / 1000))


def operating_point(in_scope: Matrix, coded: Sequence[bool], groups: Sequence[str]) -> dict[str, Any]:
    """Recall, precision and accuracy of lines that were drawn without the case's group: 20 times 5 parts, groups kept together."""
    truth, parts = np.asarray(coded, dtype=bool), np.unique(np.asarray(groups), return_inverse=True)[1]
    random = np.random.default_rng(SEED)
    rows = [_crossed(in_scope, truth, (random.permutation(parts.max() + 1) % PARTS)[parts]) for _ in range(REPEATS)]
    kept = np.array(rows)
    return {
        "cases": len(truth),
        "in_scope": int(truth.sum()),
        "recall": round(float(kept[:, truth].mean()), 3),
        "precision": round(float((kept & truth).sum() / max(kept.sum(), 1)), 3),
        "accuracy": round(float((kept == truth).mean()), 3),
    }


def _crossed(in_scope: Matrix, truth: Any, part: Any) -> Any:
    kept = np.zeros(len(truth), dtype=bool)
    for number in np.unique(part):
        learnt = part != number
        kept[~learnt] = in_scope[~learnt] >= threshold(in_scope[learnt], truth[learnt])
    return kept
