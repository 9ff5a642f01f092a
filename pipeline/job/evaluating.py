"""`anjuan evaluate`: nested cross-validation of several kinds of model on the processes, kept answer by answer, into the models' cards."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import engine
from pipeline.classify import CaseFeatures
from pipeline.codebook import load as load_codebook
from pipeline.collect import read
from pipeline.job.describing import read_and_describe
from pipeline.job.progress import Progress
from pipeline.schema import AnjuanError, Judgment, Section
from pipeline.text import Document

if TYPE_CHECKING:
    from pipeline.classify.coded import Coding
    from pipeline.classify.evaluation.nested import Answer, Task
    from pipeline.classify.evaluation.study import Study

BASELINE = "rules"
_SHOWN = {"accuracy": "accuracy", "macro_f1": "macro-F1", "calibration_error": "calibration error"}
Todo = list[tuple[str, "Task"]]


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be evaluated: variables, kinds ("linear+encoded" is the average of two), repeats; processes; where answers are kept.

    `base`: the model directory that a transformer begins from.
    """

    variables: Sequence[str]
    kinds: Sequence[str]
    repeats: int
    jobs: int
    work: Path
    base: Path | None = None


@dataclass(frozen=True, slots=True)
class Described:
    """The coded texts as the models see them: features and form ("facts", "full judgment", "second instance") by judgment_id."""

    features: dict[str, CaseFeatures]
    forms: dict[str, str]
    codings: list[Coding]


def evaluate(
    texts: Sequence[Path],
    codings: Sequence[Path],
    models: Path,
    request: Request,
    progress: Progress,
    unseen: tuple[Path, Path] | None = None,
) -> dict[str, dict[str, Any]]:
    """Evaluate the kinds on the coded texts and write what is found into the cards below `models`; the cards by variable.

    `unseen`: texts and codings that neither rules nor models have seen; the final models answer them, and nothing is chosen by them.

    Raises:
        AnjuanError: a model was trained on other codings than these, or an unseen text is among those to learn from.
    """
    from pipeline.classify.card import write_evaluation

    described = _described(texts, codings, request.jobs, progress)
    held_out = _described([unseen[0]], [unseen[1]], request.jobs, progress) if unseen else None
    cards = {}
    for variable in request.variables:
        study = _study(described, variable, models)
        found = evaluated(study, request, progress, models)
        if held_out:
            found["unseen"] = _unseen(held_out, study, models / variable)
        cards[variable] = write_evaluation(models / variable, found, load_codebook().version)
    return cards


def evaluated(study: Study, request: Request, progress: Progress, models: Path) -> dict[str, Any]:
    """All answers of all kinds for one variable, those already kept and those still to be found, and what they come to."""
    from pipeline.classify.card import read_card
    from pipeline.classify.evaluation import kept, plan, report
    from pipeline.classify.evaluation.majority import MAJORITY
    from pipeline.classify.evaluation.mixing import members_of

    tasks: dict[str, list[Task]] = {MAJORITY: plan.nested_tasks(study.cases, MAJORITY, request.repeats)}
    for kind in dict.fromkeys([BASELINE, *(member for name in request.kinds for member in members_of(name))]):
        tasks[kind] = plan.all_tasks(study.cases, kind, study.whole, study.forms, request.repeats, _settings(kind, request.base))
    todo = [task for some in tasks.values() for task in some]
    keys = kept.keys(study.cases, study.variable, todo)
    answers = _answers(study, list(zip(keys, todo, strict=True)), request, progress)
    found = iter([answers[key] for key in keys])
    done = {kind: [(task, next(found)) for task in some] for kind, some in tasks.items()}
    mixtures = {kind: report.mixture(study, kind, done) for kind in request.kinds if len(members_of(kind)) > 1}
    card = read_card(models / study.variable, load_codebook().version)
    return report.report(study, done | mixtures, card["kind"])


def _settings(kind: str, base: Path | None) -> tuple[Any, ...]:
    """Settings that begin from a model directory of the user's; for other kinds none but their own."""
    if kind != "transformer" or base is None:
        return ()
    from pipeline.classify.kinds.transformer.settings import TransformerSettings

    return TransformerSettings.choices(base)


def _answers(study: Study, todo: Todo, request: Request, progress: Progress) -> dict[str, Answer]:
    from pipeline.classify.evaluation import kept

    path = request.work / f"{study.variable}.jsonl"
    request.work.mkdir(parents=True, exist_ok=True)
    answers = kept.read(path)
    progress.start(study.variable, len(todo))
    progress.advance(sum(key in answers for key, _ in todo))
    missing = {key: task for key, task in todo if key not in answers}
    with path.open("a", encoding="utf-8") as file:
        for key, row in _computed(study, missing, request.jobs):
            file.write(kept.line(key, row))
            file.flush()
            answers[key] = kept.answer_of(row)
            progress.advance(1)
    return answers


