"""Date of the first charged act, and dates in running text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract import read_case
from pipeline.extract.act.dates import dated
from pipeline.extract.act.incident import incident_labels
from pipeline.schema import Judgment
from pipeline.text import canonical


def incident(text: str) -> str:
    (label,) = incident_labels(read_case(Judgment("test", "1", canonical(text), text)))
    return label.value


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("经审理查明，2012年7月15日5时许，被告人张某殴打李某。2012年7月19日，张某被抓获。", "2012-07-15"),
        ("经审理查明，2014年9月11日，李某拒绝还书。9月13日，被告人张某将李某打伤。", "2014-09-13"),
        ("经审理查明，二〇一五年三月五日，被告人张某殴打李某。", "2015-03-05"),
        ("经审理查明，2018年3月的一天，被告人张某殴打李某。", "2018-03"),
        ("经审理查明，2018年3月4日，被告人张某与李某结算工钱。次日，被告人张某持木棍打伤李某。", "2018-03-05"),
        ("经审理查明，2009年11月3日，被告人张某因犯盗窃罪被判处有期徒刑一年。2011年2月8日，被告人张某殴打狱警李某。", "2011-02-08"),
        ("经审理查明，2008年5月，被告人张某等人持械斗殴。具体如下：2008年5月27日晚，被告人张某持刀砍伤李某。", "2008-05-27"),
        ("经审理查明，被告人张某于2019年9月2下午殴打李某。", "2019-09-02"),
        ("某区人民检察院指控，2014年5月6日，被告人张某殴打李某。\n经审理查明的事实与指控一致。", "2014-05-06"),
        # The earliest of numbered acts, in whatever order they are told; debts and treatments before them do not count.
        ("经审理查明，1、2018年3月5日，被告人张某殴打李某。\n2、2017年2月1日，被告人张某持刀砍伤王某。", "2017-02-01"),
        ("经审理查明，1、2018年3月5日，被告人张某殴打李某。\n2、2017年2月1日，王某向他人借款。后被告人张某殴打王某。", "2018-03-05"),
        (
            "经审理查明，2013年4月至2017年9月期间，被告人张某多次殴打他人。具体如下：\n1、2018年3月5日，被告人张某殴打李某。\n2、2016年3月1日，被告人张某砸坏王某的车。",
            "2016-03-01",
        ),
        # A numbered act that opens with its background; one that is told after the evidence of the act before.
        (
            "经审理查明，1、2018年3月5日，被告人张某殴打李某。\n2、2017年2月1日，王某向他人借款。2017年2月9日，被告人张某殴打王某。",
            "2017-02-09",
        ),
        (
            "经审理查明，一、2018年3月5日，被告人张某殴打李某。\n上述事实，有证人王某的证言等证据证实。\n二、2017年2月1日，被告人张某殴打赵某。\n"
            "上述事实，有证人王某的证言等证据证实。",
            "2017-02-01",
        ),
        # A date that tells whose wages, whose birth or when found besides is no act.
        ("经审理查明，2019年5月1日，李某到被告人张某的住处讨要2019年4月的工资，二人争执，被告人张某将李某打伤。", "2019-05-01"),
        ("经审理查明，2017年9月5日晚，被告人张某尾随被害人李某（出生于2000年9月18日），后强行将其拖入树林。", "2017-09-05"),
        (
            "原判认定，2017年7月23日，被告人张某持刀捅伤李某。\n经审理查明，另查明，2017年9月28日，被告人张某的家属支付医疗费，李某辱骂来人。",
            "2017-07-23",
        ),
        ("经审理查明，2016年4月2日，被害人李某被张某乙骗至租房内关押。至4月8日，被告人张某等人轮流看管。当日，李某坠楼。", "2016-04-02"),
        ("经审理查明，自2018年2月起，被告人张某多次强行与李某发生性关系。2018年4月25日，被告人张某再次强奸李某时被发现。", "2018-02"),
        ("经审理查明，2018年2月以来，被告人张某与李某有矛盾。2018年4月25日，被告人张某将李某打伤。", "2018-04-25"),
        # Crimes without violence.
        ("经审理查明，2017年12月至2018年7月，被告人张某在其租房内容留李某吸食毒品七次。2018年10月30日，被告人张某被抓获。", "2017-12"),
        (
            "检察院指控被告人张某犯贩卖毒品罪，于2016年11月9日提起公诉。\n检察院指控，被告人张某分别于2016年5月31日、6月10日两次向李某贩卖冰毒。2016年6月30日，被告人张某再次贩卖时被当场抓获。",
            "2016-05-31",
        ),
        ("经审理查明，8月7日15时许，被告人张某殴打医生李某。", ""),
        ("经审理查明，被告人张某殴打李某。", ""),
        ("", ""),
    ],
)
def test_first_act(text: str, iso: str) -> None:
    assert incident(text) == iso


@pytest.mark.parametrize(
    ("text", "isos"),
    [
        ("2013年8月9日晚，同年9月2日，次日，同月底", ["2013-08-09", "2013-09-02", "2013-09-03", "2013-09"]),
        ("2016年12月31日，第二天", ["2016-12-31", "2017-01-01"]),
        ("2016年4月2日至4月8日", ["2016-04-02", "2016-04-08"]),
        ("2014年7、8月份", ["2014-07"]),
        ("2015年3月4日晚，5日凌晨1时", ["2015-03-04", "2015-03-05"]),
    ],
)
def test_dates_resolve_one_another(text: str, isos: list[str]) -> None:
    assert [date.iso for date in dated(text, 0, len(text))] == isos


def test_the_end_of_a_period_is_marked() -> None:
    text = "2016年4月2日至4月8日"
    assert [date.until for date in dated(text, 0, len(text))] == [False, True]


@given(st.dates())
def test_every_date_reads_back(day: object) -> None:
    text = f"{day:%Y}年{day.month}月{day.day}日"  # type: ignore[attr-defined]
    if not 1900 <= day.year <= 2099:  # type: ignore[attr-defined]
        return
    assert next(dated(text, 0, len(text))).iso == str(day)


@given(st.text(alphabet="0123456789年月日同次当初十二三〇至，。 晚被告人打", max_size=60))
def test_anything_is_read_without_error(text: str) -> None:
    for date in dated(text, 0, len(text)):
        assert 0 <= date.start < date.end <= len(text)
    incident(text)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "\n审判长　王某\n附：相关法律条文\n《中华人民共和国刑法》（2011年2月25日修正）第二百九十三条　随意殴打他人，情节恶劣的。\n"),
        ("被告人张某辩称，2012年1月5日李某先持刀殴打被告人张某。\n", ""),
    ],
)
def test_statutes_and_pleas_change_no_date(before: str, after: str) -> None:
    assert incident(before + "经审理查明，2014年5月6日，被告人张某殴打李某。" + after) == "2014-05-06"


def test_long_texts_are_read_in_linear_time() -> None:
    start = time.process_time()
    for text in ("2016年3月5日、" * 10_000, "1、2016年3月，" * 10_000, "年月日" * 30_000):
        incident(text)
    assert time.process_time() - start < 20
