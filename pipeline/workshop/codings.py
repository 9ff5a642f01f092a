"""Coded cases as facts: of whom, which variable, which values. What the tables of a database say is put in the same form."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.codebook import Codebook
from pipeline.schema import AnjuanError

CASE = "case"
Fact = tuple[str, str]  # (of whom: "case", "defendant 张某", "victim 李某", "victim doctor" where victims have no names; variable)
_SENTENCE = {"kind": "sentence_kind", "months": "sentence_months", "probation_months": "probation_months", "fine": "fine"}
_NOT_COMPARED = frozenset({"confidence", "note", "title"})
_BRACKETS = str.maketrans("()〔〕[]", "（）（）（）")
_MOST_PERSONS = 20  # a crowd is not counted head by head


@dataclass
class Facts:
    """What one side says of one judgment, each value list sorted; `units` names the units of a database that a fact comes from."""

    values: dict[Fact, tuple[str, ...]] = field(default_factory=dict)
    units: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    named: bool = True  # victims are told apart by name

    def add(self, fact: Fact, *values: str) -> None:
        """Say that `values` are among the values of a fact."""
        self.values[fact] = tuple(sorted((*self.values.get(fact, ()), *values)))


def read_codings(path: Path) -> list[dict[str, Any]]:
    """The codings of a JSON Lines file; AnjuanError, naming the line, for one that is no object with an `id`."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise AnjuanError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from error
    return [_coding(line, f"{path}:{number}") for number, line in enumerate(lines, 1) if line.strip()]


def _coding(line: str, place: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise AnjuanError(f"{place}: not JSON: {error}; each line is one object with `id` and coded values") from error
    people = [person for key in ("defendants", "victims") for person in _members(row, key)] if isinstance(row, dict) else [None]
    if not isinstance(row, dict) or "id" not in row or not all(isinstance(person, dict) for person in people):
        raise AnjuanError(f"{place}: not a coding; each line is one object with `id`, coded values, and lists of defendants and victims")
    return row


def _members(row: Mapping[str, Any], key: str) -> list[Any]:
    found = row.get(key) or []
    return found if isinstance(found, list) else [found]


def coded_facts(row: Mapping[str, Any], codebook: Codebook) -> Facts:
    """The facts of one coding. Of a case out of scope only that is compared; an empty text or date was not coded."""
    if "in_scope" in row and not row["in_scope"]:
        return Facts({(CASE, "in_scope"): ("0",)})
    facts = Facts()
    for variable in codebook.of_unit(CASE):
        if variable.name in row and not variable.derived and variable.name not in _NOT_COMPARED:
            value = row[variable.name]
            if variable.kind not in ("text", "date") or value:
                facts.add((CASE, variable.name), *_written(value))
    for person in _members(row, "defendants"):
        _add_defendant(facts, person, codebook)
    _add_victims(facts, _members(row, "victims"))
    return facts


def _add_defendant(facts: Facts, person: Mapping[str, Any], codebook: Codebook) -> None:
    who = f"defendant {person.get('name', '')}"
    facts.add((who, "name"), *_written(person.get("name")))
    flat = {**person, "charge": person.get("charges"), **{_SENTENCE.get(k, k): v for k, v in (person.get("sentence") or {}).items()}}
    for variable in codebook.of_unit("defendant"):
        if variable.name != "name" and flat.get(variable.name) is not None:
            facts.add((who, variable.name), *_written(flat[variable.name]))


def _add_victims(facts: Facts, victims: Sequence[Mapping[str, Any]]) -> None:
    facts.named = not victims or any(victim.get("name") for victim in victims)
    for victim in victims:
        who = victim_of(victim, facts.named)
        facts.add((who, "injury"), *_times(str(victim.get("injury", "")), victim.get("n", 1)))
        if facts.named and victim.get("grade"):
            facts.add((who, "injury_grade"), str(victim["grade"]))


def victim_of(victim: Mapping[str, Any], named: bool) -> str:
    """What a victim is called: by name, or by role where the coding gives no names."""
    return f"victim {victim.get('name' if named else 'role') or '(no name)'}"


def stored_facts(case: Mapping[str, Any], people: Mapping[str, Iterable[Mapping[str, Any]]], named: bool) -> Facts:
    """The facts of one judgment of the database: its row of `cases`, and its rows of `defendants`, `charges` and `victims`."""
    facts = Facts()
    facts.units[CASE].append(CASE)
    for column, value in case.items():
        facts.values[(CASE, column)] = _split(column, value)
    who = {}
    for row in people["defendants"]:
        who[row["n"]] = f"defendant {row['name']}"
        facts.units[who[row["n"]]].append(f"defendant:{row['n']}")
        for column, value in row.items():
            facts.values[(who[row["n"]], column)] = _written(value)
        facts.values[(who[row["n"]], "charge")] = ()
    for row in people["charges"]:
        if row["defendant"] in who:
            facts.add((who[row["defendant"]], "charge"), row["charge"])
    for row in people["victims"]:
        victim = victim_of(row, named)
        facts.units[victim].append(f"victim:{row['n']}")
        facts.add((victim, "injury"), *_times(row["injury"], row["persons"]))
        if row["injury_grade"]:
            facts.add((victim, "injury_grade"), row["injury_grade"])
    return facts


def _times(value: str, persons: Any) -> list[str]:
    number = persons if isinstance(persons, int) else 1
    return [value] * max(1, min(number, _MOST_PERSONS))


def _split(column: str, value: Any) -> tuple[str, ...]:
    """The members of a list column, which the database joins with commas."""
    return tuple(sorted(filter(None, value.split(",")))) if column in ("weapon", "prior_dispute_channel") else _written(value)


def _written(value: Any) -> tuple[str, ...]:
    """A coded value as the database writes it: flags 0 and 1, a list sorted, nothing for null and ''."""
    if value is None or value == "":
        return ()
    if isinstance(value, list):
        return tuple(sorted(text for member in value for text in _written(member)))
    if isinstance(value, bool):
        return (str(int(value)),)
    return (str(value).strip().translate(_BRACKETS).removesuffix(".0"),)
