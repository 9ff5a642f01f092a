"""How far the machine's answers lie from people's, by stratum: from the hand-coded cases, or from the models' cards where none is coded."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline.analyse.correcting.answers import SCOPE
from pipeline.analyse.correcting.design import Design, Flags, Floats
from pipeline.analyse.correcting.estimating import Fit, Share, variance
from pipeline.analyse.correcting.evidence import Evidence
from pipeline.analyse.correcting.remarks import Remark
from pipeline.codebook import Term, Variable, load
from pipeline.resources import shipped
from pipeline.schema import AnjuanError

OUT_OF_SCOPE = "out_of_scope"
UNKNOWN = "unknown"
_PRIOR = 2  # cases that the whole sample lends to the deviation of a stratum, so that three that agree do not make it 0


@dataclass(frozen=True, slots=True)
class Spread:
    """What a new draw would meet: strata of the cases left with their sizes and the deviation of the residual in each, and over all.

    variance: that of the estimate from what is coded now, None where nothing is; `machine`: whether its labels are used.
    """

    machine: bool
    variance: float | None
    names: tuple[str, ...]
    sizes: Floats
    deviations: Floats
    pooled: float

    @property
    def left(self) -> int:
        """How many cases are not coded yet."""
        return int(self.sizes.sum())


def machine_strata(evidence: Evidence) -> list[str]:
    """For each case the type of attack by the machine, as `anjuan annotate assign --strategy stratified` takes it."""
    found = np.full(len(evidence.cases), UNKNOWN, dtype=object)
    for value in load()["attack_type"].names:
        found[evidence.machine.says("attack_type", value)] = value
    found[evidence.machine.says(SCOPE, "0")] = OUT_OF_SCOPE
    return list(found)


def _present_strata(evidence: Evidence) -> list[str]:
    """For each case its stratum in the last sample, or the machine's type where that had no strata."""
    last = evidence.frames[-1] if evidence.frames else None
    if last is None or len(last.strata) == 1:
        return machine_strata(evidence)
    named = dict(zip(last.cases, (last.strata[number] for number in last.stratum), strict=True))
    return [named.get(case, UNKNOWN) for case in evidence.cases]


def from_coded(evidence: Evidence, design: Design, found: Fit, plain: Fit, machine: bool) -> Spread:
    """The spread of the residuals of the hand-coded cases: `found` inside the strata, `plain` (tuned as if there were none) over all."""
    strata = np.array(_present_strata(evidence))
    centred = plain.residual - design.mean(plain.residual)
    spread = float(design.weight @ centred**2) / design.total * design.coded / (design.coded - 1)
    pooled = max(spread, found.scale**2 / design.coded)  # nobody plans on there being no error at all
    coded = strata[evidence.places]
    left = Counter(np.delete(strata, evidence.places).tolist())
    names = tuple(sorted(left))
    deviations = [_deviation(found.residual[coded == name], pooled) for name in names]
    sizes = np.array([left[name] for name in names], dtype=np.float64)
    return Spread(machine, variance(design, found), names, sizes, np.array(deviations), pooled**0.5)


def _deviation(residual: Floats, pooled: float) -> float:
    """The deviation in a stratum, drawn a little towards that of all."""
    squares = float(((residual - residual.mean()) ** 2).sum()) if len(residual) else 0.0
    return float(((squares + _PRIOR * pooled) / (max(0, len(residual) - 1) + _PRIOR)) ** 0.5)


@dataclass(frozen=True, slots=True)
class _Cell:
    """Cases to which the machine gives the same answers: which they are, how probable scope and value are, and what the machine says."""

    cases: Flags
    scope: float
    value: float
    says_scope: bool
    says_value: bool


def from_card(evidence: Evidence, share: Share, variable: Variable, value: Term) -> tuple[list[Spread], float, tuple[Remark, ...]]:
    """The spread that the models' cards let expect, with and without the machine; the domain's share of all cases; what was relied on."""
    scope_card, value_card = _card(SCOPE), _card(variable.name)
    if scope_card is None:
        raise AnjuanError("the card of the model for in_scope is missing: code 30 cases first, then plan")
    basis = Remark("by_card", (variable.name,)) if value_card else Remark("no_card", (variable.name,))
    cells = _cells(evidence, share, variable, value, scope_card, value_card)
    whole = share.bottom.count == len(evidence.cases)
    size = len(evidence.cases)
    domain = 1.0 if whole else sum(int(cell.cases.sum()) * cell.scope for cell in cells) / size
    both = sum(int(cell.cases.sum()) * cell.scope * cell.value for cell in cells) / size
    centre = 0.0 if whole else both / domain
    tuning = _best_tuning(cells, centre)
    strata = np.array(machine_strata(evidence))
    spreads = [_expected(cells, strata, centre, tuning if machine else 0.0, domain, machine) for machine in (True, False)]
    return spreads, domain, (basis,)


