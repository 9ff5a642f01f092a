"""Describes a case to the classifiers: what the rules extracted, how often the cues occur, and the masked passages."""

from __future__ import annotations

from pipeline.classify import CaseFeatures, passages
from pipeline.extract import extract_from, read_case
from pipeline.extract.case import Case
from pipeline.extract.reason.cues import cue_counts, story
from pipeline.extract.reason.relation import relation_weights
from pipeline.extract.reason.scope import scope_cues
from pipeline.schema import Judgment, Label


def describe(judgment: Judgment, labels: tuple[Label, ...]) -> CaseFeatures:
    """Features of a judgment whose labels by the rules are known."""
    return _described(read_case(judgment), labels)


def describe_pair(pair: tuple[Judgment, tuple[Label, ...]]) -> CaseFeatures:
    """`describe`, for the engine."""
    return describe(*pair)


def read_and_describe(judgment: Judgment) -> CaseFeatures:
    """Extract and describe a judgment that is not in a database (training)."""
    case = read_case(judgment)
    return _described(case, tuple(label for label in extract_from(case) if label.by == "rules"))


def _described(case: Case, labels: tuple[Label, ...]) -> CaseFeatures:
    attack = next(iter(story(case).attacks), None)
    cues = {**cue_counts(case), **scope_cues(case), **relation_weights(case)}
    sentences = passages(case.document, attack)
    return CaseFeatures(case.judgment.judgment_id, labels, cues, "".join(text for text, _ in sentences), sentences)
