"""Injuries of persons: the grade (死亡, 重伤, 轻伤, 轻微伤) that findings and forensic opinions give, and whose it is.

Grades of the Standard for Appraisal of the Degree of Human Injury (人体损伤程度鉴定标准, 2014): 重伤 and 轻伤 in levels 一级 and 二级. The older
standard's 轻伤（偏重） and 轻伤（乙级） are a grade without a level.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass, field

from pipeline.extract.engine.matching import Match, find
from pipeline.extract.engine.rules import load_rules
from pipeline.extract.harm.attacks import near, pleaded
from pipeline.extract.harm.persons import Mention, People, Side
from pipeline.schema import Section, Speaker
from pipeline.text import Document

ORDER = ("none_or_unstated", "slight", "minor", "serious", "death")
_LEVEL = {"一": "1", "1": "1", "I": "1", "Ⅰ": "1", "二": "2", "2": "2", "II": "2", "Ⅱ": "2"}
# Longer than any phrase that counts persons right before a grade.
_TAIL = 60
_COUNT = {c: n for n, c in enumerate("一二三四五六七八九十", 1)} | {"两": 2}
_AGE = "age-at-death"
_RESPECTIVELY = re.compile(r"分别|依次|各为")
_ALL = re.compile(r"均|都|皆|俱")
_HOW_MANY = re.compile(r"(?P<n>[二两三四五六七八九十]|\d{1,2})(?:名|位)?(?:被害人|受害人|人|伤者|原告人?)(?:的?[^，。；\n致]{0,16})?$")
_ANONYMOUS = re.compile(
    r"(?:致|造成|使|导致|伤)(?:了)?(?:被害方?|对方)?(?P<n>[一二两三四五六七八九十]|\d{1,2})?(?:名|个)?(?:他?人|受害人|群众)(?:[^，。；、\n\ue000-\ue003]{0,12})$|"
    r"(?<![\ue000-\ue003\uf8ff])(?:、|，|及|和|并致)(?P<more>[一二两三四五六七八九十]|\d{1,2})人(?:不同程度)?$"
)
# 致死一人, 轻伤二人: counted behind the word.
_COUNTED_AFTER = re.compile(r"(?:了)?(?P<n>[一二两三四五六七八九十]|\d{1,2})(?:名|个)?(?:人|被害人|群众)|他人")
_KIN = re.compile(
    r"(?:的|之|其)(?:父|母|妻|夫|子|女|儿|亲|家属|家人|爱人|丈夫|配偶|兄|弟|姐|妹|爷|奶|孙|外|岳|公公|婆婆|近亲属|患者|病人|孩|胎|婴)"
)
_CAUSED = re.compile(r"致|造成|将|把|使|导致|对|向|朝|殴|打|捅|砍|刺|踢|击|咬|推|撞|抓|扎|掐|砸|泼|踹|割|划(?!伤)")
_AGAIN = re.compile(r"重新(?:鉴定|评定)|补充鉴定|复核鉴定|复检|再次鉴定|重新进行[^，。]{0,12}鉴定")
_OPINION = re.compile(r"鉴定|损伤程度|评定|检验|尸检|尸体")
# Deaths that are nobody's act, unless an accident is what is charged.
_ACCIDENT = re.compile(r"交通事故|车祸|跳楼|坠楼|坠落")
_LONG_SENTENCE = re.compile(r"[。！？\n]")


@dataclass(frozen=True, slots=True)
class Injury:
    """What a source says of one person: `value` of the codebook, `grade` (minor_2, or ''), and where in the view it says so."""

    value: str
    grade: str
    start: int
    end: int
    rule: str
    trust: int  # 4 court's facts, 3 other findings, 2 forensic opinion, 1 court's reasons

    @property
    def rank(self) -> int:
        """Place in the order of severity."""
        return ORDER.index(self.value)


@dataclass
class Injuries:
    """Injuries by person, and those of persons whom the text only counts (致二人轻伤)."""

    by_person: dict[int, list[Injury]] = field(default_factory=dict)
    counted: list[tuple[int, Injury]] = field(default_factory=list)  # (number of persons, injury)
    alone: set[int] = field(default_factory=set)  # keys of those with an injury of their own, not one told of an offender as well

    def of(self, key: int) -> Injury | None:
        """The worst grade that the most trusted source gives; a level that only another source states is added.

        An age at death (殁年) beside a grade, and without a word of dying, is a slip of the pen.
        """
        found = self.by_person.get(key, [])
        if not found:
            return None
        most = max(i.trust for i in found)
        trusted = [i for i in found if i.trust == most]
        if not any(i.value == "death" and i.rule != _AGE for i in found):
            trusted = [i for i in trusted if i.rule != _AGE] or trusted
        worst = max(trusted, key=lambda i: (i.rank, bool(i.grade), i.grade.endswith("1")))
        if worst.grade or worst.value not in ("minor", "serious"):
            return worst
        return next((i for i in found if i.value == worst.value and i.grade), worst)

    def evidence(self, key: int, value: str) -> list[Injury]:
        """Everything that gives the person this value."""
        return [i for i in self.by_person.get(key, []) if i.value == value]

    def add(self, key: int, injury: Injury, again: bool) -> None:
        """Record an injury; a re-appraisal (`again`) replaces what the same source said before."""
        kept = self.by_person.setdefault(key, [])
        if again and injury.value != "death":
            kept[:] = [i for i in kept if i.trust > injury.trust or i.value == "death"]
        kept.append(injury)


def stated(document: Document, accident_charged: Callable[[], bool]) -> list[tuple[Match, int]]:
    """Every grade and death that somebody states who counts, with how far the words count."""
    found = [(match, _trust(document, match)) for match in find(load_rules("injury"), document)]
    told = [(match, trust) for match, trust in found if trust and not pleaded(document, match.start)]
    return [(match, trust) for match, trust in told if not _by_accident(match, document) or accident_charged()]


def _by_accident(match: Match, document: Document) -> bool:
    """其弟因车祸死亡: the clause tells of an accident."""
    if match.rule.value != "death":
        return False
    return _ACCIDENT.search(document.view, *near(document.clause_at(match.start), match.start, 200)) is not None


def read_injuries(people: People, document: Document, told: Iterable[tuple[Match, int]], candidates: Set[int]) -> Injuries:
    """Whose are the injuries told (see `stated`); `candidates` are the keys of the persons who may be victims."""
    reader = _Reader(people, document, candidates)
    for match, trust in told:
        reader.take(match, trust)
    return reader.found


def injury_of(match: Match, trust: int) -> Injury:
    """The injury that a rule's match states."""
    groups = match.found.groupdict()
    level = _LEVEL.get(groups.get("level") or "", "")
    return Injury(match.rule.value, f"{match.rule.value}_{level}" if level else "", match.start, match.end, match.rule.id, trust)


