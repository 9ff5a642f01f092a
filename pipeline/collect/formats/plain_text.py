"""Plain text: one judgment or fact paragraph in a file, with or without a title on its first line."""

from __future__ import annotations

from pipeline.collect.fields import labelled_lines, metadata
from pipeline.collect.heading import take_apart
from pipeline.collect.record import judgment
from pipeline.schema import Judgment

NAME = "text"
_FRONT = 20  # lines of title, dates and labels that may stand over the court's name


def recognise(head: str) -> bool:
    """Any text may be one; what it holds decides in `parse`."""
    return True


def parse(text: str, name: str) -> Judgment:
    """Return the judgment in the text. Raises RecordError."""
    parts = take_apart(text.lstrip("\ufeff").replace("\r\n", "\n").split("\n"), front=_FRONT)
    facts = metadata([*labelled_lines(parts.before), ("published_on", parts.published_on)])
    return judgment(NAME, name, "\n".join(parts.body), title=parts.title, metadata=facts, judgment_expected=False)
