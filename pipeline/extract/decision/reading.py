"""What the rules of one variable find in a document: who holds it, of whom it speaks, and what weighs more.

The court's reasons decide; where they are silent, the facts that it found, and on appeal the earlier judgment's reasons.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache

from pipeline.extract.case import Case
from pipeline.extract.decision.subjects import Subjects
from pipeline.extract.decision.voice import Voice
from pipeline.extract.engine.matching import Match, find
from pipeline.extract.engine.rules import Rule, load_rules
from pipeline.schema import Section, Span

# Where a finding may stand, the most trusted first.
_REASONS = (Section.COURT_VIEW, Section.DISPOSITION)
_FINDING = (*_REASONS, Section.FACTS, Section.PRIOR_JUDGMENT, Section.EVIDENCE, Section.PROCEDURE, Section.PROSECUTION)
_ORDER = (*_FINDING, *(section for section in Section if section not in _FINDING))
# Rules that read a cited provision: it speaks of all defendants unless it is applied to some by name.
CITED = "_cited"
# Rules that read a record which is no argument, though the prosecution or the defendant tells it.
_RECORDED = "_recorded"
# Circumstances that several defendants often share, so that a provision cited for all may speak for all.
_COMMON = frozenset({"confession", "plea_leniency"})
_TESTIMONY = re.compile(r"证言|陈述|供述|供称|供认|辩解|述称|笔录")
_AFTER = re.compile(r"案发后|事发后|事后|作案后|归案后|到案后|期间|过程中|现已|谅解|签署")
_LONGEST_TITLE = 200
_LAW_TITLE = re.compile(r"《[^《》]{0,60}(?:解释|规定|法|意见|批复|通知|决定|纪要)》?")
# Exhibits and testimony, told as such, are nobody's finding: 被告人甲供述，…; 5、抓获经过，证实….
_EXHIBIT = re.compile(
    r"\s*(?:[（(]?[\d一二三四五六七八九十]{1,3}[、.．）)])?[^，。；：\n]{0,30}(?<!如实)(?<!主动)(?:供述|供称|陈述|证言|笔录|辩解)(?:称|证实|证明)?[，：]|"
    r"\s*[（(]?\d{1,3}[、.．）)][^，。；：\n]{0,30}[，：]?(?:证实|证明)"
)
# A plea that stands among the facts.
_PLEADED = re.compile(r"[^。；\n]{0,40}(?:辩称|辩解|辩护人[^，。；\n]{0,14}(?:认为|提出|请求|意见)|上诉[称提])")
MOST_SPANS = 3

Found = dict[int, list[Match]]


@cache
def _rules(variable: str) -> tuple[Rule, ...]:
    """A variable's rules; those that read affirming words of the court's reasons read the defence's part too."""

    def may_be_pleaded(rule: Rule) -> bool:
        return rule.value == "1" and Section.COURT_VIEW in rule.sections and not rule.id.endswith((CITED, _RECORDED))

    return tuple(
        replace(rule, sections=rule.sections | {Section.DEFENCE}) if may_be_pleaded(rule) else rule for rule in load_rules(variable)
    )


