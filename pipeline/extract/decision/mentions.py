"""Which defendants a stretch of a judgment names: 被告人甲、乙, 二被告人, 各被告人, 除甲外的其他被告人.

A mention is a group of one or more defendants named together. A group of nobody is a person who is not a defendant of this document
(a co-offender tried elsewhere).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from pipeline.extract.case import Case
from pipeline.text import Document, Expression

_COUNT = {sign: n for n, sign in enumerate("一二三四五六七八九十", 1)} | {"两": 2}
_SIDE = r"(?:原审)?(?:被告人|上诉人|被告单位)"
_NUMBER = r"[二两三四五六七八九十]|十[一二三四五六七八九]"
_COLLECTIVE = re.compile(
    # Most characters begin none of these: one look ahead spares trying each.
    r"(?=[其另全各所以上原被二两三四五六七八九十同])(?:"
    rf"(?P<rest>(?:其[他余它]|另外?)(?:的|各|{_NUMBER}|名|位)*{_SIDE})|"
    rf"(?P<all>(?:全部|全体|各|所有|以上|上述)(?:名|位)?{_SIDE}|{_SIDE}(?=均|都|们))|"
    rf"(?:(?P<number>{_NUMBER})(?:名|位|个)?(?:原审)?(?:被告人?(?!人?单位)|上诉人|被告单位))|"
    rf"(?P<pair>(?<=[，。；：、对该其述与且])(?:{_NUMBER})人(?![轻重死受伤次以]))|"
    r"(?P<nobody>同案(?:犯罪)?(?:犯|人员|人|被告人)))"
)
# How many groups back 其他被告人 or 该二人 refers at most: a text that names nobody else stays linear.
_LOOK_BACK = 200
# A name goes on where one of these follows: 张某 is not named by 张某甲, nor 条 of 第三条.
_LONGER_NAME = frozenset("0123456789×*某甲乙丙丁戊己庚辛条")
_JOINT = re.compile(rf"(?:[、，和与及以同暨]|以及|（[^（）]{{0,24}}）|{_SIDE}|被告|自诉人|反诉|（|“|”)*")
_LONGEST_JOINT = 80
_JOINT_EDGE = re.compile(r"，")
# Words after which a person is not the one of whom the sentence speaks: 伙同乙, 受甲指使, 协助抓获乙.
_OBJECT = re.compile(
    r"(?:伙同|协助|受|被|向|较|相对于|相比于?|比|纠集|指使|邀约|邀集|抓获|抓捕|劝说|规劝|陪同|跟随|帮助|替|检举|揭发|举报|同案犯?|同案人|听从|应|与|同|跟|在|由|随|经|听|供述了|指认|殴打|联系|通知|明知|得知|通过|为)"
    rf"(?:同案)?(?:犯罪嫌疑人|{_SIDE}|被告)?$|"
    rf"(?:抓获|抓捕|检举|揭发|举报|规劝|指使|纠集|委托|雇佣|雇请|安排|联系|伙同)(?:了)?[^，。；：、\n]{{0,10}}?(?:犯罪嫌疑人|{_SIDE}|被告)?$"
)
# Who is tried elsewhere: 乙（另案处理）.
_ELSEWHERE = Expression(
    r"(?:[\u3400-\u9fff][某×*]{1,3}[甲乙丙丁\d]{0,2}|(?<=[、，；。：和与及同伙跟])[\u3400-\u9fff]{2,3})"
    r"（[^（）]{0,12}(?:另案|在逃|已判|另行处理|已起诉|另处)"
)
# Between a subject and another name in its clause: 甲系乙公司的会计. Titles, speech and a predicate that ends (甲系主犯乙系从犯) begin anew.
_SAME_CLAUSE = re.compile(
    r"(?![和与及同暨])(?!的?(?:辩护人|行为))(?:(?!提出|认为|供述|指控|主张|证[实明]|认定|被告|上诉)[^，。；：、\n犯罚称（）“”]){1,60}"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """`view[start:end]` names the defendants `members` (their n); `as_object` when somebody else is the one who acts."""

    start: int
    end: int
    members: frozenset[int]
    as_object: bool = False
    elsewhere: bool = False  # a person called by name who is tried elsewhere


class _Word(NamedTuple):
    """Words that name one or more defendants: a name (`n`), or a collective of some `kind` (`n` for a number of persons)."""

    start: int
    end: int
    kind: str
    n: int = 0


@dataclass(frozen=True)
class Mentions:
    """Finds the defendants of one document wherever they are named."""

    document: Document
    everybody: frozenset[int]
    _owner: dict[str, int] = field(repr=False)

    @classmethod
    def read(cls, case: Case) -> Mentions:
        """Prepare the names of a case's defendants."""
        owner = {name: d.n for d in reversed(case.defendants) for name in d.names if len(name) > 1 or len(case.defendants) > 1}
        return cls(case.document, frozenset(d.n for d in case.defendants), owner)

    def between(self, start: int, end: int) -> list[Mention]:
        """The groups named between two places of the view, in order."""
        found: list[Mention] = []
        for word in self._words(start, end):
            members = self._members(word, found)
            if found and word.kind in ("name", "elsewhere") and self._joined(found[-1], word.start):
                last = found.pop()
                found.append(Mention(last.start, word.end, last.members | members, last.as_object))
            else:
                as_object = self._as_object(word, max(start, word.start - 24), found)
                found.append(Mention(word.start, word.end, members, as_object, word.kind == "elsewhere"))
        return found

    def _as_object(self, word: _Word, start: int, before: list[Mention]) -> bool:
        """Whether somebody else acts: a preposition or verb stands before the name, or a subject in the same clause."""
        view = self.document.view
        if _OBJECT.search(view, start, word.start):
            return True
        last = before[-1] if before and word.kind in ("name", "elsewhere") else None
        return bool(last and last.members and not last.as_object and _SAME_CLAUSE.fullmatch(view, last.end, word.start))

    def _words(self, start: int, end: int) -> list[_Word]:
        found = self._names(start, end)
        for m in _COLLECTIVE.finditer(self.document.view, start, end):
            kind = str(m.lastgroup)
            found.append(_Word(m.start(), m.end(), kind, _count(m[kind]) if kind in ("number", "pair") else 0))
        return sorted(found, key=_in_order) if len(found) > 1 else found

    def _names(self, start: int, end: int) -> list[_Word]:
        """Names of defendants, the longest where several begin, none inside another."""
        view, found = self.document.view, []
        for name, n in (*self._owner.items(), *self._elsewhere):
            at = view.find(name, start, end)
            while at >= 0:
                stop = at + len(name)
                if view[stop : stop + 1] not in _LONGER_NAME and view[at - 1 : at] != "第":
                    found.append(_Word(at, stop, "name" if n else "elsewhere", n))
                at = view.find(name, stop, end)
        return _apart(sorted(found, key=_in_order)) if len(found) > 1 else found

    @cached_property
    def _elsewhere(self) -> list[tuple[str, int]]:
        """(name, 0) of each person tried elsewhere whose name no defendant bears."""
        told = {m[0][: m[0].index("（")] for m in self.document.finditer(_ELSEWHERE)}
        return [(name, 0) for name in sorted(told) if not any(name in own or own in name for own in self._owner)]

    def _joined(self, last: Mention, start: int) -> bool:
        """Whether a name goes on with the list before it: nothing but 、和及 and titles stands between."""
        if start - last.end > _LONGEST_JOINT:
            return False
        between = _JOINT.fullmatch(self.document.view, last.end, start)
        return bool(between and last.members and not (_JOINT_EDGE.match(between[0]) and len(between[0]) > 1))

    def _members(self, word: _Word, before: list[Mention]) -> frozenset[int]:
        if word.kind == "name":
            return frozenset({word.n})
        if word.kind in ("nobody", "elsewhere"):
            return frozenset()
        if word.kind == "all":
            return self.everybody
        if word.kind == "rest":
            return self.everybody - self._named_last(word.start, before)
        return self._of_size(word.n, before)

    def _named_last(self, position: int, before: list[Mention]) -> frozenset[int]:
        """Those from whom 其他被告人 sets the others apart: named in the same sentence, else the last ones named."""
        start, _ = self.document.sentence_at(position)
        named = [b.members for b in before[-_LOOK_BACK:] if b.start >= start] or [b.members for b in before[-1:]]
        return frozenset().union(*named)

    def _of_size(self, size: int, before: list[Mention]) -> frozenset[int]:
        """The last `size` defendants named together or one after the other; all when there are no more or none fit."""
        if size >= len(self.everybody):
            return self.everybody
        joined: frozenset[int] = frozenset()
        for group in before[: -_LOOK_BACK - 1 : -1]:
            if len(group.members) == size:
                return group.members
            joined |= group.members
            if len(joined) == size:
                return joined
        return self.everybody


def _in_order(word: _Word) -> tuple[int, int]:
    return word.start, -word.end


def _apart(words: list[_Word]) -> list[_Word]:
    """The words that do not begin inside one before them."""
    kept: list[_Word] = []
    for word in words:
        if not kept or word.start >= kept[-1].end:
            kept.append(word)
    return kept


def _count(words: str) -> int:
    digits = words.rstrip("人")
    return 10 + _COUNT[digits[1]] if len(digits) == 2 else _COUNT[digits]
