"""Victims: who is one, in which role, how many."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.extract import read_case
from pipeline.extract.harm.victims import Victim, victim_labels, victims
from pipeline.schema import Judgment
from pipeline.text import canonical


def found(text: str) -> list[Victim]:
    return victims(read_case(Judgment("test", "1", canonical(text), text)))


def roles(text: str) -> list[tuple[str, str, int]]:
    return [(v.name, v.role, v.persons) for v in found(text)]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("被告人钱某挥拳殴打值班医生孙某的面部。", [("孙某", "doctor", 1)]),
        ("被告人钱某将护士周某推倒在地。", [("周某", "nurse", 1)]),
        ("被告人钱某揪住该院保安员吴某的衣领，朝其胸口打了两拳。", [("吴某", "security", 1)]),
        ("收费员郑某让其排队，被告人钱某对郑某辱骂、威胁。", [("郑某", "admin", 1)]),
        ("医生冯某赶来劝阻，也被被告人钱某踢伤。", [("冯某", "doctor", 1)]),
        (
            "被告人钱某先后打伤医生陈某、褚某，护士卫某、蒋某。",
            [("陈某", "doctor", 1), ("褚某", "doctor", 1), ("卫某", "nurse", 1), ("蒋某", "nurse", 1)],
        ),
        ("被告人钱某咬伤处警的民警沈某的手背。", [("沈某", "police", 1)]),
        ("被告人钱某持刀抵住护士韩某的颈部，将其拖至走廊。", [("韩某", "nurse", 1)]),
        ("被告人钱某围着副院长杨某拳打脚踢。", [("杨某", "admin", 1)]),
        ("被告人钱某在救护车上踢打司机朱某。", [("朱某", "other_clinical", 1)]),
        ("被告人钱某抓伤药剂师秦某的脸部。", [("秦某", "other_clinical", 1)]),
        ("被告人钱某将同病房的病人尤某打倒。", [("尤某", "patient_or_visitor", 1)]),
    ],
)
def test_object_of_the_act_is_a_victim_in_the_role_that_the_text_tells(told: str, expected: list[tuple[str, str, int]]) -> None:
    assert roles("经审理查明：某日上午，在某县医院内，" + told) == expected


@pytest.mark.parametrize(
    "told",
    [
        "医生许某为被告人钱某缝合伤口，护士何某在场证实。",
        "被告人钱某拨打急救电话后，医生吕某赶到现场。",
        "保安员施某将被告人钱某制服。",
        "被告人钱某没有殴打护士张某。",
        "民警孔某将被告人钱某抓获。",
        "被告人钱某砸坏医生曹某的轿车车窗。",
    ],
)
def test_bystanders_helpers_and_owners_of_things_are_no_victims(told: str) -> None:
    assert [v.name for v in found("经审理查明：" + told) if v.name] == []


def test_people_called_victims_are_victims_but_their_family_and_lawyers_are_not() -> None:
    text = "经审理查明：被告人钱某与被害人严某发生争吵，持棍打伤严某。案发后，被害人严某的妻子华某报警，被害人严某及其诉讼代理人金某到庭。"
    assert [v.name for v in found(text)] == ["严某"]


def test_a_list_of_victims_is_read_whole() -> None:
    text = "经审理查明：被告人钱某持砖殴打被害人魏某、陶某及姜某，致三人受伤。"
    assert [v.name for v in found(text)] == ["魏某", "陶某", "姜某"]


def test_apposition_in_brackets_calls_only_the_name_before_it() -> None:
    text = "经审理查明：被告人钱某与戚某（被害人，男，殁年40岁）、谢某等人饮酒，后持刀刺扎戚某胸部，致其当场死亡。"
    assert [(v.name, v.value) for v in found(text)] == [("戚某", "death")]


def test_patient_whose_death_began_the_quarrel_is_no_victim() -> None:
    text = "经审理查明：被告人钱某的父亲邹某经某医院抢救无效死亡，钱某认为医院有责任，遂殴打主治医生喻某。"
    assert [(v.name, v.value) for v in found(text)] == [("喻某", "none_or_unstated")]


def test_accomplices_tried_elsewhere_are_no_victims() -> None:
    text = "经审理查明：被告人钱某伙同柏某（另案处理）在某诊所殴打医生水某。"
    assert [v.name for v in found(text)] == ["水某"]


def test_groups_are_counted_without_those_named() -> None:
    text = "经审理查明：被告人钱某在某医院急诊科大闹，三名保安员赶来阻拦，均被钱某打伤，其中保安员窦某被咬伤手臂。"
    assert sorted(roles(text)) == [("", "security", 2), ("窦某", "security", 1)]


def test_and_others_adds_the_rest_of_the_number() -> None:
    text = "经审理查明：被告人钱某在某医院门口用拳头击打民警，造成民警章某等三人不同程度受伤。"
    assert sorted(roles(text)) == [("", "police", 2), ("章某", "police", 1)]


def test_group_of_unknown_size_counts_as_two() -> None:
    assert roles("经审理查明：被告人钱某在某医院大厅辱骂多名医务人员。") == [("", "other_clinical", 2)]


def test_institution_is_the_victim_only_when_no_person_is() -> None:
    blocked = "经审理查明：被告人钱某等人在某县医院门口拉横幅、摆放花圈，将遗体停放在门诊大厅，致使医院无法正常接诊。"
    assert roles(blocked) == [("", "institution", 1)]
    assert [v.role for v in found(blocked + "其间钱某打伤护士云某。")] == ["nurse"]


def test_owner_of_stolen_or_damaged_things_is_no_victim_of_violence() -> None:
    text = "经审理查明：被告人钱某趁被害人苏某熟睡，盗走其手机一部。本院认为，被告人钱某的行为已构成盗窃罪。判决如下：被告人钱某犯盗窃罪，判处拘役三个月。"
    assert found(text) == []


def test_defendants_of_both_sides_are_victims_when_hurt_in_a_fight() -> None:
    text = (
        "某某县人民法院\n刑事判决书\n公诉机关某某县人民检察院。\n被告人潘某甲，男，1980年1月1日出生，汉族。\n被告人葛某，男，1981年1月1日出生，汉族。\n"
        "经审理查明：被告人潘某甲与被告人葛某互殴，潘某甲打伤葛某，葛某打伤潘某甲。经鉴定，潘某甲的损伤为轻伤二级，葛某的损伤为轻微伤。\n本院认为，二被告人的行为均已构成故意伤害罪。"
    )
    assert sorted((v.name, v.value) for v in found(text)) == [("潘某甲", "minor"), ("葛某", "slight")]


def test_names_printed_in_full_and_with_last_characters_are_read() -> None:
    text = "经审理查明：被告人钱某持刀砍伤被害人奚文海，后又砍伤范某明。经鉴定，奚文海的损伤程度为轻伤一级，范某明的损伤程度为轻微伤。被害人奚文海、范某明的陈述，范某明的病历。"
    assert sorted((v.name, v.value) for v in found(text)) == [("奚文海", "minor"), ("范某明", "slight")]


def test_labels_are_complete_and_supported_by_words() -> None:
    text = "经审理查明：被告人钱某在某医院持刀刺伤医生彭某。经鉴定，彭某的损伤程度为重伤二级。"
    judgment = Judgment("test", "1", canonical(text), text)
    labels = {(label.unit, label.variable): label for label in victim_labels(read_case(judgment))}
    assert {v for u, v in labels if u == "victim:1"} == {"name", "role", "injury", "injury_grade", "persons"}
    assert labels["victim:1", "injury_grade"].value == "serious_2"
    assert labels["case", "worst_injury"].value == labels["case", "worst_staff_injury"].value == "serious"
    quotes = [judgment.text[s.start : s.end] for label in labels.values() for s in label.spans]
    assert "重伤二级" in quotes
    assert all(quotes)


def test_worst_staff_injury_leaves_patients_out() -> None:
    text = "经审理查明：被告人钱某在某医院持刀刺伤患者鲁某和护士韦某。经鉴定，鲁某的损伤程度为重伤一级，韦某的损伤程度为轻微伤。"
    judgment = Judgment("test", "1", canonical(text), text)
    values = {label.variable: label.value for label in victim_labels(read_case(judgment)) if label.unit == "case"}
    assert values == {"worst_injury": "serious", "worst_staff_injury": "slight"}


@pytest.mark.parametrize(
    "text", ["", "\n", "。", "判决如下：", "被害人", "经审理查明：被害人", "被告人" * 50, "致二人轻伤", "某某某某某", "被害人某"]
)
def test_fragments_never_raise(text: str) -> None:
    assert all(v.persons > 0 for v in found(text))


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="被害人告某甲乙张李医生护士殴打致伤轻重微死亡均三名等、，。（）将对向12的与", max_size=120))
def test_any_text_gives_valid_labels(text: str) -> None:
    judgment = Judgment("test", "1", canonical("经审理查明：" + text))
    for label in victim_labels(read_case(judgment)):
        assert all(0 <= s.start < s.end <= len(judgment.text) for s in label.spans)


@pytest.mark.parametrize("unit", ["打", "被", "张某、", "被害人张某，", "轻伤", "某"])
def test_a_long_monotonous_text_is_read_quickly(unit: str) -> None:
    text = unit * (12_000 // len(unit))
    began = time.perf_counter()
    found(text)
    assert time.perf_counter() - began < 15
