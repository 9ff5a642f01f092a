"""From the answers to all tasks to what the card says: scores of each kind, comparisons, learning curve, shifts, known failures."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.classify.evaluation.folds import in_columns
from pipeline.classify.evaluation.majority import MAJORITY
from pipeline.classify.evaluation.measures import OVERALL, gain
from pipeline.classify.evaluation.mixing import members_of, mixed
from pipeline.classify.evaluation.nested import INNER_FOLDS, Answer, Task
from pipeline.classify.evaluation.plan import OUTER_FOLDS
from pipeline.classify.evaluation.study import WHOLE, Done, Study, assembled, pooled
from pipeline.classify.evaluation.tally import DRAWS, Sums
from pipeline.classify.model import SEED

MOST_FAILURES = 6
WANTED_PRECISION = 0.85  # of a screening
THRESHOLDS = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


def report(study: Study, done: Mapping[str, Done], default: str) -> dict[str, Any]:
    """The evaluation as a card keeps it. `done`: the tasks of each kind with their answers; `default`: the kind that the model is of."""
    nested = {kind: assembled(study, tasks) for kind, tasks in done.items()}
    best = default if default in nested else list(nested)[-1]
    found: dict[str, Any] = {
        "design": _design(study, nested),
        "headline": study.headline,
        "shown": best,
        "kinds": {kind: _scores(study, answers) | {"settings": _settings(done[kind])} for kind, answers in nested.items()},
        "comparisons": _comparisons(study, nested),
        "curve": {kind: points for kind, tasks in done.items() if (points := _curve(study, tasks))},
        "shifts": _shifts(study, done),
        "failures": _failures(study, nested[best]),
    }
    if study.variable == "in_scope":
        found["screening"] = _screening(study, nested[best])
    return found


def mixture(study: Study, kind: str, done: Mapping[str, Done]) -> Done:
    """The answers of an average of kinds ("linear+encoded") to the tasks of its members in which settings were chosen."""
    members = members_of(kind)
    by_name = [{task.name: answer for task, answer in done[member]} for member in members]
    rows = []
    for task, _ in done[members[0]]:
        if task.choose and all(task.name in answers for answers in by_name):
            learnt = [study.cases[i] for i in task.learnt]
            answer = mixed(learnt, members, [answers[task.name] for answers in by_name], study.whole)
            rows.append((replace(task, kind=kind), answer))
    return rows


def _design(study: Study, nested: Mapping[str, Sums]) -> dict[str, Any]:
    repeats = len(next(iter(nested.values())))
    return {
        "outer_folds": OUTER_FOLDS,
        "repeats": repeats,
        "inner_folds": INNER_FOLDS,
        "draws": DRAWS,
        "seed": SEED,
        "chosen_by": f"macro-F1 on whole texts ({', '.join(sorted(study.whole))})",
    }


def _scores(study: Study, answers: Sums) -> dict[str, Any]:
    """Everything for whole texts and their sources; for their forms and other sources only the scores over all classes."""
    rows = {}
    for name, places in study.parts().items():
        row = study.scored(places, answers[:, places])
        rows[name] = row if name in study.whole | {WHOLE} else {k: row[k] for k in ("n", "groups", *OVERALL)}
    return {"parts": rows}


def _settings(tasks: Done) -> list[dict[str, Any]]:
    """Which settings the inner loops chose, and how often."""
    nested = [answer.settings for task, answer in tasks if task.name.startswith("nested ")]
    named = [settings | ({"base": Path(settings["base"]).name} if "base" in settings else {}) for settings in nested]
    counts = Counter(json.dumps(settings, sort_keys=True) for settings in named)
    return [{"times": n, "settings": json.loads(settings)} for settings, n in counts.most_common()]


def _comparisons(study: Study, nested: Mapping[str, Sums]) -> list[dict[str, Any]]:
    """Each kind against each that was named before it, the majority apart, on the headline's cases and on all whole texts."""
    parts, kinds = study.parts(), [kind for kind in nested if kind != MAJORITY]
    rows = []
    for part in dict.fromkeys((study.headline, WHOLE)):
        chosen = [study.cases[i] for i in parts.get(part, ())]
        values, groups = [case.value for case in chosen], [case.group for case in chosen]
        for place, theirs in enumerate(kinds):
            for ours in kinds[place + 1 :] if chosen else ():
                better, worse = (nested[kind][:, parts[part]] for kind in (ours, theirs))
                rows.append({"part": part, "kind": ours, "against": theirs} | gain(values, groups, better, worse, study.classes))
    return rows


