"""MarkData monthly CSV: a header in Chinese; 全文 has no line breaks, a prefix 文书内容 and an advertisement at its end."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pipeline.collect.fields import metadata, printed
from pipeline.collect.record import identifier, judgment
from pipeline.schema import Judgment

NAME = "markdata"
_DOC_ID = re.compile(r"doc_?id=([^&#\s]+)", re.IGNORECASE)
_PREFIX = re.compile(r"\s*文书内容[:：]?\s*")


def recognise(record: Mapping[str, object]) -> bool:
    """Tell a row by its full text and the columns beside it."""
    return "全文" in record and "案号" in record and ("原始链接" in record or "案件类型" in record)


def parse(record: Mapping[str, object], fallback_id: str) -> Judgment:
    """Return the judgment of 全文; the identifier is the docId of 原始链接. Raises RecordError."""
    link = _DOC_ID.search(printed(record.get("原始链接")))
    text = record["全文"]
    return judgment(
        NAME,
        link[1] if link else identifier(record, ("文书ID", "案号"), fallback_id),
        _PREFIX.sub("", text, count=1) if isinstance(text, str) and _PREFIX.match(text) else text,
        title=printed(record.get("案件名称")),
        metadata=metadata((key, value) for key, value in record.items() if key != "案件名称"),
    )
