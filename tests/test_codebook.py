"""The codebook that ships, its loader's refusals, the check of values and the printed form."""

from __future__ import annotations

import pickle
import re
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.codebook import Codebook, CodebookError, load, parse, render, toml_lines
from pipeline.schema import Section, Speaker

SMALL = """\
version = "9"

[[unit]]
name = "case"
zh = "案件"
en = "Case"

[[section]]
name = "facts"
zh = "查明"
en = "Facts"

[[speaker]]
name = "court"
zh = "法院"
en = "Court"

[[variable]]
name = "noise"
units = ["case"]
kind = "choice"
zh = "噪音"
en = "Noise"
definition_zh = "有无噪音。"
definition_en = "Whether there was noise."
silence = "quiet"
silence_zh = "未提及为安静。"
silence_en = "Not mentioned is quiet."

[[variable.value]]
name = "quiet"
zh = "安静"
en = "Quiet"
definition_zh = "没有噪音。"
definition_en = "No noise."
order = 0

[[variable.value]]
name = "loud"
zh = "吵闹"
en = "Loud"
definition_zh = "有噪音。"
definition_en = "Noise."
order = 1
"""


@pytest.fixture(scope="module")
def book() -> Codebook:
    return load()


def line_of(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if part in line)


def refusal(text: str) -> str:
    with pytest.raises(CodebookError) as caught:
        parse(text, "small.toml")
    return str(caught.value)


def test_version_is_that_of_the_definitions_and_loading_is_cached(book: Codebook) -> None:
    assert book.version == "1.3"
    assert load() is book


def test_sections_and_speakers_are_those_of_the_schema(book: Codebook) -> None:
    assert set(book.sections) == {str(section) for section in Section}
    assert set(book.speakers) == {str(speaker) for speaker in Speaker}


@pytest.mark.parametrize(
    ("variable", "values"),
    [
        ("attack_type", "hatred reactive fortuitous"),
        (
            "cause",
            "treatment_outcome service_speed payment attitude procedure management dispute_handling other_grievance unrelated unclear",
        ),
        ("motive", "retaliation venting pressure personal_venting goal delusion unclear"),
        ("weapon_prepared", "yes no unclear"),
        ("weapon", "knife blunt fire_explosive liquid firearm vehicle funeral other"),
        ("alcohol", "yes no not_mentioned"),
        ("role", "doctor nurse other_clinical security admin police patient_or_visitor institution other"),
        ("injury", "death serious minor slight none_or_unstated"),
        ("relation", "patient family companion none staff unclear"),
        ("hospital_level", "tertiary secondary primary unstated"),
        ("department", "emergency outpatient inpatient icu_surgery obstetrics_paediatrics cashier_admin other unstated"),
        ("mental_disorder", "yes no not_mentioned"),
        ("prior_dispute_channel", "negotiation complaint peoples_mediation administrative_mediation appraisal litigation"),
        ("education", "illiterate primary junior senior college unstated"),
        ("sentence_kind", "death death_reprieve life fixed detention control exempt not_guilty fine_only unstated"),
        ("trial_level", "first second retrial other"),
        ("court_level", "supreme high intermediate basic special"),
        ("surrender", "0 1"),
    ],
)
def test_values_are_those_that_analysts_read(book: Codebook, variable: str, values: str) -> None:
    assert set(book[variable].names) == set(values.split())


def test_columns_of_the_contract_are_declared(book: Codebook) -> None:
    case = """title case_number court court_level province city trial_level decided_on incident_on in_scope attack_type cause motive
    weapon_prepared weapon alcohol relation hospital_level department mental_disorder prior_dispute_channel compensation forgiveness
    worst_injury worst_staff_injury defendants victims staff_victims"""
    defendant = """name gender birth ethnicity education occupation prior_record surrender confession plea_leniency recidivist accessory
    sentence_kind sentence_months probation_months fine charge meritorious attempt juvenile"""
    victim = "name role injury injury_grade persons"
    for unit, names in (("case", case), ("defendant", defendant), ("victim", victim)):
        assert set(names.split()) <= {variable.name for variable in book.of_unit(unit)}


def test_study_groups_cover_every_cause(book: Codebook) -> None:
    groups = {value.name: value.group for value in book["cause"].values}
    assert [group.name for group in book["cause"].groups] == ["outcome", "medical_service", "management", "dispute", "other"]
    assert {name for name, group in groups.items() if group == "medical_service"} == {"service_speed", "payment", "attitude", "procedure"}
    assert groups["treatment_outcome"] == "outcome"
    assert groups["unclear"] == "other"


