"""Nested cross-validation, intervals, learning curve, shifts, mixtures: nothing is chosen by what is scored, and nothing is computed twice."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, f1_score, log_loss, precision_score, recall_score

from pipeline.classify import CaseFeatures
from pipeline.classify.card import read_card
from pipeline.classify.card.files import hashes
from pipeline.classify.coded import UNSEEN, CodedCase, coded_cases, read_codings
from pipeline.classify.evaluation import kept, plan
from pipeline.classify.evaluation.majority import MAJORITY
from pipeline.classify.evaluation.measures import gain, measured, scored
from pipeline.classify.evaluation.mixing import chosen_mixture, weightings
from pipeline.classify.evaluation.nested import Task, answer
from pipeline.classify.evaluation.report import mixture, report
from pipeline.classify.evaluation.study import Study, assembled
from pipeline.classify.evaluation.tally import tally
from pipeline.classify.evaluation.unseen import scored_unseen
from pipeline.classify.kinds import create, kind_of_model
from pipeline.classify.training import train
from pipeline.codebook import load as load_codebook
from pipeline.job import evaluating
from pipeline.job.progress import Silent
from pipeline.job.training import train as train_models
from pipeline.schema import AnjuanError, Judgment, Label
from pipeline.text import canonical

WHOLE = frozenset({"demonstration", "invented"})
KINDS = (("payment", "venting", "reactive"), ("treatment_outcome", "retaliation", "hatred"), ("unrelated", "goal", "fortuitous"))
WORDS = {"reactive": "因收费与护士争吵", "hatred": "因手术效果报复医生", "fortuitous": "酒后闯入急诊无故打人"}


def case(number: int, value: str, source: str = "demonstration", said: str = "") -> CodedCase:
    cause, motive, _ = next(kind for kind in KINDS if kind[2] == (said or value))
    labels = (Label("case", "cause", cause), Label("case", "motive", motive))
    text = WORDS[said or value] + "甲乙丙丁戊己庚辛壬癸"[number % 10]
    return CodedCase(CaseFeatures(f"{number:016x}", labels, {f"cause:{cause}": 1.0}, text), value, f"g{number // 2}", source)


def cases(count: int = 60) -> list[CodedCase]:
    """Whole texts of two sources and as many passages; every eleventh is told like another value than it is coded."""
    values = [kind[2] for kind in KINDS]
    sources = ("demonstration", "invented", "passages", "passages")
    return [
        case(i, values[i // 2 % 3], sources[i // 2 % 4], values[(i // 2 + 1) % 3] if i % 11 == 0 else values[i // 2 % 3])
        for i in range(count)
    ]


answers_of = st.integers(2, 4).flatmap(
    lambda classes: st.lists(
        st.tuples(st.integers(0, classes - 1), st.integers(0, 5), st.lists(st.floats(0.01, 1), min_size=classes, max_size=classes)),
        min_size=6,
        max_size=40,
    )
)


@settings(max_examples=25, deadline=None)
@given(answers_of)
def test_scores_from_sums_are_those_of_scikit_learn(rows: list[tuple[int, int, list[float]]]) -> None:
    coded = np.array([column for column, _, _ in rows])
    stated = np.array([row for _, _, row in rows])
    stated /= stated.sum(axis=1, keepdims=True)
    found, present = stated.argmax(axis=1), sorted(set(coded.tolist()))
    row = measured(tally(coded.tolist(), [str(group) for _, group, _ in rows], stated[None]).whole)
    assert row["accuracy"][0] == pytest.approx(accuracy_score(coded, found))
    assert row["macro_f1"][0] == pytest.approx(f1_score(coded, found, labels=present, average="macro", zero_division=0))
    assert row["log_loss"][0] == pytest.approx(log_loss(coded, stated, labels=range(stated.shape[1])))
    assert row["brier"][0] == pytest.approx(((stated - np.eye(stated.shape[1])[coded]) ** 2).sum(axis=1).mean())
    assert row["recall"][0, present] == pytest.approx(recall_score(coded, found, labels=present, average=None, zero_division=0))
    answered = [c for c in present if (found == c).any()]
    assert row["precision"][0, answered] == pytest.approx(precision_score(coded, found, labels=answered, average=None))
    assert 0 <= row["calibration_error"][0] <= 1


def test_a_draw_of_groups_is_the_scores_of_those_groups() -> None:
    random = np.random.default_rng(7)
    coded, groups = random.integers(0, 3, 40).tolist(), [f"g{i}" for i in random.integers(0, 9, 40)]
    stated = random.dirichlet(np.ones(3), (2, 40))
    sums = tally(coded, groups, stated)
    names = list(dict.fromkeys(groups))
    weights = random.multinomial(len(names), np.full(len(names), 1 / len(names))).astype(float)
    drawn = [i for name, times in zip(names, weights, strict=True) for _ in range(int(times)) for i in range(40) if groups[i] == name]
    again = tally([coded[i] for i in drawn], ["one"] * len(drawn), stated[:, drawn]).whole
    for name, score in measured(sums.drawn(weights[None])).items():
        assert score == pytest.approx(measured(again)[name], nan_ok=True), name


def test_repeats_are_averaged_and_copies_of_a_case_narrow_no_interval() -> None:
    right, wrong = np.tile([0.9, 0.1], (20, 1)), np.tile([0.1, 0.9], (20, 1))
    values = ["a"] * 10 + ["b"] * 10
    row = scored(values, [str(i) for i in range(20)], np.stack([right, wrong]), ["a", "b"])
    assert row["accuracy"]["score"] == 0.5
    assert row["confusion"] == [[5.0, 5.0], [5.0, 5.0]]
    random = np.random.default_rng(3)
    stated = random.dirichlet(np.ones(2), 20)[None]
    alone = scored(values, [str(i) for i in range(20)], stated, ["a", "b"])
    copied = scored(values * 4, [str(i) for i in range(20)] * 4, np.tile(stated, (1, 4, 1)), ["a", "b"])
    assert copied["accuracy"] == alone["accuracy"]


def test_a_value_that_nobody_answered_has_no_precision_and_costs_its_f1() -> None:
    row = scored(["a", "a", "b", "b"], list("1234"), np.tile([0.8, 0.2], (1, 4, 1)), ["a", "b"])
    assert row["by_class"]["b"]["precision"]["score"] is None
    assert row["by_class"]["b"]["f1"]["score"] == 0
    assert row["macro_f1"]["score"] == pytest.approx(1 / 3, abs=0.001)


def test_the_gain_of_a_kind_over_itself_is_nothing_and_over_a_worse_one_is_seen() -> None:
    values = ["a", "b"] * 20
    right = np.array([[[0.9, 0.1], [0.1, 0.9]] * 20])
    groups = [str(i) for i in range(40)]
    assert gain(values, groups, right, right, ["a", "b"])["macro_f1"] == {"score": 0.0, "low": 0.0, "high": 0.0}
    better = gain(values, groups, right, right[:, :, ::-1], ["a", "b"])["macro_f1"]
    assert better["low"] == 1.0


def test_every_case_is_answered_once_in_each_repeat_and_groups_stay_whole() -> None:
    coded = cases()
    for repeat in range(2):
        tasks = [task for task in plan.nested_tasks(coded, "linear", 2) if task.name.startswith(f"nested {repeat}.")]
        assert sorted(i for task in tasks for i in task.asked) == list(range(len(coded)))
        for task in tasks:
            assert not {coded[i].group for i in task.learnt} & {coded[i].group for i in task.asked}
    assert plan.nested_tasks(coded, "linear", 1)[0].asked == plan.nested_tasks(coded, "rules", 1)[0].asked


def test_the_learning_curve_takes_more_and_more_of_the_same_texts() -> None:
    coded = cases()
    tasks = [task for task in plan.curve_tasks(coded, "linear", WHOLE, 1) if task.name.endswith(" 0.0")]
    alone = [set(task.learnt) for task in tasks if " alone " in task.name]
    assert len(alone) > 3
    for smaller, larger in pairwise(alone):
        assert smaller < larger
    assert all(coded[i].source in WHOLE for task in tasks for i in task.asked)
    assert all(coded[i].source in WHOLE for taken in alone for i in taken)
    assert all(any(coded[i].source == "passages" for i in task.learnt) for task in tasks if " with " in task.name)


def test_shifts_keep_sources_forms_and_groups_apart() -> None:
    coded = cases()
    forms = {one.features.judgment_id: "full judgment" if i % 4 < 2 else "facts" for i, one in enumerate(coded)}
    tasks = {task.name: task for task in plan.shift_tasks(coded, "rules", WHOLE, forms)}
    left_out = tasks["shift everything but demonstration -> demonstration"]
    assert {coded[i].source for i in left_out.asked} == {"demonstration"}
    assert "demonstration" not in {coded[i].source for i in left_out.learnt}
    full = tasks["shift fact paragraphs and passages -> full judgments"]
    assert {forms[coded[i].features.judgment_id] for i in full.asked} == {"full judgment"}
    for task in tasks.values():
        assert not {coded[i].group for i in task.learnt} & {coded[i].group for i in task.asked}


@pytest.mark.parametrize("kind", [MAJORITY, "rules", "linear"])
def test_what_is_scored_decides_nothing(kind: str) -> None:
    """Coded values of the asked cases are turned round: neither settings nor temperature nor answers may change."""
    coded = cases()
    task = plan.nested_tasks(coded, kind, 1)[0]
    turned = [
        replace(one, value="hatred" if one.value == "reactive" else "reactive") if i in task.asked else one for i, one in enumerate(coded)
    ]
    one, other = (answer(some, "attack_type", task, WHOLE) for some in (coded, turned))
    assert (one.settings, one.temperature, one.classes) == (other.settings, other.temperature, other.classes)
    assert (one.probabilities == other.probabilities).all()


def test_an_answer_is_kept_until_something_that_decides_it_changes(tmp_path: Path) -> None:
    coded = cases()
    task = Task("nested 0.0", "linear", tuple(range(40)), tuple(range(40, 60)), choose=False)
    (key,) = kept.keys(coded, "attack_type", [task])
    other_label = [replace(coded[0], value="hatred" if coded[0].value != "hatred" else "reactive"), *coded[1:]]
    other_text = [replace(coded[0], features=replace(coded[0].features, text="他因等候过久与医生争吵")), *coded[1:]]
    unread = [*coded[:-1], replace(coded[-1], group="elsewhere")]
    keys = {kept.keys(some, "attack_type", [task])[0] for some in (coded, other_label, other_text)}
    assert len(keys) == 3
    assert kept.keys(coded, "attack_type", [replace(task, name="curve 1")]) == [key]
    assert kept.keys(coded, "attack_type", [replace(task, kind="rules")]) != [key]
    assert kept.keys(unread, "attack_type", [replace(task, asked=task.asked[:-1])]) == kept.keys(
        coded, "attack_type", [replace(task, asked=task.asked[:-1])]
    )
    row = kept.row(answer(coded, "attack_type", task, WHOLE))
    path = tmp_path / "kept.jsonl"
    path.write_text('{"key": "cut off", "probab' + kept.line(key, row), "utf-8")
    found = kept.read(path)
    assert list(found) == [key]
    assert kept.row(found[key]) == row


def test_weights_of_a_mixture_leave_nobody_out() -> None:
    for members in (2, 3, 4):
        for weights in weightings(members):
            assert sum(weights) == pytest.approx(1)
            assert min(weights) > 0
    assert weightings(2) == [(0.5, 0.5), (0.25, 0.75), (0.75, 0.25)]


def study() -> Study:
    coded = cases()
    return Study(
        coded, "attack_type", WHOLE, {one.features.judgment_id: "facts" if i % 4 < 2 else "full judgment" for i, one in enumerate(coded)}
    )


def done(asked: Study, kind: str) -> list[Any]:
    tasks = plan.nested_tasks(asked.cases, kind, 1) + plan.shift_tasks(asked.cases, kind, asked.whole, asked.forms)
    tasks += [task for task in plan.curve_tasks(asked.cases, kind, asked.whole, 1) if kind == "linear" and task.name.endswith(" 0.0")]
    return [(task, answer(asked.cases, "attack_type", task, WHOLE)) for task in tasks]


def test_a_report_holds_every_part() -> None:
    asked = study()
    answered = {kind: done(asked, kind) for kind in (MAJORITY, "rules", "linear")}
    answered["rules+linear"] = mixture(asked, "rules+linear", answered)
    found = report(asked, answered, "linear")
    json.dumps(found, allow_nan=False)
    headline = {kind: scores["parts"]["demonstration"] for kind, scores in found["kinds"].items()}
    assert headline["linear"]["accuracy"]["score"] > 0.8
    assert headline[MAJORITY]["macro_f1"]["score"] < headline["rules"]["macro_f1"]["score"]
    assert set(headline["linear"]["by_class"]) == {"fortuitous", "hatred", "reactive"}
    parts = set(found["kinds"]["linear"]["parts"])
    assert parts == {"demonstration", "invented", "passages", "whole texts", "whole texts: facts", "whole texts: full judgment"}
    pairs = {(row["kind"], row["against"]) for row in found["comparisons"]}
    assert pairs == {("linear", "rules"), ("rules+linear", "rules"), ("rules+linear", "linear")}
    assert [row["n"] for row in found["curve"]["linear"] if row["passages"]] == [
        row["n"] for row in found["curve"]["linear"] if not row["passages"]
    ]
    assert {row["shift"] for row in found["shifts"]} >= {"everything but demonstration -> demonstration", "short passages -> whole texts"}
    wrong = sum(row["n"] for row in found["failures"])
    whole = found["kinds"]["linear"]["parts"]["whole texts"]
    assert wrong == pytest.approx(whole["n"] * (1 - whole["accuracy"]["score"]), abs=0.05)


def test_a_mixture_of_one_kind_with_itself_answers_as_it_does() -> None:
    asked = study()
    answered = {"rules": done(asked, "rules")}
    twice = mixture(asked, "rules+rules", answered)
    alone = assembled(asked, answered["rules"])
    assert (assembled(asked, twice).argmax(axis=2) == alone.argmax(axis=2)).all()


def test_an_ensemble_is_kept_and_answers_as_before(tmp_path: Path) -> None:
    coded = cases()
    chosen = chosen_mixture(coded, "attack_type", ("rules", "linear"), WHOLE)
    assert chosen.weights in weightings(2)
    features = [one.features for one in coded]
    model = create("ensemble", "attack_type", chosen).fit(features, [one.value for one in coded])
    model.save(tmp_path)
    loaded = kind_of_model("ensemble").load(tmp_path)
    assert loaded.classes == model.classes
    assert loaded.predict_proba(features) == pytest.approx(model.predict_proba(features))
    assert loaded.explain(features[0], coded[0].value).variables
    assert set(hashes(tmp_path)) == {"ensemble.json", "rules/rules.json", "linear/model.skops"}
    (tmp_path / "ensemble.json").write_text('{"variable": "attack_type", "members": ["rules"], "weights": [], "temperatures": []}', "utf-8")
    with pytest.raises(AnjuanError, match="cannot be read"):
        kind_of_model("ensemble").load(tmp_path)


def test_unseen_cases_are_scored_by_the_final_model_and_never_learnt_from(tmp_path: Path) -> None:
    seen = study()
    train(seen.cases, "attack_type", tmp_path, codebook_version="1.3", rules="r")
    others = [replace(case(900 + i, KINDS[i % 3][2]), source=UNSEEN) for i in range(12)]
    found = scored_unseen(seen, replace(seen, cases=others), tmp_path, "1.3")
    assert found["linear"]["n"] == 12
    assert found["linear"]["accuracy"]["score"] == found["rules"]["accuracy"]["score"] == 1
    with pytest.raises(AnjuanError, match="among the texts to learn from"):
        scored_unseen(seen, replace(seen, cases=[*others, seen.cases[0]]), tmp_path, "1.3")
    with pytest.raises(AnjuanError, match="no model may learn from"):
        train([*seen.cases, *others], "attack_type", tmp_path, codebook_version="1.3", rules="r")


def test_codings_that_contradict_each_other_are_refused_by_both_lines(tmp_path: Path) -> None:
    rows = [{"judgment_id": f"{i:016x}", "in_scope": True, "attack_type": KINDS[i % 3][2]} for i in range(20)]
    features = {row["judgment_id"]: case(i, KINDS[i % 3][2]).features for i, row in enumerate(rows)}
    path = tmp_path / "codings.jsonl"
    path.write_text("\n".join(map(json.dumps, [*rows, rows[3]])), "utf-8")
    assert len(coded_cases(read_codings(path), features, "attack_type")) == 20  # coded twice alike is one case
    path.write_text("\n".join(map(json.dumps, [*rows, rows[3] | {"attack_type": "hatred"}])), "utf-8")
    with pytest.raises(AnjuanError, match=r"'reactive' \(.*codings\.jsonl:4\) and 'hatred' \(.*codings\.jsonl:21\)"):
        coded_cases(read_codings(path), features, "attack_type")


FULL = (
    "某市某区人民法院\n刑事判决书\n（2019）某0102刑初7号\n公诉机关某市某区人民检察院。\n被告人赵某，男，汉族，农民。\n"
    "某市某区人民检察院指控被告人赵某犯寻衅滋事罪，向本院提起公诉。现已审理终结。\n"
    "经审理查明，2018年12月1日20时许，被告人赵某在某医院急诊科因嫌护士李某动作慢，殴打李某面部，致其轻微伤。\n"
    "本院认为，被告人赵某随意殴打他人，其行为已构成寻衅滋事罪。依照《中华人民共和国刑法》第二百九十三条之规定，判决如下：\n"
    "被告人赵某犯寻衅滋事罪，判处有期徒刑八个月。\n审判长周某\n二〇一九年五月六日"
)


def test_the_form_of_a_text_is_seen() -> None:
    appeal = FULL.replace("刑初", "刑终").replace("被告人赵某，男", "上诉人（原审被告人）赵某，男")
    facts = "公诉机关指控，被告人赵某在某医院殴打护士李某。"
    assert [evaluating.form(Judgment("t", "1", canonical(text))) for text in (FULL, appeal, facts)] == [
        "full judgment",
        "second instance",
        "facts",
    ]


def written(folder: Path) -> tuple[Path, Path]:
    """Thirty short texts of two values with their codings, and six that are out of scope."""
    texts, codings = [], []
    for i in range(30):
        value = "reactive" if i % 2 else "hatred"
        why = "因嫌护士李某输液慢与其争吵" if i % 2 else "认为医生李某手术失败，为报复携带尖刀到医院"
        text = f"经审理查明，2018年{i % 12 + 1}月{i % 28 + 1}日，被告人赵某在某医院{why}，殴打李某，致其轻微伤。"
        texts.append({"id": f"T{i}", "title": "", "text": text})
        codings.append({"judgment_id": Judgment("t", "1", canonical(text)).judgment_id, "in_scope": True, "attack_type": value})
    for i in range(6):
        text = f"经审理查明，2018年{i + 1}月，被告人赵某在某超市窃取手机一部，价值人民币{i + 1}千元。"
        texts.append({"id": f"T{30 + i}", "title": "", "text": text})
        codings.append({"judgment_id": Judgment("t", "1", canonical(text)).judgment_id, "in_scope": False})
    for name, rows in (("texts", texts), ("mine", codings)):
        (folder / f"{name}.jsonl").write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    return folder / "texts.jsonl", folder / "mine.jsonl"


def test_an_evaluation_goes_on_where_it_was_and_ends_in_the_card(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts, codings = written(tmp_path)
    models = tmp_path / "models"
    train_models([texts], [codings], models, 1, Silent())
    request = evaluating.Request(["attack_type"], ["rules"], 1, 1, tmp_path / "work")
    cards = evaluating.evaluate([texts], [codings], models, request, Silent())
    found = cards["attack_type"]["evaluation"]
    assert found["kinds"]["rules"]["parts"]["mine"]["n"] == 30
    assert read_card(models / "attack_type", load_codebook().version)["evaluation"] == json.loads(json.dumps(found))
    assert any(line.startswith("attack_type, mine, rules: 30 cases") for line in evaluating.lines("attack_type", found))
    kept_then = (tmp_path / "work" / "attack_type.jsonl").read_text("utf-8").splitlines()
    (tmp_path / "work" / "attack_type.jsonl").write_text("\n".join([*kept_then[:-4], kept_then[-1][:50]]), "utf-8")
    computed = []
    row = evaluating._row
    monkeypatch.setattr(evaluating, "_row", lambda task: computed.append(task.name) or row(task))
    again = evaluating.evaluate([texts], [codings], models, request, Silent())
    assert len(computed) == 2
    assert again["attack_type"]["evaluation"] == found
    codings.write_text(codings.read_text("utf-8").replace('"hatred"', '"reactive"', 1), "utf-8")
    with pytest.raises(AnjuanError, match="trained on other codings"):
        evaluating.evaluate([texts], [codings], models, request, Silent())
