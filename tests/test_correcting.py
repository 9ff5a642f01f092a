"""The corrected estimates: formulas against packages and textbooks, and coverage over a thousand drawn samples."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest

from pipeline.analyse.correcting.design import Design, Draw, Flags, Floats, variance_strata
from pipeline.analyse.correcting.estimating import (
    Estimate,
    Indicator,
    Share,
    coded_share,
    difference,
    fit,
    interval,
    machine_difference,
    machine_share,
    tuned,
)

DRAWS = 1000
Arrays = tuple[Flags, Flags, Flags, Flags]
Sampler = Callable[[np.random.Generator], tuple[Flags, Floats, np.ndarray]]


def design_of(drawn: Flags, probability: Floats, strata: np.ndarray) -> Design:
    """The design of one sample, nobody missing."""
    coded = np.unique(strata[drawn], return_inverse=True)[1]
    numbers = variance_strata(coded, np.bincount(strata, probability))
    pi = probability[drawn]
    return Design(len(drawn), 1 / pi, (Draw(np.arange(len(pi)), pi, 1 / pi, numbers),))


def one(machine: Floats, people: Floats, drawn: Flags) -> Indicator:
    return Indicator(int(machine.sum()), machine[drawn].astype(float), people[drawn].astype(float))


@dataclass
class Population:
    """Cases with three types and a property, in scope or not; a machine that is right in 85 % of them, and errs more in some than in others."""

    scope: Flags
    kind: np.ndarray
    has: Flags
    says_scope: Flags
    says_kind: np.ndarray
    says_has: Flags

    @property
    def type_share(self) -> Arrays:
        """Type 0 among the cases in scope: truth of top and bottom, machine's top and bottom."""
        return self.scope & (self.kind == 0), self.scope, self.says_scope & (self.says_kind == 0), self.says_scope

    def has_share(self, kind: int) -> Arrays:
        """The property among the cases of a type."""
        true, said = self.scope & (self.kind == kind), self.says_scope & (self.says_kind == kind)
        return true & self.has, true, said & self.says_has, said

    @property
    def all_share(self) -> Arrays:
        """The property among all cases."""
        every = np.ones(len(self.has), dtype=bool)
        return self.scope & self.has, every, self.says_scope & self.says_has, every


def population(size: int = 3000, seed: int = 5) -> Population:
    chance = np.random.default_rng(seed)
    scope = chance.random(size) < 0.7
    kind = chance.choice(3, size, p=[0.25, 0.5, 0.25])
    has = chance.random(size) < np.array([0.6, 0.2, 0.35])[kind]
    right = chance.random(size) < np.array([0.75, 0.92, 0.81])[kind]  # 85 % over all, the rare types worst
    says_kind = np.where(right, kind, (kind + chance.choice([1, 2], size, p=[0.8, 0.2])) % 3)
    says_scope = np.where(chance.random(size) < np.where(scope, 0.95, 0.8), scope, ~scope)
    says_has = np.where(chance.random(size) < np.where(has, 0.78, 0.9), has, ~has)
    return Population(scope, kind, has, says_scope, says_kind, says_has)


def simple(size: int, n: int) -> Sampler:
    def draw(chance: np.random.Generator) -> tuple[Flags, Floats, np.ndarray]:
        drawn = np.zeros(size, dtype=bool)
        drawn[chance.choice(size, n, replace=False)] = True
        return drawn, np.full(size, n / size), np.zeros(size, dtype=int)

    return draw


def by_strata(strata: np.ndarray, wanted: dict[int, int]) -> Sampler:
    members = {number: np.flatnonzero(strata == number) for number in wanted}
    probability = np.array([wanted[number] / len(members[number]) for number in strata])

    def draw(chance: np.random.Generator) -> tuple[Flags, Floats, np.ndarray]:
        drawn = np.zeros(len(strata), dtype=bool)
        for number, places in members.items():
            drawn[chance.choice(places, wanted[number], replace=False)] = True
        return drawn, probability, strata

    return draw


def by_size(weights: Floats, n: int) -> Sampler:
    """A systematic draw in random order with probabilities in proportion to size (Madow 1949), as the sampler draws."""
    mixed = 0.2 / len(weights) + 0.8 * weights / weights.sum()
    probability = n * mixed
    assert probability.max() < 1

    def draw(chance: np.random.Generator) -> tuple[Flags, Floats, np.ndarray]:
        order = chance.permutation(len(weights))
        teeth = np.arange(n) + chance.random()
        drawn = np.zeros(len(weights), dtype=bool)
        drawn[order[np.minimum(np.searchsorted(np.cumsum(probability[order]), teeth), len(weights) - 1)]] = True
        return drawn, probability, np.zeros(len(weights), dtype=int)

    return draw


