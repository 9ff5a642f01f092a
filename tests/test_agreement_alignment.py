"""Victims and defendants of two coders: which is which."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.annotate.agreement import Coding, align, measure
from pipeline.annotate.agreement.alignment import likeness, name_likeness, parties
from pipeline.codebook import load
from pipeline.schema import Entry

Victim = tuple[str, str, str]  # name, role, injury


def victims(*found: Victim, first: int = 1) -> list[Entry]:
    """Entries of victims numbered from `first`."""
    return [
        Entry(f"victim:{number}", variable, (value,))
        for number, values in enumerate(found, first)
        for variable, value in zip(("name", "role", "injury"), values, strict=True)
        if value
    ]


def test_the_same_people_in_another_order() -> None:
    one = victims(("李某甲", "doctor", "minor"), ("王某", "nurse", "slight"), ("赵某", "security", "slight"))
    other = victims(("赵某", "security", "slight"), ("李某甲", "doctor", "serious"), ("王某", "nurse", "slight"))
    assert align(one, other, "victim") == [(1, 2), (2, 3), (3, 1)]


def test_without_names_role_and_injury_tell() -> None:
    one = victims(("", "doctor", "minor"), ("", "nurse", "slight"))
    other = victims(("", "nurse", "slight"), ("", "doctor", "minor"))
    assert align(one, other, "victim") == [(1, 2), (2, 1)]


def test_entries_alone_stand_alone() -> None:
    one = victims(("李某", "doctor", "minor"))
    other = victims(("王某", "nurse", "slight"), ("李某", "nurse", "minor"))
    assert align(one, other, "victim") == [(1, 2), (None, 1)]
    assert align(one, [], "victim") == [(1, None)]
    assert align([], [], "victim") == []


def test_different_names_are_different_people_even_if_they_are_all_there_is() -> None:
    assert align(victims(("李某甲", "nurse", "slight")), victims(("王某甲", "nurse", "slight")), "victim") == [(1, None), (None, 1)]


def test_the_same_unnamed_victim_with_another_role_is_a_disagreement_not_two_victims() -> None:
    assert align(victims(("", "doctor", "minor")), victims(("", "nurse", "slight")), "victim") == [(1, 1)]


def test_numbers_may_have_gaps_and_other_parties_are_left_alone() -> None:
    other = [*victims(("李某", "doctor", "minor"), first=3), Entry("defendant:1", "name", ("张某",)), Entry("victim:1", "role")]
    assert align(victims(("李某", "doctor", "minor")), other, "victim") == [(1, 3)]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("李某", "李某", 1.0), ("李某", "王某", 0.0), ("李某甲", "王某甲", 0.0), ("李某", "", None), ("某某", "李某", None)],
)
def test_names(one: str, other: str, expected: float | None) -> None:
    assert name_likeness(one, other) == expected


def test_names_that_differ_in_their_masks_are_alike_but_the_same_name_is_nearer() -> None:
    one = victims(("李某", "", ""), ("李某某", "", ""))
    assert align(one, victims(("李某某", "", ""), ("李某", "", "")), "victim") == [(1, 2), (2, 1)]
    assert 0 < (name_likeness("李某", "李××") or 0) < 1


@given(st.data())
def test_no_other_assignment_is_better(data: st.DataObject) -> None:
    """Against all permutations."""
    someone = st.tuples(st.sampled_from(["", "李某", "王某"]), st.sampled_from(["doctor", "nurse"]), st.sampled_from(["minor", "slight"]))
    one, other = (victims(*data.draw(st.lists(someone, min_size=3, max_size=3))) for _ in range(2))
    left, right = parties(one, "victim"), parties(other, "victim")

    def worth(pairs: list[tuple[int, int]]) -> float:
        return sum(likeness(left[a], right[b]) for a, b in pairs)

    found = worth([(a, b) for a, b in align(one, other, "victim") if a and b])
    best = max(worth(list(zip(left, order, strict=True))) for order in permutations(right))
    assert found >= best - 0.04  # the order of the lists breaks ties: all permutations of three differ by no more


def test_aligned_parties_are_counted_and_compared() -> None:
    one = victims(("李某甲", "doctor", "minor"), ("王某", "nurse", "slight"))
    other = victims(("王某", "nurse", "minor"), ("赵某", "nurse", "slight"), ("李某甲", "doctor", "minor"))
    found = measure([Coding("j1", "a", tuple(one)), Coding("j1", "b", tuple(other))], load())
    (count,) = found.parties
    assert (count.both, count.first_only, count.second_only) == (2, 0, 1)
    assert {(row.variable, row.n): row.percent.value for row in found.rows} == {("name", 2): 1.0, ("role", 2): 1.0, ("injury", 2): 0.5}
    assert [(each.units, each.variable) for each in found.disagreements] == [(("victim:2", "victim:1"), "injury"), (("", "victim:2"), "")]
