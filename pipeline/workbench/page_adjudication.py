"""What the adjudication page shows of each question: both answers with their words, the decision, and what else may be decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.annotate.adjudication import NOTHING, Comparison, Question, Standing
from pipeline.codebook import Codebook, Variable
from pipeline.schema import Entry
from pipeline.store import Change
from pipeline.workbench.page_text import shown


@dataclass(frozen=True, slots=True)
class Option:
    """A value that may be decided, with its label and definition; `group` is the heading under which it stands."""

    name: str
    label: str
    definition: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words of the text, by their place."""

    start: int
    end: int
    words: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What one voice says. `values` are labels; `given`: there is an answer at all; `exists`: this coder has the party."""

    coder: str
    unit: str
    values: tuple[str, ...]
    quotations: tuple[Quotation, ...]
    unsure: bool
    note: str
    given: bool
    exists: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided, by whom, when and why. `like` are the coders who said the same; `struck`: that nothing is there."""

    values: tuple[str, ...]
    quotations: tuple[Quotation, ...]
    actor: str
    at: str
    reason: str
    like: tuple[str, ...]
    struck: bool


@dataclass(frozen=True, slots=True)
class Card:
    """One question on the page. `seen` is the last change of its decision, `options` what may be decided (none for open values)."""

    unit: str
    variable: str
    label: str
    definition: str
    kind: str
    standing: Standing
    doubtful: bool
    agree: bool
    answers: tuple[Answer, ...]
    decision: Decision | None
    seen: int
    options: tuple[Option, ...]

    @property
    def anchor(self) -> str:
        """The place on the page: the variable for the case, unit and variable for a party."""
        return self.variable if self.unit == "case" else f"{self.unit.replace(':', '-')}-{self.variable}"


@dataclass(frozen=True, slots=True)
class Group:
    """The questions about one unit; `open` counts those that are still to be decided, `units` what each coder calls the unit."""

    unit: str
    label: str
    units: tuple[str, ...]
    cards: tuple[Card, ...]

    @property
    def open(self) -> int:
        """How many questions of the unit are open."""
        return sum(card.standing is Standing.OPEN for card in self.cards)


class Board:
    """Makes the cards of one case. `yes`, `no` and `none` are the words for flags and for an empty value."""

    def __init__(self, codebook: Codebook, language: str, text: str, words: Mapping[str, str], history: Sequence[Change]) -> None:
        self.codebook, self.language, self.text, self.words = codebook, language, text, words
        self.label = codebook.labeller(language)
        self.last = {(change.unit, change.variable): change for change in history}

    def groups(self, comparison: Comparison, questions: Iterable[Question]) -> list[Group]:
        """The questions by unit, in their order."""
        found: dict[str, list[Question]] = {}
        for question in questions:
            found.setdefault(question.unit, []).append(question)
        return [self._group(comparison, unit, asked) for unit, asked in found.items()]

    def _group(self, comparison: Comparison, unit: str, asked: Sequence[Question]) -> Group:
        units = tuple(self.unit(each.unit) if each.unit else "" for each in asked[0].answers)
        return Group(unit, self.unit(unit), units, tuple(self._card(comparison.coders, question) for question in asked))

    def unit(self, unit: str) -> str:
        """The name of a unit for people: 案件, Victim 2."""
        kind, _, number = unit.partition(":")
        name = self.codebook.units[kind].label(self.language) if kind in self.codebook.units else kind
        return f"{name} {number}".strip()

    def value(self, variable: str, value: str) -> str:
        """The label of a value."""
        if value == "":
            return self.words["none"]
        if variable in self.codebook.variables and self.codebook[variable].kind == "flag":
            return self.words["yes" if value == "1" else "no"]
        return shown(self.label(variable, value))

    def quotations(self, entry: Entry) -> tuple[Quotation, ...]:
        """The words of an entry, each once."""
        places = dict.fromkeys((start, end) for start, end, _ in entry.words)
        return tuple(Quotation(start, end, shown(self.text[start:end])) for start, end in places)

    def _card(self, coders: Sequence[str], question: Question) -> Card:
        variable = self.codebook[question.variable]
        change = self.last.get((question.unit, question.variable))
        return Card(
            unit=question.unit,
            variable=question.variable,
            label=variable.label(self.language),
            definition=variable.definition(self.language),
            kind=variable.kind,
            standing=question.standing,
            doubtful=question.doubtful,
            agree=question.agree,
            answers=tuple(self._answer(coder, entry, question.variable) for coder, entry in zip(coders, question.answers, strict=True)),
            decision=self._decision(coders, question, change) if question.standing is Standing.DECIDED else None,
            seen=change.id if change else 0,
            options=tuple(self._options(variable, question.unit)),
        )

    def _answer(self, coder: str, entry: Entry, variable: str) -> Answer:
        values = tuple(self.value(variable, value) for value in entry.values)
        return Answer(
            coder, entry.unit, values, self.quotations(entry), entry.unsure, shown(entry.note), bool(entry.values), bool(entry.unit)
        )

    def _decision(self, coders: Sequence[str], question: Question, change: Change | None) -> Decision:
        decided = question.decision
        like = tuple(
            coder for coder, each in zip(coders, question.answers, strict=True) if each.values and set(each.values) == set(decided.values)
        )
        return Decision(
            values=tuple(self.value(question.variable, value) for value in decided.values),
            quotations=self.quotations(decided),
            actor=change.actor if change else "",
            at=change.at if change else "",
            reason=shown(change.reason) if change else "",
            like=like,
            struck=decided.note == NOTHING and not decided.values,
        )

    def _options(self, variable: Variable, unit: str) -> Iterable[Option]:
        """The values of a closed variable, and the empty one where silence is empty."""
        groups = {group.name: group.label(self.language) for group in variable.groups}
        for value in variable.values:
            yield Option(value.name, value.label(self.language), value.definition(self.language), groups.get(value.group, ""))
        if variable.kind == "flag":
            yield from (Option(name, self.value(variable.name, name), "") for name in ("1", "0"))
        if variable.silence == "" and variable.values:
            yield Option("", self.words["none"], variable.silence_meaning(self.language))
