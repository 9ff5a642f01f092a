"""The one door through which every reader makes a Judgment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pipeline.collect import nature
from pipeline.collect.cleaning import plain
from pipeline.collect.landmarks import landmarks
from pipeline.collect.rejection import Reason
from pipeline.schema import Judgment, RecordError, Section
from pipeline.text import canonical


def judgment(
    source: str,
    source_id: str,
    text: object,
    *,
    title: str = "",
    metadata: Mapping[str, str] | None = None,
    judgment_expected: bool = True,
    parts: Iterable[tuple[Section, str]] = (),
) -> Judgment:
    """Return the Judgment for a record's text. Raises RecordError when it is none, or none of a criminal case.

    `judgment_expected`: see `pipeline.collect.nature.check`. `parts`: the text's sections where the source gives them apart.
    """
    if text is not None and not isinstance(text, str):
        raise RecordError(Reason.BAD_RECORD, f"the text is a {type(text).__name__}, not a string; mend the record")
    original = plain(text or "")
    title = plain(title).strip()
    facts = dict(metadata or {})
    nature.check(original, title, facts.get("case_type", ""), judgment_expected=judgment_expected)
    text = canonical(original)
    if sections := landmarks(text, parts):
        facts["sections"] = sections
    return Judgment(source=source, source_id=source_id, text=text, original=original, title=title, metadata=facts)


def identifier(record: Mapping[str, object], keys: tuple[str, ...], otherwise: str) -> str:
    """Return the record's own identifier: the first of `keys` that holds one, else `otherwise`."""
    found = (record.get(key) for key in keys)
    return next((str(value).strip() for value in found if isinstance(value, str | int) and str(value).strip()), otherwise)
