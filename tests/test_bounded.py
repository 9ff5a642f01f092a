"""No text makes a rule or the extraction slow: time grows with the length, not with its square (see adversarial.py)."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

import adversarial
import pytest
from adversarial import CHARACTERS, PHRASES, RULE_FILES, beginnings, endless, inside, near_misses, seconds, stretched

from pipeline.extract import extract
from pipeline.extract.engine.rules import Rule, load_rules
from pipeline.schema import Judgment

DEMONSTRATION = Path(__file__).parents[1] / "corpora" / "demonstration.jsonl"
SHORT, LONG = 8_000, 32_000  # characters: a long judgment, and one that nobody has seen
SLOWER = 100  # times as long as a normal text a character, at most
GROWTH = 8  # LONG takes four times SHORT when time grows with the length, sixteen times with its square
IN_EARNEST = 0.3  # seconds; below this a ratio measures the clock
PATTERN_TEXT, PATTERN_LIMIT = 4_000, 0.15  # characters, and seconds that one pattern may take over them


@cache
def normal() -> float:
    """Seconds a character of ordinary judgments in this process."""
    texts = [json.loads(line)["text"] for line in DEMONSTRATION.read_text("utf-8").splitlines()[::6]]
    extract(Judgment("test", "", texts[0]))
    return seconds(lambda: [extract(Judgment("test", "", text)) for text in texts], 120) / sum(map(len, texts))


def check_extraction(short: str, long: str) -> None:
    """The extraction of the short text ends in time, and the long one takes no more than its length explains."""
    first = seconds(lambda: extract(Judgment("test", "", short)), SLOWER * normal() * len(short))
    seconds(lambda: extract(Judgment("test", "", long)), max(IN_EARNEST, GROWTH * first))


@pytest.mark.parametrize("unit", [*CHARACTERS, *PHRASES])
def test_a_phrase_without_end_is_read_in_time(unit: str) -> None:
    check_extraction(inside(stretched(unit, SHORT)), inside(stretched(unit, LONG)))


@pytest.mark.parametrize("file", RULE_FILES)
def test_words_that_nearly_make_a_rule_fire_are_read_in_time(file: str) -> None:
    check_extraction(inside(near_misses(file, SHORT)), inside(near_misses(file, LONG)))


@pytest.mark.parametrize("unit", ["张", "被告人张某", " ", "\n", "9"])
def test_a_text_of_one_phrase_and_nothing_else_is_read_in_time(unit: str) -> None:
    check_extraction(stretched(unit, SHORT), stretched(unit, LONG))


def slow_texts(rule: Rule) -> list[str]:
    """What one pattern of the rule takes too long over."""
    texts = dict(endless(PATTERN_TEXT)) | {repr(unit): stretched(unit, PATTERN_TEXT) for unit in beginnings(rule)[::2]}
    slow = []
    for pattern in (rule.expression.regex, *rule.cancel):
        for name, text in texts.items():
            try:
                seconds(lambda p=pattern, t=text: list(p.finditer(t)), PATTERN_LIMIT)
            except adversarial.TooSlowError:
                slow.append(f"{rule.id} over {name}: {pattern.pattern[:60]}")
    return slow


@pytest.mark.parametrize("file", RULE_FILES)
def test_every_pattern_is_bounded(file: str) -> None:
    assert [slow for rule in load_rules(file).rules for slow in slow_texts(rule)] == []


def test_the_clock_stops_a_catastrophic_pattern() -> None:
    with pytest.raises(adversarial.TooSlowError):
        seconds(lambda: re.search("(?:某+)+。", "某" * 40), 0.2)
