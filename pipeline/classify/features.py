"""What a classifier sees of a case: the extracted variables, the cue counts, and the masked passages.

Only what happened is described, never how long or in which form it is told: counts become "at least once", so that a judgment of ten
pages and a paragraph of facts about the same act look alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.classify.typology import attack_type
from pipeline.schema import Label, Span

_CLINICAL = frozenset({"doctor", "nurse", "other_clinical"})
_GUARDS = frozenset({"security", "admin"})  # such people work elsewhere too: they count where the scene is a hospital
_TOLD = ("staff_attacked", "staff_harmed", "staff_threatened", "order_disturbed", "in_the_hospital", "dispute", "practice", "acquisitive",
         "other_guard", "traffic", "private", "parlour", "hospital_place")  # fmt: skip
_OF_THE_TYPE = (
    "cause",
    "motive",
    "weapon_prepared",
    "weapon",
    "alcohol",
    "relation",
    "mental_disorder",
    "worst_injury",
    "prior_dispute_channel",
)


@dataclass(frozen=True, slots=True)
class CaseFeatures:
    """One case: `labels` of the rules, `cues` (name -> count), masked `text`, and its sentences with the words they stand for."""

    judgment_id: str
    labels: tuple[Label, ...]
    cues: Mapping[str, float] = field(default_factory=dict)
    text: str = ""
    sentences: tuple[tuple[str, Span], ...] = ()

    def values(self, variable: str) -> dict[str, float]:
        """Numeric features for a model of `variable`, those that are not zero."""
        described = {"in_scope": self._of_scope, "attack_type": self._of_type, "relation": self._of_relation}
        row = described.get(variable, self._of_reasons)()
        return {name: float(value) for name, value in row.items() if value}

    @property
    def medical(self) -> bool:
        """Whether the acts tell of medical staff, patients or an institution at all: without them nothing is in scope (Codebook, Scope 1 and 2)."""
        return any(self.cues.get(name, 0) for name in ("scope:medical", "scope:hospital_place"))

    @property
    def staff_or_order_attacked(self) -> bool:
        """Whether the rules alone would put the case in scope: staff among the victims, or the institution's order, in a medical setting."""
        clinical, scene = bool(self.roles() & _CLINICAL), self._at_the_scene()
        return self.medical and (clinical or (scene and bool(self.roles() & (_GUARDS | {"institution"}))))

    def _at_the_scene(self) -> bool:
        return any(self.cues.get(f"scope:{name}", 0) > 0 for name in ("in_the_hospital", "order_disturbed"))

    def value(self, variable: str) -> str:
        """The extracted value of a case variable; '' when there is none."""
        return next((label.value for label in self.labels if label.unit == "case" and label.variable == variable), "")

    def roles(self) -> set[str]:
        """Roles of the victims."""
        return {label.value for label in self.labels if label.unit.startswith("victim:") and label.variable == "role"}

    def _of_scope(self) -> dict[str, float | bool]:
        roles = self.roles()
        told = {name: self.cues.get(f"scope:{name}", 0) > 0 for name in _TOLD}
        scene = told["in_the_hospital"] or told["order_disturbed"]
        clinical, guard = bool(roles & _CLINICAL), bool(roles & _GUARDS)
        return {
            **told,
            "victim=clinical": clinical,
            "victim=guard&scene": guard and scene,
            "victim=guard&elsewhere": guard and not scene,
            "victim=institution": "institution" in roles,
            "victim=police": "police" in roles,
            "victim=only_others": bool(roles) and not roles & (_CLINICAL | _GUARDS | {"institution"}),
            "victim=none": not roles,
            "victim=clinical&scene": clinical and scene,
            "victim=clinical&attacked": clinical and told["staff_attacked"],
            "victim=clinical&private": clinical and told["private"],
            "nothing_medical": not self.cues.get("scope:medical", 0),
            "hospital_only_for_rescue": told["hospital_place"] and not scene,
            "order_disturbed&hospital": told["order_disturbed"] and told["hospital_place"],
            f"relation={self.value('relation')}": True,
        }

    def _of_type(self) -> dict[str, float | bool]:
        stated = [label for label in self.labels if label.unit == "case" and label.variable in _OF_THE_TYPE]
        cause, motive = self.value("cause"), self.value("motive")
        return {
            **{f"{label.variable}={label.value}": True for label in stated},
            f"cause={cause}&motive={motive}": 0.5,
            f"typology={attack_type(self.labels)}": True,
            f"drunk&cause={cause}": self.value("alcohol") == "yes",
            f"prepared&motive={motive}": self.value("weapon_prepared") == "yes",
            **self._counted(),
        }

    def _of_reasons(self) -> dict[str, float | bool]:
        """For cause and motive: what the rules say, and how much spoke for each value."""
        stated = {f"{name}={self.value(name)}": True for name in ("cause", "motive", "relation", "alcohol", "weapon_prepared")}
        return {**stated, **self._counted()}

    def _of_relation(self) -> dict[str, float | bool]:
        """As for the reasons, and how much speaks for each relation, at most six counting."""
        weights = {name: weight for name, weight in self.cues.items() if name.startswith("relation:")}
        return {**self._of_reasons(), **{name: min(weight, 6.0) / 6 for name, weight in weights.items()}}

    def _counted(self) -> dict[str, float]:
        """Cues for each cause and motive over the whole text, at most three counting."""
        totals = {name: count for name, count in self.cues.items() if name.startswith(("cause:", "motive:")) and name.count(":") == 1}
        return {name: min(count, 3.0) / 3 for name, count in totals.items()}
