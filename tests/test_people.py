"""Who each defendant is: sex, birth, ethnicity, schooling, occupation, earlier convictions."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.extract import read_case
from pipeline.extract.accused.people import defendant_labels
from pipeline.extract.engine.rules import load_rules
from pipeline.schema import Judgment, Label
from pipeline.text import canonical

HEAD = "某省某县人民法院\n刑事判决书\n（2018）某0123刑初45号\n公诉机关某县人民检察院。\n"
CHARGE = "\n某县人民检察院以某检刑诉〔2018〕4号起诉书指控被告人犯故意伤害罪，于2018年3月1日向本院提起公诉。现已审理终结。\n"


def labels(text: str) -> list[Label]:
    return defendant_labels(read_case(Judgment("test", "1", canonical(text), text)))


def person(paragraph: str, rest: str = "") -> dict[str, str]:
    return {label.variable: label.value for label in labels(HEAD + paragraph + CHARGE + rest) if label.unit == "defendant:1"}


def test_an_ordinary_paragraph() -> None:
    paragraph = "被告人王某，男，1987年4月6日出生于某省某县，汉族，初中文化，农民，住某县。因涉嫌犯故意伤害罪于2017年9月1日被刑事拘留。"
    assert person(paragraph) == {
        "name": "王某",
        "party_kind": "person",
        "gender": "male",
        "birth": "1987-04-06",
        "ethnicity": "汉族",
        "education": "junior",
        "occupation": "农民",
        "prior_record": "0",
    }


def test_silence_is_labelled() -> None:
    assert person("被告人王某。因涉嫌犯故意伤害罪于2017年9月1日被刑事拘留。") == {
        "name": "王某",
        "party_kind": "person",
        "gender": "unstated",
        "birth": "",
        "ethnicity": "",
        "education": "unstated",
        "occupation": "",
        "prior_record": "0",
    }


@pytest.mark.parametrize(
    ("particular", "birth"),
    [
        ("1987年4月6日出生", "1987-04-06"),
        ("1987年4月6日生", "1987-04-06"),
        ("生于1987年4月", "1987-04"),
        ("出生于1988年", "1988"),
        ("1976年5月出生", "1976-05"),
        ("出生日期：1976年5月6日", "1976-05-06"),
        ("1988年×月×日出生", "1988"),
        ("19××年×月×日出生", ""),
        ("一九八七年四月六日出生", "1987-04-06"),
        ("1987年4月6日", "1987-04-06"),
        ("1987年4月6日出", "1987-04-06"),
        ("1987年4月16出生", "1987-04-16"),
        ("三十岁", ""),
    ],
)
def test_birth(particular: str, birth: str) -> None:
    assert person(f"被告人王某，男，{particular}，汉族。2017年9月1日因涉嫌犯故意伤害罪被刑事拘留。")["birth"] == birth


@pytest.mark.parametrize(
    "account", ["因犯盗窃罪被判处拘役三个月", "因涉嫌犯赌博罪被刑事拘留", "被某县公安局抓获", "刑满释放", "到某派出所投案"]
)
def test_the_date_of_an_arrest_or_sentence_is_no_birth(account: str) -> None:
    assert person(f"被告人王某，男。2014年9月3日，{account}。")["birth"] == ""


@pytest.mark.parametrize(
    ("evidence", "birth"),
    [
        ("户籍证明，证实被告人王某出生于1983年7月1日。", "1983-07-01"),
        ("被告人王某户口登记簿、户籍信息上均记载其出生日期为1983年7月1日。", "1983-07-01"),
        ("出生医学证明，证明王某的出生时间为1983年7月1日。", "1983-07-01"),
        ("抓获经过，民警将王某（男，1983年7月1日出生，现住某县）抓获。", "1983-07-01"),
        ("辩护人提出，认定被告人王某出生于1984年1月1日错误。经查，被告人王某的户籍证明记载其出生日期为1983年7月1日。", "1983-07-01"),
        ("被告人王某故意伤害被害人李某，李某出生于1983年7月1日。", ""),
    ],
)
def test_birth_told_elsewhere(evidence: str, birth: str) -> None:
    assert person("被告人王某，汉族。", evidence)["birth"] == birth


def test_a_birth_typed_with_the_letter_l_for_1() -> None:
    assert person("被告人王某，男，l983年7月l日出生，汉族。")["birth"] == "1983-07-01"


def test_sex_told_in_brackets_elsewhere() -> None:
    assert person("被告人王某，汉族。", "民警将王某（男，1983年7月1日出生）抓获。")["gender"] == "male"
    assert person("被告人王某，汉族。", "被害人李某（女，1983年7月1日出生）受伤。")["gender"] == "unstated"


@pytest.mark.parametrize(
    ("told", "sexes"),
    [
        ("经审理查明，被告人王某、李某等六七名青年男子打砸诊室。", ["male", "male"]),
        ("经审理查明，被告人王某和李某两名女子围堵护士站。", ["female", "female"]),
        ("证人赵某的证言，有个叫王某的女子在门诊闹事。", ["female", "unstated"]),
        ("辨认笔录，赵某辨认出被告人李某、王某就是当晚打人的男子。", ["male", "male"]),
        ("辨认笔录，王某辨认出李某就是殴打其的两名男子之一。", ["unstated", "male"]),
        ("经审理查明，被告人王某（中年男子）在医院闹事。", ["male", "unstated"]),
        ("证人赵某的证言，李某、王某和另一名男子来到诊所。", ["unstated", "unstated"]),
        ("经审理查明，被告人王某及身份不明的三名男子来到诊所。", ["unstated", "unstated"]),
        ("经审理查明，被告人王某纠集三名男子打砸诊室，并殴打一名女子。", ["unstated", "unstated"]),
        ("被害人王某（女，1990年1月2日出生）陈述，其被打伤。", ["unstated", "unstated"]),
    ],
)
def test_sex_told_by_the_facts(told: str, sexes: list[str]) -> None:
    found = labels(HEAD + "被告人王某，汉族。\n被告人李某，汉族。" + CHARGE + told)
    assert [label.value for label in found if label.variable == "gender"] == sexes


def test_the_name_itself_tells_neither_sex_nor_post() -> None:
    found = person("被告人任小男，女，汉族，务工。")
    assert (found["name"], found["gender"], found["occupation"]) == ("任小男", "female", "务工")


def test_birth_told_in_the_evidence_is_given_to_the_right_person() -> None:
    heading = "被告人王某，男，汉族。\n被告人李某，男，汉族。"
    evidence = "上述事实，有下列证据证实：户籍证明，证实被告人王某1983年7月1日出生，被告人李某出生于1984年8月2日。"
    births = [label.value for label in labels(HEAD + heading + CHARGE + evidence) if label.variable == "birth"]
    assert births == ["1983-07-01", "1984-08-02"]


@pytest.mark.parametrize(
    ("particular", "ethnicity"),
    [
        ("汉", "汉族"),
        ("维吾尔族", "维吾尔族"),
        ("民族：回族", "回族"),
        ("土家族", "土家族"),
        ("出生于某某土家族苗族自治县", ""),
        ("住广西壮族自治区某县", ""),
    ],
)
def test_ethnicity(particular: str, ethnicity: str) -> None:
    assert person(f"被告人王某，男，{particular}，农民。")["ethnicity"] == ethnicity


@pytest.mark.parametrize(
    ("particular", "level"),
    [
        ("文盲", "illiterate"),
        ("半文盲", "illiterate"),
        ("无文化", "illiterate"),
        ("小学文化", "primary"),
        ("小学肄业", "primary"),
        ("小学三年级文化", "primary"),
        ("初中文化程度", "junior"),
        ("文化程度初中", "junior"),
        ("初中肄业文化", "junior"),
        ("高中毕业", "senior"),
        ("中专文化", "senior"),
        ("职高文化", "senior"),
        ("技校文化", "senior"),
        ("大专文化", "college"),
        ("大学本科学历", "college"),
        ("硕士研究生", "college"),
        ("小学教师", "unstated"),
        ("在校大学生", "unstated"),
        ("某某大学职工", "unstated"),
    ],
)
def test_education(particular: str, level: str) -> None:
    assert person(f"被告人王某，男，汉族，{particular}，住某县。")["education"] == level


@pytest.mark.parametrize(
    ("particular", "occupation"),
    [
        ("无业", "无业"),
        ("无固定职业", "无固定职业"),
        ("务工", "务工"),
        ("系某某有限公司员工", "某某有限公司员工"),
        ("案发前系某某医院保安", "某某医院保安"),
        ("某某（某市）有限公司业务员", "某某（某市）有限公司业务员"),
        ("原某县公安局某派出所辅警", "原某县公安局某派出所辅警"),
        ("个体工商户", "个体工商户"),
        ("小学教师", "小学教师"),
        ("中共党员", ""),
        ("某省某县人", ""),
        ("户籍地某县某镇", ""),
        ("群众", ""),
        ("系被害人之子", ""),
        ("农村居民", "农村居民"),
        ("出生地某省某县，农村居民", ""),
        ("农民，无职业", "无职业"),
        ("居民，无固定职业", "无固定职业"),
        ("农民，暂住某市", "农民"),
        ("2009年3月至2015年1月任某某镇财政所所长", "某某镇财政所所长"),
        ("炼钢厂工人", "炼钢厂工人"),
        ("某某自治区某市某某饭店收银员", "某某自治区某市某某饭店收银员"),
        ("某某自治区某市某街道", ""),
        ("企业经营人", "企业经营人"),
        ("某省东营人", ""),
        ("烧烤摊主", "烧烤摊主"),
        ("58搬家公司员工", "58搬家公司员工"),
        ("原系甲有限公司、乙有限公司、丙有限公司实际控制人", "甲有限公司、乙有限公司、丙有限公司实际控制人"),
        ("系原甲有限公司（已更名为乙有限公司）法定代表人", "原甲有限公司（已更名为乙有限公司）法定代表人"),
        ("2012年5月起担任某某村村民委员会主任", "某某村村民委员会主任"),
        ("系某某小区A区、B区工程承包人", "某某小区A区、B区工程承包人"),
    ],
)
def test_occupation(particular: str, occupation: str) -> None:
    assert person(f"被告人王某，男，汉族，高中文化，{particular}，住某县。因涉嫌犯故意伤害罪被刑事拘留。")["occupation"] == occupation


@pytest.mark.parametrize(
    ("stated", "flag"),
    [
        ("曾因犯盗窃罪于2009年3月被某县人民法院判处有期徒刑八个月，2009年11月刑满释放。", "1"),
        ("2011年因寻衅滋事被判处拘役四个月，缓刑六个月。", "1"),
        ("因交通肇事罪被免予刑事处罚。", "1"),
        ("因犯赌博罪被单处罚金三千元。", "1"),
        ("现在某省某监狱服刑。", "1"),
        ("因吸毒于2009年3月被行政拘留十日，并处罚款五百元。", "0"),
        ("因盗窃被劳动教养一年六个月。", "0"),
        ("因殴打他人被行政拘留五日，并处罚金五百元。", "0"),
        ("因赌博被罚款五百元，因犯赌博罪被判处拘役三个月。", "1"),
        ("因吸毒被强制隔离戒毒二年。", "0"),
        ("无前科。", "0"),
    ],
)
def test_prior_record_in_the_heading(stated: str, flag: str) -> None:
    assert person(f"被告人王某，男，汉族。{stated}因涉嫌犯故意伤害罪于2017年9月1日被刑事拘留。")["prior_record"] == flag


@pytest.mark.parametrize(
    ("told", "flags"),
    [
        ("经审理查明，被告人王某曾因犯盗窃罪被判处有期徒刑一年。", "10"),
        ("本院认为，被告人王某、李某均系累犯，应当从重处罚。", "11"),
        ("本院认为，被告人王某、李某刑满释放后五年内再犯罪，是累犯，被告人王某如实供述。", "11"),
        ("本院认为，被告人李某有犯罪前科。", "01"),
        ("本院认为，被告人王某不构成累犯。", "00"),
        ("经审理查明，被告人王某纠集刑满释放人员赵某闹事。", "00"),
        ("经审理查明，赵某刑满释放后找到被告人王某。", "00"),
        ("经审理查明，被告人王某伙同李某（已判刑）打人。", "00"),
    ],
)
def test_prior_record_told_elsewhere(told: str, flags: str) -> None:
    text = HEAD + "被告人王某，男，汉族。\n被告人李某，男，汉族。" + CHARGE + told
    assert "".join(label.value for label in labels(text) if label.variable == "prior_record") == flags


def test_the_sentence_appealed_against_is_no_prior_record() -> None:
    text = (
        "某省某市中级人民法院\n刑事裁定书\n（2018）某01刑终5号\n原公诉机关某县人民检察院。\n上诉人（原审被告人）王某，男，汉族。\n"
        "某县人民法院审理某县人民检察院指控被告人王某犯故意伤害罪一案，于2018年1月2日作出（2018）某0123刑初1号刑事判决，以故意伤害罪判处王某有期徒刑一年。王某不服，提出上诉。"
    )
    assert [label.value for label in labels(text) if label.variable == "prior_record"] == ["0"]


def test_particulars_in_brackets_of_a_bare_fact_paragraph() -> None:
    found = {label.variable: label.value for label in labels("公诉机关指控，被告人王某（男，1989年出生，无业）在医院闹事。")}
    assert (found["gender"], found["birth"], found["occupation"]) == ("male", "1989", "无业")


def test_a_company_has_no_sex() -> None:
    found = person("被告单位某某有限公司，住所地某市，法定代表人李某，男，汉族。\n被告人李某，男，汉族。")
    assert (found["name"], found["gender"], found["occupation"]) == ("某某有限公司", "unstated", "")


@pytest.mark.parametrize(
    ("paragraph", "kind"),
    [
        ("被告单位某某有限公司，住所地某市。", "company"),
        ("被告单位北×（以下简称北某公司），住所地某市。", "company"),
        ("上诉人（原审被告单位）某某化工厂，住所地某市。", "company"),
        ("被告人王某，男，某某有限公司经理。", "person"),
    ],
)
def test_party_kind(paragraph: str, kind: str) -> None:
    assert person(paragraph)["party_kind"] == kind


@pytest.mark.parametrize(
    ("paragraph", "expected"),
    [
        ("被告人王某（绰号“大头”、“老三”），男，汉族。", ["大头", "老三"]),
        ("被告人王某，曾用名王某甲，绰号小胖，男，汉族。", ["王某甲", "小胖"]),
        ("被告人王某，别名王某乙、绰号二子，男，汉族。", ["王某乙", "二子"]),
        ("被告人王某，男，汉族，自报名王某丙，农民。", ["王某丙"]),
        ("被告单位某某科技有限公司（以下简称某某公司），住所地某市。", ["某某公司"]),
        ("被告人王某，男，汉族，农民。因涉嫌犯诈骗罪被某某自治州（以下简称某州）公安局刑事拘留。", []),
        ("被告人王某（自报身份），男，汉族。", []),
        ("被告人王某，男，自报1990年1月2日出生，汉族。", []),
    ],
)
def test_alias(paragraph: str, expected: list[str]) -> None:
    text = canonical(HEAD + paragraph + CHARGE)
    found = [label for label in labels(text) if label.variable == "alias"]
    assert [label.value for label in found] == expected
    assert all(text[label.spans[0].start : label.spans[0].end] == label.value for label in found)


def test_evidence_quotes_the_text() -> None:
    text = canonical(HEAD + "被告人王某，男，1987年4月6日出生，回族，小学文化，务工。曾因犯盗窃罪被判处拘役三个月。" + CHARGE)
    found = {label.variable: text[label.spans[0].start : label.spans[0].end] for label in labels(text)}
    assert found["gender"] == "男"
    assert found["birth"] == "1987年4月6日出生"
    assert found["ethnicity"] == "回族"
    assert found["education"] == "小学文化"
    assert found["occupation"] == "务工"
    assert "判处拘役" in found["prior_record"]


def test_rules_meet_their_examples() -> None:
    assert len(load_rules("prior_record").rules) >= 6


@pytest.mark.parametrize("unit", ["因犯", "曾因", "，男", "某族", "被告人王某因犯盗窃罪，"])
def test_a_long_monotonous_text_is_read_quickly(unit: str) -> None:
    case = read_case(Judgment("test", "1", HEAD + "被告人王某，男，汉族。" + CHARGE + unit * (60_000 // len(unit))))
    began = time.perf_counter()
    defendant_labels(case)
    assert time.perf_counter() - began < 10


@pytest.mark.parametrize("other", ["李某", "赵某", "欧某", "任某", "文某"])
def test_another_name_changes_nothing_but_the_name(other: str) -> None:
    heading = "被告人王某，男，1987年4月6日出生，汉族，初中文化，农民。曾因犯盗窃罪被判处拘役三个月。"
    facts = "经审理查明，被告人王某在某医院打伤护士。本院认为，被告人王某系累犯。"
    first, second = (labels((HEAD + heading + CHARGE + facts).replace("王某", name)) for name in ("王某", other))
    assert [label.value for label in second] == [label.value.replace("王某", other) for label in first]
    assert [label.spans for label in second] == [label.spans for label in first]


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="王某，。；男女汉族1987年4月日生小学文化农民系曾因犯判处刑满释放（）、\n", max_size=120))
def test_any_paragraph_is_quoted_rightly(paragraph: str) -> None:
    text = canonical(HEAD + "被告人王某，" + paragraph + CHARGE)
    for label in labels(text):
        assert all(0 <= span.start < span.end <= len(text) for span in label.spans)