def test_staff_roles_are_those_of_the_institution(book: Codebook) -> None:
    assert [value.name for value in book["role"].values if value.staff] == ["doctor", "nurse", "other_clinical", "security", "admin"]


def test_injuries_are_ranked(book: Codebook) -> None:
    assert book["injury"].ordered == ("none_or_unstated", "slight", "minor", "serious", "death")
    assert book["worst_injury"].worst(["slight", "serious", "minor"]) == "serious"
    assert book["worst_injury"].worst([]) == "none_or_unstated"


def test_attack_type_cause_motive_and_relation_are_coded_in_scope_only(book: Codebook) -> None:
    marked = {variable.name for variable in book.variables.values() if variable.scope_only}
    assert marked == {"attack_type", "cause", "motive", "relation", "confidence"}


def test_quotations_are_wanted_for_findings_not_for_defaults(book: Codebook) -> None:
    wanting = {variable.name for variable in book.variables.values() if variable.evidence}
    assert wanting == {"attack_type", "cause", "weapon_prepared", "alcohol", "worst_injury"}
    assert book["alcohol"].needs_quotation("yes")
    assert not book["alcohol"].needs_quotation("not_mentioned")
    assert not book["weapon_prepared"].needs_quotation("unclear")


def test_everything_has_words_in_both_languages(book: Codebook) -> None:
    chinese = re.compile(r"[\u4e00-\u9fff]")
    for variable in book.variables.values():
        for entry in (variable, *variable.values):
            assert chinese.search(entry.zh), entry.name
            assert chinese.search(entry.definition_zh), entry.name
            assert not chinese.search(re.sub(r"\([一-鿿]+\)|罪", "", entry.definition_en)), entry.name
            assert re.search("[A-Za-z]{2}", entry.definition_en), entry.name
            assert entry.en, entry.name
            assert not chinese.search(entry.en), entry.name


def test_silence_is_recordable_and_never_turns_not_mentioned_into_no(book: Codebook) -> None:
    for variable in book.variables.values():
        book.check(variable.name, variable.silence)
    assert {name for name in book.variables if book[name].silence == "no"} == {"weapon_prepared"}
    assert book["alcohol"].silence == book["mental_disorder"].silence == "not_mentioned"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("alcohol", "yes"),
        ("weapon", "knife"),
        ("weapon", ""),
        ("attack_type", ""),
        ("decided_on", "2018-03"),
        ("decided_on", ""),
        ("fine", "5000"),
        ("surrender", "1"),
        ("charge", "故意伤害罪"),
        ("name", "李某甲"),
    ],
)
def test_check_accepts(book: Codebook, variable: str, value: str) -> None:
    book.check(variable, value)


@pytest.mark.parametrize(
    ("variable", "value", "hint"),
    [
        ("alcohol", "maybe", "yes, no, not_mentioned"),
        ("alcohol", "", "yes, no, not_mentioned"),
        ("weapon", "knife,blunt", "knife, blunt, fire_explosive"),
        ("decided_on", "2018-13-01", "2018-03-14"),
        ("decided_on", "２０１８", "2018-03-14"),
        ("fine", "5,000", "whole number"),
        ("surrender", "true", "0 or 1"),
        ("alcohl", "yes", "alcohol"),
    ],
)
def test_check_refuses_and_lists_the_choices(book: Codebook, variable: str, value: str, hint: str) -> None:
    with pytest.raises(CodebookError, match=re.escape(hint)):
        book.check(variable, value)


@given(st.text(max_size=8))
def test_check_of_a_choice_accepts_its_names_and_nothing_else(value: str) -> None:
    book = load()
    if value in book["alcohol"].names:
        book.check("alcohol", value)
    else:
        with pytest.raises(CodebookError):
            book.check("alcohol", value)


def test_small_codebook_is_read() -> None:
    small = parse(SMALL, "small.toml")
    assert small["noise"].names == ("quiet", "loud")
    assert small["noise"].unit == "case"
    assert small.labeller("zh")("noise", "loud") == "吵闹"
    assert small.labeller("en")("noise", "shrill") == "shrill"


def test_fingerprint_follows_the_content() -> None:
    first = parse(SMALL, "small.toml").fingerprint
    assert re.fullmatch(r"[0-9a-f]{16}", first)
    assert parse(SMALL.replace("\n", "\r\n"), "other.toml").fingerprint == first
    assert parse(SMALL.replace("吵闹", "喧闹"), "small.toml").fingerprint != first


def test_codebook_travels_between_processes(book: Codebook) -> None:
    assert pickle.loads(pickle.dumps(book)) == book


def test_unknown_key_is_refused_with_its_line() -> None:
    text = SMALL.replace('en = "Loud"', 'en = "Loud"\ncolour = "red"')
    assert refusal(text).startswith(f"small.toml:{line_of(text, 'colour')}: unknown key 'colour'; known keys: name, zh, en")


