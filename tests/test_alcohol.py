"""Drinking of the offender, and of nobody else."""

from __future__ import annotations

import time

import pytest

from pipeline.extract import read_case
from pipeline.extract.act.alcohol import alcohol_labels
from pipeline.schema import Judgment, Label
from pipeline.text import canonical


def labels(text: str) -> list[Label]:
    return alcohol_labels(read_case(Judgment("test", "1", canonical(text), text)))


def label(text: str) -> Label:
    (found,) = (x for x in labels(text) if x.by == "rules")
    return found


@pytest.mark.parametrize(
    "text",
    [
        "经审理查明，2019年3月2日晚，被告人张某酒后到某医院急诊科，殴打护士李某。",
        "经审理查明，被告人张某与朋友王某在家中喝了一斤白酒，后来到诊所闹事。",
        "公诉机关指控，被告人张某满身酒气，辱骂医生李某。",
        "经审理查明，护士李某闻到张某浑身酒味。被告人张某拒绝登记，打伤护士李某。",
        "经审理查明，被告人张某殴打李某。经检验，张某血液中酒精含量为186mg/100ml。",
        "经审理查明，被害人李某应被告人张某邀请到饭店喝酒，席间二人发生争吵，张某将李某打伤。",
        "经审理查明，被告人张某甲、张某乙、张某丙聚餐，三人均饮酒，饭后在大厅吵闹。",
        "经审理查明，满身酒气的张某甲冲上前殴打保安员王某。被告人张某甲被当场抓获。",
        "经审理查明，被告人张某殴打李某。\n本院认为，被告人张某的行为构成寻衅滋事罪。依照《中华人民共和国刑法》第二百九十三条、第十八条第四款之规定，判决如下：",
        "经审理查明，被告人张某打伤李某。\n上述事实，有下列证据证实：\n1、被告人张某的供述，证明其当天中午喝了半斤白酒，记不清经过。",
        "经审理查明，被告人张某打伤李某。\n上述事实，有下列证据证实：\n1、证人王某的证言，证明张某一身酒气。",
    ],
)
def test_offender_had_drunk(text: str) -> None:
    found = label(text)
    assert found.value == "yes"
    assert found.spans


@pytest.mark.parametrize(
    "text",
    [
        "经审理查明，被害人李某酒后辱骂被告人张某，被告人张某将李某打伤。",
        "经审理查明，被告人张某在某酒店门口用酒瓶打伤李某。",
        "经审理查明，被告人张某将醉酒的李某送到医院，因等候时间长而殴打医生王某。",
        "经审理查明，被告人张某打伤李某。\n上述事实，有下列证据证实：\n1、证人王某的证言，证明他当晚和同事喝酒，路过时看见张某打人。",
        "经审理查明，被告人张某平时爱喝酒。某日，张某因琐事打伤李某。",
        "被告人张某，男，曾因醉酒驾驶机动车被行政拘留。\n经审理查明，被告人张某打伤李某。",
        "经审理查明，被告人张某打伤李某。\n被告人张某辩称，其当时喝多了。",
        "经审理查明，被告人张某趁李某不备，在李某的酒杯里下药。",
        "",
        "酒",
    ],
)
def test_not_the_offender(text: str) -> None:
    assert label(text).value == "not_mentioned"
    assert label(text).spans == ()


@pytest.mark.parametrize(
    "text",
    [
        "经审理查明，被告人张某持刀砍伤护士李某。张某案发时未饮酒。",
        "经审理查明，被告人张某打伤李某。经检验，张某的血样中未检出乙醇成分。",
    ],
)
def test_had_not_drunk(text: str) -> None:
    assert label(text).value == "no"


def test_a_finding_outweighs_a_denial() -> None:
    text = "被告人张某辩称，其没有喝酒。\n经审理查明，被告人张某酒后打伤李某。"
    assert label(text).value == "yes"


def test_evidence_is_the_words_that_say_so() -> None:
    text = "经审理查明，被告人张某醉酒闹事。"
    assert [text[s.start : s.end] for s in label(text).spans] == ["醉酒"]


def test_long_input_is_read_quickly() -> None:
    start = time.process_time()
    label("酒" * 200_000)
    label("被告人酒后" * 500)
    assert time.process_time() - start < 20


