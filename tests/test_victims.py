"""Victims: who is one, in which role, how many."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.extract import extract, read_case
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


HEAD = "某县人民法院\n刑事判决书\n公诉机关某县人民检察院。\n被告人钱某，男，1980年1月1日出生，汉族。\n"


def test_a_victim_whom_masking_calls_like_the_defendant_is_another_person() -> None:
    text = (
        HEAD + "经审理查明：被告人钱某将被害人钱某打伤，经鉴定被害人钱某的损伤程度为轻伤二级。\n本院认为，被告人钱某的行为构成故意伤害罪。"
    )
    assert [(v.name, v.value) for v in found(text)] == [("钱某", "minor")]


def test_names_with_a_number_and_a_last_character() -> None:
    text = "经审理查明：民警苗某1进带人到场，被告人钱某打了民警苗某1进一拳，又踢苗某1进的腹部。上述事实，有苗某1进、证人的陈述证实，苗某1进辨认出钱某。"
    assert [v.name for v in found(text)] == ["苗某1进"]


@pytest.mark.parametrize(
    ("told", "names"),
    [
        ("被害人苗某与鲁某、花某去讨债时，被被告人钱某打伤。", ["苗某"]),
        ("被告人钱某将方某的衣物扔到地上，又打了其兄俞某一拳。", ["俞某"]),
        ("被告人钱某用铁锤将苗某之子鲁某头部打伤。", ["鲁某"]),
        ("被告人钱某被苗某抱住后用头撞苗某的脸。", ["苗某"]),
        ("因害怕钱某殴打鲁某，苗某被迫下跪。其后被告人钱某踢了苗某一脚。", ["苗某"]),
        ("被告人钱某得知其友鲁某被工地的人打伤后，赶去殴打苗某。", ["苗某"]),
        ("被告人钱某为报复，带人追打鲁某相跟的人员，抓住苗某拳打脚踢。", ["苗某"]),
        ("被告人钱某和花某在店内，因食客苗某多嘴，花某持棍将苗某头部打伤。", ["苗某"]),
        ("被告人钱某遇见苗某、鲁某两名门岗，便举刀恐吓两名门岗。", []),
        ("被告人钱某从镇上携带砍刀前往勒流镇寻找妻子鲁某，用刀刺伤苗某。", ["苗某"]),
        ("被告人钱某驾驶浙H×××号车，浙H×××号车停下后，钱某下车打伤苗某。", ["苗某"]),
    ],
)
def test_whom_the_act_hits(told: str, names: list[str]) -> None:
    assert [v.name for v in found(HEAD + "经审理查明：" + told) if v.name] == names


def test_accomplices_hurt_beside_the_defendant_are_no_victims_but_the_other_side_is() -> None:
    text = (
        HEAD + "经审理查明：苗某（另案处理）纠集鲁某（另案处理），被告人钱某纠集花某（另案处理）等人，双方持械斗殴，花某、苗某、鲁某受伤。"
        "\n本院认为，被告人钱某的行为构成聚众斗殴罪。"
    )
    assert [v.name for v in found(text)] == ["苗某", "鲁某"]


def test_a_defendant_hurt_by_people_tried_elsewhere_is_no_victim_of_this_case() -> None:
    text = (
        HEAD.replace("汉族。\n", "汉族。\n被告人花某，男，1981年1月1日出生，汉族。\n")
        + "经审理查明：被告人钱某纠集被告人花某与苗某（另案处理）斗殴。经鉴定，钱某的损伤程度为重伤二级，苗某的损伤程度为轻伤二级。"
        "\n本院认为，被告人钱某、花某的行为构成聚众斗殴罪。"
    )
    assert [(v.name, v.value) for v in found(text)] == [("苗某", "minor")]


@pytest.mark.parametrize("charge", ["诈骗", "合同诈骗", "非法吸收公众存款", "拒不支付劳动报酬", "危险驾驶"])
def test_where_no_violence_is_told_nor_charged_nobody_is_its_victim(charge: str) -> None:
    text = (
        HEAD
        + f"经审理查明：被告人钱某欠被害人苗某货款十万元未还，其账册被扣押，苗某索要货款未果。\n本院认为，被告人钱某的行为已构成{charge}罪。"
    )
    assert found(text) == []


def test_blows_count_whatever_is_charged() -> None:
    text = HEAD + "经审理查明：被告人钱某砸毁店内货柜，又殴打店员苗某。\n本院认为，被告人钱某的行为已构成故意毁坏财物罪。"
    assert [v.name for v in found(text)] == ["苗某"]


def test_whom_only_the_charge_names_is_no_victim_where_the_court_found_another() -> None:
    told = (
        "2018年1月2日，被告人钱某在某厂因琐事与{}发生争执，后用拳头殴打{}的胸部，伤及其肋骨，法医鉴定属轻伤二级。"
        + "案发后钱某离开现场，次日被抓获归案。" * 3
    )
    text = (
        HEAD
        + f"某县人民检察院指控：{told.format('被害人苗某', '苗某')}\n经审理查明：{told.format('被害人鲁某', '鲁某')}\n本院认为，其行为构成故意伤害罪。"
    )
    assert [v.name for v in found(text)] == ["鲁某"]


@pytest.mark.parametrize("surname", ["傅", "萧", "赖", "洪", "阎", "湛", "阴", "常", "幸", "元", "利"])
def test_rare_and_everyday_surnames_name_persons(surname: str) -> None:
    told = f"经审理查明：在某县医院内，被告人钱某挥拳打伤护士{surname}某，后{surname}某报警。"
    assert roles(told) == [(f"{surname}某", "nurse", 1)]


@pytest.mark.parametrize("words", ["通常某人先动手", "赔偿二百元某日付清", "由某公司派车", "邻居某日听见响声", "持菜刀某时进入"])
def test_words_that_end_like_a_surname_name_nobody(words: str) -> None:
    assert [name for name, _, _ in roles(f"经审理查明：被告人钱某殴打孙某，{words}，{words}。")] == ["孙某"]


@pytest.mark.parametrize(
    "told", ["经鉴定，魏某额部挫伤，构成轻微伤。", "魏某经鉴定所受损伤为轻伤二级。", "被告人钱某持棍打伤魏某，致其轻伤。"]
)
def test_a_name_is_quoted_as_printed(told: str) -> None:
    text = canonical("经审理查明：被告人钱某与魏某因琐事争吵。" + told)
    case = read_case(Judgment("test", "1", text, text))
    names = [label for label in victim_labels(case) if label.variable == "name"]
    assert [[text[s.start : s.end] for s in label.spans] for label in names] == [["魏某"]]


@pytest.mark.parametrize("surname", ["王", "翟", "欧", "万", "高", "方"])
def test_renaming_a_person_changes_nothing_but_the_name(surname: str) -> None:
    text = (
        HEAD + "经审理查明：乘坐{0}驾驶的车时，被告人钱某打伤{0}，掰断{0}的手指。经鉴定，{0}的损伤程度为轻伤二级。案发后，钱某已赔偿{0}。"
    )
    values = [(v.name, v.role, v.value, v.first) for v in found(text.format(surname + "某"))]
    assert values == [
        (surname + "某", role, value, first)
        for _, role, value, first in [(v.name, v.role, v.value, v.first) for v in found(text.format("李某"))]
    ]


STATUTE = "\n审判长 鲍某\n二〇一八年一月二日\n附相关法条：\n第二百三十四条 故意伤害他人身体的，致人重伤的，处三年以上十年以下有期徒刑；致人死亡的，处十年以上有期徒刑。"
PLEA = "\n被告人钱某的辩护人提出，苗某的损伤不构成重伤，鲁某才是打人者，苗某的重伤一级系旧伤。"


@pytest.mark.parametrize(("plea", "statute"), [("", STATUTE), (PLEA, ""), (PLEA, STATUTE)])
def test_statutes_and_pleas_change_nothing(plea: str, statute: str) -> None:
    def text(plea: str, statute: str) -> str:
        facts = "经审理查明：被告人钱某持棍打伤苗某。经鉴定，苗某的损伤程度为轻伤二级。"
        return (
            HEAD
            + facts
            + plea
            + "\n本院认为，被告人钱某的行为已构成故意伤害罪。判决如下：\n被告人钱某犯故意伤害罪，判处拘役三个月。"
            + statute
        )

    def values(text: str) -> list[tuple[str, str, str]]:
        return [(v.name, v.role, v.value) for v in found(text)]

    assert values(text(plea, statute)) == values(text("", "")) == [("苗某", "other", "minor")]


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


def test_many_names_are_found_in_time_that_grows_with_the_text() -> None:
    names = [f"{surname}某{rank}" for surname in "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗郑" for rank in range(1, 31)]

    def seconds(count: int) -> float:
        told = "".join(f"被告人钱某殴打被害人{name}，致{name}轻微伤。" for name in names[:count])
        case = read_case(Judgment("test", "1", canonical(HEAD + "经审理查明：" + told)))
        began = time.process_time()
        victims(case)
        return time.process_time() - began

    few, many = min(seconds(60) for _ in range(3)), seconds(600)
    assert many < 40 * few


def test_a_text_that_ends_within_a_name_is_quoted_no_further() -> None:
    text = "经审理查明，被告人张某持刀将被害人王某1捅伤。经鉴定，王某1的损伤为轻伤二级。后被告人张某又将被害人王某"
    spans = [span for label in extract(Judgment("test", "1", text)) for span in label.spans]
    assert spans
    assert max(span.end for span in spans) <= len(text)
