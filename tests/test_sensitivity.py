"""Sensitivity: what each choice does to constructed cases, the ranges, the SQL of every cell, and choices that cannot be."""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest
import small_database
from rich.cells import cell_len
from told_cases import Told, opened
from typer.testing import CliRunner

from cli import app
from pipeline.analyse.catalogue import catalogue
from pipeline.analyse.reading import open_readonly
from pipeline.analyse.sensitivity import (
    Sensitivity,
    cell_rows,
    choices,
    extents,
    parse_choices,
    render,
    scenario_rows,
    sensitivity,
)
from pipeline.analyse.tables import table_one
from pipeline.schema import AnjuanError, CodebookError
from pipeline.store import Store

TYPES = ("hatred", "reactive", "fortuitous", "total")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> sqlite3.Connection:
    path = tmp_path_factory.mktemp("sensitivity") / "small.db"
    small_database.build(path)
    return open_readonly(path)


@pytest.fixture(scope="module")
def of_small(small: sqlite3.Connection) -> Sensitivity:
    return sensitivity(small)


def numbers(result: Sensitivity, key: str = "cases") -> dict[str, dict[str, int]]:
    """The counts of a line under each choice, by column."""
    return {scenario.name.name: {name: cell.n for name, cell in scenario.table.row(key).cells.items()} for scenario in result.all}


def changed(
    path: Path, told: Mapping[str, Told], choice: str, key: str = "cases", table: str = "one"
) -> tuple[dict[str, int], dict[str, int]]:
    """A line as the report counts it and under one choice."""
    found = numbers(sensitivity(opened(path, told), table), key)
    return found["as_is"], found[choice]


def written(path: Path, sql: str) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute(sql)


def test_the_base_is_table_one_and_every_choice_has_the_same_rows_and_columns(small: sqlite3.Connection, of_small: Sensitivity) -> None:
    ours, theirs = of_small.base.table, table_one(small)
    for part in theirs.parts:
        for row in part.rows:
            for column, cell in row.cells.items():
                found = ours.cell(row.line.key, column)
                assert (found.n, found.denominator, sorted(found.judgments)) == (cell.n, cell.denominator, sorted(cell.judgments))
    shapes = {tuple((row.line.key, *row.cells) for part in scenario.table.parts for row in part.rows) for scenario in of_small.all}
    assert len(shapes) == 1


@pytest.mark.parametrize("name", ["one", "weapon", "charge", "waiting_hospital_level", "hour", "victim_injury"])
def test_the_sql_of_every_cell_under_every_choice_finds_its_judgments(small: sqlite3.Connection, name: str) -> None:
    result = sensitivity(small, name)
    for scenario in result.all:
        for row in (row for part in scenario.table.parts for row in part.rows):
            for cell in row.cells.values():
                assert Counter(found[0] for found in small.execute(cell.sql)) == Counter(cell.judgments), (scenario.name.name, row.line.key)


def test_two_coders_who_differ_leave_the_boundary_open(tmp_path: Path) -> None:
    told = {
        "A": {"attack_type": "hatred", "coder1 attack_type": "hatred", "coder2 attack_type": "reactive"},
        "B": {"attack_type": "reactive", "coder1 attack_type": "reactive", "coder2 attack_type": "reactive"},
        "C": {"attack_type": "reactive", "coder1 attack_type": "fortuitous", "coder2 attack_type": "reactive"},
    }
    found = numbers(sensitivity(opened(tmp_path / "a.db", told)))
    assert [found["as_is"][name] for name in TYPES] == [1, 2, 0, 3]
    assert [found["boundary_hatred"][name] for name in TYPES] == [1, 2, 0, 3]
    assert [found["boundary_reactive"][name] for name in TYPES] == [0, 3, 0, 3]


@pytest.mark.parametrize(
    ("sql", "hatred"),
    [
        ("UPDATE cases SET attack_type_set = 'hatred,reactive'", 1),
        ("UPDATE cases SET attack_type_set = 'fortuitous,reactive', attack_type_score = 0.9", 0),
        ("UPDATE cases SET attack_type_set = 'reactive', attack_type_score = 0.74, attack_type_by = 'model'", 1),
        ("UPDATE cases SET attack_type_set = 'reactive', attack_type_score = 0.75, attack_type_by = 'model'", 0),
        ("UPDATE cases SET attack_type_set = 'reactive', attack_type_score = 0.5, attack_type_by = 'coder1'", 0),
    ],
)
def test_what_the_model_leaves_open_may_be_either_type(tmp_path: Path, sql: str, hatred: int) -> None:
    opened(tmp_path / "a.db", {"A": {"attack_type": "reactive"}}).close()
    written(tmp_path / "a.db", sql)
    found = numbers(sensitivity(open_readonly(tmp_path / "a.db")))
    assert (found["boundary_hatred"]["hatred"], found["boundary_reactive"]["hatred"]) == (hatred, 0)


