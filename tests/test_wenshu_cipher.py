"""Encrypted replies of the new site: built here with the site's own recipe, opened with and without the day."""

from __future__ import annotations

import base64
import json
from datetime import date

import pytest
from Cryptodome.Cipher import DES3
from Cryptodome.Util.Padding import pad
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.collect.formats.wenshu_cipher import decrypt
from pipeline.schema import RecordError

KEY = "q7Rt2mZx9LcV4bNk8HsWd3Fy"
REPLY = {"s1": "张某故意伤害一审刑事判决书", "s5": "0f0f", "s22": "江州省临江市东湖区人民法院", "s17": ["张某", "李某"]}
DAYS = [date(2019, 9, 1), date(2020, 2, 29), date(2021, 11, 11), date(2023, 12, 31), date(2024, 7, 17), date(2026, 1, 30)]


def encrypted(text: str, day: date, key: str = KEY) -> str:
    """Encrypt a reply as the site does."""
    cipher = DES3.new(key.encode(), DES3.MODE_CBC, iv=day.strftime("%Y%m%d").encode())
    return base64.b64encode(cipher.encrypt(pad(text.encode(), 8))).decode()


def without_its_end(result: str) -> str:
    """Cut a reply between two blocks."""
    return base64.b64encode(base64.b64decode(result)[:-16]).decode()


def told(value: object, *, indent: int | None = None) -> str:
    return json.dumps(value, ensure_ascii=False, separators=None if indent else (",", ":"), indent=indent)


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize(
    "text",
    [told(REPLY), told(REPLY, indent=1), told({"queryResult": {"resultCount": 0, "resultList": []}}), told({"relWenshu": [], **REPLY})],
)
def test_the_day_is_found_where_it_is_not_told(day: date, text: str) -> None:
    assert decrypt(encrypted(text, day), KEY) == text
    assert decrypt(encrypted(text, day), KEY, day) == text


def test_a_wrong_day_does_no_harm() -> None:
    text = told(REPLY)
    assert decrypt(encrypted(text, date(2021, 3, 4)), KEY, date(2021, 3, 3)) == text


def test_the_day_decides_where_the_reply_does_not() -> None:
    """The title's first character lies across the vector's end, and stands nowhere else."""
    text = told({"s1": "甲乙", "s7": "无"})
    for day in DAYS:
        assert decrypt(encrypted(text, day), KEY, day) == text


def test_a_day_before_the_site_opened_is_believed() -> None:
    text = told(REPLY)
    assert decrypt(encrypted(text, date(2019, 1, 2)), KEY, date(2019, 1, 2)) == text


def test_line_breaks_in_base64_are_no_damage() -> None:
    text = told(REPLY)
    whole = encrypted(text, DAYS[1])
    assert decrypt("\r\n".join(whole[i : i + 76] for i in range(0, len(whole), 76)), KEY) == text


@pytest.mark.parametrize(
    ("result", "key", "reason"),
    [
        ("", KEY, "truncated"),
        ("%%%", KEY, "truncated"),
        (encrypted(told(REPLY), DAYS[0])[:-8], KEY, "truncated"),
        (without_its_end(encrypted(told(REPLY), DAYS[0])), KEY, "encrypted"),
        (encrypted(told(REPLY), DAYS[0]), "another-key-of-24-letters"[:24], "encrypted"),
        (encrypted(told(REPLY), DAYS[0]), "short", "encrypted"),
        (encrypted(told(REPLY), DAYS[0]), "", "encrypted"),
        (encrypted("no reply at all, only words", DAYS[0]), KEY, "encrypted"),
    ],
)
def test_what_cannot_be_opened_says_so_and_shows_no_key(result: str, key: str, reason: str) -> None:
    with pytest.raises(RecordError) as caught:
        decrypt(result, key)
    assert caught.value.reason == reason
    assert not key or key not in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.__context__ is None or not key or key not in str(caught.value.__context__)


@given(st.text(max_size=120), st.text(max_size=30))
@settings(max_examples=60, deadline=None)
def test_anything_else_is_a_record_error(result: str, key: str) -> None:
    with pytest.raises(RecordError):
        decrypt(result, key)