def samplers(people: Population) -> dict[str, Sampler]:
    size, strata = len(people.has), np.where(people.says_scope, people.says_kind, 3)
    doubt = np.where(people.says_kind == 1, 0.3, 1.0) * np.random.default_rng(1).uniform(0.2, 1.0, size)
    return {
        "random": simple(size, 400),
        "stratified": by_strata(strata, {0: 120, 1: 100, 2: 120, 3: 60}),
        "by size": by_size(doubt, 400),
    }


def covers(estimate: Estimate, truth: float) -> bool:
    assert estimate.low is not None
    assert estimate.high is not None
    return estimate.low <= truth <= estimate.high


def width(estimate: Estimate) -> float:
    assert estimate.low is not None
    assert estimate.high is not None
    return estimate.high - estimate.low


@dataclass
class Coverage:
    """How often the interval of each voice held the truth, and its mean width: machine, hand-coded, corrected."""

    hits: Floats
    widths: Floats

    def __str__(self) -> str:
        return f"coverage {self.hits.round(3)}, width {self.widths.round(3)}"


def cover(people: Callable[[int], Population], sampler: Callable[[Population], Sampler], what: Callable[[Population], Arrays]) -> Coverage:
    """Draw and estimate a thousand times."""
    chance, hits, widths = np.random.default_rng(1), np.zeros(3), np.zeros(3)
    for number in range(DRAWS):
        top, bottom, says_top, says_bottom = what(people(number))
        drawn, probability, strata = sampler(people(number))(chance)
        design = design_of(drawn, probability, strata)
        share = Share(one(says_top, top, drawn), one(says_bottom, bottom, drawn))
        found = usual(*counts(share)), coded_share(design, fit(design, share, 0.0), share), interval(design, tuned(design, share))
        hits += [covers(each, top.sum() / bottom.sum()) for each in found]
        widths += [width(each) for each in found]
    return Coverage(hits / DRAWS, widths / DRAWS)


def counts(share: Share) -> tuple[int, int]:
    return share.top.count, share.bottom.count


@cache
def usual(top: int, bottom: int) -> Estimate:
    """The machine's interval, computed once where population and machine stay the same."""
    nothing = np.zeros(0)
    return machine_share(Share(Indicator(top, nothing, nothing), Indicator(bottom, nothing, nothing)))


ONE = population()
QUESTIONS: dict[str, Callable[[Population], Arrays]] = {
    "type": lambda people: people.type_share,
    "property": lambda people: people.has_share(0),
    "all cases": lambda people: people.all_share,
}


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("random", "type"),
        ("random", "all cases"),
        ("stratified", "type"),
        ("stratified", "property"),
        ("by size", "type"),
        ("by size", "all cases"),
    ],
)
def test_the_corrected_interval_covers_where_the_machines_does_not(name: str, what: str) -> None:
    sampler = samplers(ONE)[name]
    found = cover(lambda _: ONE, lambda _: sampler, QUESTIONS[what])
    assert found.hits[0] == 0, found  # one population, one machine: always the same interval
    assert 0.93 <= found.hits[1] <= 0.97, found
    assert 0.93 <= found.hits[2] <= 0.97, found
    # Strata by the machine's type already use what it knows of the type; there is nothing to gain then, and little to lose.
    assert found.widths[2] < found.widths[1] * (1.01 if name == "stratified" else 1), found


def test_the_machines_interval_fails_in_most_populations() -> None:
    many = [population(2000, seed) for seed in range(DRAWS)]
    found = cover(many.__getitem__, lambda people: simple(len(people.has), 400), QUESTIONS["property"])
    assert np.mean([(people.kind == people.says_kind).mean() for people in many]) == pytest.approx(0.85, abs=0.005)
    assert found.hits[0] < 0.5, found
    assert 0.93 <= found.hits[2] <= 0.97, found
    assert found.widths[2] < 0.97 * found.widths[1], found


def test_the_corrected_difference_covers() -> None:
    truth = np.subtract(*(ONE.has_share(kind)[0].sum() / ONE.has_share(kind)[1].sum() for kind in (0, 1)))
    chance, hits = np.random.default_rng(3), np.zeros(3)
    sampler, machine = samplers(ONE)["stratified"], None
    for _ in range(DRAWS):
        drawn, probability, strata = sampler(chance)
        design = design_of(drawn, probability, strata)
        shares = [Share(one(c, a, drawn), one(d, b, drawn)) for a, b, c, d in (ONE.has_share(0), ONE.has_share(1))]
        coded = difference(*(fit(design, share, 0.0) for share in shares))
        corrected = difference(*(tuned(design, share) for share in shares))
        machine = machine or machine_difference(*shares)
        found = machine, interval(design, coded, -1), interval(design, corrected, -1)
        hits += [covers(each, truth) for each in found]
    assert hits[0] == 0
    assert (hits[1:] >= 0.93 * DRAWS).all(), hits
    assert (hits[1:] <= 0.97 * DRAWS).all(), hits


