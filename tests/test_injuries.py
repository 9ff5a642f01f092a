"""Injuries: which grade, and whose."""

from __future__ import annotations

import pytest

from pipeline.extract import read_case
from pipeline.extract.engine.rules import load_rules
from pipeline.extract.harm.victims import victims
from pipeline.schema import Judgment
from pipeline.text import canonical

HURT = "经审理查明：被告人钱某持棍殴打被害人俞某、任某，"


def grades(text: str) -> dict[str, str]:
    case = read_case(Judgment("test", "1", canonical(text), text))
    return {v.name: (v.injury.grade or v.injury.value) if v.injury else "" for v in victims(case)}


@pytest.mark.parametrize("name", ["injury", "attack", "role"])
def test_rules_agree_with_their_examples(name: str) -> None:
    assert all(len(rule.hits) >= 2 for rule in load_rules(name))


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("经鉴定，俞某的损伤程度为轻伤二级，任某的损伤程度为轻微伤。", {"俞某": "minor_2", "任某": "slight"}),
        ("经鉴定，俞某、任某的损伤程度分别为轻伤一级、轻微伤。", {"俞某": "minor_1", "任某": "slight"}),
        ("致二人均构成轻微伤。", {"俞某": "slight", "任某": "slight"}),
        ("致俞某重伤、任某轻伤。", {"俞某": "serious", "任某": "minor"}),
        ("经鉴定，被害人俞某、任某所受损伤均评定为轻伤二级。", {"俞某": "minor_2", "任某": "minor_2"}),
        ("经鉴定，俞某颅骨骨折，评定为重伤二级，头皮裂伤，评定为轻伤二级；任某未达到轻微伤。", {"俞某": "serious_2", "任某": ""}),
        ("致俞某当场死亡，任某经鉴定尚不构成轻伤。", {"俞某": "death", "任某": ""}),
        ("俞某、任某被打成轻伤和轻微伤。", {"俞某": "minor", "任某": "slight"}),
        ("经鉴定，俞某额部的伤为轻伤二级，臂部的伤为轻伤一级；任某的伤属轻微伤。", {"俞某": "minor_1", "任某": "slight"}),
        ("经鉴定，俞某背部旧伤为轻伤一级（成因无法查明），左耳的伤属轻微伤。", {"俞某": "slight", "任某": ""}),
        ("俞某经抢救无效死亡。经鉴定，任某的损伤属轻伤（偏重）。", {"俞某": "death", "任某": "minor"}),
        ("经鉴定，俞某左臂骨折，任某头皮裂创，上述二人的伤势均构成轻微伤。", {"俞某": "slight", "任某": "slight"}),
    ],
)
def test_each_grade_goes_to_its_person(told: str, expected: dict[str, str]) -> None:
    assert grades(HURT + told) == expected


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("致其左眼受伤。经鉴定，其损伤程度属轻伤一级。", "minor_1"),
        ("将其打伤。经法医鉴定，构成轻微伤。", "slight"),
        ("致其失血性休克死亡。", "death"),
        ("致其溺水身亡。", "death"),
        ("致其轻伤2级。", "minor_2"),
        ("经鉴定属轻伤二级；经重新鉴定，袁某的损伤程度为轻微伤。", "slight"),
        ("将其打伤后以为其已经死亡，遂离开现场。经鉴定，袁某的损伤为重伤一级。", "serious_1"),
        ("经鉴定，袁某未达到轻伤标准。", ""),
    ],
)
def test_words_for_one_victim(told: str, expected: str) -> None:
    assert grades("经审理查明：被告人钱某持刀捅刺被害人袁某，" + told)["袁某"] == expected


def test_an_age_at_death_yields_to_a_grade_where_nobody_says_that_the_person_died() -> None:
    text = (
        "经审理查明：被告人钱某持管殴打被害人俞某（男，殁年27岁）、任某（男，时年21岁）。任某经抢救无效死亡；经鉴定，俞某此次损伤为轻伤。"
    )
    assert grades(text) == {"俞某": "minor", "任某": "death"}
    assert grades("经审理查明：被告人钱某持刀刺扎被害人俞某（男，殁年27岁）。")["俞某"] == "death"


def test_who_kills_does_not_die() -> None:
    text = "经审理查明：被告人钱某向俞某射击，致俞某死亡。\n经审理查明，钱某开枪致死一人，情节恶劣。"
    assert grades(text) == {"俞某": "death"}


