"""Reading the orders of a judgment (判决主文): a pass over the words that name persons, charges and penalties.

A defendant's name opens his part, 犯…罪 a count, 判处 a penalty of that count, 决定执行 the penalty that counts. What an appeal court
sets aside (撤销) is skipped; what it upholds (维持) is kept apart from what it orders anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from pipeline.extract.decision.charges import charge_without_verb, charges_in, convictions
from pipeline.extract.decision.mentions import Mentions
from pipeline.extract.decision.terms import MONEY, TERM, months, number, yuan
from pipeline.extract.decision.verdict import LIFELONG, Kind, Place, Verdict

_ITEM = re.compile(r"(?:(?<=[。；\n）：”])|^)(?<!即：)（?([一二三四五六七八九十]{1,3})[、.）]")
_STOP = re.compile(r"[。；\n]+")
_QUOTED = re.compile(r"[“‘「][^”’」]{0,2000}[”’」]")
_ASIDE = re.compile(
    r"（[^（）]{0,400}?(?:刑期|羁押|考验期|折抵|缴|交纳|扣除|起至|支付|履行)[^（）]{0,400}(?:（[^（）]{0,200}）[^（）]{0,400}){0,6}）?"
)
_WORDS = re.compile(
    # Most characters begin none of these: one look ahead spares trying each.
    r"(?=[死无徒执拘管免不缓罚决合并最应共实没总刑前原余剩尚未连与以半剥\d一二三四五六七八九十两〇百壹贰貳叁肆伍陆陸柒捌玖拾])(?:"
    rf"(?P<reprieve>死刑[，、（]?(?:宣告)?缓期(?:[二两2]年)?执行?)|(?P<death>死刑)|(?P<life>无期徒刑)|"
    rf"(?P<fixed>(?:徒刑|(?<=执行)刑期)(?:刑期)?(?:各|为)?(?:{TERM}|[X×*x]{{1,3}}(?:年|个月))|(?<=执行){TERM})|"
    rf"(?P<detention>拘役(?:各|为)?{TERM})|(?P<control>管制(?:各|为)?{TERM})|"
    r"(?P<exempt>免[予于除](?:对?其)?(?:刑事)?(?:处罚|处分)|免除其?刑罚)|(?P<innocent>无罪(?!辩|的?意见|供述)|不负刑事责任|不承担刑事责任)|"
    rf"(?P<probation>缓刑(?:考验(?:期限?|时间)?)?(?:为|各|期)?{TERM})|"
    rf"(?P<fine>罚金(?:共计|合计|总计|总额|数额|金额|各|为|计|：){{0,3}}{MONEY})|"
    r"(?P<decide>合并(?=有期徒刑|拘役|管制)|(?:决定|合并|并罚[，、后]?|最终|应当?)(?:对?其|对[^，。；、\n]{1,10}|合并|共同|应|只){0,2}执行(?!机关|通知|办法|之日|以前|前|完毕|部分)|"
    r"(?<=[，。；、])(?:共同|实际)?执行(?=有期|无期|死刑|拘役|管制|刑期))|"
    rf"剥夺(?P<political>政治权利(?:终身|(?:各|为)?{TERM}))|"
    rf"(?P<confiscation>没收(?:其?个人)?(?:全部|部分)?(?:合法)?财产(?:(?:价值|合计|共计|中的|折合)?{MONEY})?)|(?P<total>总和|刑期总和|总刑期|合并刑期)|"
    r"(?P<earlier>前罪|前犯|前判|原犯|余刑|剩余刑期|(?:尚)?未执行|(?:连同|与)其?[原前已]|原判处?(?=有期|拘役|管制|罚金|缓刑))|"
    r"以(?P<by>[^，。；：\n“”以]{2,40}?(?<!犯)罪)(?=，?(?:[分均并]别?)?(?:判处|对|定罪|追究|免|改判|处)))"
)
_KINDS = {
    "reprieve": Kind.REPRIEVE, "death": Kind.DEATH, "life": Kind.LIFE, "fixed": Kind.FIXED, "detention": Kind.DETENTION, "control": Kind.CONTROL,
    "exempt": Kind.EXEMPT, "innocent": Kind.NOT_GUILTY,
}  # fmt: skip
_TERM_AT_END = re.compile(rf"{TERM}$")
_MONEY_AT_END = re.compile(rf"{MONEY}$")
_STRANGER = re.compile(r"(?:被告人|上诉人|被告单位)(?:（[^（）]{0,12}）)?([^，。；：（）\n、犯]{2,12})(?=犯)")
# A charge of an earlier judgment, whose penalty is only counted in: 原判诈骗罪, 其犯抢劫罪（前罪）.
_EARLIER_BEFORE = re.compile(r"(?:[原前]判|前罪|前案|[原前曾]因|已判决?)[^，。；、]{0,10}$")
_EARLIER_AFTER = re.compile(r"（?(?:前罪|原判|前案)")
_SENTENCED = re.compile(r"判处(?:原审)?(?:被告人|上诉人|被告单位)?$")
_CUE = re.compile(r"(?P<set_aside>撤销)|(?P<upheld>维持|核准)|(?P<new>改判|变更|另行判决)")
_REVOKED = re.compile(r"[^。；“即]{0,80}(?:缓刑|假释)")
_GOES_ON = re.compile(r"[。；\n]*(?:又?犯(?!罪)|判处|并处|决定|总和|数罪|[两二三]罪|合并)")
_NEW_PARTY = re.compile(r"[。；\n]*(?:原审)?(?:上诉人|原审被告|申诉人|抗诉)")


class Effect(StrEnum):
    """What the court does with the words: order them, uphold or set aside an earlier judgment's."""

    NEW = "new"
    UPHELD = "upheld"
    SET_ASIDE = "set_aside"
    REVOKED = "revoked"  # probation or parole revoked (撤销缓刑): set aside up to the penalty that is then decided


