"""Circumstances of sentencing: who finds them, of whom, and what the court makes of pleas."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.case import Case, Defendant
from pipeline.extract.decision.circumstances import circumstance_labels
from pipeline.extract.engine.rules import load_rules
from pipeline.schema import Judgment
from pipeline.text import Document, canonical

HEAD = "某某县人民法院\n刑事判决书\n（2020）某01刑初1号\n公诉机关某某县人民检察院。\n"
RULES = (
    "surrender",
    "confession",
    "plea_leniency",
    "recidivist",
    "accessory",
    "meritorious",
    "attempt",
    "juvenile",
    "compensation",
    "forgiveness",
    "principal",
    "major_merit",
    "preparation",
    "discontinuance",
    "elderly",
    "deaf_mute_or_blind",
    "limited_responsibility",
    "victim_fault",
)


def read(text: str, *names: str) -> dict[str, set[str]]:
    """The circumstances that hold, by defendant's name and for the case ("")."""
    text = canonical(text)
    defendants = tuple(Defendant(n, name, (name,), 0, 0) for n, name in enumerate(names, 1))
    labels = circumstance_labels(Case(Judgment("test", "1", text), Document.read(text), defendants))
    found: dict[str, set[str]] = {name: set() for name in ("", *names)}
    for label in labels:
        assert label.value in ("0", "1")
        if label.by == "defence":
            assert label.value == "1"
            assert label.spans
            continue
        assert bool(label.spans) == (label.value == "1")
        if label.value == "1":
            found["" if label.unit == "case" else names[int(label.unit.split(":")[1]) - 1]].add(label.variable)
    return found


def reasons(view: str, *names: str, facts: str = "", order: str = "") -> dict[str, set[str]]:
    names = names or ("张某",)
    heading = "".join(f"被告人{name}，男，1980年1月1日出生，汉族。\n" for name in names)
    told = f"经审理查明，某日，被告人因琐事与被害人王某发生争执并将其打伤。{facts}\n"
    law = "依照《中华人民共和国刑法》第二百三十四条第一款之规定，"
    return read(f"{HEAD}{heading}{told}本院认为，{view}{law}判决如下：\n{order or '判处有期徒刑一年。'}\n审判员赵某\n", *names)


def appeal(prior: str, view: str, *names: str) -> dict[str, set[str]]:
    names = names or ("张某",)
    heading = "".join(f"上诉人（原审被告人）{name}，男，1980年1月1日出生，汉族。\n" for name in names)
    told = f"某某县人民法院审理本案，作出刑事判决。原审被告人不服，提出上诉。\n原判认定，被告人与人争执并将其打伤。原审法院认为，{prior}判决有期徒刑一年。\n"
    return read(
        f"某某市中级人民法院\n刑事裁定书\n（2020）某01刑终1号\n{heading}{told}经审理查明的事实与原判相同。\n"
        f"本院认为，{view}裁定如下：\n驳回上诉，维持原判。\n审判长赵某\n",
        *names,
    )


