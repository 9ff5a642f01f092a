"""Cues: the passages that tell an attack and why it happened, and how much a rule weighs that fires in one of them.

What set a conflict off stands in few places: just before the attack in the findings, in the court's summary of the case, and in what
the offender said when first asked. A plea at trial does not count, the list of evidence hardly.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache, lru_cache
from operator import itemgetter

from pipeline.extract.case import Case
from pipeline.extract.engine.matching import Match, find
from pipeline.extract.engine.rules import load_rules, terms
from pipeline.schema import Label, Section, Span
from pipeline.text import Document, Expression


class Zone(StrEnum):
    """Who tells of the conflict, and where."""

    FINDINGS = "findings"  # the acts as found, or as charged and not disputed
    PROSECUTION = "prosecution"  # the charge, where the court tells the acts itself
    OPINION = "opinion"  # the court's view; the prosecutor's conclusion
    STATEMENT = "statement"  # the offender's own words to the police or in court
    WITNESS = "witness"  # other evidence
    PLEA = "plea"  # counsel, grounds of appeal: not read


@dataclass(frozen=True, slots=True)
class Passage:
    """`view[start:end]` belongs to one zone."""

    start: int
    end: int
    zone: Zone


@dataclass(frozen=True, slots=True)
class Cue:
    """A rule fired, with its weight: the rule's own (`priority`), times that of the zone, times that of its place before the attack."""

    match: Match
    zone: Zone
    weight: float


@dataclass(frozen=True, slots=True, eq=False)
class Story:
    """The passages that tell of the attack, in text order, and where in the findings staff or property are attacked.

    Each is equal to itself alone, so that what is found in it can be kept without comparing texts; `found` keeps it by rule file.
    """

    document: Document
    passages: tuple[Passage, ...]
    attacks: tuple[int, ...]
    found: dict[tuple[str, bool], tuple[Cue, ...]] = field(default_factory=dict, repr=False)

    @property
    def within(self) -> list[tuple[int, int]]:
        """(start, end) of every passage."""
        return [(p.start, p.end) for p in self.passages]

    def zone_at(self, position: int) -> Zone:
        """Zone of a place in one of the passages."""
        at = bisect_right(self.passages, position, key=lambda p: p.start) - 1
        return self.passages[max(at, 0)].zone


_ZONE_WEIGHT: Mapping[Zone, float] = {
    Zone.FINDINGS: 1.0,
    Zone.PROSECUTION: 0.8,
    Zone.OPINION: 0.9,
    Zone.STATEMENT: 0.7,
    Zone.WITNESS: 0.4,
}
_OF_SECTION = {
    Section.PROSECUTION: Zone.PROSECUTION,
    Section.COURT_VIEW: Zone.OPINION,
    Section.EVIDENCE: Zone.WITNESS,
}
_OPINION = re.compile(r"(?:综上，?)?(?:[^，。]{0,16}检察(?:院|机关)|公诉机关|公诉人|本院|原审法院)(?:据此|遂)?认为")
_STATEMENT = re.compile(
    r"(?:被告人|上诉人|到案后|归案后)?[^。；]{0,24}(?:供称|供述|供认|交代|自称|自述|辩称|辩解|称[：，“])|[^。；]{0,60}供(?:述|认)?称"
)
_PLEA = re.compile(r"[^。；]{0,20}(?:辩护人|代理人)[^。；]{0,12}(?:提出|认为|辩称|意见|请求)|[^。；，]{0,20}上诉(?:称|提出|认为|理由)")
_LISTED = re.compile(r"(?:上述|以上|认定|前述|该|证实)[^。；]{0,12}(?:事实|指控)[^。；]{0,16}(?:有|由|证据)")
_STAFF = Expression(
    r"收费[员室处]|挂号|技师|药师|药剂|检验科|导[诊医]|医生|医师|大夫|护士|医务|医护|急救人员|急救员|救护车|诊所|诊室|卫生[院室所站]|急诊|门诊(?!处)|病房|病区|住院部|院方|院长|该医院|"
    r"医院(?!抢救|救治|治疗|诊断|住院|急救|医治|治伤|检查|诊治|法医|鉴定|、|，[^。]{0,12}(?:抢救|死亡))"
)
_CARE = Expression(
    r"医生|医师|大夫|护士|医务|医护|技师|药师|药剂|检验科|导[诊医]|诊所|诊室|卫生[院室所站]|急诊|门诊|病房|病区|住院[部楼病]|院方|收费[员室处]|挂号|药房|护工|救护车|"
    r"助产|接生|产房|产科|妇科|儿科|口腔科|牙医|牙科|麻醉|(?:科|治疗|检验|康复)师(?!范)|科主任|主任医|医患|医调委|医务科|院长(?!子)|新农合|血透|透析|疫苗|接种|核磁|B超|胃镜|心电图|太平间|"
    r"防疫站|(?:保健|精神卫生|急救|卫生服务)中心|保健[院站]|康复科|针灸|处方|医保"
)
_BEFORE, _AFTER = 1200, 1000  # characters of the findings that are read before and after the first attack
_MOST = {Zone.PROSECUTION: 1200, Zone.OPINION: 1500, Zone.WITNESS: 1000}  # characters read of the other parts of a long judgment
_PASSIVE = re.compile(r"被(?!告人|害人)[^，。；将把持对向]{0,9}$")
_LONG = 30
_FIRST, _LAST = itemgetter(0), itemgetter(1)
_NEAR = 70  # a trigger stands within about two clauses of the attack


