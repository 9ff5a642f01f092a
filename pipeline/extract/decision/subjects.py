"""Of which defendants a place speaks: the last ones named as subject in its sentence, else the ones named before it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

from pipeline.extract.case import Case
from pipeline.extract.decision.mentions import Mention, Mentions

_TOLD_TO = re.compile(r"对(?:于)?(?:原审)?(?:被告人|上诉人)?$")
_LAW_APPLIED = re.compile(r"[^。；]{0,24}?(?:依照|依据|适用|根据)")
# How many mentions back a sentence without a subject looks: a text that names nobody stays linear.
_LOOK_BACK = 200
_CLAUSE_EDGE = "，。；：\n"


class Subjects:
    """Resolves places of one document to defendants (their n)."""

    def __init__(self, case: Case) -> None:
        self.document = case.document
        self.mentions = Mentions.read(case)
        self.everybody = self.mentions.everybody
        self._stretches = [s.start for s in self.document.sections]
        self._cache: dict[int, tuple[list[int], list[Mention]]] = {}

    def _named(self, position: int) -> tuple[list[int], list[Mention]]:
        """(starts, mentions) of the stretch of one section around the place; of its sentence where there is one defendant only."""
        stretch = self.document.sections[bisect_right(self._stretches, position) - 1]
        start, end = stretch.start, stretch.end
        if len(self.everybody) < 2:
            first, last = self.document.sentence_at(position)
            start, end = max(first, start), min(last, end)
        if start not in self._cache:
            found = self.mentions.between(start, end)
            self._cache[start] = [m.start for m in found], found
        return self._cache[start]

    def at(self, position: int) -> frozenset[int]:
        """The defendants of whom the words at the place speak; nobody when they speak of a co-offender tried elsewhere."""
        start, end = self.document.sentence_at(position)
        before = self._between(start, position + 1)
        subjects = [m for m in before if not m.as_object]
        last = subjects[-1] if subjects else None
        if last and not last.members and (last.elsewhere or self._same_clause(last.end, position)):
            return frozenset()
        if len(self.everybody) < 2:
            return self.everybody
        named = [m for m in subjects if m.members]
        if named:
            return named[-1].members
        return self._told_after(position, end) or self._carried(start)

    def under_law(self, position: int) -> frozenset[int] | None:
        """Those to whom the provisions cited at the place are applied by name (对被告人甲依照…); None when to all alike."""
        start, _ = self.document.sentence_at(position)
        for m in reversed(self._between(start, position)):
            told = _TOLD_TO.search(self.document.view, max(start, m.start - 12), m.start)
            if m.members and told and _LAW_APPLIED.match(self.document.view, m.end, position):
                return m.members
        return None

    def _between(self, start: int, end: int) -> list[Mention]:
        starts, named = self._named(end - 1)
        return named[bisect_left(starts, start) : bisect_left(starts, end)]

    def _same_clause(self, start: int, end: int) -> bool:
        return not any(sign in _CLAUSE_EDGE for sign in self.document.view[start:end])

    def _told_after(self, position: int, end: int) -> frozenset[int]:
        """归案后如实供述，可对被告人甲从轻处罚: the person stands behind."""
        for m in self._between(position, end):
            if m.members and _TOLD_TO.search(self.document.view, max(position, m.start - 12), m.start):
                return m.members
        return frozenset()

    def _carried(self, start: int) -> frozenset[int]:
        """The last defendants named as subject in the section before this sentence; all where there are none."""
        starts, named = self._named(start)
        before = bisect_left(starts, start)
        for m in reversed(named[max(0, before - _LOOK_BACK) : before]):
            if m.members and not m.as_object:
                return m.members
        return self.everybody
