"""China Judgments Online, new site: text of the rendered page (`docid, major_text, basic_inf, legal_basis`)."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.collect.fields import labelled_lines, metadata, printed
from pipeline.collect.heading import take_apart
from pipeline.collect.record import identifier, judgment
from pipeline.schema import Judgment

NAME = "wenshu_dump"


def recognise(record: Mapping[str, object]) -> bool:
    """Tell a record by the page's text."""
    return "major_text" in record


def parse(record: Mapping[str, object], fallback_id: str) -> Judgment:
    """Return the judgment without the page's title and date lines, which become metadata. Raises RecordError."""
    text = record["major_text"]
    parts = take_apart(text.split("\n") if isinstance(text, str) else [])
    facts = metadata(labelled_lines(printed(record.get("basic_inf")).split("\n")))
    facts |= metadata([("published_on", parts.published_on)])
    laws = [line for line in printed(record.get("legal_basis")).split("\n") if line.strip() not in {"", "法律依据"}]
    return judgment(
        NAME,
        identifier(record, ("docid", "docId"), fallback_id),
        "\n".join(parts.body) if isinstance(text, str) else text,
        title=parts.title,
        metadata=facts | metadata([("legal_basis", laws)]),
    )
