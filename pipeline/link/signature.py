"""What a judgment's text says of its identity, read once and kept in the database: digest, sketch, kind of document, cited case numbers."""

from __future__ import annotations

import hashlib
import re
from typing import NamedTuple

from pipeline.link.citations import Citation, citations
from pipeline.link.shingles import letters, sketch, unmasked
from pipeline.schema import Judgment

FORM = "1"  # raise it whenever the same text would get another signature: every judgment is then read again

_BEGINNING = 600  # characters among which heading and page furniture stand
_KIND = r"刑\s*事\s*(?:附\s*带\s*民\s*事\s*)?(?:诉\s*讼\s*)?(?P<kind>判\s*决|裁\s*定|决\s*定|调\s*解|通\s*知)\s*书"
_HEADING = re.compile(_KIND + r"\s*（\s*[12〇二*×]")
_ANY_KIND = re.compile(_KIND)
_CLERK = re.compile(r"书\s*记\s*员")
_FEWEST = 20  # letters below which equal texts may be two documents
# What sites print around a judgment.
_FURNITURE = re.compile(
    r"发布日期[：:]?\s*\d{4}[-年]\d{1,2}[-月]\d{1,2}日?|浏览[：:]?\s*\d*\s*次|文书内容|微信公众号[^\n。]{0,20}|关注公众号|来源[：:][^\s。]{0,20}(?=\s)|(?:https?://|www\.)[\w./?=&-]+"
)


class Signature(NamedTuple):
    """`exact` is equal for texts that differ only in blanks, signs and page furniture, '' for a scrap; `sketch`: 32-bit hashes, little-endian."""

    exact: str
    sketch: bytes
    kind: str
    citations: tuple[Citation, ...]


def sign(judgment: Judgment) -> Signature:
    """The signature of a judgment's text."""
    codes = letters(core(judgment.text))
    exact = hashlib.blake2b(codes.tobytes(), digest_size=8).hexdigest() if len(codes) >= _FEWEST else ""
    return Signature(exact, sketch(unmasked(codes)).tobytes(), document_kind(judgment), tuple(citations(judgment.text)))


def core(text: str) -> str:
    """The text from the case number to the clerk's signature, less page furniture: what every source of a judgment prints."""
    heading = _HEADING.search(text, 0, _BEGINNING) or _ANY_KIND.search(text, 0, _BEGINNING // 2)
    start = heading.end("kind") if heading else 0
    clerks = [m.start() for m in _CLERK.finditer(text, max(start, len(text) // 2))]
    return _FURNITURE.sub("", text[start : clerks[-1] if clerks else len(text)])


def document_kind(judgment: Judgment) -> str:
    """判决, 裁定, 决定, 调解 or 通知, as heading or title say; '' when they do not."""
    heading = _HEADING.search(judgment.text, 0, _BEGINNING) or _ANY_KIND.search(judgment.text, 0, _BEGINNING // 2)
    found = heading or _ANY_KIND.search(judgment.title)
    return "".join(found["kind"].split()) if found else ""
