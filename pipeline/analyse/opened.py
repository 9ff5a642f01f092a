"""One judgment opened: its values with the words that support each, and its text by sections and speakers. Offsets count code points."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from pipeline.analyse.quotations import value_term
from pipeline.analyse.reading import Row, Source, connection_of, rows
from pipeline.codebook import Codebook, Term, Variable, load
from pipeline.schema import Judgment, StoreError
from pipeline.text import Document

SCOPED = ("attack_type", "cause", "motive", "relation")  # nothing is shown of them out of scope
CASE = "case"
DEFENCE = "defence"  # the voice of what the defence pleads: never the value shown
_EVIDENCE = """SELECT label_id, start, "end", section, speaker, rule FROM evidence WHERE judgment_id = ? ORDER BY start, "end" DESC, id"""
_LABELS = 'SELECT id, unit, variable, value, "by", score FROM labels WHERE judgment_id = ? ORDER BY id'


@dataclass(frozen=True, slots=True)
class Answer:
    """A value of one variable of one unit, and who gives it (`voices`, each with its score).

    `shown`: this is the value in the analyst's tables. `silent`: it is what silence of the text means, and no words are quoted for it.
    """

    label: int  # id of the label, or of the first voice's
    unit: str
    variable: Variable
    value: Term
    voices: tuple[tuple[str, float | None], ...]
    shown: bool
    silent: bool
    of: Term  # which defendant or victim: 被告人2, Defendant 2
    citations: tuple[int, ...] = ()  # places in `Opened.citations`

    @property
    def by(self) -> str:
        """The voices, each with its score where it gives one: "model 0.95, rules"."""
        return ", ".join(voice if score is None else f"{voice} {score:.2f}" for voice, score in self.voices)


@dataclass(frozen=True, slots=True)
class Citation:
    """Words quoted for one or several answers."""

    start: int
    end: int
    section: Term
    speaker: Term
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Party:
    """The case, a defendant or a victim, with the answers about it in the codebook's order, those of the tables first."""

    unit: str
    title: Term
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """Words that one speaker asserts; `accepted` tells what the court made of a plea that it reports."""

    start: int
    end: int
    speaker: Term
    accepted: bool | None

    def trimmed(self, text: str) -> tuple[int, int]:
        """(start, end) without the blanks around the words."""
        words = text[self.start : self.end]
        if not words.strip():
            return self.start, self.start
        return self.start + len(words) - len(words.lstrip()), self.end - len(words) + len(words.rstrip())


@dataclass(frozen=True, slots=True)
class Part:
    """One section of the text with its turns; parts and turns cover the text without gaps."""

    start: int
    end: int
    section: Term
    turns: tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """A judgment as `show` prints it; `row` is its row of `cases`.

    `breaks` are the blanks at which a paragraph ends though the source prints no new line.
    """

    row: Row
    text: str
    parties: tuple[Party, ...]
    citations: tuple[Citation, ...]
    parts: tuple[Part, ...]
    breaks: frozenset[int]

    def paragraphs(self, start: int, end: int) -> list[str]:
        """The text from `start` to `end`, cut before every blank that ends a paragraph."""
        cuts = [start, *(place for place in range(start, end) if place in self.breaks), end]
        return [self.text[a:b] for a, b in pairwise(cuts)]


def open_judgment(source: Source, judgment_id: str, variable: str | None = None) -> Opened:
    """Read one judgment from a database, with the answers for all variables or for one.

    CodebookError for an unknown variable, StoreError for an unknown judgment.
    """
    connection, codebook = connection_of(source), load()
    if variable is not None:
        codebook[variable]
    case = next(
        iter(
            rows(
                connection,
                "SELECT c.*, j.text, j.metadata FROM cases AS c JOIN judgments AS j USING (judgment_id) WHERE judgment_id = ?",
                [judgment_id],
            )
        ),
        None,
    )
    if case is None:
        raise StoreError(f"the database holds no judgment {judgment_id!r}")
    found = _answers(connection, case, codebook)
    names = {answer.unit: answer.value.name for answer in found.values() if answer.variable.name == "name" and answer.shown}
    chosen = {label: answer for label, answer in found.items() if variable in (None, answer.variable.name)}
    citations, by_label = _citations(connection, judgment_id, chosen, codebook)
    document = Document.of(Judgment(case["source"], case["source_id"], case["text"], metadata=json.loads(case["metadata"])))
    return Opened(
        case, case["text"], _parties(chosen, by_label, names, codebook), citations, _parts(document, codebook), frozenset(_breaks(document))
    )


