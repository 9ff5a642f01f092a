"""From labels to the analyst's rows in `cases`, `defendants`, `charges` and `victims`.

Pure functions: the labels of one judgment in, tuples in the order of the columns out. A variable shows its most trusted value
(`pipeline.store.trust`). Silence is '' for text and NULL for flags and numbers, which become 0 once the extract stage has run.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from pipeline.store.trust import RANKS, Party, Said, best, members, party, rank

EXTRACT = "extract"  # the stage after which a flag that nobody raises is 0
CASE_COLUMNS = (
    "judgment_id",
    "source",
    "source_id",
    "title",
    "case_number",
    "court",
    "court_level",
    "province",
    "city",
    "trial_level",
    "decided_on",
    "incident_on",
    "in_scope",
    "in_scope_score",
    "attack_type",
    "attack_type_score",
    "attack_type_by",
    "cause",
    "motive",
    "weapon_prepared",
    "weapon",
    "alcohol",
    "relation",
    "hospital_level",
    "department",
    "mental_disorder",
    "prior_dispute_channel",
    "compensation",
    "forgiveness",
    "worst_injury",
    "worst_staff_injury",
    "defendants",
    "victims",
    "staff_victims",
    "weapon_source",
    "hospital_level_basis",
    "victim_fault",
    "attack_type_set",
)
CASE_TEXT = (
    "case_number",
    "court",
    "court_level",
    "province",
    "city",
    "trial_level",
    "decided_on",
    "incident_on",
    "weapon_prepared",
    "alcohol",
    "hospital_level",
    "hospital_level_basis",
    "department",
    "mental_disorder",
)
CASE_FLAGS = ("compensation", "forgiveness", "victim_fault")
CASE_LISTS = ("weapon", "weapon_source", "prior_dispute_channel")
SCOPED = ("attack_type", "cause", "motive", "relation")  # NULL out of scope, and when nobody has spoken
DEFENDANT_FLAGS = (
    "prior_record",
    "surrender",
    "confession",
    "plea_leniency",
    "recidivist",
    "accessory",
)
FURTHER_FLAGS = (
    "principal",
    "meritorious",
    "major_merit",
    "preparation",
    "attempt",
    "discontinuance",
    "juvenile",
    "elderly",
    "deaf_mute_or_blind",
    "limited_responsibility",
)
DEFENDANT_COLUMNS = (
    "name",
    "gender",
    "birth",
    "ethnicity",
    "education",
    "occupation",
    *DEFENDANT_FLAGS,
    "sentence_kind",
    "sentence_months",
    "probation_months",
    "fine",
    "party_kind",
    "alias",
    *FURTHER_FLAGS,
    "political_rights_months",
    "property_confiscated",
    "civil_compensation",
)
VICTIM_COLUMNS = ("name", "role", "injury", "injury_grade", "persons")
CHARGE_COLUMNS = ("charge", "sentence_kind", "sentence_months")
PARTY_INTEGERS = frozenset({*DEFENDANT_FLAGS, *FURTHER_FLAGS, "sentence_months", "probation_months", "fine", "persons"})
PARTY_LISTS = frozenset({"alias"})
INTEGERS = PARTY_INTEGERS | {*CASE_FLAGS, "in_scope"}
STAFF = frozenset({"doctor", "nurse", "other_clinical", "security", "admin"})
INJURIES = ("death", "serious", "minor", "slight", "none_or_unstated")  # the worst first
NUMBER = re.compile(r"(-?[0-9]{1,18})(?:\.[0-9]+)?")  # SQLite's integers have 18 digits and a bit

AMOUNT = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,4})?")

Value = str | int | float | None
Row = tuple[Value, ...]


class Identity(NamedTuple):
    """The columns of `cases` that come from the judgment itself."""

    judgment_id: str
    source: str
    source_id: str
    title: str


class Projection(NamedTuple):
    """The rows of one judgment in the four tables; those of the last three are in the order of their keys."""

    case: Row
    defendants: list[Row]
    charges: list[Row]
    victims: list[Row]


def project(identity: Identity, labels: Iterable[Said], extracted: bool, possible: Sequence[str] = ()) -> Projection:
    """All rows of one judgment. `extracted`: the extract stage has seen it, so silence is 0 for flags and numbers, else NULL.

    `possible`: the attack types that the model cannot rule out.
    """
    case: dict[str, list[Said]] = {}
    people: dict[str, list[Said]] = {"defendant": [], "victim": []}
    for label in labels:
        if label.unit == "case":
            case.setdefault(label.variable, []).append(label)
        else:
            people[label.unit.partition(":")[0]].append(label)
    silence = 0 if extracted else None
    defendants = party(people["defendant"], case.get("defendants", []))
    victims = party(people["victim"], case.get("victims", []))
    victim_rows = _party_rows(victims, VICTIM_COLUMNS, silence)
    values = {
        **identity._asdict(),
        **_plain_values(case, silence),
        **_scope_values(case, possible),
        **_victim_values(victims, victim_rows, case, silence),
    }
    values["defendants"] = silence if defendants.by is None else len({label.unit for label in defendants.labels})
    key = identity.judgment_id
    return Projection(
        tuple(values[column] for column in CASE_COLUMNS),
        [(key, *row) for row in _party_rows(defendants, DEFENDANT_COLUMNS, silence)],
        [(key, *row) for row in _charges(defendants)],
        [(key, *row) for row in victim_rows],
    )


def _plain_values(case: Mapping[str, Sequence[Said]], silence: int | None) -> dict[str, Value]:
    values: dict[str, Value] = {name: _text(case.get(name, ())) for name in CASE_TEXT}
    values |= {name: _integer(case.get(name, ()), silence) for name in CASE_FLAGS}
    values |= {name: ",".join(members(case.get(name, ()))) for name in CASE_LISTS}
    return values


def _text(labels: Sequence[Said]) -> str:
    label = best(labels)
    return label.value if label else ""


def _integer(labels: Sequence[Said], silence: int | None) -> int | None:
    label = best(labels)
    return silence if label is None else whole(label.value, silence)


def _amount(labels: Sequence[Said], silence: int | None) -> float | None:
    """Yuan, with the cents."""
    label = best(labels)
    stated = label is not None and AMOUNT.fullmatch(label.value)
    return float(stated[0]) if stated else None if silence is None else float(silence)


def whole(value: str, otherwise: int | None = None) -> int | None:
    """The whole number that a label's value states ('18', '12.0'; decimals are cut), or `otherwise` when it states none."""
    number = NUMBER.fullmatch(value)
    return int(number[1]) if number else otherwise


