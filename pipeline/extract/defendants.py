"""Defendants as the heading names them (当事人信息)."""

from __future__ import annotations

import re

from pipeline.extract.case import Defendant
from pipeline.schema import Section
from pipeline.text import Document

_NAMED = re.compile(r"(?:^|(?<=[。\n；）]))(?:上诉人（原审被告人）|原审被告人|被告人|上诉人|被告单位)[：:]?([^，。；：、（）\n]{2,20})")


def defendants(document: Document) -> tuple[Defendant, ...]:
    """The defendants in the order of the heading; none where the text has no heading."""
    found: dict[str, re.Match[str]] = {}
    for start, end in document.stretches(Section.HEADING):
        for m in _NAMED.finditer(document.view, start, end):
            found.setdefault(m[1], m)
    rows = list(found.items())
    ends = [m.start() for _, m in rows[1:]] + [document.stretches(Section.HEADING)[-1][1]] if rows else []
    return tuple(Defendant(n, name, (name,), m.start(), end) for n, ((name, m), end) in enumerate(zip(rows, ends, strict=True), 1))
