"""What the release hides, sentence by sentence: each recogniser's own examples, marked texts, and texts with no one in them."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.job.release_names import Work, masker, people_among, spot
from pipeline.release import Finding, Masked, Pseudonyms, Recogniser, recognisers
from pipeline.schema import CodebookError

VOCABULARY = {"surname": "张李", "common_surname": "张李", "compound": "欧阳"}
RULES = recognisers(VOCABULARY)
RULE = """
[terms]
place = '某地'
[[rule]]
id = "x"
pattern = '{{place}}'
put = "（地）"
hits = [["在某地", "在（地）"]]
misses = []
"""
MARK = re.compile(r"\{(\w+)\|([^{}]*)\}")
MARKED = (Path(__file__).parent / "cases/release_marked.txt").read_text("utf-8").split("\n\n")


def told(sentence: str) -> str:
    spots = masker().spot(sentence)
    return spots.masked(dict.fromkeys(spots.names, "〔名〕")).text


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_recogniser_agrees_with_its_examples(rule: Recogniser) -> None:
    assert rule.hits
    assert rule.misses
    for sentence, released in rule.hits:
        assert told(sentence) == released
    for sentence in rule.misses:
        assert told(sentence) == sentence


def test_recognisers_have_names_of_their_own() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)


@pytest.mark.parametrize(
    ("mended", "complaint"),
    [
        (RULE.replace('id = "x"', 'id = "x"\ncolour = "red"'), "recognisers.toml:4: unknown key 'colour'"),
        (RULE.replace("misses = []", ""), "recognisers.toml:4: 'misses' is missing"),
        (RULE.replace("{{place}}'", "{{nowhere}}'"), "recognisers.toml:4: unknown term 'nowhere'"),
        (RULE.replace("{{place}}'", "(某地'"), "recognisers.toml:4: no regular expression"),
        (RULE.replace('put = "（地）"', 'grow = "tree"'), "recognisers.toml:4: unknown growth 'tree'"),
        ("rule = ", "recognisers.toml: "),
    ],
)
def test_a_wrong_file_is_refused_with_its_line(mended: str, complaint: str) -> None:
    with pytest.raises(CodebookError) as refused:
        recognisers({}, mended)
    assert str(refused.value).startswith(complaint)


@pytest.mark.parametrize("number", range(len(MARKED)))
def test_marked_texts_keep_nothing_that_is_marked_and_lose_nothing_else(number: int) -> None:
    block = MARKED[number]
    text = MARK.sub(lambda m: m[2], block)
    spots = spot(Work("own", text, ()))
    released = spots.masked(dict.fromkeys(spots.names, "〔名〕")).text
    for kind, words in MARK.findall(block):
        if words != "老四":  # a nickname that nothing introduces as one: the known miss
            assert words not in released, f"{kind}: {words} is left"
    kept = [part for part in re.split(r"\{\w+\|[^{}]*\}", block) if len(part) > 12]
    assert all(part in released for part in kept)


def test_a_numeral_that_is_a_name_stays_a_numeral_elsewhere() -> None:
    spots = masker().spot("被告人五十八持刀。依照第五十八条，五十八元。", {"五十八"})
    assert spots.masked({"五十八": "某BC"}).text == "被告人某BC持刀。依照第五十八条，五十八元。"


def test_names_broken_by_blanks_are_found() -> None:
    text = "审 判 长 　王 大 山\n二〇二〇年一月二日".replace("　", " ")
    assert "王" not in told(text)


def test_a_place_is_no_person() -> None:
    spots = masker().spot("上诉人张某甲。云州市中级人民法院。北京市海淀区", {"北京市", "张某甲"})
    assert spots.names == {"张某甲"}


def test_known_names_win_over_companies_and_impossible_victims() -> None:
    labels = [
        ("defendant:1", "name", "东海宏业有限公司"),
        ("defendant:2", "name", "五十八"),
        ("defendant:2", "alias", "小五"),
        ("victim:1", "name", "医院大门"),
        ("victim:2", "name", "李某"),
        ("case", "court", "某法院"),
    ]
    assert dict(people_among(labels)) == {"五十八": "", "小五": "五十八", "李某": ""}


def test_one_name_has_one_pseudonym_in_a_case_and_another_in_the_next() -> None:
    maker = Pseudonyms(b"k" * 32)
    one = maker.name("case 1", {"张某", "张×", "李某"}, {})
    assert one["张某"] == one["张×"] != one["李某"]
    assert maker.name("case 1", {"王某"}, dict(one))["张某"] == one["张某"]
    assert Pseudonyms(b"k" * 32).name("case 1", {"张某", "张×", "李某"}, {}) == one
    assert Pseudonyms(b"q" * 32).name("case 1", {"张某"}, {})["张某"] != one["张某"]
    assert maker.name("case 2", {"张某"}, {})["张某"] != one["张某"]


def test_a_case_of_a_thousand_persons_has_a_thousand_pseudonyms() -> None:
    names = {f"张{chr(0x4E00 + n)}" for n in range(1000)}
    given = Pseudonyms().name("case", names, {})
    assert len({given[name] for name in names}) == 1000
    assert all(re.fullmatch("某[A-Z]{2,4}", pseudonym) for pseudonym in given.values())


stretches = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 9), st.text("甲乙AB", min_size=1, max_size=6)), max_size=8)


@given(st.text("天地玄黄", min_size=1, max_size=60), stretches, st.integers(0, 60), st.integers(1, 60))
@settings(max_examples=300, deadline=None)
def test_places_follow_the_text(text: str, replaced: list[tuple[int, int, str]], start: int, length: int) -> None:
    findings = [Finding(a, min(a + n, len(text)), put, "x") for a, n, put in replaced if a < len(text)]
    masked = Masked.of(text, findings)
    covered = {place for a, b, *_ in findings for place in range(a, b)}
    assert sum(len(f.text) for f in masked.findings) + len(text) - len(covered) == len(masked.text)
    for place in set(range(len(text))) - covered:
        first, last = masked.span(place, place + 1)
        assert masked.text[first:last] == text[place]
    start, end = min(start, len(text) - 1), min(start + length, len(text))
    if end > start:
        first, last = masked.span(start, end)
        assert 0 <= first < last <= len(masked.text)
        kept = [text[place] for place in range(start, end) if place not in covered]
        assert "".join(kept) == "".join(c for c in masked.text[first:last] if c in "天地玄黄")


def test_the_bench_reads_its_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parents[1] / "bench"))
    masking = importlib.import_module("masking")

    text, spans = next(masking.marked_texts(Path(__file__).parent / "cases/release_marked.txt"))
    assert {kind for *_, kind in spans} >= {"name", "hospital", "address"}
    assert text[spans[0][0] : spans[0][1]] == "（2018）云0199刑初21号"
