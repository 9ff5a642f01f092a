"""What the defence pleads: in its own part of the judgment, or as the court's reasons report and answer it.

A claim decides no value. Its labels are told by "defence", with the court's answer in each span: True where it accepts the plea, False
where it rejects it, None where it says neither.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from pipeline.extract.case import Case
from pipeline.extract.decision.reading import CITED, MOST_SPANS, Reading
from pipeline.extract.engine.matching import Match
from pipeline.schema import Label, Section, Span, Speaker


def claim_labels(case: Case, reading: Reading, of_defendants: Iterable[str], of_case: Iterable[str]) -> list[Label]:
    """Labels '1' by "defence" for the defendants for whom it is pleaded, and of the case."""
    labels: list[Label] = []
    for variable in of_defendants:
        claimed: dict[int, list[Match]] = defaultdict(list)
        for match in _claims(reading, variable):
            for n in reading.subjects.at(match.end - 1):
                claimed[n].append(match)
        labels += [_label(reading, d.unit, variable, claimed[d.n]) for d in case.defendants if d.n in claimed]
    for variable in of_case:
        if matches := _claims(reading, variable):
            labels.append(_label(reading, "case", variable, matches))
    return labels


def _claims(reading: Reading, variable: str) -> list[Match]:
    """Matches that affirm the circumstance in the defence's mouth."""
    return [m for m in reading.matches(variable) if m.rule.value == "1" and not m.rule.id.endswith(CITED) and _pleaded(reading, m)]


def _pleaded(reading: Reading, match: Match) -> bool:
    in_own_part = reading.document.section_at(match.start) is Section.DEFENCE
    return in_own_part or reading.voice.pleaded(match.start)


def _label(reading: Reading, unit: str, variable: str, matches: list[Match]) -> Label:
    """The label with its spans, those that the court answers first."""
    spans = sorted({_span(reading, m) for m in matches}, key=lambda span: (span.accepted is None, span.start, span.end, span.rule))
    return Label(unit, variable, "1", by="defence", spans=tuple(spans[:MOST_SPANS]))


def _span(reading: Reading, match: Match) -> Span:
    return replace(match.span(reading.document), speaker=Speaker.DEFENCE, accepted=reading.voice.answer(match.start))
