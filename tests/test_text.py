"""Canonical text, the reading view, sections and speakers."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.schema import Section, Speaker
from pipeline.text import Document, canonical
from pipeline.text.view import view

FIRST_INSTANCE = """某省某市某区人民法院
刑 事 判 决 书
（2019）某0102刑初7号
公诉机关某市某区人民检察院。
被告人赵某，男，1980年1月2日出生，汉族，初中文化，农民。
辩护人钱某，某某律师事务所律师。
某市某区人民检察院以某检刑诉〔2019〕5号起诉书指控被告人赵某犯故意伤害罪，于2019年3月1日向本院提起公诉。本院依法组成合议庭，公开开庭审理了本案。现已审理终结。
某市某区人民检察院指控：2018年12月1日，被告人赵某持棍殴打孙某，应当以故意伤害罪追究刑事责任。
被告人赵某辩称，其没有打人。辩护人提出，赵某系自首。
经审理查明，2018年12月1日20时许，被告人赵某在某医院急诊科殴打医生孙某，致其轻伤二级。
上述事实，有证人李某的证言、被害人孙某的陈述、鉴定意见等证据证实，足以认定。
本院认为，被告人赵某故意伤害他人身体，其行为已构成故意伤害罪。辩护人关于赵某系自首的辩护意见，与查明的事实不符，不予采纳。依照《中华人民共和国刑法》第二百三十四条第一款之规定，判决如下：
一、被告人赵某犯故意伤害罪，判处有期徒刑一年。
如不服本判决，可在接到判决书的第二日起十日内提出上诉。
审　判　长　　周某
二〇一九年五月六日
书　记　员　　吴某
附：相关法律条文
《中华人民共和国刑法》
第二百三十四条 故意伤害他人身体的，处三年以下有期徒刑、拘役或者管制。
"""


def sections_of(text: str) -> list[Section]:
    return [s.section for s in Document.read(canonical(text)).sections]


def section_with(text: str, words: str) -> Section:
    document = Document.read(canonical(text))
    return document.section_at(document.view.index(words))


@given(st.text())
def test_canonical_text_is_as_long_as_the_original(text: str) -> None:
    assert len(canonical(text)) == len(text)


@given(st.text())
def test_canonical_text_is_a_fixed_point(text: str) -> None:
    assert canonical(canonical(text)) == canonical(text)


@pytest.mark.parametrize(
    ("printed", "canonical_form"),
    [
        ("（２０１９）粤０１刑初５号", "（2019）粤01刑初5号"),
        ("〔2019〕粤01刑初5号", "（2019）粤01刑初5号"),
        ("[2019]粤01刑初5号", "（2019）粤01刑初5号"),
        ("二○一九年", "二〇一九年"),
        ("被告人张某,男", "被告人张某，男"),
        ("赔偿12,000元", "赔偿12,000元"),
        ("王＊＊\u3000李××", "王** 李××"),
        ("张某&#xD;王某", "张某     王某"),
        ("㈠重伤", "㈠重伤"),
    ],
)
def test_one_form_for_each_sign(printed: str, canonical_form: str) -> None:
    assert canonical(printed) == canonical_form


@given(st.text(alphabet="张某医院。，\n 12（）审判员", max_size=200))
def test_every_place_of_the_view_leads_back_to_the_same_character(text: str) -> None:
    read = view(text)
    for position, character in enumerate(read.text):
        if character != "\n":
            assert text[read.origin(position)] == character


def test_blanks_inside_words_and_lines_broken_inside_sentences_are_closed() -> None:
    wrapped = "\n".join(
        ["某某县人民法院", "刑 事 判 决 书", "（2018）某刑初1号", "公诉机关某县人民检察院。"]
        + ["被告人张某在某某县人民医院门诊大厅内与值班医"] * 12
        + ["生发生争执。"] * 9
    )
    assert "值班医被告人" in Document.read(canonical(wrapped)).view
    assert "刑事判决书" in Document.read(canonical("某县人民法院 刑 事 判 决 书 （2018）某刑初1号 公诉机关某某。")).view
    assert "宣告缓刑一年" in Document.read(canonical("经审理查明，属实。判处有期徒刑七个月，宣告 缓刑一年。")).view


def test_sections_of_a_first_instance_judgment() -> None:
    assert sections_of(FIRST_INSTANCE) == [
        Section.HEADING,
        Section.PROCEDURE,
        Section.PROSECUTION,
        Section.DEFENCE,
        Section.FACTS,
        Section.EVIDENCE,
        Section.COURT_VIEW,
        Section.DISPOSITION,
        Section.CLOSING,
        Section.STATUTE,
    ]


def test_the_same_sections_are_found_on_one_line() -> None:
    assert sections_of(FIRST_INSTANCE.replace("\n", " ")) == sections_of(FIRST_INSTANCE)


def test_sections_of_a_second_instance_ruling() -> None:
    text = (
        "某省某市中级人民法院\n刑事裁定书\n（2019）某01刑终9号\n原公诉机关某市某区人民检察院。\n上诉人（原审被告人）赵某，男，汉族。\n"
        "某市某区人民法院审理某市某区人民检察院指控原审被告人赵某犯寻衅滋事罪一案，于2019年5月6日作出刑事判决。宣判后，原审被告人赵某不服，提出上诉。本院依法组成合议庭，现已审理终结。\n"
        "原判认定：2018年12月1日，被告人赵某殴打护士李某。原审法院认为，被告人赵某的行为构成寻衅滋事罪，判处有期徒刑八个月。\n"
        "上诉人赵某上诉称，原判量刑过重。\n经审理查明的事实和证据与原判一致。\n本院认为，原判定罪准确，量刑适当。依照有关规定，裁定如下：\n驳回上诉，维持原判。\n本裁定为终审裁定。\n审判长周某"
    )
    assert sections_of(text) == [
        Section.HEADING,
        Section.PROCEDURE,
        Section.PRIOR_JUDGMENT,
        Section.DEFENCE,
        Section.FACTS,
        Section.COURT_VIEW,
        Section.DISPOSITION,
        Section.CLOSING,
    ]


@pytest.mark.parametrize(
    ("text", "section"),
    [
        ("经审理查明，2018年1月1日，被告人赵某殴打护士李某。", Section.FACTS),
        ("公诉机关指控：2018年1月1日，被告人赵某殴打护士李某。", Section.PROSECUTION),
        ("某市人民检察院指控，2018年1月1日，被告人赵某殴打护士李某。", Section.PROSECUTION),
        ("2018年1月1日，赵某在医院殴打护士李某。", Section.FACTS),
    ],
)
def test_records_that_hold_only_facts(text: str, section: Section) -> None:
    assert sections_of(text) == [section]


def test_summary_procedure_confirms_the_charge() -> None:
    charge = "公诉机关指控：2018年1月1日，被告人赵某殴打护士李某。"
    agreed = Document.read(charge + "经审理查明的事实与公诉机关指控的事实一致。")
    assert agreed.prosecution_confirmed
    assert (0, len(charge)) in agreed.findings
    assert not Document.read(charge + "被告人赵某辩称没有打人。").prosecution_confirmed


def test_speakers() -> None:
    document = Document.read(canonical(FIRST_INSTANCE))
    at = document.view.index
    assert document.speaker_at(at("持棍殴打")) is Speaker.PROSECUTION
    assert document.speaker_at(at("其没有打人")) is Speaker.DEFENCE
    assert document.speaker_at(at("致其轻伤二级")) is Speaker.COURT
    assert document.speaker_at(at("已构成故意伤害罪")) is Speaker.COURT
    assert document.speaker_at(at("处三年以下")) is Speaker.STATUTE


def test_a_rejected_plea_is_the_defences_and_rejected() -> None:
    document = Document.read(canonical(FIRST_INSTANCE))
    plea = document.view.index("关于赵某系自首")
    assert document.speaker_at(plea) is Speaker.DEFENCE
    assert document.accepted_at(plea) is False
    accepted = Document.read("本院认为，辩护人提出被告人赵某系初犯的辩护意见成立，予以采纳。", Section.COURT_VIEW)
    assert accepted.accepted_at(20) is True


def test_spans_quote_the_canonical_text() -> None:
    text = canonical("经审理查明，被告人赵某殴打医\n生孙某。 本院认为，属实。")
    document = Document.read(text)
    start = document.view.index("赵某")
    span = document.span(start, start + 4, "rule")
    assert text[span.start : span.end] == "赵某殴打"
    assert span.section is Section.FACTS


@given(st.text(alphabet="被告人张某，。；经审理查明本院认为判决如下：\n 公诉机关指控辩护人提出一、审判长", max_size=400))
def test_sections_sentences_and_turns_cover_the_view(text: str) -> None:
    document = Document.read(canonical(text))
    for rows in (document.sections, document.turns):
        if document.view:
            assert rows[0].start == 0
            assert rows[-1].end == len(document.view)
            assert all(a.end == b.start for a, b in pairwise(rows))
    assert "".join(document.view[a:b] for a, b in document.sentences) == document.view


@pytest.mark.parametrize("text", ["", " \n ", "一" * 1_000_000, "，" * 200_000, "被告人" * 100_000, "本院认为，" * 50_000])
def test_odd_texts_do_not_break_or_stall(text: str) -> None:
    document = Document.read(canonical(text))
    assert len(document.turns) >= 0
    assert document.findings is not None


def test_a_request_to_the_court_is_no_opinion_of_the_court() -> None:
    text = canonical(
        "某县人民法院\n刑事判决书\n（2018）某刑初2号\n被告人张某，男。\n某县人民检察院指控：被告人张某殴打李某。请求本院依法判处。\n"
        "附带民事诉讼原告人李某诉称，被告人张某将其打伤。\n经审理查明，被告人张某殴打李某。\n本院认为，其行为已构成故意伤害罪。判决如下：\n驳回。"
    )
    document = Document.read(text)
    assert document.section_at(document.view.index("请求本院")) is Section.PROSECUTION
    assert document.section_at(document.view.index("将其打伤")) is Section.PROSECUTION


def test_an_answer_to_a_plea_is_part_of_the_courts_reasons_but_added_facts_are_facts() -> None:
    text = canonical(
        "经审理查明，被告人张某殴打李某。\n本院综合评判如下：\n1.被告人张某辩称没有打人。经查明，有多人证实其打人，不予采纳。\n"
        "另查明，张某已赔偿李某的损失。\n本院认为，其行为已构成故意伤害罪。"
    )
    document = Document.read(text)
    assert document.section_at(document.view.index("经查明")) is Section.COURT_VIEW
    assert document.section_at(document.view.index("另查明")) is Section.FACTS


@pytest.mark.parametrize(
    ("reasons", "answer"),
    [
        ("辩护人提出被告人张某系自首的辩护意见，经查属实，本院予以采纳。", True),
        ("辩护人提出被告人张某系自首的辩护意见。经查，张某是被当场抓获的。故该辩护意见与事实不符，本院不予采纳。", False),
        ("辩护人提出被告人张某系自首的辩护意见；被告人李某的辩护人提出李某系从犯的辩护意见，均予以采纳。", True),
        ("辩护人提出被告人张某系自首的辩护意见。本院认为，张某积极参与。依照法律规定，量刑适当。", None),
        ("针对辩护人的辩护意见，本院评判如下：\n张某没有自动投案。故上述意见不予采纳。", None),
        ("辩护人提出被告人张某系自首的辩护意见。经查不实。辩护人提出张某系从犯的辩护意见。该辩护意见成立，予以采纳。", None),
    ],
)
def test_the_courts_answer_to_a_plea_may_stand_in_a_later_sentence(reasons: str, answer: bool | None) -> None:
    document = Document.read("本院认为，被告人张某犯故意伤害罪。" + reasons, Section.COURT_VIEW)
    assert document.accepted_at(document.view.index("辩护人")) is answer


def test_what_an_earlier_judgment_adds_and_answers_is_the_earlier_courts() -> None:
    text = canonical(
        "某市中级人民法院\n刑事判决书\n（2018）某刑终5号\n上诉人（原审被告人）张某，男。\n原审判决认定，张某殴打李某。上述事实有证人证言证实。\n"
        "另查明，张某曾因盗窃被判刑。\n原审被告人张某辩称系自首，经查不实。\n原审法院认为，张某的行为构成故意伤害罪。\n"
        "上诉人张某上诉称量刑过重。\n经审理查明的事实与原判一致。\n本院认为，原判量刑适当。裁定如下：\n驳回上诉，维持原判。"
    )
    document = Document.read(text)
    assert document.section_at(document.view.index("曾因盗窃")) is Section.EVIDENCE
    assert document.section_at(document.view.index("原审法院认为")) is Section.PRIOR_JUDGMENT
    assert document.section_at(document.view.index("经查不实")) in (Section.PRIOR_JUDGMENT, Section.EVIDENCE)
    assert document.section_at(document.view.index("量刑过重")) is Section.DEFENCE
    named = Document.read(text.replace("原审判决认定，", "某县人民法院刑事判决书认定：", 1))
    assert named.section_at(named.view.index("张某殴打李某")) is Section.PRIOR_JUDGMENT
    assert document.section_at(document.view.index("经审理查明的事实")) is Section.FACTS
