"""The reading view: canonical text without the blanks that typesetting put inside sentences, words and names.

Rules run on the view, so that 经审理 / 查明 broken over two lines is found; `View.origin` leads every place back to the canonical text.
A blank that ends a paragraph stays, as one line break.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

_BLANK = re.compile(r"[ \n]+")
_HAN = r"\u3400-\u9fff〇"
_SENTENCE_END = "。；：！？”》）;:!?"
# The gaps of letters set apart (刑 事 判 决 书): one character before, one behind. Begun with the blank, for few places hold one.
_GAP = re.compile(rf" {{1,6}}(?=[{_HAN}](?![{_HAN}]))")
_ONE_LETTER = re.compile(rf"(?<![{_HAN}A-Za-z\d])[{_HAN}]")
# Words with which a paragraph begins: a blank before them is a paragraph's end even where the full stop was forgotten.
_PARAGRAPH_START = re.compile(
    r"(?:(?:代理|助理)? *审 *判 *[长员]|(?:人 *民)? *陪 *审 *员|(?:代理?)? *书 *记 *员|法 *官 *助 *理|二 *〇 *[〇一二]|附[：件录]|附相关|附本案|"
    r"[一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十]{1,3}）|\d{1,2}[、.．]|本院(?:认为|查明)|经(?:本院)?(?:依法)?(?:公开)?审理查明|"
    r"公诉机关指控|上述事实|以上事实|综上|另查明|又查明|如不服|判决如下|裁定如下)"
)
_MASK_OR_NUMBER = re.compile(r"[\dA-Za-z*×]")


@dataclass(frozen=True, slots=True)
class View:
    """`text` is the canonical text less its inner blanks; `starts[i]` of the view stands at `origins[i]` of the canonical text."""

    text: str
    starts: tuple[int, ...]
    origins: tuple[int, ...]

    def origin(self, position: int) -> int:
        """Canonical offset of the character at `position` of the view."""
        i = bisect_right(self.starts, position) - 1
        return self.origins[i] + position - self.starts[i]

    def origin_span(self, start: int, end: int) -> tuple[int, int]:
        """Canonical (start, end) of the view's `start:end`; never ends on a blank that the view dropped."""
        return (self.origin(start), self.origin(end - 1) + 1) if end > start else (self.origin(start),) * 2


def view(text: str) -> View:
    """Build the reading view of a canonical text."""
    head_end = _end_of_head(text)
    wrapped = _is_hard_wrapped(text)
    parts: list[str] = []
    starts, origins = [0], [0]
    position = last = 0
    for blank, replacement in _blanks(text, head_end, wrapped):
        piece = text[last : blank.start()] + replacement
        parts.append(piece)
        position += len(piece)
        last = blank.end()
        starts.append(position)
        origins.append(last)
    parts.append(text[last:])
    return View("".join(parts), tuple(starts), tuple(origins))


def _blanks(text: str, head_end: int, wrapped: bool) -> list[tuple[re.Match[str], str]]:
    """Every run of blanks with what stands for it: nothing, or a line break."""
    spaced = {m.end() for m in _GAP.finditer(text) if m.start() and _ONE_LETTER.match(text, m.start() - 1)}
    rows = []
    for blank in _BLANK.finditer(text):
        keep = blank.end() not in spaced and _ends_paragraph(text, blank, head_end, wrapped)
        rows.append((blank, "\n" if keep else ""))
    return rows


def _ends_paragraph(text: str, blank: re.Match[str], head_end: int, wrapped: bool) -> bool:
    before = text[blank.start() - 1] if blank.start() else "\n"
    after = text[blank.end()] if blank.end() < len(text) else "\n"
    if before in _SENTENCE_END or _PARAGRAPH_START.match(text, blank.end()):
        return True
    if before in "，、（《“" or after in "，、。；：）》”":
        return False
    if not wrapped and "\n" in blank[0]:
        return True
    if _MASK_OR_NUMBER.match(before) or _MASK_OR_NUMBER.match(after):
        return False
    return blank.end() <= head_end


def _end_of_head(text: str) -> int:
    """Title, court, kind of document and case number have no full stops: up to the first one every blank separates."""
    stop = text.find("。")
    return min(stop if stop >= 0 else len(text), 400)


def _is_hard_wrapped(text: str) -> bool:
    """Text out of a PDF breaks lines inside sentences: many lines of one length that end without a full stop."""
    lines = [line.rstrip() for line in text.split("\n") if line.strip()][4:-8]
    broken = sum(line[-1] not in _SENTENCE_END and 15 < len(line) < 90 for line in lines)
    return len(lines) > 8 and broken > 0.4 * len(lines)
