"""Filters: which judgments a study wants besides the words, by year, kind of case, charge, court and province."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from pipeline.schema import Judgment

_HEAD = 600  # characters of a judgment within which court and case number stand
_CASE_YEAR = re.compile(r"[（(〔\[]\s*((?:19|20)\d{2})\s*[）)〕\]]")
_YEAR = re.compile(r"(?:19|20)\d{2}")
_KIND = re.compile(r"刑事|民事|行政|执行|国家赔偿")
_A_CHARGE = re.compile(r"(?:犯|构成|涉嫌)(?:(?!罪)[\u4e00-\u9fff、]){2,40}罪")  # 犯寻衅滋事罪; not 认罪, 构成犯罪


@dataclass(frozen=True)
class Filters:
    """What may pass; an empty tuple lets everything pass. `years` are the first and the last."""

    years: tuple[int, ...] = ()
    case_types: tuple[str, ...] = ()
    charges: tuple[str, ...] = ()
    courts: tuple[str, ...] = ()
    provinces: tuple[str, ...] = ()

    def reason(self, judgment: Judgment) -> str | None:
        """Why a judgment is kept out; None where it passes. What it does not state is not held against it."""
        return self._year(judgment) or self._case_type(judgment) or self._charge(judgment) or self._court(judgment)

    def _year(self, judgment: Judgment) -> str | None:
        if not self.years or (year := _year(judgment)) is None or self.years[0] <= year <= self.years[-1]:
            return None
        return f"year {year} is outside {self.years[0]}-{self.years[-1]}"

    def _case_type(self, judgment: Judgment) -> str | None:
        kind = _KIND.search(judgment.metadata.get("case_type", ""))
        if not self.case_types or kind is None or any(kind[0] in wanted for wanted in self.case_types):
            return None
        return f"case type {kind[0]} is not among {'、'.join(self.case_types)}"

    def _charge(self, judgment: Judgment) -> str | None:
        if not self.charges:
            return None
        stated = judgment.metadata.get("cause_of_action", "") + judgment.metadata.get("accusation", "")
        texts = (stated, judgment.title, judgment.text)
        if any(self._wanted_charge.search(text) for text in texts) or not (stated or any(map(_A_CHARGE.search, texts))):
            return None
        return "none of the charges is named"

    @cached_property
    def _wanted_charge(self) -> re.Pattern[str]:
        return re.compile("|".join(re.escape(charge.removesuffix("罪")) for charge in self.charges))

    def _court(self, judgment: Judgment) -> str | None:
        stated = "".join(judgment.metadata.get(key, "") for key in ("court", "province", "region")) or judgment.text[:_HEAD]
        for wanted, what in ((self.courts, "courts"), (self.provinces, "provinces")):
            if wanted and "法院" in stated and not any(name in stated for name in wanted):
                return f"the court is not among the {what} {'、'.join(wanted)}"
        return None


def _year(judgment: Judgment) -> int | None:
    """The year of the decision, else that of the case number."""
    if decided := _YEAR.match(judgment.metadata.get("decided_on", "")):
        return int(decided[0])
    numbered = _CASE_YEAR.search(judgment.metadata.get("case_number", "") or judgment.text[:_HEAD])
    return int(numbered[1]) if numbered else None
