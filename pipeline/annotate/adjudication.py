"""Two codings of one case beside each other: what they agree on, what an adjudicator has to decide, and what becomes of a decision.

Pure functions over entries. A question is one variable of one unit; the answers stand in the order of the coders. Out of scope nothing
but the scope is asked, as in the coders' form; while the scope is in dispute everything else waits for it. Parties are lists that each coder numbers anew, so they are aligned first; a party keeps the
first coder's number, and those that only a later coder names get the numbers after it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pipeline.annotate.agreement.alignment import Numbered
from pipeline.annotate.agreement.alignment import align as align_parties
from pipeline.annotate.agreement.nouns import CASE, OWN_WORDS, PARTIES, SCOPE, answer
from pipeline.annotate.form import load_form
from pipeline.codebook import Codebook, Variable
from pipeline.schema import AnjuanError, Entry

NOTHING = "∅"  # the note of a decision that nothing is coded here: entries without values would leave no trace

Align = Callable[[Sequence[Entry], Sequence[Entry], str], list[Numbered]]


class Standing(StrEnum):
    """How far a question has come."""

    OPEN = "open"  # the coders differ, or have only doubts
    AGREED = "agreed"  # the coders agree, and nobody has accepted it yet
    WAITING = "waiting"  # the scope is in dispute
    DECIDED = "decided"


@dataclass(frozen=True, slots=True)
class Question:
    """One variable of one unit: the coders' answers in their order (each with the coder's own unit), the decision, the standing."""

    unit: str
    variable: str
    answers: tuple[Entry, ...]
    decision: Entry
    standing: Standing

    @property
    def agree(self) -> bool:
        """Whether all coders give the same answer."""
        return agree(self.answers)

    @property
    def doubtful(self) -> bool:
        """Whether a coder was unsure or left a note."""
        return any(each.unsure or each.note for each in self.answers)


@dataclass(frozen=True, slots=True)
class Comparison:
    """All questions of one case, in the form's order within each unit; `coders` are the voices compared."""

    coders: tuple[str, ...]
    questions: tuple[Question, ...]

    def __getitem__(self, place: tuple[str, str]) -> Question:
        """The question about (unit, variable); AnjuanError when nothing is asked there."""
        for question in self.questions:
            if (question.unit, question.variable) == place:
                return question
        raise AnjuanError(f"{place[0]}, {place[1]}: neither coder has coded this, so that there is nothing to decide")

    def standing(self, *standings: Standing) -> list[Question]:
        """The questions that stand so."""
        return [question for question in self.questions if question.standing in standings]

    @property
    def agreement(self) -> float | None:
        """Share of the questions on which all coders agree; None when nothing is compared. What waits for the scope is not counted."""
        counted = [question.agree for question in self.questions if question.standing is not Standing.WAITING]
        return sum(counted) / len(counted) if counted else None


def agree(answers: Sequence[Entry]) -> bool:
    """Whether all answers hold the same values, in any order; answers without a value agree on nothing."""
    return all(each.values for each in answers) and len({answer(each) for each in answers}) == 1


def compare(
    codings: Mapping[str, Sequence[Entry]], decisions: Sequence[Entry], codebook: Codebook, align: Align = align_parties
) -> Comparison:
    """Put the codings of one case (entries by voice) and the decisions so far beside each other."""
    decided = {(entry.unit, entry.variable): entry for entry in decisions}
    said = [{(entry.unit, entry.variable): entry for entry in entries} for entries in codings.values()]
    scope = _scope(said, decided)
    found: list[Question] = []
    for unit, own in _units(list(codings.values()), decisions, align):
        for variable in _asked(codebook, unit):
            answers = tuple(_answer(entries, place, variable.name) for entries, place in zip(said, own, strict=True))
            decision = decided.get((unit, variable.name), Entry(unit, variable.name))
            if standing := _standing(variable, answers, decision, scope):
                found.append(Question(unit, variable.name, answers, decision, standing))
    return Comparison(tuple(codings), tuple(found))


def _asked(codebook: Codebook, unit: str) -> list[Variable]:
    """What may be asked of a unit: as the coders' form asks it, then what else the codebook has."""
    kind = unit.partition(":")[0]
    place = {field.name: number for number, field in enumerate(field for group in load_form().of_unit(kind) for field in group.fields)}
    variables = [variable for variable in codebook.of_unit(kind) if not variable.derived and variable.name not in OWN_WORDS]
    return sorted(variables, key=lambda variable: place.get(variable.name, len(place)))


def _answer(entries: Mapping[tuple[str, str], Entry], unit: str, variable: str) -> Entry:
    """What a coder says; an empty entry without a unit where the coder has no such party."""
    return entries.get((unit, variable), Entry(unit, variable))