def test_a_better_machine_makes_a_narrower_interval_and_a_useless_one_no_wider() -> None:
    chance, size, n = np.random.default_rng(2), 4000, 300
    truth = chance.random(size) < 0.3
    every = np.ones(size, dtype=bool)
    means = []
    for wrong in (0.02, 0.15, 0.5):
        says = np.where(chance.random(size) < wrong, ~truth, truth)
        widths = []
        for _ in range(100):
            drawn, probability, strata = simple(size, n)(chance)
            design = design_of(drawn, probability, strata)
            share = Share(one(says, truth, drawn), one(every, every, drawn))
            widths.append((width(interval(design, tuned(design, share))), width(coded_share(design, fit(design, share, 0.0), share))))
        means.append(np.mean(widths, axis=0))
    narrow, fair, useless = (mean[0] / mean[1] for mean in means)
    assert narrow < 0.5
    assert narrow < fair < 0.95
    assert 0.97 < useless < 1.02


def test_equal_probabilities_agree_with_ppi_py() -> None:
    ppi = pytest.importorskip("ppi_py")
    chance, size, n = np.random.default_rng(8), 100_000, 500
    truth = chance.random(size) < 0.3
    says = np.where(chance.random(size) < 0.15, ~truth, truth)
    drawn, probability, strata = simple(size, n)(chance)
    design, every = design_of(drawn, probability, strata), np.ones(size, dtype=bool)
    share = Share(one(says, truth, drawn), one(every, every, drawn))
    labelled = truth[drawn].astype(float), says[drawn].astype(float), says.astype(float)
    for tuning in (0.0, 0.6, 1.0):
        found = fit(design, share, tuning)
        assert found is not None
        assert found.value == pytest.approx(ppi.ppi_mean_pointestimate(*labelled, lam=tuning).item(), abs=1e-12)
    best = tuned(design, share)
    assert best is not None
    low, high = (float(limit) for limit in np.ravel(ppi.ppi_mean_ci(*labelled, alpha=0.05)))
    ours = interval(design, best)
    assert (ours.low, ours.high) == pytest.approx((low, high), abs=1e-3)


def test_the_variance_is_the_textbooks_for_strata() -> None:
    chance = np.random.default_rng(4)
    strata, values = np.repeat([0, 1, 2], [50, 30, 20]), chance.normal(size=100)
    drawn, probability, _ = by_strata(strata, {0: 10, 1: 6, 2: 20})(chance)  # the third in full
    expected = sum(
        (size / 100) ** 2 * (1 - n / size) * values[drawn & (strata == number)].var(ddof=1) / n
        for number, size, n in ((0, 50, 10), (1, 30, 6), (2, 20, 20))
    )
    assert design_of(drawn, probability, strata).variance(values[drawn]) == pytest.approx(expected)


def test_a_census_has_no_width() -> None:
    every = np.ones(40, dtype=bool)
    truth = np.arange(40) < 7
    design = design_of(every, np.ones(40), np.zeros(40, dtype=int))
    share = Share(one(~truth, truth, every), one(every, every, every))
    assert interval(design, tuned(design, share)) == Estimate(0.175, 0.175, 0.175)
    assert coded_share(design, fit(design, share, 0.0), share) == Estimate(0.175, 0.175, 0.175)


def test_agreement_of_all_coded_cases_is_no_proof() -> None:
    truth = np.arange(1000) % 5 == 0
    every, drawn = np.ones(1000, dtype=bool), np.arange(1000) % 20 < 1  # fifty, all of them right
    design = design_of(drawn, np.full(1000, 0.05), np.zeros(1000, dtype=int))
    share = Share(one(truth, truth, drawn), one(every, every, drawn))
    found = interval(design, tuned(design, share))
    assert found.value == pytest.approx(0.2)
    assert found.high == pytest.approx(0.2 + 3 / 50 * 0.95**0.5, abs=1e-6)


def test_a_domain_without_coded_cases_cannot_be_told() -> None:
    none, every = np.zeros(100, dtype=bool), np.ones(100, dtype=bool)
    drawn = np.arange(100) < 20
    design = design_of(drawn, np.full(100, 0.2), np.zeros(100, dtype=int))
    share = Share(one(none, none, drawn), one(none, none, drawn))
    assert tuned(design, share) is None
    assert interval(design, tuned(design, share)) == coded_share(design, fit(design, share, 0.0), share) == Estimate()
    assert machine_share(share) == Estimate()
    assert difference(None, fit(design, Share(one(every, every, drawn), one(every, every, drawn)), 0.0)) is None


def test_strata_with_one_coded_case_are_put_together_and_an_order_is_no_stratum() -> None:
    assert variance_strata(np.array([0, 0, 0, 1, 2]), np.array([3.0, 1.0, 1.0])).tolist() == [0, 0, 0, 1, 1]
    assert variance_strata(np.array([0, 0, 0, 1]), np.array([3.0, 1.0])).tolist() == [0, 0, 0, 0]
    assert variance_strata(np.array([0, 0, 1, 1]), np.array([1.5, 2.5])).tolist() == [0, 0, 0, 0]