def _curve(study: Study, tasks: Done) -> list[dict[str, Any]]:
    """Scores by number of coded whole texts, with and without the short passages beside them."""
    points: dict[tuple[str, int], list[tuple[Task, Answer]]] = {}
    for task, answer in tasks:
        if task.name.startswith("curve "):
            _, how, step, _ = task.name.split()
            points.setdefault((how, int(step)), []).append((task, answer))
    rows = []
    for (how, _), members in sorted(points.items()):
        scores = pooled(study, members)
        texts = np.mean([sum(study.cases[i].source in study.whole for i in task.learnt) for task, _ in members])
        rows.append({"passages": how == "with", "n": round(float(texts)), "macro_f1": scores["macro_f1"], "accuracy": scores["accuracy"]})
    return rows


def _shifts(study: Study, done: Mapping[str, Done]) -> list[dict[str, Any]]:
    """Scores of models that learnt from other sources or forms than they were asked about."""
    rows = []
    for kind, tasks in done.items():
        for task, answer in tasks:
            if task.name.startswith("shift "):
                found = study.scored(task.asked, in_columns(answer.calibrated, answer.classes, study.classes)[None])
                row = {"shift": task.name.removeprefix("shift "), "kind": kind, "learnt": len(task.learnt)}
                rows.append(row | {name: found[name] for name in ("n", *OVERALL)})
    return sorted(rows, key=lambda row: str(row["shift"]))


def _failures(study: Study, answers: Sums) -> list[dict[str, Any]]:
    """The largest confusions in whole texts: coded as, answered as, how many (mean over the repeats), of how many."""
    places = study.parts().get(WHOLE) or list(range(len(study.cases)))
    confusion = np.array(study.scored(places, answers[:, places])["confusion"])
    pairs = [(a, b) for a in range(len(confusion)) for b in range(len(confusion)) if a != b and confusion[a, b] >= 1]
    pairs.sort(key=lambda pair: (-confusion[pair], pair))
    return [
        {"coded": study.classes[a], "answered": study.classes[b], "n": float(confusion[a, b]), "of": float(confusion[a].sum().round())}
        for a, b in pairs[:MOST_FAILURES]
    ]


def _screening(study: Study, answers: Sums) -> dict[str, Any]:
    """Recall and precision of the cases in scope where those are kept whose probability reaches a threshold."""
    places = study.parts().get(WHOLE) or list(range(len(study.cases)))
    stated = answers[:, places, study.classes.index("1")]
    truth = np.array([study.cases[i].value == "1" for i in places])
    rows = [kept_by(threshold, stated, truth) for threshold in THRESHOLDS]
    fitting = [kept_by(float(t), stated, truth) for t in np.unique(np.round(stated[:, truth], 3))]
    kept = [row for row in fitting if row["precision"] >= WANTED_PRECISION]
    return {"thresholds": rows, "best": max(kept, key=lambda row: (row["recall"], row["threshold"]), default=None)}


def kept_by(threshold: float, stated: Sums, truth: Any) -> dict[str, float]:
    """Recall and precision of the answers of shape (repeats, cases) that reach a threshold."""
    kept = stated >= threshold
    right = (kept & truth).sum()
    return {
        "threshold": threshold,
        "recall": round(float(right / (truth.sum() * len(stated))), 3),
        "precision": round(float(right / max(kept.sum(), 1)), 3),
    }