def test_instances_count_once_by_the_first_or_by_the_last(tmp_path: Path) -> None:
    told = {
        "A": {"attack_type": "hatred", "trial_level": "first", "decided_on": "2018-01-01"},
        "B": {"attack_type": "reactive", "trial_level": "second", "decided_on": "2018-06-01"},
        "C": {"attack_type": "reactive", "trial_level": "other"},
    }
    found = numbers(sensitivity(opened(tmp_path / "a.db", told, chains={"B": "A"})))
    expected = {
        "as_is": [1, 2],
        "document": [1, 2],
        "chain": [1, 1],
        "incident": [1, 1],
        "final_instance": [0, 2],
        "first_instance": [1, 1],
    }
    assert {name: [found[name][column] for column in TYPES[:2]] for name in expected} == expected


def test_the_base_may_be_each_case_once(tmp_path: Path) -> None:
    told = {"A": {"attack_type": "hatred"}, "B": {"attack_type": "hatred"}}
    found = numbers(sensitivity(opened(tmp_path / "a.db", told, chains={"B": "A"}), unit="chain"))
    assert (found["as_is"]["total"], found["document"]["total"], found["by_hand"]["total"]) == (1, 2, 1)


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ({"victim:1 role": "institution"}, 0),
        ({"victims": "0"}, 0),
        ({"victim:1 role": "institution", "victim:2 role": "nurse"}, 1),
        ({"victim:1 role": "institution", "worst_injury": "minor"}, 1),
        ({}, 1),  # nobody has said who was harmed
    ],
)
def test_cases_that_harm_only_the_institution_may_be_left_out(tmp_path: Path, told: Told, kept: int) -> None:
    base, without = changed(tmp_path / "a.db", {"A": {"attack_type": "reactive", **told}}, "personal_victim")
    assert (base["total"], without["total"]) == (1, kept)


@pytest.mark.parametrize(("basis", "kept"), [("name", 0), ("stated", 1)])
def test_a_level_inferred_from_the_name_may_be_left_out(tmp_path: Path, basis: str, kept: int) -> None:
    told = {"A": {"attack_type": "reactive", "hospital_level": "tertiary", "hospital_level_basis": basis}}
    base, without = changed(tmp_path / "a.db", told, "stated_level", "hospital_level=tertiary", "hospital_level")
    assert (base["total"], without["total"]) == (1, kept)


@pytest.mark.parametrize(("value", "kept"), [("no", 0), ("!no", 1)])
def test_silence_may_be_no_answer(tmp_path: Path, value: str, kept: int) -> None:
    told = {"A": {"attack_type": "reactive", "weapon_prepared": value}}
    base, without = changed(tmp_path / "a.db", told, "no_silence", "weapon_prepared=no")
    assert (base["total"], without["total"]) == (1, kept)
    if not kept:
        base, without = changed(tmp_path / "b.db", told, "no_silence", "weapon_prepared?")
        assert (base["total"], without["total"]) == (0, 1)


@pytest.mark.parametrize(
    ("told", "by", "kept"),
    [
        ({"attack_type": "reactive", "cause": "payment"}, "model", 0),
        ({"attack_type": "reactive", "cause": "!payment"}, "model", 1),
        ({"attack_type": "reactive", "cause": "payment"}, "coder1", 1),
        ({"attack_type": "reactive", "cause": "payment", "defence cause": "!payment"}, "model", 0),
    ],
)
def test_machine_answers_may_need_a_quotation(tmp_path: Path, told: Told, by: str, kept: int) -> None:
    found = numbers(sensitivity(opened(tmp_path / "a.db", {"A": told}, by)), "cause=payment")
    assert (found["as_is"]["total"], found["quoted"]["total"]) == (1, kept)


