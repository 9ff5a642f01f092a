"""What the defence pleads is kept apart, for whom it pleads, with the court's answer; it changes no value."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.case import Case, Defendant
from pipeline.extract.decision.circumstances import circumstance_labels
from pipeline.schema import Judgment, Label, Speaker
from pipeline.text import Document, canonical

HEAD = "某某县人民法院\n刑事判决书\n（2020）某01刑初1号\n公诉机关某某县人民检察院。\n"
TAIL = "依照《中华人民共和国刑法》第二百三十四条第一款之规定，判决如下：\n判处有期徒刑一年。\n审判员赵某\n"


def labels(plea: str, view: str, *names: str) -> list[Label]:
    heading = "".join(f"被告人{name}，男，1980年1月1日出生，汉族。\n" for name in names)
    charge = "某某县人民检察院指控，某日，被告人因琐事将被害人王某打伤。\n"
    facts = "经审理查明，某日，被告人因琐事与被害人王某发生争执并将其打伤。\n"
    text = canonical(f"{HEAD}{heading}{charge}{plea}{facts}本院认为，其行为构成故意伤害罪。{view}{TAIL}")
    defendants = tuple(Defendant(n, name, (name,), 0, 0) for n, name in enumerate(names, 1))
    return circumstance_labels(Case(Judgment("test", "1", text), Document.read(text), defendants))


def claims(found: list[Label]) -> dict[tuple[str, str], list[bool | None]]:
    """(unit, variable) -> the court's answers, of what the defence pleads."""
    return {(label.unit, label.variable): [s.accepted for s in label.spans] for label in found if label.by == "defence"}


def values(found: list[Label]) -> dict[tuple[str, str], str]:
    return {(label.unit, label.variable): label.value for label in found if label.by == "rules"}


def test_a_plea_of_the_defence_is_kept_and_decides_nothing() -> None:
    found = labels("被告人张某的辩护人提出，张某系自首，被害人有过错，且已赔偿并取得谅解。\n", "", "张某")
    assert claims(found) == {
        ("defendant:1", "surrender"): [None],
        ("case", "victim_fault"): [None],
        ("case", "compensation"): [None],
        ("case", "forgiveness"): [None],
    }
    assert set(values(found).values()) == {"0"}


@pytest.mark.parametrize(
    ("view", "answer", "value"),
    [
        ("辩护人提出张某系从犯的意见，与事实不符，不予采纳。", False, "0"),
        ("辩护人提出张某系从犯的意见，予以采纳。", True, "1"),
        ("辩护人提出张某系从犯。经查，与事实不符，本院不予采纳。", False, "0"),
        ("辩护人提出张某系从犯，请求从轻处罚。", None, "0"),
        ("关于辩护人提出张某系从犯的意见。经查，张某提出犯意。其还准备了工具。故该辩护意见不予采纳。", False, "0"),
        ("关于辩护人提出张某系从犯的意见。经查，张某受人指使。其仅望风。故该辩护意见成立，予以采纳。", True, "1"),
    ],
)
def test_the_courts_answer_stands_in_the_span(view: str, answer: bool | None, value: str) -> None:
    found = labels("", view, "张某")
    assert claims(found)["defendant:1", "accessory"] == [answer]
    assert values(found)["defendant:1", "accessory"] == value
    span = next(label.spans[0] for label in found if label.by == "defence")
    assert span.speaker is Speaker.DEFENCE


def test_a_plea_is_for_the_defendant_for_whom_it_is_made() -> None:
    plea = "被告人张某的辩护人提出，张某系自首。\n被告人李某的辩护人提出，李某系从犯。\n"
    assert set(claims(labels(plea, "", "张某", "李某"))) == {("defendant:1", "surrender"), ("defendant:2", "accessory")}


def test_what_the_prosecution_says_is_no_plea_of_the_defence() -> None:
    assert claims(labels("", "公诉机关提出张某系自首的意见，予以采纳。", "张某")) == {}


def test_what_the_court_finds_is_no_plea() -> None:
    assert claims(labels("", "被告人张某系自首，已赔偿被害人并取得谅解。", "张某")) == {}


@given(
    st.lists(st.sampled_from(["系自首", "系从犯", "有立功表现", "系犯罪未遂", "被害人有过错", "已赔偿并取得谅解"]), min_size=1, max_size=4)
)
def test_no_plea_of_the_defence_changes_a_value(pleas: list[str]) -> None:
    plea = f"被告人张某的辩护人提出，张某{'，'.join(pleas)}。\n"
    assert values(labels(plea, "", "张某")) == values(labels("", "", "张某"))


@given(st.sampled_from(["第六十七条第三款", "第二十七条", "第六十五条", "第十八条第三款", "第二十六条"]))
def test_no_appended_statute_changes_a_value(article: str) -> None:
    heading = "被告人张某，男，1980年1月1日出生。\n"
    told = f"{HEAD}{heading}经审理查明，某日，被告人打人。\n本院认为，其行为构成犯罪。{TAIL}"
    appendix = f"附：本判决适用的法律条文\n《中华人民共和国刑法》{article}　被告人系自首、从犯、累犯的，应当从轻处罚。\n"
    case = [
        Case(Judgment("test", "1", canonical(t)), Document.read(canonical(t)), (Defendant(1, "张某", ("张某",), 0, 0),))
        for t in (told, told + appendix)
    ]
    plain, appended = (values(circumstance_labels(c)) for c in case)
    assert plain == appended


@pytest.mark.parametrize("names", [("赵某", "钱某"), ("孙某甲", "孙某乙"), ("周××", "吴××")])
def test_other_names_change_no_value(names: tuple[str, str]) -> None:
    def told(first: str, second: str) -> dict[tuple[str, str], str]:
        return values(labels("", f"被告人{first}系主犯，被告人{second}系从犯，{second}系自首。", first, second))

    assert told(*names) == told("张某", "李某")
