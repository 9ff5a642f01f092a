"""Published figures beside those of a database, with intervals and a test of each difference."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, replace

from pipeline.analyse.statistics import phrases
from pipeline.analyse.statistics.association import Association, association, untested
from pipeline.analyse.statistics.correction import corrected
from pipeline.analyse.statistics.intervals import Difference, Interval, difference, interval
from pipeline.analyse.studies import Figure, StudyFile
from pipeline.analyse.studies.counting import Count, Counter
from pipeline.analyse.tables import TOTAL
from pipeline.codebook import Term

NOT_MEASURED = Term("not_measured", "数据库中没有对应变量", "the database has no such variable")
NOT_PRINTED = Term("not_printed", "研究的分母不详", "it is not known of how many the study's share is")
NO_DATA = Term("no_data", "数据库中没有已记录的案件", "the database has no case with a value")


@dataclass(frozen=True, slots=True)
class Comparison:
    """One published figure and ours. Where `test` says why there is none, the difference is None, and so is an interval that would err."""

    figure: Figure
    ours: Count | None
    published_interval: Interval | None
    our_interval: Interval | None
    difference: Difference | None
    test: Association


@dataclass(frozen=True, slots=True)
class Compared:
    """A study beside a database. `answers`: whose the attack types here are (keys of `wording.ANSWERS`), and of how many cases."""

    study: StudyFile
    once: bool
    rows: tuple[Comparison, ...]
    answers: Mapping[str, int]


def compare(connection: sqlite3.Connection, study: StudyFile, once: bool = False) -> Compared:
    """Set every figure of `study` beside the same count over an open database; p values are corrected over all of them (Holm).

    Study and database are taken for independent samples: the table of two by two is tested by Fisher's exact test or chi-square, by its
    expected counts; the difference (ours less theirs) has Newcombe's interval. AnjuanError for a variable that the database lacks.
    """
    counter = Counter(connection, once)
    found = [_compared(figure, counter.count(figure)) for figure in study.figures]
    tests = corrected({number: comparison.test for number, comparison in enumerate(found)})
    rows = tuple(replace(comparison, test=tests[number]) for number, comparison in enumerate(found))
    return Compared(study, once, rows, counter.answers)


def _compared(figure: Figure, ours: Count | None) -> Comparison:
    independent = not _is_total(figure) and not (ours and ours.nested)
    theirs = interval(figure.n, figure.of) if independent and figure.n is not None and figure.of else None
    mine = interval(ours.n, ours.of) if independent and ours else None
    why = _untestable(figure, ours)
    if why or ours is None or figure.n is None or not figure.of:
        return Comparison(figure, ours, theirs, mine, None, untested(why or NOT_PRINTED))
    test = association([[ours.n, figure.n], [ours.of - ours.n, figure.of - figure.n]])
    return Comparison(figure, ours, theirs, mine, difference(ours.n, ours.of, figure.n, figure.of), test)


def _is_total(figure: Figure) -> bool:
    return figure.measure is not None and figure.measure.line == "cases" and figure.type == TOTAL.name


def _untestable(figure: Figure, ours: Count | None) -> Term | None:
    """Why two shares cannot be compared by a test."""
    if _is_total(figure):
        return phrases.A_TOTAL
    if ours is None:
        return NOT_MEASURED
    if ours.nested:
        return phrases.DEPENDENT
    if not figure.of:
        return NOT_PRINTED
    return None if ours.of else NO_DATA
