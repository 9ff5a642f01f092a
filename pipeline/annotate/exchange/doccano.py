"""doccano's JSON lines, as its project type "intent detection and slot filling" reads and writes them.

`cats` are the values that the codebook lists, `entities` the labelled words; what doccano knows no place for stands in further columns,
which it keeps as metadata and exports again. Read are also `label` of its other text projects (strings or [start, end, label]), words as
objects of its relation projects, and `Comments`. Offsets count UTF-16 code units unless a project counts graphemes:
https://github.com/doccano/doccano/issues/2290.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson

from pipeline.annotate.exchange.draft import Draft
from pipeline.annotate.exchange.keys import field, field_name, is_closed, label, marked
from pipeline.annotate.exchange.nouns import CodedJudgment, MalformedError, Reading, Texts
from pipeline.annotate.exchange.offsets import Utf16
from pipeline.annotate.exchange.shape import gather, head, lines, members, offsets, part, read_head, shown
from pipeline.codebook import load
from pipeline.schema import Entry

NAME, ENCODING = "doccano", "utf-8"
CASE_NOTE = ("case", "")


def write(coded: Iterable[CodedJudgment], losses: Counter[str], notes: bool = True) -> Iterator[str]:
    """One line for each coding; a judgment that two have coded is two documents."""
    for each in coded:
        yield orjson.dumps(_record(each, notes)).decode() + "\n"


def _record(coded: CodedJudgment, notes: bool) -> dict[str, Any]:
    codebook, units = load(), Utf16(coded.text)
    record: dict[str, Any] = {"text": coded.text, "entities": [], "cats": []}
    aside: dict[str, Any] = {"values": {}, "unsure": [], "notes": {}}
    for entry in coded.entries:
        name = field_name(entry.unit, entry.variable)
        record["entities"] += [[units.units(start), units.units(end), label(codebook, entry, value)] for start, end, value in entry.words]
        _put_values(entry, name, is_closed(codebook.variables.get(entry.variable)), record["cats"], aside["values"])
        aside["unsure"] += [name] if entry.unsure else []
        aside["notes"] |= {name: entry.note} if entry.note and notes else {}
    return {**record, **{key: value for key, value in aside.items() if value}, **head(coded)}


def _put_values(entry: Entry, name: str, closed: bool, categories: list[str], values: dict[str, list[str]]) -> None:
    if closed:
        categories += [f"{name}={value}" for value in entry.values]
    elif entry.values:
        values[name] = list(entry.values)


def read(content: str, file: str, texts: Texts) -> Reading:
    """The codings of a file that doccano (or `write`) has made."""
    return gather(lines(content), _coded, file)


def _coded(record: Mapping[str, Any], place: str, losses: Counter[str]) -> list[CodedJudgment]:
    text, draft = part(record, "text", str), Draft()
    units = Utf16(text)
    for name in _categories(record):
        said = marked(name)
        if said.value is None:
            raise MalformedError(f"category '{name}' says no value")
        draft.choose((said.unit, said.variable), [said.value])
    for name, values in part(record, "values", dict, {}).items():
        draft.choose(field(name), members({name: values}, name, str))
    for start, end, name in _entities(record):
        draft.mark(*_place(units, start, end), marked(name))
    for name in members(record, "unsure", str):
        draft.doubt(field(name))
    for name, note in part(record, "notes", dict, {}).items():
        draft.note(field(name), part({name: note}, name, str))
    for comment in members(record, "Comments", str):
        draft.note(CASE_NOTE, comment)
    return [CodedJudgment(text=text, entries=draft.entries(), **read_head(record, place))]


def _categories(record: Mapping[str, Any]) -> list[str]:
    """What the whole text was said to be."""
    found = [*members(record, "cats", str), *(name for name in part(record, "label", list, []) if isinstance(name, str))]
    return list(dict.fromkeys(found))


def _entities(record: Mapping[str, Any]) -> Iterator[tuple[int, int, str]]:
    """The labelled words, in units: as [start, end, label], or as objects with ids."""
    for key in ("entities", "label", "labels"):
        for found in part(record, key, list, []):
            if isinstance(found, dict):
                span = [found.get("start_offset"), found.get("end_offset"), found.get("label")]
            elif isinstance(found, str) and key == "label":
                continue
            else:
                span = found
            if not isinstance(span, list) or len(span) != 3 or not isinstance(span[2], str):
                raise MalformedError(f"`{key}` must hold [start, end, label], not {shown(found)}")
            yield *offsets(span), span[2]


def _place(units: Utf16, start: int, end: int) -> tuple[int, int]:
    begin, behind = units.place(start), units.place(end)
    if begin is None or behind is None:
        raise MalformedError(
            f"words {start}-{end} lie outside the text or cut a character in two; offsets must count UTF-16 code units, "
            "as doccano does unless a project counts grapheme clusters"
        )
    return begin, behind
