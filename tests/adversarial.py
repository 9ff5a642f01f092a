"""Texts that a careless pattern takes hours over, and a clock that stops it; for the tests and for `make bench`.

Nothing here is a judgment: one character or phrase without end, and the words of the rules' own examples cut short again and again,
so that every pattern begins often and seldom comes to its end.
"""

from __future__ import annotations

import gc
import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.resources import files

from pipeline.extract.engine.rules import Rule, load_rules
from pipeline.text import canonical

RULE_FILES = sorted(
    p.name.removesuffix(".toml")
    for p in (files("pipeline.extract") / "rules").iterdir()
    if p.name.endswith(".toml") and "[[rule]]" in p.read_text("utf-8")
)
CHARACTERS = "刀张某伤（、9，。“\n *x一人〇年元被"
PHRASES = (
    "被告人张某，", "被告人张某", "被害人李某某", "张某、李某、", "张某的儿子", "张某乙等人", "“张某”", "证人张某证言，", "医生王某", "护士", "县人民医院",
    "（2019）", "2019年1月1日", "1990年1月1日出生，汉族，", "1,000元", "一、", "第二百三十四条、", "有期徒刑", "判处罚金", "犯故意伤害罪、", "曾因盗窃被",
    "辩护人提出被告人系从犯", "本院认", "经查，", "经审理查明，", "判决如下：", "公诉机关指控", "审判员张某", "附：", "持刀将", "用刀捅", "轻伤二级", "酒后", "报警",
    "被告人张某持刀将李某捅伤。", "张某。", "a1B2 ", "张 某 ", "张\n某\n", "&#x;", "\U00020000\U0001f52a", "由于不满",
)  # fmt: skip
# What a normal judgment says around the endless part, so that the sections, the persons and the decision are there.
BEFORE = (
    "某县人民法院\n刑事判决书\n（2019）某0101刑初1号\n公诉机关某县人民检察院。\n被告人张某某，男，1990年1月1日出生，汉族，初中文化，农民，住某县。\n"
    "公诉机关指控，被告人张某某持刀将被害人李某某捅伤。\n经审理查明，2019年1月1日，被告人张某某在某医院持刀将医生李某某捅成轻伤二级。"
)
AFTER = "。\n本院认为，被告人张某某犯故意伤害罪。判决如下：\n被告人张某某犯故意伤害罪，判处有期徒刑一年。\n审判长 王某"


class TooSlowError(AssertionError):
    """The work was not done in the time that it was given."""


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Interrupt the block, also inside a regular expression, after so many seconds of processor time.

    Raises:
        TooSlowError: when the time is up.
    """

    def stop(*_: object) -> None:
        raise TooSlowError(f"not done in {seconds:.1f} s of processor time")

    before = signal.signal(signal.SIGPROF, stop)
    gc.disable()  # what earlier tests have left in memory is not part of the work
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        gc.enable()
        signal.signal(signal.SIGPROF, before)


def seconds(work: Callable[[], object], limit: float) -> float:
    """Processor time of the work; TooSlowError above the limit."""
    with limited(limit):
        started = time.process_time()
        work()
        return time.process_time() - started


def stretched(unit: str, size: int) -> str:
    """The unit without end, cut to `size` characters."""
    return canonical((unit * (size // len(unit) + 1))[:size])


def endless(size: int) -> Iterator[tuple[str, str]]:
    """(name, text) of one character or one phrase without end."""
    for unit in (*CHARACTERS, *PHRASES):
        yield repr(unit), stretched(unit, size)


def beginnings(rule: Rule) -> list[str]:
    """What the rule finds in its own examples, cut short at every place: its pattern begins and never ends."""
    cut: dict[str, None] = {}
    for sentence in rule.hits:
        if found := rule.expression.regex.search(canonical(sentence).replace(" ", "")):
            words = re.sub(r"[。！？；\n]", "", found[0])
            cut |= {words[:length]: None for length in range(1, len(words) + 1)}
    return list(cut)


def near_misses(file: str, size: int) -> str:
    """The beginnings of all rules of a file, one after the other without an end of a sentence, `size` characters."""
    return stretched("".join(b for rule in load_rules(file).rules for b in beginnings(rule)[::3]), size)


def inside(text: str) -> str:
    """The text in the middle of a judgment's facts."""
    return canonical(BEFORE) + text + canonical(AFTER)
