"""Screening: the order of reading, the stopping rule's promise, and both played through on small pools."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from cli import app
from pipeline.annotate.screening import Reader, Rule, Sampled, due, quiet, sample_order, vectorise, verdict
from pipeline.annotate.screening.ranking import WINDOW, window
from pipeline.annotate.screening.simulation import CodedPool, drawn, simulate
from pipeline.schema import AnjuanError

ACTS = ("推搡护士", "殴打医生", "辱骂医务人员", "持刀捅刺医师")
OTHERS = ("盗窃电动车", "与邻居争执", "无证驾驶", "开设赌场", "骗取货款")
PLACES = ("某镇", "某县城", "某路口", "某小区", "某广场", "某市场", "某村")


def texts(inside: int, outside: int) -> tuple[list[str], list[bool]]:
    """Short invented cases, in scope and not."""
    one = [f"经审理查明，被告人张某在{PLACES[n % 7]}医院{ACTS[n % 4]}李某甲，时间为{n}日。" for n in range(inside)]
    other = [f"经审理查明，被告人王某在{PLACES[n % 7]}{OTHERS[n % 5]}，涉案{n}元。" for n in range(outside)]
    return one + other, [True] * inside + [False] * outside


def pool_of(inside: int, outside: int) -> tuple[list[str], CodedPool]:
    told, truth = texts(inside, outside)
    groups = tuple(str(n) for n in range(len(told)))
    return told, CodedPool(tuple(truth), groups, ("test",) * len(told), tuple(map(len, told)))


def test_before_anything_is_known_the_likest_to_the_query_comes_first() -> None:
    told, truth = texts(5, 60)
    order = Reader(vectorise(told, "在医院殴打医生护士"), 0).order({})
    assert sorted(order) == list(range(65))
    assert all(truth[row] for row in order[:5])


def test_a_score_from_before_goes_before_the_query() -> None:
    told, _ = texts(3, 5)
    assert Reader(vectorise(told, "医院"), 0, [0, 0, 0, 0.1, 0.9, 0.5, 0, 0]).order({})[:3] == [4, 5, 3]


def test_the_order_learns_from_the_decisions_and_is_the_same_again() -> None:
    told, _ = texts(20, 60)
    vectors = vectorise(told, "无")
    decided = {20: True, 0: False, 21: False}  # the thefts are what this screener wants
    order = Reader(vectors, 3).order(decided)
    assert order == Reader(vectors, 3).order(decided)
    assert not set(order) & set(decided)
    assert {told[row].split("，")[1][-5:] for row in order[:5]} == {"盗窃电动车"}


def test_the_model_learns_ever_more_seldom() -> None:
    assert due(0, 1)
    assert not due(100, 9)
    assert due(100, 10)
    assert due(100_000, 100)


def test_a_long_text_is_read_from_where_the_story_begins() -> None:
    text = "首部" * 1000 + "经审理查明，被告人张某" + "甲" * 2000
    assert window(text).startswith("经审理查明")
    assert len(window(text)) == WINDOW


def test_the_test_is_the_hypergeometric_one() -> None:
    """19 found before, none among 50 of 100: recall is below 95 % only with two in scope or more, C(98,50)/C(100,50) = 49/198."""
    told = verdict(200, 19, Sampled(100, 50, 0))
    assert told.p_value == pytest.approx(2 * 49 / 198)
    assert told.read == 150
    assert not told.may_stop


def test_all_read_is_enough_and_nothing_found_is_not() -> None:
    assert verdict(10, 0, Sampled(10, 10, 0)).may_stop
    assert not verdict(100, 0, Sampled(100, 50, 0)).may_stop
    assert verdict(100, 0, Sampled(100)).missed is None


@given(st.integers(0, 60), st.integers(1, 300), st.data())
def test_the_verdict_agrees_with_itself(before: int, unread: int, data: st.DataObject) -> None:
    read = data.draw(st.integers(0, unread))
    found = data.draw(st.integers(0, min(read, 5)))
    told = verdict(before + unread, before, Sampled(unread, read, found))
    assert told.may_stop == (told.more == 0)
    assert told.may_stop == (told.p_value < 0.05)
    assert 0 <= told.more <= unread - read
    assert verdict(before + unread, before, Sampled(unread, read + told.more, found)).may_stop
    if told.missed is not None and told.found and not told.may_stop:
        assert told.found / (told.found + told.missed) < 0.95
    if told.may_stop and told.missed is not None and told.found:
        assert told.found / (told.found + told.missed) >= 0.95 - 1e-9


@cache
def may_stop_after(before: int, unread: int, found: int, rule: Rule) -> int:
    """How many of the unread must be read, if so many of them are found."""
    return found + verdict(before + unread, before, Sampled(unread, found, found), rule).more


def stops_too_early(before: int, unread: int, in_scope: int, rule: Rule, random: np.random.Generator) -> bool:
    """Whether one screening in random order, looked at after every judgment, is let stop below the target."""
    places = [*np.sort(random.permutation(unread)[:in_scope]), unread]
    found = next(found for found, place in enumerate(places) if may_stop_after(before, unread, found, rule) <= place)
    return (before + found) / (before + in_scope) < rule.recall - 1e-9


@pytest.mark.parametrize(("before", "unread", "in_scope"), [(37, 400, 3), (300, 3000, 19), (100, 1500, 8)])
def test_in_random_order_the_rule_errs_less_than_it_may(before: int, unread: int, in_scope: int) -> None:
    """Such numbers in scope are the hardest: just too many to be missed."""
    random = np.random.default_rng(7)
    errors = sum(stops_too_early(before, unread, in_scope, Rule(0.95, 0.9), random) for _ in range(300))
    assert 0 < errors / 300 < 0.1  # it does err: a rule that never stops would pass otherwise


def test_the_sample_begins_when_the_ranking_is_quiet() -> None:
    assert not quiet(1000, [False] * 500)
    assert not quiet(1000, [True] + [False] * 49)
    assert quiet(1000, [True] + [False] * 50)
    assert not quiet(4000, [True] + [False] * 50)


def test_the_random_order_does_not_hang_on_the_order_given() -> None:
    names = [str(n) for n in range(50)]
    assert sample_order(names, 1) == sample_order(reversed(names), 1) != sample_order(names, 2)


def test_a_pool_has_the_prevalence_and_one_case_of_each_group() -> None:
    pool = CodedPool((True,) * 20 + (False,) * 90, (*"aabb", *map(str, range(106))), ("x",) * 110, (1,) * 110)
    rows = drawn(pool, 0.1, np.random.default_rng(0))
    assert sum(pool.in_scope[row] for row in rows) == 10
    assert len(rows) == 100
    assert len({pool.groups[row] for row in rows}) == 100
    with pytest.raises(AnjuanError, match="needs 90 in scope"):
        drawn(pool, 0.5, np.random.default_rng(0))


def test_active_reading_beats_random_and_the_rule_keeps_its_promise() -> None:
    told, pool = pool_of(40, 400)
    vectors = vectorise(told, "殴打医生")
    runs = [simulate(vectors, pool, 0.05, Rule(), seed) for seed in range(5)]
    assert runs[0] == simulate(vectors, pool, 0.05, Rule(), 0)
    assert all(run.until["active"] < 0.2 < run.until["random"] for run in runs)
    assert all(run.recall >= 0.95 for run in runs)
    assert all(run.until["active"] <= run.read < 1 for run in runs)


def test_simulate_on_what_ships_reads_at_most_a_fifth() -> None:
    done = CliRunner().invoke(app, ["annotate", "simulate", "--runs", "2", "--quiet", "--jobs", "1", "--form", "jsonl"])
    assert done.exit_code == 0, done.output
    rows = [json.loads(line) for line in done.output.splitlines() if line]
    assert rows[0]["order"] == "active learning"
    assert float(rows[0]["read_until_found"].rstrip("%")) <= 20
    assert float(rows[3]["read_until_found"].rstrip("%")) > 80
    assert rows[4]["recall_kept"] == "100.0%"


def test_simulate_refuses_what_nothing_may_be_chosen_by(tmp_path: Path) -> None:
    file = tmp_path / "heldout.jsonl"
    file.write_text("{}\n", "utf-8")
    done = CliRunner().invoke(app, ["annotate", "simulate", "--texts", str(file), "--quiet"])
    assert isinstance(done.exception, AnjuanError)
    assert "leave it out" in str(done.exception)