@pytest.mark.parametrize("name", RULES)
def test_rules_hold_their_examples(name: str) -> None:
    for rule in load_rules(name):
        assert len(rule.hits) >= 2
        assert rule.misses


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        ("被告人张某主动投案，如实供述自己的罪行，系自首。", {"surrender"}),
        ("被告人张某犯罪以后自动投案，如实供述自己的罪行，可以从轻处罚。", {"surrender"}),
        ("被告人张某归案后如实供述自己的罪行，可以从轻处罚。", {"confession"}),
        ("被告人张某到案后对犯罪事实供认不讳。", {"confession"}),
        ("被告人张某当庭自愿认罪，酌情从轻处罚。", set()),
        ("被告人张某虽主动到案，但未如实供述，不构成自首。", set()),
        ("被告人张某在刑罚执行完毕后五年内再犯罪，系累犯，归案后如实供述。", {"recidivist", "confession"}),
        ("被告人张某前罪系过失犯罪，不构成累犯。", set()),
        ("被告人张某自愿认罪认罚，可以从宽处理。", {"plea_leniency"}),
        ("被告人张某在共同犯罪中起次要作用，系从犯。", {"accessory"}),
        ("各人作用相当，不宜区分主从犯。", set()),
        ("被告人张某协助抓获同案犯李某，具有立功表现。", {"meritorious"}),
        ("被告人张某因意志以外的原因未得逞，系犯罪未遂。", {"attempt"}),
        ("被告人张某犯罪时不满十八周岁，应当从轻处罚。", {"juvenile"}),
        ("同案犯李某系自首。", set()),
        ("被告人张某在现场等候处理，如实供述，应当认定为自首。", {"surrender"}),
        ("从犯罪手段看，被告人张某主观恶性较小。", set()),
        ("被告人张某强行与已满十四周岁不满十八周岁的少女发生关系。", set()),
        ("其行为构成犯罪。\n5、到案经过，证实被告人张某被抓获，经讯问供认不讳。", set()),
        ("其行为构成犯罪。\n被告人张某供述，对犯罪事实供认不讳。", set()),
    ],
)
def test_found_by_the_court(view: str, expected: set[str]) -> None:
    assert reasons(view)["张某"] == expected


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        ("辩护人提出被告人张某有自首情节的意见，予以采纳。", {"surrender"}),
        ("辩护人提出被告人张某有自首情节的意见，与事实不符，不予采纳。", set()),
        (
            "辩护人提出被告人张某有自首情节的意见，经查，被告人张某系被抓获归案，依法不构成自首，故辩护人关于其系自首的意见，不予采纳。",
            set(),
        ),
        ("关于被告人张某是否构成自首的问题，经查，其经电话传唤到案后如实供述，应认定为自首。", {"surrender"}),
        ("关于辩护人所提张某系从犯的意见，经查属实，予以采纳；所提系自首的意见，不能成立。", {"accessory"}),
        ("辩护人提出张某具有坦白情节。经查，与事实相符，本院予以采纳。", {"confession"}),
        ("辩护人提出张某具有坦白情节。", set()),
        ("辩护人请求对被告人从轻处罚，予以采纳。被告人张某归案后如实供述，可从轻处罚。", {"confession"}),
        ("根据《最高人民法院关于处理自首和立功具体应用法律若干问题的解释》的规定，", set()),
        ("关于被告人张某及其辩护人所提指控不应认定为贪污；张某有立功表现等辩护意见。本院认为，上述意见没有依据。", set()),
        ("其行为构成犯罪。\n被告人张某的辩护意见是：1、证据不足。2、张某当庭认罪；3、张某系从犯。", set()),
        ("关于所提量刑过重的理由，一审法院已根据其系累犯等情节量刑，该理由不成立，不予采纳。", {"recidivist"}),
        ("关于张某劝说他人投案系立功的意见，经查，该行为不构成立功。其二审期间检举他人犯罪查证属实，应认定为立功。", {"meritorious"}),
    ],
)
def test_pleas_count_when_accepted(view: str, expected: set[str]) -> None:
    assert reasons(view)["张某"] == expected


def test_a_defence_paragraph_among_the_reasons_is_not_the_courts() -> None:
    view = "被告人张某故意伤害他人。\n其辩护人的意见是：1、量刑过重。被告人系自首，请求从轻处罚。\n本院认为，被告人张某犯罪后果严重。"
    assert reasons(view)["张某"] == set()


@pytest.mark.parametrize(
    ("view", "first", "second"),
    [
        ("被告人张某系自首，被告人李某系坦白。", {"surrender"}, {"confession"}),
        ("被告人张某系主犯，被告人李某系从犯。", {"principal"}, {"accessory"}),
        ("二被告人归案后均如实供述。", {"confession"}, {"confession"}),
        ("被告人张某、李某归案后如实供述。", {"confession"}, {"confession"}),
        ("被告人张某伙同李某实施犯罪，系累犯。", {"recidivist"}, set()),
        ("被告人张某系累犯，其他被告人均系从犯。", {"recidivist"}, {"accessory"}),
        ("被告人李某到案较晚。归案后如实供述，可对被告人张某从轻处罚。", {"confession"}, set()),
        ("被告人张某归案后协助公安机关抓获被告人李某，有立功表现。", {"meritorious"}, set()),
        ("被告人张某系被告人李某公司的会计，起辅助作用，系从犯。", set(), {"accessory"}),
        ("被告人张某系李某公司的会计，起辅助作用，系从犯。", {"accessory"}, set()),
        ("被告人李某协助抓获重大案件的被告人张某，有立功表现。", set(), {"meritorious"}),
        ("被告人张某联系委托李某准备工具，应认定为主犯。", {"principal"}, set()),
        ("钱某（另案处理）提出犯意，召集众人，系主犯。", set(), set()),
        ("张某系主犯，李某系从犯。", {"principal"}, {"accessory"}),
    ],
)
def test_of_whom_a_sentence_speaks(view: str, first: set[str], second: set[str]) -> None:
    rows = reasons(view, "张某", "李某")
    assert (rows["张某"], rows["李某"]) == (first, second)


