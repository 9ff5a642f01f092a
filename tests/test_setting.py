"""Level of the institution and unit of the attack."""

import pytest

from pipeline.extract import read_case
from pipeline.extract.reason.setting import setting_labels
from pipeline.schema import Judgment
from pipeline.text import canonical


def setting(text: str) -> dict[str, str]:
    return {label.variable: label.value for label in setting_labels(read_case(Judgment("test", "1", canonical(text), text)))}


LEVELS = {
    "某省人民医院": "tertiary",
    "某医科大学附属第二医院": "tertiary",
    "某三级甲等医院": "tertiary",
    "某自治区人民医院": "tertiary",
    "某县人民医院": "secondary",
    "某某自治县中医院": "secondary",
    "某市某区人民医院": "secondary",
    "某县中心医院": "secondary",
    "某镇中心卫生院": "primary",
    "某社区卫生服务中心": "primary",
    "某口腔诊所": "primary",
    "某市某医院": "unstated",
    "某市第一人民医院": "unstated",
    "某县某医院": "unstated",
    "某民营医院": "unstated",
}


@pytest.mark.parametrize(("name", "level"), LEVELS.items())
def test_a_name_tells_the_level(name: str, level: str) -> None:
    assert setting(f"被告人张某到{name}看病，因嫌等候时间长，殴打医生李某。")["hospital_level"] == level


def test_where_the_victim_was_treated_does_not_count() -> None:
    text = "被告人王某在某市某医院殴打医生赵某，赵某被送往某省人民医院救治。"
    assert setting(text)["hospital_level"] == "unstated"


def test_the_institution_of_the_attack_outweighs_an_earlier_one() -> None:
    text = "被告人孙某曾在某省人民医院做过手术，后到某镇卫生院换药，与医生争吵并殴打医生。"
    assert setting(text)["hospital_level"] == "primary"


def test_a_city_with_a_basic_court_of_its_name_is_of_county_level() -> None:
    text = "甲乙市人民法院\n刑事判决书\n经审理查明，被告人周某到甲乙市人民医院急诊科就诊，殴打医生吴某。"
    assert setting(text)["hospital_level"] == "secondary"


UNITS = {
    "在某医院急诊科抢救室内殴打护士李某": "emergency",
    "在该院妇产科病区殴打护士李某": "obstetrics_paediatrics",
    "在重症监护室内殴打护士李某": "icu_surgery",
    "在骨科病房内殴打护士李某": "inpatient",
    "在耳鼻喉科门诊殴打医生李某": "outpatient",
    "冲进医生李某的诊室将其打伤": "outpatient",
    "在住院收费处殴打收费员李某": "cashier_admin",
    "来到院长办公室殴打院长李某": "cashier_admin",
    "在医院停车场殴打保安李某": "other",
    "在医院大门口殴打护士李某": "other",
    "在护士李某下班途中将其打伤": "unstated",
}


@pytest.mark.parametrize(("words", "unit"), UNITS.items())
def test_the_unit_of_the_attack(words: str, unit: str) -> None:
    assert setting(f"2020年1月1日，被告人郑某{words}。")["department"] == unit


def test_the_clinical_unit_is_preferred() -> None:
    assert setting("被告人冯某在急诊科门口的走廊里殴打医生陈某。")["department"] == "emergency"


def test_advice_to_go_elsewhere_is_no_place() -> None:
    assert setting("医生在诊室告知被告人褚某可以到急诊科挂号，褚某随即在诊室内殴打医生。")["department"] == "outpatient"


@pytest.mark.parametrize("text", ["", "\n", "医院", "被告人卫某在酒吧将蒋某打伤，蒋某到某县人民医院治疗。"])
def test_silence_is_unstated(text: str) -> None:
    assert setting(text) == {"hospital_level": "unstated", "hospital_level_basis": "none", "department": "unstated"}


def test_the_title_of_a_doctor_on_the_way_home_is_no_place() -> None:
    facts = "被告人张某翻墙进入某医院，躲在职工车棚内，见儿科医生李某下夜班后取车，持刀将李某刺伤。"
    assert setting(facts)["department"] == "other"


def test_threats_by_telephone_are_made_nowhere() -> None:
    assert setting("被告人张某多次以打电话、发送微信等方式恐吓某口腔门诊部医生李某。")["department"] == "unstated"


BASES = {
    "某三级甲等医院": ("tertiary", "stated"),
    "某省人民医院": ("tertiary", "name"),
    "某附属第一医院": ("tertiary", "name"),
    "某省级医院": ("tertiary", "name"),
    "某县级医院": ("secondary", "name"),
    "某二级乙等医院": ("secondary", "stated"),
    "某一级医院": ("primary", "stated"),
    "某村卫生室": ("primary", "name"),
    "某市某医院": ("unstated", "none"),
}


@pytest.mark.parametrize(("name", "expected"), BASES.items())
def test_a_level_is_stated_or_inferred_from_the_name(name: str, expected: tuple[str, str]) -> None:
    found = setting(f"被告人张某到{name}看病，因嫌等候时间长，殴打医生李某。")
    assert (found["hospital_level"], found["hospital_level_basis"]) == expected


def test_a_grade_told_apart_from_the_name_counts() -> None:
    text = "被告人王某到某市某医院急诊科看病，殴打医生赵某。该院系三级甲等医院，接诊秩序受到影响。"
    assert setting(text)["hospital_level_basis"] == "stated"


def test_level_and_basis_quote_the_same_words() -> None:
    labels = setting_labels(read_case(Judgment("test", "1", canonical("被告人孙某在某镇卫生院殴打医生李某。"))))
    quoted = {label.variable: label.spans for label in labels}
    assert quoted["hospital_level"] == quoted["hospital_level_basis"] != ()


def test_a_plea_and_a_statute_change_nothing() -> None:
    text = "经审理查明，被告人周某在某县人民医院急诊科殴打医生吴某。"
    plea = "辩护人提出，被告人周某曾到某省人民医院住院部就诊，请求从轻处罚。"
    statute = "\n附相关法律条文\n第二百九十条 聚众扰乱社会秩序，致使医疗无法进行的，处三年以上有期徒刑。"
    assert setting(text) == setting(f"{text}\n{plea}{statute}")


UNITS_IN_OTHER_WORDS = {
    "在某儿童医院急诊科殴打护士李某": "emergency",
    "被医生建议改挂急诊后，返回老年科门诊诊室，殴打医生李某": "outpatient",
    "在康复科医生办公室内将医生李某打伤": "inpatient",
    "在外科住院大楼门口殴打执勤护士李某": "other",
    "在手术室门口，对准备送患儿回病房的医生李某拳打脚踢": "icu_surgery",
    "潜入医生李某家中，将其砍伤": "unstated",
    "在医院体检中心走廊殴打护士李某": "other",
}


@pytest.mark.parametrize(("words", "unit"), UNITS_IN_OTHER_WORDS.items())
def test_the_unit_in_other_words(words: str, unit: str) -> None:
    assert setting(f"2020年1月1日，被告人郑某{words}。")["department"] == unit
