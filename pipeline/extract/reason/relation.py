"""Relation of the first offender to the institution (codebook `relation`): patient, family, companion, none, staff or unclear.

The words must tell of the first defendant: the same turn (到医院就诊) makes a patient of whoever is its subject.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from pipeline.extract.case import Case
from pipeline.extract.engine.rules import terms
from pipeline.extract.harm.surnames import SURNAMES
from pipeline.extract.reason.cause import decide_cause
from pipeline.extract.reason.cues import Cue, Story, Zone, cues, label, story
from pipeline.schema import Label, Span

_ORDER = ("staff", "family", "companion", "patient", "none")  # in the order that decides a tie
_ENOUGH = 1.0
_CHANCE = 0.5
_EARLY = 400  # who the offender is stands in the first sentences of the findings
_OTHER_PERSON = re.compile(
    r"[\u4e00-\u9fa5]某[某甲乙丙丁]?|医生|护士|医护人员|医务人员|民警|保安|被害人|证人|家属|其他患者|"
    rf"(?<![\u4e00-\u9fa5])[{''.join(sorted(SURNAMES))}][\u4e00-\u9fa5]{{1,2}}(?=因|在|到|患|由|被|住|于)"  # a full name that opens a clause
)
_ZONE_FACTOR: Mapping[Zone, float] = {Zone.WITNESS: 0.7, Zone.OPINION: 0.8}
_CARED_FOR = re.compile(r"住院|就诊|看病|治疗|手术|抢救|救治|死亡|去世|病故|身亡|患|病|受伤|车祸|分娩|生产|怀孕|检查|医院|急诊")
_BETWEEN = re.compile(r"(?:等人)?(?:的|之)?(?:[^，。；]{0,4}的)?$")  # between a name and a relative: 张某年迈的母亲
_SERVED = frozenset({"service_speed", "payment", "attitude", "procedure", "treatment_outcome"})  # grievances of those who are served


@dataclass(frozen=True, slots=True)
class _Vote:
    """Words speak for a relation."""

    value: str
    weight: float
    span: Span


def relation_labels(case: Case) -> list[Label]:
    """The first offender's `relation`, with its heaviest words as evidence; 'unclear' without evidence."""
    told = story(case)
    names = tuple(n for n in case.defendants[0].names if n) if case.defendants else ()
    votes = [_vote(cue, told, names) for cue in cues("relation", told)] + list(_own_kin(told, names))
    cause = decide_cause(told)[0]
    value = _decide(votes, _CHANCE if cause == "unrelated" else 0.0)
    best = sorted((v for v in votes if v.value == value), key=lambda v: (-v.weight, v.span.start))[:1]
    if not best:
        value = _by_cause(cause)
    return [label("relation", value, tuple(v.span for v in best))]


def _decide(votes: Iterable[_Vote], chance: float) -> str:
    """The heaviest relation; `chance` is what an act without a grievance adds to `none`."""
    weights: defaultdict[str, list[float]] = defaultdict(list)
    for vote in votes:
        weights[vote.value].append(vote.weight)
    total = {v: sum(w * 0.5**i for i, w in enumerate(sorted(ws, reverse=True)[:4])) for v, ws in weights.items()}
    total["none"] = total.get("none", 0.0) + chance
    best = max(_ORDER, key=lambda v: total.get(v, 0.0))
    return best if total.get(best, 0.0) >= _ENOUGH else "unclear"


def _by_cause(cause: str) -> str:
    """Who quarrels over being served and is nobody's relative or friend is served himself; a chance attack has no tie."""
    return "patient" if cause in _SERVED else "none" if cause in ("unrelated", "other_grievance") else "unclear"


def _vote(cue: Cue, told: Story, names: tuple[str, ...]) -> _Vote:
    """The cue's weight, less when the words tell of somebody else, more when they come early in the findings."""
    match, view = cue.match, told.document.view
    value, words = match.rule.value, match.found[0]
    if match.rule.id == "relation.patient.accompanied" and any(name in words for name in names):
        value = "family" if _kin().search(words) else "companion"  # the offender is the one who accompanies
    if (
        match.rule.id == "relation.patient.brought"
        and words[0] in "将把"
        and _acts(view, told.document.clause_at(match.start)[0], match.start, names)
    ):
        value = "companion"  # the offender is the one who brings
    early = 1.3 if cue.zone is Zone.FINDINGS and match.start - _first(told) < _EARLY else 1.0
    subject = _subject(view, told.document.sentence_at(match.start)[0], match.start, match.end, names)
    return _Vote(value, cue.weight * early * subject * _ZONE_FACTOR.get(cue.zone, 1.0), match.span(told.document))


def _acts(view: str, clause: int, position: int, names: tuple[str, ...]) -> bool:
    """Whether the offender is the subject of the clause before the place."""
    return any(view.find(name, clause, position) >= 0 for name in (*names, "被告人"))


def _first(told: Story) -> int:
    return next((p.start for p in told.passages if p.zone is Zone.FINDINGS), 0)


def _subject(view: str, sentence: int, start: int, end: int, names: tuple[str, ...]) -> float:
    """1 when the offender is the nearest person before the words, less when it is another."""
    mine = max((view.rfind(name, sentence, end) for name in (*names, "被告人")), default=-1)
    others = [m.start() for m in _OTHER_PERSON.finditer(view, sentence, start) if not any(view.startswith(n, m.start()) for n in names)]
    if mine >= 0 and mine >= max(others, default=-1):
        return 1.0
    if not others:
        return 0.8
    return 0.7 if mine >= 0 else 0.2


def _own_kin(told: Story, names: tuple[str, ...]) -> Iterable[_Vote]:
    """The offender's name with a relative (张某的父亲, 张某之子) in the findings: the relative is the patient more often than not."""
    view = told.document.view
    for passage in told.passages:
        if passage.zone is not Zone.FINDINGS:
            continue
        end = min(passage.end, told.attacks[0]) if told.attacks and told.attacks[0] > passage.start else passage.end
        for m in _kin().finditer(view, passage.start, end):
            before = _BETWEEN.sub("", view[max(m.start() - 16, passage.start) : m.start()])
            if before.endswith(names):
                cared_for = _CARED_FOR.search(view, m.end(), min(m.end() + 30, end))
                yield _Vote("family", 3.5 if cared_for else 1.5, told.document.span(m.start(), m.end(), "relation.family.own_kin"))


@cache
def _kin() -> re.Pattern[str]:
    return re.compile(terms()["kin"])
