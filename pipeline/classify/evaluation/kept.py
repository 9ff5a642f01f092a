"""Answers kept as JSON Lines: an evaluation that was interrupted goes on, and one that is asked again computes only what has changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.classify.coded import CodedCase
from pipeline.classify.evaluation.majority import MAJORITY, Majority
from pipeline.classify.evaluation.nested import INNER_FOLDS, Answer, Task, settings_of
from pipeline.classify.kinds import kind_of_model
from pipeline.classify.model import SEED

DIGITS = 6  # of a kept probability; fresh answers are rounded as well, so that a resumed evaluation says the same
_READS = ("features", "typology", "calibration", "evaluation.nested", "evaluation.folds", "evaluation.tally", "evaluation.measures")


def keys(cases: Sequence[CodedCase], variable: str, tasks: Iterable[Task]) -> list[str]:
    """For each task a hash of all that decides its answer: cases as described and coded, kind, settings and code (16 hexadecimal digits)."""
    described = [hashlib.blake2b(repr((case.features, case.value, case.group, case.source)).encode(), digest_size=8) for case in cases]
    digests = [digest.hexdigest() for digest in described]
    return [_key(variable, task, [digests[i] for i in task.learnt], [digests[i] for i in task.asked]) for task in tasks]


def _key(variable: str, task: Task, learnt: list[str], asked: list[str]) -> str:
    choices = [repr(settings) for settings in settings_of(task, variable)]
    said = [variable, task.kind, choices, task.choose, INNER_FOLDS, SEED, _code(task.kind), learnt, asked]
    return hashlib.blake2b(json.dumps(said).encode(), digest_size=8).hexdigest()


def row(answer: Answer) -> dict[str, Any]:
    """An answer as it is written."""
    inner = None if answer.inner is None else np.round(answer.inner, DIGITS).tolist()
    kept = {"classes": answer.classes, "settings": answer.settings, "temperature": answer.temperature}
    return kept | {"probabilities": np.round(answer.probabilities, DIGITS).tolist(), "inner": inner}


def answer_of(kept: dict[str, Any]) -> Answer:
    """An answer as it was written."""
    inner = None if kept["inner"] is None else np.array(kept["inner"])
    return Answer(kept["classes"], kept["settings"], kept["temperature"], np.array(kept["probabilities"]), inner)


def read(path: Path) -> dict[str, Answer]:
    """Answers by key; lines that an interruption cut off are passed over, and so done again."""
    answers = {}
    for line in path.read_text("utf-8").splitlines() if path.exists() else ():
        try:
            kept = json.loads(line)
            answers[kept["key"]] = answer_of(kept)
        except (ValueError, KeyError, TypeError):
            continue
    return answers


def line(key: str, row: dict[str, Any]) -> str:
    """A row with its key. A line break comes first too, so that a line which was cut off spoils no other."""
    return "\n" + json.dumps({"key": key} | row) + "\n"


@cache
def _code(kind: str) -> str:
    """Hash of the code that turns a described case into an answer: what all kinds share, and the kind's own module or package."""
    module = Majority.__module__ if kind == MAJORITY else kind_of_model(kind).__module__
    shared = [_file(f"pipeline.classify.{name}") for name in _READS]
    own = _file(module)
    package = own.parent.name != "kinds" and kind != MAJORITY
    files = [*shared, *(sorted(own.parent.glob("*.py")) if package else [own])]
    return hashlib.blake2b(b"".join(file.read_bytes() for file in files), digest_size=8).hexdigest()


def _file(module: str) -> Path:
    return Path(str(import_module(module).__file__))
