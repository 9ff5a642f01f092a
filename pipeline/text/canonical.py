"""One length-preserving normalisation at import: `canonical(x)` is as long as `x`, character for character.

NFKC is not used: it changes lengths (㈠ becomes three characters) and so moves every offset.
"""

from __future__ import annotations

import re

# Full-width letters, digits and signs to ASCII; brackets of case numbers to one form; every kind of blank to a space.
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_KEPT_FULL_WIDTH = "，：；？！（）"
_BLANKS = "\t\v\f\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\ufeff\u200b\u200c\u200d\u2060\xad\x00"
_VARIANTS = {
    "〔": "（", "〕": "）", "［": "（", "］": "）", "[": "（", "]": "）", "【": "（", "】": "）", "(": "（", ")": "）", "﹝": "（", "﹞": "）",
    "○": "〇", "◯": "〇", "Ｏ": "O", "\r": "\n", "\u2028": "\n", "\u2029": "\n", "―": "—", "‐": "-", "–": "-", "−": "-", "﹣": "-",
    "∕": "/", "﹪": "%", "﹡": "*", "∶": "：", "﹕": "：", "﹐": "，", "﹑": "、", "｡": "。", "､": "、", "丶": "、", "Χ": "X", "х": "x", "Х": "X",
}  # fmt: skip
_TABLE = {k: v for k, v in _FULL_WIDTH.items() if chr(k) not in _KEPT_FULL_WIDTH}
_TABLE |= {ord(c): ord(" ") for c in _BLANKS}
_TABLE |= {ord(k): ord(v) for k, v in _VARIANTS.items()}
_FORMS = {chr(code): chr(form) for code, form in _TABLE.items()}
_FORM = re.compile(f"[{re.escape(''.join(_FORMS))}]")  # few characters of a text: much faster than to translate all of them
_HALF_WIDTH_SIGNS = {",": "，", ":": "：", ";": "；", "?": "？", "!": "！"}
# 12,000元 and 14:30 keep their signs; 张某,男 and 指控: do not.
_HALF_WIDTH_SIGN = re.compile(r"[,:;?!](?:(?<![\dA-Za-z].)|(?![\dA-Za-z/]))")
_ENTITY = re.compile(r"&(?:#x?[0-9A-Fa-f]{1,6}|nbsp|ensp|emsp|lt|gt|amp|quot|middot|times);")


def canonical(original: str) -> str:
    """Return the canonical text of a document: same length, one form for each sign.

    Full-width letters and digits become ASCII, brackets `（）`, blanks of every kind a space, carriage returns a line break,
    half-width Chinese punctuation full-width; left-over HTML entities become as many blanks.
    """
    text = _FORM.sub(lambda m: _FORMS[m[0]], original)
    if "&" in text:
        text = _ENTITY.sub(lambda m: " " * len(m[0]), text)
    return _HALF_WIDTH_SIGN.sub(lambda m: _HALF_WIDTH_SIGNS[m[0]], text)
