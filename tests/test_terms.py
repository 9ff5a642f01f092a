"""Numbers of a judgment: terms in months, money in yuan."""

from __future__ import annotations

import re

import cn2an
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.decision.terms import MONEY, TERM, months, number, yuan


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("一年零六个月", 18),
        ("三年", 36),
        ("六个月", 6),
        ("1年6个月", 18),
        ("十八个月", 18),
        ("半年", 6),
        ("一年半", 18),
        ("二年又三个月", 27),
        ("壹年陆个月", 18),
        ("三年零三个月零十五日", 39),
        ("二十年", 240),
        ("一年六月", 18),
        ("十个月二十日", 10),
        ("有期徒刑", 0),
        ("", 0),
    ],
)
def test_months(words: str, expected: int) -> None:
    assert months(words) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("人民币二万元", 20000),
        ("20,000元", 20000),
        ("20，000元", 20000),
        ("2万元", 20000),
        ("1.5万元", 15000),
        ("贰万元", 20000),
        ("人民币壹仟元", 1000),
        ("1万5千元", 15000),
        ("一百二十万元", 1200000),
        ("三万五千元", 35000),
        ("1234.5元", 1234.5),
        ("元", 0),
    ],
)
def test_yuan(words: str, expected: float) -> None:
    assert yuan(words) == expected


@pytest.mark.parametrize("words", ["一年零六个月", "半年", "一年半", "2年", "十一个月", "二十年"])
def test_term_takes_the_whole_term(words: str) -> None:
    found = re.match(TERM, words + "，并处")
    assert found is not None
    assert found[0] == words


@pytest.mark.parametrize("words", ["元", "", "千万别", "一二三万亿百"])
def test_no_number_is_none_or_a_number(words: str) -> None:
    assert number(words) is None or isinstance(number(words), float)


@given(st.integers(1, 25), st.integers(0, 11))
def test_months_of_every_written_term(years: int, rest: int) -> None:
    chinese = cn2an.an2cn(years) + "年" + (f"零{cn2an.an2cn(rest)}个月" if rest else "")
    arabic = f"{years}年" + (f"{rest}个月" if rest else "")
    assert months(chinese) == months(arabic) == years * 12 + rest


@given(st.integers(1, 99_999_999))
def test_yuan_of_every_amount(amount: int) -> None:
    for words in (f"人民币{amount}元", f"{amount:,}元", cn2an.an2cn(amount) + "元"):
        found = re.match(MONEY, words)
        assert found is not None
        assert yuan(found[0]) == amount


@given(st.text(max_size=60))
def test_any_text_is_read_without_error(text: str) -> None:
    assert months(text) >= 0
    assert yuan(text) >= 0
