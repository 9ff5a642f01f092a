"""What is told to models of a case, what they answer with how much certainty, and with which words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.classify.training import VARIABLES
from pipeline.job.describing import read_and_describe, without_decision
from pipeline.resources import shipped
from pipeline.schema import Judgment
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
    found = [(judgment, told(judgment)) for judgment in full_judgments()]
    assert len(found) > 100
    return found


def test_another_view_of_the_court_another_verdict_and_sentence_change_nothing_that_a_model_is_told(known: Known) -> None:
    others = [replace(j, text=j.text[: j.text.index("本院认为")] + ANOTHER_DECISION) for j, _ in known]
    assert [j.source_id for (j, before), other in zip(known, others, strict=True) if told(other) != before] == []


def test_another_charge_changes_nothing_that_a_model_is_told(known: Known) -> None:
    others = [(j.source_id, before, replace(j, text=CHARGES.sub("盗窃", j.text))) for j, before in known if CHARGES.search(j.text[:600])]
    assert len(others) > 50
    assert [name for name, before, other in others if told(other) != before] == []


def test_offsets_stay_true_without_the_decision() -> None:
    for judgment in list(full_judgments())[:20]:
        left = without_decision(judgment).text
        assert len(left) <= len(judgment.text)
        assert all(a in (b, " ") for a, b in zip(left, judgment.text, strict=False))
        assert "判处" not in left[left.find("查明") :]


@given(st.text("本院认为，。判决如下：被告人张某犯盗窃、抢劫罪经审理查明医生护士某\n", max_size=120))
def test_what_is_left_out_is_blank_and_nothing_else_changes(text: str) -> None:
    judgment = Judgment("s", "1", canonical(text))
    left = without_decision(judgment).text
    assert all(a in (b, " ") for a, b in zip(left, judgment.text, strict=False))


def test_a_text_of_the_courts_view_alone_is_told_without_its_charges() -> None:
    text = "本院认为，被告人张某因对治疗不满，在医院殴打医生李某，其行为已构成故意伤害罪。"
    assert without_decision(Judgment("s", "1", text)).text.replace(" ", "") == text.replace("故意伤害罪", "")
