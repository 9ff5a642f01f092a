"""Keywords: every expression's own examples, the algebra against a naive evaluator, spellings, filters, messages, explanations."""

from __future__ import annotations

import contextlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.collect import Rejected
from pipeline.collect.keywords import Hit, KeywordsError, load
from pipeline.collect.keywords.explaining import explain, explain_paths, listing
from pipeline.collect.keywords.file import interpret, parse
from pipeline.collect.keywords.filters import Filters
from pipeline.collect.keywords.folding import BLANKS, _replaced, fold, forms
from pipeline.collect.keywords.matching import Keywords
from pipeline.schema import Judgment

ROOT = Path(__file__).parents[1]
KEYWORDS = load(ROOT / "corpora" / "keywords.toml")
EXPRESSIONS = {expression.name: expression for expression in KEYWORDS.expressions}
EXAMPLES = [
    (e.name, sentence, wanted) for e in KEYWORDS.expressions for wanted, group in ((True, e.hits), (False, e.misses)) for sentence in group
]

SMALL = """
[vocabulary]
staff = ["医生", "护士", "医务人员"]
blow = ["殴打", "砍"]
[[expression]]
name = "staff_attacked"
zh = "殴打医务人员"
near = ["{staff}", "{blow}"]
within = 6
unless = ["经…{staff}"]
hits = ["张某殴打值班医生。"]
"""


def names(hits: list[Hit]) -> set[str]:
    return {hit.expression for hit in hits}


def judgment(text: str = "", title: str = "", **metadata: str) -> Judgment:
    return Judgment(source="test", source_id="1", text=text, title=title, metadata=metadata)


def one(body: str) -> Keywords:
    """A file of one expression, whatever its examples."""
    return interpret(f"[[expression]]\nname = 'only'\n{body}\n", "keywords.toml")


# The shipped file.


@pytest.mark.parametrize(("name", "sentence", "wanted"), EXAMPLES)
def test_expressions_find_their_hits_and_no_misses(name: str, sentence: str, wanted: bool) -> None:
    assert (name in names(KEYWORDS.find(sentence))) is wanted


def test_every_expression_has_a_hit_a_miss_and_labels() -> None:
    for expression in KEYWORDS.expressions:
        assert expression.hits, expression.name
        assert expression.misses, expression.name
        assert expression.zh
        assert re.search("[\u4e00-\u9fff]", expression.zh)
        assert expression.en != expression.name


@pytest.mark.parametrize("literal", ["杀害医务人员", "伤医", "报复医生", "殴打医生"])
def test_the_keywords_of_the_study_are_there_letter_for_letter(literal: str) -> None:
    (expression,) = [e for e in KEYWORDS.expressions if e.name.startswith("study_") and literal in e.query]
    assert names(KEYWORDS.find(f"该案系{literal}一案。")) >= {expression.name}


@pytest.mark.parametrize(
    "sentence",
    [
        "被告人张某持水果刀将值班医生李某甲捅伤。",
        "王某对护士赵某实施殴打。",
        "李某持刀捅刺主治医师周某。",
        "吴某多次到某县人民医院闹事。",
        "郑某砸毁护士站的电脑。",
        "孙某等人在某卫生院门口停尸、拉横幅。",
        "外科医生冯某为陈某之父做过手术。陈某之父去世后，陈某于次日守在路口，用铁棍将冯某的腿打断。",
    ],
)
def test_attacks_in_the_words_of_judgments_are_found(sentence: str) -> None:
    assert KEYWORDS.find(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "李某被张某打伤，经医生抢救无效死亡。",
        "张某持刀将李某捅伤后逃离，李某被送往某县人民医院抢救。",
        "上述事实，有某市中心医院诊断证明、法医学鉴定书、被害人李某的陈述证实。",
        "赵某殴打小区保安王某，致其轻伤。",
        "经鉴定，李某受伤后医治无效死亡。",
        "民警将王某带至某市人民医院抽取血样。",
        "张某在某超市门口与他人发生口角，将他人推倒在地。",
        "原告主张护理人员误工费、住院伙食补助费，李某的伤情构成轻伤。",
    ],
)
def test_what_is_no_attack_on_staff_is_not_found(sentence: str) -> None:
    assert not KEYWORDS.find(sentence)


