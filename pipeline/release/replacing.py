"""A text with stretches replaced by others, of whatever length, and where each place of the old text lies in the new one."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple


class Finding(NamedTuple):
    """Characters `start:end` of a text that are to be replaced by `text`, never by nothing; `rule` is the recogniser that found them."""

    start: int
    end: int
    text: str
    rule: str


@dataclass(frozen=True, slots=True)
class Masked:
    """`text` is the old text with the `findings` replaced; these are in order and apart, in characters of the old text."""

    text: str
    findings: tuple[Finding, ...]
    _starts: tuple[int, ...]  # of each finding in the new text

    @classmethod
    def of(cls, text: str, findings: Iterable[Finding]) -> Masked:
        """Replace the findings; of those that overlap, all characters are replaced, by what the first and longest says."""
        kept = _apart(findings)
        parts, starts, last, position = [], [], 0, 0
        for finding in kept:
            parts += [text[last : finding.start], finding.text]
            starts.append(position + finding.start - last)
            position, last = starts[-1] + len(finding.text), finding.end
        return cls("".join([*parts, text[last:]]), tuple(kept), tuple(starts))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """(start, end) in the new text of `start:end` of the old one: a replacement that it touches belongs to it as a whole."""
        first = self._moved(start, outer=False)
        return (first, max(first, self._moved(end, outer=True))) if end > start else (first, first)

    def _moved(self, place: int, outer: bool) -> int:
        i = bisect_right(self.findings, place, key=lambda finding: finding.start) - 1
        if outer and i >= 0 and self.findings[i].start == place:
            i -= 1  # the stretch ends where this replacement begins
        if i < 0:
            return place
        finding, start = self.findings[i], self._starts[i]
        if place >= finding.end:
            return start + len(finding.text) + place - finding.end
        return start + len(finding.text) if outer else start


def _apart(findings: Iterable[Finding]) -> list[Finding]:
    kept: list[Finding] = []
    for finding in sorted(findings, key=lambda finding: (finding.start, -finding.end)):
        if kept and finding.start < kept[-1].end:
            kept[-1] = kept[-1]._replace(end=max(kept[-1].end, finding.end))
        else:
            kept.append(finding)
    return kept
