"""Words for keys found in the database: reasons of refusal, and whose answers the labels are."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pipeline.codebook import Term

ANSWERS = ("adjudicated", "coded", "out_of_fold", "model", "rules", "nobody")
_OUT_OF_FOLD = re.compile(r"out.?of.?fold|\boof\b|_oof|cross.?valid", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Wording:
    """Terms by key: `reasons` of refusal, `answers` (whose they are) and the `cautions` that go with them."""

    reasons: Mapping[str, Term]
    answers: Mapping[str, Term]
    cautions: Mapping[str, Term]

    def reason(self, key: str) -> Term:
        """The term for a reason of refusal; a key without words stands for itself."""
        return self.reasons.get(key) or Term(key, key, key)


@cache
def load_wording() -> Wording:
    """The words that ship with anjuan, parsed once."""
    data = tomllib.loads(files("pipeline.analyse").joinpath("wording.toml").read_text(encoding="utf-8"))
    reasons, answers, cautions = ({term["name"]: Term(**term) for term in data[kind]} for kind in ("reason", "answer", "caution"))
    return Wording(reasons, answers, cautions)


def whose(by: str | None) -> str:
    """Which kind of answer (one of `ANSWERS`) a label is whose `by` is given: any other name than ours is a reader's."""
    name = (by or "").strip().lower()
    if not name:
        return "nobody"
    if name == "adjudicated":
        return "adjudicated"
    if re.match(r"rules?\b", name):
        return "rules"
    if re.match(r"model(?![a-z])", name) or _OUT_OF_FOLD.search(name):
        return "out_of_fold" if _OUT_OF_FOLD.search(name) else "model"
    return "coded"
