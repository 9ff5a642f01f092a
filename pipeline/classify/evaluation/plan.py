"""What an evaluation asks: the tasks of nested cross-validation, of the learning curve, and of training on some texts and testing on others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from pipeline.classify.coded import CodedCase
from pipeline.classify.evaluation.folds import by_source_and_value, folds
from pipeline.classify.evaluation.nested import Task
from pipeline.classify.model import SEED

OUTER_FOLDS = 5
REPEATS = 3
SIZES = 8  # points of a learning curve
FEWEST_ASKED = 10  # a shift that leaves fewer cases to learn from or to answer says nothing
WITH_CURVE = frozenset({"linear"})  # learns, and in a second
FACTS = "facts"  # the form of a text that is no whole judgment: a paragraph of facts


def all_tasks(
    cases: Sequence[CodedCase],
    kind: str,
    whole: frozenset[str],
    forms: Mapping[str, str],
    repeats: int = REPEATS,
    settings: tuple[Any, ...] = (),
) -> list[Task]:
    """Everything that is asked of one kind; `settings`: those to choose among, where they are not the kind's own. Others have no learning curve: rules learn nothing."""
    curve = curve_tasks(cases, kind, whole, repeats) if kind in WITH_CURVE else []
    tasks = [*nested_tasks(cases, kind, repeats), *curve, *shift_tasks(cases, kind, whole, forms)]
    return [replace(task, settings=settings) for task in tasks] if settings else tasks


def nested_tasks(cases: Sequence[CodedCase], kind: str, repeats: int = REPEATS) -> list[Task]:
    """Outer folds of repeated nested cross-validation: every case is answered once in each repeat."""
    return [
        Task(f"nested {repeat}.{fold}", kind, _tuple(learnt), _tuple(asked))
        for repeat in range(repeats)
        for fold, (learnt, asked) in enumerate(outer_folds(cases, repeat))
    ]


def outer_folds(cases: Sequence[CodedCase], repeat: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Folds of one repeat, the same for every kind, so that kinds can be compared in pairs."""
    return list(folds(cases, OUTER_FOLDS, SEED + repeat, by_source_and_value(cases, OUTER_FOLDS)))


def curve_tasks(cases: Sequence[CodedCase], kind: str, whole: frozenset[str], repeats: int = REPEATS) -> list[Task]:
    """More and more whole texts to learn from, with and without the short passages, answering the whole texts of the outer fold.

    Default settings, for the curve compares amounts of cases and not settings. A smaller sample is part of every larger one.
    """
    tasks = []
    for repeat in range(repeats):
        for fold, (learnt, asked) in enumerate(outer_folds(cases, repeat)):
            wanted = tuple(int(i) for i in asked if cases[i].source in whole)
            order = _by_group(cases, [int(i) for i in learnt if cases[i].source in whole], SEED + repeat)
            passages = tuple(int(i) for i in learnt if cases[i].source not in whole)
            for step in range(1, SIZES + 1):
                taken = tuple(sorted(order[: round(len(order) * step / SIZES)]))
                if wanted and len({cases[i].value for i in taken}) > 1:
                    tasks.append(Task(f"curve alone {step} {repeat}.{fold}", kind, taken, wanted, choose=False))
                    if passages:
                        tasks.append(Task(f"curve with {step} {repeat}.{fold}", kind, (*taken, *passages), wanted, choose=False))
    return tasks


def shift_tasks(cases: Sequence[CodedCase], kind: str, whole: frozenset[str], forms: Mapping[str, str]) -> list[Task]:
    """Learn from some sources or forms and answer others; a group never stands on both sides."""
    return [
        Task(f"shift {name}", kind, learnt, asked)
        for name, learnt, asked in _shifts(cases, whole, forms)
        if len(asked) >= FEWEST_ASKED and len(learnt) >= FEWEST_ASKED and len({cases[i].value for i in learnt}) > 1
    ]


def _shifts(
    cases: Sequence[CodedCase], whole: frozenset[str], forms: Mapping[str, str]
) -> Iterator[tuple[str, tuple[int, ...], tuple[int, ...]]]:
    places = range(len(cases))
    form = {i: forms.get(case.features.judgment_id, "") for i, case in enumerate(cases)}
    asked_by_name: dict[str, list[int]] = {}
    for source in dict.fromkeys(case.source for case in cases if case.source in whole):
        asked_by_name[f"everything but {source} -> {source}"] = [i for i in places if cases[i].source == source]
    counted = [i for i in places if cases[i].source in whole]
    if any(form.values()):
        asked_by_name["fact paragraphs and passages -> full judgments"] = [i for i in counted if form[i] not in ("", FACTS)]
        asked_by_name["full judgments and passages -> fact paragraphs"] = [i for i in counted if form[i] == FACTS]
    asked_by_name["short passages -> whole texts"] = counted
    for name, asked in asked_by_name.items():
        groups = {cases[i].group for i in asked}
        yield name, tuple(i for i in places if cases[i].group not in groups), tuple(asked)


def _by_group(cases: Sequence[CodedCase], places: Sequence[int], seed: int) -> list[int]:
    """The places in random order, group by group; one group of each value comes first, so that small samples know every value."""
    groups: dict[str, list[int]] = {}
    for i in places:
        groups.setdefault(cases[i].group, []).append(i)
    names = list(groups)
    shuffled = [groups[names[i]] for i in np.random.default_rng(seed).permutation(len(names))]
    first = {cases[members[0]].value: n for n, members in reversed(list(enumerate(shuffled)))}
    ahead = sorted(first.values())
    rest = [n for n in range(len(shuffled)) if n not in set(ahead)]
    return [i for n in (*ahead, *rest) for i in shuffled[n]]


def _tuple(places: np.ndarray) -> tuple[int, ...]:
    return tuple(int(i) for i in places)
