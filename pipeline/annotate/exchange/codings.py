"""The flat form of `annotations/demonstration.jsonl`: one object for each judgment, from which `anjuan train --codings` learns.

It holds values of the case, its victims, and a quotation for each of some variables. What it cannot hold is counted: defendants, doubts,
notes, a second voice about the same judgment.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

import orjson

from pipeline.annotate.exchange.nouns import ADJUDICATED, CodedJudgment, MalformedError, Reading, Texts, text_hash
from pipeline.annotate.exchange.quoting import places
from pipeline.annotate.exchange.shape import gather, lines, members, part, shown
from pipeline.codebook import Codebook, Variable, load
from pipeline.schema import Entry

NAME, ENCODING = "codings", "utf-8"
_VICTIM = {"role": "role", "injury": "injury", "n": "persons", "name": "name", "grade": "injury_grade"}  # key of the form: variable
_KEYS = {variable: key for key, variable in _VICTIM.items()}
_ABOUT = frozenset({"id", "judgment_id", "victims", "evidence", "title"})  # no variables, or told by the text itself
_NOT_KEPT = "`{}`, which the database has no place for"
_FURTHER = "codings of further voices; --coder chooses one"


def read(content: str, file: str, texts: Texts) -> Reading:
    """The codings of a file, each of the judgment with its `judgment_id`, else of the one that its source calls `id`."""

    def parse(record: Mapping[str, Any], place: str, losses: Counter[str]) -> list[CodedJudgment]:
        judgment_id, text = _judgment(record, texts)
        entries, source_id = _entries(record, text, losses), part(record, "id", str, "")
        return [CodedJudgment(judgment_id, source_id, text_hash=text_hash(text), entries=entries, place=place, notes=False)]

    return gather(lines(content), parse, file)


def _judgment(record: Mapping[str, Any], texts: Texts) -> tuple[str, str]:
    """Identifier and text of the judgment that a record is about."""
    judgment_id, source_id = part(record, "judgment_id", str, ""), part(record, "id", str, "")
    named = [judgment_id] if judgment_id else list(texts.named(source_id)) if source_id else []
    if len(named) > 1:
        raise MalformedError(f"{len(named)} judgments of the database are called '{source_id}'; say which by `judgment_id`")
    text = texts.text(named[0]) if named else None
    if text is None:
        raise MalformedError(
            f"the database holds no judgment '{judgment_id or source_id}'; import the texts first, or correct `judgment_id` or `id`"
        )
    return named[0], text


def _entries(record: Mapping[str, Any], text: str, losses: Counter[str]) -> tuple[Entry, ...]:
    codebook, quotations = load(), part(record, "evidence", dict, {})
    variables = {variable.name: variable for variable in codebook.of_unit("case") if not variable.derived}
    fields = {("case", name): _values(variables[name], value) for name, value in record.items() if name in variables and name not in _ABOUT}
    for number, victim in enumerate(members(record, "victims", dict), 1):
        for key, name in _VICTIM.items():
            fields[f"victim:{number}", name] = _values(codebook[name], victim.get(key))
        losses.update(dict.fromkeys((_NOT_KEPT.format(f"victims.{key}") for key in sorted(victim.keys() - _VICTIM.keys())), 1))
    losses.update(dict.fromkeys((_NOT_KEPT.format(key) for key in sorted(record.keys() - variables.keys() - _ABOUT)), 1))
    words = _quoted(quotations, text, losses)
    for name in words.keys() - {name for unit, name in fields if unit == "case"}:
        if name not in variables:
            raise MalformedError(f"`evidence` quotes for '{name}', which is no variable of the case")
        fields["case", name] = ()
    said = ((unit, name, values, words.get(name, ()) if unit == "case" else ()) for (unit, name), values in sorted(fields.items()))
    return tuple(_entry(*each) for each in said if each[2] or each[3])


def _entry(unit: str, variable: str, values: tuple[str, ...], words: tuple[tuple[int, int], ...]) -> Entry:
    value = values[0] if len(values) == 1 else ""
    return Entry(unit, variable, values, tuple((start, end, value) for start, end in words))


def _values(variable: Variable, value: object) -> tuple[str, ...]:
    """A coded value as the database writes it: flags 0 and 1, a list's members, ("",) for a list known to be empty; () for not coded."""
    if value is None or value == "":
        return ()
    if variable.kind == "list":
        if not isinstance(value, list) or not all(isinstance(member, str) for member in value):
            raise MalformedError(f"`{variable.name}` must be a list of text, not {shown(value)}")
        return tuple(dict.fromkeys(value)) or ("",)
    if isinstance(value, bool):
        return (str(int(value)),)
    if not isinstance(value, str | int):
        raise MalformedError(f"`{variable.name}` must be one value, not {shown(value)}")
    return (str(value),)


def _quoted(quotations: Mapping[str, Any], text: str, losses: Counter[str]) -> dict[str, tuple[tuple[int, int], ...]]:
    """By variable the places of its quotation; a quotation that does not stand in the text is counted, and its label kept."""
    found: dict[str, tuple[tuple[int, int], ...]] = {}
    for name in quotations:
        if quotation := part(quotations, name, str, ""):
            where = places(text, quotation)
            losses["quotations that do not stand in their judgment's text (their labels are kept)"] += where is None
            if where is not None:
                found[name] = (where,)
    return found


def write(coded: Iterable[CodedJudgment], losses: Counter[str], notes: bool = True) -> Iterator[str]:
    """One line for each judgment that a person has coded: by the adjudicated voice, else by the first; `losses` counts the rest."""
    codebook = load()
    for _, group in groupby(coded, key=lambda each: each.judgment_id):
        coders = [each for each in group if not each.coder.startswith("screen:")]
        voices = sorted(coders, key=lambda each: (each.coder != ADJUDICATED, each.coder))
        if voices:
            losses[_FURTHER] += len(voices) - 1
            yield orjson.dumps(_flat(voices[0], codebook, losses)).decode() + "\n"


def _flat(coded: CodedJudgment, codebook: Codebook, losses: Counter[str]) -> dict[str, Any]:
    row: dict[str, Any] = {"id": coded.source_id, "judgment_id": coded.judgment_id}
    victims: dict[str, dict[str, Any]] = {}
    evidence: dict[str, str] = {}
    for entry in coded.entries:
        losses["doubts"] += entry.unsure
        losses["notes"] += bool(entry.note)
        if entry.unit == "case" and entry.variable:
            row |= {entry.variable: _plain(codebook[entry.variable], entry.values)} if entry.values else {}
            evidence.update((entry.variable, coded.text[start:end]) for start, end, _ in entry.words[:1])
            losses["quotations behind the first of a variable"] += len(entry.words[1:])
        elif entry.unit.startswith("victim:") and entry.variable in _KEYS and entry.values:
            victims.setdefault(entry.unit, {})[_KEYS[entry.variable]] = _plain(codebook[entry.variable], entry.values)
        else:
            losses["values of defendants"] += len(entry.values) if entry.unit.startswith("defendant:") else 0
    if row.get("in_scope") is False:
        return row
    people = [victims[unit] for unit in sorted(victims, key=lambda unit: int(unit.partition(":")[2]))]
    return row | ({"victims": people} if people else {}) | ({"evidence": evidence} if evidence else {})


def _plain(variable: Variable, values: tuple[str, ...]) -> bool | int | str | list[str]:
    if variable.kind == "list":
        return [value for value in values if value]
    if variable.kind == "flag":
        return values[0] == "1"
    return int(values[0]) if variable.kind == "integer" and values[0] else values[0]
