"""The models: what they see, how they are validated, kept, refused, and explained."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest
from command_line import anjuan

from pipeline.classify import CaseFeatures, passages
from pipeline.classify.card import read_card, write_card
from pipeline.classify.coded import CodedCase, coded_cases, read_codings
from pipeline.classify.evaluation.folds import out_of_fold
from pipeline.classify.evaluation.scores import calibration_error, scores
from pipeline.classify.kinds import create
from pipeline.classify.kinds.linear import LinearModel
from pipeline.classify.prediction import BY_MODEL, BY_MODEL_OUT_OF_FOLD, Predictor
from pipeline.classify.training import VARIABLES, train
from pipeline.classify.typology import attack_type
from pipeline.codebook import load as load_codebook
from pipeline.job.describing import read_and_describe
from pipeline.resources import shipped
from pipeline.schema import AnjuanError, Judgment, Label, Section, Span, Speaker
from pipeline.text import Document, canonical

FULL = (
    "某市某区人民法院\n刑事判决书\n（2019）某0102刑初7号\n公诉机关某市某区人民检察院。\n被告人赵某，男，汉族，农民。\n"
    "某市某区人民检察院指控被告人赵某犯寻衅滋事罪，向本院提起公诉。现已审理终结。\n"
    "经审理查明，2018年12月1日20时许，被告人赵某酒后在某医院急诊科因嫌护士李某动作慢，殴打李某面部，致其轻微伤。\n"
    "本院认为，被告人赵某随意殴打他人，其行为已构成寻衅滋事罪。依照《中华人民共和国刑法》第二百九十三条之规定，判决如下：\n"
    "被告人赵某犯寻衅滋事罪，判处有期徒刑八个月。\n审判长周某\n二〇一九年五月六日"
)


def case(number: int, cause: str, motive: str) -> CaseFeatures:
    labels = (Label("case", "cause", cause, spans=(Span(0, 4, Section.FACTS, Speaker.COURT, "r"),)), Label("case", "motive", motive))
    return CaseFeatures(f"{number:016x}", labels, {f"cause:{cause}": 1.0}, "在医院与护士争吵" if cause == "payment" else "酒后闯入")


def coded(n: int = 24) -> list[CodedCase]:
    kinds = [("payment", "venting", "reactive"), ("treatment_outcome", "retaliation", "hatred"), ("unrelated", "goal", "fortuitous")]
    return [CodedCase(case(i, *kinds[i % 3][:2]), kinds[i % 3][2], f"g{i // 6}", "demonstration") for i in range(n)]


def test_passages_hold_neither_verdict_nor_charge_nor_sentence_nor_names() -> None:
    document = Document.read(canonical(FULL))
    sentences = passages(document)
    text = "".join(masked for masked, _ in sentences)
    assert "殴打" in text
    assert all(document.text[span.start : span.end] for _, span in sentences)
    for leak in ("寻衅滋事", "有期徒刑", "判处", "赵某", "李某", "2018", "人民检察院"):
        assert leak not in text


def test_a_different_verdict_changes_no_feature() -> None:
    judgment = Judgment("test", "1", canonical(FULL))
    other = Judgment("test", "1", canonical(FULL.replace("寻衅滋事罪", "故意杀人罪").replace("有期徒刑八个月", "死刑")))
    rows = [read_and_describe(j) for j in (judgment, other)]
    for variable in VARIABLES:
        assert rows[0].values(variable) == rows[1].values(variable)
    assert rows[0].text == rows[1].text


@pytest.mark.parametrize(
    ("cause", "motive", "relation", "expected"),
    [
        ("treatment_outcome", "retaliation", "patient", "hatred"),
        ("payment", "venting", "family", "reactive"),
        ("dispute_handling", "pressure", "family", "reactive"),
        ("unrelated", "personal_venting", "patient", "fortuitous"),
        ("other_grievance", "delusion", "patient", "hatred"),
        ("unrelated", "delusion", "none", "fortuitous"),
        ("unclear", "goal", "none", "fortuitous"),
    ],
)
def test_the_typology_follows_the_codebooks_order(cause: str, motive: str, relation: str, expected: str) -> None:
    assert attack_type([Label("case", "cause", cause), Label("case", "motive", motive), Label("case", "relation", relation)]) == expected


def test_groups_stay_in_one_fold_and_every_case_gets_an_answer() -> None:
    cases = coded(60)
    answers = out_of_fold(cases, lambda: create("linear", "attack_type"))
    assert len(answers.values) == 60
    assert scores(cases, answers.values)["accuracy"]["score"] > 0.9
    assert 0 <= calibration_error(cases, answers.values, answers.probabilities.max(axis=1)) <= 1


def test_training_writes_a_model_that_answers_as_before(tmp_path: Path) -> None:
    cases = coded(60)
    train(cases, "attack_type", tmp_path / "attack_type", codebook_version="1.2", rules="r")
    predictor = Predictor.load(tmp_path / "attack_type", "1.2")
    seen, unseen = cases[0].features, case(999, "payment", "venting")
    labels = predictor.labels([seen, unseen])
    assert [label.by for label in labels] == [BY_MODEL_OUT_OF_FOLD, BY_MODEL]
    assert labels[1].value == "reactive"
    assert labels[1].score is not None
    assert labels[1].spans
    again = Predictor.load(tmp_path / "attack_type", "1.2").labels([unseen])
    assert again == labels[1:]


def test_the_same_data_give_the_same_answers(tmp_path: Path) -> None:
    for name in ("a", "b"):
        train(coded(60), "attack_type", tmp_path / name, codebook_version="1.2", rules="r")
    assert (tmp_path / "a" / "out_of_fold.jsonl").read_bytes() == (tmp_path / "b" / "out_of_fold.jsonl").read_bytes()
    assert (tmp_path / "a" / "card.json").read_bytes() == (tmp_path / "b" / "card.json").read_bytes()


def test_a_model_with_foreign_objects_is_refused(tmp_path: Path) -> None:
    from skops import io as skops_io

    skops_io.dump({"variable": "attack_type", "parts": Path("x")}, tmp_path / "model.skops")
    with pytest.raises(AnjuanError, match=r"unknown types|cannot be read"):
        LinearModel.load(tmp_path)
    (tmp_path / "model.skops").write_bytes(pickle.dumps({"variable": "attack_type"}))
    with pytest.raises(AnjuanError, match="cannot be read"):
        LinearModel.load(tmp_path)


def test_a_model_without_its_card_or_of_another_codebook_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AnjuanError, match=r"card\.json"):
        read_card(tmp_path, "1.2")
    shutil_card = json.loads((shipped("models/attack_type") / "card.json").read_text("utf-8"))
    write_card(tmp_path, shutil_card)
    with pytest.raises(AnjuanError, match="trained for codebook"):
        read_card(tmp_path, "9.9")
    write_card(
        tmp_path, {k: v for k, v in shutil_card.items() if k not in ("scores", "limits")} | {"scores": shutil_card["scores"], "limits": []}
    )
    (tmp_path / "card.json").write_text(json.dumps({"variable": "x"}), "utf-8")
    with pytest.raises(AnjuanError, match="lacks"):
        read_card(tmp_path, "1.2")


@pytest.mark.parametrize(
    ("lines", "complaint"),
    [
        (['{"judgment_id": "a", "in_scope": true}', "{"], ":2: not a coding"),
        (['{"in_scope": true}'], ":1: not a coding"),
    ],
)
def test_codings_that_cannot_be_read_are_named_by_line(lines: list[str], complaint: str, tmp_path: Path) -> None:
    path = tmp_path / "codings.jsonl"
    path.write_text("\n".join(lines), "utf-8")
    with pytest.raises(AnjuanError, match=complaint):
        read_codings(path)


def test_too_few_cases_of_a_value_and_changed_texts_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "codings.jsonl"
    rows = [{"judgment_id": f"{i:016x}", "in_scope": True, "attack_type": "hatred" if i < 2 else "reactive"} for i in range(20)]
    path.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    features = {f"{i:016x}": case(i, "payment", "venting") for i in range(20)}
    with pytest.raises(AnjuanError, match="only 2 cases are coded 'hatred'"):
        coded_cases(read_codings(path), features, "attack_type")
    features.pop(f"{3:016x}")
    with pytest.raises(AnjuanError, match="missing or has changed"):
        coded_cases(read_codings(path), features, "attack_type")


@pytest.mark.parametrize("name", VARIABLES)
def test_the_shipped_models_load_with_their_cards(name: str) -> None:
    folder = shipped(f"models/{name}")
    card = read_card(folder, load_codebook().version)
    predictor = Predictor.load(folder, load_codebook().version)
    assert set(predictor.model.classes) == set(card["data"]["values"])
    for row in card["scores"].values():
        assert row["macro_f1"]["low"] <= row["macro_f1"]["score"] <= row["macro_f1"]["high"]
    assert (folder / "model.skops").stat().st_size < 2_000_000


@pytest.mark.parametrize("fitted", [False, True])
def test_remembered_ngrams_are_those_of_scikit_learn(fitted: bool) -> None:
    from sklearn.feature_extraction.text import TfidfVectorizer

    from pipeline.classify.kinds.ngrams import NgramVectorizer

    texts = [row.features.text + "多" * (i % 3) + chr(0x4E00 + i % 7) for i, row in enumerate(coded(40))]
    options = {"analyzer": "char", "ngram_range": (1, 4), "sublinear_tf": True, "min_df": 2, "max_features": 30}
    ours, theirs = NgramVectorizer(**options), TfidfVectorizer(**options)
    asked = texts if fitted else [*texts[:3], "从未见过的文字", "", "在医院"]
    left, right = ours.fit_transform(texts), theirs.fit_transform(texts)
    assert list(ours.get_feature_names_out()) == list(theirs.get_feature_names_out())
    assert abs(left - right).max() < 1e-12
    assert abs(ours.transform(asked) - theirs.transform(asked)).max() < 1e-12


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--variable", "weather"], "no model answers weather; variables: in_scope"),
        (["--kind", "oracle"], "there is no model of kind 'oracle'; kinds: rules, linear"),
        (["--kind", "linear+oracle"], "there is no model of kind 'oracle'"),
    ],
)
def test_unknown_variables_and_kinds_are_named_before_anything_is_read(options: list[str], complaint: str, tmp_path: Path) -> None:
    done = anjuan("train", "--models", tmp_path, "--quiet", *options)
    assert done.returncode == 1
    assert complaint in done.stderr
    assert not list(tmp_path.iterdir())
