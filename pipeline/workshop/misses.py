"""Coded cases against a database: the judgments where its value is not the coded one, with our quotation beside it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.codebook import load
from pipeline.store import Store
from pipeline.workshop.codings import CASE, Fact, Facts, coded_facts, read_codings, stored_facts

_LONGEST = 40  # characters of a quotation
_EVIDENCE = """SELECT e.unit, e.variable, l.value, e.quote, e.section, e.speaker, e.rule FROM evidence AS e JOIN labels AS l ON l.id = e.label_id
    WHERE e.judgment_id = ? ORDER BY e.id"""


@dataclass(frozen=True, slots=True)
class Miss:
    """One value of one judgment that is not as coded."""

    source_id: str
    who: str
    coded: str
    ours: str
    quotation: str


def misses(store: Store, path: Path, variable: str | None = None) -> str:
    """The account of all codings in `path`, of all variables or of one, grouped by variable, in the codebook's order.

    AnjuanError for a line that is no coding, CodebookError for an unknown variable.
    """
    codebook = load()
    if variable is not None:
        codebook[variable]
    compared: Counter[str] = Counter()
    found: dict[str, list[Miss]] = defaultdict(list)
    absent = []
    codings = read_codings(path)
    for row in codings:
        case = store.query("SELECT * FROM cases WHERE source_id = ?", [str(row["id"])])
        if not case:
            absent.append(str(row["id"]))
            continue
        coded = coded_facts(row, codebook)
        _compare(store, coded, case[0], compared, found)
    names = [name for name in codebook.variables if compared[name] and variable in (None, name)]
    lines = [line for name in names for line in _lines(name, found[name], compared[name])]
    return "\n".join([*lines, _summary(len(codings), absent)])


def _compare(store: Store, coded: Facts, case: Mapping[str, Any], compared: Counter[str], found: dict[str, list[Miss]]) -> None:
    judgment_id = case["judgment_id"]
    people = {
        table: store.query(f"SELECT * FROM {table} WHERE judgment_id = ?", [judgment_id]) for table in ("defendants", "charges", "victims")
    }
    ours = stored_facts(case, people, coded.named)
    evidence: list[dict[str, Any]] | None = None
    for fact in _comparable(coded, ours):
        compared[fact[1]] += 1
        want, got = coded.values.get(fact, ()), ours.values.get(fact, ())
        if want != got:
            evidence = store.query(_EVIDENCE, [judgment_id]) if evidence is None else evidence
            quotation = _quotation(evidence, ours.units.get(fact[0], []), fact[1], got)
            found[fact[1]].append(Miss(case["source_id"], fact[0], _text(coded, fact), _text(ours, fact), quotation))


def _comparable(coded: Facts, ours: Facts) -> list[Fact]:
    """The coded facts, less those of a defendant whom we do not know by name, and the persons whom only we name."""
    ours_named = {who for who, variable in ours.values if variable == "name"}
    facts = [f for f in coded.values if not f[0].startswith("defendant ") or f[1] == "name" or f[0] in ours_named]
    kinds = {who.partition(" ")[0] for who, _ in coded.values}
    only_ours = [("defendant", "name"), ("victim", "injury")]
    return facts + [
        fact
        for fact in ours.values
        if fact not in coded.values and (fact[0].partition(" ")[0], fact[1]) in only_ours and fact[0].partition(" ")[0] in kinds
    ]


def _quotation(evidence: Sequence[Mapping[str, Any]], units: Sequence[str], variable: str, values: Sequence[str]) -> str:
    """Our first quotation for the value, with section, speaker and rule; '' when we quote nothing."""
    for row in evidence:
        if row["unit"] in units and row["variable"] == variable and (row["value"] in values or not values):
            quote = " ".join(row["quote"].split())
            quote = quote if len(quote) <= _LONGEST else quote[:_LONGEST] + "…"
            return f"“{quote}” ({row['section']}, {row['speaker']}; {row['rule'] or 'no rule named'})"
    return ""


def _text(side: Facts, fact: Fact) -> str:
    return (",".join(side.values[fact]) or "(none)") if fact in side.values else "(absent)"


def _lines(variable: str, found: Sequence[Miss], compared: int) -> list[str]:
    head = f"{variable}: {len(found)} of {compared} differ"
    rows = [f"  {m.source_id}{'' if m.who == CASE else f' {m.who}'}: coded {m.coded}, ours {m.ours}  {m.quotation}".rstrip() for m in found]
    return [head, *rows]


def _summary(codings: int, absent: Sequence[str]) -> str:
    missing = f"; {len(absent)} not in the database: {', '.join(absent[:5])}{' ...' if len(absent) > 5 else ''}" if absent else ""
    return f"{codings} codings{missing}"
