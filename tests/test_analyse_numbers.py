"""Medians of months and days by type of attack: what has a value, what is missing, and the SQL that finds it again."""

from __future__ import annotations

import sqlite3
from collections import Counter
from pathlib import Path

import pytest

from pipeline.analyse.numbers import MEASURES, Numbers, count_measures
from pipeline.analyse.numbers import tested as with_tests
from pipeline.analyse.reading import open_readonly
from pipeline.schema import Judgment, Label
from pipeline.store import Store

# type of attack, date of the act, date of the decision, (kind, months) of each defendant
CASES = (
    ("hatred", "2018-01-01", "2018-04-11", (("fixed", 36), ("fixed", 60))),
    ("hatred", "2018-01-01", "2018", (("life", 0), ("fixed", 120))),
    ("reactive", "2019-02-01", "2019-02-11", (("detention", 5),)),
    ("reactive", "2019-03-01", "2019-02-01", (("fixed", 12),)),
    ("", "", "2020-01-01", (("fixed", 0),)),
)


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> sqlite3.Connection:
    path = tmp_path_factory.mktemp("numbers") / "numbers.db"
    judgments = [Judgment("test", str(number), f"经审理查明，被告人张某殴打护士{number}。") for number in range(len(CASES))]
    with Store.open(path) as store:
        store.add_judgments(store.begin_run("test"), judgments)
        batch = [(judgment.judgment_id, labels(*case)) for judgment, case in zip(judgments, CASES, strict=True)]
        store.replace_labels("test", "rules", "rules", batch, "1.3")
    return open_readonly(path)


def labels(attack_type: str, act: str, decision: str, defendants: tuple[tuple[str, int], ...]) -> list[Label]:
    found = [Label("case", "in_scope", "1"), Label("case", "decided_on", decision)]
    found += [Label("case", "attack_type", attack_type)] if attack_type else []
    found += [Label("case", "incident_on", act)] if act else []
    for n, (kind, months) in enumerate(defendants, 1):
        found += [Label(f"defendant:{n}", "name", "张某"), Label(f"defendant:{n}", "sentence_kind", kind)]
        found += [Label(f"defendant:{n}", "sentence_months", str(months))] if months else []
    return found


@pytest.fixture(scope="module")
def numbers(connection: sqlite3.Connection) -> dict[str, Numbers]:
    return {each.measure.name: each for each in with_tests(count_measures(connection))}


def test_months_of_fixed_terms_by_type_with_life_apart_and_missing_ones_counted(numbers: dict[str, Numbers]) -> None:
    fixed = numbers["months_fixed"].spreads
    assert {name: sorted(spread.values) for name, spread in fixed.items()} == {
        "hatred": [36, 60, 120],
        "reactive": [12],
        "fortuitous": [],
        "untyped": [],
        "total": [12, 36, 60, 120],
    }
    assert (fixed["hatred"].summary.q1, fixed["hatred"].summary.median, fixed["hatred"].summary.q3) == (48, 60, 90)
    assert (fixed["total"].cell.n, fixed["total"].cell.denominator, fixed["total"].summary.missing) == (4, 5, 1)
    assert numbers["months_fixed"].test.text("en") == "Kruskal–Wallis H = 1.80 (24 permutations), p = .500 (Holm 1), ε² = .60"
    assert [numbers[name].spreads["total"].cell.n for name in ("months_detention", "months_control", "months_probation")] == [1, 0, 0]


def test_days_need_two_whole_dates_in_their_order(numbers: dict[str, Numbers]) -> None:
    days = numbers["days_to_judgment"].spreads
    known = {name: sorted(spread.values) for name, spread in days.items() if spread.values}
    assert known == {"hatred": [100], "reactive": [10], "total": [10, 100]}
    assert days["total"].summary.missing == 3


def test_the_sql_of_every_number_finds_its_judgments(connection: sqlite3.Connection, numbers: dict[str, Numbers]) -> None:
    assert list(numbers) == [measure.name for measure in MEASURES]
    for each in numbers.values():
        for spread in each.spreads.values():
            assert Counter(row[0] for row in connection.execute(spread.cell.sql)) == Counter(spread.cell.judgments)
            assert spread.cell.n == spread.summary.n == len(spread.values)


def test_an_empty_database_has_no_numbers_and_says_why_there_is_no_test(tmp_path: Path) -> None:
    with Store.open(tmp_path / "empty.db"):
        pass
    for each in with_tests(count_measures(open_readonly(tmp_path / "empty.db"))):
        assert each.spreads["total"].summary.median is None
        assert each.test.p is None
        assert "not tested" in each.test.text("en")