def story(case: Case) -> Story:
    """Where the document tells of an attack on staff or an institution; no passages when its findings know no medical staff."""
    return _story(case.document)


@lru_cache(maxsize=1)
def _story(document: Document) -> Story:
    if not (document.may_match(_STAFF) or document.may_match(_CARE)):
        return Story(document, (), ())
    attacks = tuple(sorted(a for start, end in document.findings for a in _attacks(document, start, end)))
    medical = attacks or any(document.search(_CARE, *stretch) for stretch in document.findings)
    return Story(document, tuple(_passages(document, attacks)) if medical else (), attacks)


def cues(rules: str, told: Story, placed: bool = True) -> tuple[Cue, ...]:
    """Every place in the story where the rules of file `rules` fire, in text order, weighed.

    `placed` says whether the distance to the attack counts: it does for a cause, not for an aim.
    """
    if not told.passages:
        return ()
    key = rules, placed
    if key not in told.found:
        told.found[key] = tuple(weigh(m, told, placed=placed) for m in find(load_rules(rules), told.document, told.within))
    return told.found[key]


def totals(found: Iterable[Cue]) -> dict[str, float]:
    """Weight of each value: cues after the strongest count less and less, as repetition adds little."""
    weights: defaultdict[str, list[float]] = defaultdict(list)
    for cue in found:
        weights[cue.match.rule.value].append(cue.weight)
    return {value: sum(w * 0.5**i for i, w in enumerate(sorted(ws, reverse=True)[:4])) for value, ws in weights.items()}


def evidence(found: Iterable[Cue], value: str, told: Story, most: int = 2) -> tuple[Span, ...]:
    """The heaviest cues for the value as spans, in text order."""
    best = sorted((c for c in found if c.match.rule.value == value), key=lambda c: (-c.weight, c.match.start))[:most]
    return tuple(c.match.span(told.document) for c in sorted(best, key=lambda c: c.match.start))


def label(variable: str, value: str, spans: tuple[Span, ...] = ()) -> Label:
    """A label on the case, by the rules."""
    return Label("case", variable, value, spans=spans)


