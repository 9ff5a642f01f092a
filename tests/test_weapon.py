"""Weapons used by offenders, and where they came from."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
        ("经审理查明，被告人张某持刀将被害人李某、王某划伤。", ["knife"]),
        ("经审理查明，被告人张某抢下李某的刀将被害人李某砍伤。", ["knife"]),
        ("经审理查明，被告人张某、赵某携带砍刀、铁棍等凶器前往。", ["blunt", "knife"]),
        ("经审理查明，被告人张某伙同他人将被害人李某、王某捅伤。", ["knife"]),
        ("经审理查明，被告人张某在李某的租住处用刀将被害人王某的腿部砍伤。", ["knife"]),
        ("经审理查明，被告人张某用凉鞋敲打被害人李某的头部。", ["other"]),
        ("经审理查明，被告人张某用铁撮子砸被害人李某。", ["blunt"]),
        ("经审理查明，被告人张某持电棍电击被害人李某。", ["other"]),
        ("经审理查明，被告人张某用改锥刺被害人李某。", ["other"]),
        ("经审理查明，被告人张某点燃床上的被子。", ["fire_explosive"]),
        ("经审理查明，赵某便纠集王某及被告人张某到场，赵某用木棍敲打被害人李某。", ["blunt"]),
        ("经审理查明，被告人张某追上被害人李某用玻璃杯砸其脸部。", ["blunt"]),
        ("经审理查明，被告人张某将安眠药放入被害人李某的饮料中，趁其昏睡取走财物。", ["other"]),
        ("经审理查明，被告人张某趁被害人李某熟睡之际用铁锤击打其头部。", ["blunt"]),
        ("经审理查明，被告人张某用打火机点燃窗帘并扔到床上。消防部门认定系人为放火。", ["fire_explosive"]),
        ("经审理查明，被告人张某持刀捅伤李某。\n判决如下：\n被告人张某犯故意伤害罪、非法持有枪支罪，决定执行有期徒刑三年。", ["knife"]),
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
        "经审理查明，被告人张某与被害人李某争吵，李某掏出一把水果刀，被告人张某遂用拳头打其面部。",
        "经审理查明，被告人张某用拳头打李某后，携刀弃车逃跑，将刀扔到路边草丛。",
        "经审理查明，被告人张某用拳头打李某后，用水果刀割自己的手腕。",
        "经审理查明，被告人张某驾车来到李某家，用力撞坏房门，并用脚踢李某。",
        "经审理查明，被告人张某用拳头打李某，保安员手持手电筒、对讲机赶来。",
        "公诉机关指控，李某用垃圾桶还击，被告人张某打李某。\n经审理查明，被告人张某用拳头击打李某面部。",
        "经审理查明，李某持刀砍伤王某。被告人张某身为所长，不予立案。\n判决如下：\n被告人张某犯徇私枉法罪，判处有期徒刑一年。",
        "经审理查明，被告人张某驾驶轿车将李某撞倒。\n判决如下：\n被告人张某犯交通肇事罪，判处有期徒刑一年。",
        "经审理查明，被告人张某持猎枪上山打猎，击中野兔。\n判决如下：\n被告人张某犯非法持有枪支罪，判处有期徒刑一年。",
        "经审理查明，被告人张某用弹弓击碎车窗，盗得手机。\n判决如下：\n被告人张某犯盗窃罪，判处拘役三个月。",
        "经审理查明，被害人李某被坡上滚落的石头砸到脚。后被告人张某用拳头打李某。",
        "经审理查明，被告人张某用拳头打李某，事后用桌子上的纸巾擦手，并扇其耳光。",
        "经审理查明，被告人张某故意将钥匙扔在桌子下面，后打了李某一耳光。",
        "经审理查明，被告人张某趁被害人李某拿木棍赶狗时将其打倒。",
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
        ("经审理查明，被告人张某拾得木棍一根，等李某来到后持棍将其打伤。", "yes"),
        ("经审理查明，被告人张某从衣袋里拿出小刀冲进现场，捅刺李某。", "no"),
        ("经审理查明，被告人张某持木棍冲到被害人李某面前殴打李某。", "unclear"),
        ("经审理查明，被告人张某下车拿刀威胁被害人李某。", "unclear"),
        ("经审理查明，被告人张某下车取出砍刀追砍被害人李某。", "yes"),
        ("公诉机关提供了作案工具等物证。\n经审理查明，被告人张某持械殴打被害人李某。", "unclear"),
        ("经审理查明，被告人张某在李某的水杯中投放毒鼠强。", "yes"),
        ("经审理查明，被告人张某等人在医院大厅摆放花圈、拉横幅。", "no"),
    ],
)
def test_prepared(text: str, prepared: str) -> None:
    assert labels(text, "weapon_prepared") == [prepared]


@pytest.mark.parametrize(
    ("told", "source", "prepared"),
    [
        ("被告人张某事先准备了一把尖刀，朝被害人李某连刺数刀。", "prepared", "yes"),
        ("被告人张某从包内取出早已备下的尖刀，刺向被害人李某。", "prepared", "yes"),
        ("被告人张某等人持砍刀窜至被害人李某家，将李某砍伤。", "brought", "yes"),
        ("被告人张某到超市购买一把菜刀，砍伤被害人李某。", "bought", "yes"),
        ("被告人张某从赵某处借得猎枪一支，朝被害人李某射击。", "borrowed", "yes"),
        ("被告人张某自制了一根铁矛，刺伤被害人李某。", "made", "yes"),
        ("被告人张某从厨房拿出一把菜刀，砍伤被害人李某。", "fetched", "yes"),
        ("被告人张某用随身携带的匕首捅刺被害人李某。", "carried", "no"),
        ("被告人张某掏出一把匕首，捅刺被害人李某。", "carried", "no"),
        ("被告人张某捡起一块砖头砸向被害人李某。", "on_the_spot", "no"),
        ("被告人张某接过赵某递来的木棍，殴打被害人李某。", "handed_over", "unclear"),
        ("被告人张某夺过被害人李某手中的木棍，用木棍打李某。", "taken_from_victim", "no"),
        ("被告人张某持木棍殴打被害人李某。", "unstated", "unclear"),
    ],
)
def test_source(told: str, source: str, prepared: str) -> None:
    text = "经审理查明，" + told
    assert labels(text, "weapon_source") == [source]
    assert labels(text, "weapon_prepared") == [prepared]


@pytest.mark.parametrize(
    ("text", "prepared"),
    [
        # What is bought is another thing than what was used.
        ("经审理查明，被告人张某购买木板搭建房屋。后被告人张某持刀将被害人李某砍伤。", "unclear"),
        # The other side's weapon, and the first weapon of this side stays unexplained.
        ("经审理查明，被告人张某持菜刀砍伤被告人李某，被告人李某夺过菜刀后将张某砍伤。", "unclear"),
        # A way to a house, and a thing that was carried all the time.
        ("经审理查明，被告人张某走到李某房间门口，用随身携带的匕首刺伤被害人李某。", "no"),
        # How one came to own what one always carries tells no plan.
        ("经审理查明，被告人张某网购一把弹簧刀并随身携带。次日，被告人张某用随身携带的弹簧刀刺伤被害人李某。", "no"),
    ],
)
def test_the_source_of_another_thing_does_not_count(text: str, prepared: str) -> None:
    assert labels(text, "weapon_prepared") == [prepared]


def test_testimony_tells_the_source_where_the_findings_are_silent() -> None:
    text = (
        "经审理查明：被告人张某持砖头殴打民警李某。\n上述事实，有下列证据证实：\n"
        "1、证人王某的证言，证明被告人张某从路边捡起一块砖头追打李某。"
    )
    assert labels(text, "weapon_prepared") == ["no"]
    assert labels(text.replace("被告人张某从路边", "我从路边"), "weapon_prepared") == ["unclear"]


_PIECES = (
    "被告人张某",
    "被害人李某",
    "持",
    "用",
    "将",
    "刀",
    "木棍",
    "从家中拿来",
    "捡起",
    "夺过",
    "，",
    "。",
    "\n",
    "经审理查明：",
    "砍伤",
    "本院认为，",
    "汽油",
)


@given(st.lists(st.sampled_from(_PIECES), max_size=40))
def test_any_text_gives_values_with_words_of_the_text(pieces: list[str]) -> None:
    text = "".join(pieces)
    found = weapon_labels(read_case(Judgment("test", "1", canonical(text), text)))
    assert [label.value for label in found if label.variable == "weapon_prepared"] in (["yes"], ["no"], ["unclear"])
    assert all(0 <= s.start < s.end <= len(text) for label in found for s in label.spans)


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


@pytest.mark.parametrize("text", ["刀" * 200_000, "持" * 200_000, "被告人持刀" * 500, "被告人张某持刀砍人。" * 20_000])
def test_long_input_is_read_quickly(text: str) -> None:
    start = time.process_time()
    labels(text, "weapon")
    assert time.process_time() - start < 20
