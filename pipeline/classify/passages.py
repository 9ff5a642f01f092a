"""The passages that a classifier may read: the acts as told, with what identifies a text rather than an act taken out.

Never the verdict, the charge or the sentence: attack types must come from the facts. Names, dates, numbers and places are masked, so
that a model cannot learn whose text it is.
"""

from __future__ import annotations

import re

from pipeline.schema import Section
from pipeline.text import Document

MOST_CHARACTERS = 1200  # about the length of the facts in a median judgment; longer ones are cut to the sentences around the conflict

_CONFLICT = re.compile(r"医|护|院|诊|病|患|因|不满|报复|殴|打|刀|砍|刺|骂|酒|争|纠纷")
_MASKS = (
    (re.compile(r"[\u4e00-\u9fff]某(?:某|[甲乙丙丁戊己庚辛\d])?|[\u4e00-\u9fff][×*X]{1,3}\d?"), "某"),
    (re.compile(r"\d+(?:\.\d+)?"), "0"),
    (re.compile(r"[\u4e00-\u9fff]{2,9}?(?:省|自治区|自治州|市|县|区|镇|乡|街道|路|村)(?=[\u4e00-\u9fff])"), ""),
    (re.compile(r"(?:公诉机关|检察院|起诉书)?[^，。：\n]{0,16}(?:指控|审理查明|查明)(?:称)?[，：]?"), ""),
    (re.compile(r"被告人|上诉人|原审|被害人"), ""),
)


def passages(document: Document) -> str:
    """The acts as told by the court, else the charge; masked, at most `MOST_CHARACTERS` characters."""
    told = document.findings or tuple(document.stretches(Section.PROSECUTION))
    text = "".join(document.view[start:end] for start, end in told)
    return _shortened(_masked(text))


def _masked(text: str) -> str:
    for pattern, replacement in _MASKS:
        text = pattern.sub(replacement, text)
    return text


def _shortened(text: str) -> str:
    """Whole when short enough; else the sentences that speak of illness, staff or conflict, in order, until the room is used."""
    if len(text) <= MOST_CHARACTERS:
        return text
    kept = [s for s in re.split(r"(?<=[。；\n])", text) if _CONFLICT.search(s)]
    return "".join(kept)[:MOST_CHARACTERS]
