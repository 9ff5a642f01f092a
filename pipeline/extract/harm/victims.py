"""Victims: the persons whom the charged violence hit, with role, injury and number; and the worst injury of the case."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pipeline.extract.case import Case
from pipeline.extract.engine.matching import find
from pipeline.extract.engine.rules import load_rules
from pipeline.extract.harm.attacks import DIRECT, INDIRECT, Attack, attacks
from pipeline.extract.harm.injuries import ORDER, Injuries, Injury, read_injuries
from pipeline.extract.harm.persons import Mention, People, Side
from pipeline.extract.harm.roles import Roles, read_roles, role_nouns, role_words
from pipeline.extract.harm.titled import titled
from pipeline.extract.harm.unnamed import Group, groups
from pipeline.schema import Label, Section, Span
from pipeline.text import Document

STAFF = frozenset({"doctor", "nurse", "other_clinical", "security", "admin"})
_HOSPITAL = re.compile(r"医院|卫生院|卫生所|卫生室|诊所|门诊部?|急救中心|卫生服务中心|保健院|120|救护车")
_CHARGE = re.compile(r"(?:犯|构成|以)([\u4e00-\u9fff、（）]{2,24}?罪)")
_PROPERTY_CHARGE = re.compile(
    r"故意毁坏财物|盗窃|诈骗|侵占|破坏生产经营|破坏计算机|破坏电力|破坏交通|赌博|赌场|毒品|危险驾驶|伪造|掩饰|非法侵入住宅|非法经营|敲诈勒索"
)
_THEFT = re.compile(r"盗窃|诈骗|侵占")
_OWNER = re.compile(
    r"(?:家|的|所(?:有|驾|乘|骑|开|在)|(?:驾驶|停放|停|乘坐|驾)[^，。；：\n]{0,12}的|名下|店)[^，。；：\n]{0,16}(?:车|房|门|窗|玻璃|财物|物品|手机|店|树|墙|轿车|现金|元)|(?:等人?)?(?:的)?(?:经济|各项|全部)?(?:损失|谅解|赔偿|人民币|\d+元|医疗费)"
)
_MUTUAL = re.compile(r"互殴|斗殴|互相殴打|相互殴打|对打|互打|双方[^，。]{0,8}(?:打|斗|殴)")
_STOLEN = re.compile(r"盗走|窃取|盗窃|窃得|偷走|骗取|骗得|诈骗|盗得")


@dataclass(frozen=True, slots=True)
class Victim:
    """One victim or group: evidence in places of the view."""

    name: str
    role: str
    injury: Injury | None
    persons: int
    first: tuple[int, int]
    role_place: tuple[int, int] | None
    injury_places: tuple[Injury, ...] = ()

    @property
    def value(self) -> str:
        """The codebook's injury."""
        return self.injury.value if self.injury else "none_or_unstated"


def victim_labels(case: Case) -> list[Label]:
    """Labels of every victim (name, role, injury, injury_grade, persons), and the case's worst_injury and worst_staff_injury."""
    found = victims(case)
    labels = [label for n, victim in enumerate(found, 1) for label in _labels(case, f"victim:{n}", victim)]
    return [*labels, _worst(case, "worst_injury", found), _worst(case, "worst_staff_injury", [v for v in found if v.role in STAFF])]


def victims(case: Case) -> list[Victim]:
    """The victims in the order in which the document names them; an institution when only its order or property was harmed."""
    document = case.document
    words = role_words(document)
    people = People.read(case, role_nouns(document, words))
    acts = attacks(people, document)
    named = titled(people, document, len(case.defendants) > 1)
    candidates = frozenset(named) | _attacked(acts, INDIRECT)
    injuries = read_injuries(people, document, candidates)
    roles = read_roles(people, document, words)
    chosen = _chosen(case, people, named, acts, injuries, roles)
    hospital = any(_HOSPITAL.search(document.view, a, b) for a, b in document.findings)
    found = [_victim(people, key, place, roles, injuries, hospital) for key, place in chosen.items()]
    found += [_group(g, people, injuries) for g in groups(people, acts, found, roles)]
    return _counted(found, injuries) if found else _anonymous(injuries) or _institution(case)


def _attacked(acts: Iterable[Attack], strength: int) -> frozenset[int]:
    return frozenset(
        a.mention.person.key
        for a in acts
        if a.strength >= strength and a.mention.person.side in (Side.OTHER, Side.ACCOMPLICE, Side.UNNAMED)
    )


def _sure(act: Attack, roles: Roles) -> bool:
    """Whether the act makes its object a victim: named as object, or staff or police meant by 其."""
    return act.strength >= DIRECT or (act.strength == INDIRECT and roles.of(act.mention.person.key) in STAFF | {"police"})


def _chosen(
    case: Case, people: People, named: dict[int, Mention], acts: Sequence[Attack], injuries: Injuries, roles: Roles
) -> dict[int, tuple[int, int]]:
    """Keys of the named victims with the words that first make each a victim, in text order."""
    side = {p.key: p.side for p in people.persons}
    hit = {k: a for a in reversed(acts) if _sure(a, roles) and side[k := a.mention.person.key] in (Side.OTHER, Side.ACCOMPLICE)}
    mutual = any(_MUTUAL.search(people.view, a, b) for a, b in case.document.findings)
    sides = (Side.OTHER, Side.ACCOMPLICE) if mutual else (Side.OTHER,)
    hurt = {k: i for k in injuries.by_person if (i := injuries.of(k)) and side.get(k) in sides}
    places = {k: (m.start, m.end) for k, m in named.items() if _violated(case, people, k, hit, hurt)}
    places |= {k: (a.mention.start, a.mention.end) for k, a in hit.items() if k not in places}
    places |= {k: (i.start, i.end) for k, i in hurt.items() if k not in places and _found(i, roles.of(k))}
    if not places:
        weak = [a for a in acts if side[a.mention.person.key] is Side.OTHER]
        places = {a.mention.person.key: (a.mention.start, a.mention.end) for a in reversed(weak)}
    if len(case.defendants) > 1:
        places |= _both_sides(people, acts, injuries, mutual)
    return dict(sorted(places.items(), key=lambda item: item[1]))