class _Token(NamedTuple):
    start: int
    end: int
    name: str
    words: str = ""
    charges: tuple[str, ...] = ()
    members: frozenset[int] = frozenset()


@dataclass
class Orders:
    """Verdicts by defendant (n). Somebody whom the heading does not name has a number below 0, in order of appearance."""

    new: dict[int, Verdict] = field(default_factory=dict)
    upheld: dict[int, Verdict] = field(default_factory=dict)


def read_orders(mentions: Mentions, stretches: Iterable[Place]) -> Orders:
    """Read the orders that stand in stretches of the view."""
    reader = _Reader(mentions)
    for start, end in stretches:
        reader.read(start, end)
    return reader.orders


class _Reader:
    """State of the pass: of whom the words speak, and a charge that waits for its person (以抢劫罪判处钱某)."""

    def __init__(self, mentions: Mentions) -> None:
        self.mentions = mentions
        self.view = mentions.document.view
        self.orders = Orders()
        self.strangers: dict[str, int] = {}
        self.current: frozenset[int] = mentions.everybody if len(mentions.everybody) == 1 else frozenset()
        self.waiting: _Token | None = None
        self.shared: _Token | None = None  # 以诈骗罪判处甲三年；判处乙二年: the charge holds for both

    def read(self, start: int, end: int) -> None:
        """Read one stretch."""
        effects = list(_effects(self.view, start, end))
        at = 0
        for token in self._tokens(start, end):
            while effects[at][1] <= token.start:
                at += 1
            effect = effects[at][2]
            if effect is Effect.REVOKED and token.name == "decide":
                effects[at] = (effects[at][0], effects[at][1], Effect.NEW)
                effect = Effect.NEW
            self._take(token, effect)

    def _take(self, token: _Token, effect: Effect) -> None:
        if self.waiting and token.name != "person":
            self._convict(self.waiting, effect)
        if token.name == "person":
            self.current = token.members
            shared = self.shared if _SENTENCED.search(self.view, max(0, token.start - 12), token.start) else None
            if waiting := self.waiting or shared:
                self._convict(waiting, effect)
        elif token.name == "by":
            self.waiting = self.shared = token
        elif token.name == "conviction":
            self.shared = None
            self._convict(token, effect)
        else:
            for verdict in self._verdicts(effect):
                _apply(verdict, token)

    def _convict(self, token: _Token, effect: Effect) -> None:
        self.waiting = None
        if effect is Effect.UPHELD and len(self.current) == len(self.mentions.everybody) > 1:
            return  # 维持各被告人的定罪及其中受贿罪的罚金部分: the charge is not everybody's
        for verdict in self._verdicts(effect):
            verdict.convict(token.charges, (token.start, token.end))

    def _verdicts(self, effect: Effect) -> list[Verdict]:
        if effect in (Effect.SET_ASIDE, Effect.REVOKED):
            return []
        kept = self.orders.upheld if effect is Effect.UPHELD else self.orders.new
        return [kept.setdefault(n, Verdict()) for n in sorted(self.current)]

    def _tokens(self, start: int, end: int) -> list[_Token]:
        hidden = [(m.start(), m.end()) for m in _ASIDE.finditer(self.view, start, end)]
        found = [self._conviction(a, b, tuple(named)) for a, b, named in convictions(self.view, start, end)]
        persons = self._persons(start, end)
        found += persons
        for person in persons:
            if forgotten := charge_without_verb(self.view, person.end, end):
                found.append(_Token(person.end, forgotten[0], "conviction", charges=tuple(forgotten[1])))
        for m in _WORDS.finditer(self.view, start, end):
            if not m["by"]:
                found.append(_Token(m.start(), m.end(), str(m.lastgroup), m[0]))
            elif (charges := tuple(charges_in(m["by"]))) and not any(t.start <= m.start() < t.end for t in found if t.charges):
                found.append(_Token(m.start(), m.end(), "by", m[0], charges))
        shown = [t for t in found if not any(a <= t.start < b for a, b in hidden)] if hidden else found
        return sorted(shown, key=lambda t: (t.start, t.end))

    def _conviction(self, start: int, end: int, charges: tuple[str, ...]) -> _Token:
        earlier = _EARLIER_BEFORE.search(self.view, max(0, start - 16), start) or _EARLIER_AFTER.match(self.view, end)
        return _Token(start, end, "earlier" if earlier else "conviction", charges=charges)

    def _persons(self, start: int, end: int) -> list[_Token]:
        found = [_Token(m.start, m.end, "person", members=m.members) for m in self.mentions.between(start, end) if m.members]
        for m in _STRANGER.finditer(self.view, start, end):
            if not any(t.start < m.end() and t.end > m.start() for t in found):
                number = self.strangers.setdefault(m[1], -len(self.strangers) - 1)
                found.append(_Token(m.start(), m.end(), "person", members=frozenset({number})))
        return found


