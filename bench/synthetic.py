"""Judgments of any length and number, made of the invented corpora with other names: nothing in them is real."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import count, cycle
from pathlib import Path

ROOT = Path(__file__).parents[1]
CORPORA = ("invented", "demonstration")
SURNAMES = "王李张赵陈杨刘黄吴周徐孙朱胡郭罗梁宋郑谢韩唐冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁沈姚卢姜崔钟谭陆汪范廖"
_MASKED = re.compile(r"[\u4e00-\u9fff](?=某)")
_NO_NAME = frozenset("在到的由被让与和及是于对将把向从以为该")

HEAD = (
    "某省某县人民法院\n刑事判决书\n（2019）某0101刑初1号\n公诉机关某省某县人民检察院。\n被告人张某，男，1985年3月2日出生，汉族，初中文化，农民，住某县。\n"
    "某县人民检察院指控被告人张某犯故意伤害罪，向本院提起公诉。本院依法组成合议庭，公开开庭审理了本案。现已审理终结。\n公诉机关指控，被告人张某持刀将被害人李某捅伤。\n经审理查明，"
)
TAIL = (
    "\n上述事实，被告人张某在开庭审理过程中亦无异议，且有证人证言、鉴定意见等证据证实。\n本院认为，被告人张某故意伤害他人身体，其行为已构成故意伤害罪。"
    "依照《中华人民共和国刑法》第二百三十四条第二款之规定，判决如下：\n被告人张某犯故意伤害罪，判处有期徒刑三年。\n审判长 王某\n二〇一九年五月六日\n书记员 赵某\n"
)


def texts() -> list[str]:
    """The texts of the invented corpora, as printed."""
    files = (ROOT / "corpora" / f"{name}.jsonl" for name in CORPORA)
    return [json.loads(line)["text"] for file in files for line in file.read_text("utf-8").splitlines()]


def renamed(text: str, turn: int) -> str:
    """The text with other surnames before each 某, other ones at every turn."""
    seen: dict[str, str] = {}

    def other(m: re.Match[str]) -> str:
        if m[0] in _NO_NAME:
            return m[0]
        return seen.setdefault(m[0], SURNAMES[(turn * 7 + len(seen)) % len(SURNAMES)])

    return _MASKED.sub(other, text)


def judgment(size: int) -> str:
    """One judgment of `size` characters whose facts tell one act after the other."""
    paragraphs = [p for text in texts() for p in text.split("\n") if 60 < len(p) < 400 and not re.search("判决|书记员|审判", p)]
    told, length = [HEAD], len(HEAD) + len(TAIL)
    for turn, paragraph in zip(count(), cycle(paragraphs)):
        if length + len(paragraph) + 1 > size:
            break
        told.append(renamed(paragraph, turn) + "\n")
        length += len(paragraph) + 1
    return ("".join(told) + "。" * (size - length)) + TAIL


def many(number: int, longest: int = 900) -> Iterator[dict[str, str]]:
    """`number` different records of 300 to `longest` characters, one after the other."""
    short = [text for text in texts() if 300 <= len(text) <= longest]
    for n, text in zip(range(number), cycle(short)):
        yield {"id": f"S{n}", "title": "", "text": f"{renamed(text, n // len(short))} 卷{n}。"}
