"""Records of 案件名称 and 判决书: plain text padded with blank lines."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.collect.fields import metadata, printed
from pipeline.collect.record import identifier, judgment
from pipeline.schema import Judgment

NAME = "titled_record"


def recognise(record: Mapping[str, object]) -> bool:
    """Tell a record by its two names."""
    return "判决书" in record and "案件名称" in record


def parse(record: Mapping[str, object], fallback_id: str) -> Judgment:
    """Return the judgment, a line for each paragraph. Raises RecordError."""
    text = record["判决书"]
    if isinstance(text, str):
        text = "\n".join(line for raw in text.replace("\r", "\n").split("\n") if (line := raw.strip()))
    return judgment(
        NAME,
        identifier(record, ("id", "文书ID", "案号"), fallback_id),
        text,
        title=printed(record["案件名称"]),
        metadata=metadata((key, value) for key, value in record.items() if key != "案件名称"),
    )