def _computed(study: Study, missing: dict[str, Task], jobs: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Keys and rows as they are finished. Each process is given the cases once."""
    if jobs <= 1 or len(missing) <= 1:
        _begin(study)
        yield from ((key, _row(task)) for key, task in missing.items())
        return
    context = multiprocessing.get_context("spawn" if multiprocessing.get_start_method() == "spawn" else "forkserver")
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=_begin_alone, initargs=(study,)) as pool:
        try:
            running = {pool.submit(_row, task): key for key, task in missing.items()}
            while running:
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    yield running.pop(future), future.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


_here: dict[str, Study] = {}  # what this process works on


def _begin(study: Study) -> None:
    _here["study"] = study


def _begin_alone(study: Study) -> None:
    """In a process of its own: one thread, for the processes are as many as the cores; interrupts are the parent's business."""
    from pipeline.classify.evaluation.nested import keep_to_one_thread

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    keep_to_one_thread()
    _begin(study)


def _row(task: Task) -> dict[str, Any]:
    from pipeline.classify.evaluation import kept, nested

    study = _here["study"]
    return kept.row(nested.answer(study.cases, study.variable, task, study.whole))


def _study(described: Described, variable: str, models: Path) -> Study:
    from pipeline.classify.card import read_card
    from pipeline.classify.coded import coded_cases, fingerprint, none_unseen
    from pipeline.classify.evaluation.study import Study
    from pipeline.classify.training import PASSAGES

    cases = coded_cases(described.codings, described.features, variable)
    none_unseen(cases)
    if read_card(models / variable, load_codebook().version)["labels"] != fingerprint(cases):
        raise AnjuanError(
            f"{models / variable} was trained on other codings than these; run `anjuan train` with the same --texts and --codings first"
        )
    whole = frozenset(case.source for case in cases) - PASSAGES
    return Study(cases, variable, whole, described.forms)


def _unseen(held_out: Described, study: Study, folder: Path) -> dict[str, Any]:
    """Scores of the final model, and of the rules, on cases that were used for nothing else."""
    from pipeline.classify.coded import coded_cases
    from pipeline.classify.evaluation.unseen import scored_unseen

    cases = coded_cases(held_out.codings, held_out.features, study.variable, fewest=0)
    return scored_unseen(study, replace(study, cases=cases, forms=held_out.forms), folder, load_codebook().version)


def _described(texts: Sequence[Path], codings: Sequence[Path], jobs: int, progress: Progress) -> Described:
    from pipeline.classify.coded import read_codings

    judgments = [item for item in read(list(texts)) if isinstance(item, Judgment)]
    progress.start("read", len(judgments))
    features, forms = {}, {}
    for batch in engine.run(_read, judgments, jobs):
        for judgment, result in batch:
            if isinstance(result, tuple):
                features[judgment.judgment_id], forms[judgment.judgment_id] = result
        progress.advance(len(batch))
    return Described(features, forms, [coding for path in codings for coding in read_codings(path)])


def _read(judgment: Judgment) -> tuple[CaseFeatures, str]:
    return read_and_describe(judgment), form(judgment)


def form(judgment: Judgment) -> str:
    """In which form a case is told: "facts" (a paragraph without heading or disposition), "full judgment" or "second instance"."""
    document = Document.of(judgment)
    have = {stretch.section for stretch in document.sections}
    if not {Section.HEADING, Section.DISPOSITION} <= have:
        return "facts"
    return "second instance" if Section.PRIOR_JUDGMENT in have or "上诉人" in judgment.text[:400] else "full judgment"


def lines(variable: str, found: dict[str, Any]) -> Iterator[str]:
    """What an evaluation came to, for the terminal: a line for each kind, and for each comparison of two."""
    part = found["headline"]
    for kind, scores in found["kinds"].items():
        row = scores["parts"][part]
        said = ", ".join(f"{name} {_with_interval(row[key])}" for key, name in _SHOWN.items())
        yield f"{variable}, {part}, {kind}: {row['n']} cases, {said}"
    for row in found["comparisons"]:
        if row["part"] == part:
            yield f"{variable}, {part}, {row['kind']} over {row['against']}: macro-F1 gained {_with_interval(row['macro_f1'])}"
    for kind, row in found.get("unseen", {}).items():
        if kind not in ("gain", "line"):
            yield f"{variable}, unseen, {kind}: {row['n']} cases, macro-F1 {_with_interval(row['macro_f1'])}"


def _with_interval(row: dict[str, float]) -> str:
    return "{score:.3f} ({low:.3f} to {high:.3f})".format(**row)
