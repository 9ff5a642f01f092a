"""Setting: the level of the institution and the unit in which the attack takes place (codebook `hospital_level`, `department`)."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping

from pipeline.extract.case import Case
from pipeline.extract.reason.cues import Cue, Story, Zone, cues, label, story
from pipeline.schema import Label, Span

_ZONE_FACTOR: Mapping[Zone, float] = {Zone.FINDINGS: 1.0, Zone.PROSECUTION: 0.9, Zone.OPINION: 0.8, Zone.STATEMENT: 0.3, Zone.WITNESS: 0.2}
_PLACES = ("emergency", "obstetrics_paediatrics", "icu_surgery", "inpatient", "outpatient", "cashier_admin", "other", "unstated")
_NAMED = re.compile(r"([\u4e00-\u9fa5]{2,4}市)(?:第[一二三]|中心|中医?|妇幼保健)?(?:人民|中医)?(?:医院|保健院)")
_COUNTY_RULE = "level.secondary.county_level_city"
_GRADE = ".grade"  # rules that read a grade; the others infer the level from the name
_TRANSFERRED = re.compile(r"转(?:院|往|至|到|入)|鉴定|会诊|出具")
_TREATED_THERE = re.compile(r"(?:转|送|运)(?:院|往|至|到|入)|经[^，。；]{0,4}$|鉴定|会诊|出具")


def setting_labels(case: Case) -> list[Label]:
    """`hospital_level`, `hospital_level_basis` and `department` of the case, each with the words that name it."""
    told = story(case)
    if not told.passages:
        return [label("hospital_level", "unstated"), label("hospital_level_basis", "none"), label("department", "unstated")]
    return [*_level(case, told), _department(told)]


def _level(case: Case, told: Story) -> list[Label]:
    """The level that the institution named nearest before the attack has; one named elsewhere when the findings name none.

    Its basis is `stated` where the text gives a grade (三级甲等), `name` where the level was inferred from the name, else `none`.
    """
    found = [(p, v, s) for p, v, s in _institutions(case, told) if not _elsewhere(told, p)]
    told_first = [row for row in found if told.attacks and row[0] <= told.attacks[0]]
    stated = [row for row in found if row[1] != "unstated"]
    chosen = max(told_first, key=lambda row: row[0], default=None) or next(iter(stated), None)
    if chosen is None or chosen[1] == "unstated":  # 某市某医院 tells no level, but its grade may be told apart (该院系三级甲等医院)
        chosen = next((row for row in stated if row[2].rule.endswith(_GRADE)), None)
    if chosen is None:
        return [label("hospital_level", "unstated"), label("hospital_level_basis", "none")]
    basis = "stated" if chosen[2].rule.endswith(_GRADE) else "name"
    return [label("hospital_level", chosen[1], (chosen[2],)), label("hospital_level_basis", basis, (chosen[2],))]


def _institutions(case: Case, told: Story) -> list[tuple[int, str, Span]]:
    """(end in the view, level, span) of every institution named in the story, in text order."""
    cities = list(_cities(told))
    county = {city for city in {m[1] for m in cities} if _county_level(case, city)}
    rows = [(m.end(), "secondary", told.document.span(m.start(), m.end(), _COUNTY_RULE)) for m in cities if m[1] in county]
    named = [c.match for c in cues("hospital_level", told) if c.zone is not Zone.WITNESS]
    rows += [(m.end, m.rule.value, m.span(told.document)) for m in named if m.rule.value != "unstated"]
    ends = {end for end, _, _ in rows}  # 县人民医院 tells a level, the 人民医院 inside it does not
    rows += [(m.end, m.rule.value, m.span(told.document)) for m in named if m.end not in ends]
    return sorted(rows, key=lambda row: row[0])


def _cities(told: Story) -> Iterable[re.Match[str]]:
    return (m for start, end in told.within for m in _NAMED.finditer(told.document.view, start, end))


def _county_level(case: Case, city: str) -> bool:
    """Whether a city has a basic court of its own name, as only county-level cities do (Organic Law of the People's Courts, art. 24)."""
    return any(f"{city[-length:]}人民法院" in case.document.view for length in (3, 4, 5))


def _elsewhere(told: Story, position: int) -> bool:
    """Whether the institution is where somebody was taken or examined, not where the attack was; before it patients are taken there."""
    start, _ = told.document.clause_at(position)
    before = bool(told.attacks) and position < told.attacks[0]
    return bool((_TRANSFERRED if before else _TREATED_THERE).search(told.document.view, start, position))


def _department(told: Story) -> Label:
    found = [(c, _weight(c, told)) for c in cues("department", told, placed=False)]
    weights: defaultdict[str, list[float]] = defaultdict(list)
    for cue, weight in found:
        weights[cue.match.rule.value].append(weight)
    total = {v: sum(w * 0.5**i for i, w in enumerate(sorted(ws, reverse=True)[:4])) for v, ws in weights.items()}
    value = max(_PLACES, key=lambda v: total.get(v, 0.0)) if total else "unstated"
    best = max((row for row in found if row[0].match.rule.value == value), key=lambda row: row[1], default=None)
    return label("department", value, (best[0].match.span(told.document),) if best and value != "unstated" else ())


def _weight(cue: Cue, told: Story) -> float:
    """The rule's weight, more within two sentences of an attack, much less far from every attack."""
    base = cue.match.rule.priority * _ZONE_FACTOR[cue.zone]
    if cue.zone is not Zone.FINDINGS or not told.attacks:
        return base
    following = bisect_left(told.attacks, cue.match.start)
    if following == len(told.attacks):
        return base * 0.5
    before = told.attacks[following] - cue.match.start
    return base * (1.5 if before <= 60 else 1.0 if before <= 200 else 0.5)