def _apply(verdict: Verdict, token: _Token) -> None:
    place = (token.start, token.end)
    if token.name in _KINDS:
        term = _TERM_AT_END.search(token.words)
        verdict.order(_KINDS[token.name], months(term[0]) if term and token.name != "reprieve" else 0, place)
    elif token.name == "probation" and (term := _TERM_AT_END.search(token.words)):
        verdict.suspend(months(term[0]), place)
    elif token.name == "fine" and (amount := _MONEY_AT_END.search(token.words)):
        verdict.fine(yuan(amount[0]), place)
    elif token.name == "decide":
        verdict.decide()
    elif token.name == "political":
        term = _TERM_AT_END.search(token.words)
        verdict.deprive(months(term[0]) if term else LIFELONG, place)
    elif token.name == "confiscation":
        amount = _MONEY_AT_END.search(token.words)
        verdict.confiscate(str(yuan(amount[0])) if amount else "all" if "全部" in token.words else "part", place)
    elif token.name in ("total", "earlier"):
        verdict.mode = "aside"


def _effects(view: str, start: int, end: int) -> Iterator[tuple[int, int, Effect]]:
    """Cut a stretch where 撤销, 维持 or 改判 begins and where its sentence, quotation or numbered item ends."""
    if not _CUE.search(view, start, end):
        yield start, len(view) + 1, Effect.NEW
        return
    quoted = [(m.start(), m.end()) for m in _QUOTED.finditer(view, start, end)]
    items = [start, *(i for i in _items(view, start, end, quoted) if i > start), end]
    for item_start, item_end in pairwise(items):
        yield from _effects_of_item(view, item_start, item_end, quoted)
    yield end, len(view) + 1, Effect.NEW


def _items(view: str, start: int, end: int, quoted: list[Place]) -> list[int]:
    """Where the numbered items begin. Numbers inside a repeated earlier judgment (即：二、被告人…) are passed over, going from the end."""
    marks = [(m.start(), _ordinal(m[1])) for m in _ITEM.finditer(view, start, end) if not any(a <= m.start() < b for a, b in quoted)]
    kept: list[tuple[int, int]] = []
    for place, ordinal in reversed(marks):
        if not kept or ordinal == kept[-1][1] - 1:
            kept.append((place, ordinal))
    return [place for place, _ in reversed(kept)]


def _ordinal(sign: str) -> int:
    return int(number(sign) or 0)


def _effects_of_item(view: str, start: int, end: int, quoted: list[Place]) -> Iterator[tuple[int, int, Effect]]:
    unclosed = _unclosed(view, start, end, quoted)
    numbered = bool(_ITEM.match(view, start))
    effect, at = Effect.NEW, start
    for place, cue in _turning_points(view, start, end, quoted):
        if unclosed is not None and place > unclosed and effect is not Effect.NEW:
            break
        if cue is None and (effect is Effect.NEW or _goes_on(view, at, place, numbered)):
            continue
        if place > at:
            yield at, place, effect
        effect, at = cue or Effect.NEW, place
    if end > at:
        yield at, end, effect


def _goes_on(view: str, at: int, place: int, numbered: bool) -> bool:
    """Whether the sentence after `place` still repeats the earlier judgment of which the words from `at` speak."""
    if _GOES_ON.match(view, place):
        return True
    return numbered and "即" in view[at:place] and not _NEW_PARTY.match(view, place)


def _turning_points(view: str, start: int, end: int, quoted: list[Place]) -> list[tuple[int, Effect | None]]:
    """Cues of an effect, and ends of sentences (None), outside quotations."""
    points: list[tuple[int, Effect | None]] = [(m.start(), None) for m in _STOP.finditer(view, start, end)]
    for m in _CUE.finditer(view, start, end):
        revoked = m["set_aside"] and _REVOKED.match(view, m.end(), end)
        points.append((m.start(), Effect.REVOKED if revoked else Effect(str(m.lastgroup))))
    return sorted((p for p in points if not any(a <= p[0] < b for a, b in quoted)), key=lambda p: p[0])


def _unclosed(view: str, start: int, end: int, quoted: list[Place]) -> int | None:
    """Where a quotation opens that the item never closes."""
    at = max(view.rfind("“", start, end), view.rfind("「", start, end))
    return at if at >= 0 and not any(a <= at < b for a, b in quoted) else None