def _found(injury: Injury, role: str) -> bool:
    """Whether a grade in the findings makes a person a victim whom no act names: a death only of staff (patients die of illness)."""
    return injury.trust >= 3 and (injury.value != "death" or role in STAFF | {"police"})


def _violated(case: Case, people: People, key: int, hit: dict[int, Attack], hurt: dict[int, Injury]) -> bool:
    """Whether somebody called 被害人 suffered violence, not only the loss of things."""
    if key in hit or key in hurt:
        return True
    charges = set(_CHARGE.findall(case.document.view))
    if charges and all(_PROPERTY_CHARGE.search(c) for c in charges):
        return False
    told = [m for a, b in _tellings(case.document) for m in people.between(a, b) if m.person.key == key]
    if hit and all(_OWNER.match(people.view, people.listed_with(m)[-1].end) for m in told):
        return False
    if not told and any(_THEFT.search(c) for c in charges):
        return False
    sentences = {case.document.sentence_at(m.start) for m in told}
    return not (any(_THEFT.search(c) for c in charges) and any(_STOLEN.search(people.view, *s) for s in sentences))


def _tellings(document: Document) -> list[tuple[int, int]]:
    return [*document.findings, *document.stretches(Section.PROSECUTION)]


def _both_sides(people: People, acts: Sequence[Attack], injuries: Injuries, mutual: bool) -> dict[int, tuple[int, int]]:
    """Defendants whom a defendant of the other side injured: graded as injured, and hit."""
    hit = {a.mention.person.key for a in acts}
    offenders = {p.key for p in people.persons if p.side is Side.OFFENDER}
    graded = {k: i for k in offenders if (k in hit or mutual) and (i := injuries.of(k)) and i.trust >= 3}
    return {k: (i.start, i.end) for k, i in graded.items()}


def _victim(people: People, key: int, place: tuple[int, int], roles: Roles, injuries: Injuries, hospital: bool) -> Victim:
    person = next(p for p in people.persons if p.key == key)
    injury = injuries.of(key)
    places = tuple(injuries.evidence(key, injury.value)) if injury else ()
    role = roles.of(key) if hospital or roles.of(key) != "patient_or_visitor" else "other"
    return Victim(person.name, role or "other", injury, 1, place, roles.evidence(key), places)


def _group(group: Group, people: People, injuries: Injuries) -> Victim:
    injury = injuries.of(group.key)
    places = tuple(injuries.evidence(group.key, injury.value)) if injury else ()
    return Victim("", group.role, injury, group.persons, (group.start, group.end), (group.start, group.end), places)


def _counted(found: list[Victim], injuries: Injuries) -> list[Victim]:
    """Give 致二人轻伤 to the victims without a grade, where their number leaves no choice."""
    for number, injury in sorted(injuries.counted, key=lambda c: -c[1].trust):
        open_victims = [i for i, v in enumerate(found) if v.injury is None]
        missing = number - sum(v.persons for v in found if v.value == injury.value)
        if missing > 0 and sum(found[i].persons for i in open_victims) == missing:
            for i in open_victims:
                found[i] = replace(found[i], injury=injury, injury_places=(injury,))
    return found


def _anonymous(injuries: Injuries) -> list[Victim]:
    """Persons whom the document only counts (致四人死亡), where it tells of no victim otherwise."""
    trusted = [(n, i) for n, i in injuries.counted if i.trust == max(j.trust for _, j in injuries.counted)]
    most = {i.value: (n, i) for n, i in sorted(trusted, key=lambda c: c[0])}
    return [Victim("", "other", i, n, (i.start, i.end), None, (i,)) for n, i in most.values()]


def _institution(case: Case) -> list[Victim]:
    """A medical institution whose order or property is attacked while nobody is."""
    matches = [m for m in find(load_rules("attack"), case.document, case.document.findings) if m.rule.value == "institution"]
    if not matches or not any(_HOSPITAL.search(case.document.view, a, b) for a, b in case.document.findings):
        return []
    place = (matches[0].start, matches[0].end)
    return [Victim("", "institution", None, 1, place, place)]


def _labels(case: Case, unit: str, victim: Victim) -> Iterable[Label]:
    span = case.document.span
    first = (span(*victim.first, "victim"),)
    role = (span(*victim.role_place, "victim-role"),) if victim.role_place else ()
    hurt = _injury_spans(case, victim)
    yield Label(unit, "name", victim.name, spans=first if victim.name else ())
    yield Label(unit, "role", victim.role, spans=role or first)
    yield Label(unit, "injury", victim.value, spans=hurt)
    yield Label(
        unit, "injury_grade", victim.injury.grade if victim.injury else "", spans=hurt if victim.injury and victim.injury.grade else ()
    )
    yield Label(unit, "persons", str(victim.persons), spans=first)


def _injury_spans(case: Case, victim: Victim) -> tuple[Span, ...]:
    return tuple(case.document.span(i.start, i.end, i.rule) for i in victim.injury_places)


def _worst(case: Case, variable: str, found: Sequence[Victim]) -> Label:
    """The worst injury over the victims, with the words that give it."""
    worst = max(found, key=lambda v: ORDER.index(v.value), default=None)
    if worst is None or worst.injury is None:
        return Label("case", variable, "none_or_unstated")
    return Label("case", variable, worst.value, spans=_injury_spans(case, worst))
