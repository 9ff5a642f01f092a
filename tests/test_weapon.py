"""Weapons used by offenders, and where they came from."""

from __future__ import annotations

import time

import pytest

from pipeline.extract import read_case
from pipeline.extract.act.weapon import weapon_labels
from pipeline.schema import Judgment
from pipeline.text import canonical


def labels(text: str, variable: str) -> list[str]:
    found = weapon_labels(read_case(Judgment("test", "1", canonical(text), text)))
    return sorted(label.value for label in found if label.variable == variable)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("经审理查明，被告人张某持一把水果刀捅刺被害人李某腹部，致其重伤。", ["knife"]),
        ("经审理查明，被告人张某等人持砍刀、钢管追打被害人李某。", ["blunt", "knife"]),
        ("经审理查明，被告人张某抓起诊桌上的杯子砸向医生李某。", ["blunt"]),
        ("经审理查明，被告人张某用拳头、砖头击打民警李某头部。", ["blunt"]),
        ("经审理查明，被告人张某把一桶汽油泼在护士站，并用打火机点燃。", ["fire_explosive"]),
        ("经审理查明，被告人张某将一壶开水泼向护士李某面部。", ["liquid"]),
        ("经审理查明，被告人张某驾驶小型轿车冲撞执勤民警李某。", ["vehicle"]),
        ("经审理查明，被告人张某等人在医院门口拉横幅、摆花圈。", ["funeral"]),
        ("经审理查明，被告人张某用皮带抽打被害人李某。", ["other"]),
        ("经审理查明，被告人张某持械殴打被害人李某。", ["other"]),
        ("经审理查明，被告人张某持械行凶，持刀将被害人李某砍伤。", ["knife"]),
        ("经审理查明，被告人张某持猎枪朝被害人李某射击。", ["firearm"]),
    ],
)
def test_kinds(text: str, kinds: list[str]) -> None:
    assert labels(text, "weapon") == kinds


@pytest.mark.parametrize(
    "text",
    [
        "经审理查明，被告人张某用拳头殴打被害人李某面部。",
        "经审理查明，被害人李某持木棍打来，被告人张某将其推倒在地。",
        "经审理查明，被告人张某踢翻候诊区的凳子，并辱骂护士。",
        "经审理查明，被告人张某殴打李某，后民警从其住处查获匕首一把。",
        "经审理查明，被告人张某对医生拳打脚踢，保安员李某用椅子将张某逼住。",
        "经审理查明，被告人张某驾车逃离现场。",
        "",
        "持",
    ],
)
def test_no_weapon(text: str) -> None:
    assert labels(text, "weapon") == []
    assert labels(text, "weapon_prepared") == ["no"]


@pytest.mark.parametrize(
    ("text", "prepared"),
    [
        ("经审理查明，被告人张某到超市购买一把菜刀，返回诊室砍伤医生李某。", "yes"),
        ("经审理查明，被告人张某携带尖刀来到该院门诊楼，朝医生李某连刺数刀。", "yes"),
        ("经审理查明，被告人张某回家取来一根铁棍，持铁棍殴打被害人李某。", "yes"),
        ("经审理查明，被告人张某持事先准备的匕首捅刺被害人李某。", "yes"),
        ("经审理查明，被告人张某将一瓶汽油泼向护士李某。", "yes"),
        ("经审理查明，被告人张某从地上捡起一块砖头砸伤被害人李某。", "no"),
        ("经审理查明，被告人张某拿起桌上的剪刀刺伤护士李某。", "no"),
        ("经审理查明，被告人张某用随身携带的水果刀捅刺被害人李某。", "no"),
        ("经审理查明，被告人张某用凳子砸护士李某。", "no"),
        ("经审理查明，被告人张某持刀将被害人李某捅伤。", "unclear"),
        ("经审理查明，被告人张某等人在医院大厅摆放花圈、拉横幅。", "no"),
    ],
)
def test_prepared(text: str, prepared: str) -> None:
    assert labels(text, "weapon_prepared") == [prepared]


def test_evidence_is_the_words_that_say_so() -> None:
    text = "经审理查明，被告人张某持一把水果刀捅刺被害人李某腹部。"
    found = weapon_labels(read_case(Judgment("test", "1", canonical(text), text)))
    assert [text[s.start : s.end] for label in found if label.variable == "weapon" for s in label.spans] == ["持一把水果刀"]


def test_evidence_is_asked_where_the_findings_are_silent() -> None:
    told = (
        "经审理查明：被告人张某将被害人李某打伤。\n上述事实，有下列证据证实：\n1、被害人李某的陈述，证明被告人张某用钢管打其头部。\n"
        "2、证人王某的证言，证明被告人张某持钢管打人。"
    )
    assert labels(told, "weapon") == ["blunt"]
    assert labels(told.replace("打伤。", "打伤，用拳头打其面部。"), "weapon") == []


@pytest.mark.parametrize("text", ["刀" * 200_000, "持" * 200_000, "被告人持刀" * 500])
def test_long_input_is_read_quickly(text: str) -> None:
    start = time.process_time()
    labels(text, "weapon")
    assert time.process_time() - start < 20