class Reading:
    """Matches of the rules of one document, with who holds them and of whom they speak."""

    def __init__(self, case: Case) -> None:
        self.document = case.document
        self.subjects = Subjects(case)
        self.voice = Voice(case.document)
        self._matches: dict[str, list[Match]] = {}

    def matches(self, variable: str) -> list[Match]:
        """Matches of a variable's rules where they may fire and where the defence pleads."""
        if variable not in self._matches:
            rules = [rule for rule in _rules(variable) if self.document.may_match(rule.expression)]
            self._matches[variable] = find(rules, self.document) if rules else []
        return self._matches[variable]

    def _told_matches(self, variable: str) -> list[Match]:
        """Matches outside the defence's own part, save the records that stand there."""
        return [m for m in self.matches(variable) if self._section(m) is not Section.DEFENCE or m.rule.id.endswith(_RECORDED)]

    def spans(self, matches: Sequence[Match]) -> tuple[Span, ...]:
        """Evidence of matches, the most trusted first."""
        if not matches:
            return ()
        ordered = sorted(matches, key=lambda m: _ORDER.index(self._section(m)))
        return tuple(m.span(self.document) for m in ordered[:MOST_SPANS])

    def of_defendants(self, variable: str, besides: Iterable[int] = ()) -> Found:
        """n -> matches for the defendants, save those `besides`, of whom the circumstance is found."""
        matches = self._told_matches(variable)
        if not matches:
            return {}
        cited = [m for m in matches if m.rule.id.endswith(CITED) and self._believed(m)]
        found, denied = self._told([m for m in matches if not m.rule.id.endswith(CITED)])
        found = {n: told for n, told in found.items() if n not in set(besides)}
        everybody = self.subjects.everybody
        rest = everybody.difference(besides, denied if len(everybody) > 1 else ())
        told = bool(found)
        for match in cited:
            named = self.subjects.under_law(match.start)
            if named is None and len(everybody) > 1 and (told or variable not in _COMMON):
                continue  # cited for all together: it stands for those of whom the circumstance is told
            for n in named.difference(besides) if named is not None else rest:
                found.setdefault(n, []).append(match)
        return found

    def _told(self, matches: list[Match]) -> tuple[Found, set[int]]:
        """(what is told of each defendant, of whom it is denied); a plea that the court refuses speaks against the circumstance."""
        yes: dict[int, list[Match]] = defaultdict(list)
        no: dict[int, list[Match]] = defaultdict(list)
        for match in matches:
            refused = self._refused(match)
            if self._exhibited(match):
                continue
            if refused or self._believed(match):
                for n in self.subjects.at(match.end - 1):
                    (yes if match.rule.value == "1" and not refused else no)[n].append(match)
        found = {n: told for n, told in yes.items() if self._outweighs(told, no[n])}
        return found, {n for n in no if no[n] and n not in found}

    def of_case(self, variable: str) -> list[Match]:
        """Matches that show the circumstance; none where the court denies it and nothing of equal weight affirms it."""
        held = [m for m in self._told_matches(variable) if self._believed(m)]
        yes = [m for m in held if m.rule.value == "1"]
        return yes if self._outweighs(yes, [m for m in held if m.rule.value == "0"]) else []

    def _outweighs(self, yes: list[Match], no: list[Match]) -> bool:
        """Whether what affirms stands in a place at least as trusted as what denies."""
        if not yes or not no:
            return bool(yes)
        strong = [m for m in no if m.rule.priority > max(y.rule.priority for y in yes)]
        if strong and not self._found_elsewhere(yes, strong):
            return False
        return min(map(self._rank, yes)) <= min(map(self._rank, no))

    def _found_elsewhere(self, yes: list[Match], no: list[Match]) -> bool:
        """Whether the court affirms in its own words, in a sentence that denies nothing: of two pleas of one kind it accepted one."""
        denying = {self.document.sentence_at(m.start) for m in no}
        return any(self._rank(m) == 0 and self.document.sentence_at(m.start) not in denying for m in yes)

    def _refused(self, match: Match) -> bool:
        return self._section(match) is Section.COURT_VIEW and self.voice.refuses(match.start)

    def _believed(self, match: Match) -> bool:
        section = self._section(match)
        if self._in_title(match.start):
            return False
        if match.rule.id.endswith(_RECORDED):
            return True
        if section is Section.PROSECUTION:
            return self.document.prosecution_confirmed and self._after_the_act(match)
        if section is Section.PRIOR_JUDGMENT:
            return self.document.appeal and self.voice.holds(match.start)
        if section is Section.EVIDENCE:
            return self._recorded(match)
        if section is Section.FACTS and _PLEADED.match(self.document.view, self.document.sentence_at(match.start)[0], match.start):
            return False
        return self.voice.holds(match.start)

    def _in_title(self, position: int) -> bool:
        """Whether the place stands inside the title of a law or document (《关于处理自首和立功…的解释》)."""
        start = max(self.document.sentence_at(position)[0], position - _LONGEST_TITLE)
        opened = self.document.view.rfind("《", start, position)
        return opened > self.document.view.rfind("》", start, position) and bool(_LAW_TITLE.match(self.document.view, opened))

    def _after_the_act(self, match: Match) -> bool:
        """A charge tells first what led to the act: an earlier settlement is none of this case."""
        start, end = self.document.sentence_at(match.start)
        return bool(_AFTER.search(self.document.view, start, end))

    def _recorded(self, match: Match) -> bool:
        """Whether evidence is a document, or the court's remark among the evidence, and not what somebody says."""
        if match.rule.id.endswith("_document"):
            return True
        start, _ = self.document.sentence_at(match.start)
        return not _TESTIMONY.search(self.document.view, start, match.start)

    def _exhibited(self, match: Match) -> bool:
        """Whether the sentence tells what an exhibit or somebody's testimony says."""
        start, _ = self.document.sentence_at(match.start)
        return match.rule.value == "1" and bool(_EXHIBIT.match(self.document.view, start, match.start))

    def _rank(self, match: Match) -> int:
        """The court's own words before a plea that it accepts, its reasons before the facts and what else is told."""
        section = self._section(match)
        if section in _REASONS:
            return 1 if self.voice.reported(match.start) else 0
        return _ORDER.index(section)

    def _section(self, match: Match) -> Section:
        return self.document.section_at(match.start)
