"""Describes a case to the classifiers: what the rules extract from the acts as told, how often the cues occur, and the masked passages.

Types must come from the facts: the court's view, the verdict, the sentence and the names of charges are taken out first, and the
variables are extracted again from the rest, so that no feature can depend on them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache

from pipeline.classify import CaseFeatures, passages
from pipeline.extract import read_case
from pipeline.extract.act.alcohol import alcohol_labels
from pipeline.extract.act.mental import mental_labels
from pipeline.extract.act.weapon import weapon_labels
from pipeline.extract.case import Case
from pipeline.extract.decision.charges import names
from pipeline.extract.harm.victims import victim_labels
from pipeline.extract.reason.cause import cause_labels
from pipeline.extract.reason.channels import channel_labels
from pipeline.extract.reason.cues import cue_counts, story
from pipeline.extract.reason.motive import motive_labels
from pipeline.extract.reason.relation import relation_labels, relation_weights
from pipeline.extract.reason.scope import scope_cues
from pipeline.schema import Judgment, Label, Section
from pipeline.text import Document, Stretch

_BEGINS, _ENDS = "本院认为，", "判决如下："
_CRIME = re.compile("罪")
_DECIDED = frozenset({Section.COURT_VIEW, Section.DISPOSITION, Section.CLOSING, Section.STATUTE})
_DESCRIBING: tuple[Callable[[Case], list[Label]], ...] = (
    victim_labels,
    weapon_labels,
    alcohol_labels,
    mental_labels,
    cause_labels,
    motive_labels,
    relation_labels,
    channel_labels,
)


def read_and_describe(judgment: Judgment) -> CaseFeatures:
    """Features of a judgment, from what it tells before the court decides."""
    case = read_case(without_decision(judgment))
    labels = tuple(label for extractor in _DESCRIBING for label in extractor(case) if label.by == "rules")
    attack = next(iter(story(case).attacks), None)
    cues = {**cue_counts(case), **scope_cues(case), **relation_weights(case)}
    sentences = passages(case.document, attack, _names(case, labels))
    return CaseFeatures(judgment.judgment_id, labels, cues, "".join(text for text, _ in sentences), sentences)


def _names(case: Case, labels: tuple[Label, ...]) -> set[str]:
    """Every name of a defendant or victim, two characters or more: a single one could be part of any word."""
    victims = {label.value for label in labels if label.unit.startswith("victim:") and label.variable == "name"}
    return {name for name in victims.union(*(d.names for d in case.defendants)) if len(name) > 1}


def without_decision(judgment: Judgment) -> Judgment:
    """The judgment with blanks for what the court decides, and every charge called 某罪; offsets stay true.

    Of the court's view the words stay with which it begins and ends, of a charge that it is one: by them sections are told apart. A text
    that tells nothing but what the court decides keeps it.
    """
    document = Document.of(judgment)
    decided = [s for s in document.sections if s.section in _DECIDED]
    masks = {(s.start, s.end): _frame(s) for s in decided} if len(decided) < len(document.sections) else {}
    text = judgment.text
    for (start, end), mask in [*masks.items(), *((place, "某罪") for place in _charges(document.view))]:
        span = document.span(start, end)
        text = f"{text[: span.start]}{mask:{span.end - span.start}}{text[span.end :]}"
    return replace(judgment, text=text.rstrip())


def _frame(stretch: Stretch) -> str:
    """What stays of a stretch in which the court decides."""
    room = stretch.end - stretch.start - len(_BEGINS) - len(_ENDS)
    return f"{_BEGINS}{' ' * room}{_ENDS}" if stretch.section is Section.COURT_VIEW and room >= 0 else ""


def _charges(view: str) -> Iterator[tuple[int, int]]:
    """(start, end) of every charge by its name: 盗窃、抢劫罪. The words alone, without 罪, tell an act and stay."""
    for crime in _CRIME.finditer(view):
        start = crime.start()
        while name := _name_before(view, start):
            start -= len(name)
            if view[start - 1 : start] != "、":
                break
            start -= 1
        if start < crime.start():
            yield start, crime.end()


def _name_before(view: str, end: int) -> str:
    """The longest listed crime that ends at the place; '' when there is none."""
    lengths = range(min(_longest(), end), 1, -1)
    return next((view[end - n : end] for n in lengths if view[end - n : end] in names()), "")


@cache
def _longest() -> int:
    return max(map(len, names()))
