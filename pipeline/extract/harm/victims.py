"""Victims: the persons whom the charged violence hit, with role, injury and number; and the worst injury of the case."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pipeline.extract.case import Case
from pipeline.extract.harm.acts import Acts
from pipeline.extract.harm.allies import allies
from pipeline.extract.harm.attacks import attacks
from pipeline.extract.harm.choice import STAFF, Choice, attacked
from pipeline.extract.harm.injuries import ORDER, Injuries, Injury, read_injuries, stated
from pipeline.extract.harm.persons import People
from pipeline.extract.harm.roles import Roles, read_roles, role_nouns, role_words
from pipeline.extract.harm.titled import calls_victims, titled
from pipeline.extract.harm.unnamed import Group, groups
from pipeline.schema import Label, Span

# So far before an injury its bearer is mostly named.
_NEAR = 600


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
    told = Acts(document)
    hurt = stated(document, told.accident_charged)
    if not hurt and not (told.violence and (told.found or told.charged or calls_victims(document))):
        return _institution(told)
    words = role_words(document)
    people = People.read(case, role_nouns(document, words))
    sides = allies(people, document)
    acts = attacks(people, told, sides)
    several = len(case.defendants) > 1
    named = titled(people, document, several)
    injuries = read_injuries(people, document, hurt, frozenset(named) | attacked(acts))
    roles = read_roles(people, document, words)
    chosen = Choice(people, told, named, acts, injuries, roles, sides).chosen(several)
    found = [_victim(people, key, place, roles, injuries, told.in_hospital) for key, place in chosen.items()]
    found += [_group(g, people, injuries) for g in groups(people, acts, found, roles)]
    return _counted(found, injuries) if found else _anonymous(injuries) or _institution(told)


def _victim(people: People, key: int, place: tuple[int, int], roles: Roles, injuries: Injuries, hospital: bool) -> Victim:
    person = next(p for p in people.persons if p.key == key)
    injury = injuries.of(key)
    places = tuple(injuries.evidence(key, injury.value)) if injury else ()
    role = roles.of(key) if hospital or roles.of(key) != "patient_or_visitor" else "other"
    return Victim(person.name, role or "other", injury, 1, _named(people, key, place), roles.evidence(key), places)


def _named(people: People, key: int, place: tuple[int, int]) -> tuple[int, int]:
    """Where the document names the person: at the place that makes the person a victim, else last before it, else first."""
    near = people.between(max(0, place[0] - _NEAR), place[1])
    own = next((m for m in reversed(near) if m.person.key == key), None) or next(m for m in people.mentions if m.person.key == key)
    return own.start, own.end


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
    surest = max((i.trust for _, i in injuries.counted), default=0)
    trusted = [(n, i) for n, i in injuries.counted if i.trust == surest]
    most = {i.value: (n, i) for n, i in sorted(trusted, key=lambda c: c[0])}
    return [Victim("", "other", i, n, (i.start, i.end), None, (i,)) for n, i in most.values()]


def _institution(told: Acts) -> list[Victim]:
    """A medical institution whose order or property is attacked while nobody is."""
    if not told.in_hospital or not told.against_institution:
        return []
    place = (told.against_institution[0].start, told.against_institution[0].end)
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
