"""What the act was for."""

import pytest

from pipeline.extract import read_case
from pipeline.extract.reason.motive import motive_labels
from pipeline.schema import Judgment, Label
from pipeline.text import canonical


def motive(text: str) -> Label:
    (only,) = motive_labels(read_case(Judgment("test", "1", canonical(text), text)))
    return only


FACTS = {
    "被告人张某认为医生李某手术失误，怀恨在心，遂购买尖刀一把，将李某刺死。": "retaliation",
    "被告人王某与医生争吵后离开，从家中取来菜刀，返回急诊室将医生砍伤，其因不满医生要求先做检查。": "retaliation",
    "被告人赵某因其母病故一直怀疑医生用错药，为泄愤持刀到诊室捅刺医生。": "retaliation",
    "被告人孙某因等候时间过长与护士发生口角，一拳打在护士脸上。": "venting",
    "被告人周某在病房抽烟被护士劝阻，心生不满，殴打护士。": "venting",
    "因琐事，被告人吴某在急诊室与值班医生发生口角，进而殴打医生。": "venting",
    "被告人郑某之父在医院死亡，郑某认为是医院抢救不力，纠集亲属在大厅停尸，要求医院赔偿八十万元。": "pressure",
    "被告人冯某认为医院误诊，带人到医院拉横幅，讨要说法，给医院施加压力。": "pressure",
    "被告人陈某酒后来到医院急诊科，无事生非，殴打护士。": "personal_venting",
    "被告人褚某因与妻子闹离婚心情不好，在医院无故殴打素不相识的护士。": "personal_venting",
    "被告人卫某持刀劫持护士作为人质，要求医生拿安眠药。": "goal",
    "被告人蒋某以非法占有为目的，在医院护士站持刀抢劫护士现金。": "goal",
    "被告人沈某患精神分裂症，受幻觉支配，持刀刺向护士。": "delusion",
    "被告人韩某怀疑医护人员往药里下毒迫害他，持水果刀刺向医生。": "delusion",
    "被告人秦某因被护士当众训斥，觉得咽不下这口气，次日持钢管到医院门口将护士打伤。": "retaliation",
    "被告人尤某认为诊所多收其种牙费用，多次打电话恐吓医生，声称不退钱就叫其全家不得安生。": "pressure",
    "被告人许某认为医生李某的手术害了自己，受被害妄想支配，持刀刺向医生李某。": "delusion",
    "被告人杨某不知何故将护士打伤，始终不愿说明原因。": "unclear",
}


@pytest.mark.parametrize(("text", "value"), FACTS.items())
def test_the_aim_is_found(text: str, value: str) -> None:
    assert motive(text).value == value


def test_a_banner_alone_is_no_demand() -> None:
    assert motive("被告人朱某因其子在医院死亡，认为医院误诊，在大厅拉横幅，殴打医生。").value == "venting"


def test_revenge_on_society_is_no_revenge_on_the_doctor() -> None:
    assert motive("被告人秦某生活不如意，为报复社会，持刀在医院大厅砍伤素不相识的护士。").value == "personal_venting"


def test_an_earlier_conviction_for_robbery_is_no_aim() -> None:
    assert motive("被告人尤某曾因犯抢劫罪被判刑，酒后在急诊室无故殴打护士。").value == "personal_venting"


@pytest.mark.parametrize("text", ["", "护士", "\n", "被告人张某持刀将路人刺伤。"])
def test_silence_is_unclear(text: str) -> None:
    assert (motive(text).value, motive(text).spans) == ("unclear", ())
