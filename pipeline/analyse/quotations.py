"""Behind each count: the list of its judgments, and one card for each judgment with its facts and quoted evidence."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.analyse.reading import Case, Row, grouped, rows
from pipeline.analyse.wording import whose
from pipeline.codebook import Codebook, Term

CARDS = 400  # about 3 MB; the lists show the SQL that finds the judgments without a card
QUOTES_OF_ONE_VALUE = 3
LONGEST_QUOTE = 160  # characters
_OF_DEFENDANTS = ("education", "occupation", "charge", "sentence_kind")  # what tables count of them; the rest of their data is left out
_VOICES = ("adjudicated", "coded", "rules", "out_of_fold", "model", "nobody")  # whose words are quoted first: a rule's are whole phrases
_BEHIND_THE_DATE = 12  # characters behind the date of the act, where the hour stands
_SHOWN = "(SELECT value AS judgment_id FROM json_each(?))"
FACTS = [
    "attack_type",
    "cause",
    "motive",
    "weapon_prepared",
    "weapon",
    "alcohol",
    "worst_injury",
    "worst_staff_injury",
    "relation",
    "hospital_level",
    "department",
    "mental_disorder",
    "prior_dispute_channel",
    "compensation",
    "forgiveness",
]
YES, NO = Term("1", "是", "Yes"), Term("0", "否", "No")


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words of the judgment that support a value, with the section they stand in and who says them."""

    variable: str
    value: str
    variable_term: Term
    value_term: Term
    quote: str
    section: Term
    speaker: Term
    by: str

    @property
    def said(self) -> Term:
        """The variable and its value."""
        variable, value = self.variable_term, self.value_term
        return Term(f"{self.variable}={self.value}", f"{variable.zh}：{value.zh}", f"{variable.en}: {value.en}")

    @property
    def place(self) -> Term:
        """Who says it, and in which section."""
        return Term("place", f"{self.speaker.zh} · {self.section.zh}", f"{self.speaker.en} · {self.section.en}")


@dataclass(frozen=True, slots=True)
class Card:
    """One judgment. `persons` are lines on its defendants and victims, each a label and a text with both languages."""

    anchor: str
    case: Row
    facts: tuple[tuple[Term, tuple[Term, ...]], ...]
    defendants: tuple[tuple[str, str, Term, int], ...]
    victims: tuple[tuple[str, Term, Term, int], ...]
    quotations: tuple[Quotation, ...]

    @property
    def by_value(self) -> list[tuple[Term, tuple[Quotation, ...]]]:
        """The quotations that say one thing of one variable, under what they say."""
        groups: dict[Term, list[Quotation]] = {}
        for quotation in self.quotations:
            groups.setdefault(quotation.said, []).append(quotation)
        return [(said, tuple(group)) for said, group in groups.items()]

    def quotations_for(self, variable: str, values: Iterable[str]) -> list[Quotation]:
        """The quotations that support one of `values` of `variable`; victims' injuries support the worst injury too."""
        variables = {variable, "injury"} if variable == "worst_injury" else {variable}
        wanted = set(values)
        return [quotation for quotation in self.quotations if quotation.variable in variables and quotation.value in wanted]


def cards(connection: sqlite3.Connection, cases: Sequence[Case], codebook: Codebook) -> dict[str, Card]:
    """Cards by judgment_id for the first `CARDS` of the cases."""
    shown = [json.dumps([case.judgment_id for case in cases[:CARDS]])]

    def of(table: str, order: str) -> dict[str, list[Row]]:
        return grouped(rows(connection, f"SELECT * FROM {table} WHERE judgment_id IN {_SHOWN} ORDER BY judgment_id, {order}", shown))

    evidence = grouped(rows(connection, _evidence(codebook), shown))
    defendants, charges, victims = of("defendants", "n"), of("charges", "defendant, charge"), of("victims", "n")
    return {
        case.judgment_id: Card(
            anchor=f"j{number}",
            case=case.row,
            facts=_facts(case, codebook),
            defendants=_defendants(defendants.get(case.judgment_id, []), charges.get(case.judgment_id, []), codebook),
            victims=_victims(victims.get(case.judgment_id, []), codebook),
            quotations=_quotations(evidence.get(case.judgment_id, []), codebook),
        )
        for number, case in enumerate(cases[:CARDS], 1)
    }


