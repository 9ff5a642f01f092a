"""Relation of the first offender to the institution (codebook `relation`): patient, family, companion, none, staff or unclear.

The words must tell of the first defendant: the same turn (到医院就诊) makes a patient of whoever is its subject.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from pipeline.extract.case import Case
from pipeline.extract.engine.rules import terms
from pipeline.extract.harm.surnames import SURNAMES
from pipeline.extract.reason.cause import decide_cause
from pipeline.extract.reason.cues import Cue, Story, Zone, cues, label, story
from pipeline.extract.reason.kinship import ties
from pipeline.schema import Label, Span

_ORDER = ("staff", "family", "companion", "patient", "none")  # in the order that decides a tie
_ENOUGH = 0.5
_CHANCE = 0.5
_SURE_TIE = 1.5
_OWN = 8  # characters between the offender's name and his relative (张某年迈的母亲)
_DIES = re.compile(r"(?<!致)(?:死亡|身亡|病故|去世|过世|离世|不治|咽气|遗体|成为植物人)")
_REACH = 200  # no sentence is longer in earnest; a text without signs stays fast
_EARLY = 400  # who the offender is stands in the first sentences of the findings
_OTHER_PERSON = re.compile(
    r"[\u4e00-\u9fa5]某[某甲乙丙丁]?|医生|护士|医护人员|医务人员|民警|保安|被害人|证人|家属|其他患者|"
    rf"(?<![\u4e00-\u9fa5])[{''.join(sorted(SURNAMES))}][\u4e00-\u9fa5]{{1,2}}(?=因|在|到|患|由|被|住|于)"  # a full name that opens a clause
)
_ZONE_FACTOR: Mapping[Zone, float] = {Zone.WITNESS: 0.7, Zone.OPINION: 0.8}
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
    if not told.passages:
        return [label("relation", "unclear")]
    votes, cause = _votes(case, told), decide_cause(told)[0]
    value = _decide(_totals(votes), _CHANCE if cause == "unrelated" else 0.0)
    best = sorted((v for v in votes if v.value == value), key=lambda v: (-v.weight, v.span.start))[:1]
    if not best:
        value = _by_cause(cause)
    return [label("relation", value, tuple(v.span for v in best))]


def relation_weights(case: Case) -> dict[str, float]:
    """How much speaks for each relation: features for a classifier, named 'relation:family'."""
    return {f"relation:{value}": weight for value, weight in _totals(_votes(case, story(case))).items()}


def _votes(case: Case, told: Story) -> list[_Vote]:
    names = tuple(n for n in case.defendants[0].names if n) if case.defendants else ()
    tied = ties(told, names)
    others = [t.start for t in tied if t.value != "patient" and t.weight >= _SURE_TIE]
    votes = [_vote(cue, told, names, others) for cue in cues("relation", told)]
    return votes + [_Vote(t.value, t.weight, told.document.span(t.start, t.end, f"relation.{t.value}.tie")) for t in tied]


def _totals(votes: Iterable[_Vote]) -> dict[str, float]:
    """Weight of each relation: votes after the heaviest count less and less."""
    weights: defaultdict[str, list[float]] = defaultdict(list)
    for vote in votes:
        weights[vote.value].append(vote.weight)
    return {v: sum(w * 0.5**i for i, w in enumerate(sorted(ws, reverse=True)[:4])) for v, ws in weights.items()}


def _decide(total: Mapping[str, float], chance: float) -> str:
    """The heaviest relation; `chance` is what an act without a grievance adds to `none`."""
    weights = {**total, "none": total.get("none", 0.0) + chance}
    best = max(_ORDER, key=lambda v: weights.get(v, 0.0))
    return best if weights.get(best, 0.0) >= _ENOUGH else "unclear"


def _by_cause(cause: str) -> str:
    """Who quarrels over being served and is nobody's relative or friend is served himself; a chance attack has no tie."""
    return "patient" if cause in _SERVED else "none" if cause == "unrelated" else "unclear"


def _vote(cue: Cue, told: Story, names: tuple[str, ...], tied: Sequence[int]) -> _Vote:
    """The cue's weight, less when the words tell of somebody else, more when they come early in the findings."""
    match, view = cue.match, told.document.view
    value, words = match.rule.value, match.found[0]
    if match.rule.id == "relation.patient.accompanied" and any(name in words for name in names):
        value = "family" if _kin().search(words) else "companion"  # the offender is the one who accompanies
    if (
        match.rule.id == "relation.patient.brought"
        and words[0] in "将把"
        and _acts(view, max(told.document.clause_at(match.start)[0], match.start - _REACH), match.start, names)
    ):
        value = "companion"  # the offender is the one who brings
    early = 1.3 if cue.zone is Zone.FINDINGS and match.start - _first(told) < _EARLY else 1.0
    first, last = told.document.sentence_at(match.start)
    first, last = max(first, match.start - _REACH), min(last, match.end + _REACH)
    subject = _subject(view, first, match.start, match.end, names, tied if value == "patient" else ())
    if value == "patient" and _DIES.search(view, match.end, last):
        subject = min(subject, 0.2)  # whoever dies of it is not the offender
    return _Vote(value, cue.weight * early * subject * _ZONE_FACTOR.get(cue.zone, 1.0), match.span(told.document))


def _acts(view: str, clause: int, position: int, names: tuple[str, ...]) -> bool:
    """Whether the offender is the subject of the clause before the place."""
    return any(view.find(name, clause, position) >= 0 for name in (*names, "被告人"))


def _first(told: Story) -> int:
    return next((p.start for p in told.passages if p.zone is Zone.FINDINGS), 0)


def _subject(view: str, sentence: int, start: int, end: int, names: tuple[str, ...], tied: Sequence[int]) -> float:
    """1 when the offender is the nearest person before the words, less when it is another."""
    mine = max((view.rfind(name, sentence, end) for name in (*names, "被告人")), default=-1)
    others = [m.start() for m in _OTHER_PERSON.finditer(view, sentence, start) if not any(view.startswith(n, m.start()) for n in names)]
    last = bisect_left(tied, start) - 1
    relative = tied[last] if last >= 0 and tied[last] >= sentence else -1
    if relative > mine or (mine >= 0 and 0 <= relative - mine <= _OWN):
        return 0.2
    if mine >= 0 and mine >= max(others, default=-1):
        return 1.0
    if not others:
        return 0.8
    return 0.7 if mine >= 0 else 0.2


@cache
def _kin() -> re.Pattern[str]:
    return re.compile(terms()["kin"])
