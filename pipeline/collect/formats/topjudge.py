"""TopJudge history: `caseName, caseNumber, caseType, court, time, spcx, docId, yuanwen, document.content`.

In `content` the letter b stands for a line break (`…人民法院b刑 事 判 决 书b（2016）…`); `yuanwen` is the court's view.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from pipeline.collect.fields import metadata, printed
from pipeline.collect.record import identifier, judgment
from pipeline.schema import Judgment, Section

NAME = "topjudge"
_LABELS = {"caseNumber": "case_number", "caseType": "case_type", "court": "court", "time": "decided_on", "spcx": "procedure"}
_BREAK = re.compile(r"(?<![A-Za-z])b+(?![A-Za-z])")
_ITS_OWN_LETTER = re.compile(r"(?<=\d)b(?=\d)")  # plates and numbers: 5b12


def recognise(record: Mapping[str, object]) -> bool:
    """Tell a record by its document and the names beside it."""
    return _content(record) is not None and ("yuanwen" in record or "spcx" in record)


def parse(record: Mapping[str, object], fallback_id: str) -> Judgment:
    """Return the judgment of the document. Raises RecordError."""
    content = _content(record)
    return judgment(
        NAME,
        identifier(record, ("docId",), fallback_id),
        _broken(content) if isinstance(content, str) else content,
        title=printed(record.get("caseName")),
        metadata=metadata((key, record.get(name)) for name, key in _LABELS.items()),
        parts=[(Section.COURT_VIEW, _broken(printed(record.get("yuanwen"))).lstrip())],
    )


def _content(record: Mapping[str, object]) -> object:
    document = record.get("document")
    return document.get("content") if isinstance(document, Mapping) else record.get("document.content")


def _broken(text: str) -> str:
    """Put line breaks for the letter, where it stands between no other letters and digits; text that has its own keeps it."""
    return text if "\n" in text else _BREAK.sub(lambda m: m[0] if _ITS_OWN_LETTER.match(text, m.start()) else "\n" * len(m[0]), text)
