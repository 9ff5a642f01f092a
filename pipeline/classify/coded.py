"""Coded cases to learn from: a person's (or reader's) values of a variable, keyed by the judgment's content hash."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.classify.features import CaseFeatures
from pipeline.schema import AnjuanError

FEWEST_OF_A_CLASS = 5
UNSEEN = "heldout"  # the source that neither rules nor models may learn from: it is scored, by final models only


@dataclass(frozen=True, slots=True)
class Coding:
    """One line of `annotations/*.jsonl`: what was coded about one judgment. Cases of one real event share a `group`; `source` is the file,
    `place` the file and line."""

    judgment_id: str
    group: str
    values: dict[str, Any]
    source: str = ""
    place: str = ""

    def value(self, variable: str) -> str | None:
        """The coded value as the codebook writes it; None when this variable was not coded here."""
        value = self.values.get(variable)
        if value is None or (variable != "in_scope" and not self.values.get("in_scope", True)):
            return None
        return str(int(value)) if isinstance(value, bool) else str(value)


@dataclass(frozen=True, slots=True)
class CodedCase:
    """A case with its coded value, ready to learn from."""

    features: CaseFeatures
    value: str
    group: str
    source: str = ""


def read_codings(path: Path) -> list[Coding]:
    """Codings of a JSON Lines file.

    Raises:
        AnjuanError: naming the line that is not a coding.
    """
    codings = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            row = json.loads(line)
            group = str(row.get("group") or row["judgment_id"])
            codings.append(Coding(row["judgment_id"], group, row, path.stem, f"{path}:{number}"))
        except (ValueError, KeyError, TypeError) as error:
            raise AnjuanError(f"{path}:{number}: not a coding ({error!r}); each line is an object with `judgment_id` and values") from error
    return codings


def coded_cases(
    codings: Iterable[Coding], features: dict[str, CaseFeatures], variable: str, fewest: int = FEWEST_OF_A_CLASS
) -> list[CodedCase]:
    """Join codings with the features of their judgments, in the order of the codings; one that is coded twice alike is one case.

    Raises:
        AnjuanError: a coding whose judgment is missing or changed, two codings that contradict each other, or a class with fewer than
            `fewest` cases (0: however few).
    """
    first: dict[str, Coding] = {}
    cases = []
    for coding in codings:
        value = coding.value(variable)
        if value is None:
            continue
        if (earlier := first.setdefault(coding.judgment_id, coding)) is not coding:
            _agree(earlier, coding, variable)
            continue
        if coding.judgment_id not in features:
            raise AnjuanError(
                f"judgment {coding.judgment_id} ({coding.values.get('id', '?')}) is coded but its text is missing or has changed; code it again"
            )
        cases.append(CodedCase(features[coding.judgment_id], value, coding.group, coding.source))
    if fewest:
        _enough(cases, variable, fewest)
    return cases


def none_unseen(cases: Iterable[CodedCase]) -> None:
    """Refuse to learn from, or choose by, the cases that are kept to be scored as unseen."""
    if any(case.source == UNSEEN for case in cases):
        raise AnjuanError(
            f"{UNSEEN}.jsonl holds cases that no model may learn from; leave it out of --codings (`anjuan evaluate` scores them)"
        )


def fingerprint(cases: Iterable[CodedCase]) -> str:
    """Hash of which judgment was coded as what (16 hexadecimal digits)."""
    rows = sorted((case.features.judgment_id, case.value) for case in cases)
    return hashlib.blake2b(json.dumps(rows).encode(), digest_size=8).hexdigest()


def _agree(one: Coding, other: Coding, variable: str) -> None:
    if one.value(variable) != other.value(variable):
        said = " and ".join(f"{coding.value(variable)!r} ({coding.place or coding.source})" for coding in (one, other))
        raise AnjuanError(f"judgment {one.judgment_id}: {variable} is coded {said}; settle which is right and delete the other")


def _enough(cases: list[CodedCase], variable: str, fewest: int) -> None:
    counts = Counter(case.value for case in cases)
    if len(counts) < 2:
        raise AnjuanError(f"{variable}: only {dict(counts)} is coded; a model needs at least two values")
    value, rarest = min(counts.items(), key=lambda item: item[1])
    if rarest < fewest:
        raise AnjuanError(f"{variable}: only {rarest} cases are coded {value!r}; code at least {fewest} of each value")
