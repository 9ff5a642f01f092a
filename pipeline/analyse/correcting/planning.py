"""How many more cases to code by hand for an interval of a wanted width, by what is known of the machine's errors so far."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from pipeline.analyse.correcting.answers import SCOPE
from pipeline.analyse.correcting.design import Floats
from pipeline.analyse.correcting.errors import Spread, from_card, from_coded
from pipeline.analyse.correcting.estimating import Share, fit, margin, student, tuned
from pipeline.analyse.correcting.evidence import Evidence, gather
from pipeline.analyse.correcting.remarks import Remark
from pipeline.analyse.correcting.table import EVERY, IN_SCOPE, case_variable, column_conditions, terms
from pipeline.analyse.reading import Source, connection_of
from pipeline.analyse.tables import TOTAL
from pipeline.codebook import Term, Variable, load
from pipeline.schema import AnjuanError

STRATEGIES = ("random", "stratified", "neyman")
_SHARE = re.compile(r"(\d+(?:\.\d+)?)\s*[%％]|(0?\.\d+)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Option:
    """A way to draw more cases: how many (None: coding all would not do), the width to be expected, and how many of each stratum."""

    strategy: str
    machine: bool
    more: int | None
    width: float | None
    strata: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class CodingPlan:
    """What is wanted, what there is (`width` None: nothing coded) and the options. `basis`: what the errors are known from."""

    variable: Variable
    value: Term
    column: Term
    wanted: float
    coded: int
    width: float | None
    options: tuple[Option, ...]
    basis: tuple[Remark, ...]
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class _Now:
    """Where coding stands: cases in the frame, coded cases, the share of all cases that are in the domain."""

    size: int
    coded: int
    domain: float


def parse_width(text: str) -> float:
    """A width written as 10% or 0.1, as a number between 0 and 1. AnjuanError for anything else."""
    found = _SHARE.fullmatch(text.strip())
    width = 0.0 if found is None else float(found[1]) / 100 if found[1] else float(found[2])
    if not 0 < width < 1:
        raise AnjuanError(f"--width {text!r} is no width: write 10% or 0.1 (above 0, below 100%)")
    return width


def parse_target(text: str) -> tuple[Variable, Term]:
    """A variable and its value, written as attack_type=hatred. AnjuanError for anything else."""
    name, equals, value = text.partition("=")
    variable = case_variable(load(), name.strip())
    for term in terms(variable):
        if equals and term.name == value.strip():
            return variable, term
    raise AnjuanError(f"--variable {text!r}: write {variable.name}=VALUE with one of: {', '.join(variable.names)}")


def plan_coding(
    source: Source, target: str, width: float, strategy: str = "", every: bool = False, samples: Sequence[int] = ()
) -> CodingPlan:
    """How many more cases to code. `target`: "attack_type=hatred"; `every`: its share of all cases, not of those in scope.

    Raises:
        AnjuanError: for an unknown variable, value, strategy or sample, or when neither model nor people have said anything.
    """
    if strategy and strategy not in STRATEGIES:
        raise AnjuanError(f"unknown strategy {strategy!r}; choose one of: {', '.join(STRATEGIES)}")
    variable, value = parse_target(target)
    evidence = gather(connection_of(source), (variable.name, "attack_type"), samples)
    whole = every or variable.name == SCOPE
    domain = () if whole else IN_SCOPE
    conditions = tuple(dict.fromkeys((*domain, *column_conditions(variable, value))))
    share = Share(evidence.indicator(conditions), evidence.indicator(domain))
    told = _from_people(evidence, share) if evidence.design is not None and evidence.design.coded > 1 else None
    if told is None:
        now, spreads, basis = _from_model(evidence, share, variable, value)
        current = None
    else:
        now, spreads, current = told
        basis = ()
    options = [_option(now, spread, each, width) for spread in spreads for each in STRATEGIES if strategy in ("", each)]
    column = EVERY if whole else TOTAL
    remarks = tuple(remark for remark in evidence.remarks if remark.key not in ("no_sample", "uncoded"))
    return CodingPlan(variable, value, column, width, now.coded, current, tuple(options), basis, remarks)


def _from_people(evidence: Evidence, share: Share) -> tuple[_Now, list[Spread], float] | None:
    """What the hand-coded cases tell: with and without the machine."""
    design = evidence.design
    assert design is not None
    with_machine, plain, without = tuned(design, share), tuned(design.unstratified, share), fit(design, share, 0.0)
    if with_machine is None or plain is None or without is None or with_machine.cases < 2:
        return None
    spreads = [from_coded(evidence, design, with_machine, plain, True), from_coded(evidence, design, without, without, False)]
    domain = design.mean(share.bottom.people)
    return _Now(len(evidence.cases), design.coded, domain), spreads, 2 * margin(design, with_machine)


def _from_model(evidence: Evidence, share: Share, variable: Variable, value: Term) -> tuple[_Now, list[Spread], tuple[Remark, ...]]:
    """What the models' cards tell where nothing is coded yet."""
    if SCOPE not in evidence.machine.answered:
        raise AnjuanError("neither people nor models have said which cases are in scope: run `anjuan classify`, or code 30 cases first")
    spreads, domain, basis = from_card(evidence, share, variable, value)
    return _Now(len(evidence.cases), 0, domain), spreads, basis


