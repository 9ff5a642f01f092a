"""What a court orders against one defendant: charges, a penalty for each count, and the penalty to be executed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum

Place = tuple[int, int]
# Months of a deprivation of political rights that never ends (剥夺政治权利终身).
LIFELONG = -1


class Kind(StrEnum):
    """Outcomes for a defendant, the heaviest first (Criminal Law, articles 33, 34 and 37)."""

    DEATH = "death"
    REPRIEVE = "death_reprieve"
    LIFE = "life"
    FIXED = "fixed"
    DETENTION = "detention"
    CONTROL = "control"
    FINE_ONLY = "fine_only"
    EXEMPT = "exempt"
    NOT_GUILTY = "not_guilty"
    UNSTATED = "unstated"


@dataclass
class Penalty:
    """One penalty and the places of the view that order it; terms in months, the fine in yuan.

    `political` counts months of deprivation of political rights (article 54). `confiscated` is what of the property is confiscated
    (article 59): "all", "part" where no amount is stated, an amount in yuan, or "" for nothing.
    """

    kind: Kind = Kind.UNSTATED
    months: int = 0
    probation: int = 0
    fine: float = 0
    political: int = 0
    confiscated: str = ""
    places: dict[str, Place] = field(default_factory=dict)
    charges: tuple[str, ...] = ()
    absorbs_fines: bool = False

    @property
    def effective(self) -> Kind:
        """The kind; a fine alone (单处罚金) is a kind of its own."""
        return Kind.FINE_ONLY if self.kind is Kind.UNSTATED and self.fine else self.kind

    @property
    def weight(self) -> tuple[int, int]:
        """Sorting key, the heaviest first."""
        return list(Kind).index(self.effective), -self.months


@dataclass
class Verdict:
    """Charges with their places, penalties count by count, and the one to be executed where the court names it (决定执行)."""

    charges: dict[str, Place] = field(default_factory=dict)
    counts: list[Penalty] = field(default_factory=list)
    decided: Penalty | None = None
    mode: str = "count"  # what the next penalty is: of a "count", "decided", or of a sum or an earlier judgment ("aside")
    retold: dict[str, Place] = field(default_factory=dict)  # charges named again, of which no penalty has followed so far

    def convict(self, charges: tuple[str, ...], place: Place) -> None:
        """Begin a count; a charge that is told again, with a penalty, begins the verdict anew."""
        self.mode = "count"
        punished = {charge for count in self.counts if count.effective is not Kind.UNSTATED for charge in count.charges}
        if punished.issuperset(charges):
            self.retold = dict.fromkeys(charges, place)
            return
        for charge in charges:
            self.charges.setdefault(charge, place)
        self.counts.append(Penalty(charges=charges))

    def decide(self) -> None:
        """What follows is the penalty to be executed."""
        self.decided, self.mode = Penalty(), "decided"

    def order(self, kind: Kind, term: int, place: Place) -> None:
        """Add a principal penalty where the words stand."""
        target = self._target()
        if target is None:
            return
        if target.kind is Kind.UNSTATED:
            target.kind, target.months = kind, term
            target.places |= {"kind": place} | ({"months": place} if term else {})
        elif self.mode == "count":
            self.counts.append(Penalty(kind, term, places={"kind": place} | ({"months": place} if term else {})))

    def suspend(self, term: int, place: Place) -> None:
        """Add probation (缓刑)."""
        if (target := self._target()) and not target.probation:
            target.probation = term
            target.places["probation"] = place

    def fine(self, amount: float, place: Place) -> None:
        """Add a fine (罚金)."""
        if (target := self._target()) and not target.fine:
            target.fine = amount
            target.places["fine"] = place

    def deprive(self, term: int, place: Place) -> None:
        """Add deprivation of political rights (剥夺政治权利)."""
        if (target := self._target()) and not target.political:
            target.political = term
            target.places["political"] = place

    def confiscate(self, what: str, place: Place) -> None:
        """Property is confiscated (没收财产): decided so, it takes the place of the fines of the counts."""
        if (target := self._target()) and not target.confiscated:
            target.confiscated = what
            target.places["confiscated"] = place
        if self.mode == "decided" and self.decided:
            self.decided.absorbs_fines = True

    def _target(self) -> Penalty | None:
        if self.retold and self.mode == "count":
            self.charges, self.counts, self.decided, self.retold = self.retold, [Penalty(charges=tuple(self.retold))], None, {}
        if self.mode == "decided":
            return self.decided
        if self.mode == "count":
            if not self.counts:
                self.counts.append(Penalty())
            return self.counts[-1]
        return None

    @property
    def sentenced(self) -> bool:
        """Whether any penalty, exemption or acquittal is stated."""
        return self.sentence().effective is not Kind.UNSTATED

    def sentence(self) -> Penalty:
        """The penalty to be executed: the decided one, else the heaviest count; fines of the counts add up unless one is decided.

        Political rights and property that only a count takes are taken all the same (article 69, third paragraph).
        """
        heaviest = min(self.counts, key=lambda c: c.weight, default=Penalty())
        chosen = self.decided or heaviest
        if chosen.kind is Kind.UNSTATED and chosen is not heaviest:
            chosen = replace(chosen, kind=heaviest.kind, months=heaviest.months, places=heaviest.places | chosen.places)
        fined = [c for c in self.counts if c.fine]
        if fined and not (self.decided and (self.decided.fine or self.decided.absorbs_fines)):
            chosen = replace(chosen, fine=sum(c.fine for c in fined), places=chosen.places | {"fine": fined[0].places["fine"]})
        return self._with_accessory_penalties(chosen)

    def _with_accessory_penalties(self, chosen: Penalty) -> Penalty:
        deprived = [c for c in self.counts if c.political]
        if deprived and not chosen.political:
            longest = max(deprived, key=lambda c: (c.political == LIFELONG, c.political))
            chosen = replace(chosen, political=longest.political, places=chosen.places | {"political": longest.places["political"]})
        taken = next((c for c in self.counts if c.confiscated), None)
        if taken and not chosen.confiscated:
            place = {"confiscated": taken.places["confiscated"]}
            chosen = replace(chosen, confiscated=taken.confiscated, places=chosen.places | place)
        return chosen