def coded(in_scope: bool) -> list[str]:
    """Texts of the shipped corpora that are coded as in scope, or as out of it."""
    found = []
    for name in ("demonstration", "invented"):
        labels = [json.loads(line) for line in (ROOT / "annotations" / f"{name}.jsonl").read_text("utf-8").splitlines()]
        wanted = {label["id"] for label in labels if label.get("in_scope") is in_scope}
        texts = [json.loads(line) for line in (ROOT / "corpora" / f"{name}.jsonl").read_text("utf-8").splitlines()]
        found += [text["text"] for text in texts if text["id"] in wanted]
    return found


def test_no_coded_case_is_missed() -> None:
    texts = coded(in_scope=True)
    assert len(texts) >= 243
    assert sum(not KEYWORDS.find(text) for text in texts) <= len(texts) // 100


def test_the_words_looked_for_first_are_few_and_rare() -> None:
    assert len(KEYWORDS.spellings) < 200
    assert not {"打", "推", "伤", "工作人员", "不满"} & set(KEYWORDS.spelling.literals)


# Blanks, traditional characters, full-width letters.


@pytest.mark.parametrize(
    "text", ["张某殴打值班医生。", "张某殴 打值班医\n 生。", "張某毆打值班醫生。", "张某毆\u200b打值\u3000班\r\n醫\ufeff生。"]
)
def test_blanks_and_traditional_characters_do_not_matter(text: str) -> None:
    (hit,) = parse(SMALL, "small.toml").find(text)
    assert text[hit.start : hit.end].strip() == text[hit.start : hit.end]
    assert fold(text[hit.start : hit.end]) == "殴打值班医生"


def test_full_width_letters_do_not_matter_and_masks_are_left_alone() -> None:
    keywords = one("any = ['ICU病房']")
    assert keywords.find("在ＩＣＵ病房内") == [Hit("only", 1, 6)]
    assert not keywords.find("在I×U病房内")


def test_folding_once_is_enough() -> None:
    assert not set(_replaced().values()) & _replaced().keys()


@given(st.text(alphabet="医生醫護ICＩＣＵ殴毆" + BLANKS[:6] + "\u200b\u3000", max_size=20))
def test_a_folded_text_leads_back_to_the_printed_one(text: str) -> None:
    folded = one("any = ['医生护殴ICU']").folded(text)
    way_back = folded.places()
    for i, character in enumerate(folded.text):
        start, end = way_back.origin_span(i, i + 1)
        assert end == start + 1
        assert fold(text[start:end]) == character


@given(st.sampled_from(["医务人员", "聚众扰乱医疗秩序", "ICU", "殴打"]))
def test_every_form_of_a_word_folds_to_it(word: str) -> None:
    spelled = forms(word)
    assert spelled[0] == word
    assert len(set(spelled)) == len(spelled)
    assert {fold(form) for form in spelled} == {word}


# The algebra, against a naive evaluator.

WORDS = ["甲", "乙", "丙乙", "丁", "戊甲"]
PHRASES = [*WORDS, "甲…丁", "{v}", "{v}丁"]
VOCABULARY = ["丙", "乙"]
TEXTS = st.text(alphabet="甲乙丙丁戊，。一一\n ", max_size=40)
GROUPS = st.lists(st.sampled_from(PHRASES), min_size=1, max_size=2)
LEAVES: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from(PHRASES),
    st.fixed_dictionaries({"near": st.lists(GROUPS, min_size=2, max_size=3), "within": st.integers(0, 8), "across": st.booleans()}),
)
CONDITIONS = st.recursive(
    LEAVES,
    lambda inner: st.dictionaries(st.sampled_from(["any", "all", "not"]), st.lists(inner, min_size=1, max_size=2), min_size=1),
    max_leaves=5,
)


def toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {toml(member)}" for key, member in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def naive_places(phrase: str, text: str) -> list[tuple[int, int]]:
    """Every place of a phrase, tried out: at each beginning the longest."""
    if phrase == "{v}":
        return sorted({place for word in VOCABULARY for place in naive_places(word, text)})
    if phrase == "{v}丁":
        return sorted({place for word in VOCABULARY for place in naive_places(word + "丁", text)})
    before, gap, after = phrase.partition("…")
    places = []
    for start in range(len(text)):
        for end in range(len(text), start, -1):
            inside = text[start + len(before) : end - len(after)]
            long_enough = end - start >= len(before) + len(after)
            if not gap and text[start:end] == phrase:
                places.append((start, end))
            fits = long_enough and text[start:end].startswith(before) and text[start:end].endswith(after)
            if gap and fits and len(inside) <= 8 and "，" not in inside and "。" not in inside:
                places.append((start, end))
                break
    return places


class Naive:
    """Evaluates a condition by its words."""

    def __init__(self, text: str, unless: list[str]) -> None:
        self.text = text
        self.void = [place for phrase in unless for place in naive_places(phrase, text)]

    def counts(self, place: tuple[int, int]) -> bool:
        return not any(start < place[1] and place[0] < end for start, end in self.void)

    def places(self, group: list[str]) -> list[tuple[int, int]]:
        return sorted({place for phrase in group for place in naive_places(phrase, self.text) if self.counts(place)})

    def find(self, condition: Any) -> set[tuple[int, int]] | None:
        if isinstance(condition, str):
            return set(self.places([condition])) or None
        found: list[set[tuple[int, int]] | None] = []
        if "any" in condition:
            members = [places for member in condition["any"] if (places := self.find(member)) is not None]
            found.append(set().union(*members) if members else None)
        found += [self.find(member) for member in condition.get("all", [])]
        if "near" in condition:
            found.append(self.near(**condition))
        if "not" in condition:
            found.append(set() if all(self.find(member) is None for member in condition["not"]) else None)
        return None if None in found else set().union(*(places for places in found if places is not None))

    def near(self, near: list[list[str]], within: int, across: bool) -> set[tuple[int, int]] | None:
        found = set()
        for start, end in self.places(near[0]):
            chosen = [(start, end)]
            for group in near[1:]:
                fit = []
                for other in self.places(group):
                    gap = max(other[0] - end, start - other[1])
                    between = self.text[min(end, other[1]) : max(start, other[0])]
                    if 0 <= gap <= within and (across or "。" not in between):
                        fit.append((gap, other))
                chosen += [min(fit)[1]] if fit else []
            if len(chosen) == len(near):
                found.add((min(a for a, _ in chosen), max(b for _, b in chosen)))
        return {a for a in found if not any(b != a and a[0] <= b[0] and b[1] <= a[1] for b in found)} or None


@settings(max_examples=400, deadline=None)
@given(CONDITIONS, st.lists(st.sampled_from(PHRASES), max_size=2), TEXTS)
def test_conditions_hold_as_their_words_say(condition: Any, unless: list[str], text: str) -> None:
    file = (
        f"[vocabulary]\nv = {toml(VOCABULARY)}\n[[expression]]\nname = 'only'\nall = [{toml(condition)}, '丁']\nunless = {toml(unless)}\n"
    )
    keywords = interpret(file, "keywords.toml")
    folded = "".join(text.split())
    naive = Naive(folded, unless)
    expected, always = naive.find(condition), naive.find("丁")
    places = sorted(expected | always) if expected is not None and always is not None else []
    covered = {i for start, end in places for i in range(start, end)}
    hits = keywords.find(text)
    assert bool(hits) is bool(places)
    printed = [i for i, character in enumerate(text) if not character.isspace()]
    assert {i for hit in hits for i in range(hit.start, hit.end) if not text[i].isspace()} == {printed[i] for i in covered}
    assert all(not text[hit.start].isspace() and not text[hit.end - 1].isspace() for hit in hits)


