"""Earlier criminal convictions of each defendant: in the heading's paragraph, or told of this person elsewhere."""

from __future__ import annotations

import re

from pipeline.extract.accused.names import MASKED
from pipeline.extract.case import Case, Defendant
from pipeline.extract.engine.matching import Match, find
from pipeline.extract.engine.rules import load_rules

_OTHERS = re.compile(r"同案|被害人|证人|另案|已判(?:决|刑|处)?）|辩护人|原告人|同伙")
_ALL = re.compile(r"(?:[二两三四五六七八九十]|各|全体|上述)(?:名)?被告人|均|分别")


_OF_PARAGRAPH = {"prior_record.sentenced", "prior_record.served", "prior_record.of_record"}
_ONLY_IN_PARAGRAPH = {"prior_record.sentenced", "prior_record.served"}  # elsewhere it is the sentence appealed against
_FIRST_INSTANCE_ONLY = {"prior_record.dated"}
_PERSON = re.compile(MASKED)
_RETRIAL = re.compile(r"再审|刑再|申诉人|抗字")


def convictions(case: Case) -> dict[int, Match]:
    """The first words that state an earlier conviction, by the number of the defendant."""
    rules = load_rules("prior_record").rules
    stated: dict[int, Match] = {}
    own = [rule for rule in rules if rule.id in _OF_PARAGRAPH]
    paragraphs = sorted({(person.start, person.end) for person in case.defendants})
    for match in find(own, case.document, paragraphs):
        for person in case.defendants:
            if person.start <= match.start < person.end and person.n not in stated and not _of_this_case(case, person, match):
                stated[person.n] = match
    if len(stated) < len(case.defendants):
        excluded = _ONLY_IN_PARAGRAPH | (_FIRST_INSTANCE_ONLY if case.document.appeal else set())
        elsewhere = [rule for rule in rules if rule.id not in excluded]
        for match in find(elsewhere, case.document):
            for n in _told_of(case, match):
                stated.setdefault(n, match)
    return stated


def _of_this_case(case: Case, person: Defendant, match: Match) -> bool:
    """Whether a retrial's heading tells the sentence now tried again: it stands after the arrest in this case."""
    view = case.document.view
    return bool(_RETRIAL.search(view[:1500]) and re.search(r"涉嫌|本案", view[person.start : match.end]) and "曾" not in match.found[0])


def _told_of(case: Case, match: Match) -> list[int]:
    """Numbers of the defendants of whom the sentence tells it; none when it is about somebody else or nobody knows whom."""
    view = case.document.view
    if any(person.start <= match.start < person.end for person in case.defendants):
        return []
    start, _ = case.document.sentence_at(match.start)
    before = view[start : match.end]
    named = [(at, person) for person in case.defendants if (at := _last(before, person)) >= 0]
    if not named:
        return [case.defendants[0].n] if len(case.defendants) == 1 and _of_only_one(view, start, match) else []
    if _of_bystander(case, view[case.document.clause_at(match.start)[0] : match.end]):
        return []
    nearest = max(at for at, _ in named)
    if _OTHERS.search(before, nearest) and not re.search(r"被告人|上诉人", before[nearest:]):
        return []
    if _ALL.search(before, nearest):
        return [person.n for at, person in named if before[at:nearest].count("，") < 2]
    return _joined(before, sorted(named, key=lambda row: -row[0]))


def _of_bystander(case: Case, clause: str) -> bool:
    """Whether the clause names somebody else and no defendant."""
    own = {name for person in case.defendants for name in person.names}
    named = {m[0] for m in _PERSON.finditer(clause)}
    return bool(named) and not any(name in clause for name in own)


def _joined(before: str, named: list[tuple[int, Defendant]]) -> list[int]:
    """The person named last, with those to whom the name is joined (被告人张某、李某因…)."""
    numbers, follows = [named[0][1].n], named[0][0]
    for at, person in named[1:]:
        name = next(n for n in person.names if before.startswith(n, at))
        if not re.fullmatch(r"(?:、|和|及|与|以及)?(?:被告人)?", before[at + len(name) : follows]):
            break
        numbers.append(person.n)
        follows = at
    return numbers


def _of_only_one(view: str, start: int, match: Match) -> bool:
    """Whether a sentence without a name speaks of the only defendant."""
    return bool(re.search(r"被告人|上诉人|其|该|系累犯|释放", view[start : match.end])) and not _OTHERS.search(view[start : match.end])


def _last(text: str, person: Defendant) -> int:
    return max(text.rfind(name) for name in person.names)
