"""Pleas that the facts or reasons report: 辩护人提出, 被告人辩称. What only the defence claims is no finding."""

from __future__ import annotations

import re

from pipeline.text import Document

_PLEA = re.compile(r"辩护人[^，。；]{0,16}(?:提出|认为|辩称|辩护|意见)|(?:被告人|上诉人)[^，。；]{0,16}(?:辩称|辩解|上诉称|上诉提出)")
_ACCEPTED = re.compile(r"(?<!不予)(?<!不应)(?<!不能)采纳|属实|予以(?:支持|采信|认定)|成立")
_REJECTED = re.compile(r"不(?:予|应|能)?(?:采纳|采信|支持|成立)|不(?:足|能)采信")
_REACH = 160


def pleaded(document: Document, position: int) -> bool:
    """Whether the words at the place are what the defence claims, and the sentence does not say that the court accepts it."""
    start, end = document.sentence_at(position)
    if not _PLEA.search(document.view, max(start, position - _REACH), position):
        return False
    after = document.view[position : min(end, position + _REACH)]
    return bool(_REJECTED.search(after)) or not _ACCEPTED.search(after)
