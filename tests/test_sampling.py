"""Samples of a fixed size with exact inclusion probabilities, and their sharing among coders."""

from __future__ import annotations

import math
from collections import Counter
from itertools import combinations, pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.annotate.clusters import cluster, told
from pipeline.annotate.sampling import FLOOR, Chance, allocate, probabilities, proportional, stratified, systematic
from pipeline.annotate.sharing import pairs, share

DRAWS = 4_000
WEIGHTS = [0.0] * 12 + [0.05 * n for n in range(1, 19)] + [40.0, 25.0]
STRATA = ["a"] * 17 + ["b"] * 9 + ["c"] * 5 + ["d"]


def design(name: str, chance: Random) -> list[Chance]:
    """One draw by each kind of design, 32 members."""
    if name == "proportional":
        return proportional(WEIGHTS, 8, chance)
    if name == "without strata":
        return stratified(["all"] * 32, 8, chance)
    size, equal = {"strata": (8, False), "equal strata": (8, True), "too few": (3, False), "too few, equal": (3, True)}[name]
    return stratified(STRATA, size, chance, equal)


DESIGNS = ("proportional", "without strata", "strata", "equal strata", "too few", "too few, equal")


@pytest.mark.parametrize("name", DESIGNS)
def test_members_are_drawn_as_often_as_their_probabilities_say(name: str) -> None:
    drawn, total = Counter[int](), 0.0
    values = [1.0 + 3 * (place % 5) for place in range(32)]
    estimates = []
    for seed in range(DRAWS):
        chances = design(name, Random(f"draw:{seed}"))
        members = [place for place, given_ in enumerate(chances) if given_.drawn]
        drawn.update(members)
        total += len(members)
        estimates.append(sum(values[place] / chances[place].probability for place in members))
    wanted = [given_.probability for given_ in design(name, Random("any"))]
    assert total == DRAWS * round(sum(wanted))  # the size is fixed
    for place, probability in enumerate(wanted):
        error = math.sqrt(probability * (1 - probability) / DRAWS)
        assert drawn[place] / DRAWS == pytest.approx(probability, abs=4 * error + 1e-9)
    mean = sum(estimates) / DRAWS
    spread = math.sqrt(sum((estimate - mean) ** 2 for estimate in estimates) / (DRAWS - 1) / DRAWS)
    assert mean == pytest.approx(sum(values), abs=4 * spread + 1e-9)  # Horvitz and Thompson's total


@pytest.mark.parametrize("name", ["without strata", "proportional"])
def test_nearly_every_pair_can_be_drawn_together(name: str) -> None:
    together = Counter(
        pair
        for seed in range(DRAWS)
        for pair in combinations([place for place, given_ in enumerate(design(name, Random(seed))) if given_.drawn], 2)
    )
    assert len(together) > 0.98 * math.comb(32, 2)


def test_proportional_draws_the_heavy_more_often_and_nobody_never() -> None:
    chances = proportional(WEIGHTS, 8, Random(1))
    found = [given_.probability for given_ in chances]
    assert found == sorted(found)  # as the weights are
    assert found[-1] == found[-2] == 1.0
    assert min(found) >= FLOOR * 8 / len(WEIGHTS)
    assert sum(found) == pytest.approx(8)


def test_weights_of_zero_draw_all_alike() -> None:
    assert {given_.probability for given_ in proportional([0.0] * 10, 3, Random(1))} == {0.3}


@given(st.lists(st.floats(1e-6, 1e6), min_size=1, max_size=60), st.data())
def test_probabilities_add_up_to_the_size_in_the_order_of_the_weights(weights: list[float], data: st.DataObject) -> None:
    size = data.draw(st.integers(1, len(weights)))
    found = probabilities(weights, size)
    assert math.isclose(sum(found), size, rel_tol=1e-9)
    assert all(0 < probability <= 1 for probability in found)
    order = sorted(range(len(weights)), key=weights.__getitem__)
    assert all(found[a] <= found[b] + 1e-12 for a, b in pairwise(order))
    open_ = [place for place in order if found[place] < 1]
    assert all(math.isclose(found[a] * weights[b], found[b] * weights[a], rel_tol=1e-6) for a, b in pairwise(open_))
    drawn = systematic(found, Random(size))
    assert len(drawn) == len(set(drawn)) == size
    assert {place for place, probability in enumerate(found) if probability == 1} <= set(drawn)


@given(st.dictionaries(st.text(max_size=3), st.integers(1, 50), min_size=1, max_size=8), st.booleans(), st.data())
def test_strata_get_one_at_least_and_no_more_than_they_have(sizes: dict[str, int], equal: bool, data: st.DataObject) -> None:
    size = data.draw(st.integers(len(sizes), sum(sizes.values()) + 5))
    drawn = allocate(sizes, size, equal)
    assert all(1 <= drawn[name] <= sizes[name] for name in sizes)
    assert sum(drawn.values()) == min(size, sum(sizes.values()))
    if equal:
        free = [drawn[name] for name in sizes if drawn[name] < sizes[name]]
        assert not free or max(free) - min(free) <= 1
        assert not free or max(drawn.values()) <= max(free) + 1


def test_the_allocation_is_the_one_of_least_variance() -> None:
    sizes = {"a": 60, "b": 25, "c": 9, "d": 6}
    best = min(
        (
            split
            for split in ((a, b, c, 20 - a - b - c) for a in range(1, 18) for b in range(1, 18) for c in range(1, 10))
            if 1 <= split[3] <= 6
        ),
        key=lambda split: sum(members**2 / n for members, n in zip(sizes.values(), split, strict=True)),
    )
    assert tuple(allocate(sizes, 20).values()) == best
    assert allocate({"a": 10, "b": 3, "c": 90}, 15, equal=True) == {"a": 6, "b": 3, "c": 6}