def _answers(connection: sqlite3.Connection, case: Row, codebook: Codebook) -> dict[int, Answer]:
    """Answers by the id of their label, without citations; voices that say the same of the same share one.

    What is said of a case out of scope as if it were in scope is left out.
    """
    tables = _in_tables(connection, case)
    left_out = SCOPED if case["in_scope"] == 0 else ()
    said: dict[tuple[str, str, str, bool], list[Row]] = defaultdict(list)
    for row in rows(connection, _LABELS, [case["judgment_id"]]):
        if row["variable"] in codebook.variables and row["variable"] not in left_out:
            said[(row["unit"], row["variable"], row["value"], row["by"] == DEFENCE)].append(row)
    return {row["id"]: answer for labels in said.values() for answer in [_answer(labels, tables, codebook)] for row in labels}


def _answer(labels: Sequence[Row], tables: Mapping[tuple[str, str], frozenset[str]], codebook: Codebook) -> Answer:
    row = labels[0]
    variable, value, voices = codebook[row["variable"]], row["value"], [label["by"] for label in labels]
    counted = tables.get((row["unit"], variable.name))
    return Answer(
        label=row["id"],
        unit=row["unit"],
        variable=variable,
        value=value_term(variable.name, value, codebook),
        voices=tuple((label["by"], label["score"]) for label in labels),
        shown=DEFENCE not in voices and (value in counted if counted is not None else "rules" in voices),
        silent=value in ("", variable.silence, *variable.defaults),
        of=_of(row["unit"], codebook),
    )


def _in_tables(connection: sqlite3.Connection, case: Row) -> dict[tuple[str, str], frozenset[str]]:
    """(unit, variable) -> the values that the analyst's tables hold; variables that no table has are missing."""
    members = ("weapon", "prior_dispute_channel")
    found = {
        ("case", name): frozenset(str(value or "").split(",") if name in members else [_stored(value)]) for name, value in case.items()
    }
    for unit, table in (("defendant", "defendants"), ("victim", "victims")):
        for row in rows(connection, f"SELECT * FROM {table} WHERE judgment_id = ?", [case["judgment_id"]]):
            found |= {(f"{unit}:{row['n']}", name): frozenset([_stored(value)]) for name, value in row.items()}
    charges: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows(connection, "SELECT * FROM charges WHERE judgment_id = ?", [case["judgment_id"]]):
        charges[(f"defendant:{row['defendant']}", "charge")].add(row["charge"])
    return found | {key: frozenset(values) for key, values in charges.items()}


def _stored(value: object) -> str:
    return "" if value is None else str(value)


def _citations(
    connection: sqlite3.Connection, judgment_id: str, answers: Mapping[int, Answer], codebook: Codebook
) -> tuple[tuple[Citation, ...], Mapping[int, Sequence[int]]]:
    """Citations in text order, the same words once, and for each answer the places of its citations."""
    places: dict[tuple[int, int], list[Row]] = defaultdict(list)
    for row in rows(connection, _EVIDENCE, [judgment_id]):
        if row["label_id"] in answers:
            places[(row["start"], row["end"])].append(row)
    citations, by_label = [], defaultdict(list)
    for number, ((start, end), quoted) in enumerate(places.items()):
        section, speaker = _term(codebook.sections, quoted[0]["section"]), _term(codebook.speakers, quoted[0]["speaker"])
        supported = {(answer := answers[row["label_id"]]).label: answer for row in quoted}
        citations.append(Citation(start, end, section, speaker, tuple(supported.values())))
        for label in supported:
            by_label[label].append(number)
    return tuple(citations), by_label


def _term(terms: Mapping[str, Term], name: str) -> Term:
    return terms.get(name) or Term(name, name, name)