def _cells(
    evidence: Evidence, share: Share, variable: Variable, value: Term, scope: dict[str, Any], known: dict[str, Any] | None
) -> list[_Cell]:
    says_scope = evidence.machine.says(SCOPE, "1")
    says_value = evidence.machine.says(variable.name, value.name) if variable.name != SCOPE else says_scope
    usual = float((says_scope & says_value).sum()) / max(1, int(says_scope.sum()))
    found = []
    for in_scope in (True, False):
        for positive in (True, False):
            cases = (says_scope == in_scope) & (says_value == positive)
            probable = 1.0 if variable.name == SCOPE else usual if known is None or not in_scope else _truth(known, value.name, positive)
            found.append(_Cell(cases, _truth(scope, "1", in_scope), probable, in_scope, positive))
    return [cell for cell in found if cell.cases.any()]


def _card(variable: str) -> dict[str, Any] | None:
    """Classes and confusion (coded as, answered as) of a model's first source that has several classes; None without a card."""
    try:
        card = json.loads(shipped(f"models/{variable}/card.json").read_text("utf-8"))
    except (AnjuanError, OSError):
        return None
    return next((scores for scores in card["scores"].values() if len(scores["classes"]) > 1), None)


def _truth(scores: dict[str, Any], value: str, positive: bool) -> float:
    """How probable a value is where the machine gives it (`positive`), or where it gives another. Half a case is added on both sides."""
    confusion = np.array(scores["confusion"], dtype=np.float64)
    place = scores["classes"].index(value) if value in scores["classes"] else None
    if place is None:
        return 0.0
    answered = confusion[:, place] if positive else confusion.sum(axis=1) - confusion[:, place]
    return float((answered[place] + 0.5) / (answered.sum() + 1))


def _best_tuning(cells: list[_Cell], centre: float) -> float:
    """Lambda of PPI++ under the probabilities of the cards."""
    weight = np.array([cell.cases.sum() for cell in cells], dtype=np.float64)
    weight /= weight.sum()
    people = np.array([cell.scope * (cell.value - centre) for cell in cells])
    machine = np.array([_machine(cell, centre) for cell in cells])
    apart = machine - weight @ machine
    spread = float(weight @ apart**2)
    return min(1.0, max(0.0, float(weight @ (apart * people)) / spread)) if spread > 0 else 0.0


def _machine(cell: _Cell, centre: float) -> float:
    return cell.says_scope * (cell.says_value - centre)


def _expected(cells: list[_Cell], strata: np.ndarray[Any, Any], centre: float, tuning: float, domain: float, machine: bool) -> Spread:
    """Mean and variance of the residual in each stratum, and over all cases, as mixtures of the cells."""
    names = tuple(sorted(set(strata.tolist())))
    sizes = np.array([(strata == name).sum() for name in names], dtype=np.float64)
    deviations = [_mixed(cells, strata == name, centre, tuning) / domain for name in names]
    pooled = _mixed(cells, np.ones(len(strata), dtype=np.bool_), centre, tuning) / domain
    return Spread(machine, None, names, sizes, np.array(deviations), pooled)


def _mixed(cells: list[_Cell], within: Flags, centre: float, tuning: float) -> float:
    """The standard deviation of the residual over the cases `within`."""
    count = first = second = 0.0
    for cell in cells:
        cases, answer = float((cell.cases & within).sum()), tuning * _machine(cell, centre)
        chances = ((cell.scope * cell.value, 1 - centre), (cell.scope * (1 - cell.value), -centre), (1 - cell.scope, 0.0))
        count += cases
        first += cases * sum(chance * (level - answer) for chance, level in chances)
        second += cases * sum(chance * (level - answer) ** 2 for chance, level in chances)
    return max(0.0, second / count - (first / count) ** 2) ** 0.5 if count else 0.0
