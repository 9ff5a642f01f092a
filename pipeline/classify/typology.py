"""The attack type by the codebook's own order, from the extracted variables: a yardstick for the models, and one of their features."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.schema import Label

DECIDED_BY = ("cause", "motive", "relation")
_OWN_REASONS = frozenset({"personal_venting", "goal"})


def attack_type(labels: Iterable[Label]) -> str:
    """`fortuitous`, `hatred` or `reactive`, decided in that order (Codebook, attack_type)."""
    value = {label.variable: label.value for label in labels if label.unit == "case"}
    cause, motive = value.get("cause", "unclear"), value.get("motive", "unclear")
    tied = value.get("relation") in {"patient", "family", "companion", "staff"} and cause != "unrelated"
    if motive in _OWN_REASONS or cause == "unrelated" or (motive == "delusion" and not tied):
        return "fortuitous"
    if motive in {"retaliation", "delusion"}:
        return "hatred"
    return "reactive"
