"""`anjuan train`: from the coded cases that ship (or the user's own) to the models in `models/`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import engine
from pipeline.classify import CaseFeatures
from pipeline.codebook import load as load_codebook
from pipeline.collect import read
from pipeline.job import fingerprints
from pipeline.job.describing import read_and_describe
from pipeline.job.progress import Progress
from pipeline.schema import Judgment

if TYPE_CHECKING:
    from pipeline.classify.coded import CodedCase


@dataclass(frozen=True, slots=True)
class Recipe:
    """Which models to train and of what kind ("linear+encoded": an average); `base`: the directory that a transformer begins from."""

    variables: tuple[str, ...] = ("in_scope", *fingerprints.DESCRIBED)
    kind: str = "linear"
    base: Path | None = None


_DEFAULT = Recipe()


def train(
    texts: Sequence[Path], codings: Sequence[Path], folder: Path, jobs: int, progress: Progress, recipe: Recipe = _DEFAULT
) -> dict[str, dict[str, Any]]:
    """Train models on the coded texts and write them below `folder`; the cards by model."""
    from pipeline.classify.coded import coded_cases, read_codings
    from pipeline.classify.evaluation.mixing import members_of
    from pipeline.classify.kinds import kind_of_model
    from pipeline.classify.training import train as train_model

    for kind in members_of(recipe.kind):
        kind_of_model(kind)  # refused before the texts are read
    features = _features(texts, jobs, progress)
    rows = [coding for path in codings for coding in read_codings(path)]
    cards = {}
    for variable in recipe.variables:
        progress.note(variable)
        if not any(row.value(variable) for row in rows):
            continue
        cases = coded_cases(rows, features, variable)
        kind, settings = _model(recipe, variable, cases)
        kept = {"codebook_version": load_codebook().version, "rules": fingerprints.extraction()}
        cards[variable] = train_model(cases, variable, folder / variable, **kept, kind=kind, settings=settings)
    return cards


def _model(recipe: Recipe, variable: str, cases: Sequence[CodedCase]) -> tuple[str, Any]:
    """Kind and settings of a model; None: the kind's default settings."""
    from pipeline.classify.evaluation.mixing import chosen_mixture, members_of
    from pipeline.classify.training import PASSAGES

    if len(members := members_of(recipe.kind)) > 1:
        whole = frozenset(case.source for case in cases) - PASSAGES
        return "ensemble", chosen_mixture(cases, variable, members, whole)
    if recipe.kind == "transformer" and recipe.base:
        from pipeline.classify.kinds.transformer.settings import TransformerSettings

        return recipe.kind, TransformerSettings(base=str(recipe.base))
    return recipe.kind, None


def _features(texts: Sequence[Path], jobs: int, progress: Progress) -> dict[str, CaseFeatures]:
    judgments = [item for item in read(list(texts)) if isinstance(item, Judgment)]
    progress.start("train", len(judgments))
    found: dict[str, CaseFeatures] = {}
    for batch in engine.run(read_and_describe, judgments, jobs):
        found |= {features.judgment_id: features for _, features in batch if isinstance(features, CaseFeatures)}
        progress.advance(len(batch))
    return found
