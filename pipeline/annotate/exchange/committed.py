"""The form that is committed: labels keyed by judgment, hash of its text and offsets, without the text and without any words of it.

A value that consists of the judgment's own words (a name, an occupation, a charge) is told as the place where they stand, {"at": [start, end]}.
One that does not stand there is left out, and so are notes unless they are asked for: they are the coder's own words and may name people.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson

from pipeline.annotate.exchange.nouns import CodedJudgment, MalformedError, Reading, Texts, text_hash
from pipeline.annotate.exchange.shape import gather, head, lines, members, offsets, part, read_head, shown
from pipeline.codebook import Variable, load
from pipeline.schema import Entry

NAME, ENCODING = "annotations", "utf-8"
OWN_WORDS = "note"  # the variable whose value is the coder's remark, not the judgment's words
_NUMBER = re.compile(r"[0-9.]*")
_PARTS = {"unit", "variable", "values", "words", "unsure", "note", "left_out"}


def write(coded: Iterable[CodedJudgment], losses: Counter[str], notes: bool = False) -> Iterator[str]:
    """One line for each coding; `losses` counts the values and notes that are left out."""
    for each in coded:
        entries = [told for entry in each.entries if (told := _told(entry, each.text, losses, notes))]
        record = {**head(each, "source_id", "title"), **({"notes": True} if notes else {}), "entries": entries}
        yield orjson.dumps(record).decode() + "\n"


def _told(entry: Entry, text: str, losses: Counter[str], notes: bool) -> dict[str, Any]:
    """An entry without words of the text; empty when nothing is left of it."""
    values = {value: _value(entry, value, text, notes) for value in entry.values}
    left_out = [value for value, said in values.items() if said is None]
    losses["values that are words, but do not stand in their judgment's text"] += len(left_out)
    if entry.note and not notes:
        losses["notes (--notes writes them; they may name people)"] += 1
    said = {
        "values": [told for told in values.values() if told is not None],
        "words": [[start, end, values.get(value) or ""] for start, end, value in entry.words],
        "unsure": entry.unsure,
        "note": entry.note if notes else "",
        "left_out": len(left_out),
    }
    kept = {key: value for key, value in said.items() if value}
    return {"unit": entry.unit, "variable": entry.variable, **kept} if kept else {}


def _value(entry: Entry, value: str, text: str, notes: bool) -> str | dict[str, list[int]] | None:
    variable = load().variables.get(entry.variable)
    if not _are_words(variable) or _NUMBER.fullmatch(value) or (variable and value == variable.silence):
        return value
    if entry.variable == OWN_WORDS:
        return value if notes else None
    marked = next((start for start, end, said in entry.words if said == value and text[start:end] == value), -1)
    start = marked if marked >= 0 else text.find(value)
    return {"at": [start, start + len(value)]} if start >= 0 else None


def _are_words(variable: Variable | None) -> bool:
    """Whether values are taken from the text: not from the codebook, and neither a number nor a date."""
    return variable is None or (variable.kind in ("text", "list") and not variable.names)


def read(content: str, file: str, texts: Texts) -> Reading:
    """The codings of a file that `write` has made; `texts` gives the words that stand at a place."""

    def parse(record: Mapping[str, Any], place: str, losses: Counter[str]) -> list[CodedJudgment]:
        return [_coded(record, place, texts)]

    return gather(lines(content), parse, file)


def _coded(record: Mapping[str, Any], place: str, texts: Texts) -> CodedJudgment:
    said = members(record, "entries", dict)
    text = texts.text(part(record, "judgment_id", str)) or ""
    if text and text_hash(text) != part(record, "text_hash", str):
        raise MalformedError(f"the text of judgment {record['judgment_id']} has changed since it was coded (its hash is {text_hash(text)})")
    entries = tuple(_entry(each, text) for each in said)
    partial = frozenset((entry.unit, entry.variable) for entry, each in zip(entries, said, strict=True) if part(each, "left_out", int, 0))
    return CodedJudgment(entries=entries, partial=partial, notes=part(record, "notes", bool, False), **read_head(record, place))


def _entry(said: Mapping[str, Any], text: str) -> Entry:
    if unknown := said.keys() - _PARTS:
        raise MalformedError(f"an entry has no part {', '.join(map(repr, sorted(unknown)))}")
    words = tuple(_words(each, text) for each in members(said, "words", list))
    values = tuple(_said(value, text) for value in part(said, "values", list, []))
    unsure, note = part(said, "unsure", bool, False), part(said, "note", str, "")
    return Entry(part(said, "unit", str), part(said, "variable", str), values, words, unsure, note)


def _words(said: list[Any], text: str) -> tuple[int, int, str]:
    if len(said) != 3:
        raise MalformedError(f"`words` must hold [start, end, value], not {shown(said)}")
    return *offsets(said, len(text) if text else None), _said(said[2], text)


def _said(value: object, text: str) -> str:
    """A value as it is written, or the words at a place."""
    if isinstance(value, str):
        return value
    if not isinstance(value, dict) or set(value) != {"at"}:
        raise MalformedError(f'a value must be text or {{"at": [start, end]}}, not {shown(value)}')
    start, end = offsets(value["at"], len(text) if text else None)
    return text[start:end]
