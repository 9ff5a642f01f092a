"""China Judgments Online, old site: the anchors that open the sections of a document, `<a type='dir' name='CPYZ'></a>`."""

from __future__ import annotations

import re

from pipeline.schema import Section

# 文本首部, 当事人信息, 诉讼记录, 案件基本情况, 裁判要旨, 判决结果, 文本尾部
_SECTIONS = {
    "WBSB": Section.HEADING, "DSRXX": Section.HEADING, "SSJL": Section.PROCEDURE, "AJJBQK": Section.FACTS, "CPYZ": Section.COURT_VIEW,
    "PJJG": Section.DISPOSITION, "WBWB": Section.CLOSING,
}  # fmt: skip
_ANCHOR = re.compile(rf"<a\s[^>]*name=\\?['\"]?({'|'.join(_SECTIONS)})\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")


def parts(html: str) -> list[tuple[Section, str]]:
    """Return the sections with their text, tags left out, in the order of the page; an anchor over nothing is left out."""
    _, *pieces = _ANCHOR.split(html)
    found = [(_SECTIONS[name.upper()], _TAG.sub("", piece)) for name, piece in zip(pieces[::2], pieces[1::2], strict=True)]
    return [(section, text) for section, text in found if text.strip()]