def _scope(said: Sequence[Mapping[tuple[str, str], Entry]], decided: Mapping[tuple[str, str], Entry]) -> bool | None:
    """Whether the case is in scope: as decided, else as all say; None when that is in dispute."""
    place = (CASE, SCOPE)
    spoken = [decided[place]] if is_decided(decided.get(place)) else [entries[place] for entries in said if place in entries]
    values = {value for entry in spoken for value in entry.values}
    return None if len(values) > 1 else values != {"0"}


def is_decided(decision: Entry | None) -> bool:
    """Whether an adjudicator has said something: a value, or that there is nothing."""
    return decision is not None and bool(decision.values or decision.note == NOTHING)


def _standing(variable: Variable, answers: Sequence[Entry], decision: Entry, scope: bool | None) -> Standing | None:
    """How a question stands; None when there is nothing to ask."""
    if is_decided(decision):
        return Standing.DECIDED
    if not any(each.values or each.unsure or each.note for each in answers):
        return None
    if variable.name != SCOPE and not scope:
        return None if scope is False else Standing.WAITING
    return Standing.AGREED if agree(answers) else Standing.OPEN


def _units(codings: Sequence[Sequence[Entry]], decisions: Sequence[Entry], align: Align) -> list[tuple[str, tuple[str, ...]]]:
    """Each unit, with the unit under which every coder has it ("" where a coder does not); the case first."""
    found = [(CASE, (CASE,) * len(codings))]
    for kind in PARTIES:
        rows = _aligned(codings, kind, align)
        known = {number for number, _ in rows}
        rows += [(number, (None,) * len(codings)) for number in sorted(_numbers(decisions, kind) - known)]
        found += [(f"{kind}:{number}", tuple(f"{kind}:{n}" if n else "" for n in own)) for number, own in rows]
    return found


def _aligned(codings: Sequence[Sequence[Entry]], kind: str, align: Align) -> list[tuple[int, tuple[int | None, ...]]]:
    """Parties by their number for the decisions; every further coder is aligned with the first."""
    first = codings[0] if codings else ()
    rows: dict[int, list[int | None]] = {number: [number] for number in sorted(_numbers(first, kind))}
    for place, other in enumerate(codings[1:], 1):
        for left, right in align(first, other, kind):
            key = left if left is not None else max(rows, default=0) + 1
            rows.setdefault(key, [None] * place).append(right)
        for row in rows.values():
            row += [None] * (place + 1 - len(row))
    return [(number, tuple(own)) for number, own in rows.items()]


def _numbers(entries: Iterable[Entry], kind: str) -> set[int]:
    """The numbers of the parties of which something is said."""
    spoken = (entry for entry in entries if entry.values or entry.note or entry.unsure)
    return {int(number) for found, _, number in (entry.unit.partition(":") for entry in spoken) if found == kind}


def accept(question: Question) -> Entry:
    """The decision that what all say holds, with the words of all."""
    return _decision(question, question.answers[0].values, {word for each in question.answers for word in each.words})


def choose(question: Question, coder: int, codebook: Codebook) -> Entry:
    """The decision for one coder's answer, with the words of it.

    Who has left a variable out has read that the text is silent; who does not have the party says that there is none.
    """
    chosen = question.answers[coder]
    if not chosen.unit:
        return Entry(question.unit, question.variable, note=NOTHING)
    return _decision(question, chosen.values or (codebook[question.variable].silence,), set(chosen.words))


def settle(question: Question, values: Sequence[str], words: Iterable[tuple[int, int]] = ()) -> Entry:
    """The decision for values that the adjudicator names, with the coders' words for them and `words`; no values: nothing is there."""
    if not values:
        return Entry(question.unit, question.variable, note=NOTHING)
    found = {word for each in question.answers for word in each.words if word[2] in values}
    return _decision(question, tuple(dict.fromkeys(values)), found | {(start, end, values[-1]) for start, end in words})


def _decision(question: Question, values: tuple[str, ...], words: set[tuple[int, int, str]]) -> Entry:
    return Entry(question.unit, question.variable, values, tuple(sorted(words)))


def emptied(comparison: Comparison, decisions: Sequence[Entry]) -> list[str]:
    """The kinds of party of which these decisions would leave nobody, though a coder has found some.

    The analyst's tables take the parties of the most trusted voice that names any: struck out to the last, the coders' would count again.
    """
    new = {(entry.unit, entry.variable): entry for entry in decisions}
    kinds = {entry.unit.partition(":")[0] for entry in decisions if not entry.values} & set(PARTIES)
    return sorted(kind for kind in kinds if all(not _left(question, new) for question in comparison.questions if _is(question, kind)))


def _is(question: Question, kind: str) -> bool:
    return question.unit.startswith(f"{kind}:")


def _left(question: Question, new: Mapping[tuple[str, str], Entry]) -> bool:
    """Whether a question has, or may still get, a value."""
    decision = new.get((question.unit, question.variable), question.decision)
    return bool(decision.values) or not is_decided(decision)
