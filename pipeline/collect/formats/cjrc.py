"""CJRC (reading comprehension, as SQuAD): `paragraphs: [{context, casename, qas}], domain, caseid`; `context` is the fact paragraph."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.collect.fields import metadata, printed
from pipeline.collect.record import identifier, judgment
from pipeline.schema import Judgment

NAME = "cjrc"
_DOMAINS = {"criminal": "刑事", "civil": "民事", "administrative": "行政"}


def recognise(record: Mapping[str, object]) -> bool:
    """Tell a case by its paragraphs."""
    return isinstance(record.get("paragraphs"), list) and ("caseid" in record or "domain" in record)


def parse(record: Mapping[str, object], fallback_id: str) -> Judgment:
    """Return the contexts, which are one case's; the questions are left out. Raises RecordError."""
    members = record["paragraphs"]
    paragraphs = [member for member in members if isinstance(member, Mapping)] if isinstance(members, list) else []
    domain = printed(record.get("domain"))
    return judgment(
        NAME,
        identifier(record, ("caseid",), fallback_id),
        "\n".join(filter(None, (printed(paragraph.get("context")) for paragraph in paragraphs))),
        metadata=metadata(
            [
                ("case_type", _DOMAINS.get(domain, domain)),
                ("cause_of_action", next((printed(paragraph.get("casename")) for paragraph in paragraphs), "")),
            ]
        ),
    )