def _trust(document: Document, match: Match) -> int:
    """How far the words at the place count; 0 for pleas, witnesses, headings and statutes."""
    section, speaker = document.section_at(match.start), document.speaker_at(match.start)
    if section is Section.FACTS:
        return 4
    if section in (Section.PRIOR_JUDGMENT, Section.PROSECUTION):
        return 3 if any(a <= match.start < b for a, b in document.findings) else 1
    if section is Section.EVIDENCE and speaker in (Speaker.EXPERT, Speaker.RECORD, Speaker.COURT):
        return 2 if _OPINION.search(document.view, *near(document.sentence_at(match.start), match.start)) else 0
    return 1 if section is Section.COURT_VIEW and speaker is Speaker.COURT else 0


@dataclass
class _Reader:
    people: People
    document: Document
    candidates: Set[int]
    found: Injuries = field(default_factory=Injuries)

    def take(self, match: Match, trust: int) -> None:
        """Record the injury of a match for the persons it is about."""
        injury = injury_of(match, trust)
        start, end = near(self.document.sentence_at(match.start), match.start)
        counted = _ANONYMOUS.search(self.people.marked, max(start, match.start - _TAIL), match.start)
        after = _COUNTED_AFTER.match(self.people.view, match.end)
        if counted or after:
            number = counted["n"] or counted["more"] if counted else after["n"] if after else ""
            self.found.counted.append((_number(number or "一"), injury))
            return
        again = bool(_AGAIN.search(self.people.view, start, match.start))
        bearers = self._bearers(match, start, end, trust)
        for mention in bearers:
            self.found.add(mention.person.key, injury, again)
        if all(m.person.side is not Side.OFFENDER for m in bearers):
            self.found.alone |= {m.person.key for m in bearers}

    def _bearers(self, match: Match, start: int, end: int, trust: int) -> Sequence[Mention]:
        """Mentions of the persons whose injury the match tells."""
        before = self.people.between(start, match.start)
        if shared := self._respectively(match, before, end):
            return shared
        last = self._last(before, match)
        if last is None:
            return self._earlier(start, match) if trust > 1 or match.rule.value != "death" else ()
        if match.rule.value == "death" and (_KIN.search(self.people.view, last.end, match.start) or match.start - last.end > 120):
            return ()
        if many := _HOW_MANY.search(self.people.view, max(start, match.start - _TAIL), match.start):
            return list({m.person.key: m for m in reversed(before)}.values())[: _number(many["n"])] or [last]
        if _ALL.search(self.people.view, last.end, match.start):
            return self._all(match, last)
        return [m for m in self.people.listed_with(last) if start <= m.start <= last.start] if self._listed_ends(last, match) else [last]

    def _listed_ends(self, last: Mention, match: Match) -> bool:
        return match.rule.value != "death" or not re.search(r"等人", self.people.view[last.end : match.start])

    def _last(self, before: Sequence[Mention], match: Match) -> Mention | None:
        """The person last named before the grade: a possible victim, or an offender who is told to be hurt, not to hurt."""
        clause, _ = self.document.clause_at(match.start)
        last = before[-1] if before else None
        suffers = last and last.person.side is not Side.UNNAMED and not _CAUSED.search(self.people.view, last.end, match.start + 1)
        if last and suffers and (last.start >= clause or last.person.side is Side.OFFENDER):
            return last
        possible = [m for m in before if m.person.key in self.candidates]
        if possible:
            return possible[-1]
        others = [m for m in before if m.person.side is Side.OTHER]
        return others[-1] if others else None

    def _respectively(self, match: Match, before: Sequence[Mention], end: int) -> Sequence[Mention]:
        """A、B的损伤程度分别为轻伤一级、轻微伤: each grade to its person."""
        cue = next(_RESPECTIVELY.finditer(self.people.view, before[-1].end, match.start), None) if before else None
        if not cue:
            return self._in_turn(match, before)
        persons = [m for m in self.people.listed_with(before[-1]) if m.start <= before[-1].start]
        grades = list(_grades(self.people.view, cue.end(), end))
        if len(grades) == len(persons) and match.start in grades:
            return [persons[grades.index(match.start)]]
        return persons if len(grades) == 1 else ()

    def _in_turn(self, match: Match, before: Sequence[Mention]) -> Sequence[Mention]:
        """A、B的伤属轻伤、轻微伤: as many grades, one after the other, as possible victims named before."""
        joined = next(
            (m for m in _IN_TURN.finditer(self.people.view, max(0, match.start - 24), match.end + 24) if match.start in range(*m.span())),
            None,
        )
        persons = list({m.person.key: m for m in reversed(before) if m.person.key in self.candidates}.values())[::-1]
        grades = list(_grades(self.people.view, *joined.span())) if joined else []
        return [persons[grades.index(match.start)]] if 1 < len(grades) == len(persons) and match.start in grades else ()

    def _all(self, match: Match, last: Mention) -> Sequence[Mention]:
        """均构成轻微伤: the list before it; after single accounts of several persons, all who have no grade in this sentence yet."""
        listed = [m for m in self.people.listed_with(last) if m.start <= last.start]
        if len(listed) > 1:
            return listed
        first = max(
            (m.end() for m in _LONG_SENTENCE.finditer(self.people.view, max(0, match.start - 600), match.start)),
            default=max(0, match.start - 600),
        )
        named = {m.person.key: m for m in self.people.between(first, match.start) if m.person.key in self.candidates}
        return [m for key, m in named.items() if not self._graded(key, first, match.start)] or [last]

    def _graded(self, key: int, start: int, end: int) -> bool:
        """Whether the stretch gives the person a grade; grades are recorded in text order."""
        last = next((i for i in reversed(self.found.by_person.get(key, ())) if i.start < end), None)
        return last is not None and last.start >= start

    def _earlier(self, start: int, match: Match) -> Sequence[Mention]:
        """No victim in the sentence: the one last named in the four before it, or as many as 二人均 asks for."""
        first = start
        many = _HOW_MANY.search(self.people.view, max(start, match.start - _TAIL), match.start)
        for _ in range(8 if many else 4):
            first = self.document.sentence_at(first - 1)[0] if first else 0
        if many:
            named = {m.person.key: m for m in reversed(self.people.between(first, start)) if m.person.side is not Side.UNNAMED}
            return list(named.values())[: _number(many["n"])]
        seen = [m for m in self.people.between(first, start) if m.person.key in self.candidates]
        if not seen:
            return self._only()
        if _ALL.search(self.people.view, start, match.start):
            return [m for m in self.people.listed_with(seen[-1]) if m.start <= seen[-1].start]
        return seen[-1:]

    def _only(self) -> Sequence[Mention]:
        """The only possible victim of the document."""
        if len(self.candidates) != 1:
            return ()
        return [m for m in self.people.mentions if m.person.key in self.candidates][:1]


_IN_TURN = re.compile(r"(?:[重轻]伤|轻微伤)(?:[一二]级)?(?:(?:和|、|及|与)(?:[重轻]伤|轻微伤)(?:[一二]级)?){1,6}")
_GRADE = re.compile(r"重伤|轻伤|轻微伤|死亡")


def _number(text: str) -> int:
    return int(text) if text.isdigit() else _COUNT.get(text, 2)


def _grades(view: str, start: int, end: int) -> Iterable[int]:
    return (m.start() for m in _GRADE.finditer(view, start, end))
