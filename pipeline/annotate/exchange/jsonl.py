"""Plain JSON lines with everything: one object for each judgment and voice, with the text and the words that are quoted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson

from pipeline.annotate.exchange.nouns import CodedJudgment, MalformedError, Reading, Texts
from pipeline.annotate.exchange.shape import gather, head, lines, members, offsets, part, read_head
from pipeline.schema import Entry

NAME, ENCODING = "jsonl", "utf-8"


def write(coded: Iterable[CodedJudgment], losses: Counter[str], notes: bool = True) -> Iterator[str]:
    """One line for each coding."""
    for each in coded:
        entries = [_told(entry, each.text, notes) for entry in each.entries]
        yield orjson.dumps({**head(each), "text": each.text, "entries": entries}).decode() + "\n"


def _told(entry: Entry, text: str, notes: bool) -> dict[str, Any]:
    words = [{"start": start, "end": end, "value": value, "quotation": text[start:end]} for start, end, value in entry.words]
    aside = {"words": words, "unsure": entry.unsure, "note": entry.note if notes else ""}
    told = {"unit": entry.unit, "variable": entry.variable, "values": list(entry.values)}
    return {**told, **{key: value for key, value in aside.items() if value}}


def read(content: str, file: str, texts: Texts) -> Reading:
    """The codings of a file that `write` has made."""
    return gather(lines(content), _coded, file)


def _coded(record: Mapping[str, Any], place: str, losses: Counter[str]) -> list[CodedJudgment]:
    text = part(record, "text", str, "")
    entries = tuple(_entry(each, text) for each in members(record, "entries", dict))
    return [CodedJudgment(text=text, entries=entries, **read_head(record, place))]


def _entry(said: Mapping[str, Any], text: str) -> Entry:
    unit, variable = part(said, "unit", str), part(said, "variable", str)
    words = tuple(_words(each, text) for each in members(said, "words", dict))
    values = tuple(members(said, "values", str))
    return Entry(unit, variable, values, words, part(said, "unsure", bool, False), part(said, "note", str, ""))


def _words(said: Mapping[str, Any], text: str) -> tuple[int, int, str]:
    start, end = offsets([said.get("start"), said.get("end")], len(text) if text else None)
    quotation = part(said, "quotation", str, "")
    if text and quotation and quotation != text[start:end]:
        raise MalformedError(f"`quotation` is '{quotation[:40]}', but at {start}-{end} stands '{text[start:end][:40]}'")
    return start, end, part(said, "value", str, "")
