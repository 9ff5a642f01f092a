"""Drinking of the offender, and of nobody else."""

from __future__ import annotations

import time

import pytest

from pipeline.extract import read_case
from pipeline.extract.act.alcohol import alcohol_labels
from pipeline.schema import Judgment, Label
from pipeline.text import canonical


def label(text: str) -> Label:
    (found,) = alcohol_labels(read_case(Judgment("test", "1", canonical(text), text)))
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
