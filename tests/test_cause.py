"""What set the conflict off."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.extract import read_case
from pipeline.extract.reason.cause import cause_labels
from pipeline.extract.reason.cues import cue_counts, story
from pipeline.schema import Judgment, Label
from pipeline.text import canonical


def read(text: str):
    return read_case(Judgment("test", "1", canonical(text), text))


def cause(text: str) -> Label:
    (only,) = cause_labels(read(text))
    return only


FACTS = {
    "被告人张某因不满某医院对其父的手术效果，持砍刀闯入诊室，将医生李某砍伤。": "treatment_outcome",
    "被告人王某之母在某医院住院期间死亡，王某认为系医院抢救不力所致，遂纠集亲属在门诊大厅打砸。": "treatment_outcome",
    "被告人赵某觉得值班医生没有及时抢救其女，其女抢救无效死亡，赵某遂持刀捅刺医生。": "treatment_outcome",
    "被告人孙某带孩子到急诊科看病，因嫌等候时间过长，与护士争吵并将护士打伤。": "service_speed",
    "被告人周某见医生未立即给其受伤的儿子诊治，情急之下殴打医生。": "service_speed",
    "被告人吴某到医院要求安排住院，护士告知床位已满，吴某遂辱骂、殴打护士。": "service_speed",
    "被告人郑某因住院押金问题与收费员发生争执，将收费处玻璃砸碎。": "payment",
    "医生请被告人冯某先去缴费再做检查，冯某随即挥拳殴打医生。": "payment",
    "被告人陈某因认为护士服务态度不好，对护士进行辱骂、殴打。": "attitude",
    "被告人褚某觉得医生看不起自己，遂在诊室内打了医生一记耳光。": "attitude",
    "被告人卫某要求医生为其开具病假条，遭到拒绝后用茶杯砸向医生头部。": "procedure",
    "护士给被告人蒋某的女儿扎针两次没有成功，孩子哭闹，蒋某一拳打在护士脸上。": "procedure",
    "被告人沈某酒后送朋友到急诊室，因不愿办理就诊卡，推搡、殴打护士。": "procedure",
    "被告人韩某在病房内抽烟，护士劝其到外面去，韩某即对护士拳打脚踢。": "management",
    "被告人杨某不愿佩戴口罩，强行进入住院部，并殴打拦阻的保安。": "management",
    "被告人朱某因对医院的赔偿数额不满，持铁棍到医院办公楼打砸。": "dispute_handling",
    "被告人秦某因医疗纠纷到医院闹事，将医生李某打伤。": "other_grievance",
    "被告人尤某与被害人李某素不相识，酒后闯入某诊所，无故殴打医生李某。": "unrelated",
    "被告人许某以非法占有为目的，持匕首进入医院护士站，抢走护士现金。": "unrelated",
    "被告人何某受幻觉支配，突然持刀刺向正在查房的护士。": "unrelated",
    "被告人吕某不知何故与医生争吵，将医生打倒在地。": "unclear",
}


@pytest.mark.parametrize(("text", "value"), FACTS.items())
def test_the_decisive_reason_is_found(text: str, value: str) -> None:
    assert cause(text).value == value


@pytest.mark.parametrize("text", [t for t, v in FACTS.items() if v != "unclear"])
def test_a_cause_has_its_words(text: str) -> None:
    label = cause(text)
    assert label.spans
    assert all(0 <= s.start < s.end <= len(canonical(text)) for s in label.spans)


def test_nothing_told_is_unclear_without_evidence() -> None:
    label = cause("被告人施某在医院走廊将护士张某打伤。")
    assert (label.value, label.spans) == ("unclear", ())


def test_a_judgment_without_medical_staff_is_not_read() -> None:
    case = read("被告人孔某因排队加油与曹某争吵，持刀将曹某捅伤，曹某经医院抢救无效死亡。")
    assert story(case).passages == ()
    assert cause_labels(case)[0].value == "unclear"


def test_the_findings_outweigh_a_plea_at_trial() -> None:
    text = (
        "某市某区人民法院\n刑事判决书\n被告人严某，男，1980年1月1日出生。\n"
        "公诉机关指控：被告人严某在某医院急诊科殴打医生华某，应以寻衅滋事罪追究刑事责任。\n"
        "被告人严某辩称，医院收费太贵，其才动手。\n"
        "经审理查明：2020年1月1日，被告人严某陪其妻到某医院急诊科就诊，因嫌等候时间过长，辱骂并殴打医生华某。\n"
        "本院认为，被告人严某随意殴打他人，其行为已构成寻衅滋事罪。判决如下：\n被告人严某犯寻衅滋事罪，判处拘役五个月。"
    )
    assert cause(text).value == "service_speed"


def test_the_trigger_before_the_attack_outweighs_what_follows_it() -> None:
    text = "被告人金某嫌护士来得太慢，在病房内殴打护士。护士被送往急诊，因抢救费用问题，家属与医院协商。"
    assert cause(text).value == "service_speed"


def test_cue_counts_tell_families_and_zones() -> None:
    counts = cue_counts(read("被告人魏某因住院押金问题与收费员发生争执，怀恨在心，次日持刀将收费员捅伤。"))
    assert counts["cause:payment"] > 0
    assert counts["cause:payment:findings"] >= 1
    assert counts["motive:retaliation"] > 0
    assert cue_counts(read("")) == {}


@pytest.mark.parametrize("text", ["", "。", "\n\n", "医生", "被告人张某因不满医生", "医院，" * 50])
def test_scraps_are_read(text: str) -> None:
    assert cause(text).variable == "cause"


@given(st.text(alphabet="医生护士被告人张某因不满认为等候费用殴打，。；“”\n （)()", max_size=120))
@settings(max_examples=60, deadline=None)
def test_any_text_has_exactly_one_cause(text: str) -> None:
    assert len(cause_labels(read(text))) == 1


def test_a_megabyte_of_one_character_is_quick() -> None:
    case = read("医生打" + "因" * 1_000_000)
    start = time.perf_counter()
    cause_labels(case)
    assert time.perf_counter() - start < 5
