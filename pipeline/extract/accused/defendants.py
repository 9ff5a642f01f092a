"""The defendants of a document: as the heading names them, else the indictment's line, else the told facts."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipeline.extract.accused.names import aliases, is_company, masked, name_like, same_person
from pipeline.extract.accused.parties import Party, parties, unnamed_role
from pipeline.extract.accused.told_defendants import running_forms, told_defendants
from pipeline.extract.case import Defendant
from pipeline.schema import Section
from pipeline.text import Document

_IDENTITY = re.compile(r"[男女]|出生|生于|\d年|[^，。]族|涉嫌|文化|被|住|无业|农民|系|本案|辩护")
_LISTED = re.compile(
    r"(?:指控|审理|控告)(?:的)?(?:原审)?被告(?:人|单位)([^。；\n]{2,200}?)(?:涉嫌|犯|一案|(?:故意|寻衅|妨害|聚众|交通|非法|盗窃|抢劫|过失))"
)


def defendants(document: Document, named: str = "") -> tuple[Defendant, ...]:
    """The defendants in the order of the document; none when nobody is called one.

    `named`: names that the source states beside the text, separated by 、 or commas; used where the text has no heading.
    """
    rows = _of_heading(document) or _of_list(document) or _of_metadata(document, named) or _of_facts(document)
    taken = {name for name, _, _ in rows}
    found = []
    for n, (name, start, end) in enumerate(rows, 1):
        others = _aliases(document.view, name, start, end)
        forms = dict.fromkeys([name, *(a for a in others if a not in taken)])
        found.append(Defendant(n, name, tuple(forms), start, end))
    return _with_later_forms(document, found)


def _aliases(view: str, name: str, start: int, end: int) -> list[str]:
    """Other names that the paragraph `view[start:end]` gives; none where it is but the name."""
    company = is_company(view[start : max(view.find(name, start), start)], name)
    return [alias for alias, _ in aliases(view[start : min(end, start + 200)], company)] if end - start > len(name) else []


def _of_heading(document: Document) -> list[tuple[str, int, int]]:
    """(name, start, end) of each paragraph of the heading that opens with somebody charged."""
    stretches = _merged(document.stretches(Section.HEADING, Section.PROCEDURE))
    rows: list[tuple[str, int, int]] = []
    found = parties(document.view, stretches)
    for party in sorted(found + _without_role(document, found, stretches), key=lambda party: party.at):
        if not party.criminal:
            continue
        same = next((i for i, (name, _, _) in enumerate(rows) if name == party.name), None)
        if same is None or _another(document.view, rows[same], party):
            if rows or _IDENTITY.search(document.view, party.at + len(party.name), party.end + 60):
                rows.append((party.name, party.start, party.end))
        elif rows[same][2] == party.start:
            rows[same] = (party.name, rows[same][1], party.end)
    return rows


def _without_role(document: Document, found: list[Party], stretches: list[tuple[int, int]]) -> list[Party]:
    """Persons whom the indictment's line names and whose paragraphs open with the name alone."""
    charged = [party for party in found if party.criminal]
    at = document.view.find("指控", charged[-1].at, charged[-1].at + 3000) if charged else -1
    line = _LISTED.match(document.view, at) if at >= 0 else None
    if line is None or not line[1].count("、"):
        return []
    known = {party.name for party in found}
    named = [name for name, _, _ in _names_of(document, line) if name not in known]
    opened = (unnamed_role(document.view, name, start, min(end, line.start())) for name in named for start, end in stretches)
    return [party for party in opened if party]


def _another(view: str, row: tuple[str, int, int], party: Party) -> bool:
    """Whether the same masked name stands for a second person: both paragraphs state a sex or a birth, and different ones."""
    born = re.compile(r"[男女]|\d{4}年\d{0,2}月?\d{0,2}日?(?:出?生)")
    first, second = born.findall(view[row[1] : row[2]][:80]), born.findall(view[party.start : party.end][:80])
    return bool(masked(party.name) and first and second and first != second)


def _merged(stretches: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in stretches:
        if merged and merged[-1][1] == start:
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return merged


def _of_list(document: Document) -> list[tuple[str, int, int]]:
    """Defendants whom the indictment's line names (指控被告人甲、乙犯…), where the heading's paragraphs are missing."""
    m = _LISTED.search(document.view, 0, 3000)
    if not m:
        return []
    return _names_of(document, m)


def _names_of(document: Document, line: re.Match[str]) -> list[tuple[str, int, int]]:
    """(name, start, end) of each name in the line's list; none when it holds anything else."""
    rows, at = [], line.start(1)
    for part in re.split(r"[、，]|以及|[和及]?(?:原审)?被告人", line[1]):
        name = re.sub(r"（[^）]*）|“[^”]*”", "", part).strip()
        if not name_like(name):
            return []
        at = max(document.view.find(name, at), at)
        rows.append((name, at, at + len(name)))
    return _distinct(rows)


def _of_metadata(document: Document, named: str) -> list[tuple[str, int, int]]:
    rows = []
    for name in filter(None, (part.strip(" （）：:()") for part in re.split(r"[,，、;；\s]+", named))):
        at = max(document.view.find(name), 0)
        rows.append((name, at, at + len(name) if document.view.startswith(name, at) else at))
    return _distinct(rows)


def _of_facts(document: Document) -> list[tuple[str, int, int]]:
    """Defendants of a text without a heading; 周某某 and 周某 are one person where no sentence tells of both."""
    rows: list[tuple[str, int, int]] = []
    for row in _distinct(told_defendants(document.view)):
        if not any(same_person(name, row[0]) and not _told_together(document.view, name, row[0]) for name, _, _ in rows):
            rows.append(row)
    return rows


def _told_together(view: str, name: str, form: str) -> bool:
    """Whether one sentence holds both names, the shorter one not only as part of the longer."""
    short, long = sorted((name, form), key=len)
    return any(long in sentence and short in sentence.replace(long, "") for sentence in view.split("。"))


def _distinct(rows: Iterable[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    first: dict[str, tuple[str, int, int]] = {}
    for row in rows:
        first.setdefault(row[0], row)
    return list(first.values())


def _with_later_forms(document: Document, found: list[Defendant]) -> tuple[Defendant, ...]:
    """Add the forms under which the text goes on to speak of a defendant (张大明 in the heading, 张某 in the facts)."""
    known = {name for d in found for name in d.names}
    full = tuple(name for name in known if not masked(name))
    told = [form for form in running_forms(document.view, known) if not form.startswith(full)]
    more: dict[int, list[str]] = {}
    for form in told:
        owners = [d for d in found if form not in known and len(form) <= 5 and same_person(d.name, form)]
        if len(owners) == 1:
            more.setdefault(owners[0].n, []).append(form)
    return tuple(Defendant(d.n, d.name, (*d.names, *more.get(d.n, ())), d.start, d.end) for d in found)
