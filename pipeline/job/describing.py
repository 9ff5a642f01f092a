"""Describes a case to the classifiers: what the rules extracted, how often the cues occur, and the masked passages."""

from __future__ import annotations

from pipeline.classify import CaseFeatures, passages
from pipeline.extract import extract_from, read_case
from pipeline.extract.cues import cue_counts
from pipeline.extract.scope import scope_cues
from pipeline.schema import Judgment, Label


def describe(judgment: Judgment, labels: tuple[Label, ...]) -> CaseFeatures:
    """Features of a judgment whose labels by the rules are known."""
    case = read_case(judgment)
    return CaseFeatures(judgment.judgment_id, labels, {**cue_counts(case), **scope_cues(case)}, passages(case.document))


def describe_pair(pair: tuple[Judgment, tuple[Label, ...]]) -> CaseFeatures:
    """`describe`, for the engine."""
    return describe(*pair)


def read_and_describe(judgment: Judgment) -> CaseFeatures:
    """Extract and describe a judgment that is not in a database (training)."""
    case = read_case(judgment)
    labels = tuple(extract_from(case))
    return CaseFeatures(judgment.judgment_id, labels, {**cue_counts(case), **scope_cues(case)}, passages(case.document))
