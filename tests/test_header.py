"""Heading and closing: case number, court, region, trial level, date, title."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.extract import read_case
from pipeline.extract.heading.court import court_level
from pipeline.extract.heading.header import header_labels
from pipeline.extract.heading.printed_dates import DATE, first_date, iso
from pipeline.extract.heading.region import region
from pipeline.schema import Judgment, Label
from pipeline.text import canonical

COURT = "广东省东莞市第一人民法院"
BODY = (
    "公诉机关东莞市第一市区人民检察院。\n被告人王某，男，汉族。\n东莞市第一市区人民检察院以东检刑诉〔2017〕4号起诉书指控被告人王某犯故意伤害罪，"
    "于2018年1月2日向本院提起公诉。本院公开开庭审理了本案。现已审理终结。\n经审理查明，2017年12月3日，被告人王某将李某打伤。\n本院认为，被告人王某的行为构成故意伤害罪。判决如下：\n"
    "被告人王某犯故意伤害罪，判处有期徒刑六个月（刑期自2018年1月1日起至2018年6月30日止）。\n如不服本判决，可在接到判决书的第二日起十日内提出上诉。\n"
)
CLOSING = "审判长赵某\n人民陪审员钱某\n二〇一八年五月二十九日\n书记员孙某\n附：相关法律条文\n《中华人民共和国刑法》（1997年3月14日修订）第二百三十四条"


def judgment(text: str, **fields: object) -> Judgment:
    return Judgment("test", "1", canonical(text), text, **fields)  # type: ignore[arg-type]


def values(text: str, **fields: object) -> dict[str, str]:
    return {label.variable: label.value for label in labels(text, **fields)}


def labels(text: str, **fields: object) -> list[Label]:
    return header_labels(read_case(judgment(text, **fields)))


def document(
    court: str = COURT, kind: str = "刑事判决书", number: str = "（2018）粤1971刑初45号", closing: str = CLOSING, title: str = ""
) -> str:
    return f"{title}{court}\n{kind}\n{number}\n{BODY}{closing}"


def test_an_ordinary_judgment() -> None:
    assert values(document(title="王某故意伤害一审刑事判决书\n")) == {
        "title": "王某故意伤害一审刑事判决书",
        "case_number": "（2018）粤1971刑初45号",
        "court": COURT,
        "court_level": "basic",
        "province": "广东省",
        "city": "东莞市",
        "trial_level": "first",
        "decided_on": "2018-05-29",
    }


def test_evidence_quotes_the_text() -> None:
    text = canonical(document())
    found = {label.variable: text[label.spans[0].start : label.spans[0].end] for label in labels(document()) if label.spans}
    assert found["court"] == COURT
    assert found["case_number"] == "（2018）粤1971刑初45号"
    assert found["decided_on"] == "二〇一八年五月二十九日"


@pytest.mark.parametrize(
    ("printed", "number"),
    [
        ("(2018)粤1971刑初45号", "（2018）粤1971刑初45号"),
        ("〔2014〕东一法刑初字第 345 号", "（2014）东一法刑初字第345号"),
        ("[2014]东刑初字第00345-1号", "（2014）东刑初字第00345-1号"),
        ("（2016）粤1971刑初×××号", "（2016）粤1971刑初×××号"),
        ("（２０１６）粤1971刑初45号之一", "（2016）粤1971刑初45号之一"),
        ("东刑初字第203号", "东刑初字第203号"),
    ],
)
def test_case_number(printed: str, number: str) -> None:
    assert values(document(number=printed))["case_number"] == number


def test_number_of_another_document_is_not_taken() -> None:
    text = document(court="广东省东莞市中级人民法院", number="（2018）粤19刑终7号").replace(
        "现已审理终结。", "东莞市第一人民法院于2017年作出（2017）粤1971刑初9号刑事判决。"
    )
    assert values(text)["case_number"] == "（2018）粤19刑终7号"
    assert values("经审理查明，某县人民法院以（2010）某刑初字第3号刑事判决判处王某有期徒刑一年。")["case_number"] == ""


def test_number_in_the_title_gives_way_to_the_one_below_the_court() -> None:
    text = document(title="（2018）粤1971刑初45-1号刑事判决书\n")
    assert values(text)["case_number"] == "（2018）粤1971刑初45号"


@pytest.mark.parametrize(
    ("heading", "court"),
    [
        ("广东省东莞市\n第一人民法院\n刑事判决书\n", COURT),
        ("广 东 省 东 莞 市 第 一 人 民 法 院\n刑 事 判 决 书\n", COURT),
        ("广东省东莞市第一人民法院刑事附带民事判决书\n", COURT),
        ("王某故意伤害一审刑事判决书广东省东莞市第一人民法院刑事判决书", COURT),
        ("王某故意伤害一案广东省东莞市第一人民法院刑事判决书\n", COURT),
        ("中华人民共和国最高人民法院\n刑事裁定书\n", "中华人民共和国最高人民法院"),
        ("某某铁路运输法院\n刑事判决书\n", "某某铁路运输法院"),
    ],
)
def test_court(heading: str, court: str) -> None:
    assert values(f"{heading}（2018）粤1971刑初45号\n{BODY}{CLOSING}")["court"] == court


def test_court_that_tells_the_facts_itself() -> None:
    assert values("某县人民法院审理查明，被告人王某在医院闹事。")["court"] == "某县人民法院"


def test_metadata_and_case_name_serve_where_the_heading_is_silent() -> None:
    found = values(
        "经审理查明，被告人王某在医院闹事。", metadata={"court": COURT, "case_number": "(2018)粤1971刑初45号", "decided_on": "2018-05-29"}
    )
    assert (found["court"], found["case_number"], found["decided_on"]) == (COURT, "（2018）粤1971刑初45号", "2018-05-29")


@pytest.mark.parametrize(
    ("court", "level"),
    [
        ("中华人民共和国最高人民法院", "supreme"),
        ("广东省高级人民法院", "high"),
        ("北京市第二中级人民法院", "intermediate"),
        ("江苏省宜兴市人民法院", "basic"),
        ("上海铁路运输法院", "special"),
        ("某某垦区人民法院", "special"),
        ("", ""),
    ],
)
def test_court_level(court: str, level: str) -> None:
    assert court_level(court) == level


@pytest.mark.parametrize(
    ("court", "number", "place"),
    [
        ("宜兴市人民法院", "", ("江苏省", "无锡市")),
        ("吉林省通化县人民法院", "（2014）通刑初字第9号", ("吉林省", "通化市")),
        ("新乡县人民法院", "（2014）新刑初字第9号", ("河南省", "新乡市")),
        ("朝阳区人民法院", "", ("", "")),
        ("朝阳区人民法院", "（2018）京0105刑初9号", ("北京市", "")),
        ("某市某区人民法院", "（2018）苏02刑终3号", ("江苏省", "无锡市")),
        ("内蒙古科尔沁左翼后旗人民法院", "", ("内蒙古自治区", "通辽市")),
        ("广东省高级人民法院", "（2018）粤刑终3号", ("广东省", "")),
        ("", "", ("", "")),
    ],
)
def test_region(court: str, number: str, place: tuple[str, str]) -> None:
    assert region(court, number) == place


@pytest.mark.parametrize(
    ("number", "level"),
    [
        ("（2018）粤1971刑初45号", "first"),
        ("（2014）管刑初字第4号", "first"),
        ("（2014）东刑重字第4号", "first"),
        ("（2018）粤19刑终45号", "second"),
        ("（2014）东刑一终字第4号", "second"),
        ("（2018）粤19刑再4号", "retrial"),
        ("（2011）某刑再终字第8号", "retrial"),
        ("（2018）最高法刑核4号", "other"),
        ("（2016）粤19刑更23号", "other"),
        ("（2018）粤1971刑医4号", "other"),
    ],
)
def test_trial_level(number: str, level: str) -> None:
    assert values(document(number=number))["trial_level"] == level


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("公诉机关指控，被告人王某在医院闹事。", "first"),
        ("经审理查明，上诉人王某在医院闹事。", "second"),
        ("经审理查明，王某在医院闹事。", "other"),
        ("", "other"),
    ],
)
def test_trial_level_from_wording(text: str, level: str) -> None:
    assert values(text)["trial_level"] == level


@pytest.mark.parametrize(
    ("closing", "date"),
    [
        ("审判员赵某\n二○一九年十月三十一日\n书记员孙某", "2019-10-31"),
        ("审判员赵某\n二O一二年四月三日\n书记员孙某", "2012-04-03"),
        ("审判员赵某\n二0一五年七月十六日", "2015-07-16"),
        ("审判员赵某\n二零一六年一月二十日", "2016-01-20"),
        ("审　判　员　　赵某\n二 〇 一 八 年 五 月 二 十 九 日\n书　记　员　孙某", "2018-05-29"),
        ("审判员赵某二〇一八年二月八日书记员孙某", "2018-02-08"),
        ("审判员赵某\n2018年2月8日", "2018-02-08"),
        ("审判员赵某\n二〇一八年三月××日", "2018-03"),
        ("审判员赵某\n二〇一八年×月×日", "2018"),
        ("审判员赵某\n二〇一八年三月日", "2018-03"),
        ("审判员赵某\n二？一五年六月七日", "2015-06-07"),
        ("审判员赵某\n二一五年六月七日", "2015-06-07"),
        ("审判员赵某\n二□□九年元月十日", "2009-01-10"),
        ("审判员赵某\n二〇一七年十一月七\n书记员孙某", "2017-11-07"),
        ("审判员赵某\n二〇一七年十一月七曰\n书记员孙某", "2017-11-07"),
        ("审判员赵某\n二〇—五年—月廿三日", "2015-01-23"),
        ("审判员赵某\n贰零壹陆年拾月叁拾壹日", "2016-10-31"),
        ("审判员赵某\n二〇十五年八月卅一日", "2015-08-31"),
        ("审判员赵某\n2015.03.09\n书记员孙某", "2015-03-09"),
        ("审判员赵某\n二〇一八年×月×日\n附：2018年3月1日施行的规定", "2018"),
        ("如不服本判决，可在十日内上诉。\n二〇一八年五月六日\n书记员孙某", "2018-05-06"),
        ("审判员赵某", ""),
        ("", ""),
    ],
)
def test_date(closing: str, date: str) -> None:
    assert values(document(closing=closing))["decided_on"] == date


def test_dates_in_short() -> None:
    assert first_date("裁判日期：2018-2-8") == "2018-02-08"
    assert first_date("2018年元月廿八日") == "2018-01-28"
    assert first_date("2018年13月40日") == "2018"
    assert first_date("不详") == ""


def test_of_two_judgments_in_one_text_the_first_is_read() -> None:
    first = document(number="（2018）某0123刑初45号", closing="审判员赵某\n二〇一八年五月六日\n书记员孙某")
    second = document(number="（2019）某0123刑初9号", closing="审判员赵某\n二〇一九年七月八日\n书记员孙某")
    filler = "经审理查明，被告人王某在某医院门诊大厅与护士发生争执。" * 30
    found = values(first + "\n" + second.replace("审判员", filler + "\n审判员"))
    assert (found["case_number"], found["decided_on"]) == ("（2018）某0123刑初45号", "2018-05-06")


@pytest.mark.parametrize("text", ["", "\n", "法院", "（2018）", "人民法院\n刑事判决书", "审判长", "二〇一八年"])
def test_scraps_raise_nothing(text: str) -> None:
    assert len(labels(text)) == 8


@pytest.mark.parametrize("unit", ["（2018）", "人民法院\n", "审判员张某\n", "二〇一八年二月", "某"])
def test_a_long_monotonous_text_is_read_quickly(unit: str) -> None:
    case = read_case(judgment(unit * (200_000 // len(unit))))
    began = time.perf_counter()
    header_labels(case)
    assert time.perf_counter() - began < 5


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="（）201 8粤刑初终第号\n某省市县人民法院审判长二〇一年月日，。检", max_size=120))
def test_any_text_is_quoted_rightly(text: str) -> None:
    judged = judgment(text)
    for label in header_labels(read_case(judged)):
        assert all(0 <= span.start < span.end <= len(judged.text) for span in label.spans)


@given(st.dates())
def test_every_date_written_in_chinese_is_read(day: object) -> None:
    year, month, date = str(day).split("-")
    printed = "".join("〇一二三四五六七八九"[int(c)] for c in year)
    m = DATE.search(f"{printed}年{_numeral(int(month))}月{_numeral(int(date))}日")
    assert m is not None
    assert iso(m) == (str(day) if 1900 <= int(year) <= 2100 else "")


def _numeral(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else "一二三"[tens - 1] + "十") + ("" if ones == 0 else "一二三四五六七八九"[ones - 1])
