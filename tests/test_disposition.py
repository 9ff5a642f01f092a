"""Charges and sentences: first instance, joinder, appeal, revoked probation, and texts that break off."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.case import Case, Defendant
from pipeline.extract.decision.charges import charges_in, convictions, known
from pipeline.extract.decision.disposition import disposition_labels
from pipeline.schema import Judgment
from pipeline.text import Document, canonical

HEAD = "某某县人民法院\n刑事判决书\n（2020）某01刑初1号\n公诉机关某某县人民检察院。\n"
FACTS = "经审理查明，某年某月某日，被告人因琐事与人发生争执。\n"
APPEAL_HEAD = "某某市中级人民法院\n刑事判决书\n（2020）某01刑终1号\n原公诉机关某某县人民检察院。\n"


def read(text: str, *names: str) -> dict[str, dict[str, str | list[str]]]:
    """Labels by defendant's name; the names are given, for finding them is another module's work."""
    text = canonical(text)
    defendants = tuple(Defendant(n, name, (name,), 0, 0) for n, name in enumerate(names, 1))
    case = Case(Judgment("test", "1", text), Document.read(text), defendants)
    found: dict[str, dict[str, str | list[str]]] = {name: {"charges": []} for name in names}
    for label in disposition_labels(case):
        row = found[names[int(label.unit.split(":")[1]) - 1]]
        for span in label.spans:
            assert 0 <= span.start < span.end <= len(text)
        if label.variable in ("charge", "term_of_charge"):
            charges = row.setdefault("charges" if label.variable == "charge" else "terms", [])
            assert isinstance(charges, list)
            charges.append(label.value)
        else:
            row[label.variable] = label.value
    return found


def order(disposition: str, *names: str, view: str = "") -> dict[str, dict[str, str | list[str]]]:
    heading = "".join(f"被告人{name}，男，1980年1月1日出生，汉族。\n" for name in names)
    return read(
        f"{HEAD}{heading}{FACTS}本院认为，{view}依照刑法之规定，判决如下：\n{disposition}\n如不服本判决，可上诉。\n审判员赵某\n", *names
    )


def appeal(prior: str, disposition: str, *names: str) -> dict[str, dict[str, str | list[str]]]:
    heading = "".join(f"上诉人（原审被告人）{name}，男，1980年1月1日出生，汉族。\n" for name in names)
    told = f"某某县人民法院审理本案，作出刑事判决。原审被告人不服，提出上诉。\n原判认定，被告人与人争执。原审法院认为，其行为构成犯罪。{prior}\n"
    reasons = "经审理查明的事实与原判相同。\n本院认为，原判事实清楚。依照刑事诉讼法之规定，判决如下：\n"
    return read(f"{APPEAL_HEAD}{heading}{told}{reasons}{disposition}\n本判决为终审判决。\n审判长赵某\n", *names)


def sentence(row: dict[str, str | list[str]]) -> tuple[object, ...]:
    return row["sentence_kind"], row["sentence_months"], row["probation_months"], row["fine"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("判处有期徒刑一年六个月。", ("fixed", "18", "0", "0")),
        ("判处有期徒刑六个月，缓刑一年。", ("fixed", "6", "12", "0")),
        ("判处有期徒刑三年，宣告缓刑，缓刑考验期四年，并处罚金人民币二万元。", ("fixed", "36", "48", "20000")),
        ("判处拘役四个月，缓刑六个月，并处罚金3，000元。", ("detention", "4", "6", "3000")),
        ("判处管制一年。", ("control", "12", "0", "0")),
        ("判处无期徒刑，剥夺政治权利终身。", ("life", "0", "0", "0")),
        ("判处死刑，剥夺政治权利终身。", ("death", "0", "0", "0")),
        ("判处死刑，缓期二年执行，剥夺政治权利终身。", ("death_reprieve", "0", "0", "0")),
        ("免予刑事处罚。", ("exempt", "0", "0", "0")),
        ("单处罚金人民币2万元。", ("fine_only", "0", "0", "20000")),
        ("判处有期徒刑十五年，剥夺政治权利三年，并处没收个人财产人民币五万元。", ("fixed", "180", "0", "0")),
    ],
)
def test_kinds_of_sentence(words: str, expected: tuple[str, ...]) -> None:
    row = order(f"被告人张某犯故意伤害罪，{words}", "张某")["张某"]
    assert row["charges"] == ["故意伤害罪"]
    assert sentence(row) == expected


@pytest.mark.parametrize(
    ("words", "rights", "property_taken"),
    [
        ("判处无期徒刑，剥夺政治权利终身，并处没收个人全部财产。", "life", "all"),
        ("判处有期徒刑十五年，剥夺政治权利三年，并处没收个人财产人民币五万元。", "36", "50000"),
        ("判处有期徒刑十年，并处没收个人财产3万元。", "0", "30000"),
        ("判处有期徒刑十年，并处没收财产。", "0", "part"),
        ("单处剥夺政治权利一年六个月。", "18", "none"),
        ("判处有期徒刑一年，作案工具予以没收。", "0", "none"),
    ],
)
def test_political_rights_and_property(words: str, rights: str, property_taken: str) -> None:
    row = order(f"被告人张某犯故意伤害罪，{words}", "张某")["张某"]
    assert (row["political_rights_months"], row["property_confiscated"]) == (rights, property_taken)


@pytest.mark.parametrize(
    ("words", "first", "second"),
    [
        ("二、被告人张某赔偿附带民事诉讼原告人王某经济损失共计人民币三万元。", "30000", "0"),
        ("二、被告人张某赔偿附带民事诉讼原告人王某医疗费1，200.50元、误工费800元，合计2000.5元。", "2000.50", "0"),
        ("二、被告人张某、李某连带赔偿附带民事诉讼原告人王某经济损失5万元。", "50000", "50000"),
        ("二、被告人张某赔偿王某损失一万元，被告人李某赔偿王某损失五千元。", "10000", "5000"),
        ("二、驳回附带民事诉讼原告人王某要求赔偿精神抚慰金一万元的诉讼请求。", "0", "0"),
        ("二、附带民事诉讼被告人某某公司赔偿王某损失一万元。", "0", "0"),
    ],
)
def test_compensation_that_is_ordered(words: str, first: str, second: str) -> None:
    rows = order(f"一、被告人张某、李某犯故意伤害罪，均判处有期徒刑一年。\n{words}", "张某", "李某")
    assert (rows["张某"]["civil_compensation"], rows["李某"]["civil_compensation"]) == (first, second)


def test_accessory_penalties_of_one_count_are_executed_all_the_same() -> None:
    words = "被告人张某犯抢劫罪，判处有期徒刑十年，剥夺政治权利二年，并处没收财产二万元；犯盗窃罪，判处有期徒刑一年；决定执行有期徒刑十年六个月。"
    row = order(words, "张某")["张某"]
    assert (row["sentence_months"], row["political_rights_months"], row["property_confiscated"]) == ("126", "24", "20000")


def test_term_of_each_charge_before_joinder() -> None:
    words = "被告人张某犯抢劫罪，判处有期徒刑三年；犯危险驾驶罪，判处拘役二个月，并处罚金一千元；犯盗窃罪，单处罚金二千元。决定执行有期徒刑三年，并处罚金三千元。"
    row = order(words, "张某")["张某"]
    assert row["terms"] == ["抢劫罪 fixed 36", "危险驾驶罪 detention 2", "盗窃罪 fine_only 0"]


def test_identical_sentences_of_two_persons_have_quotations_of_their_own() -> None:
    text = canonical(
        f"{HEAD}被告人张某，男。\n被告人李某，男。\n{FACTS}本院认为，判决如下：\n一、被告人张某犯盗窃罪，判处拘役五个月。\n二、被告人李某犯盗窃罪，判处拘役五个月。\n"
    )
    defendants = (Defendant(1, "张某", ("张某",), 0, 0), Defendant(2, "李某", ("李某",), 0, 0))
    found = disposition_labels(Case(Judgment("test", "1", text), Document.read(text), defendants))
    places = [label.spans[0].start for label in found if label.variable in ("sentence_kind", "sentence_months", "charge")]
    assert len(places) == 6
    assert max(places[:3]) < min(places[3:])


def test_dates_and_paid_fines_in_brackets_are_no_sentence() -> None:
    words = "判处有期徒刑一年，并处罚金五千元。（刑期从判决执行之日起计算，即自2020年1月1日起至2020年12月31日止。已缴纳罚金三千元）"
    assert sentence(order(f"被告人张某犯盗窃罪，{words}", "张某")["张某"]) == ("fixed", "12", "0", "5000")


def test_decided_penalty_counts_and_its_fine_counts_once() -> None:
    words = (
        "被告人张某犯抢劫罪，判处有期徒刑三年，并处罚金二千元；犯非法拘禁罪，判处有期徒刑一年；总和刑期四年，并处罚金二千元，"
        "决定执行有期徒刑三年六个月，并处罚金二千元。"
    )
    row = order(words, "张某")["张某"]
    assert row["charges"] == ["抢劫罪", "非法拘禁罪"]
    assert sentence(row) == ("fixed", "42", "0", "2000")


def test_joined_penalty_without_the_word_decide() -> None:
    words = "被告人张某犯故意伤害罪，判处有期徒刑一年；犯盗窃罪，判处有期徒刑一年，并处罚金一千元。数罪并罚，合并有期徒刑一年八个月，并处罚金一千元。"
    assert sentence(order(words, "张某")["张某"]) == ("fixed", "20", "0", "1000")


def test_of_two_earlier_judgments_the_later_counts() -> None:
    heading = "原审被告人张某，男，1980年1月1日出生。\n原判认定，被告人张某打人。原判以故意伤害罪判处被告人张某有期徒刑六年。\n"
    later = "某某市中级人民法院认为，量刑过重，以故意伤害罪改判上诉人张某有期徒刑三年。\n"
    text = (
        APPEAL_HEAD.replace("刑终", "刑再")
        + heading
        + later
        + "本院认为，原二审判决正确。判决如下：\n维持某某市中级人民法院刑事判决。\n审判长赵某\n"
    )
    assert read(text, "张某")["张某"]["sentence_months"] == "36"


def test_fines_of_counts_add_up_when_none_is_decided() -> None:
    words = "被告人张某犯盗窃罪，判处有期徒刑一年，并处罚金一千元；犯诈骗罪，判处拘役三个月，并处罚金二千元。"
    assert sentence(order(words, "张某")["张某"]) == ("fixed", "12", "0", "3000")


def test_two_defendants_with_the_same_words_are_two_sentences() -> None:
    words = "一、被告人张某犯寻衅滋事罪，判处有期徒刑十个月。\n二、被告人李某甲犯寻衅滋事罪，判处有期徒刑十个月。"
    rows = order(words, "张某", "李某甲")
    assert [sentence(row) for row in rows.values()] == [("fixed", "10", "0", "0")] * 2


def test_a_list_of_defendants_shares_charge_and_penalty() -> None:
    rows = order("被告人张某、李某甲犯聚众斗殴罪，均判处有期徒刑三年，缓刑四年。", "张某", "李某甲")
    assert all(row["charges"] == ["聚众斗殴罪"] and sentence(row) == ("fixed", "36", "48", "0") for row in rows.values())


def test_one_name_may_begin_another() -> None:
    rows = order("一、被告人张某犯故意伤害罪，判处有期徒刑一年。\n二、被告人张某甲犯包庇罪，判处拘役五个月。", "张某", "张某甲")
    assert rows["张某"]["charges"] == ["故意伤害罪"]
    assert rows["张某甲"]["charges"] == ["包庇罪"]


def test_acquitted_beside_convicted() -> None:
    rows = order("一、被告人张某犯故意伤害罪，判处有期徒刑一年。\n二、被告人李某无罪。", "张某", "李某")
    assert sentence(rows["李某"]) == ("not_guilty", "0", "0", "0")
    assert rows["李某"]["charges"] == []


def test_revoked_probation_and_earlier_penalty_are_not_this_cases() -> None:
    words = (
        "一、撤销某某县人民法院（2018）某01刑初9号刑事判决中对被告人张某宣告缓刑二年的执行部分；\n二、被告人张某犯寻衅滋事罪，判处有期徒刑一年，"
        "与前罪所判有期徒刑八个月、罚金五千元并罚，决定执行有期徒刑一年五个月，并处罚金五千元。"
    )
    row = order(words, "张某")["张某"]
    assert row["charges"] == ["寻衅滋事罪"]
    assert sentence(row) == ("fixed", "17", "0", "5000")


def test_charge_of_an_earlier_judgment_is_not_counted() -> None:
    words = "被告人张某犯故意伤害罪，判处有期徒刑一年；与原判犯盗窃罪，判处有期徒刑六个月并罚，决定执行有期徒刑一年三个月。"
    row = order(words, "张某")["张某"]
    assert row["charges"] == ["故意伤害罪"]
    assert row["sentence_months"] == "15"


def test_name_unlike_the_headings_goes_to_the_only_one_left() -> None:
    rows = order("一、被告人张某犯盗窃罪，判处拘役三个月。\n二、被告人李大某犯盗窃罪，判处拘役二个月。", "张某", "李某某")
    assert rows["李某某"]["sentence_months"] == "2"


def test_appeal_dismissed_keeps_the_earlier_sentence() -> None:
    prior = "依照刑法之规定，判决：被告人张某犯故意伤害罪，判处有期徒刑二年。"
    row = appeal(prior, "驳回上诉，维持原判。", "张某")["张某"]
    assert row["charges"] == ["故意伤害罪"]
    assert sentence(row) == ("fixed", "24", "0", "0")


def test_appeal_by_way_of_charge_before_name() -> None:
    prior = "原审以故意伤害罪分别判处被告人张某有期徒刑二年；判处被告人李某有期徒刑一年，缓刑一年。"
    rows = appeal(prior, "驳回上诉，维持原判。", "张某", "李某")
    assert rows["李某"]["charges"] == ["故意伤害罪"]
    assert sentence(rows["张某"]) == ("fixed", "24", "0", "0")
    assert sentence(rows["李某"]) == ("fixed", "12", "12", "0")


def test_appeal_sets_one_aside_and_upholds_the_other() -> None:
    prior = "判决：一、被告人张某犯寻衅滋事罪，判处有期徒刑二年；二、被告人李某犯寻衅滋事罪，判处有期徒刑一年。"
    words = (
        "一、维持某某县人民法院刑事判决第二项，即被告人李某犯寻衅滋事罪，判处有期徒刑一年；\n"
        "二、撤销某某县人民法院刑事判决第一项，即“被告人张某犯寻衅滋事罪，判处有期徒刑二年”；\n"
        "三、上诉人张某犯寻衅滋事罪，判处有期徒刑一年二个月。"
    )
    rows = appeal(prior, words, "张某", "李某")
    assert sentence(rows["张某"]) == ("fixed", "14", "0", "0")
    assert sentence(rows["李某"]) == ("fixed", "12", "0", "0")


def test_appeal_changes_the_penalty_only() -> None:
    prior = "判决：被告人张某犯抢劫罪，判处有期徒刑四年，并处罚金三千元。"
    words = "一、撤销某某县人民法院刑事判决的量刑部分。\n二、判处上诉人张某有期徒刑三年，并处罚金二千元。"
    row = appeal(prior, words, "张某")["张某"]
    assert row["charges"] == ["抢劫罪"]
    assert sentence(row) == ("fixed", "36", "0", "2000")


def test_numbers_inside_the_repeated_judgment_open_no_item() -> None:
    prior = "判决：一、被告人张某犯盗窃罪，判处有期徒刑一年。二、被告人李某犯盗窃罪，免予刑事处罚。"
    words = (
        "一、撤销某某县人民法院刑事判决第一、二项，即：一、被告人张某犯盗窃罪，判处有期徒刑一年。二、被告人李某犯盗窃罪，免予刑事处罚。\n"
        "二、上诉人张某犯盗窃罪，判处有期徒刑八个月。\n三、原审被告人李某无罪。"
    )
    rows = appeal(prior, words, "张某", "李某")
    assert sentence(rows["张某"]) == ("fixed", "8", "0", "0")
    assert sentence(rows["李某"]) == ("not_guilty", "0", "0", "0")


def test_sent_back_for_retrial_is_unstated() -> None:
    prior = "判决：被告人张某犯盗窃罪，判处有期徒刑一年。"
    row = appeal(prior, "一、撤销某某县人民法院刑事判决；\n二、发回某某县人民法院重新审判。", "张某")["张某"]
    assert row["sentence_kind"] == "unstated"


def test_text_that_breaks_off_has_charges_of_the_reasons() -> None:
    text = f"{HEAD}被告人张某，男，1980年1月1日出生。\n{FACTS}本院认为，被告人张某故意伤害他人身体，致人轻伤，其行为已构成故意伤害罪。辩护人提出不构成故意伤害罪的意见"
    row = read(text, "张某")["张某"]
    assert row["charges"] == ["故意伤害罪"]
    assert row["sentence_kind"] == "unstated"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("抢劫罪、强奸罪", ["抢劫罪", "强奸罪"]),
        ("组织、领导、参加黑社会性质组织罪", ["组织、领导、参加黑社会性质组织罪"]),
        ("盗窃、抢夺罪", ["盗窃罪", "抢夺罪"]),
        ("走私、贩卖毒品罪", ["走私、贩卖毒品罪"]),
        ("掩饰、隐瞒犯罪所得罪", ["掩饰、隐瞒犯罪所得罪"]),
        ("敲诈勒索、组织、领导黑社会性质组织罪", ["敲诈勒索罪", "组织、领导黑社会性质组织罪"]),
        ("故意杀人罪（未遂）", ["故意杀人罪"]),
        ("故意伤害（致死）罪", ["故意伤害罪"]),
        ("抢劫罪和盗窃罪两罪", ["抢劫罪", "盗窃罪"]),
        ("故意伤害", ["故意伤害罪"]),
        ("偷越国（边）境罪", ["偷越国（边）境罪"]),
        ("应当判处有期徒刑以上刑罚之罪", []),
        ("数罪", []),
    ],
)
def test_charges(words: str, expected: list[str]) -> None:
    assert charges_in(words) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("被告人李进犯侵犯公民个人信息罪，判处", [["侵犯公民个人信息罪"]]),
        ("被告人张某系累犯，应从重处罚", []),
        ("被告人张某原犯盗窃罪", []),
        ("犯抢劫罪，判处三年；又犯强奸罪，判处", [["抢劫罪"], ["强奸罪"]]),
    ],
)
def test_convictions(text: str, expected: list[list[str]]) -> None:
    assert [charges for *_, charges in convictions(text, 0, len(text))] == expected


def test_list_of_charges_knows_choices() -> None:
    assert known("非法持有枪支")
    assert known("故意伤害")
    assert not known("打人")


@pytest.mark.parametrize(
    "text", ["", "被告人", "判决如下：", "判决如下：被告人张某犯", "判决如下：犯罪，判处有期徒刑", "撤销、维持、决定执行"]
)
def test_scraps_never_raise(text: str) -> None:
    assert read(text, "张某")["张某"]["sentence_kind"] == "unstated"


@given(st.text(alphabet="判决如下：被告人张某犯盗窃罪，处有期徒刑三年缓决定执行撤销维持“”（）一二、。；即\n", max_size=120))
def test_any_order_is_read_without_error(text: str) -> None:
    row = read("本院认为，判决如下：" + text, "张某")["张某"]
    assert int(str(row["sentence_months"])) >= 0


@pytest.mark.parametrize("sign", ["一", "犯", "（", "罪", "1", "撤", "“", "赔偿", "元", "万元，", "被告人张某，", "财产", "赔偿一元，张某"])
def test_a_megabyte_of_one_sign_is_read_quickly(sign: str) -> None:
    begun = time.monotonic()
    read("判决如下：" + sign * (1_000_000 // len(sign)), "张某")
    assert time.monotonic() - begun < 10
