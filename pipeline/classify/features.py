"""What a classifier sees of a case: the extracted variables, the cue counts, and the masked passages."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pipeline.schema import Label

_VARIABLES = {
    "in_scope": ("cause", "relation", "hospital_level", "department", "prior_dispute_channel"),
    "attack_type": ("cause", "motive", "weapon_prepared", "weapon", "alcohol", "relation", "mental_disorder", "worst_injury", "prior_dispute_channel"),
}  # fmt: skip
_CUES = {"in_scope": ("scope:", "cause:", "motive:"), "attack_type": ("cause:", "motive:", "type:")}
_STAFF = frozenset({"doctor", "nurse", "other_clinical", "security", "admin"})
_CLINICAL = frozenset({"doctor", "nurse", "other_clinical"})


@dataclass(frozen=True, slots=True)
class CaseFeatures:
    """One case: `labels` of the rules, `cues` (name -> count), masked `text`."""

    judgment_id: str
    labels: tuple[Label, ...]
    cues: Mapping[str, float] = field(default_factory=dict)
    text: str = ""

    def values(self, variable: str) -> dict[str, float]:
        """Numeric features for a model of `variable`: one for each extracted value, damped cue counts, victims by role."""
        wanted, prefixes = _VARIABLES[variable], _CUES[variable]
        row = {f"{label.variable}={label.value}": 1.0 for label in self.labels if label.unit == "case" and label.variable in wanted}
        for name, count in self.cues.items():
            if name.startswith(prefixes) and count:
                row[name] = 1.0
                row[f"{name}:often"] = math.log1p(count) / 2
        return row | _victims(self.labels) | _crossed(row)


def _victims(labels: Iterable[Label]) -> dict[str, float]:
    roles = [label.value for label in labels if label.unit.startswith("victim:") and label.variable == "role"]
    row = {f"victim={role}": 1.0 for role in roles}
    row["victim:staff"] = float(any(role in _STAFF for role in roles))
    row["victim:clinical"] = float(any(role in _CLINICAL for role in roles))
    row["victim:institution"] = float("institution" in roles)
    row["victim:none"] = float(not roles)
    return row


def _crossed(row: Mapping[str, float]) -> dict[str, float]:
    """Pairs that the codebook itself decides by: cause with motive, drinking without a grievance."""
    cause = next((name for name in row if name.startswith("cause=")), "")
    motive = next((name for name in row if name.startswith("motive=")), "")
    drunk = "alcohol=yes" in row
    return {f"{cause}&{motive}": 0.5, f"{cause}&drunk": float(drunk)} if cause and motive else {}
