"""The rule workshop: rule files against their examples, in readable form, and against judgments. All sentences are invented."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import workshop
from pipeline.codebook import load
from pipeline.extract import extract
from pipeline.extract.engine.rules import load_rules
from pipeline.schema import AnjuanError, CodebookError, Judgment, Label, Section, Span, Speaker
from pipeline.store import Store
from pipeline.workshop.codings import Facts, coded_facts
from pipeline.workshop.deciders import DECIDERS
from pipeline.workshop.files import RuleFile
from pipeline.workshop.patterns import alternatives, readable

ROOT = Path(__file__).parents[1]
RULES = """variable = "alcohol"
values = ["yes", "no"]
sections = ["facts"]

[[rule]]
id = "drunk"
value = "yes"
pattern = '醉酒'
cancel = ['曾因']
hits = ["被告人张某醉酒闹事。"]
misses = [
  "被告人曾因醉酒被处罚。",
  "被告人张某没有醉酒。",
]
"""
ONE = """某省甲市人民法院
刑事判决书
（2019）某0102刑初11号
公诉机关甲市人民检察院。
被告人张某，男，1980年5月6日出生，汉族，初中文化，无业。
甲市人民检察院指控被告人张某犯寻衅滋事罪，向本院提起公诉。
经审理查明：2019年3月2日，被告人张某醉酒后来到甲市某医院急诊室，因嫌输液太慢，用凳子殴打护士赵某。经鉴定，赵某的损伤程度为轻微伤。被告人曾因醉酒驾驶被行政拘留。
上述事实，有证人钱某的证言：张某没有喝酒。
本院认为，被告人张某的行为已构成寻衅滋事罪。张某归案后如实供述，可以从轻处罚。
判决如下：被告人张某犯寻衅滋事罪，判处有期徒刑八个月。
如不服本判决，可在接到判决书的第二日起十日内提出上诉。
审判员 孙某
二〇一九年六月三日
"""
TWO = ONE.replace("张某", "李某甲").replace("11号", "12号").replace("醉酒后来到", "来到").replace("没有喝酒", "来了")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    judgments = [Judgment("test", "case-11", ONE), Judgment("test", "case-12", TWO)]
    opened = Store.open(tmp_path_factory.mktemp("workshop") / "study.db")
    opened.add_judgments(opened.begin_run("test"), judgments)
    said = [(judgment.judgment_id, extract(judgment)) for judgment in judgments]
    opened.replace_labels("extract", "x", {label.by for _, labels in said for label in labels} | {"rules"}, said, load().version)
    model = Label("case", "attack_type", "reactive", "model", (Span(0, 9, Section.HEADING, Speaker.RECORD, "words"),), 0.75)
    opened.replace_labels("classify", "x", "model", [(judgments[0].judgment_id, [model])], load().version)
    return opened


def changed(old: str, new: str) -> workshop.Result:
    assert old in RULES
    return workshop.check(RuleFile("mine", "mine.toml", RULES.replace(old, new)))


# ---- test


@pytest.mark.parametrize("name", workshop.names())
def test_every_shipped_file_passes_and_its_examples_are_counted(name: str) -> None:
    result, rules = workshop.check(workshop.shipped_file(name)), load_rules(name).rules
    assert (result.failure, result.rules) == ("", len(rules))
    assert (result.hits, result.misses) == (sum(len(r.hits) for r in rules), sum(len(r.misses) for r in rules))


def test_the_report_has_one_line_for_each_file_and_a_count() -> None:
    good, bad = workshop.check(RuleFile("good", "good.toml", RULES)), changed("醉酒闹事", "闹事")
    lines = workshop.report([good, bad]).splitlines()
    assert re.fullmatch(r"good +1 rules +1 hits +2 misses  ok", lines[0])
    assert lines[1].startswith("FAILED mine.toml:10: ")
    assert lines[2] == "1 of 2 files fail"
    assert workshop.report([good]).splitlines()[-1] == "1 rules in 1 files agree with their examples"


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ('hits = ["被告人张某醉酒闹事。"]\n', "", 5, "no `hits`; add"),
        ('hits = ["被告人张某醉酒闹事。"]', "hits = []", 10, "no `hits`; add"),
        ('hits = ["被告人张某醉酒闹事。"]', 'hits = "被告人张某醉酒闹事。"', 10, "`hits` must be a list"),
        ('["facts"]', '["fact"]', 5, "unknown section 'fact'; choose one of heading"),
        ("'醉酒'", "'醉酒('", 5, "is no regular expression"),
        ("'醉酒'", "'{{wine}}'", 5, "unknown vocabulary 'wine'"),
        ("'醉酒'", "'醉酒", 8, "not valid TOML"),
        ("'醉酒'", "7", 8, "`pattern` must be text in quotes"),
        ('"yes"\npattern', '"perhaps"\npattern', 5, "unknown value 'perhaps'; choose one of yes, no"),
        ("醉酒闹事", "闹事", 10, "its pattern matches nothing there: widen the pattern"),
        ("醉酒闹事", "曾因醉酒闹事", 10, "does not count, cancelled by 曾因"),
        ("醉酒闹事", "没有醉酒", 10, "does not count, a negating word stands just before it"),
        ("被告人张某没有醉酒。", "被告人张某已经醉酒。", 13, "must miss '被告人张某已经醉酒。' but finds '醉酒': narrow its pattern"),
        ("cancel =", "scope = 'paragraph'\ncancel =", 9, "unknown scope 'paragraph'; choose one of clause, sentence"),
        ("cancel =", "colour = 'red'\ncancel =", 5, "unknown key 'colour'"),
        ("cancel =", "negation = 'no'\ncancel =", 9, "`negation` must be true or false"),
        ("[[rule]]", "[[rule]] # drink", 5, "write [[rule]] alone on its line"),
        ("[[rule]]", "[rule]", 1, "`rule` must be written as [[rule]]"),
        (RULES, 'variable = "alcohol"\n', 1, "holds no rule"),
        (RULES, RULES + RULES[RULES.index("[[rule]]") :], 16, "the id 'drunk' is used on line 6 already"),
    ],
)
def test_the_usual_mistakes_are_named_with_line_and_remedy(old: str, new: str, line: int, words: str) -> None:
    failure = changed(old, new).failure
    assert failure.startswith(f"mine.toml:{line}: ")
    assert words in failure
    assert "\n" not in failure


def test_all_failing_examples_are_counted() -> None:
    broken = changed("'醉酒'", "'酒|张'")
    assert (broken.failure.startswith("mine.toml:13: "), broken.more) == (True, 0)
    assert changed("'醉酒'", "'没有'").more == 1


@given(st.text(max_size=200))
def test_no_text_breaks_the_check(text: str) -> None:
    assert workshop.check(RuleFile("mine", "mine.toml", text)).failure.startswith("mine.toml:")


@given(st.integers(0, len(RULES) - 1), st.sampled_from(["", "'", '"', "[", "]", "=", "#", "\n", "1", "(", "*"]))
def test_no_slip_of_the_pen_breaks_the_check(at: int, sign: str) -> None:
    failure = workshop.check(RuleFile("mine", "mine.toml", RULES[:at] + sign + RULES[at + 1 :])).failure
    assert not failure or re.match(r"mine\.toml:\d+: .", failure)


def test_a_changed_copy_is_read_from_anywhere(tmp_path: Path) -> None:
    copy = tmp_path / "alcohol.toml"
    copy.write_text(workshop.shipped_file("alcohol").text.replace("酩酊", "酩酊大醉"), "utf-8")
    assert workshop.check(workshop.file_at(copy)).failure == ""
    copy.write_bytes("# 酒".encode("gb18030"))
    with pytest.raises(AnjuanError, match="not UTF-8"):
        workshop.file_at(copy)
    with pytest.raises(AnjuanError, match="cannot be read"):
        workshop.file_at(tmp_path / "absent.toml")


# ---- show


@pytest.mark.parametrize("name", workshop.names())
def test_every_rule_of_every_file_is_shown_with_its_examples(name: str) -> None:
    shown = workshop.show(name)
    for rule in load_rules(name):
        assert f"\n{rule.id} = {rule.value}" in shown
        assert all(sentence in shown for sentence in (*rule.hits, *rule.misses))
    assert "(?:" not in shown
    assert "(?!" not in shown


def test_a_rule_is_shown_as_a_lawyer_reads_it() -> None:
    shown = workshop.show("alcohol")
    rule = shown[shown.index("alcohol.statute_18_4") :].split("\n\n")[0]
    assert re.search(r"= yes \(是\)  \[rules/alcohol\.toml:\d+\]", rule)
    assert "finds        第十八条第四款 | 醉酒的人犯罪" in rule
    assert "court_view (本院认为), disposition (判决如下)" in rule
    assert "court (法院), defence (被告方)" in rule


def test_vocabularies_are_written_out_on_request() -> None:
    assert "{{kin}}" in workshop.show("relation")
    expanded = workshop.show("relation", expand=True)
    assert "{{kin}}" not in expanded
    assert "岳母" in expanded


def test_an_unknown_name_lists_the_names() -> None:
    with pytest.raises(AnjuanError, match="choose one of: accessory, alcohol"):
        workshop.show("wine")


def test_a_pattern_is_cut_at_its_own_alternatives_only() -> None:
    assert alternatives(r"甲(?:乙|丙)|[|)]丁|\|戊|[]|]己") == [r"甲(?:乙|丙)", "[|)]丁", r"\|戊", "[]|]己"]
    assert readable(r"(?<!未)醉[^，。；]{0,8}(?P<who>酒)") == ["(not after: 未)醉⋯8(酒)"]


@pytest.mark.parametrize("name", workshop.names())
def test_the_alternatives_of_a_pattern_are_expressions_themselves(name: str) -> None:
    for rule in load_rules(name):
        parts = alternatives(rule.expression.regex.pattern)
        assert "|".join(parts) == rule.expression.regex.pattern
        assert all(re.compile(part) for part in parts)


# ---- the table of who decides


def test_every_variable_of_the_codebook_has_a_decider_and_every_rule_file_a_variable() -> None:
    assert set(DECIDERS) == set(load().variables)
    assert {file for decider in DECIDERS.values() for file in decider.files} == set(workshop.names())
    assert all((ROOT / "pipeline" / decider.module).exists() for decider in DECIDERS.values())


def test_the_files_of_a_variable_hold_every_rule_that_is_quoted_for_it() -> None:
    files_of = {rule.id: name for name in workshop.names() for rule in load_rules(name)}
    cases = (files("pipeline.extract") / ".." / ".." / "corpora" / "demonstration.jsonl").read_text("utf-8").splitlines()[:40]
    for case in map(json.loads, cases):
        for label in extract(Judgment("test", case["id"], case["text"])):
            for span in label.spans:
                assert span.rule not in files_of or files_of[span.rule] in DECIDERS[label.variable].files, (label.variable, span.rule)


# ---- coverage


def test_coverage_counts_labels_quotations_and_judgments(store: Store) -> None:
    told = workshop.coverage(store)
    assert re.search(r"^  confession_named +2 +2 +2  confession$", told, re.MULTILINE)
    assert re.search(r"^  slight +\d+ +\d+ +2  injury$", told, re.MULTILINE)
    assert re.search(r"^  conviction +2 +2 +2$", told, re.MULTILINE)
    assert re.search(r"^  alcohol +1 +50\.0%$", told, re.MULTILINE)


def test_coverage_tells_rules_that_never_fired_from_those_never_quoted(store: Store) -> None:
    told = workshop.coverage(store, "alcohol")
    never = told[told.index("never fired in 2 judgments") :]
    assert "alcohol.smell" in never
    assert "alcohol.after_drinking" not in never
    assert "alcohol.none" in told[told.index("fired, but no label quotes them") : told.index("never fired")]
    assert "slight" not in told
    with pytest.raises(CodebookError, match="did you mean: alcohol"):
        workshop.coverage(store, "alcohl")


# ---- why


def test_why_names_what_decided_what_competed_and_what_cancelled(store: Store) -> None:
    told = workshop.explain(store, "case-11", "alcohol")
    assert "case: yes (是), by rules" in told
    behind, _, rest = told.partition("competed")
    assert "alcohol.after_drinking = yes  [rules/alcohol.toml:" in behind
    assert "section facts (经审理查明), said by court (法院)" in behind
    assert re.search(r"被告人张某【醉?酒后】来到|【醉酒】后来到", behind)
    competed, _, cancelled = rest.partition("\ncancelled (")
    assert "alcohol.none = no" in competed
    assert "said by witness (证人、被害人)" in competed
    assert "cancelled by 曾因" in cancelled


def test_why_shows_matches_outside_a_rules_sections_and_limits_them(store: Store) -> None:
    told = workshop.explain(store, "case-11", "confession", limit=1)
    assert "defendant:1 张某: 1, by rules" in told
    assert "confession_named = 1" in told
    injury = workshop.explain(store, "case-11", "role", limit=1)
    assert "(--limit shows more)" in injury
    outside = workshop.explain(store, "case-12", "recidivist")
    assert "behind the value" not in outside


def test_why_works_for_every_variable(store: Store) -> None:
    for variable in load().variables:
        told = workshop.explain(store, "case-11", variable)
        assert told.startswith(f"{variable} (")
    assert "no rule file speaks for this variable" in workshop.explain(store, "case-11", "charge")
    assert "by rules, conviction" in workshop.explain(store, "case-11", "charge")
    assert "case: reactive (反应型), by model (0.75)" in workshop.explain(store, "case-11", "attack_type")
    assert "nobody has said anything" in workshop.explain(store, "case-12", "attack_type")
    assert "only people code this variable" in workshop.explain(store, "case-11", "note")


def test_a_judgment_is_found_by_any_of_its_names_or_their_beginning(store: Store) -> None:
    first, second = Judgment("test", "case-11", ONE).judgment_id, Judgment("test", "case-12", TWO).judgment_id
    for name in (first, first[:8], "case-11", "（2019）某0102刑初11号", "(2019)某0102刑初11", "[2019] 某0102刑初11号"):
        assert workshop.find_judgment(store, name) == first
    with pytest.raises(AnjuanError, match=rf"may be any of {first} \(.*\), {second} \(.*\)|may be any of {second}"):
        workshop.find_judgment(store, "case-1")
    for nobody in ("case-13", "%", "_ase-11", ""):
        with pytest.raises(AnjuanError, match="judgment"):
            workshop.find_judgment(store, nobody)


# ---- misses


def coded(tmp_path: Path, *rows: object) -> Path:
    path = tmp_path / "coded.jsonl"
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    return path


def test_misses_lists_what_differs_with_our_quotation(store: Store, tmp_path: Path) -> None:
    person = {"name": "张某", "gender": "female", "charges": ["寻衅滋事罪"], "sentence": {"kind": "fixed", "months": 9}, "confession": True}
    row = {"id": "case-11", "alcohol": "no", "weapon": ["blunt"], "defendants": [person], "victims": [{"name": "赵某", "injury": "minor"}]}
    told = workshop.misses(store, coded(tmp_path, row, {"id": "elsewhere", "alcohol": "no"}))
    assert re.search(r"^  case-11: coded no, ours yes  “.*酒.*” \(facts, court; alcohol\.after_drinking\)$", told, re.MULTILINE)
    assert "weapon: 0 of 1 differ" in told
    assert re.search(r"case-11 defendant 张某: coded female, ours male  “男”", told)
    assert re.search(r"case-11 defendant 张某: coded 9, ours 8  “.*八个月.*” \(disposition, court; order_months\)", told)
    assert re.search(r"case-11 victim 赵某: coded minor, ours slight  “轻微伤” \(facts, court; slight\)", told)
    assert "charge: 0 of 1 differ" in told
    assert "confession: 0 of 1 differ" in told
    assert told.endswith("2 codings; 1 not in the database: elsewhere")


def test_misses_of_persons_whom_only_one_side_names(store: Store, tmp_path: Path) -> None:
    row = {"id": "case-11", "defendants": [{"name": "周某", "gender": "male"}], "victims": [{"name": "吴某", "injury": "slight"}]}
    told = workshop.misses(store, coded(tmp_path, row))
    assert "case-11 defendant 周某: coded 周某, ours (absent)" in told
    assert "case-11 defendant 张某: coded (absent), ours 张某" in told
    assert "case-11 victim 吴某: coded slight, ours (absent)" in told
    assert "gender" not in told


def test_misses_of_one_variable_and_of_victims_without_names(store: Store, tmp_path: Path) -> None:
    row = {"id": "case-11", "alcohol": "no", "weapon": ["knife"], "victims": [{"role": "nurse", "injury": "slight", "n": 2}]}
    told = workshop.misses(store, coded(tmp_path, row), "injury")
    assert "case-11 victim nurse: coded slight,slight, ours slight" in told
    assert "alcohol" not in told


def test_a_case_coded_as_out_of_scope_is_compared_in_nothing_else() -> None:
    assert coded_facts({"id": "x", "in_scope": False, "alcohol": "no"}, load()) == Facts({("case", "in_scope"): ("0",)})


@pytest.mark.parametrize("line", ["{", "[]", '{"alcohol": "no"}', '{"id": 1, "victims": ["x"]}', '{"id": 1, "defendants": "x"}'])
def test_a_line_that_is_no_coding_is_named(store: Store, tmp_path: Path, line: str) -> None:
    path = tmp_path / "coded.jsonl"
    path.write_text('{"id": "case-11"}\n' + line, "utf-8")
    with pytest.raises(AnjuanError, match=r"coded\.jsonl:2: not"):
        workshop.misses(store, path)
