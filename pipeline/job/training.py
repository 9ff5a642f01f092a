"""`anjuan train`: from the coded cases that ship (or the user's own) to the models in `models/`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pipeline import engine
from pipeline.classify import CaseFeatures
from pipeline.codebook import load as load_codebook
from pipeline.collect import read
from pipeline.job import fingerprints
from pipeline.job.describing import read_and_describe
from pipeline.job.progress import Progress
from pipeline.schema import Judgment


def train(texts: Sequence[Path], codings: Sequence[Path], folder: Path, jobs: int, progress: Progress) -> dict[str, dict[str, Any]]:
    """Train every model on the coded texts and write them below `folder`; the cards by model."""
    from pipeline.classify.coded import coded_cases, read_codings
    from pipeline.classify.training import VARIABLES
    from pipeline.classify.training import train as train_model

    features = _features(texts, jobs, progress)
    rows = [coding for path in codings for coding in read_codings(path)]
    cards = {}
    for variable in VARIABLES:
        progress.note(variable)
        if not any(row.value(variable) for row in rows):
            continue
        cases = coded_cases(rows, features, variable)
        codebook = load_codebook()
        cards[variable] = train_model(
            cases, variable, folder / variable, codebook_version=codebook.version, rules=fingerprints.extraction()
        )
    return cards


def _features(texts: Sequence[Path], jobs: int, progress: Progress) -> dict[str, CaseFeatures]:
    judgments = [item for item in read(list(texts)) if isinstance(item, Judgment)]
    progress.start("train", len(judgments))
    found: dict[str, CaseFeatures] = {}
    for batch in engine.run(read_and_describe, judgments, jobs):
        found |= {features.judgment_id: features for _, features in batch if isinstance(features, CaseFeatures)}
        progress.advance(len(batch))
    return found
