"""What is told to models of a case, what they answer with how much certainty, and with which words."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.classify import CaseFeatures
from pipeline.classify.calibration import CONFIDENCE, coverage
from pipeline.classify.coded import CodedCase
from pipeline.classify.prediction import Predictor
from pipeline.classify.training import PASSAGES, VARIABLES, train
from pipeline.codebook import load as load_codebook
from pipeline.job.describing import read_and_describe, without_decision
from pipeline.resources import shipped
from pipeline.schema import AnjuanError, Judgment, Label, Section, Span, Speaker
from pipeline.text import canonical

ANOTHER_DECISION = (
    "\n本院认为，被告人以非法占有为目的，秘密窃取他人财物，其行为已构成盗窃罪，且系因琐事报复、酒后滋事，患有精神病，持刀作案。"
    "公诉机关指控的罪名成立。依照《中华人民共和国刑法》第二百六十四条、第十八条第三款之规定，判决如下：\n"
    "被告人犯盗窃罪，判处拘役三个月，并处罚金人民币二千元。\n审判长周某\n二〇一五年三月二日\n书记员林某"
)
Known = list[tuple[Judgment, tuple[object, ...]]]
CHARGES = re.compile(
    r"故意伤害(?=罪)|故意杀人(?=罪)|寻衅滋事(?=罪)|聚众扰乱社会秩序(?=罪)|妨害公务(?=罪)|敲诈勒索(?=罪)|故意毁坏财物(?=罪)"
)


def told(judgment: Judgment) -> tuple[object, ...]:
    """Everything that a model may read of a judgment."""
    features = read_and_describe(judgment)
    return features.text, *(features.values(variable) for variable in VARIABLES)


def full_judgments() -> Iterator[Judgment]:
    """The shipped judgments that hold facts, the court's view and a disposition."""
    for name in ("demonstration", "invented"):
        for line in shipped(f"corpora/{name}.jsonl").read_text("utf-8").splitlines():
            row = json.loads(line)
            text = canonical(row["text"])
            if text.find("本院认为") > 150 and re.search("(?:判决|裁定)如下", text):
                yield Judgment(name, row["id"], text)


@pytest.fixture(scope="module")
def known() -> Known:
    whole = list(full_judgments())
    assert len(whole) > 100
    return [(judgment, told(judgment)) for judgment in whole[::3]]


def test_another_view_of_the_court_another_verdict_and_sentence_change_nothing_that_a_model_is_told(known: Known) -> None:
    others = [replace(j, text=j.text[: j.text.index("本院认为")] + ANOTHER_DECISION) for j, _ in known]
    assert [j.source_id for (j, before), other in zip(known, others, strict=True) if told(other) != before] == []


def test_another_charge_changes_nothing_that_a_model_is_told(known: Known) -> None:
    others = [(j.source_id, before, replace(j, text=CHARGES.sub("盗窃", j.text))) for j, before in known if CHARGES.search(j.text[:600])]
    assert len(others) > 15
    assert [name for name, before, other in others if told(other) != before] == []


def only_masked(left: str, text: str) -> bool:
    """Whether `left` is the text with blanks and the words of masks in some places, all others as they were."""
    return all(a in (b, " ") or a in "某罪本院认为，判决如下：" for a, b in zip(left, text, strict=False))


def test_offsets_stay_true_without_the_decision() -> None:
    for judgment in list(full_judgments())[:20]:
        left = without_decision(judgment).text
        assert len(left) <= len(judgment.text)
        assert only_masked(left, judgment.text)
        assert "判处" not in left[left.find("查明") :]


@given(st.text("本院认为，。判决如下：被告人张某犯盗窃、抢劫罪经审理查明医生护士某\n", max_size=120))
def test_what_is_left_out_is_blank_or_masked_and_nothing_else_changes(text: str) -> None:
    judgment = Judgment("s", "1", canonical(text))
    assert only_masked(without_decision(judgment).text, judgment.text)


def test_a_text_of_the_courts_view_alone_is_told_without_its_charges() -> None:
    text = "本院认为，被告人张某因对治疗不满，在医院殴打医生李某，其行为已构成故意伤害罪。"
    assert without_decision(Judgment("s", "1", text)).text.replace(" ", "") == text.replace("故意伤害罪", "某罪")


def test_an_appeal_is_told_by_what_the_first_court_found() -> None:
    """Without its own verdict the first court's is the only one in the text; it must not swallow what follows."""
    text = (
        "某省某市中级人民法院\n刑事裁定书\n（2016）某01刑终5号\n上诉人（原审被告人）王某，男，农民。\n"
        "某区人民法院审理某区人民检察院指控原审被告人王某犯寻衅滋事罪一案，判决：被告人王某犯寻衅滋事罪，判处有期徒刑六个月。王某不服，提出上诉。\n"
        "原判认定：2016年2月18日，王某因嫌护士李某扎针慢，在某医院输液室殴打李某，致其轻微伤。\n二审查明的事实与原判一致。\n"
        "本院认为，原判定罪准确，量刑适当。裁定如下：\n驳回上诉，维持原判。\n审判长周某\n二〇一六年九月二十八日"
    )
    assert "嫌护士" in read_and_describe(Judgment("s", "1", canonical(text))).text


