"""Earlier criminal convictions of each defendant: in the heading's paragraph, or told of this person elsewhere."""

from __future__ import annotations

import re

from pipeline.extract.case import Case, Defendant
from pipeline.extract.matching import Match, find
from pipeline.extract.rules import load_rules

_OTHERS = re.compile(r"同案|被害人|证人|另案|已判(?:决|刑|处)?）|辩护人|原告人|同伙")
_ALL = re.compile(r"(?:[二两三四五六七八九十]|各|全体|上述)(?:名)?被告人|均|分别")


def convictions(case: Case) -> dict[int, Match]:
    """The first words that state an earlier conviction, by the number of the defendant."""
    rules = load_rules("prior_record").rules
    stated: dict[int, Match] = {}
    for person in case.defendants:
        for match in find(
            [r for r in rules if r.id in ("prior_record.sentenced", "prior_record.served")], case.document, [(person.start, person.end)]
        ):
            stated.setdefault(person.n, match)
    if len(stated) < len(case.defendants):
        for match in find(rules, case.document):
            for n in _told_of(case, match):
                stated.setdefault(n, match)
    return stated


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
    nearest = max(at for at, _ in named)
    if _OTHERS.search(before, nearest) and not re.search(r"被告人|上诉人", before[nearest:]):
        return []
    if _ALL.search(before, nearest):
        return [person.n for at, person in named if before[at:nearest].count("，") < 2]
    return [person.n for at, person in named if at == nearest]


def _of_only_one(view: str, start: int, match: Match) -> bool:
    """Whether a sentence without a name speaks of the only defendant."""
    return bool(re.search(r"被告人|上诉人|其|该|系累犯|释放", view[start : match.end])) and not _OTHERS.search(view[start : match.end])


def _last(text: str, person: Defendant) -> int:
    return max(text.rfind(name) for name in person.names)
