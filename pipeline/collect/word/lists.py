"""Automatic numbering of Word paragraphs (word/numbering.xml): part of what a reader sees, yet nowhere in the text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.collect.word.numerals import numeral

_PLACEHOLDER = re.compile(r"%([1-9])")
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_MOST = 99_999  # beyond it a counter is nonsense


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: the form of its number and the text around it (`（%1）`)."""

    form: str = "decimal"
    text: str = ""
    start: int = 1
    restarts: bool = True  # begins anew after a paragraph of a higher level
    plain: bool = False  # w:isLgl: numbers of all levels in decimal


@dataclass(frozen=True, slots=True)
class Numbering:
    """A list as paragraphs name it: its levels, the counters it shares with other lists, and levels that it begins anew."""

    counters: str
    levels: Mapping[int, Level]
    restarts: Mapping[int, int] = field(default_factory=dict)


class Counter:
    """Counts the paragraphs of all lists of a document, in reading order."""

    def __init__(self, lists: Mapping[str, Numbering]) -> None:
        self._lists = lists
        self._values: dict[str, dict[int, int]] = {}
        self._seen: set[str] = set()

    def next(self, name: str, depth: int) -> str:
        """Return what stands before the next paragraph of list `name` at level `depth` (from 0), with its blank; '' for bullets."""
        numbering = self._lists.get(name)
        level = numbering.levels.get(depth) if numbering else None
        if numbering is None or level is None:
            return ""
        values = self._values.setdefault(numbering.counters, {})
        if name not in self._seen:
            self._seen.add(name)
            for restarted, start in numbering.restarts.items():
                values[restarted] = start - 1
        values[depth] = min(values.get(depth, level.start - 1) + 1, _MOST)
        for deeper in [d for d in values if d > depth and numbering.levels.get(d, level).restarts]:
            del values[deeper]
        return _spaced(_PLACEHOLDER.sub(lambda m: _value(numbering, values, int(m[1]) - 1, level), level.text))


def _value(numbering: Numbering, values: Mapping[int, int], depth: int, level: Level) -> str:
    shown = numbering.levels.get(depth, Level())
    return numeral(values.get(depth, shown.start), "decimal" if level.plain else shown.form)


def _spaced(number: str) -> str:
    """Leave bullets of symbol fonts out. A number that ends in no wide sign keeps a blank: `1.` and `2012年` must not touch."""
    number = _PRIVATE.sub("", number).strip()
    return f"{number} " if number and number[-1].isascii() else number
