"""NJU MLMN: `file_name, paragraph, sentences: {sentence: [indices of law articles]}, articles, decision`. A fact paragraph."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

from pipeline.collect.fields import printed
from pipeline.collect.record import judgment
from pipeline.schema import Judgment

NAME = "mlmn"


def recognise(record: Mapping[str, object]) -> bool:
    """Tell a record by the file that it was taken from and its sentences."""
    return "file_name" in record and "sentences" in record


def parse(record: Mapping[str, object], fallback_id: str) -> Judgment:
    """Return the paragraph, or the sentences where there is none. The numbers of articles are the data set's own. Raises RecordError."""
    paragraph = record.get("paragraph")
    if isinstance(paragraph, list):
        paragraph = "\n".join(map(printed, paragraph))
    sentences = record["sentences"]
    if not paragraph and isinstance(sentences, Mapping):
        paragraph = "".join(map(str, sentences))
    name = PurePosixPath(printed(record["file_name"])).stem
    return judgment(NAME, name or fallback_id, paragraph)
