"""What a release says of one judgment: its text without names, and every row that belongs to it, with places that fit that text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any, NamedTuple

from pipeline.release import Level, Masked, Values
from pipeline.schema import Judgment
from pipeline.store.connection import now
from pipeline.store.trust import DEFENCE, RANKS

Row = Mapping[str, Any]
Rows = dict[str, list[tuple[Any, ...]]]
READER = "release"  # source of every released judgment
# What is read of each judgment, by table.
QUESTIONS = {
    "labels": 'SELECT id, judgment_id, unit, variable, value, "by", score, codebook_version, mode FROM labels WHERE {} ORDER BY id',
    "evidence": 'SELECT label_id, judgment_id, start, "end", section, speaker, rule, accepted, weight FROM evidence WHERE {} ORDER BY id',
    "predictions": 'SELECT judgment_id, variable, value, probability, in_set, "by" FROM predictions WHERE {}',
    "stages": "SELECT judgment_id, stage, fingerprint FROM stages WHERE {}",
    "keyword_hits": 'SELECT judgment_id, keywords, expression, start, "end" FROM keyword_hits WHERE {}',
    "cited_cases": "SELECT * FROM cited_cases WHERE {}",
}


class Voices:
    """Pseudonyms of the people who coded: coder-1, coder-2 in an order that tells nothing of their names."""

    def __init__(self, voices: Iterable[str], order: Callable[[str], bytes]) -> None:
        people = sorted({who for _, who in map(_parted, voices) if who}, key=order)
        self._given = {name: f"coder-{number}" for number, name in enumerate(people, 1)}

    def of(self, voice: str) -> str:
        """The voice as it is released: screen:somebody becomes screen:coder-1, the rules and models stay what they are."""
        kind, who = _parted(voice)
        return ":".join(part for part in (kind, self._given.get(who, who)) if part)


def _parted(voice: str) -> tuple[str, str]:
    """(kind, person): of the rules, of models and of the defence only the kind, of a coder only the person."""
    kind, _, who = voice.partition(":")
    if kind in ("model", "rules", DEFENCE):
        return voice, ""
    return (kind, who) if kind in RANKS else ("", voice)


@dataclass(slots=True)
class Released:
    """One judgment as it goes out, the rows that belong to it alone, and the citations, which wait for the ids of what they cite."""

    judgment: Judgment
    rows: Rows = field(default_factory=lambda: defaultdict(list))
    citations: list[tuple[Any, ...]] = field(default_factory=list)


class Told(NamedTuple):
    """What the database holds of one judgment, by table."""

    judgment_id: str
    tables: Mapping[str, list[Row]]


class RowMaker:
    """Makes the rows of released judgments; label ids run on over all of them."""

    def __init__(self, values: Values, voices: Voices) -> None:
        self._values, self._voices, self._ids, self._at = values, voices, count(1), now()

    def public(self, told: Told, number: str, level: Level) -> Released:
        """The coded values of a judgment whose text stays at home."""
        text = f"文本未公开：第 {number} 号记录。\nText withheld: record {number}."
        released = Released(Judgment(READER, number, text))
        self._labels(released, told, lambda variable, value: self._values.public(variable, value, level))
        self._machine_rows(released, told)
        return released

    def research(self, told: Told, number: str, text: Masked, names: dict[str, str], masked: Callable[[str], str], copy: int) -> Released:
        """The text without names, with everything that is said of it; `copy` numbers texts that have become the same as another one."""
        ending = f"\n（与另一份文书文字相同，第{copy + 1}份）" if copy else ""
        released = Released(Judgment(READER, number, text.text + ending))
        ids = self._labels(released, told, lambda variable, value: self._values.research(variable, value, names, masked))
        self._machine_rows(released, told)
        self._evidence(released, told, text, ids)
        for row in told.tables["keyword_hits"]:
            start, end = text.span(row["start"], row["end"])
            key = (released.judgment.judgment_id, row["keywords"], row["expression"])
            released.rows["keyword_hits"].append((*key, start, end, text.text[start:end]))
        released.citations = [self._citation(released, row, text, masked) for row in told.tables["cited_cases"]]
        return released

    def _labels(self, released: Released, told: Told, value_of: Callable[[str, str], str | None]) -> dict[int, tuple[Any, ...]]:
        """Add the labels; for the id of each label in the database, (new id, unit, variable, voice). Values cut to one are one label."""
        judgment_id, kept, ids = released.judgment.judgment_id, dict[tuple[str, ...], int](), dict[int, tuple[Any, ...]]()
        for row in told.tables["labels"]:
            value, by = value_of(row["variable"], row["value"]), self._voices.of(row["by"])
            if value is None:
                continue
            key = (row["unit"], row["variable"], value, by)
            if key not in kept:
                kept[key] = next(self._ids)
                rest = (row["score"], row["codebook_version"], self._at, row["mode"])
                released.rows["labels"].append((kept[key], judgment_id, *key, *rest))
            ids[row["id"]] = (kept[key], row["unit"], row["variable"], by)
        return ids

    def _machine_rows(self, released: Released, told: Told) -> None:
        judgment_id = released.judgment.judgment_id
        for row in told.tables["predictions"]:
            said = (row["variable"], row["value"], row["probability"], row["in_set"], self._voices.of(row["by"]))
            released.rows["predictions"].append((judgment_id, *said))
        for row in told.tables["stages"]:
            if row["stage"] != "sign":  # what was read off the text for linking is not released
                released.rows["stages"].append((judgment_id, row["stage"], row["fingerprint"], self._at))

    def _evidence(self, released: Released, told: Told, text: Masked, ids: Mapping[int, tuple[Any, ...]]) -> None:
        for row in told.tables["evidence"]:
            if row["label_id"] in ids:
                label_id, unit, variable, by = ids[row["label_id"]]
                start, end = text.span(row["start"], row["end"])
                place = (start, end, text.text[start:end], row["section"], row["speaker"], row["rule"], row["accepted"], row["weight"])
                released.rows["evidence"].append((label_id, released.judgment.judgment_id, unit, variable, by, *place))

    def _citation(self, released: Released, row: Row, text: Masked, masked: Callable[[str], str]) -> tuple[Any, ...]:
        start, end = text.span(row["start"], row["end"])
        said = (masked(row["case_number"]), row["court"], row["decided_on"][:7], row["kind"], "", row["procedural"], row["sent_back"])
        return (released.judgment.judgment_id, start, end, text.text[start:end], *said, row["relation"], row["cited_id"])
