"""The passages that a classifier may read: the acts as told, with what identifies a text rather than an act taken out.

Never the verdict, the charge or the sentence: attack types must come from the facts. Names, dates, numbers and places are masked, so
that a model cannot learn whose text it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipeline.schema import Section, Span
from pipeline.text import Document

BEFORE, AFTER = 420, 180  # characters that are read before the first attack (how it came about) and after it

_MASKS = (
    (re.compile(r"[\u4e00-\u9fff]某(?:某|[甲乙丙丁戊己庚辛\d])?(?!某?[省市县区镇乡村路街医公学])|[\u4e00-\u9fff][×*X]{1,3}\d?"), "某"),
    (re.compile(r"\d+(?:\.\d+)?"), "0"),
    (re.compile(r"(?:公诉机关|检察院|起诉书)?[^，。：\n]{0,16}(?:指控|审理查明|查明)(?:称)?[，：]?"), ""),
    (re.compile(r"被告人|上诉人|原审|被害人"), ""),
)


def passages(document: Document, attack: int | None = None, names: Iterable[str] = ()) -> tuple[tuple[str, Span], ...]:
    """The sentences that tell how the attack came about: each masked, with the span that it stands for.

    `attack`: place in the view of the first attack on staff or property; None when the text tells of none: then the acts' beginning.
    `names`: of the people in the judgment, masked as courts do.
    """
    told = document.findings or tuple(document.stretches(Section.PROSECUTION)) or ((0, len(document.view)),)
    longest = max(told, key=lambda stretch: stretch[1] - stretch[0])  # a court of appeal may find only that it finds the same
    start, end = next(((a, b) for a, b in told if attack is not None and a <= attack < b), longest)
    if attack is not None and start <= attack < end:
        start, end = max(start, attack - BEFORE), min(end, attack + AFTER)
    else:
        end = min(end, start + BEFORE + AFTER)
    cut = ((max(a, start), min(b, end)) for a, b in document.sentences if a < end and b > start)
    persons = re.compile("|".join(re.escape(name) for name in sorted(names, key=len, reverse=True)) or r"(?!)")
    return tuple((persons.sub("某", _masked(document.view[a:b])), document.span(a, b)) for a, b in cut if document.view[a:b].strip())


def _masked(text: str) -> str:
    for pattern, replacement in _MASKS:
        text = pattern.sub(replacement, text)
    return text