def test_too_few_draws_for_the_strata_spread_over_them() -> None:
    strata = [name for name in "abcdefgh" for _ in range(4)]
    for seed in range(50):
        drawn = Counter(given_.stratum for given_ in stratified(strata, 4, Random(seed)) if given_.drawn)
        assert max(drawn.values()) == 1


def test_too_few_equal_draws_fall_on_all_strata_alike() -> None:
    expected = Counter[str]()
    for given_ in stratified(STRATA, 3, Random(1), equal=True):
        expected[given_.stratum] += given_.probability
    assert expected == pytest.approx(dict.fromkeys("abcd", 3 / 4))


def test_the_comb_gives_every_place_its_probability_in_any_order() -> None:
    wanted, chance = [0.9, 0.05, 0.3, 1.0, 0.25, 0.5], Random("comb")
    times = Counter(place for _ in range(DRAWS) for place in systematic(wanted, chance))
    for place, probability in enumerate(wanted):
        assert times[place] / DRAWS == pytest.approx(probability, abs=4 * math.sqrt(probability * (1 - probability) / DRAWS))


@settings(deadline=None)
@given(st.integers(0, 90), st.integers(2, 7), st.floats(0, 1), st.integers())
def test_coders_and_pairs_have_equally_many(cases: int, people: int, overlap: float, seed: int) -> None:
    drawn, coders = [f"case {n}" for n in range(cases)], [f"coder{n}" for n in range(people)]
    queues = share(drawn, coders, overlap, Random(seed))
    readers: dict[str, set[str]] = {case: set() for case in drawn}
    for coder, queue in queues.items():
        assert len(set(queue)) == len(queue)
        for case in queue:
            readers[case].add(coder)
    assert {len(who) for who in readers.values()} <= {1, 2}
    assert sum(len(who) == 2 for who in readers.values()) == math.floor(overlap * cases + 0.5)
    loads = [len(queue) for queue in queues.values()]
    assert max(loads) - min(loads) <= 1
    common = Counter(tuple(sorted(who)) for who in readers.values() if len(who) == 2)
    times = [common[pair] for pair in combinations(sorted(coders), 2)]
    assert max(times) - min(times) <= 1


def test_which_cases_are_coded_twice_and_where_they_stand_is_chance() -> None:
    drawn, coders, draws = [f"case {n}" for n in range(20)], ["甲", "乙", "丙"], 3_000
    twice, first, reader = Counter[str](), Counter[bool](), Counter[str]()
    for seed in range(draws):
        queues = share(drawn, coders, 0.3, Random(seed))
        times = Counter(case for queue in queues.values() for case in queue)
        twice.update(case for case, count in times.items() if count == 2)
        first[times[queues["甲"][0]] == 2] += 1
        reader.update(coder for coder, queue in queues.items() if "case 0" in queue)
    for case in drawn:
        assert twice[case] / draws == pytest.approx(0.3, abs=4 * math.sqrt(0.3 * 0.7 / draws))
    both = 12 / 26  # of 26 codings 12 are of cases that are coded twice
    assert first[True] / draws == pytest.approx(both, abs=4 * math.sqrt(both * (1 - both) / draws))
    for coder in coders:
        assert reader[coder] / draws == pytest.approx(1.3 / 3, abs=4 * math.sqrt(0.25 / draws))


def test_one_coder_alone_reads_all() -> None:
    queues = share(["a", "b", "c"], ["甲"], 0.0, Random(1))
    assert sorted(queues["甲"]) == ["a", "b", "c"]
    assert pairs(["甲"], 0, Random(1)) == []


SCENES = (
    "因排队就诊与护士{}发生争吵，推搡护士并辱骂导诊人员",
    "深夜醉酒到急诊科，酒后无故殴打值班保安{}",
    "携带菜刀到诊室，将主治医生{}砍伤",
)


def judgment(scene: int, name: str) -> str:
    """An invented judgment about one of three scenes."""
    told_ = SCENES[scene].format(name)
    heading = f"某市人民法院刑事判决书。被告人{name}，男，某年出生，汉族。公诉机关指控被告人{name}犯罪，向本院提起公诉。"
    facts = f"经审理查明，某年某月某日，被告人{name}{told_}。其后被告人{name}又{told_}，被在场人员制止，经鉴定损伤程度为轻微伤。"
    return f"{heading}\n{facts}{facts}\n本院认为，被告人{name}的行为已构成犯罪。判决如下：被告人{name}犯罪，判处拘役。"


def test_like_judgments_come_into_one_group_and_the_same_each_time() -> None:
    texts = [judgment(n % 3, f"{name}某") for n, name in enumerate("赵钱孙李周吴郑王冯陈褚卫")]
    groups = cluster((told(text) for text in texts), 3)
    assert len(set(groups)) == 3
    assert all(groups[n] == groups[n % 3] for n in range(12))
    assert cluster((told(text) for text in texts), 3) == groups


def test_what_is_told_leaves_parties_and_formulas_out() -> None:
    found = told(judgment(2, "张某"))
    assert "携带菜刀" in found
    assert "汉族" not in found
    assert "判处拘役" not in found
    assert told("只有一句话。") == "只有一句话。"


@pytest.mark.filterwarnings("error")
def test_texts_that_are_all_alike_or_empty_are_one_group() -> None:
    assert cluster(["同样的话同样的话"] * 5, 3) == ["cluster 1"] * 5
    assert cluster(["甲"], 4) == ["cluster 1"]
    assert cluster(["", "。"], 2) in (["cluster 1", "cluster 1"], ["cluster 1", "cluster 2"], ["cluster 2", "cluster 1"])
