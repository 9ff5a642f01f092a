"""Samples drawn one after the other, each from what the earlier ones left, as one design.

A case's probability to be in any of them cannot be computed: later chances hang on what was drawn before (strata shrink, models are trained
again). It is not needed. Sample k together with all that was drawn before it gives an estimate of the whole total, namely

    T_k = sum of y over the cases drawn before k + sum of y / pi_k over those drawn by k,

which is unbiased given the past, for the probabilities pi_k are those of a draw from what was left. The estimates of two samples are
uncorrelated, because the later one's expectation is T whatever the earlier drew (Des Raj 1956, "Some estimators in sampling with varying
probabilities without replacement", Journal of the American Statistical Association 51). Any fixed weights therefore combine them, and the
variances add. The weights used, 1 / sum of (1 / pi_k - 1) over the frame of k, make the result for simple random samples exactly that of
one sample of their common size.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.analyse.correcting.design import Design, Draw, Flags, Floats, Integers, variance_strata
from pipeline.analyse.correcting.frames import Frame, coded_flags, response
from pipeline.schema import AnjuanError

_FEW = 0.01  # cases that left between two draws (linked to another since, say): ignored up to this share
_NOT_DRAWN = 1 << 30


@dataclass(frozen=True, slots=True)
class Combined:
    """The cases of all frames, which of them are coded (their places, in the order of the design) and the design."""

    cases: tuple[str, ...]
    coded: Integers
    design: Design


@dataclass(frozen=True, slots=True)
class _Past:
    """For each case the first frame that holds it and the sample that drew it; `members`: the place in `cases` of each frame's cases."""

    cases: tuple[str, ...]
    first: Integers
    drawn: Integers
    members: tuple[Integers, ...]


def combine(frames: Sequence[Frame], coded: Collection[str]) -> Combined:
    """One design for one or several samples. AnjuanError when a later frame is neither what earlier samples left nor apart from it.

    coded: the cases that people have coded. Every stratum that was drawn from must have one of them (`uncoded_strata`).
    """
    past = _past(frames)
    shares = _shares(frames, past)
    answered = [coded_flags(frame, coded) & (past.drawn[past.members[k]] == k) for k, frame in enumerate(frames)]
    places = [past.members[k][flags] for k, flags in enumerate(answered)]
    rates = [response(frame, coded)[flags] for frame, flags in zip(frames, answered, strict=True)]
    order = np.concatenate(places)
    draws, weights, start = [], [], 0
    for k, frame in enumerate(frames):
        flags, first = answered[k], past.first[places[k]]
        probability = frame.probability[flags] * rates[k]
        later = shares[first, k + 1 :].sum(axis=1) / rates[k]  # known to later samples; more than once for those who did not answer
        weight = shares[first, k] / probability + later
        coefficient = np.where(rates[k] < 1, weight, shares[first, k] / probability)
        draws.append(Draw(np.arange(start, start + len(first)), probability, coefficient, _strata(frame, flags)))
        weights.append(weight)
        start += len(first)
    return Combined(past.cases, order, Design(len(past.cases), np.concatenate(weights), tuple(draws)))


def _strata(frame: Frame, flags: Flags) -> Integers:
    expected = np.asarray(np.bincount(frame.stratum, frame.probability, len(frame.strata)), dtype=np.float64)
    found = frame.stratum[flags]
    return variance_strata(np.unique(found, return_inverse=True)[1].astype(np.int64), expected)


def _past(frames: Sequence[Frame]) -> _Past:
    place: dict[str, int] = {}
    for frame in frames:
        for case in frame.cases:
            place.setdefault(case, len(place))
    members = tuple(np.fromiter((place[case] for case in frame.cases), dtype=np.int64, count=len(frame.cases)) for frame in frames)
    first, drawn = (np.full(len(place), _NOT_DRAWN, dtype=np.int64) for _ in range(2))
    for k, frame in enumerate(frames):
        np.minimum.at(first, members[k], k)
        np.minimum.at(drawn, members[k][frame.drawn], k)
    return _Past(tuple(place), first, drawn, members)


def _shares(frames: Sequence[Frame], past: _Past) -> Floats:
    """By first frame and sample, the part that the sample has in the estimate of the cases that the frame was the first to hold."""
    spread = [float((1 / frame.probability - 1).sum()) for frame in frames]
    weight = np.array([1 / max(each, 1e-9) for each in spread])
    covers = np.array([[_covers(frames, past, j, k) for k in range(len(frames))] for j in range(len(frames))])
    shares: Floats = covers * weight / (covers * weight).sum(axis=1, keepdims=True)
    return shares


def _covers(frames: Sequence[Frame], past: _Past, earlier: int, later: int) -> bool:
    """Whether the later sample was drawn from all that is left of the cases which the earlier frame was the first to hold."""
    if later <= earlier:
        return later == earlier
    left = (past.first == earlier) & (past.drawn >= later)
    held = np.zeros(len(past.cases), dtype=np.bool_)
    held[past.members[later]] = True
    count, all_left = int((held & left).sum()), int(left.sum())
    if count >= (1 - _FEW) * all_left:
        return True
    if count > _FEW * all_left:
        one, other = frames[earlier].sample, frames[later].sample
        raise AnjuanError(
            f"samples {one} and {other} cannot be combined: of the {all_left} cases that sample {one} left, sample {other} was drawn from "
            f"{count} only; name one of them with --sample"
        )
    return False