def test_three_defendants_two_of_them_together() -> None:
    rows = reasons("被告人张某、李某、钱某共同犯罪。被告人李某、钱某主动投案。该二人均系自首。", "张某", "李某", "钱某")
    assert [bool("surrender" in rows[n]) for n in ("张某", "李某", "钱某")] == [False, True, True]


def test_a_cited_paragraph_speaks_for_confession() -> None:
    law = "依照《中华人民共和国刑法》第二百三十四条、第六十七条第三款之规定，"
    assert reasons("其行为构成故意伤害罪。" + law)["张某"] == {"confession"}
    assert reasons("被告人张某系自首。" + law)["张某"] == {"surrender"}


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        ("被告人张某、李某均系主犯，应当按照其参与的全部犯罪处罚。", {"principal"}),
        ("被告人张某在共同犯罪中起组织、策划作用。", {"principal"}),
        ("被告人张某系从犯，应比照主犯从轻处罚。", {"accessory"}),
        ("辩护人提出张某系从犯的意见，经查，其起主要作用，不予采纳。", {"principal"}),
        ("各被告人作用相当，不宜区分主犯、从犯。", set()),
        ("被告人张某有重大立功表现。", {"meritorious", "major_merit"}),
        ("被告人张某为实施犯罪准备工具，系犯罪预备。", {"preparation"}),
        ("被告人张某自动放弃犯罪，属犯罪中止。", {"discontinuance"}),
        ("关于辩护人提出系犯罪中止的意见，经查，其因被害人反抗而未得逞，系犯罪未遂，不予采纳。", {"attempt"}),
        ("被告人张某系又聋又哑的人，可以从轻处罚。", {"deaf_mute_or_blind"}),
        ("被告人张某犯罪时已满七十五周岁。", {"elderly"}),
        ("被告人张某系限制刑事责任能力人。", {"limited_responsibility"}),
        ("被告人张某作案时具有完全刑事责任能力。", set()),
    ],
)
def test_roles_forms_and_persons(view: str, expected: set[str]) -> None:
    assert reasons(view)["张某"] == expected


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        ("被害人王某在案件起因上有一定过错。", {"victim_fault"}),
        ("辩护人提出被害人有过错的意见，经查属实，予以采纳。", {"victim_fault"}),
        ("认为被害人存在一定过错的辩护意见，本院不予支持。", set()),
        ("现有证据不能证实被害人在本案中存在过错。", set()),
        ("关于被害人过错。经查，双方系互殴。", set()),
    ],
)
def test_fault_of_the_victim(view: str, expected: set[str]) -> None:
    assert reasons(view)[""] == expected


def test_a_cited_paragraph_speaks_for_those_who_did_not_surrender() -> None:
    law = "依照《中华人民共和国刑法》第二百三十四条、第六十七条第一款、第三款之规定，"
    rows = reasons("被告人张某主动投案，如实供述，系自首。" + law, "张某", "李某")
    assert (rows["张某"], rows["李某"]) == ({"surrender"}, {"confession"})
    rows = reasons("被告人张某系自首。被告人李某拒不供认。" + law, "张某", "李某")
    assert rows["李某"] == set()


def test_a_signed_agreement_is_a_record_though_the_defendant_tells_it() -> None:
    heading = "被告人张某，男，1980年1月1日出生。\n某某县人民检察院指控，某日，被告人张某打人。\n"
    view = "\n经审理查明，某日，被告人张某打人。\n本院认为，其行为构成故意伤害罪。判决如下：\n判处有期徒刑一年。\n"
    signed = "被告人张某对指控事实、罪名及量刑建议没有异议且签字具结。"
    begged = "辩护人提出被告人张某自愿认罪认罚。"
    assert read(HEAD + heading + signed + view, "张某")["张某"] == {"plea_leniency"}
    assert read(HEAD + heading + begged + view, "张某")["张某"] == set()


