"""The user's own records, JSON lines or CSV: `id`, `title` and a text under one of the usual names."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.collect.fields import metadata, printed
from pipeline.collect.record import identifier, judgment
from pipeline.schema import Judgment

NAME = "plain"
# In order of trust: the full text before a part of it.
TEXT_KEYS = ("text", "content", "full_text", "fulltext", "全文", "文书内容", "判决书", "裁判文书", "正文", "fact", "facts")
ID_KEYS = ("id", "source_id", "文书ID", "docId", "docid", "doc_id", "writId", "text_id", "caseid", "case_id", "uid", "编号", "序号")
_TITLE_KEYS = ("title", "案件名称", "标题", "case_name", "name")


def recognise(record: Mapping[str, object]) -> bool:
    """Tell a record by a text under a usual name."""
    return any(key in record and _may_be_text(record[key]) for key in TEXT_KEYS)


def parse(record: Mapping[str, object], fallback_id: str) -> Judgment:
    """Return the first text there is; a list of strings is a list of paragraphs. Raises RecordError."""
    text = next((record[key] for key in TEXT_KEYS if record.get(key)), None)
    if isinstance(text, list):
        text = "\n".join(map(str, text))
    title = next((printed(record[key]) for key in _TITLE_KEYS if record.get(key)), "")
    return judgment(NAME, identifier(record, ID_KEYS, fallback_id), text, title=title, metadata=metadata(record.items()))


def _may_be_text(value: object) -> bool:
    if isinstance(value, list):
        return all(isinstance(member, str) for member in value)
    return not isinstance(value, Mapping)
