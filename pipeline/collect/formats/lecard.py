"""LeCaRD candidates: `ajId, ajName, ajjbqk, cpfxgc, pjjg, qw, writId, writName`; `qw` is the full text on one line."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.collect.fields import metadata, printed
from pipeline.collect.record import identifier, judgment
from pipeline.schema import Judgment

NAME = "lecard"


def recognise(record: Mapping[str, object]) -> bool:
    """Tell a candidate by its full text and one of its identifiers."""
    return "qw" in record and ("writId" in record or "writName" in record or "ajId" in record)


def parse(record: Mapping[str, object], fallback_id: str) -> Judgment:
    """Return the judgment of `qw`. Raises RecordError."""
    return judgment(
        NAME,
        identifier(record, ("writId", "ajId"), fallback_id),
        record["qw"],
        title=printed(record.get("writName")) or printed(record.get("ajName")),
        metadata=metadata([("case_name", record.get("ajName"))]),
    )
