"""Mental illness of the offender, as an expert or the court finds it."""

from __future__ import annotations

import pytest

from pipeline.extract import read_case
from pipeline.extract.act.mental import mental_labels
from pipeline.schema import Judgment, Label
from pipeline.text import canonical


def labels(text: str) -> list[Label]:
    return mental_labels(read_case(Judgment("test", "1", canonical(text), text)))


def label(text: str) -> Label:
    (found,) = (x for x in labels(text) if x.by == "rules")
    return found


@pytest.mark.parametrize(
    "text",
    [
        "经审理查明，被告人张某砍伤李某。经鉴定，张某患有精神分裂症，作案时无刑事责任能力。",
        "经审理查明，被告人张某砍伤李某。经鉴定，被告人张某系限定刑事责任能力人。",
        "经审理查明，被告人张某砍伤李某。经鉴定，张某诊断为酒精所致精神障碍，具有完全刑事责任能力。",
        "经审理查明，被告人张某砍伤李某。经鉴定，被告人张某作案时处于抑郁症缓解期，具有完全刑事责任能力。",
        "公诉机关指控，被告人张某患有精神疾病，曾在外地住院治疗。",
        "经审理查明，被告人张某砍伤李某。\n本院认为，被告人张某构成故意伤害罪。依照《中华人民共和国刑法》第二百三十四条、第十八条第三款之规定，判决如下：",
        "上述事实，有下列证据证实：\n1、司法鉴定意见书，证明被告人张某为轻度精神发育迟滞。",
    ],
)
def test_illness(text: str) -> None:
    found = label(text)
    assert found.value == "yes"
    assert found.spans


@pytest.mark.parametrize(
    "text",
    [
        "经审理查明，被告人张某砍伤李某。经法医精神病鉴定，张某案发时无精神病，具有完全刑事责任能力。",
        "上述事实，有下列证据证实：\n1、精神病司法鉴定意见书，证明被告人张某对本案具有完全刑事责任能力。",
        "经审理查明，被告人张某砍伤李某。经鉴定，张某未患精神分裂症，有完全刑事责任能力。",
    ],
)
def test_examined_and_none_found(text: str) -> None:
    assert label(text).value == "no"


@pytest.mark.parametrize(
    "text",
    [
        "经审理查明，被告人张某打伤李某。\n本院认为，被告人张某作为完全刑事责任能力人，应当知道后果。",
        "上述事实，有下列证据证实：\n1、户籍证明，证明被告人张某作案时具有完全刑事责任能力。",
        "经审理查明，被告人张某强奸李某。经鉴定，被害人李某患有精神发育迟滞，无性防卫能力。",
        "经审理查明，被告人张某打伤李某。\n被告人张某的辩护人提出，张某患有抑郁症。",
        "经审理查明，被告人张某的妻子患有精神疾病，家中贫困。",
        "经审理查明，被告人张某疑似精神分裂症，公安机关已委托对其作鉴定。",
        "经审理查明，原告人李某要求赔偿精神损害抚慰金。",
        "",
        "精神",
    ],
)
def test_not_mentioned(text: str) -> None:
    found = label(text)
    assert found.value == "not_mentioned"
    assert found.spans == ()


def test_long_input() -> None:
    assert label("精神" * 100_000).value == "not_mentioned"


def test_what_the_defence_claims_is_kept_and_decides_nothing() -> None:
    text = "被告人张某的辩护人提出，被告人张某患有抑郁症。\n经审理查明，被告人张某打伤李某。"
    told, claim = labels(text)
    assert (told.by, told.value) == ("rules", "not_mentioned")
    assert (claim.by, claim.value) == ("defence", "yes")
    assert "抑郁症" in [text[s.start : s.end] for s in claim.spans]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "\n审判长　王某\n附：相关法律条文\n第十八条　尚未完全丧失辨认或者控制自己行为能力的精神病人犯罪的，应当负刑事责任。\n"),
        ("被告人张某的辩护人提出，被告人张某系限制刑事责任能力人。\n", ""),
    ],
)
@pytest.mark.parametrize("facts", ["经审理查明，被告人张某砍伤李某。", "经审理查明，被告人张某砍伤李某。经精神病司法鉴定，张某无精神病。"])
def test_statutes_and_pleas_change_no_value(facts: str, before: str, after: str) -> None:
    assert label(before + facts + after).value == label(facts).value
