"""Dumps of rendered pages in blocks: `<major_text>`, a JSON string, `<major_text>` again (opening and closing tags are alike)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from pipeline.collect.rejection import Reason
from pipeline.collect.source import Source
from pipeline.schema import RecordError

_FIELDS = "docid|major_text|basic_inf|legal_basis"
_TAG = re.compile(rf"</?({_FIELDS})>")


def recognise(head: str) -> bool:
    """Tell a dump by its first tag."""
    return re.match(rf"\s*<(?:{_FIELDS})>", head.lstrip("\ufeff")) is not None


def records(source: Source) -> Iterator[tuple[str, object]]:
    """Yield (place, record as a mapping). A record ends where a field begins that it already has, and at the end of the file."""
    record: dict[str, object] = {}
    place, field, content = "line 1", "", list[str]()
    for number, line in source.lines():
        if isinstance(line, RecordError):
            yield f"line {number}", line
            continue
        for tag, text in _pieces(line):
            if tag and field == tag:
                record[field], field = _value("\n".join(content)), ""
            elif tag and not field:
                if tag in record:
                    yield place, record
                    record = {}
                if not record:
                    place = f"line {number}"
                field, content = tag, []
            else:
                content.append(text)
    if field:
        yield place, RecordError(Reason.TRUNCATED, f"the file ends inside <{field}>; copy or download it again")
    elif record:
        yield place, record


def _pieces(line: str) -> Iterator[tuple[str, str]]:
    """Yield the tags (name, '') and the texts ('', text) of a line in their order."""
    end = 0
    for found in _TAG.finditer(line):
        if found.start() > end:
            yield "", line[end : found.start()]
        yield found[1], ""
        end = found.end()
    if end < len(line) or not line:
        yield "", line[end:]


def _value(content: str) -> str:
    """Return a field's text; most are written as JSON strings."""
    content = content.strip()
    try:
        value = json.loads(content, strict=False) if content.startswith('"') else content
    except ValueError:
        return content.strip('"')
    return value if isinstance(value, str) else content
