"""The stages over a database: extract, screen, classify. Each does only what is pending, saves batch by batch, and can be interrupted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline import engine
from pipeline.classify import CaseFeatures
from pipeline.codebook import load as load_codebook
from pipeline.extract import extract as extract_labels
from pipeline.job import fingerprints
from pipeline.job.describing import read_and_describe
from pipeline.job.progress import Progress
from pipeline.resources import shipped
from pipeline.schema import AnjuanError, Judgment, RecordError
from pipeline.store import Answer, Rejected, Store

if TYPE_CHECKING:
    from pipeline.classify.prediction import Prediction

BY_EXTRACTION = {"rules", "defence"}
LEAST_KEPT = 0.005  # probability of a value that is worth a row


@dataclass
class StageCounts:
    """What a stage came to; `failed` holds the judgments that it could not do, each with the reason."""

    done: int = 0
    failed: list[tuple[Judgment, RecordError]] = field(default_factory=list)

    @property
    def line(self) -> str:
        """What was done, for people."""
        return f"{self.done} judgments done"


def extract(store: Store, run_id: int, jobs: int, progress: Progress) -> StageCounts:
    """Run the rules over every judgment that they have not seen in their present form."""
    stage, fingerprint, counts = "extract", fingerprints.extraction(), StageCounts()
    progress.start(stage, store.count_pending(stage, fingerprint))
    for batch in engine.run(extract_labels, store.pending(stage, fingerprint), jobs):
        said = [(judgment.judgment_id, labels) for judgment, labels in batch if not isinstance(labels, RecordError)]
        store.replace_labels(stage, fingerprint, BY_EXTRACTION, said, load_codebook().version)
        counts.done += len(said)
        counts.failed += [(judgment, labels) for judgment, labels in batch if isinstance(labels, RecordError)]
        progress.advance(len(batch))
    _log_failed(store, run_id, counts)
    return counts


def screen(store: Store, run_id: int, jobs: int, progress: Progress) -> StageCounts:
    """Ask the screening model which judgments are in scope."""
    return _predict(store, run_id, jobs, progress, (_screening(),))


def classify(store: Store, run_id: int, jobs: int, progress: Progress) -> StageCounts:
    """Ask for attack type, cause, motive and relation of every judgment, for a person may put one in scope that the model left out."""
    return _predict(store, run_id, jobs, progress, (_classification(),))


def screen_and_classify(store: Store, run_id: int, jobs: int, progress: Progress) -> StageCounts:
    """Both, reading each text once."""
    return _predict(store, run_id, jobs, progress, (_screening(), _classification()))


@dataclass(frozen=True, slots=True)
class _Questions:
    """What a stage asks of the models: its name, its fingerprint, and the variables, which are saved together or not at all."""

    stage: str
    fingerprint: str
    variables: tuple[str, ...]


def _screening() -> _Questions:
    return _Questions("screen", fingerprints.screening(), ("in_scope",))


def _classification() -> _Questions:
    return _Questions("classify", fingerprints.classification(), fingerprints.DESCRIBED)


def _predict(store: Store, run_id: int, jobs: int, progress: Progress, stages: tuple[_Questions, ...]) -> StageCounts:
    """Do the stages for every judgment for which the last of them is pending; a judgment that fails stays pending."""
    counts, last = StageCounts(), stages[-1]
    progress.start(last.stage, pending := store.count_pending(last.stage, last.fingerprint))
    if not pending:
        return counts
    from pipeline.classify.prediction import Predictor

    version = load_codebook().version
    predictors = {v: Predictor.load(shipped(f"models/{v}"), version) for questions in stages for v in questions.variables}
    for batch in engine.run(read_and_describe, _extracted(store, last), jobs):
        described = [features for _, features in batch if isinstance(features, CaseFeatures)]
        for questions in stages:
            _save(store, questions, described, [predictors[v].predict(described) for v in questions.variables])
        counts.done += len(described)
        counts.failed += [(judgment, error) for judgment, error in batch if isinstance(error, RecordError)]
        progress.advance(len(batch))
    _log_failed(store, run_id, counts)
    return counts


def _save(store: Store, questions: _Questions, cases: list[CaseFeatures], predictions: list[list[Prediction]]) -> None:
    """Write the answers to all questions of a stage; the model's two voices, seen and unseen texts, replace each other."""
    from pipeline.classify.prediction import VOICES

    of_case = {case.judgment_id: answers for case, *answers in zip(cases, *predictions, strict=True)}
    said = [(judgment_id, [prediction.label for prediction in answers]) for judgment_id, answers in of_case.items()]
    sets = {judgment_id: [answer for p in answers for answer in _answers(p)] for judgment_id, answers in of_case.items()}
    version, variables = load_codebook().version, set(questions.variables)
    store.replace_labels(questions.stage, questions.fingerprint, set(VOICES), said, version, variables, sets)


def _answers(prediction: Prediction) -> Iterator[Answer]:
    """The values worth a row: those that stay possible, and those that are not next to impossible."""
    for value, probability in prediction.probabilities.items():
        if value in prediction.possible or probability >= LEAST_KEPT:
            yield Answer(prediction.label.variable, value, probability, value in prediction.possible, prediction.label.by)


def _extracted(store: Store, questions: _Questions) -> Iterator[Judgment]:
    """The judgments that are pending and have been extracted; the others stay pending, for their answers would stand beside nothing."""
    unread = {judgment.judgment_id for judgment in store.pending("extract", fingerprints.extraction())}
    if unread and len(unread) == store.count():
        raise AnjuanError(
            f"{store.path}: no judgment has been extracted with the present rules; run `anjuan extract --db {store.path}` first"
        )
    yield from (judgment for judgment in store.pending(questions.stage, questions.fingerprint) if judgment.judgment_id not in unread)


def _log_failed(store: Store, run_id: int, counts: StageCounts) -> None:
    rows: Iterable[Rejected] = [Rejected(j.path or j.source_id, j.judgment_id, error.reason, error.detail) for j, error in counts.failed]
    store.log_rejected(run_id, rows)