def case(number: int, cause: str, motive: str, **cues: float) -> CaseFeatures:
    """A case whose words lie at known places: cause 0-4, motive 4-8, injury 8-12, in two sentences."""
    words = {"cause": (0, 4), "motive": (4, 8), "worst_injury": (8, 12)}
    values = {"cause": cause, "motive": motive, "worst_injury": "minor" if motive == "venting" else "serious"}
    labels = tuple(
        Label("case", name, value, spans=(Span(*words[name], Section.FACTS, Speaker.COURT, "r"),)) for name, value in values.items()
    )
    first, second = ("在医院与护士争吵", "砸坏电脑") if cause == "payment" else ("酒后闯入诊室", "打伤他人")
    places = [Span(a, b, Section.FACTS, Speaker.COURT) for a, b in ((0, 8), (8, 16))]
    sentences = ((first, places[0]), (second, places[1]))
    return CaseFeatures(f"{number:016x}", labels, {f"cause:{cause}": 1.0, **cues}, first + second, sentences)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    kinds = [("payment", "venting", "reactive"), ("treatment_outcome", "retaliation", "hatred"), ("unrelated", "goal", "fortuitous")]
    cases = [CodedCase(case(i, *kinds[i % 3][:2]), kinds[i % 3][2], f"g{i // 6}", "demonstration") for i in range(90)]
    train(cases, "attack_type", where := tmp_path_factory.mktemp("model") / "attack_type", codebook_version="9", rules="r")
    return where


def test_a_prediction_tells_every_value_and_those_that_stay_possible(folder: Path) -> None:
    predictor = Predictor.load(folder, "9")
    plain, mixed = predictor.predict([case(999, "payment", "venting"), case(998, "payment", "retaliation")])
    assert plain.possible == {"reactive"}
    assert abs(sum(plain.probabilities.values()) - 1) < 0.001
    assert plain.label.score == plain.probabilities["reactive"]
    assert len(mixed.possible) >= 2
    assert mixed.label.value in mixed.possible
    assert predictor.labels([case(999, "payment", "venting")]) == [plain.label]
    assert predictor.predict([]) == []


def test_the_reasons_are_quoted_by_weight_and_say_what_they_are(folder: Path) -> None:
    [label] = Predictor.load(folder, "9").labels([case(999, "payment", "venting")])
    weights = [span.weight for span in label.spans]
    assert weights == sorted(weights, key=lambda weight: -(weight or 0))
    assert all(weights)
    told = {span.rule: (span.start, span.end) for span in label.spans}
    assert told == {
        "attack_type:words": (0, 8),  # the sentence with the quoted words in it
        "attack_type:cause=payment": (0, 4),
        "attack_type:motive=venting": (4, 8),
    }


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (lambda lines: [], "is empty"),
        (lambda lines: [lines[0], "{", *lines[2:]], "line 2 cannot be read"),
        (lambda lines: [*lines[:3], lines[3].replace('"value"', '"worth"')], "line 4 cannot be read"),
        (lambda lines: [lines[0].replace('"reactive": ', '"rash": ')], "line 1 cannot be read"),
    ],
)
def test_answers_that_cannot_be_read_are_refused_with_the_way_out(
    spoil: Callable[[list[str]], list[str]], complaint: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = json.loads((folder / "card.json").read_text("utf-8"))
    monkeypatch.setattr("pipeline.classify.prediction.read_card", lambda *_: card)  # its own refusal of changed files comes first
    shutil.copytree(folder, tmp_path / "m")
    path = tmp_path / "m" / "out_of_fold.jsonl"
    path.write_text("\n".join(spoil(path.read_text("utf-8").splitlines())), "utf-8")
    with pytest.raises(AnjuanError, match=f"{complaint}.*anjuan train"):
        Predictor.load(tmp_path / "m", "9")


def test_what_tells_of_nothing_medical_is_out_of_scope_without_doubt() -> None:
    predictor = Predictor.load(shipped("models/in_scope"), load_codebook().version)
    [foreign] = predictor.predict([CaseFeatures("0" * 16, (), {"scope:dispute": 2.0}, "二人因琐事争吵")])
    assert (foreign.label.value, foreign.label.score, foreign.possible) == ("0", 0.0, {"0"})


@pytest.mark.parametrize("variable", VARIABLES)
def test_the_shipped_sets_hold_nine_in_ten_of_the_coded_values(variable: str) -> None:
    path = shipped(f"models/{variable}/out_of_fold.jsonl")
    rows = [row for row in map(json.loads, path.read_text("utf-8").splitlines()) if row["source"] not in PASSAGES]
    classes = sorted(rows[0]["probabilities"])
    own = np.array([[row["probabilities"][c] for c in classes] for row in rows])
    counted = coverage(own, [classes.index(row["value"]) for row in rows], [row["group"] for row in rows], classes)
    assert abs(counted["conformal"] - CONFIDENCE) <= 0.03
    assert counted["shown"] >= counted["conformal"]