def test_a_paragraph_cited_against_one_by_name() -> None:
    law = "对被告人张某依照《中华人民共和国刑法》第二百三十四条、第六十七条第三款之规定；对被告人李某依照《中华人民共和国刑法》第二百三十四条之规定，"
    rows = reasons(law, "张某", "李某")
    assert (rows["张某"], rows["李某"]) == ({"confession"}, set())


def test_cited_recidivism_but_not_the_procedure_law() -> None:
    assert "recidivist" in reasons("依照《中华人民共和国刑法》第二百三十四条、第六十五条第一款之规定，")["张某"]
    assert "recidivist" not in reasons("依照《中华人民共和国刑法》第二百三十四条、《中华人民共和国刑事诉讼法》第六十五条之规定，")["张某"]


def test_earlier_judgment_counts_when_upheld_in_silence() -> None:
    assert appeal("被告人张某系自首，可从轻处罚。", "原判量刑适当。")["张某"] == {"surrender"}
    assert appeal("被告人张某系自首，可从轻处罚。", "上诉人张某未如实供述，依法不构成自首。")["张某"] == set()


def test_a_signed_plea_agreement_among_the_facts() -> None:
    assert reasons("从轻处罚。", facts="被告人张某签署认罪认罚具结书。")["张某"] == {"plea_leniency"}


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        ("被告人张某已赔偿被害人经济损失并取得谅解。", {"compensation", "forgiveness"}),
        ("其亲属代为赔偿被害人王某经济损失三万元。", {"compensation"}),
        ("双方达成和解协议。", {"compensation"}),
        ("其家属向本院预交赔偿款一万元。", {"compensation"}),
        ("被告人张某自愿赔偿被害人损失二万元。", {"compensation"}),
        ("被告人张某应赔偿附带民事诉讼原告人王某医疗费五千元。", set()),
        ("附带民事诉讼原告人要求被告人赔偿医疗费、误工费，符合法律规定，予以支持。", set()),
        ("被告人张某未赔偿被害人损失，亦未取得谅解。", set()),
        ("被告人张某愿意赔偿，但双方未能达成协议。", set()),
        ("辩护人提出已赔偿并取得谅解的意见，与事实不符，不予采纳。", set()),
        ("辩护人提出已赔偿并取得谅解的意见，予以采纳。", {"compensation", "forgiveness"}),
        ("被害人王某对被告人表示谅解。", {"forgiveness"}),
        ("被告人希望取得被害人谅解。", set()),
    ],
)
def test_compensation_and_forgiveness(view: str, expected: set[str]) -> None:
    assert reasons(view)[""] == expected


def test_ordered_compensation_is_not_paid() -> None:
    order = "一、判处有期徒刑一年。\n二、被告人张某赔偿附带民事诉讼原告人王某经济损失三万元。"
    assert reasons("其行为构成故意伤害罪。", order=order)[""] == set()


def test_documents_among_the_facts() -> None:
    assert reasons("从轻处罚。", facts="案发后，被告人家属已赔偿被害人王某二万元，王某出具谅解书。")[""] == {"compensation", "forgiveness"}


@pytest.mark.parametrize("text", ["", "自首", "本院认为，", "本院认为，自首。累犯。从犯。", "谅解谅解谅解", "《自首"])
def test_scraps_never_raise(text: str) -> None:
    read(text, "张某")
    read(text)


@given(st.text(alphabet="本院认为，。；\n被告人张某李辩护提出系自首坦白累从犯不予采纳经查赔偿谅解《》二其他", max_size=160))
def test_any_reasons_are_read_without_error(text: str) -> None:
    read("经审理查明，某日。\n本院认为，" + text, "张某", "李某")


@pytest.mark.parametrize(
    "sign",
    [
        "一",
        "首",
        "赔",
        "，",
        "对",
        "《",
        "\n",
        "自首，",
        "辩称，经查，",
        "二被告人",
        "张某",
        "同案犯。系从犯。",
        "张某打人。系从犯。",
        "意见。",
        "钱某（另案",
    ],
)
def test_a_megabyte_of_one_sign_is_read_quickly(sign: str) -> None:
    begun = time.process_time()
    read("本院认为，" + sign * (1_000_000 if len(sign) == 1 else 40_000), "张某", "李某")
    assert time.process_time() - begun < 15