def _option(now: _Now, spread: Spread, strategy: str, wanted: float) -> Option:
    """The least number of further cases for which the interval is no wider than wanted, by bisection."""
    low, high = 0, spread.left
    if _width(now, spread, strategy, high) > wanted:
        return Option(strategy, spread.machine, None, None, {})
    while low < high:
        middle = (low + high) // 2
        if _width(now, spread, strategy, middle) <= wanted:
            high = middle
        else:
            low = middle + 1
    strata = {} if strategy == "random" else dict(zip(spread.names, _whole(_drawn(spread, strategy, high)), strict=True))
    return Option(strategy, spread.machine, high, _width(now, spread, strategy, high), strata)


def _width(now: _Now, spread: Spread, strategy: str, more: int) -> float:
    """The full width of the interval after `more` cases, coded cases and new ones combined as the ordered estimator does."""
    coded = now.coded + more
    variance = _variance(now, spread, strategy, more)
    if variance is None or coded * now.domain < 2:
        return 1.0
    return 2 * student(max(1, int(coded * now.domain) - 1)) * sqrt(max(0.0, variance))


def _variance(now: _Now, spread: Spread, strategy: str, more: int) -> float | None:
    """The variance after `more` cases: of two uncorrelated unbiased estimates weighted by their precision. None: nothing is coded then."""
    if more == 0:
        return spread.variance
    fresh = _fresh(now, spread, strategy, more)
    if spread.variance is None or fresh == 0:
        return fresh
    return spread.variance * fresh / (spread.variance + fresh) if spread.variance > 0 else 0.0


def _fresh(now: _Now, spread: Spread, strategy: str, more: int) -> float:
    """The variance of the mean over the frame by a new sample of what is left, what is coded being known."""
    if strategy == "random":
        return (spread.left / now.size) ** 2 * spread.pooled**2 * (1 / more - 1 / spread.left)
    drawn = np.array(_drawn(spread, strategy, more))
    return float((spread.sizes**2 * spread.deviations**2 * (1 / drawn - 1 / spread.sizes)).sum()) / now.size**2


def _whole(shares: Floats) -> list[int]:
    """Whole numbers with the same sum: the largest fractions are rounded up."""
    down = np.floor(shares + 1e-9).astype(int)
    up = np.argsort(down - shares, kind="stable")[: max(0, round(float(shares.sum())) - int(down.sum()))]
    down[up] += 1
    return [int(number) for number in down]


def _drawn(spread: Spread, strategy: str, more: int) -> Floats:
    """How many to draw of each stratum, in proportion to its size, or to size times deviation (Neyman 1934); from 1 to all of it."""
    weight = spread.sizes * (spread.deviations if strategy == "neyman" else 1.0)
    low, high = 0.0, float(spread.left) / max(1e-12, float(weight[weight > 0].min(initial=1.0)))
    for _ in range(60):  # the factor for which the bounded numbers add up to `more`
        factor = (low + high) / 2
        low, high = (low, factor) if np.clip(factor * weight, 1, spread.sizes).sum() > more else (factor, high)
    shares: Floats = np.clip(high * weight, 1, spread.sizes)
    return shares