def test_the_offenders_own_injury_is_nobodys() -> None:
    text = "经审理查明：被告人钱某与被害人柳某扭打，将柳某打伤。经鉴定，被告人钱某的损伤程度为轻伤二级，柳某的损伤程度为轻微伤。"
    assert grades(text) == {"柳某": "slight"}


def test_cited_and_appended_statutes_are_no_grade() -> None:
    text = (
        "经审理查明：被告人钱某殴打被害人酆某。\n本院认为，被告人钱某的行为已构成寻衅滋事罪。判决如下：\n被告人钱某犯寻衅滋事罪，判处拘役三个月。\n审判长 鲍某\n二〇一八年一月二日\n"
        "附相关法条：\n第二百三十四条 致人重伤的，处三年以上十年以下有期徒刑；致人死亡的，处十年以上有期徒刑。"
    )
    assert grades(text) == {"酆某": ""}


def test_number_alone_resolves_where_it_leaves_no_choice() -> None:
    text = "经审理查明：被告人钱某持刀砍伤被害人史某。\n本院认为，被告人钱某故意伤害他人身体，致一人轻伤，其行为已构成故意伤害罪。"
    assert grades(text) == {"史某": "minor"}


def test_pleas_and_witnesses_give_no_grade() -> None:
    text = "经审理查明：被告人钱某殴打被害人费某。\n被告人钱某的辩护人提出，费某的损伤不足以构成轻伤一级，最多是轻微伤。\n本院认为，被告人钱某的行为已构成寻衅滋事罪。"
    assert grades(text) == {"费某": ""}


def test_finding_outweighs_the_list_of_evidence_but_takes_its_level() -> None:
    text = (
        "经审理查明：被告人钱某打伤被害人廉某，廉某的损伤构成轻伤。\n上述事实，有下列证据证实：\n1.鉴定意见，证实廉某的损伤程度为轻伤二级。\n2.被害人廉某的陈述。\n"
        "本院认为，被告人钱某的行为已构成故意伤害罪。"
    )
    assert grades(text) == {"廉某": "minor_2"}


def test_counted_dead_without_names_are_one_group() -> None:
    case = read_case(Judgment("test", "1", "经审理查明：被告人钱某在某医院住院部放火，致四人死亡。"))
    assert [(v.name, v.value, v.persons) for v in victims(case)] == [("", "death", 4)]


ACCIDENT = (
    "经审理查明，被告人钱某驾驶货车左转时，与骑车的被害人俞某相撞，造成俞某送医后死亡的道路交通事故。经鉴定，俞某系交通事故致颅脑损伤死亡。"
)


def test_a_death_by_accident_counts_where_an_accident_is_charged() -> None:
    assert grades("某县人民检察院指控被告人钱某犯交通肇事罪。\n" + ACCIDENT) == {"俞某": "death"}


def test_a_death_by_accident_is_nobody_s_act_where_violence_is_charged() -> None:
    told = HURT + "经鉴定，俞某的伤属轻微伤。任某的妻子卢某此前因交通事故死亡。"
    assert grades("某县人民检察院指控被告人钱某犯故意伤害罪。\n" + told) == {"俞某": "slight", "任某": ""}


@pytest.mark.parametrize("view", ["被告人钱某对俞某的死亡抱着听之任之的态度", "其对可能造成的死亡持放任的心态", "钱某放任俞某死亡的发生"])
def test_what_the_offender_thought_of_a_death_is_no_death(view: str) -> None:
    told = HURT + "经鉴定，俞某的伤属重伤二级。"
    assert grades(told + "\n本院认为，" + view + "，其行为已构成故意杀人罪。")["俞某"] == "serious_2"


def test_who_is_hurt_only_together_with_the_offender_fought_on_his_side() -> None:
    told = "经审理查明，被告人钱某用木棍将俞某打伤，钱某的叔父任某也在场。经鉴定，俞某的伤属轻伤二级；钱某、任某的伤均属轻微伤。"
    assert grades(told) == {"俞某": "minor_2"}


def test_who_is_hit_by_the_offender_is_a_victim_though_graded_together_with_him() -> None:
    told = "经审理查明，被告人钱某用木棍将俞某打伤，又殴打任某。经鉴定，俞某的伤属轻伤二级；钱某、任某的伤均属轻微伤。"
    assert grades(told) == {"俞某": "minor_2", "任某": "slight"}
