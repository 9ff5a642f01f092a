"""What had been tried before the act."""

import pytest

from pipeline.extract import read_case
from pipeline.extract.reason.channels import channel_labels
from pipeline.schema import Judgment
from pipeline.text import canonical


def channels(text: str) -> list[str]:
    return [label.value for label in channel_labels(read_case(Judgment("test", "1", canonical(text), text)))]


ACT = "被告人张某遂持刀到该院门诊将医生李某捅伤。"
BEFORE = {
    "张某多次与医院协商赔偿未果。": ["negotiation"],
    "张某先后到医院要求赔偿未果，又多次到卫生局投诉。": ["complaint", "negotiation"],
    "张某为此长期上访。": ["complaint"],
    "经当地医疗纠纷人民调解委员会调解，双方未达成协议。": ["peoples_mediation"],
    "经县卫生局主持调解未果。": ["administrative_mediation"],
    "经市医学会鉴定，不构成医疗事故。": ["appraisal"],
    "张某将该医院起诉至法院，后败诉。": ["litigation"],
    "张某认为手术失误，一直心怀不满。": [],
}


@pytest.mark.parametrize(("words", "expected"), BEFORE.items())
def test_channels_before_the_act(words: str, expected: list[str]) -> None:
    assert channels(f"被告人张某在某医院做过手术。{words}{ACT}") == expected


@pytest.mark.parametrize(
    "after",
    [
        "案发后，双方经人民调解委员会调解达成协议，李某表示谅解。",
        "李某向本院提起附带民事诉讼。",
        "经司法鉴定中心鉴定，李某的损伤构成轻伤二级。",
        "审理期间，被告人亲属与医院协商，赔偿损失。",
    ],
)
def test_what_follows_the_act_does_not_count(after: str) -> None:
    assert channels(f"被告人张某到某医院看病，与医生李某争吵。{ACT}{after}") == []


@pytest.mark.parametrize("text", ["", "\n", "投诉", "被告人王某在酒吧将赵某打伤，双方协商未果。"])
def test_nothing_tried(text: str) -> None:
    assert channels(text) == []


IN_OTHER_WORDS = {
    "张某多次找李某协商，李某支付检查费后不再理会。": ["negotiation"],
    "经双方协商，医院补偿张某二万元。": ["negotiation"],
    "张某要求医院赔偿，副院长接待后建议做鉴定。": ["negotiation"],
    "双方几次坐下来，始终谈不拢。": ["negotiation"],
    "双方在县卫健委主持下签订协议，补偿款已付清。": ["administrative_mediation"],
    "张某拨打12345热线反映该诊所的问题。": ["complaint"],
    "后双方诉至法院，生效判决由医院赔偿八万元。": ["litigation"],
    "县医患纠纷调处中心两次调处未果。": ["peoples_mediation"],
    "尸检结论认为其父死于心梗。": ["appraisal"],
    "医生告知其如有不满可以投诉。": [],
    "科长答复要不去打官司。": [],
    "张某扬言到卫生局投诉。": [],
    "邻床病人投诉张某吵闹。": [],
}


@pytest.mark.parametrize(("words", "expected"), IN_OTHER_WORDS.items())
def test_channels_in_other_words(words: str, expected: list[str]) -> None:
    assert channels(f"被告人张某在某医院做过手术。{words}{ACT}") == expected


def test_a_plea_and_a_statute_change_no_channel() -> None:
    text = f"经审理查明，被告人张某在某医院做过手术。张某多次与医院协商未果。{ACT}"
    plea = "辩护人提出，被告人张某曾到卫生局投诉，并经医调委调解，请求从轻处罚。"
    statute = "\n附相关法律条文\n第九十三条 当事人可以向人民调解委员会申请调解。"
    assert channels(text) == channels(f"{text}\n{plea}{statute}") == ["negotiation"]
