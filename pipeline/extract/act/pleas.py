"""Pleas that the facts or reasons report: 辩护人提出, 被告人辩称. What only the defence claims is no finding, but it is kept."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.extract.engine.matching import Match
from pipeline.schema import Label, Section, Span, Speaker
from pipeline.text import Document

_PLEA = re.compile(r"辩护人[^，。；]{0,16}(?:提出|认为|辩称|辩护|意见)|(?:被告人|上诉人)[^，。；]{0,16}(?:辩称|辩解|上诉称|上诉提出)")
_ACCEPTED = re.compile(r"(?<!不予)(?<!不应)(?<!不能)采纳|属实|予以(?:支持|采信|认定)|成立")
_REJECTED = re.compile(r"不(?:予|应|能)?(?:采纳|采信|支持|成立)|不(?:足|能)采信")
_REACH = 160
_MAX_EVIDENCE = 3


def pleaded(document: Document, position: int) -> bool:
    """Whether the words at the place are what the defence claims, and the sentence does not say that the court accepts it."""
    start, end = document.sentence_at(position)
    if not _PLEA.search(document.view, max(start, position - _REACH), position):
        return False
    after = document.view[position : min(end, position + _REACH)]
    return bool(_REJECTED.search(after)) or not _ACCEPTED.search(after)


def claimed(document: Document, position: int) -> bool:
    """Whether the defence claims the words: in its own section, as the court reports and answers it, or as a reported plea."""
    section = document.section_at(position)
    if section is Section.DEFENCE:
        return True
    if section is Section.COURT_VIEW and document.speaker_at(position) is Speaker.DEFENCE:
        return True
    return section is not Section.EVIDENCE and pleaded(document, position)


def claim_labels(document: Document, variable: str, claims: Sequence[Match]) -> list[Label]:
    """One label by "defence" for each value that the defence claims for the case, with the words."""
    values = sorted({m.rule.value for m in claims})
    return [Label("case", variable, v, "defence", _spans(document, [m for m in claims if m.rule.value == v])) for v in values]


def _spans(document: Document, claims: Sequence[Match]) -> tuple[Span, ...]:
    return tuple(m.span(document) for m in claims[:_MAX_EVIDENCE])
