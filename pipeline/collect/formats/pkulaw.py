"""pkulaw (北大法宝) text export: title, blank line or 【labels】, court, kind of document, case number, indented paragraphs."""

from __future__ import annotations

import re

from pipeline.collect.fields import LABELS, metadata
from pipeline.collect.heading import is_court, is_title, take_apart
from pipeline.collect.record import judgment
from pipeline.schema import Judgment

NAME = "pkulaw"
_LABEL = re.compile(r"^【([^】]{1,12})】\s*(.*)$")
_INDENT = "\u3000\u3000"
_FRONT = 30


def recognise(head: str) -> bool:
    """Tell an export by a title over a blank line or labels, then the court's name, and paragraphs indented by two wide blanks."""
    lines = head.lstrip("\ufeff").split("\n")[:_FRONT]
    if len(lines) < 4 or not is_title(lines[0]):
        return False
    between = lines[1].strip() == "" or _LABEL.match(lines[1]) is not None
    return between and any(is_court(line) for line in lines[1:]) and any(line.startswith((_INDENT, "【")) for line in lines)


def parse(text: str, name: str) -> Judgment:
    """Return the judgment under the title; the labels become metadata. Raises RecordError."""
    lines = text.split("\n")
    labels = [_LABEL.match(line.strip()) for line in lines[:_FRONT]]
    pairs = [(label[1], label[2]) for label in labels if label and re.sub(r"\s", "", label[1]) in LABELS]
    rest = [line for line in lines[1:_FRONT] if not _LABEL.match(line.strip())] + lines[_FRONT:]
    body = "\n".join(take_apart(rest).body)
    return judgment(NAME, name, body, title=lines[0].strip("\ufeff \r\u3000"), metadata=metadata(pairs), judgment_expected=False)
