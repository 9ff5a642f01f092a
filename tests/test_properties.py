"""What must not change a value: an appended statute, an unanswered plea, another name; and every quotation stands in its text.

The judgments are those of corpora/ (invented or retold); hypothesis draws a handful, always the same ones.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pipeline.extract import extract
from pipeline.schema import Judgment, Label
from pipeline.text import canonical

CORPORA = Path(__file__).parents[1] / "corpora"
FEW = settings(max_examples=60, deadline=None, derandomize=True)
_SIGNED = re.compile(r"(?:书\s*记\s*员|审\s*判\s*[长员])\s*[^\s。，]{1,8}\s*$|[日号]\s*$")
_MASKED = r"(?=[某×*]|(?:主治)?(?:医生|医师|护士|大夫|主任|院长))"
_FACTS = re.compile(r"(?<=[。\n ])经(?:法庭|本院|依法|公开|开庭){0,3}审理查明")

Saying = tuple[str, str, str]

LAW = (
    "《中华人民共和国刑法》第二百三十四条 故意伤害他人身体的，处三年以下有期徒刑、拘役或者管制。犯前款罪，致人重伤的，处三年以上十年以下有期徒刑；"
    "致人死亡或者以特别残忍手段致人重伤造成严重残疾的，处十年以上有期徒刑、无期徒刑或者死刑。",
    "《中华人民共和国刑法》第六十七条 犯罪以后自动投案，如实供述自己的罪行的，是自首。对于自首的犯罪分子，可以从轻或者减轻处罚。",
    "《中华人民共和国刑法》第十八条 精神病人在不能辨认或者不能控制自己行为的时候造成危害结果，经法定程序鉴定确认的，不负刑事责任。醉酒的人犯罪，应当负刑事责任。",
    "《中华人民共和国刑法》第六十五条 被判处有期徒刑以上刑罚的犯罪分子，刑罚执行完毕或者赦免以后，在五年以内再犯应当判处有期徒刑以上刑罚之罪的，是累犯，应当从重处罚。",
    "《中华人民共和国刑法》第二十七条 在共同犯罪中起次要或者辅助作用的，是从犯。对于从犯，应当从轻、减轻处罚或者免除处罚。",
    "《中华人民共和国刑法》第二百九十三条 随意殴打他人，情节恶劣的，处五年以下有期徒刑、拘役或者管制。纠集他人多次实施前款行为，可以并处罚金。",
    "《中华人民共和国刑事诉讼法》第十五条 犯罪嫌疑人、被告人自愿如实供述自己的罪行，承认指控的犯罪事实，愿意接受处罚的，可以依法从宽处理。",
    "《中华人民共和国刑法》第六十八条 犯罪分子有揭发他人犯罪行为，查证属实的，或者提供重要线索，从而得以侦破其他案件等立功表现的，可以从轻或者减轻处罚。",
    "《中华人民共和国刑法》第七十二条 对于被判处拘役、三年以下有期徒刑的犯罪分子，可以宣告缓刑。",
    "《中华人民共和国刑法》第二百三十二条 故意杀人的，处死刑、无期徒刑或者十年以上有期徒刑；情节较轻的，处三年以上十年以下有期徒刑。",
)
APPENDIX_HEADINGS = (
    "附：", "附：相关法律条文\n", "附相关法条：\n", "附本案适用的法律条文：\n", "附：本判决引用的法律依据\n", "附件：相关法律规定\n", "附法条：\n", "相关法律条文：\n", "相关法条\n",
    "本判决适用的相关法律条文\n", "附录：\n", "附：\n一、", "附：与本案有关的法律规定\n",
)  # fmt: skip
OPENINGS = (
    "辩护人提出，",
    "辩护人提出：",
    "辩护人辩称，",
    "被告人的辩护人认为，",
    "辩护人的辩护意见是：",
    "被告人辩称，",
    "被告人对指控的事实没有异议，辩护人提出以下意见：",
    "辩护人提出如下意见：",
)
PLEAS = (
    "被告人系自首", "被告人主动投案，如实供述，构成自首", "被害人有过错", "被害人存在严重过错，先动手打人", "被告人系从犯", "被告人在共同犯罪中起次要作用，系从犯", "被告人案发时醉酒",
    "案发前被告人曾大量饮酒", "被告人患有精神分裂症，系限制刑事责任能力人", "被告人案发时系精神病人", "被告人未持刀", "作案工具是从现场随手捡起的木棍", "刀不是事先准备的",
    "被告人已赔偿被害人全部损失并取得谅解", "被害人已出具谅解书", "被告人系初犯、偶犯", "被告人有立功表现", "被告人自愿认罪认罚", "被告人犯罪时未满十八周岁", "被害人的损伤应为轻微伤",
    "被害人的伤情未达到重伤标准", "被告人没有殴打被害人", "被告人的行为属于正当防卫", "被告人曾因盗窃被判处有期徒刑一年的前科与本案无关", "本案应定故意伤害罪而非故意杀人罪", "被告人属犯罪未遂",
    "事情的起因是医院收费不合理", "被告人只是一时激愤", "案发前双方已到卫生局调解过",
)  # fmt: skip
# Surnames that are no other word, so that 张某 can become 薛某 everywhere and nothing else changes.
SURNAMES = "张王李赵陈杨刘黄吴周徐孙朱胡郭罗梁宋郑谢韩唐冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁沈姚卢姜崔钟谭陆汪范石廖贾韦邹熊孟秦阎薛侯雷龙段郝孔邵史毛顾赖武康贺严尹钱施牛洪龚庞樊殷翟倪覃俞鲁葛尤岑戚邬臧傅萧"


@cache
def texts() -> tuple[str, ...]:
    """The judgments and fact paragraphs of the corpora, canonical, in a fixed order."""
    files = (CORPORA / f"{name}.jsonl" for name in ("demonstration", "invented"))
    return tuple(canonical(json.loads(line)["text"]) for file in files for line in file.read_text("utf-8").splitlines())


@cache
def signed() -> tuple[str, ...]:
    """Whole judgments that end with the signatures."""
    return tuple(text for text in texts() if "如下" in text and _SIGNED.search(text))


@cache
def tried() -> tuple[str, ...]:
    """Whole judgments in which the charge comes before the facts."""
    return tuple(t for t in texts() if "如下" in t and (facts := _FACTS.search(t)) and re.search("指控", t[: facts.start()]))


def labels(text: str) -> list[Label]:
    """All labels of a text."""
    return extract(Judgment("test", "", text))


@cache
def sayings(text: str) -> tuple[Saying, ...]:
    """(unit, variable, value) of all that is decided in a text, sorted; what the defence only claims decides nothing."""
    return tuple(sorted((label.unit, label.variable, label.value) for label in labels(text) if label.by == "rules"))


def changes(before: Sequence[Saying], after: Sequence[Saying]) -> list[str]:
    """What was said only before (-) and only after (+)."""
    return [f"- {s}" for s in before if s not in after] + [f"+ {s}" for s in after if s not in before]


def with_appendix(text: str, heading: str, articles: Sequence[str], gap: str) -> str:
    """The judgment with statutes after its signatures."""
    return text.rstrip() + gap + canonical(heading + gap.join(articles))


def with_plea(text: str, opening: str, pleas: Sequence[str], numbered: bool) -> str:
    """The judgment with a paragraph of pleas just before the facts, which nobody answers; numbered ones are sentences of their own."""
    facts = _FACTS.search(text)
    assert facts
    gap = "\n" if "\n" in text else " "
    told = "".join(f"{n}.{plea}。" for n, plea in enumerate(pleas, 1)) if numbered else f"{'；'.join(pleas)}，请求从轻处罚。"
    return text[: facts.start()] + opening + told + gap + text[facts.start() :]


def renamings(text: str, turn: int) -> dict[str, str]:
    """Every surname of a masked name with one that the text does not hold, taken from SURNAMES after `turn` others."""
    masked = sorted({m[1] for m in re.finditer(rf"([{SURNAMES}])(?=[某×*])", text)})
    free = [surname for surname in SURNAMES[turn:] + SURNAMES[:turn] if surname not in text]
    return dict(zip(masked, free, strict=False))


def renamed(text: str, names: dict[str, str]) -> str:
    """The text with other surnames before a mask or a title (张某, 张医生)."""
    return re.sub(rf"([{SURNAMES}]){_MASKED}", lambda m: names.get(m[1], m[1]), text)


def places(found: Sequence[Label], names: dict[str, str]) -> list[tuple[object, ...]]:
    """Labels with their evidence, names as the renamed text has them."""
    return sorted(
        (x.unit, x.variable, renamed(x.value, names), sorted((s.start, s.end, s.section, s.speaker) for s in x.spans)) for x in found
    )


@FEW
@given(text=st.sampled_from(texts()))
def test_every_quotation_stands_in_the_text(text: str) -> None:
    for label in labels(text):
        for span in label.spans:
            assert 0 <= span.start < span.end <= len(text)
            assert text[span.start : span.end].strip() == text[span.start : span.end]


@FEW
@given(text=st.sampled_from(texts()))
def test_a_name_is_quoted_as_it_is_printed(text: str) -> None:
    for label in labels(text):
        if label.variable == "name" and label.spans:
            quotes = [re.sub(r"\s", "", text[span.start : span.end]) for span in label.spans]
            assert any(label.value in quote or quote in label.value for quote in quotes), label


@FEW
@given(
    text=st.sampled_from(signed()),
    heading=st.sampled_from(APPENDIX_HEADINGS),
    articles=st.lists(st.sampled_from(LAW), min_size=1, max_size=4, unique=True),
    gap=st.sampled_from(("\n", " ", "\n\n")),
)
def test_an_appended_statute_changes_no_value(text: str, heading: str, articles: list[str], gap: str) -> None:
    assert changes(sayings(text), sayings(with_appendix(text, heading, articles, gap))) == []


@FEW
@given(
    text=st.sampled_from(tried()),
    opening=st.sampled_from(OPENINGS),
    pleas=st.lists(st.sampled_from(PLEAS), min_size=1, max_size=3, unique=True),
    numbered=st.booleans(),
)
def test_an_unanswered_plea_changes_no_value(text: str, opening: str, pleas: list[str], numbered: bool) -> None:
    assert changes(sayings(text), sayings(with_plea(text, opening, pleas, numbered))) == []


@FEW
@given(text=st.sampled_from(texts()), turn=st.integers(0, len(SURNAMES) - 1))
def test_other_names_change_nothing_but_names(text: str, turn: int) -> None:
    names = renamings(text, turn)
    assume(names)
    assert places(labels(text), names) == places(labels(renamed(text, names)), {})


@pytest.mark.parametrize(("group", "least"), [(texts, 300), (signed, 80), (tried, 80)])
def test_there_are_texts_to_draw_from(group: object, least: int) -> None:
    assert len(group()) >= least  # type: ignore[operator]
