"""JuDGE: `text_id, text` (the facts), `la` (articles of the Criminal Law), `fd` (the full document)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pipeline.collect.fields import metadata, printed
from pipeline.collect.record import identifier, judgment
from pipeline.schema import Judgment, Section

NAME = "judge"


def recognise(record: Mapping[str, object]) -> bool:
    """Tell a record by its full document and identifier."""
    return "fd" in record and "text_id" in record


def parse(record: Mapping[str, object], fallback_id: str) -> Judgment:
    """Return the judgment of `fd`. `la` is printed as a list inside a string. Raises RecordError."""
    articles = ",".join(re.findall(r"\d+", printed(record.get("la"))))
    return judgment(
        NAME,
        identifier(record, ("text_id",), fallback_id),
        record["fd"],
        metadata=metadata([("relevant_articles", articles)]),
        parts=[(Section.FACTS, printed(record.get("text")))],
    )