@pytest.mark.parametrize(
    ("in_scope", "score", "by", "counted"),
    [
        (1, 0.4, "model", 0),
        (1, 0.5, "model", 1),
        (0, 0.6, "model", 1),
        (1, 0.4, "adjudicated", 1),
        (0, 0.6, "coder1", 0),
        (1, None, "model", 1),
    ],
)
def test_the_line_of_the_screening_moves_only_what_nobody_decided(
    tmp_path: Path, in_scope: int, score: float | None, by: str, counted: int
) -> None:
    opened(tmp_path / "a.db", {"A": {"attack_type": "reactive", "in_scope": str(in_scope)}}, by).close()
    written(tmp_path / "a.db", f"UPDATE cases SET in_scope_score = {'NULL' if score is None else score}")
    assert numbers(sensitivity(open_readonly(tmp_path / "a.db")))["line_half"]["total"] == counted


@pytest.mark.parametrize(("by", "counted"), [("model", 0), ("coder1", 1)])
def test_cases_that_may_be_out_of_scope_may_be_left_out(tmp_path: Path, by: str, counted: int) -> None:
    ids = [row[0] for row in opened(tmp_path / "a.db", {"A": {"attack_type": "reactive"}}, by).execute("SELECT judgment_id FROM cases")]
    written(tmp_path / "a.db", f"INSERT INTO predictions VALUES ('{ids[0]}', 'in_scope', '0', 0.4, 1, 'model')")
    assert numbers(sensitivity(open_readonly(tmp_path / "a.db")))["certain_scope"]["total"] == counted


def test_machine_answers_may_be_left_out_altogether(of_small: Sensitivity) -> None:
    found = numbers(of_small)
    assert [found["as_is"][name] for name in TYPES] == [2, 2, 1, 6]
    assert [found["by_hand"][name] for name in TYPES] == [1, 1, 0, 2]


def test_the_range_of_a_cell_and_the_choice_that_moves_it_most(of_small: Sensitivity) -> None:
    extent = next(each for each in extents(of_small) if (each.line.key, each.column.name) == ("weapon_prepared=no", "total"))
    assert extent.base.n == 4
    assert extent.counts == (0, 4)
    assert extent.shares is not None
    assert extent.moved_by is not None
    for scenario in of_small.all:
        cell = scenario.table.cell("weapon_prepared=no", "total")
        assert extent.counts[0] <= cell.n <= extent.counts[1]
        if cell.percent is not None:
            assert extent.shares[0] <= cell.percent <= extent.shares[1]
            assert not scenario.single or abs(cell.percent - (extent.base.percent or 0)) <= extent.points
    assert extent.moved_by.name == "no_silence"


def test_choices_made_together_leave_out_what_each_leaves_out_and_keep_a_doubtful_type(tmp_path: Path) -> None:
    told = {
        "A": {"attack_type": "!reactive", "victim:1 role": "nurse"},
        "B": {"attack_type": "!reactive", "victim:1 role": "nurse", "trial_level": "second"},
        "C": {"attack_type": "!reactive", "victim:1 role": "institution"},
        "D": {"attack_type": "reactive", "victim:1 role": "nurse"},  # a machine's answer without a quotation
    }
    opened(tmp_path / "a.db", told, "model").close()
    written(tmp_path / "a.db", "UPDATE cases SET attack_type_score = 0.6")
    found = numbers(sensitivity(open_readonly(tmp_path / "a.db")))
    assert found["narrow_hatred"] == {"hatred": 1, "reactive": 0, "fortuitous": 0, "untyped": 1, "total": 2}
    assert found["narrow_reactive"] == {"hatred": 0, "reactive": 1, "fortuitous": 0, "untyped": 1, "total": 2}
    assert found["wide_hatred"] == {"hatred": 4, "reactive": 0, "fortuitous": 0, "untyped": 0, "total": 4}


def test_a_value_that_only_a_choice_brings_in_has_its_line_everywhere(tmp_path: Path) -> None:
    told = {
        "A": {"attack_type": "reactive", "defendant:1 charge": "寻衅滋事罪"},
        "B": {"in_scope": "0", "defendant:1 charge": "故意伤害罪"},
    }
    opened(tmp_path / "a.db", told, "model").close()
    written(tmp_path / "a.db", "UPDATE cases SET in_scope_score = 0.7")
    found = numbers(sensitivity(open_readonly(tmp_path / "a.db"), "charge"), "charge=故意伤害罪")
    assert (found["as_is"]["total"], found["line_half"]["total"], found["line_half"]["untyped"]) == (0, 1, 1)


