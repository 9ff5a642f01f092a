"""MCP, charges of several defendants: `uid, id, facts, labels: [{subject, charge, "sub+ob": [...]}]`. A fact paragraph."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.collect.fields import printed
from pipeline.collect.record import identifier, judgment
from pipeline.schema import Judgment

NAME = "multi_defendant"


def recognise(record: Mapping[str, object]) -> bool:
    """Tell a record by its facts and its labels, which name defendants."""
    labels = record.get("labels")
    return "facts" in record and isinstance(labels, list) and any(isinstance(label, Mapping) and "subject" in label for label in labels)


def parse(record: Mapping[str, object], fallback_id: str) -> Judgment:
    """Return the facts; defendants and charges go into the metadata, in the order of the labels. Raises RecordError."""
    return judgment(
        NAME,
        identifier(record, ("id", "uid"), fallback_id),
        record["facts"],
        metadata={key: text for key, name in (("criminals", "subject"), ("accusation", "charge")) if (text := _named(record, name))},
    )


def _named(record: Mapping[str, object], name: str) -> str:
    labels = record["labels"]
    values = [printed(label.get(name)) for label in labels if isinstance(label, Mapping)] if isinstance(labels, list) else []
    return ",".join(dict.fromkeys(filter(None, values)))
