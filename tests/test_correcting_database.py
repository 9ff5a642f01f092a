"""The corrected table and the plan from a database: samples drawn, coded in part, twice, not at all; and what is said of it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from cli import app
from pipeline.analyse.correcting import corrected_table, plan_coding, render, render_plan
from pipeline.analyse.correcting.combining import combine
from pipeline.analyse.correcting.frames import Frame
from pipeline.analyse.correcting.planning import parse_target, parse_width
from pipeline.analyse.correcting.table import Corrected
from pipeline.job.drawing import Request, draw
from pipeline.schema import AnjuanError, Judgment, Label
from pipeline.store import Desk, Store

COUNT = 120
DRAWS = 1000
TYPES = ("hatred", "reactive", "reactive", "fortuitous")
ALL = range(COUNT)
CODERS = ("甲", "乙")


def truth(n: int) -> dict[str, str]:
    """What people would say of case n: three in four are in scope."""
    if n % 4 == 3:
        return {"in_scope": "0"}
    return {"in_scope": "1", "attack_type": TYPES[n % 7 % 4], "alcohol": "yes" if n % 5 == 0 else "not_mentioned"}


def machine(n: int) -> list[Label]:
    """The model takes every ninth case for one in scope and every sixth for a reactive one; the rules see alcohol in every third."""
    said = truth(n)
    scope = "1" if n % 9 == 0 else said["in_scope"]
    labels = [Label("case", "in_scope", scope, "model")]
    if scope == "1":
        labels.append(Label("case", "attack_type", "reactive" if n % 6 == 0 else said.get("attack_type", "hatred"), "model"))
    return [*labels, Label("case", "alcohol", "yes" if n % 3 == 0 else "not_mentioned")]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("corrected") / "study.db"
    with Store.open(path) as store:
        cases = [Judgment("test", f"J{n:03}", f"经审理查明，第{n}号案的被告人张某在门诊推搡护士李某甲。") for n in ALL]
        store.add_judgments(None, cases)
        for by in ("model", "rules"):
            batch = [(case.judgment_id, [label for label in machine(n) if label.by == by]) for n, case in enumerate(cases)]
            store.replace_labels(by, by, by, batch, "1.3")
        for name in CODERS:
            Desk(store).invite(name)
    return path


@pytest.fixture
def store(made: Path, tmp_path: Path) -> Iterator[Store]:
    with Store.open(shutil.copy(made, tmp_path / "study.db")) as opened:
        yield opened


def numbers(store: Store) -> dict[str, int]:
    return {row["judgment_id"]: int(row["source_id"][1:]) for row in store.query("SELECT judgment_id, source_id FROM judgments")}


def drawn(store: Store, sample: int) -> list[str]:
    return [
        row["judgment_id"] for row in store.query("SELECT judgment_id FROM sampling_frames WHERE sample_id = ? AND drawn = 1", [sample])
    ]


def code(store: Store, cases: list[str], by: str = "甲", wrong: str = "", mode: str = "blind") -> None:
    """Code these cases as the truth is, or all with the type `wrong`, and finish them."""
    number = numbers(store)
    for case in cases:
        said = truth(number[case])
        if wrong and said["in_scope"] == "1":
            said = {**said, "attack_type": wrong}
        for variable, value in said.items():
            row = (case, variable, value, by, mode)
            sql = "INSERT INTO labels (judgment_id, unit, variable, value, \"by\", mode, codebook_version, created_at) VALUES (?, 'case', ?, ?, ?, ?, '1.3', '')"
            store.db.execute(sql, row)
        store.db.execute("UPDATE assignments SET state = 'done' WHERE judgment_id = ? AND coder = ?", [case, by])
    store.db.conn.commit()


def sample(store: Store, size: int, **options: object) -> int:
    return draw(Desk(store), Request(coders=("甲",), size=size, **options)).sample_id  # type: ignore[arg-type]


def keys(corrected: Corrected) -> list[str]:
    return [remark.key for remark in corrected.remarks]


def test_without_a_sample_only_the_machine_speaks(store: Store) -> None:
    found = corrected_table(store, ["attack_type"])
    row = found.row("attack_type", "reactive", "total")
    reactive = sum("reactive" in [label.value for label in machine(n)] for n in ALL)
    assert (row.machine_count, row.machine_cases) == (reactive, sum(machine(n)[0].value == "1" for n in ALL))
    assert row.machine.value == row.machine_count / row.machine_cases
    assert row.coded.value is None
    assert row.corrected.value is None
    assert keys(found) == ["no_sample"]
    code(store, list(numbers(store))[:5])
    assert keys(corrected_table(store, ["attack_type"])) == ["free", "no_sample"]


def test_sql_finds_what_the_machine_counts_and_judgments_are_those_coded(store: Store) -> None:
    number = sample(store, 40)
    code(store, drawn(store, number))
    found = corrected_table(store, ["in_scope", "attack_type", "alcohol"])
    assert keys(found) == []
    for row in found.rows:
        if row.against is None:
            assert len(store.query(row.sql)) == row.machine_count, row
        assert len(row.judgments) == row.coded_count
    row = found.row("alcohol", "yes", "hatred")
    cases = {case for case, n in numbers(store).items() if truth(n).get("attack_type") == "hatred" and truth(n)["alcohol"] == "yes"}
    assert set(row.judgments) == cases & set(drawn(store, number))


def test_a_census_gives_the_truth(store: Store) -> None:
    code(store, drawn(store, sample(store, COUNT)))
    found = corrected_table(store, ["attack_type", "alcohol"])
    hatred = [n for n in ALL if truth(n).get("attack_type") == "hatred"]
    scope = [n for n in ALL if truth(n)["in_scope"] == "1"]
    row = found.row("attack_type", "hatred", "total")
    assert row.corrected == row.coded
    assert (row.corrected.low, row.corrected.value, row.corrected.high) == pytest.approx([len(hatred) / len(scope)] * 3)
    drunk = found.row("alcohol", "yes", "hatred")
    assert drunk.corrected.value == pytest.approx(sum(n % 5 == 0 for n in hatred) / len(hatred))
    apart = found.row("alcohol", "yes", "hatred", "reactive")
    other = found.row("alcohol", "yes", "reactive")
    assert apart.corrected.value == pytest.approx(drunk.corrected.value - (other.corrected.value or 0))


def test_cases_not_yet_coded_are_told_and_an_open_case_is_not_coded(store: Store) -> None:
    cases = drawn(store, sample(store, 40))
    code(store, cases[:25])
    code(store, cases[25:28])
    store.db.execute("UPDATE assignments SET state = 'open' WHERE judgment_id IN (?, ?, ?)", cases[25:28])
    found = corrected_table(store, ["attack_type"])
    assert found.coded == 25
    assert {remark.key: remark.values for remark in found.remarks} == {"few": (25,), "missing": (15, 40)}


def test_a_stratum_without_a_coded_case_breaks_the_design(store: Store) -> None:
    number = sample(store, 40, strategy="stratified")
    hatred = {row["judgment_id"] for row in store.query("SELECT judgment_id FROM sampling_frames WHERE stratum = 'hatred'")}
    code(store, [case for case in drawn(store, number) if case not in hatred])
    found = corrected_table(store, ["attack_type"])
    assert [(remark.key, remark.values) for remark in found.remarks] == [("broken", (number, "hatred"))]
    assert found.row("attack_type", "hatred", "total").corrected.value is None
    assert found.row("attack_type", "hatred", "total").machine.value is not None


def test_undecided_cases_count_in_part_until_they_are_adjudicated(store: Store) -> None:
    cases = drawn(store, sample(store, 60))
    code(store, cases)
    code(store, cases, "乙", wrong="hatred")
    scoped = [n for case, n in numbers(store).items() if case in cases and truth(n)["in_scope"] == "1"]
    hatred = sum(truth(n)["attack_type"] == "hatred" for n in scoped)
    found = corrected_table(store, ["attack_type"])
    assert found.row("attack_type", "hatred", "total").coded_count == hatred + (len(scoped) - hatred) / 2
    assert {remark.key: remark.values for remark in found.remarks} == {"undecided": (len(scoped) - hatred,)}
    code(store, cases, "adjudicated")
    decided = corrected_table(store, ["attack_type"])
    assert decided.row("attack_type", "hatred", "total").coded_count == hatred
    assert keys(decided) == []


def test_suggestions_in_sight_are_told(store: Store) -> None:
    cases = drawn(store, sample(store, 40))
    code(store, cases[:30])
    code(store, cases[30:], mode="assisted")
    assert [(remark.key, remark.values) for remark in corrected_table(store, ["in_scope"]).remarks] == [("assisted", (10,))]


def test_two_samples_are_combined_and_a_third_that_waits_is_left_out(store: Store) -> None:
    first, second = sample(store, 30), sample(store, 30, strategy="stratified", seed=2)
    code(store, drawn(store, first) + drawn(store, second))
    third = sample(store, 20, seed=3)
    found = corrected_table(store, ["attack_type"])
    assert found.samples == (first, second)
    assert found.coded == 60
    assert [(remark.key, remark.values) for remark in found.remarks] == [("waiting", (third,)), ("combined", (f"{first}, {second}",))]
    alone = corrected_table(store, ["attack_type"], samples=[first])
    assert [remark.key for remark in alone.remarks] == ["free"]  # those of the second sample were not drawn by the first
    both, one = (each.row("attack_type", "hatred", "total").corrected for each in (found, alone))
    assert (both.high or 0) - (both.low or 0) < (one.high or 0) - (one.low or 0)


def test_samples_that_cannot_be_combined_are_refused(store: Store) -> None:
    first = sample(store, 20)
    half = " OR ".join(f"source_id LIKE 'J0{n}%'" for n in range(5))
    second = sample(store, 10, condition=half)
    code(store, drawn(store, first) + drawn(store, second))
    with pytest.raises(AnjuanError, match=rf"samples {first} and {second} cannot be combined: .* name one of them with --sample"):
        corrected_table(store, ["attack_type"])
    found = corrected_table(store, ["attack_type"], samples=[second])
    assert "condition" in keys(found)
    assert "new" in keys(found)  # the cases outside its frame
    with pytest.raises(AnjuanError, match="--sample 9: no sample for coding has this number"):
        corrected_table(store, samples=[9])


def test_a_frame_that_has_changed_is_told(store: Store) -> None:
    code(store, drawn(store, sample(store, 40)))
    ids = sorted(numbers(store))
    store.save_links((), {case: ids[0] if case == ids[1] else case for case in ids}, {}, ())
    store.add_judgments(None, [Judgment("test", "new", "经审理查明，被告人王某在病房殴打医生。")])
    found = {remark.key: remark.values for remark in corrected_table(store, ["in_scope"]).remarks}
    assert found == {
        "left": (1,),
        "new": (1,),
    }


def test_other_columns_and_unknown_names(store: Store) -> None:
    code(store, drawn(store, sample(store, 60)))
    found = corrected_table(store, ["attack_type"], by="alcohol")
    assert {row.column.name for row in found.rows} == {"every_case", "total", "yes", "no", "not_mentioned"}
    with pytest.raises(AnjuanError, match="unknown variable 'attack'"):
        corrected_table(store, ["attack"])
    with pytest.raises(AnjuanError, match="title has no closed list of values"):
        corrected_table(store, ["title"])


def test_an_empty_database_has_one_clear_line(tmp_path: Path) -> None:
    with Store.open(tmp_path / "empty.db") as store, pytest.raises(AnjuanError, match="holds no case yet"):
        corrected_table(store)


def test_no_model_and_nothing_in_scope(store: Store) -> None:
    store.db.execute("UPDATE labels SET value = '0' WHERE variable = 'in_scope'")
    found = corrected_table(store, ["attack_type"])
    assert found.row("attack_type", "hatred", "total").machine.value is None
    store.db.execute("DELETE FROM labels WHERE \"by\" = 'model'")
    code(store, drawn(store, sample(store, 50)))
    found = corrected_table(store, ["attack_type"])
    row = found.row("attack_type", "hatred", "total")
    assert keys(found) == ["no_machine"]
    assert row.machine.value is None
    assert row.corrected.value == row.coded.value


@pytest.mark.parametrize("language", ["en", "zh"])
def test_forms_and_languages(store: Store, language: str) -> None:
    code(store, drawn(store, sample(store, 40)))
    found = corrected_table(store, ["attack_type", "alcohol"])
    text = render(found, "table", language)
    assert ("仇恨型" in text) == (language == "zh")
    assert f"{100 * (found.row('attack_type', 'hatred', 'total').corrected.value or 0):.1f}" in text
    lines = [json.loads(line) for line in render(found, "jsonl", language).splitlines()]
    assert len(lines) == len(found.rows)
    assert lines[0]["corrected"] == found.rows[0].corrected.value
    assert render(found, "csv", language).count("\n") == len(found.rows) + 1
    for form, wanted in (("xml", "en"), ("table", "fr")):
        with pytest.raises(AnjuanError, match="unknown"):
            render(found, form, wanted)


def test_a_plan_keeps_its_promise(store: Store) -> None:
    code(store, drawn(store, sample(store, 40)))
    plan = plan_coding(store, "attack_type=hatred", 0.12)
    option = next(option for option in plan.options if option.strategy == "random" and option.machine)
    assert option.more is not None
    assert plan.width is not None
    assert option.more > 0
    assert sum(plan.options[1].strata.values()) == plan.options[1].more
    code(store, drawn(store, sample(store, option.more, seed=5)))
    now = plan_coding(store, "attack_type=hatred", 0.12)
    assert now.width == pytest.approx(0.12, rel=0.3)
    assert now.width < plan.width
    without = next(option for option in plan.options if option.strategy == "random" and not option.machine)
    assert (without.more or COUNT) >= option.more
    wide = plan_coding(store, "attack_type=hatred", 0.9, strategy="neyman")
    assert {(option.strategy, option.more) for option in wide.options} == {("neyman", 0)}
    assert "anjuan annotate assign" in render_plan(plan)
    assert "还需编码" in render_plan(plan, "table", "zh")
    assert render_plan(plan, "csv").count("\n") == 7


def test_a_plan_before_anything_is_coded_goes_by_the_card(store: Store) -> None:
    plan = plan_coding(store, "attack_type=hatred", 0.2)
    assert [remark.key for remark in plan.basis] == ["by_card"]
    assert plan.width is None
    assert all(option.more is None or 0 < option.more <= COUNT for option in plan.options)
    by_rules = plan_coding(store, "alcohol=yes", 0.2)
    assert [remark.key for remark in by_rules.basis] == ["no_card"]
    every = plan_coding(store, "in_scope=1", 0.1)
    assert every.column.name == "every_case"
    store.db.execute("DELETE FROM labels WHERE \"by\" = 'model'")
    with pytest.raises(AnjuanError, match="code 30 cases first"):
        plan_coding(store, "attack_type=hatred", 0.2)


@pytest.mark.parametrize("text", ["", "0", "0%", "100%", "10", "-1%", "x", "1.0"])
def test_a_width_that_is_none(text: str) -> None:
    with pytest.raises(AnjuanError, match="is no width"):
        parse_width(text)


def test_widths_and_targets() -> None:
    assert (parse_width("10%"), parse_width(" 0.1 "), parse_width("7.5 ％")) == (0.1, 0.1, 0.075)
    assert parse_target("attack_type = hatred")[1].name == "hatred"
    for text in ("attack_type", "attack_type=anger", "attack_type="):
        with pytest.raises(AnjuanError, match="attack_type=VALUE"):
            parse_target(text)


def test_the_commands(store: Store) -> None:
    code(store, drawn(store, sample(store, 20)))
    run = CliRunner()
    shown = run.invoke(app, ["corrected", "--db", str(store.path), "--variable", "attack_type", "--lang", "zh"])
    assert shown.exit_code == 0, shown.output
    assert "人工编码仅 20 件" in shown.output
    rows = run.invoke(app, ["corrected", "--db", str(store.path), "--variable", "attack_type", "--form", "jsonl"])
    assert all(json.loads(line) for line in rows.stdout.splitlines())
    assert "only 20 cases" in rows.stderr
    plan = run.invoke(app, ["plan", "--db", str(store.path), "--variable", "attack_type=hatred", "--width", "20%"])
    assert plan.exit_code == 0, plan.output
    assert "20.0 percentage points" in plan.output


def frame(number: int, cases: np.ndarray, probability: np.ndarray, drawn: np.ndarray) -> Frame:
    names = tuple(f"{case:05}" for case in cases)
    return Frame(number, "random", "", names, ("all",), np.zeros(len(cases), dtype=np.int64), probability, drawn)


def test_simple_random_samples_combine_to_one_of_their_common_size() -> None:
    chance, size = np.random.default_rng(6), 500
    values, every = chance.normal(size=size), np.arange(size)
    order = chance.permutation(size)
    left, frames = every, []
    for number, n in enumerate((60, 30, 10)):
        wanted = order[:n]
        order = order[n:]
        frames.append(frame(number, left, np.full(len(left), n / len(left)), np.isin(left, wanted)))
        left = np.setdiff1d(left, wanted)
    coded = {case for each in frames for case, flag in zip(each.cases, each.drawn, strict=True) if flag}
    found = combine(frames, coded)
    chosen = values[[int(found.cases[place]) for place in found.coded]]
    assert found.design.weight == pytest.approx(np.full(100, 5.0))
    assert found.design.variance(chosen) == pytest.approx(values[:0].sum() + chosen.var(ddof=1) / 100 * 0.8, rel=0.05)


def test_later_samples_may_hang_on_what_the_earlier_ones_found() -> None:
    """The values seen in the first sample bend the second's probabilities: the combined interval still covers."""
    chance, size = np.random.default_rng(7), 300
    values = (chance.random(size) < np.linspace(0.1, 0.6, size)).astype(float)
    every, hits, sums = np.arange(size), 0, 0.0
    for _ in range(DRAWS):
        first = np.isin(every, chance.choice(size, 60, replace=False))
        slope = 1 + 2 * values[first].mean()  # adaptive
        left = every[~first]
        weight = 1 + slope * left / size
        probability = 60 * weight / weight.sum()
        order = chance.permutation(len(left))
        taken = np.zeros(len(left), dtype=bool)
        taken[order[np.minimum(np.searchsorted(np.cumsum(probability[order]), np.arange(60) + chance.random()), len(left) - 1)]] = True
        frames = [frame(1, every, np.full(size, 60 / size), first), frame(2, left, probability, taken)]
        coded = {case for each in frames for case, flag in zip(each.cases, each.drawn, strict=True) if flag}
        found = combine(frames, coded)
        chosen = values[[int(found.cases[place]) for place in found.coded]]
        estimate, error = found.design.mean(chosen), 1.98 * found.design.variance(chosen) ** 0.5
        hits += abs(estimate - values.mean()) <= error
        sums += estimate
    assert sums / DRAWS == pytest.approx(values.mean(), abs=0.005)
    assert 0.93 * DRAWS <= hits <= 0.97 * DRAWS


def test_frames_apart_are_added_up() -> None:
    one, other = np.arange(100), np.arange(100, 300)
    frames = [frame(1, one, np.full(100, 0.2), one < 20), frame(2, other, np.full(200, 0.1), other < 120)]
    coded = {f"{case:05}" for case in (*range(20), *range(100, 120))}
    found = combine(frames, coded)
    assert found.design.size == 300
    assert found.design.weight.tolist() == [5.0] * 20 + [10.0] * 20