def _scope_values(case: Mapping[str, Sequence[Said]], possible: Sequence[str]) -> dict[str, Value]:
    """Scope, and the variables that have a value only within it."""
    in_scope = _integer(case.get("in_scope", ()), None)
    kind = best(case.get("attack_type", ())) if in_scope != 0 else None
    values: dict[str, Value] = {name: None if in_scope == 0 else _text(case.get(name, ())) or None for name in SCOPED}
    values["in_scope"] = in_scope
    values["in_scope_score"] = _scope_score(case.get("in_scope", ()))
    values["attack_type_score"] = kind.score if kind else None
    values["attack_type_by"] = kind.by if kind else None
    values["attack_type_set"] = _set(kind, possible) if kind else None
    return values


def _set(label: Said, possible: Sequence[str]) -> str | None:
    """All values that may be right, joined: a person's answer is the only one, the rules give no set."""
    if rank(label.by) < RANKS["model"]:
        return label.value
    return ",".join(possible) or None if rank(label.by) == RANKS["model"] else None


def _scope_score(labels: Sequence[Said]) -> float | None:
    """The probability that the case is in scope, by the most trusted voice that gives one (people give none).

    The score of an `in_scope` label is that probability for the value 0 too, unlike the score of any other label.
    """
    label = best([label for label in labels if label.score is not None])
    return label.score if label else None


def _party_rows(people: Party, columns: Sequence[str], silence: int | None) -> list[Row]:
    """(n, columns ...) for each person, by number."""
    units: dict[int, dict[str, list[Said]]] = {}
    for label in people.labels:
        units.setdefault(int(label.unit.partition(":")[2]), {}).setdefault(label.variable, []).append(label)
    return [(n, *(_party_value(column, units[n].get(column, ()), silence) for column in columns)) for n in sorted(units)]


def _party_value(column: str, labels: Sequence[Said], silence: int | None) -> Value:
    if column == "persons":
        return _integer(labels, 1)  # an entry without a number is one person
    if column == "civil_compensation":
        return _amount(labels, silence)
    if column in PARTY_LISTS:
        return ",".join(members(labels))
    return _integer(labels, silence) if column in PARTY_INTEGERS else _text(labels)


def _charges(defendants: Party) -> list[Row]:
    """(n, charge, kind, months) for each charge; kind and months where the charge has a penalty of its own, else '' and NULL."""
    charged: set[tuple[int, str]] = set()
    terms: list[tuple[int, str, str, int | None]] = []
    for label in defendants.labels:
        n = int(label.unit.partition(":")[2])
        if label.variable == "charge" and label.value:
            charged.add((n, label.value))
        elif label.variable == "term_of_charge" and label.value.count(" ") == 2:
            charges, kind, months = label.value.split(" ")
            terms.append((n, charges, kind, whole(months)))
    return [(n, charge, *_term(n, charge, terms)) for n, charge in sorted(charged)]


def _term(n: int, charge: str, terms: Sequence[tuple[int, str, str, int | None]]) -> tuple[str, int | None]:
    """The first penalty told for this charge, alone or together with others (甲罪、乙罪)."""
    return next(((kind, months) for owner, charges, kind, months in terms if owner == n and charge in charges), ("", None))


def _victim_values(people: Party, rows: Sequence[Row], case: Mapping[str, Sequence[Said]], silence: int | None) -> dict[str, Value]:
    """Numbers of victims (an institution counts as one, as in the codebook), and the worst injuries."""
    entries = [dict(zip(("n", *VICTIM_COLUMNS), row, strict=True)) for row in rows]
    staff = [entry for entry in entries if entry["role"] in STAFF]
    return {
        "victims": silence if people.by is None else sum(int(entry["persons"] or 0) for entry in entries),
        "staff_victims": silence if people.by is None else sum(int(entry["persons"] or 0) for entry in staff),
        "worst_injury": _worst(case.get("worst_injury", ()), people.by, entries),
        "worst_staff_injury": _worst(case.get("worst_staff_injury", ()), people.by, staff),
    }


def _worst(labels: Sequence[Said], by: str | None, entries: Sequence[Mapping[str, Value]]) -> str:
    """The worst injury: as labelled, unless a more trusted voice lists the victims or nobody labels it; then the worst of theirs."""
    label = best(labels)
    if label and (by is None or rank(label.by) <= rank(by)):
        return label.value
    if by is None:
        return ""
    injuries = {entry["injury"] for entry in entries}
    return next((injury for injury in INJURIES if injury in injuries), INJURIES[-1])
