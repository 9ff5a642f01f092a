"""What becomes of each value that is said of a judgment, by the kind of its variable: kept, cut, replaced, or left out."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from pipeline.release.risk import Level

_CODED = frozenset({"choice", "list", "flag", "integer"})
_CODE = re.compile(r"[A-Za-z0-9_.\-]*")
_CHARGES = re.compile(r"[\u3400-\u9fff、（）《》]{2,60}罪( [a-z_]+ \d*)?")
_PEOPLE = re.compile(r"[\u3400-\u9fff]{1,10}族|")
_NEVER = frozenset({"title", "note"})  # free text about this very case
_DATES = frozenset({"decided_on", "incident_on"})
_AMOUNTS = frozenset({"fine", "civil_compensation"})
_TERMS = frozenset({"political_rights_months", "property_confiscated", *_AMOUNTS})
_CHARGE = frozenset({"charge", "term_of_charge"})
_PLACES = frozenset({"province", "city", "court", "court_level"})
HAN, MINORITY = "汉族", "少数民族"
MONTH, YEAR = 7, 4  # characters of an ISO date


@dataclass(frozen=True, slots=True)
class Values:
    """The rules of one release; `kinds` tells the kind of every variable of the codebook."""

    kinds: dict[str, str]

    def research(self, variable: str, value: str, names: dict[str, str], masked: Callable[[str], str]) -> str | None:
        """The value beside a text without names; None when it is left out. `masked` replaces what the recognisers find in a string."""
        if variable in _NEVER:
            return None
        if variable in ("name", "alias"):
            return names.get(value) or masked(value)
        if variable == "birth":
            return value[:YEAR]
        if variable in _DATES:
            return value[:MONTH]
        if variable in _PLACES or self._plain(variable, value):
            return value
        return masked(value)

    def public(self, variable: str, value: str, level: Level) -> str | None:
        """The value where no text goes out; None when it is left out. Place and time are told as `level` says."""
        if variable in _DATES:
            return value[: level.characters] if level.characters else None
        if variable in _PLACES:
            return value if (variable == "province" and level.province) or (variable == "court_level" and level.court_level) else None
        if variable == "role" and not level.roles:
            return None
        if variable == "ethnicity":
            return value if value in ("", HAN) else MINORITY
        if variable in _AMOUNTS and _CODE.fullmatch(value):
            return rounded(value)
        return value if variable not in ("alias", "birth") and self._plain(variable, value) else None

    def _plain(self, variable: str, value: str) -> bool:
        """Whether the value is a code or a closed expression of law, never somebody's words."""
        if variable in _CHARGE:
            return bool(_CHARGES.fullmatch(value)) or not value
        if variable == "ethnicity":
            return bool(_PEOPLE.fullmatch(value))
        return (self.kinds.get(variable) in _CODED or variable in _TERMS) and bool(_CODE.fullmatch(value))


def rounded(amount: str) -> str:
    """An amount of money to two significant digits: the exact one finds the judgment in any collection. What is no number stays."""
    try:
        return f"{float(f'{float(amount):.1e}'):.0f}"
    except ValueError:
        return amount