def cue_counts(case: Case) -> dict[str, float]:
    """How much speaks for each cause and motive: features for a classifier.

    Names are 'cause:payment' (all zones, weighed) and 'cause:payment:findings' (number of rules that fired there).
    """
    told = story(case)
    counts: defaultdict[str, float] = defaultdict(float)
    for name in ("cause", "motive"):
        found = cues(name, told, placed=name == "cause")
        counts.update({f"{name}:{value}": weight for value, weight in totals(found).items()})
        for cue in found:
            counts[f"{name}:{cue.match.rule.value}:{cue.zone}"] += 1.0
    return dict(counts)


def _passages(document: Document, attacks: tuple[int, ...]) -> Iterable[Passage]:
    read: defaultdict[Zone, int] = defaultdict(int)
    findings = set(document.findings)
    for stretch in document.sections:
        found = (stretch.start, stretch.end) in findings
        if not found and stretch.section not in _OF_SECTION:
            continue
        zone = Zone.FINDINGS if found else _OF_SECTION[stretch.section]
        start, end = stretch.start, stretch.end
        if found:
            following = bisect_left(attacks, start)
            first = attacks[following] if following < len(attacks) else start
            start, end = max(start, first - _BEFORE), min(end, first + _AFTER)
        else:
            end = min(end, start + max(_MOST[zone] - read[zone], 0))
        read[zone] += max(end - start, 0)
        yield from (p for p in _split(document, start, end, zone) if p.zone is not Zone.PLEA)


def _split(document: Document, start: int, end: int, zone: Zone) -> Iterable[Passage]:
    """Sentences in which another mouth speaks become passages of their own."""
    view, at, sentences = document.view, start, document.sentences
    for n in range(bisect_right(sentences, start, key=_LAST), bisect_left(sentences, end, key=_FIRST)):
        first, last = sentences[n]
        inner = _zone_of(view, first, last, zone)
        if inner is not zone:
            if first > at:
                yield Passage(at, first, zone)
            yield Passage(max(first, at), min(last, end), inner)
            at = min(last, end)
    if at < end:
        yield Passage(at, end, zone)


def _zone_of(view: str, start: int, end: int, zone: Zone) -> Zone:
    if zone not in (Zone.FINDINGS, Zone.PROSECUTION, Zone.WITNESS):
        return zone
    if _OPINION.match(view, start, end):
        return Zone.OPINION
    if _PLEA.match(view, start, end):
        return Zone.PLEA
    if _STATEMENT.match(view, start, end):
        return Zone.STATEMENT
    return Zone.WITNESS if _LISTED.match(view, start, end) else zone


def _attacks(document: Document, start: int, end: int) -> Iterable[int]:
    """Where staff or property are attacked: an attacking verb after the first word on staff, not in the passive (被…刺伤)."""
    first = document.search(_STAFF, start, end)
    if first is None:
        return
    for m in document.finditer(_attack(), first.start(), end):
        if not _PASSIVE.search(document.view[max(m.start() - 12, start) : m.start()]):
            yield m.start()


@cache
def _attack() -> Expression:
    return Expression(terms()["attack"], "medical")


def weigh(match: Match, told: Story, strength: float = 1.0, placed: bool = True) -> Cue:
    """The match as a cue: the rule's weight, times `strength`, the weight of the zone and that of the place before the attack."""
    zone = told.zone_at(match.start)
    place = _place(match, told.attacks) if placed and zone is Zone.FINDINGS else 1.0
    return Cue(match, zone, max(match.rule.priority, 1) * strength * _ZONE_WEIGHT[zone] * place)


def _place(match: Match, attacks: tuple[int, ...]) -> float:
    """What is told closely before an attack is its trigger; what is told after the first one is more often a consequence."""
    if not attacks:
        return 1.0
    at = bisect_right(attacks, match.start)
    if at < len(attacks) and match.end - match.start > _LONG and attacks[at] < match.end:
        return 0.35  # the words run across an attack
    near = at < len(attacks) and attacks[at] - match.end <= _NEAR
    if at == 0:
        return 1.3 if near else 1.0
    return 0.8 if near else 0.35