DENSE = st.text(alphabet="甲乙丙丁，。", max_size=24)
NEAR_PHRASES = ["甲", "乙", "丙", "甲…乙", "丁…丙", "甲乙"]


def without_overlaps(places: set[tuple[int, int]] | None) -> list[tuple[int, int]]:
    """Places that overlap as one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(places or ()):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


@settings(max_examples=500, deadline=None)
@given(
    st.lists(st.lists(st.sampled_from(NEAR_PHRASES), min_size=1, max_size=2), min_size=2, max_size=3),
    st.lists(st.sampled_from(NEAR_PHRASES), max_size=2),
    st.integers(0, 5),
    st.booleans(),
    DENSE,
)
def test_neighbours_are_found_as_their_words_say(near: list[list[str]], unless: list[str], within: int, across: bool, text: str) -> None:
    keywords = one(f"near = {toml(near)}\nwithin = {within}\nacross = {toml(across)}\nunless = {toml(unless)}")
    expected = without_overlaps(Naive(text, unless).near(near, within, across))
    assert [(hit.start, hit.end) for hit in keywords.find(text)] == expected


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(NEAR_PHRASES), st.lists(st.sampled_from(NEAR_PHRASES), max_size=2), DENSE)
def test_phrases_are_found_as_their_words_say(phrase: str, unless: list[str], text: str) -> None:
    keywords = one(f"any = [{toml(phrase)}]\nunless = {toml(unless)}")
    assert [(hit.start, hit.end) for hit in keywords.find(text)] == without_overlaps(set(Naive(text, unless).places([phrase])))


@pytest.mark.parametrize("distance", [0, 1, 15, 16, 17, 63, 64, 65, 90])
def test_the_distance_is_kept_to_the_character(distance: int) -> None:
    keywords = one(f"near = ['医生', '殴打']\nwithin = {distance}")
    for gap in range(distance + 3):
        found = keywords.find(f"医生{'一' * gap}殴打") + keywords.find(f"殴打{'一' * gap}医生")
        assert len(found) == (2 if gap <= distance else 0)


def test_places_beside_one_another_stay_apart() -> None:
    assert one("any = ['医生', '护士']").find("医生护士") == [Hit("only", 0, 2), Hit("only", 2, 4)]


def test_a_word_is_spotted_by_a_shorter_one() -> None:
    keywords = one("any = ['医生', '主治医生', '护士']")
    assert keywords.spelling.literals == ("医生", "护士")
    assert keywords.spellings[0] == ("医生", "醫生", *forms("医生")[2:])


def present(keywords: Keywords, text: str) -> set[int]:
    """The numbers of the spellings that stand in a text, with any blanks inside."""
    joined = "".join(character for character in text if character not in BLANKS)
    return {number for number, spelled in enumerate(keywords.spellings) if any(form in joined for form in spelled)}


@settings(max_examples=200, deadline=None)
@given(CONDITIONS, TEXTS)
def test_what_matches_is_possible(condition: Any, text: str) -> None:
    file = f"[vocabulary]\nv = {toml(VOCABULARY)}\n[[expression]]\nname = 'only'\nall = [{toml(condition)}]\n"
    with contextlib.suppress(KeywordsError):  # a condition that needs no word
        keywords = interpret(file, "keywords.toml")
        assert not keywords.find(text) or keywords.possible(present(keywords, text))


PIECES = [
    "医生",
    "醫 生",
    "护士",
    "医院",
    "急诊科",
    "李某",
    "殴打",
    "毆\n打",
    "推倒",
    "经",
    "抢救",
    "，",
    "。",
    "送往",
    "保安",
    "砸",
    "ＩＣＵ",
    "停尸",
    "院长",
    "的",
]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_the_shipped_keywords_are_possible_where_they_match(text: str) -> None:
    if KEYWORDS.find(text):
        assert KEYWORDS.possible(present(KEYWORDS, text))


def test_coded_cases_are_possible_by_their_words_alone() -> None:
    assert all(KEYWORDS.possible(present(KEYWORDS, text)) for text in coded(in_scope=True) if KEYWORDS.find(text))


def test_a_text_without_the_words_is_not_possible() -> None:
    assert not KEYWORDS.possible(set())
    assert KEYWORDS.possible(set(range(len(KEYWORDS.spellings))))


def test_a_text_with_half_a_character_is_searched() -> None:
    assert parse(SMALL, "small.toml").find("\ud800张某殴打医生") == [Hit("staff_attacked", 3, 7)]


# Filters.


@pytest.mark.parametrize(
    ("filters", "judged", "why"),
    [
        (Filters(), judgment(decided_on="1999-01-01", case_type="民事案件"), None),
        (Filters(years=(2012, 2023)), judgment(decided_on="2012-01-01"), None),
        (Filters(years=(2012, 2023)), judgment(decided_on="2011-12-31"), "year 2011"),
        (Filters(years=(2012, 2023)), judgment("某某市某某区人民法院 （2024）某0102刑初1号"), "year 2024"),
        (Filters(years=(2012, 2023)), judgment("经审理查明"), None),
        (Filters(case_types=("刑事",)), judgment(case_type="刑事案件"), None),
        (Filters(case_types=("刑事",)), judgment(case_type="民事案件"), "case type 民事"),
        (Filters(case_types=("刑事",)), judgment(), None),
        (Filters(charges=("寻衅滋事罪",)), judgment("被告人张某犯寻衅滋事罪。"), None),
        (Filters(charges=("寻衅滋事罪",)), judgment("被告人张某犯盗窃罪。"), "none of the charges"),
        (Filters(charges=("寻衅滋事罪",)), judgment("被告人张某当庭自愿认罪。"), None),
        (Filters(charges=("寻衅滋事罪",)), judgment("经审理查明", cause_of_action="盗窃"), "none of the charges"),
        (Filters(courts=("某某区",)), judgment(court="某某市某某区人民法院"), None),
        (Filters(courts=("某某区",)), judgment(court="某某市中级人民法院"), "not among the courts"),
        (Filters(provinces=("浙江",)), judgment(court="浙江省某某市中级人民法院"), None),
        (Filters(provinces=("浙江",)), judgment("江苏省某某市中级人民法院 刑事判决书"), "not among the provinces"),
        (Filters(provinces=("浙江",)), judgment("经审理查明"), None),
    ],
)
def test_filters_keep_out_what_is_stated_otherwise(filters: Filters, judged: Judgment, why: str | None) -> None:
    reason = filters.reason(judged)
    assert reason is None if why is None else reason is not None and why in reason


def test_keywords_admit_by_their_filters() -> None:
    keywords = parse(f"[filters]\nyears = [2012, 2023]\n{SMALL}", "small.toml")
    assert keywords.admits(judgment(decided_on="2015-05-01"))
    assert not keywords.admits(judgment(decided_on="2010-05-01"))
    assert "2010" in (keywords.reason(judgment(decided_on="2010-05-01")) or "")


# Files that cannot be.


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("within = 6", "within = ", "small.toml: this is no TOML: Invalid value (at line 9"),
        ("within = 6", "within = -1", "small.toml:5: expression 'staff_attacked': within = -1 is no number"),
        ("within = 6", "across = 1", "across = 1 is neither"),
        ("within = 6", "distance = 6", "unknown key 'distance'; known are"),
        (
            'blow = ["殴打", "砍"]',
            'blow = ["{hit}"]',
            "small.toml:4: vocabulary 'blow': '{hit}': unknown vocabulary 'hit'; known are staff",
        ),
        ('blow = ["殴打", "砍"]', "blow = []", "it holds no phrase"),
        ('blow = ["殴打", "砍"]', 'blow = ["殴打", ""]', "'': it is empty"),
        ('blow = ["殴打", "砍"]', 'blow = ["殴打{"]', "a brace has no partner"),
        ('blow = ["殴打", "砍"]', 'blow = ["殴打…"]', "a gap … stands at its end"),
        ('blow = ["殴打", "砍"]', 'blow = ["甲…乙…丙…丁…戊…己"]', "it has 5 gaps, 4 are allowed"),
        ('blow = ["殴打", "砍"]', "blow = 1", "no list of strings"),
        ('near = ["{staff}", "{blow}"]', 'near = ["{staff}"]', "`near` needs two or more"),
        ('near = ["{staff}", "{blow}"]', 'not = ["{staff}"]', "it matches texts that hold none of its words"),
        ('near = ["{staff}", "{blow}"]', "any = []", "'any' is an empty list"),
        ('near = ["{staff}", "{blow}"]', "any = [1]", "1 is no condition"),
        ('near = ["{staff}", "{blow}"]', "", "it asks for nothing"),
        ('name = "staff_attacked"', 'name = "殴打"', "expression '殴打': it needs a `name` of small letters"),
        ('name = "staff_attacked"', "", "small.toml:5: expression 1: it needs a `name`"),
        ('hits = ["张某殴打值班医生。"]', "", "expression 'staff_attacked' has no example"),
        ('hits = ["张某殴打值班医生。"]', 'hits = ["张某。"]', "does not find its own example '张某。'"),
        ('hits = ["张某殴打值班医生。"]', 'hits = ["殴打医生"]\nmisses = ["砍医生"]', "finds what it must miss, '砍医生'"),
        ("[vocabulary]", "[filters]\nyears = [2023, 2012]\n[vocabulary]", "[filters]: 'years' run backwards"),
        ("[vocabulary]", "[filters]\nyears = 2012\n[vocabulary]", "'years' are the first and the last year"),
        ("[vocabulary]", "[filters]\ncourt = []\n[vocabulary]", "[filters]: unknown key 'court'"),
        ("[vocabulary]", "[common]\nmany = ['打']\n[vocabulary]", "[common]: 'many' is no number"),
        ("[[expression]]", "[expression]", "there is no [[expression]]"),
    ],
)
def test_a_broken_file_is_refused_with_the_place_and_what_to_do(before: str, after: str, told: str) -> None:
    assert before in SMALL
    with pytest.raises(KeywordsError) as caught:
        parse(SMALL.replace(before, after, 1), "small.toml")
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith("small.toml")


def test_two_expressions_of_one_name_are_refused() -> None:
    body = SMALL[SMALL.index("[[expression]]") :]
    with pytest.raises(KeywordsError, match="same name"):
        parse(SMALL + body, "small.toml")


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KeywordsError, match=r"none\.toml: the keyword file cannot be read"):
        load(tmp_path / "none.toml")
    (tmp_path / "gb.toml").write_bytes(SMALL.encode("gb18030"))
    with pytest.raises(KeywordsError, match=r"gb\.toml: the keyword file is not UTF-8"):
        load(tmp_path / "gb.toml")


LINES = [*SMALL.splitlines(), "x = 1", "[common]", "any = [{}]", "not = [[]]", 'near = [[], {near = 1}]', "[[vocabulary]]", "[expression.any]", "'''", "years = [1979-05-27]"]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(LINES), max_size=14))
def test_no_file_raises_anything_else(lines: list[str]) -> None:
    with contextlib.suppress(KeywordsError):
        parse("\n".join(lines), "some.toml")


def test_the_fingerprint_tells_what_decides() -> None:
    same = parse("# a comment\n" + SMALL.replace("殴打医务人员", "打人").replace("张某殴打值班医生", "李某殴打医生"), "small.toml")
    assert parse(SMALL, "small.toml").fingerprint == same.fingerprint
    for before, after in (("within = 6", "within = 7"), ('"砍"', '"捅"'), ("经…{staff}", "由…{staff}"), ("[vocabulary]", "[filters]\nyears = [2012, 2023]\n[vocabulary]")):  # fmt: skip
        assert parse(SMALL.replace(before, after), "small.toml").fingerprint != same.fingerprint


# Why it matches.


def test_an_explanation_shows_words_in_their_context() -> None:
    text = "2015年5月1日，被告人张某在急诊科殴 打值班醫生李某。"
    explained = explain(parse(SMALL, "small.toml"), judgment(text))
    (found,) = explained.found
    assert found.words == ("殴打", "医生")
    assert text[found.start : found.end] == "殴 打值班醫生"
    assert "急诊科【殴 打值班醫生】李某" in found.quote
    assert explained.wanted
    assert explained.lines()[0].endswith("would be taken")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("李某被殴打，经医生抢救。", "cancelled by 经…{staff}"),
        ("医生在家休息，当天下午李某在路边殴打王某。", "the nearest {blow} is 14 characters away, 6 are allowed"),
        ("李某是医生。张某殴打王某。", "a sentence ends between the words"),
        ("李某是医生。", "no {blow} in the text"),
    ],
)
def test_a_near_miss_says_what_is_missing(text: str, why: str) -> None:
    explained = explain(parse(SMALL, "small.toml"), judgment(text))
    assert not explained.found
    assert not explained.wanted
    assert why in explained.missed[0].why
    assert any(why in line for line in explained.lines())


def test_a_text_without_any_of_the_words_is_no_near_miss() -> None:
    assert explain(parse(SMALL, "small.toml"), judgment("张某殴打王某。")).missed == ()


def test_where_a_text_is_found_anyway_only_what_was_cancelled_is_shown() -> None:
    far = SMALL[SMALL.index("[[expression]]") :].replace("staff_attacked", "far").replace("within = 6", "within = 1")
    void = far.replace("far", "void").replace('["经…{staff}"]', '["值班医生", "打医生"]').replace("within = 1", "within = 5")
    keywords = interpret(SMALL + far + void, "small.toml")
    explained = explain(keywords, judgment("张某殴打值班医生。"))
    assert [found.expression for found in explained.found] == ["staff_attacked"]
    assert [(missed.expression, missed.why) for missed in explained.missed] == [("void", "cancelled by 值班医生")]


def test_the_expressions_are_listed() -> None:
    rows = listing(KEYWORDS)
    assert len(rows) == len(KEYWORDS.expressions)
    assert rows[3] == "study_beating_doctors: 殴打医生 / beating doctors (the study's keyword) [殴打医生]"


def test_the_filters_reason_is_shown() -> None:
    keywords = parse(f"[filters]\nyears = [2012, 2023]\n{SMALL}", "small.toml")
    explained = explain(keywords, judgment("张某殴打值班医生。", decided_on="2001-01-01"))
    assert explained.found
    assert not explained.wanted
    assert "would not be taken: year 2001 is outside 2012-2023" in explained.lines()[0]


def test_files_of_any_form_are_explained(tmp_path: Path) -> None:
    told = "经审理查明，2015年5月1日，被告人张某殴打值班医生李某，致其轻微伤。本院认为，被告人张某犯寻衅滋事罪，判决如下：判处拘役五个月。"
    (tmp_path / "a.jsonl").write_text(json.dumps({"id": "1", "text": told}, ensure_ascii=False) + "\n", "utf-8")
    (tmp_path / "b.json").write_text("{}", "utf-8")
    rows = list(explain_paths(parse(SMALL, "small.toml"), [tmp_path]))
    assert [isinstance(row, Rejected) for row in rows] == [False, True]
    assert not isinstance(rows[0], Rejected)
    assert rows[0].wanted
    assert "a.jsonl" in rows[0].path
