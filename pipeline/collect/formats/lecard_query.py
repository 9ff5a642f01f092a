"""LeCaRDv2 queries: `id, query, fact`; `query` is the full text without any separators."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.collect.fields import printed
from pipeline.collect.record import identifier, judgment
from pipeline.schema import Judgment, Section

NAME = "lecard_query"


def recognise(record: Mapping[str, object]) -> bool:
    """Tell a query by its two texts."""
    return "query" in record and "fact" in record


def parse(record: Mapping[str, object], fallback_id: str) -> Judgment:
    """Return the judgment of `query`. Raises RecordError."""
    parts = [(Section.FACTS, printed(record.get("fact")))]
    return judgment(NAME, identifier(record, ("id",), fallback_id), record["query"], parts=parts)