@pytest.mark.parametrize(
    "text",
    [
        # What is seen, used or told of another is his, though the offender stands beside.
        "经审理查明，被告人张某与王某见李某饮酒过量，就把李某拖到路边，将其打伤。",
        "上述事实，有下列证据证实：\n1、被告人张某的供述：我在路边等活，我看出来，我发现那个男的喝酒了，后来双方争执，我打了他。",
        "上述事实，有下列证据证实：\n1、被告人张某的供述：我去找王某，那时他喝醉了酒，我就扶他回家。",
        # The statement of an accomplice who is tried elsewhere tells of himself.
        "被告人张某，男，汉族。\n上述事实，有下列证据证实：\n1、同案犯王某的供述，供认和李某等人喝酒时商量打赵某，后打伤赵某。",
        "经审理查明，2008年5月，被告人张某因酒后滋事被劳动教养一年。2012年3月4日，张某打伤李某。",
        "经审理查明，被告人张某打伤李某。\n证人王某的证言，证明张某喜欢喝酒。",
    ],
)
def test_another_had_drunk(text: str) -> None:
    assert label(text).value == "not_mentioned"


@pytest.mark.parametrize(
    "text",
    [
        "经审理查明，被告人张某打伤李某。经呼气式酒精检测仪检测，结果为128mg/100ml。",
        "经审理查明，被告人张某在吃饭、喝洒后打伤李某。",
        "经审理查明，被告人张某滋事，民警将其带至派出所约束醒酒。",
        "上述事实，有下列证据证实：\n1、证人王某的证言，证明张某看来喝了比较多酒。\n2、被告人张某的供述，证明其打伤李某。",
    ],
)
def test_more_wordings_of_drinking(text: str) -> None:
    assert label(text).value == "yes"


def test_the_blood_of_the_accused_held_none() -> None:
    text = "经审理查明，被告人张某打伤李某。\n上述证据有：理化检验报告，证明经对被告人张某血液进行检验，血液中未检出乙醇成分。"
    assert label(text).value == "no"


def test_what_the_defence_claims_is_kept_and_decides_nothing() -> None:
    text = "被告人张某辩称，其案发时没有喝酒。\n经审理查明，被告人张某打伤李某。"
    told, claim = labels(text)
    assert (told.by, told.value) == ("rules", "not_mentioned")
    assert (claim.by, claim.value) == ("defence", "no")
    assert [text[s.start : s.end] for s in claim.spans] == ["没有喝酒"]


def test_the_answer_of_the_court_stands_with_the_claim() -> None:
    text = "经审理查明，被告人张某打伤李某。\n本院认为，被告人张某的行为构成故意伤害罪。辩护人提出的被告人张某系酒后作案的辩护意见，与查明的事实不符，不予采纳。"
    told, claim = labels(text)
    assert told.value == "not_mentioned"
    assert (claim.by, claim.value, claim.spans[0].accepted) == ("defence", "yes", False)


def test_the_victims_drinking_is_no_claim_of_the_offenders() -> None:
    text = "被告人张某辩称，系因被害人李某酒后对其辱骂，其才还手。\n经审理查明，被告人张某打伤李某。"
    assert [x.by for x in labels(text)] == ["rules"]


_FACTS = "经审理查明，2019年3月2日晚，被告人张某酒后打伤李某。\n本院认为，被告人张某的行为构成故意伤害罪，判决如下：\n被告人张某犯故意伤害罪，判处有期徒刑一年。\n如不服本判决，可在接到判决书的第二日起十日内上诉。\n审判长　王某\n书记员　李某"


@pytest.mark.parametrize("facts", [_FACTS, _FACTS.replace("酒后", "")])
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "\n附：相关法律条文\n第十八条　醉酒的人犯罪，应当负刑事责任。\n"),
        ("被告人张某的辩护人提出，被告人张某案发时处于醉酒状态，请求从轻处罚。\n", ""),
        ("被告人张某辩称，其滴酒未沾。\n", ""),
    ],
)
def test_statutes_and_pleas_change_no_value(facts: str, before: str, after: str) -> None:
    assert label(before + facts + after).value == label(facts).value