def _evidence(codebook: Codebook) -> str:
    """SQL: evidence for what tables count, with the words behind the date of the act; without names and the defendants' other data."""
    coded = [
        name
        for name, variable in codebook.variables.items()
        if variable.kind in ("choice", "list", "flag") and variable.unit != "defendant"
    ]
    left_out = ("court_level", "trial_level", "in_scope")
    listed = ", ".join(f"'{name}'" for name in (*coded, *_OF_DEFENDANTS, "incident_on") if name not in left_out)
    return f"""SELECT e.judgment_id, e.unit, e.variable, l.value, e.section, e.speaker, e."by", CASE e.variable WHEN 'incident_on'
            THEN (SELECT substr(j.text, e.start + 1, e."end" - e.start + {_BEHIND_THE_DATE}) FROM judgments AS j WHERE j.judgment_id = e.judgment_id)
            ELSE e.quote END AS quote
        FROM {_SHOWN} AS c CROSS JOIN evidence AS e ON e.judgment_id = c.judgment_id CROSS JOIN labels AS l ON l.id = e.label_id
        WHERE e.variable IN ({listed}) ORDER BY e.judgment_id, e.start, e."end" """


def _quotations(found: Sequence[Row], codebook: Codebook) -> tuple[Quotation, ...]:
    """In the codebook's order, people's before machines', each quotation once for a value, and at most `QUOTES_OF_ONE_VALUE` of them."""
    order = {name: place for place, name in enumerate(codebook.variables)}
    seen: Counter[tuple[str, str]] = Counter()
    kept: dict[tuple[str, str, str], Row] = {}
    for row in sorted(found, key=lambda row: (order[row["variable"]], _VOICES.index(whose(row["by"])))):
        key = (row["variable"], row["value"])
        if (*key, row["quote"]) not in kept and seen[key] < QUOTES_OF_ONE_VALUE:
            kept[(*key, row["quote"])] = row
            seen[key] += 1
    return tuple(_quotation(row, codebook) for row in kept.values())


def _quotation(row: Row, codebook: Codebook) -> Quotation:
    variable, value, quote = codebook[row["variable"]], row["value"], row["quote"]
    return Quotation(
        variable=variable.name,
        value=value,
        variable_term=variable,
        value_term=value_term(variable.name, value, codebook),
        quote=quote if len(quote) <= LONGEST_QUOTE else quote[:LONGEST_QUOTE] + "……",
        section=_known(codebook.sections, row["section"]),
        speaker=_known(codebook.speakers, row["speaker"]),
        by=row["by"],
    )


def value_term(variable: str, value: str, codebook: Codebook) -> Term:
    """The labels of a value; a value that the codebook does not know stands for itself."""
    if codebook[variable].kind == "flag":
        return YES if value == "1" else NO
    return next((known for known in codebook[variable].values if known.name == value), Term(value, value, value))


def _known(terms: Mapping[str, Term], name: str) -> Term:
    return terms.get(name) or Term(name, name, name)


def _facts(case: Case, codebook: Codebook) -> tuple[tuple[Term, tuple[Term, ...]], ...]:
    """What is recorded of the case; the silent defaults (not mentioned, unstated) are left out."""
    facts = []
    for name in FACTS:
        variable, value = codebook[name], case.row[name]
        members = [member for member in str("" if value is None else value).split(",") if member not in ("", variable.silence)]
        if members:
            facts.append((variable, tuple(value_term(name, member, codebook) for member in members)))
    return tuple(facts)


def _defendants(found: Sequence[Row], charges: Sequence[Row], codebook: Codebook) -> tuple[tuple[str, str, Term, int], ...]:
    by_defendant = grouped(charges, "defendant")
    return tuple(
        (
            row["name"],
            "、".join(charge["charge"] for charge in by_defendant.get(str(row["n"]), [])),
            value_term("sentence_kind", row["sentence_kind"], codebook),
            row["sentence_months"] or 0,
        )
        for row in found
    )


def _victims(found: Sequence[Row], codebook: Codebook) -> tuple[tuple[str, Term, Term, int], ...]:
    return tuple(
        (row["name"], value_term("role", row["role"], codebook), value_term("injury", row["injury"], codebook), row["persons"] or 1)
        for row in found
    )
