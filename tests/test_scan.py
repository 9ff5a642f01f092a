"""Anchors and the one pass: an expression finds with its anchors what it finds without them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.engine.rules import load_rules
from pipeline.resources import shipped
from pipeline.text.anchors import anchors
from pipeline.text.scan import Expression, Scan

RULE_FILES = sorted(p.stem for p in shipped("pipeline/extract/rules").glob("*.toml") if p.stem not in ("terms", "charges"))


@pytest.mark.parametrize(
    ("pattern", "words", "reach"),
    [
        ("持刀", {"持刀"}, 2),
        ("持(?:菜刀|匕首)", {"持菜刀", "持匕首"}, 3),
        ("(?:用|持)[^，。]{0,4}刀", {"刀"}, 6),
        ("(?:随身)?携带.{0,3}匕首", {"匕首"}, 9),
        ("[酒醉]后", {"酒后", "醉后"}, 2),
        ("酒?后", {"后", "酒后"}, 2),
        ("(?<!啤)酒(?!店)", {"酒"}, 1),
        (r"\d+", None, None),
        ("(?:喝酒){2}", {"喝酒"}, 4),
        ("刀*", None, None),
    ],
)
def test_anchors_are_read_from_the_expression(pattern: str, words: set[str] | None, reach: int | None) -> None:
    found = anchors(pattern)
    assert found.words == words
    assert found.reach == reach


def test_how_far_into_a_match_its_anchor_ends() -> None:
    assert anchors("(?:随身)?携带.{0,3}匕首.{0,90}").before == 9
    assert anchors("本院.{0,20}(?:(?:综合)?认为|如下)[^。]{0,50}").before == 2
    assert anchors("[^，]{0,9}(?:张某打人|.{2}李某打人)").before == 15


def test_a_lookahead_is_counted_with_the_edge_behind_it() -> None:
    assert anchors("刀(?=[^，]{0,12}砍)").ahead == 14


FILLER = "被告人张某于当日来到该院，因琐事与值班人员发生口角。"
SENTENCES = sorted({s for name in RULE_FILES for rule in load_rules(name) for s in (*rule.hits, *rule.misses)})


@given(st.lists(st.sampled_from([*SENTENCES, FILLER]), min_size=12, max_size=40))
def test_every_rule_finds_the_same_with_and_without_anchors(sentences: list[str]) -> None:
    text = "".join(sentences)
    scan = Scan(text)
    for rule in (r for name in RULE_FILES for r in load_rules(name)):
        plain = [m.span() for m in rule.expression.regex.finditer(text)]
        assert [m.span() for m in scan.finditer(rule.expression)] == plain, rule.id


def test_a_part_of_the_text_is_searched_as_a_part() -> None:
    text = FILLER * 20 + "其持刀刺伤医生。" + FILLER * 20
    expression, plain = Expression("持刀[^。]{0,6}"), re.compile("持刀[^。]{0,6}")
    at = text.index("持刀")
    for start, end in ((0, len(text)), (at, at + 4), (at + 1, len(text)), (0, at + 1), (at - 3, at + 3)):
        assert [m[0] for m in Scan(text).finditer(expression, start, end)] == [m[0] for m in plain.finditer(text, start, end)]
