"""Sentencing contest set: `case_id, case_detail, case_judgment, person, case_judgment_label`. Text taken out of PDF and Word files.

Lines break inside sentences and names (the reading view joins them), pages are numbered amid the text, and some records begin with
the court's internal routing slip (签发, 核稿人, 拟稿人, 校对).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from pipeline.collect.fields import printed
from pipeline.collect.heading import is_court
from pipeline.collect.record import identifier, judgment
from pipeline.schema import Judgment, Section

NAME = "sentencing_contest"
_PAGE_NUMBER = re.compile(r"\s*(?:[-—－]\s*(\d{1,3})\s*[-—－]|(\d{1,3}))\s*")
_ROUTING = re.compile(r"\s*(?:签\s*发|核\s*稿|主\s*办|拟\s*稿)[\s\S]{0,300}?校\s*对[^\n]{0,8}[:：]?")
_SLIP = 40  # lines within which the court's name stands after a slip


def recognise(record: Mapping[str, object]) -> bool:
    """Tell a record by its text and identifier."""
    return "case_detail" in record and "case_id" in record


def parse(record: Mapping[str, object], fallback_id: str) -> Judgment:
    """Return what the court found, then what it decided where the record says so. Raises RecordError."""
    detail, decided = record["case_detail"], printed(record.get("case_judgment"))
    text = f"{_without_pages(_without_slip(detail))}\n{decided}".strip() if isinstance(detail, str) else detail
    persons = printed(record.get("person"))
    return judgment(
        NAME,
        identifier(record, ("case_id",), fallback_id),
        text,
        metadata={"criminals": persons} if persons else {},
        parts=[(Section.COURT_VIEW, decided)] if decided.startswith("本院认为") else (),
    )


def _without_slip(text: str) -> str:
    """Cut the routing slip, which ends at the court's name or, where that is masked away, at its last label."""
    slip = _ROUTING.match(text)
    if not slip:
        return text
    lines = text.split("\n")
    court = next((number for number, line in enumerate(lines[:_SLIP]) if is_court(line)), None)
    return text[slip.end() :] if court is None else "\n".join(lines[court:])


def _without_pages(text: str) -> str:
    """Leave out the lines that number the pages: - 2 - wherever it stands, and bare 1, 2, 3 ... in their order."""
    page, kept = 1, []
    for line in text.split("\n"):
        number = _PAGE_NUMBER.fullmatch(line)
        if number and (number[1] or int(number[2]) == page):
            page = int(number[1] or number[2]) + 1
        else:
            kept.append(line)
    return "\n".join(kept)
