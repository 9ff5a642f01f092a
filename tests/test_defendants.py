"""Defendants: headings in every shape, indictment lines, bare facts, masks and aliases."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.extract.accused.defendants import defendants
from pipeline.extract.accused.names import aliases, masked, name_like, same_person
from pipeline.extract.accused.parties import charged, parties
from pipeline.text import Document, canonical

HEAD = "某省某县人民法院\n刑事判决书\n（2018）某0123刑初45号\n公诉机关某县人民检察院。\n"
TAIL = "某县人民检察院以某检刑诉〔2018〕4号起诉书指控被告人犯故意伤害罪，于2018年3月1日向本院提起公诉。本院依法公开开庭审理了本案。现已审理终结。"


def names(text: str, named: str = "") -> list[str]:
    return [d.name for d in defendants(Document.read(canonical(text)), named)]


@pytest.mark.parametrize(
    ("paragraph", "expected"),
    [
        ("被告人陶某，男，1990年1月2日出生，汉族。", ["陶某"]),
        ("被告人：李××，女，汉族，农民。", ["李××"]),
        ("被告人王**。因涉嫌犯寻衅滋事罪于2017年1月2日被刑事拘留。", ["王**"]),
        ("被告人张X（自报），男，汉族。", ["张X"]),
        ("被告人自报刘某甲，男，汉族。", ["刘某甲"]),
        ("被告人陈某1因涉嫌犯故意伤害罪于2017年1月2日被取保候审。", ["陈某1"]),
        ("被告人阿某·买某提，男，维吾尔族。", ["阿某·买某提"]),
        ("被告人于某均，男，汉族。", ["于某均"]),
        ("被告人张某女，女，汉族。", ["张某女"]),
        ("上诉人（原审被告人）赵某某，男，汉族。\n原审被告人钱某，男，汉族。", ["赵某某", "钱某"]),
        ("被告人（上诉人）赵某某，男，汉族。", ["赵某某"]),
        ("被告单位某某（深圳）科技有限公司，住所地深圳市。\n被告人孙某，男，汉族。", ["某某（深圳）科技有限公司", "孙某"]),
        ("被告人暨附带民事诉讼被告人周某，男，汉族。", ["周某"]),
        ("罪犯吴某，男，汉族，现在某监狱服刑。", ["吴某"]),
        ("自诉人暨附带民事诉讼原告人郑某（反诉被告人），男。\n被告人王某，男，汉族。", ["王某"]),
        ("自诉人及反诉被告人郑某，男，汉族。\n被告人王某，男，汉族。", ["郑某", "王某"]),
        ("申诉人（原审被告人）冯某，男，汉族。", ["冯某"]),
        ("被告人 冯 某，男，汉族。", ["冯某"]),
        ("被告人冯某。\n辩护人何某，被告人郑某。因本案于2014年3月1日被刑事拘留。", ["冯某", "郑某"]),
        ("被告人XX华，男，汉族。", ["XX华"]),
        ("被告单位某某有限公司，诉讼代表人李某。\n被告人李某（绰号“老李”），男，汉族。", ["某某有限公司", "李某"]),
    ],
)
def test_heading(paragraph: str, expected: list[str]) -> None:
    assert names(HEAD + paragraph + "\n" + TAIL) == expected


@pytest.mark.parametrize(
    "paragraph",
    [
        "附带民事诉讼被告人李某，男，汉族，系被告人之父。",
        "附带民事诉讼原告人李某，男，汉族。",
        "上诉人（原审附带民事诉讼原告人）李某，男，汉族。",
        "法定代理人李某，男，汉族，系被告人之父。",
        "辩护人李某，某某律师事务所律师。",
        "诉讼代理人李某，某某律师事务所律师。",
        "自诉人李某，男，汉族。",
        "被告人对指控的事实没有异议。",
        "被告人均到庭参加诉讼。",
    ],
)
def test_others_of_the_heading_are_no_defendants(paragraph: str) -> None:
    assert names(f"{HEAD}被告人王某，男，汉族，农民。\n{paragraph}\n{TAIL}") == ["王某"]


def test_paragraph_ends_where_the_next_party_begins() -> None:
    document = Document.read(canonical(HEAD + "被告人王某，男，汉族。\n辩护人钱某，女，某所律师。\n被告人李某，女，回族。\n" + TAIL))
    first, second = defendants(document)
    assert "女" not in document.view[first.start : first.end]
    assert "回族" in document.view[second.start : second.end]
    assert "起诉书" not in document.view[second.start : second.end]


def test_one_line_without_separators() -> None:
    text = "某市某区人民法院刑事判决书（2020）某0702刑初66号公诉机关某市某区人民检察院。被告人王某男，1990年1月2日出生，汉族。被告人李某，女，汉族。"
    assert names(text) == ["王某", "李某"]


def test_same_masked_name_twice_is_two_people_when_their_particulars_differ() -> None:
    text = HEAD + "被告人王某，男，1980年1月2日出生，汉族。\n被告人王某，女，1991年3月4日出生，汉族。\n" + TAIL
    assert names(text) == ["王某", "王某"]


def test_a_paragraph_that_names_its_person_again_is_one_person() -> None:
    text = HEAD + "被告人王某，男，1980年1月2日出生，汉族。被告人王某因涉嫌犯故意伤害罪于2017年1月2日被刑事拘留。\n" + TAIL
    assert names(text) == ["王某"]


def test_aliases_and_later_forms() -> None:
    text = HEAD + "被告人张大明（绰号“阿明”），曾用名张小明，男，汉族。\n" + TAIL + "\n经审理查明，被告人张某持刀将被害人李某刺伤。"
    (person,) = defendants(Document.read(canonical(text)))
    assert person.name == "张大明"
    assert set(person.names) == {"张大明", "阿明", "张小明", "张某"}


def test_a_later_form_that_fits_two_is_given_to_none() -> None:
    text = HEAD + "被告人张大明，男，汉族。\n被告人张小华，男，汉族。\n" + TAIL + "\n经审理查明，被告人张某持刀将被害人李某刺伤。"
    assert all("张某" not in d.names for d in defendants(Document.read(canonical(text))))


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ("经审理查明，被告人蔡某因琐事与护士发生争执，将其打伤。", ["蔡某"]),
        ("公诉机关指控：被告人古某、曾某、凌某等六七名男子在医院大厅打砸。", ["古某", "曾某", "凌某"]),
        ("公诉机关指控，被告人王某甲伙同李某（另案处理）殴打医生。", ["王某甲"]),
        ("公诉机关指控，被告人王某甲和李某、赵某（均另案处理）殴打医生。", ["王某甲"]),
        ("公诉机关指控，被告人王某甲、李某某（已判刑）殴打医生。", ["王某甲"]),
        ("公诉机关指控，被告人王某与李某登记结婚。", ["王某"]),
        ("公诉机关指控，被告人吴某明到医院闹事，吴某明还打砸门诊，后吴某明被抓获。", ["吴某明"]),
        ("某县人民检察院指控：犯罪嫌疑人赵某在急诊科闹事。", ["赵某"]),
        ("经审理查明，被告人刘1某酒后滋事，被告人刘2某在旁助威。", ["刘1某", "刘2某"]),
        ("经审理查明，被告人在医院闹事。", []),
        ("公诉机关指控，被告人王某与李某甲、赵某（均另案处理）殴打医生。被告人李某甲持棍。", ["王某"]),
        ("公诉机关指控，被告人王某甲、李某（已判刑）殴打医生。当日，被告人李某被抓获。", ["王某甲"]),
        ("经审理查明，上诉人（原审被告人）王某在医院闹事。", ["王某"]),
        ("某县人民检察院指控：罪犯王某在保外就医期间逃离。", ["王某"]),
        ("经审理查明，被告人王某某在医院闹事。当日，被告人王某被抓获。", ["王某某"]),
        ("经审理查明，被告人王某某、王某在医院闹事。", ["王某某", "王某"]),
        ("经审理查明，被告人王某驾车肇事，附带民事诉讼被告人李某系其雇主。", ["王某"]),
        ("经审理查明，被告人暨附带民事诉讼被告人王某驾车肇事。", ["王某"]),
        ("经审理查明，被告人欧阳某持刀闹事，被告人持刀强迫钱某让路。", ["欧阳某"]),
    ],
)
def test_bare_facts(facts: str, expected: list[str]) -> None:
    assert names(facts) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("王某、李大明犯寻衅滋事罪", ["王某", "李大明"]),
        ("王某犯寻衅滋事罪", ["王某"]),
    ],
)
def test_a_paragraph_without_a_role_is_found_by_the_line_of_the_indictment(line: str, expected: list[str]) -> None:
    heading = "被告人王某，男，汉族。\n李大明（别名李小明），男，汉族，农民。\n"
    assert names(f"{HEAD}{heading}某县人民检察院以某检刑诉〔2018〕4号起诉书指控被告人{line}，于2018年3月1日向本院提起公诉。") == expected


def test_a_later_form_never_holds_the_word_behind_the_name() -> None:
    told = "经审理查明，被告人王小亲属代为赔偿。被告人王小属于自首。被告人王小记不清经过。被告人王小柯桥作案。"
    (person,) = defendants(Document.read(canonical(HEAD + "被告人王某甲，男，汉族。\n" + TAIL + told)))
    assert set(person.names) <= {"王某甲", "王小"}


def test_metadata_serve_where_there_is_no_heading() -> None:
    assert names("经审理查明，其在医院闹事，将医生打伤。", "张某,李某某") == ["张某", "李某某"]
    assert names(HEAD + "被告人王某，男，汉族。\n" + TAIL, "张某") == ["王某"]


def test_line_of_the_indictment_serves_where_the_paragraphs_are_missing() -> None:
    assert names("某县人民检察院指控被告人张某、李某犯寻衅滋事罪一案，本院审理终结。") == ["张某", "李某"]


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("被告人", True),
        ("上诉人（原审被告人）", True),
        ("上诉人", True),
        ("被告人暨附带民事诉讼被告人", True),
        ("附带民事诉讼被告人", False),
        ("上诉人（原审附带民事诉讼被告人）", False),
        ("上诉人（原审自诉人）", False),
        ("自诉人及反诉被告人", True),
    ],
)
def test_charged(role: str, expected: bool) -> None:
    assert charged(role) is expected


def test_names() -> None:
    assert masked("张某")
    assert masked("李××")
    assert not masked("张大明")
    assert aliases("被告人张某，绰号“阿三”、“三哥”，曾用名张某乙，男") == [("阿三", 9), ("三哥", 14), ("张某乙", 21)]
    assert same_person("陈某", "陈大明")
    assert same_person("陈某某", "陈某")
    assert same_person("李小军", "李小君")
    assert not same_person("王某甲", "王某乙")
    assert not same_person("王某", "李某")
    assert name_like("张某甲")
    assert not name_like("张某在家中")


@pytest.mark.parametrize("text", ["", "\n", "被告人", "被告人，", "被告人（", "（2018）", HEAD, "被告单位"])
def test_nothing_there(text: str) -> None:
    assert names(text) == []


@pytest.mark.parametrize("unit", ["被告人张某、", "张某、", "（", "被告人", "某"])
def test_a_long_monotonous_text_is_read_quickly(unit: str) -> None:
    began = time.perf_counter()
    defendants(Document.read(unit * (200_000 // len(unit))))
    assert time.perf_counter() - began < 10


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="被告人上诉原审（），。：、男女张某王李××*1甲\n因犯罪年月日·", max_size=120))
def test_any_text_gives_names_that_stand_in_it(text: str) -> None:
    document = Document.read(canonical(text))
    for n, person in enumerate(defendants(document), 1):
        assert person.n == n
        assert person.name in document.view
        assert 0 <= person.start <= person.end <= len(document.view)
    assert all(p.start <= p.at for p in parties(document.view, [(0, len(document.view))]))