@pytest.mark.parametrize(
    ("old", "new", "place", "message"),
    [
        ('kind = "choice"', 'kind = "choise"', "choise", "unknown kind 'choise'; choose one of: choice, list, flag"),
        ('units = ["case"]', 'units = ["court"]', '["court"]', "unknown units 'court'"),
        ('silence = "quiet"', 'silence = "calm"', '"calm"', "unknown silence 'calm'; choose one of: quiet, loud"),
        ('silence = "quiet"', 'silence = "quiet"\ndefaults = ["hush"]', "hush", "unknown defaults 'hush'"),
        ('silence = "quiet"', 'silence = "quiet"\nvalues_of = "sound"', "sound", "unknown values_of 'sound'"),
        ("order = 1", 'order = "1"', 'order = "1"', "'order' must be a whole number, not a string"),
        ("order = 1", "order = true", "order = true", "'order' must be a whole number, not true or false"),
        ("order = 1", 'group = "sound"', 'group = "sound"', "unknown group 'sound'; choose one of: (none declared)"),
        ('name = "loud"', 'name = "quiet"  # again', "# again", "value 'quiet' of 'noise' is declared twice"),
        ('kind = "choice"', 'kind = "integer"', 'name = "noise"', "is of kind integer and takes no values"),
        ('en = "Noise"\n', "", 'name = "noise"', "key 'en' is missing"),
        ('version = "9"', 'version = "9', 'version = "9', "not valid TOML"),
    ],
)
def test_impossible_entries_are_refused_with_their_line(old: str, new: str, place: str, message: str) -> None:
    text = SMALL.replace(old, new, 1)
    said = refusal(text)
    assert message in said
    file, line, _ = said.split(":", 2)
    assert file == "small.toml"
    assert abs(int(line) - line_of(text, place)) <= (1 if "missing" in message or "takes no" in message else 0)


def test_variable_declared_twice_is_refused() -> None:
    text = SMALL + SMALL[SMALL.index("[[variable]]") :]
    assert "variable 'noise' is declared twice" in refusal(text)


def test_an_array_of_plain_values_is_refused_not_a_crash() -> None:
    text = SMALL[: SMALL.index("[[unit]]")] + 'unit = []\nsection = []\nspeaker = []\nvariable = ["noise"]\n'
    assert "small.toml:6: expected a table" in refusal(text)


def test_lines_pass_over_multi_line_strings_and_count_nested_arrays() -> None:
    text = 'a = """\nb = 1\n"""\nc = 2\n[[d]]\n[[d.e]]\nf = 1\n[[d.e]]\nf = 2\n[[d]]\n[[d.e]]\nf = 3\n[g.h]\ni = 1\n'
    lines = toml_lines(text)
    assert ("b",) not in lines
    assert lines[("c",)] == 4
    assert lines[("d", 0, "e", 1, "f")] == 9
    assert lines[("d", 1, "e", 0, "f")] == 12
    assert lines[("g", "h", "i")] == 14


@given(st.lists(st.sampled_from(["[[a]]", "[[a.b]]", "x = 1", "# note", ""]), max_size=12))
def test_every_key_that_toml_finds_has_a_line_that_holds_it(parts: list[str]) -> None:
    text = "\n".join(["[[a]]", "[[a.b]]", *[part if part != "x = 1" else f"x{number} = 1" for number, part in enumerate(parts)]])
    lines = toml_lines(text)
    for index, table in enumerate(tomllib.loads(text)["a"]):
        for key in table:
            if key != "b":
                assert text.splitlines()[lines[("a", index, key)] - 1].startswith(key)
        for inner, nested in enumerate(table.get("b", [])):
            assert all(text.splitlines()[lines[("a", index, "b", inner, key)] - 1].startswith(key) for key in nested)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_printed_codebook_names_every_variable_and_value(book: Codebook, language: str) -> None:
    text = render(book, language)
    assert "1.3" in text.splitlines()[0]
    for variable in book.variables.values():
        assert f"## {variable.name} {variable.label(language)}" in text
        assert all(f"| `{value.name}`" in text for value in variable.values)


def test_printed_tables_are_aligned_for_wide_characters() -> None:
    table = [line for line in render(parse(SMALL, "small.toml"), "zh").splitlines() if line.startswith("|")]
    assert table[2] == "| `quiet` | 安静 | 没有噪音。 |"
    assert table[1] == "| ------- | ---- | --- |"


def test_unknown_language_is_refused(book: Codebook) -> None:
    with pytest.raises(CodebookError, match="zh, en"):
        render(book, "fr")
