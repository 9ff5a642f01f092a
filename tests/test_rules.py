"""The rule engine, and the rule files themselves: every pattern hits its examples and misses its false friends."""

from __future__ import annotations

from importlib.resources import files

import pytest

from pipeline.extract.engine.matching import find
from pipeline.extract.engine.negation import negated
from pipeline.extract.engine.rules import load_rules, parse_rules
from pipeline.schema import CodebookError, Section
from pipeline.text import Document

RULE_FILES = sorted(
    p.name.removesuffix(".toml")
    for p in (files("pipeline.extract") / "rules").iterdir()
    if p.name.endswith(".toml") and "[[rule]]" in p.read_text("utf-8")
)
RULE = """
variable = "injury"
sections = ["facts"]
[[rule]]
id = "slight"
value = "slight"
pattern = "轻微伤"
hits = ["致李某轻微伤。"]
misses = ["李某的伤未达到轻微伤。"]
"""


@pytest.mark.parametrize("name", RULE_FILES)
def test_every_rule_file_agrees_with_its_examples(name: str) -> None:
    rules = load_rules(name).rules
    assert rules
    assert len({rule.id for rule in rules}) == len(rules)
    for rule in rules:
        assert rule.hits, f"{name}: {rule.id} has no example"


def test_a_rule_fires_only_in_its_sections() -> None:
    rules = parse_rules(RULE, "x.toml")
    text = "经审理查明，致李某轻微伤。"
    assert [m.found[0] for m in find(rules, Document.read(text))] == ["轻微伤"]
    assert not find(rules, Document.read(text, Section.STATUTE))


@pytest.mark.parametrize(
    ("mended", "complaint"),
    [
        (RULE.replace('id = "slight"', 'id = "slight"\ncolour = "red"'), "x.toml:4: unknown key 'colour'"),
        (RULE.replace('["facts"]', '["somewhere"]'), "x.toml:4: unknown section 'somewhere'"),
        (RULE.replace("致李某轻微伤。", "致李某轻伤。"), "x.toml:4: rule 'slight' does not find its own example"),
        (RULE.replace("李某的伤未达到轻微伤。", "李某受轻微伤。"), "x.toml:4: rule 'slight' fires on"),
        (RULE.replace('"轻微伤"', '"轻微伤("'), "x.toml:4: pattern '轻微伤(' is no regular expression"),
        (RULE.replace('"轻微伤"', '"{{nobody}}"'), "x.toml:4: unknown vocabulary 'nobody'"),
        (RULE.replace("sections", 'values = ["death"]\nsections'), "x.toml:5: unknown value 'slight'"),
        ("variable = ", "x.toml: "),
    ],
)
def test_a_wrong_rule_file_is_refused_with_its_line(mended: str, complaint: str) -> None:
    with pytest.raises(CodebookError, match=r".") as refused:
        parse_rules(mended, "x.toml")
    assert str(refused.value).startswith(complaint)


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("李某的伤未达到", True),
        ("李某不构成", True),
        ("尚不构成", True),
        ("没有", True),
        ("未成年人李某所受损伤为", False),
        ("张某无故殴打李某致", False),
        ("不服管教致李某", False),
        ("李某构成", False),
    ],
)
def test_negation_knows_its_false_friends(before: str, expected: bool) -> None:
    assert negated(before + "轻伤", 0, len(before)) is expected


def test_a_pattern_without_bound_is_refused() -> None:
    rule = "[[rule]]\nid = 'a'\nvalue = '1'\npattern = '持[^。]*刀'\nhits = ['张某持刀。']\n"
    with pytest.raises(CodebookError, match=r"mine.toml:1: .*may match without end"):
        parse_rules(rule, "mine.toml")
