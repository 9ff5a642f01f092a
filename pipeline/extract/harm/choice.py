"""Who of the persons named is a victim: called one, hit by an act, or found injured."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from pipeline.extract.harm.acts import Acts
from pipeline.extract.harm.attacks import DIRECT, INDIRECT, Attack
from pipeline.extract.harm.injuries import Injuries, Injury
from pipeline.extract.harm.persons import Mention, People, Side
from pipeline.extract.harm.roles import Roles
from pipeline.schema import Section

STAFF = frozenset({"doctor", "nurse", "other_clinical", "security", "admin"})
_OWNER = re.compile(
    r"(?:家|的|所(?:有|驾|乘|骑|开|在)|(?:驾驶|停放|停|乘坐|驾)[^，。；：\n]{0,12}的|名下|店)[^，。；：\n]{0,16}(?:车|房|门|窗|玻璃|财物|物品|手机|店|树|墙|轿车|现金|元)|(?:等人?)?(?:的)?(?:经济|各项|全部|物质|财产){0,3}(?:损失|谅解|赔偿|人民币|\d+元|医疗费)"
)
_STOLEN = re.compile(r"盗走|窃取|盗窃|窃得|偷走|骗取|骗得|诈骗|盗得")


def attacked(acts: Iterable[Attack]) -> frozenset[int]:
    """Keys of the persons not charged whom some act hits."""
    sides = (Side.OTHER, Side.ACCOMPLICE, Side.UNNAMED)
    return frozenset(a.mention.person.key for a in acts if a.strength >= INDIRECT and a.mention.person.side in sides)


@dataclass(frozen=True)
class Choice:
    """What a document says of its persons; `chosen` decides who is a victim."""

    people: People
    told: Acts
    named: Mapping[int, Mention]
    acts: Sequence[Attack]
    injuries: Injuries
    roles: Roles
    allies: Mapping[int, int]

    def chosen(self, several: bool) -> dict[int, tuple[int, int]]:
        """Keys of the named victims with the words that first make each a victim, in text order; `several` defendants may hurt one another."""
        hit = {k: (a.mention.start, a.mention.end) for k, a in self._hit.items()}
        hurt = {k: (i.start, i.end) for k, i in self._hurt.items() if self._found(i, self.roles.of(k))}
        called = {k: (m.start, m.end) for k, m in self.named.items() if self._violated(k)}
        places = self._as_found(self._of_their_own(hurt) | hit | called) or hurt
        if not places:
            weak = [a for a in self.acts if self._side[a.mention.person.key] is Side.OTHER]
            places = {a.mention.person.key: (a.mention.start, a.mention.end) for a in reversed(weak)}
        if several:
            places |= self._both_sides()
        return dict(sorted(places.items(), key=lambda item: item[1]))

    def _of_their_own(self, hurt: dict[int, tuple[int, int]]) -> dict[int, tuple[int, int]]:
        """Without those whose injury is told only together with an offender's, and by no act: they fought on his side."""
        struck = {a.mention.person.key for a in self.acts}
        return {k: place for k, place in hurt.items() if k in self.injuries.alone or k in struck}

    def _as_found(self, places: dict[int, tuple[int, int]]) -> dict[int, tuple[int, int]]:
        """Without those whom only the charge names, where the court tells its own findings and names victims in them."""
        document = self.told.document
        charge = [s for s in document.stretches(Section.PROSECUTION) if s not in document.findings]
        inside = Counter(m.person.key for start, end in charge for m in self.people.between(start, end) if m.person.key in places)
        overall = Counter(m.person.key for m in self.people.mentions if m.person.key in inside) if inside else inside
        kept = {k: p for k, p in places.items() if not 0 < inside[k] == overall[k]}
        return kept or places

    @cached_property
    def _side(self) -> dict[int, Side]:
        return {p.key: p.side for p in self.people.persons}

    @cached_property
    def _hit(self) -> dict[int, Attack]:
        sure = [a for a in reversed(self.acts) if self._sure(a)]
        return {k: a for a in sure if self._stands_aside(k := a.mention.person.key)}

    @cached_property
    def _hurt(self) -> dict[int, Injury]:
        sides = (Side.OTHER, Side.ACCOMPLICE) if self.told.mutual else (Side.OTHER,)
        return {k: i for k in self.injuries.by_person if (i := self.injuries.of(k)) and self._side.get(k) in sides}

    def _stands_aside(self, key: int) -> bool:
        """Whether a person is not charged here, and does not act with a defendant: the other side of a fight may be tried elsewhere."""
        if self._side[key] is Side.ACCOMPLICE:
            return key not in self.allies
        return self._side[key] is Side.OTHER

    def _sure(self, act: Attack) -> bool:
        """Whether the act makes its object a victim: named as object, or staff or police meant by 其."""
        return act.strength >= DIRECT or (act.strength == INDIRECT and self.roles.of(act.mention.person.key) in STAFF | {"police"})

    def _found(self, injury: Injury, role: str) -> bool:
        """Whether a grade in the findings makes a person a victim whom no act names: a death only of staff (patients die of illness)."""
        return injury.trust >= 3 and (injury.value != "death" or role in STAFF | {"police"})

    def _violated(self, key: int) -> bool:
        """Whether somebody called 被害人 suffered violence, not only the loss of things."""
        if key in self._hit or key in self._hurt:
            return True
        if self.told.only_property or self._side[key] is Side.ACCOMPLICE:
            return False
        mentions = self._mentions_told.get(key, ())
        if self._hit and all(_OWNER.match(self.people.view, self.people.listed_with(m)[-1].end) for m in mentions):
            return False
        if not mentions and self.told.theft:
            return False
        sentences = {self.told.document.sentence_at(m.start) for m in mentions}
        return not (self.told.theft and any(_STOLEN.search(self.people.view, *s) for s in sentences))

    @cached_property
    def _mentions_told(self) -> dict[int, list[Mention]]:
        """Mentions in the findings and the charge, by person."""
        document, found = self.told.document, defaultdict(list)
        for start, end in (*document.findings, *document.stretches(Section.PROSECUTION)):
            for mention in self.people.between(start, end):
                found[mention.person.key].append(mention)
        return found

    def _both_sides(self) -> dict[int, tuple[int, int]]:
        """Defendants whom a defendant of the other side injured: graded as injured, and hit."""
        hit = {a.mention.person.key for a in self.acts}
        offenders = [p.key for p in self.people.persons if p.side is Side.OFFENDER]
        struck = [k for k in offenders if (k in hit or self.told.mutual) and any(self._opposed(k, other) for other in offenders)]
        return {k: (i.start, i.end) for k in struck if (i := self.injuries.of(k)) and i.trust >= 3}

    def _opposed(self, key: int, other: int) -> bool:
        return key != other and not (key in self.allies and self.allies[key] == self.allies.get(other))