def test_every_shipped_choice_has_a_reason_in_both_languages_and_extremes_name_choices() -> None:
    ways = choices()
    assert len({choice.name for choice in ways.single}) == len(ways.single) >= 12
    assert {choice.question.name for choice in ways.single} == {
        "boundary",
        "unit",
        "instance",
        "victims",
        "inferred",
        "screening",
        "voices",
    }
    for choice in ways.single:
        assert re.search(r"[\u4e00-\u9fff]{8}", choice.reason.zh)
        assert len(choice.reason.en) > 40
        assert not any(character in sql for sql in (*choice.replace.values(), choice.out, choice.first) for character in "{}\n")
        assert sum(map(bool, (choice.replace, choice.out, choice.unit, choice.first))) == 1
    assert all(len(extreme.choices) > 1 for extreme in ways.extremes)


CHOICE = """
[fragments]
[[question]]
name = "q"
zh = "问"
en = "Question"
[[choice]]
name = "c"
question = "q"
zh = "选"
en = "Choice"
reason_zh = "因"
reason_en = "Why"
unit = "chain"
[[extreme]]
name = "e"
zh = "极"
en = "Extreme"
choices = ["c"]
"""


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ('unit = "chain"|unit = "court"', "choice 'c': the question is one of q, the unit one of document, chain, incident"),
        ('question = "q"|question = "r"', "choice 'c': the question is one of q"),
        ('unit = "chain"|', "needs one of replace, over with by, out, unit, first; has none"),
        ('unit = "chain"|unit = "chain"\nfirst = "1"', "has first, unit"),
        ('reason_en = "Why"|', "missing keys: reason_en"),
        ('choices = ["c"]|choices = ["d"]', "extreme 'e': no such choice: d"),
    ],
)
def test_a_choice_that_cannot_be_is_refused(change: str, message: str) -> None:
    old, new = change.split("|")
    assert parse_choices(CHOICE).single[0].unit == "chain"
    with pytest.raises(CodebookError, match=re.escape(message)):
        parse_choices(CHOICE.replace(old, new))


def test_rows_in_both_languages(of_small: Sensitivity) -> None:
    keys = {(row["line"], row["column"]) for row in cell_rows(of_small)}
    assert len(keys) == len(cell_rows(of_small))
    assert {row["choice"] for row in scenario_rows(of_small)} >= {"as_is", "chain", "narrow_hatred"}


def test_what_is_printed_fits_the_screen_and_names_each_choice_by_its_number(of_small: Sensitivity) -> None:
    shown = [line.removeprefix(" ") for line in render(of_small, "en").splitlines()]
    assert next(line for line in shown if line.startswith("Number of cases")).split()[-3:] == ["6", "(2–6)", "11"]
    assert sum(line.startswith("11 ") for line in shown) == 2, "once with its counts, once with its reason"
    assert max(map(cell_len, shown)) <= 120
    assert max(map(cell_len, render(of_small, "zh").splitlines())) <= 120
    assert "仇恨型与反应型的界线" in render(of_small, "zh")


def test_an_empty_database_and_one_without_any_case_in_scope_say_so(tmp_path: Path) -> None:
    with Store.open(tmp_path / "empty.db"):
        pass
    for connection in (open_readonly(tmp_path / "empty.db"), opened(tmp_path / "none.db", {"N": {"in_scope": "0"}})):
        for name in ("one", *(definition.name for definition in catalogue())):
            result = sensitivity(connection, name)
            assert render(result, "en") == "no case in scope: nothing to compare\n"
            assert all(extent.shares is None and extent.counts == (0, 0) for extent in extents(result))


def test_unknown_tables_and_units_are_named(small: sqlite3.Connection) -> None:
    with pytest.raises(AnjuanError, match="unknown table 'two'; choose one of: one, hospital_level"):
        sensitivity(small, "two")
    with pytest.raises(AnjuanError, match="cannot count by 'victim'; choose one of: document, chain, incident"):
        sensitivity(small, "one", "victim")


def test_the_commands_print_tables_and_rows(tmp_path: Path) -> None:
    small_database.build(tmp_path / "small.db")
    run = CliRunner()
    for arguments in (
        ["sensitivity", "--table", "weapon"],
        ["sensitivity", "--table", "weapon", "--each"],
        ["periodic"],
        ["units"],
        ["units", "--tables"],
    ):
        for language in ("en", "zh"):
            shown = run.invoke(app, [*arguments, "--db", str(tmp_path / "small.db"), "--lang", language])
            assert shown.exit_code == 0, shown.output
            plain = run.invoke(app, [*arguments, "--db", str(tmp_path / "small.db"), "--lang", language, "--form", "jsonl"])
            assert all(json.loads(line) for line in plain.stdout.splitlines())