def _parties(
    answers: Mapping[int, Answer], by_label: Mapping[int, Sequence[int]], names: Mapping[str, str], codebook: Codebook
) -> tuple[Party, ...]:
    order = {name: place for place, name in enumerate(codebook.variables)}
    units: dict[str, dict[int, Answer]] = defaultdict(dict)
    for answer in answers.values():
        units[answer.unit][answer.label] = _with_citations(answer, tuple(by_label.get(answer.label, ())))
    return tuple(
        Party(
            unit,
            _title(unit, names.get(unit, ""), codebook),
            tuple(sorted(units[unit].values(), key=lambda answer: (order[answer.variable.name], not answer.shown))),
        )
        for unit in sorted(units, key=_unit_order)
    )


def _with_citations(answer: Answer, citations: tuple[int, ...]) -> Answer:
    return replace(answer, citations=citations, silent=answer.silent and not citations)


def _unit_order(unit: str) -> tuple[int, int]:
    kind, _, number = unit.partition(":")
    return ("case", "defendant", "victim").index(kind), int(number or 0)


def _of(unit: str, codebook: Codebook) -> Term:
    kind, _, number = unit.partition(":")
    term = codebook.units[kind]
    return Term(unit, f"{term.zh}{number}", f"{term.en} {number}".rstrip())


def _title(unit: str, name: str, codebook: Codebook) -> Term:
    of = _of(unit, codebook)
    return Term(unit, f"{of.zh} {name}".rstrip(), f"{of.en} {name}".rstrip())


def _parts(document: Document, codebook: Codebook) -> tuple[Part, ...]:
    """Sections and turns of the text; what the reading view leaves out belongs to what stands before it."""
    if not document.view:
        return ()
    starts = [0, *(document.span(s.start, s.end).start for s in document.sections[1:])]
    turns = _turns(document, codebook)
    return tuple(
        Part(start, end, codebook.sections[stretch.section], _within(turns, start, end))
        for stretch, start, end in zip(document.sections, starts, [*starts[1:], len(document.text)], strict=True)
    )


def _breaks(document: Document) -> Iterator[int]:
    """Blanks of the text, no line breaks, that end a paragraph in the reading view."""
    for at, sign in enumerate(document.view):
        if sign == "\n" and document.text[place := document.span(at, at + 1).start] == " ":
            following = document.span(at + 1, at + 2).start if at + 1 < len(document.view) else len(document.text)
            if "\n" not in document.text[place:following]:
                yield place


def _turns(document: Document, codebook: Codebook) -> list[Turn]:
    """Turns in offsets of the text, neighbours of one speaker joined."""
    joined: list[Turn] = []
    for turn in document.turns:
        start, speaker = document.span(turn.start, turn.end).start if turn.start else 0, codebook.speakers[turn.speaker]
        if joined and (joined[-1].speaker, joined[-1].accepted) == (speaker, turn.accepted):
            continue
        joined.append(Turn(start, start, speaker, turn.accepted))
    ends = [*(turn.start for turn in joined[1:]), len(document.text)]
    return [Turn(t.start, end, t.speaker, t.accepted) for t, end in zip(joined, ends, strict=True)]


def _within(turns: Sequence[Turn], start: int, end: int) -> tuple[Turn, ...]:
    return tuple(Turn(max(t.start, start), min(t.end, end), t.speaker, t.accepted) for t in turns if t.start < end and t.end > start)


def tag(opened: Opened, citation: Citation) -> Term:
    """What stands behind quoted words: variable and value of each answer, of which person, and whose where the tables show another.

    A value that the words themselves print is not repeated.
    """
    words = "".join(opened.text[citation.start : citation.end].split())
    return Term("tag", _tag(citation.answers, words, "zh"), _tag(citation.answers, words, "en"))


def _tag(answers: Sequence[Answer], words: str, language: str) -> str:
    written, unit = [], CASE
    for answer in answers:
        of = "" if answer.unit == unit else f"{answer.of.label(language)} "
        value = answer.value.label(language)
        whose = "" if answer.shown else f" [{answer.by}]"
        written.append(f"{of}{answer.variable.label(language)}{'' if value == words else f': {value}'}{whose}")
        unit = answer.unit
    return "; ".join(dict.fromkeys(written))
