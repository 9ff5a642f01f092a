"""LeCaRD candidates: `ajId, ajName, ajjbqk, cpfxgc, pjjg, qw, writId, writName`; LeCaRDv2 candidates: `pid, qw, fact, reason, result, charge, article`.

`qw` is the full text on one line.
"""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.collect.fields import metadata, printed
from pipeline.collect.record import identifier, judgment
from pipeline.schema import Judgment, Section

NAME = "lecard"
_IDS = ("writId", "pid", "ajId")
_PARTS = (
    (Section.FACTS, ("ajjbqk", "fact")),
    (Section.COURT_VIEW, ("cpfxgc", "reason")),
    (Section.DISPOSITION, ("pjjg", "result")),
)


def recognise(record: Mapping[str, object]) -> bool:
    """Tell a candidate by its full text and one of its identifiers."""
    return "qw" in record and any(key in record for key in (*_IDS, "writName"))


def parse(record: Mapping[str, object], fallback_id: str) -> Judgment:
    """Return the judgment of `qw`. Raises RecordError."""
    facts = metadata([("case_name", record.get("ajName")), ("relevant_articles", record.get("article"))])
    if charges := printed(record.get("charge")):
        facts["accusation"] = charges
    return judgment(
        NAME,
        identifier(record, _IDS, fallback_id),
        record["qw"],
        title=printed(record.get("writName")) or printed(record.get("ajName")),
        metadata=facts,
        parts=[(section, text) for section, keys in _PARTS if (text := next(filter(None, (printed(record.get(k)) for k in keys)), ""))],
    )
