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
