"""The samples that were drawn for coding, with the stratum and the probability of every member of their frames, read from the database."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.analyse.correcting.design import Flags, Floats, Integers
from pipeline.analyse.reading import rows
from pipeline.schema import AnjuanError

_SAMPLES = "SELECT id, strategy, condition FROM samples WHERE task = 'code' ORDER BY id"
_FRAME = "SELECT judgment_id, stratum, probability, drawn FROM sampling_frames WHERE sample_id = ? ORDER BY judgment_id"


@dataclass(frozen=True, slots=True)
class Frame:
    """One sample: its cases in order of their ids, each with its stratum (a number into `strata`), probability, and whether it was drawn."""

    sample: int
    strategy: str
    condition: str
    cases: tuple[str, ...]
    strata: tuple[str, ...]
    stratum: Integers
    probability: Floats
    drawn: Flags


def read_frames(connection: sqlite3.Connection, samples: Sequence[int] = ()) -> list[Frame]:
    """The frames of these samples (none named: of all that were drawn for coding), oldest first. AnjuanError for a number that is none."""
    if not _has_samples(connection):
        return []
    found = {row["id"]: row for row in rows(connection, _SAMPLES)}
    if unknown := sorted(set(samples) - set(found)):
        there = ", ".join(map(str, found)) or "none"
        raise AnjuanError(f"--sample {unknown[0]}: no sample for coding has this number; there are: {there}")
    wanted = [row for number, row in found.items() if not samples or number in samples]
    return [_frame(connection, row["id"], row["strategy"], row["condition"]) for row in wanted]


def _has_samples(connection: sqlite3.Connection) -> bool:
    """Whether the file knows samples: databases of older versions get the tables when a command that writes opens them."""
    return bool(list(rows(connection, "SELECT 1 AS found FROM sqlite_master WHERE name = 'samples'")))


def _frame(connection: sqlite3.Connection, sample: int, strategy: str, condition: str) -> Frame:
    members = [tuple(row.values()) for row in rows(connection, _FRAME, [sample])]
    names = sorted({member[1] for member in members})
    numbers = {name: number for number, name in enumerate(names)}
    return Frame(
        sample,
        strategy,
        condition,
        tuple(member[0] for member in members),
        tuple(names),
        np.array([numbers[member[1]] for member in members], dtype=np.int64),
        np.array([member[2] for member in members], dtype=np.float64),
        np.array([member[3] for member in members], dtype=np.bool_),
    )


def drawn_cases(frames: Sequence[Frame]) -> list[str]:
    """The cases that any of the samples drew, by id."""
    return sorted({case for frame in frames for case, drawn in zip(frame.cases, frame.drawn, strict=True) if drawn})


def uncoded_strata(frame: Frame, coded: Collection[str]) -> list[str]:
    """The strata from which cases were drawn of which none is coded: what the frame holds of them cannot be told."""
    answered = coded_flags(frame, coded)
    drawn = np.bincount(frame.stratum, frame.drawn, len(frame.strata))
    told = np.bincount(frame.stratum, answered, len(frame.strata))
    return [name for name, asked, answers in zip(frame.strata, drawn, told, strict=True) if asked and not answers]


def coded_flags(frame: Frame, coded: Collection[str]) -> Flags:
    """Which cases of the frame were drawn and coded."""
    return frame.drawn & np.fromiter((case in coded for case in frame.cases), dtype=np.bool_, count=len(frame.cases))


def response(frame: Frame, coded: Collection[str]) -> Floats:
    """For each case of the frame the share of the drawn of its stratum that is coded; 1 where nothing was drawn.

    Cases drawn but not coded are taken as missing at random inside their stratum (weighting classes, Särndal et al. 1992, chapter 15).
    """
    drawn = np.bincount(frame.stratum, frame.drawn, len(frame.strata))
    told = np.bincount(frame.stratum, coded_flags(frame, coded), len(frame.strata))
    rate = np.divide(told, drawn, out=np.ones(len(frame.strata)), where=drawn > 0)
    shares: Floats = rate[frame.stratum]
    return shares
