"""Identity: one case number however printed, names masked differently, copies found, serial cases and accomplices kept apart, instances joined."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from time import process_time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.link import Document, Link, Linked, Relation, case_number, link, names, sign
from pipeline.link.citations import DECIDED, DISPOSED, MENTIONED, Citation, citations
from pipeline.link.likeness import features
from pipeline.link.signature import core
from pipeline.schema import Judgment
from pipeline.text import canonical

COURT = "某东省某阳市江某区人民法院"
NUMBER = "（2018）粤0304刑初123号"


@dataclass(frozen=True)
class Case:
    """An invented judgment and what the extract stage would say of it."""

    number: str = NUMBER
    court: str = COURT
    defendants: tuple[str, ...] = ("李某甲",)
    decided_on: str = "2018-05-28"
    kind: str = "判决"
    day: str = "2017年11月3日21时"
    amount: str = "4860"
    weight: str = "12.35"
    end: str = "书记员周某"

    @property
    def facts(self) -> str:
        """What was found, with the figures that tell this case from the next."""
        who = self.defendants[0]
        return (
            f"经审理查明，{self.day}许，被告人{who}酒后到江某区人民医院急诊科就诊，因嫌护士换药太慢，先是辱骂值班人员，继而用输液架砸坏监护仪一台，"
            f"又将上前劝阻的保安员推倒在地，致其左手受伤。经鉴定，被毁监护仪价值人民币{self.amount}元，现场提取的木棍重{self.weight}千克。"
            f"案发后被告人{who}在亲属陪同下到派出所投案，如实供述上述事实，并赔偿医院损失，取得谅解。"
        )

    @property
    def text(self) -> str:
        """The whole document."""
        who = self.defendants[0]
        year, month, day = self.decided_on.split("-")
        return (
            f"{self.court}\n刑 事 {' '.join(self.kind)} 书\n{self.number}\n公诉机关江某区人民检察院。\n被告人{who}，男，汉族，初中文化，无业，住江某区北街。\n"
            f"江某区人民检察院指控被告人{who}犯寻衅滋事罪，向本院提起公诉。本院依法适用简易程序，公开开庭审理了本案，现已审理终结。\n{self.facts}\n"
            f"本院认为，被告人{who}借故生非，任意损毁财物，情节严重，其行为已构成寻衅滋事罪。公诉机关指控的罪名成立。被告人有自首情节，依法可以从轻处罚。"
            f"判决如下：\n被告人{who}犯寻衅滋事罪，判处有期徒刑八个月。\n审判员吴某\n{int(year)}年{int(month)}月{int(day)}日\n{self.end}"
        )


def document(case: Case, text: str = "", **known: object) -> tuple[Document, str]:
    """The case as linking sees it, with its canonical text."""
    judgment = Judgment("test", "", canonical(text or case.text))
    signature = sign(judgment)
    made = Document(
        judgment.judgment_id,
        case.number,
        case.court,
        case.decided_on,
        "first",
        signature.kind,
        len(judgment.text),
        case.defendants,
        signature.exact,
        np.frombuffer(signature.sketch, dtype="<u4"),
        case_number.key(case.number),
    )
    made = made._replace(**known)  # type: ignore[arg-type]
    return made._replace(key=case_number.key(made.case_number)), judgment.text


def linked(*documents: tuple[Document, str]) -> Linked:
    """Link the documents, with what their texts cite."""
    texts = {made.judgment_id: text for made, text in documents}
    return link([made for made, _ in documents], {i: list(citations(text)) for i, text in texts.items()}, texts.__getitem__)


def only(found: Linked) -> Link:
    assert len(found.links) == 1, found.links
    return found.links[0]


# ------------------------------------------------------------------------------------------------ case numbers


@pytest.mark.parametrize(
    "printed",
    [
        "(2018)粤0304刑初123号",
        "〔2018〕 粤 0304 刑初 0123 号",
        "［2018］粤0304刑初123号",
        "（２０１８）粤０３０４刑初１２３号",
        "（二〇一八）粤0304刑初l23号",
    ],
)
def test_one_number_has_one_key_however_it_is_printed(printed: str) -> None:
    assert case_number.key(printed) == case_number.key(NUMBER) == "2018 粤0304刑初 123"


def test_old_numbers_with_and_without_the_words_for_number() -> None:
    forms = ("（2013）江刑初字第0012号", "（2013）江刑初字12号", "(2013)江刑初第12号", "2013年江刑初字第12号")
    assert {case_number.key(form) for form in forms} == {"2013 江刑初 12"}


@pytest.mark.parametrize(
    "printed", ["", "无", "（2018）×刑初××号", "（2021）*011*刑初3042*号", "（2018）粤0304刑个123号", "（2018）粤03O体刑初1号"]
)
def test_masked_misprinted_and_absent_numbers_have_no_key(printed: str) -> None:
    assert case_number.key(printed) == ""


def test_parts_of_a_number_are_told_apart() -> None:
    keys = [case_number.key(f"（2018）粤0304刑初123号{part}") for part in ("", "之一", "之二")]
    assert len(set(keys)) == 3
    assert case_number.key("（2018）粤0304刑初123-1号") == keys[1]


@pytest.mark.parametrize(
    ("number", "stage"),
    [
        (NUMBER, "first"), ("（2014）江刑重初字第3号", "first"), ("（2018）粤03刑终9号", "second"), ("（2015）江中法刑一终字第7号", "second"), ("（2017）鄂刑再4号", "retrial"),
        ("（2013）鲁刑监字第48号", "retrial"), ("（2016）最高法刑核1234号", "review"), ("（2016）鄂01刑更57号", "enforcement"), ("（2014）江刑执字第12号", "enforcement"), ("", ""),
    ],
)  # fmt: skip
def test_the_letters_tell_the_stage(number: str, stage: str) -> None:
    assert case_number.stage(number) == stage


def test_masks_and_misprints_may_hide_a_number_but_two_good_numbers_differ() -> None:
    assert case_number.may_be_equal("（2021）*011*刑初3042*号", "（2021）京0115刑初30421号")
    assert not case_number.may_be_equal("（2021）*011*刑初3042*号", "（2021）京0115刑初31421号")
    assert case_number.may_be_equal("（2018）粤0304刑初体23号", NUMBER)
    assert not case_number.may_be_equal("（2018）粤0304刑初124号", NUMBER)


@given(st.text(max_size=40))
def test_any_text_is_a_number_or_none(text: str) -> None:
    assert isinstance(case_number.key(text), str)
    assert case_number.may_be_equal(text, text)


# ------------------------------------------------------------------------------------------------ names


@pytest.mark.parametrize(
    ("one", "other", "may"),
    [
        ("李某", "李××", True), ("李某", "李*", True), ("李某某", "李某甲", True), ("李某甲", "李某乙", False), ("李某甲", "李2某", True), ("李某1", "李某2", False),
        ("李明明", "李某", True), ("李明明", "李亮", False), ("李某明", "李××", True), ("李某明", "李某亮", False), ("李某", "王某", False), ("欧阳某", "欧阳明明", True),
        ("李明明", "李明明", True),
    ],
)  # fmt: skip
def test_masks_fit_or_do_not(one: str, other: str, may: bool) -> None:
    assert names.same_person(one, other) is may
    assert names.same_person(other, one) is may


def test_lists_agree_person_by_person() -> None:
    assert names.agree(["李某", "王某"], ["王××", "李××", "张某"]) is True
    assert names.agree(["李某甲", "李某乙"], ["李某"]) is True
    assert names.agree(["李某", "李某甲"], ["李某甲", "李某乙"]) is True  # 李某 must leave 李某甲 to the other
    assert names.agree(["李某", "赵某"], ["李某", "王某"]) is False
    assert names.agree([], ["李某"]) is None
    assert names.agree(["XXX"], ["李某"]) is None


def test_courts_with_and_without_their_province() -> None:
    assert names.same_court("江某区人民法院", COURT)
    assert names.same_court("某某市××区人民法院", "某某市江北区人民法院")
    assert not names.same_court("东江市鼓楼区人民法院", "西江市鼓楼区人民法院")
    assert not names.same_court("人民法院", "江北区人民法院")


# ------------------------------------------------------------------------------------------------ copies


def chrome(text: str) -> str:
    return (
        "李某甲寻衅滋事一审刑事判决书\n发布日期：2018-07-06　浏览：133次\n文书内容\n"
        + text
        + "\n附相关法律条文：\n第二百九十三条　有下列寻衅滋事行为之一的，处五年以下有期徒刑。"
        "\n微信公众号“案例 数据网”\nwww.example.cn"
    )


def one_line(text: str) -> str:
    return " ".join(text.split()).replace("（", "(").replace("）", ")")


def full_width(text: str) -> str:
    return re.sub(r"\d", lambda m: chr(ord(m[0]) + 0xFEE0), text).replace("\n", "\n\u3000\u3000")


@pytest.mark.parametrize("form", [chrome, one_line, full_width])
def test_blanks_widths_and_page_furniture_change_nothing(form: Callable[[str], str]) -> None:
    case = Case()
    found = only(linked(document(case), document(case, form(case.text))))
    assert (found.relation, found.score) == (Relation.DUPLICATE, 1.0)
    assert "page furniture" in found.reason


@pytest.mark.parametrize("mask", ["李某", "李××", "李*", "李2某", "李文华"])
def test_a_copy_with_other_masks_is_found_by_number(mask: str) -> None:
    case = Case()
    found = only(linked(document(case), document(replace(case, defendants=(mask,)))))
    assert found.relation is Relation.DUPLICATE
    assert found.score > 0.95
    assert found.reason.startswith("same case number and court; ")
    assert found.reason.endswith("; masks differ")


@pytest.mark.parametrize("mask", ["李某", "李××", "李*", "李2某"])
def test_a_copy_with_other_masks_is_found_without_a_number(mask: str) -> None:
    case = replace(Case(), number="（2018）×刑初××号")
    found = only(linked(document(Case()), document(replace(case, defendants=(mask,)))))
    assert found.relation is Relation.DUPLICATE
    assert "one has no case number" in found.reason
    assert "dates and amounts agree" in found.reason


@pytest.mark.parametrize("seed", range(5))
def test_a_scanned_copy_is_found(seed: int) -> None:
    case, chance = Case(), random.Random(seed)
    head, body = case.text[:60], case.text[60:]
    noisy = head + "".join(
        chance.choice("的一是在不了有和人这") if "\u4e00" <= c <= "\u9fff" and chance.random() < 0.01 else c for c in body
    )
    assert only(linked(document(case), document(case, noisy))).relation is Relation.DUPLICATE


def test_a_copy_cut_short_and_the_facts_alone_are_excerpts_of_the_whole() -> None:
    case = Case()
    whole, part = document(case), document(case, case.text[: len(case.text) // 2], decided_on="")
    facts = document(
        replace(case, defendants=("李某",)), replace(case, defendants=("李某",)).facts, case_number="", court="", decided_on=""
    )
    found = linked(whole, part, facts)
    assert {row.relation for row in found.links} == {Relation.EXCERPT}
    assert found.copy_of == {part[0].judgment_id: whole[0].judgment_id, facts[0].judgment_id: whole[0].judgment_id}


def test_the_original_is_the_most_complete_copy_whatever_the_order() -> None:
    case = Case()
    documents = [document(case), document(case, chrome(case.text)), document(case, case.text[:400], decided_on="")]
    found = [linked(*order) for order in (documents, documents[::-1])]
    assert found[0] == found[1]
    assert set(found[0].copy_of.values()) == {documents[1][0].judgment_id}


# ------------------------------------------------------------------------------------------------ what must stay apart

APART = {
    "the next number of the same court, all else equal": (Case(), replace(Case(), number="（2018）粤0304刑初124号")),
    "two accomplices, two judgments, masked alike": (Case(), replace(Case(), number="（2018）粤0304刑初124号", defendants=("李某乙",))),
    "another defendant, no numbers": (replace(Case(), number=""), replace(Case(), number="", defendants=("王某",))),
    "another accomplice of that surname, no numbers": (replace(Case(), number=""), replace(Case(), number="", defendants=("李某乙",))),
    "another day and amount in a serial case, no numbers": (
        replace(Case(), number=""),
        replace(Case(), number="", day="2017年12月9日22时", amount="5120", weight="9.10"),
    ),
    "decided on another day, no numbers": (replace(Case(), number=""), replace(Case(), number="", decided_on="2018-06-11")),
    "another court, no numbers": (replace(Case(), number=""), replace(Case(), number="", court="某东省某阳市河某区人民法院")),
    "the same old number in two courts": (
        replace(Case(), number="（2013）江刑初字第12号"),
        replace(Case(), number="（2013）江刑初字第12号", court="某北省江某县人民法院"),
    ),
}


@pytest.mark.parametrize("pair", APART.values(), ids=APART)
def test_documents_that_only_read_alike_stay_apart(pair: tuple[Case, Case]) -> None:
    found = linked(*map(document, pair))
    assert found.links == []
    assert len(set(found.chain.values())) == 2


def test_accomplices_judged_apart_are_not_one_document_though_masks_fit() -> None:
    apart = "同案人李某（另案处理）参与打砸，并在逃离时将收费窗口玻璃击碎。"
    one, other = replace(Case(), number="", defendants=("李某",)), replace(Case(), number="", defendants=("李某某",))
    changed = other.text.replace("在亲属陪同下到派出所投案", apart + "在火车站被民警抓获")
    assert linked(document(one, one.text.replace("又将", apart + "又将")), document(other, changed)).links == []


def test_a_text_without_a_number_joins_the_better_of_two_numbered_documents() -> None:
    first, second = Case(), replace(Case(), number="（2018）粤0304刑初124号", weight="9.10", end="书记员郑某")
    second_text = second.text.replace("先是辱骂值班人员，继而用输液架", "用随手拿起的椅子")
    bare = document(replace(Case(), number=""), Case().text.replace(NUMBER, ""))
    found = linked(document(first), document(second, second_text), bare)
    assert found.copy_of == {bare[0].judgment_id: document(first)[0].judgment_id}


def test_facts_that_fit_two_numbered_documents_alike_join_neither() -> None:
    first, second = Case(), replace(Case(), number="（2018）粤0304刑初124号", defendants=("李某乙",))
    facts = document(
        replace(Case(), defendants=("李某",)), replace(Case(), defendants=("李某",)).facts, case_number="", court="", decided_on=""
    )
    assert linked(document(first), facts).copy_of
    assert linked(document(first), document(second), facts).copy_of == {}


def test_a_ruling_under_the_number_of_the_judgment_is_of_its_case_but_no_copy() -> None:
    ruling = replace(Case(), kind="裁定", decided_on="2018-06-20")
    found = linked(document(Case()), document(ruling))
    assert only(found).relation is Relation.SAME_CASE
    assert found.copy_of == {}
    assert set(found.chain.values()) == {document(Case())[0].judgment_id}


# ------------------------------------------------------------------------------------------------ citations

HEAD = "某东省某阳市中级人民法院\n刑 事 裁 定 书\n（2018）粤03刑终9号\n原公诉机关江某区人民检察院。\n上诉人（原审被告人）李某甲，男，汉族，2009年3月因犯盗窃罪被江某区人民法院以(2009)江刑初字第31号刑事判决判处拘役三个月。\n"
HISTORY = f"{COURT}审理江某区人民检察院指控原审被告人李某甲犯寻衅滋事罪一案，于二O一八年五月二十八日作出(2018)粤0304\n刑初123号刑事判决。原审被告人李某甲不服，提出上诉。本院依法组成合议庭审理了本案。现已审理终结。\n"
REST = "原判认定，李某甲酒后滋事。上述事实，有江某区人民法院（2015）江刑初字第77号刑事判决书、证人证言证实。\n本院认为，原判正确。裁定如下：\n驳回上诉，维持原判。\n审判长吴某\n二〇一八年七月二日\n书记员周某"


def cited(text: str) -> list[Citation]:
    return list(citations(canonical(text)))


def test_every_cited_document_with_court_date_and_place() -> None:
    text = canonical(HEAD + HISTORY + REST)
    found = list(citations(text))
    assert [(c.number, c.cue) for c in found] == [
        ("（2009）江刑初字第31号", MENTIONED),
        ("（2018）粤0304刑初123号", DECIDED),
        ("（2015）江刑初字第77号", MENTIONED),
    ]
    below = found[1]
    assert (below.court, below.decided_on, below.kind, below.procedural) == (COURT, "2018-05-28", "判决", True)
    assert text[below.start : below.end].replace("\n", "") == "（2018）粤0304刑初123号刑事判决"


def test_documents_of_other_offices_are_no_court_documents() -> None:
    assert cited("检察院以江检刑诉（2018）55号起诉书指控，（2018）江公刑鉴字第5号判决性意见，（2018）粤0304刑检12号判决。") == []


def test_what_the_disposition_upholds() -> None:
    found = cited(HEAD + "原判认定，李某甲酒后滋事。\n判决如下：\n一、维持江某区人民法院（2018）粤0304刑初123号刑事判决的定罪部分；")
    assert [(c.number, c.cue, c.procedural) for c in found][1:] == [("（2018）粤0304刑初123号", DISPOSED, False)]


@settings(max_examples=60)
@given(
    st.lists(
        st.sampled_from([HISTORY, REST, HEAD, "（2018）粤0304刑初", "号刑事判决", "不服", "作出刑事判决", " ", "\n"]), max_size=12
    ).map("".join)
)
def test_citations_quote_their_text(text: str) -> None:
    canonical_text = canonical(text)
    for found in citations(canonical_text):
        quote = "".join(canonical_text[found.start : found.end].split())
        assert found.number == "" or quote.startswith("（")
        assert re.search("判决|裁定|决定|号|（", quote)
        assert not quote[:1].isspace()


# ------------------------------------------------------------------------------------------------ trial chains


def appeal(text: str = HEAD + HISTORY + REST, **known: object) -> tuple[Document, str]:
    case = Case(number="（2018）粤03刑终9号", court="某东省某阳市中级人民法院", decided_on="2018-07-02")
    return document(case, text, **{"trial_level": "second", **known})


def test_the_second_instance_is_joined_to_the_first_by_the_number_it_cites() -> None:
    first, second = document(Case()), appeal()
    found = linked(first, second)
    assert only(found) == Link(
        second[0].judgment_id, first[0].judgment_id, Relation.APPEAL, 0.99, "cites （2018）粤0304刑初123号; same court; same date"
    )
    assert set(found.chain.values()) == {first[0].judgment_id}
    relations = [row.relation for row in found.cited[second[0].judgment_id]]
    assert relations == [Relation.MENTIONED, Relation.APPEAL, Relation.MENTIONED]


def test_earlier_convictions_join_nothing_though_they_are_stored() -> None:
    earlier = document(replace(Case(), number="（2009）江刑初字第31号", decided_on="2009-03-02"))
    found = linked(earlier, appeal())
    assert found.links == []
    assert found.cited[appeal()[0].judgment_id][0].cited_id == earlier[0].judgment_id


def test_a_number_that_is_cited_twice_means_the_same_both_times() -> None:
    second = appeal(HEAD + HISTORY + REST + "\n一、撤销江某区人民法院（2018）粤0304刑初123号刑事判决第二项")
    found = linked(document(Case()), second)
    rows = [row for row in found.cited[second[0].judgment_id] if row.citation.number == "（2018）粤0304刑初123号"]
    assert [(row.relation, row.cited_id) for row in rows] == [(Relation.APPEAL, document(Case())[0].judgment_id)] * 2
    assert len(found.links) == 1


def test_copies_belong_to_the_chain_and_it_is_named_after_the_first_instance() -> None:
    first, copy, second = document(Case()), document(Case(), chrome(Case().text)), appeal()
    found = linked(first, copy, second)
    assert set(found.chain.values()) == {copy[0].judgment_id}  # the more complete copy
    assert len(found.copy_of) == 1


def test_without_a_stored_number_court_date_and_defendants_join() -> None:
    bare = document(Case(), case_number="")
    found = only(linked(bare, appeal(defendants=("李某",))))
    assert (found.relation, found.other_id, found.score) == (Relation.APPEAL, bare[0].judgment_id, 0.7)
    assert found.reason.endswith("case number not printed")
    named = document(replace(Case(), defendants=("李文华",)), case_number="")
    assert only(linked(named, appeal(defendants=("李文华",)))).score == 0.9


@pytest.mark.parametrize(
    "other", [{"defendants": ("王某",)}, {"decided_on": "2018-05-29"}, {"court": "某东省某阳市河某区人民法院"}, {"defendants": ()}]
)
def test_too_little_evidence_joins_nothing(other: dict[str, object]) -> None:
    assert linked(document(Case(), case_number="", **other), appeal()).links == []


def test_a_case_sent_back_and_appealed_again_is_one_chain() -> None:
    again = (
        HEAD.replace("刑终9号", "刑终88号")
        + HISTORY.split("本院依法")[0]
        + "本院于2018年7月2日作出（2018）粤03刑终9号刑事裁定，撤销原判，发回重新审判。江某区人民法院于2018年9月3日作出（2018）粤0304刑初400号刑事判决。李某甲不服，再次上诉。现已审理终结。\n"
        + REST
    )
    last = appeal(again, case_number="（2018）粤03刑终88号", decided_on="2018-11-05")
    retried = document(replace(Case(), number="（2018）粤0304刑初400号", decided_on="2018-09-03", amount="4900"))
    found = linked(document(Case()), appeal(), retried, last)
    mine = {row.other_id: row.relation for row in found.links if row.judgment_id == last[0].judgment_id}
    assert mine == {
        document(Case())[0].judgment_id: Relation.REMAND,
        appeal()[0].judgment_id: Relation.REMAND,
        retried[0].judgment_id: Relation.APPEAL,
    }
    assert set(found.chain.values()) == {document(Case())[0].judgment_id}


def test_enforcement_and_retrial_cite_the_judgment_they_are_about() -> None:
    commuted = (
        "某东省某阳市中级人民法院\n刑 事 裁 定 书\n（2019）粤03刑更57号\n罪犯李某甲，男，现在某某监狱服刑。\n"
        f"{COURT}于2018年5月28日作出{NUMBER}刑事判决，认定被告人李某甲犯寻衅滋事罪，判处有期徒刑八个月。执行机关提出减刑建议。\n裁定如下：\n减去有期徒刑一个月。"
    )
    reopened = commuted.replace("刑更57号", "刑再2号").replace("执行机关提出减刑建议", "判决生效后，检察院提出抗诉，本院决定再审")
    found = linked(
        document(Case()),
        appeal(commuted, case_number="（2019）粤03刑更57号", decided_on="2019-02-01", trial_level="other"),
        appeal(reopened, case_number="（2019）粤03刑再2号", decided_on="2019-03-01", trial_level="retrial"),
    )
    assert {row.relation for row in found.links} == {Relation.ENFORCEMENT, Relation.RETRIAL}
    assert len(set(found.chain.values())) == 1


# ------------------------------------------------------------------------------------------------ in any order


def collection() -> list[tuple[Document, str]]:
    case = Case()
    masked = replace(case, defendants=("李××",))
    facts = document(masked, masked.facts, case_number="", court="", decided_on="")
    pairs = [document(one) for pair in APART.values() for one in pair]
    return [document(case), document(case, chrome(case.text)), document(masked), facts, appeal(), *pairs]


@settings(max_examples=15, deadline=None)
@given(st.permutations(range(len(collection()))))
def test_the_order_of_import_changes_nothing(order: Sequence[int]) -> None:
    documents = list({made.judgment_id: (made, text) for made, text in collection()}.values())
    assert linked(*[documents[n] for n in order if n < len(documents)]) == linked(*documents)


@settings(max_examples=40)
@given(st.text(alphabet="李某甲×*0123年月日人民法院刑事判决书（）号 \n书记员", max_size=300))
def test_any_text_has_a_signature(text: str) -> None:
    signature = sign(Judgment("test", "", canonical(text)))
    assert sign(Judgment("test", "", canonical(text.replace(" ", "\u3000")))).exact == signature.exact
    assert len(signature.sketch) % 4 == 0
    assert core(canonical(text)) in canonical(text)


def test_scraps_of_text_are_linked_to_nothing() -> None:
    scraps = [
        document(Case(number="", court="", defendants=(), decided_on=""), text)
        for text in ("。", "！", "某某", "某×", "被告人李某", "被告人李某。")
    ]
    assert linked(*scraps).links == []


@pytest.mark.parametrize("piece", ["（2018）刑1111111111", "书 ", "（2018）粤", "作出（2018）", "某", "人民法院", "1，", "刑 事 ", "不服"])
def test_the_time_grows_with_the_text_and_no_faster(piece: str) -> None:
    def seconds(size: int) -> float:
        text = (piece * size)[:size]
        start = process_time()
        sign(Judgment("test", "", text))
        features(text)
        return process_time() - start

    seconds(1000)
    assert seconds(400_000) < 12 * max(seconds(100_000), 0.005)
