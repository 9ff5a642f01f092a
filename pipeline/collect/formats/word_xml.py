"""Word documents saved as one XML file (Word 2003 XML, flat packages), mostly under the name .xml or .doc."""

from __future__ import annotations

import base64
import binascii

from lxml.etree import _Element as Node
from lxml.etree import tostring

from pipeline.collect.formats.docx import Package, judgment, xml
from pipeline.collect.limits import LIMITS
from pipeline.collect.printed import from_lines
from pipeline.collect.rejection import Reason
from pipeline.collect.word.text import Story, children, find, local, value
from pipeline.schema import Judgment, RecordError

NAME = "word_xml"
_ROOTS = (b":wordDocument", b"pkg:package")
_BLANK = b"\xef\xbb\xbf \t\r\n"


def recognise(start: bytes) -> bool:
    """Tell the XML of a word processor by its root."""
    return start.lstrip(_BLANK).startswith(b"<?xml") and any(root in start for root in _ROOTS)


def parse(data: bytes, name: str) -> Judgment:
    """Return the judgment in the document. Raises RecordError: bad_record, too_large, empty."""
    if len(data) > LIMITS.office_part:
        raise RecordError(Reason.TOO_LARGE, f"a document of over {LIMITS.office_part} bytes; split it into single judgments")
    root = xml(data.lstrip(_BLANK))
    try:
        if local(root) == "package":
            return judgment(Package(_parts(root).get), name)
        body = find(root, "body")
        return from_lines(NAME, name, Story().lines(body) if body is not None else [])
    except (RecursionError, binascii.Error) as error:
        raise RecordError(Reason.BAD_RECORD, "its XML cannot be followed; open it in a word processor and save it anew") from error


def _parts(root: Node) -> dict[str, bytes]:
    """Return the parts of a flat package by their names."""
    found: dict[str, bytes] = {}
    for part in children(root):
        content, packed = find(part, "xmlData"), find(part, "binaryData")
        inner = next(children(content), None) if content is not None else None
        if inner is not None:
            found[value(part, "name").lstrip("/")] = tostring(inner)
        elif packed is not None:
            found[value(part, "name").lstrip("/")] = base64.b64decode(packed.text or "")
    return found
