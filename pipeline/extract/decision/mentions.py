"""Which defendants a stretch of a judgment names: 被告人甲、乙, 二被告人, 各被告人, 除甲外的其他被告人.

A mention is a group of one or more defendants named together. A group of nobody is a person who is not a defendant of this document
(a co-offender tried elsewhere).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.extract.case import Case
from pipeline.text import Document

_COUNT = {sign: n for n, sign in enumerate("一二三四五六七八九十", 1)} | {"两": 2}
_SIDE = r"(?:原审)?(?:被告人|上诉人|被告单位)"
_NUMBER = r"[二两三四五六七八九十]|十[一二三四五六七八九]"
_COLLECTIVE = re.compile(
    rf"(?P<rest>(?:其[他余它]|另外?)(?:的|各|{_NUMBER}|名|位)*{_SIDE})|"
    rf"(?P<all>(?:全部|全体|各|所有|以上|上述)(?:名|位)?{_SIDE}|{_SIDE}(?=均|都|们))|"
    rf"(?:(?P<number>{_NUMBER})(?:名|位|个)?(?:原审)?(?:被告人?(?!人?单位)|上诉人|被告单位))|"
    rf"(?P<pair>(?<=[，。；：、对该其述与且])(?:{_NUMBER})人(?![轻重死受伤次以]))|"
    r"(?P<nobody>同案(?:犯罪)?(?:犯|人员|人|被告人))"
)
_JOINT = re.compile(rf"(?:[、，和与及以同暨]|以及|（[^（）]{{0,24}}）|{_SIDE}|被告|自诉人|反诉|（|“|”)*")
_JOINT_EDGE = re.compile(r"，")
# Words after which a person is not the one of whom the sentence speaks: 伙同乙, 受甲指使, 协助抓获乙.
_OBJECT = re.compile(
    r"(?:伙同|协助|受|被|向|较|相对于|相比于?|比|纠集|指使|邀约|邀集|抓获|抓捕|劝说|规劝|陪同|跟随|帮助|替|检举|揭发|举报|同案犯?|同案人|听从|应|与|同|跟|在|由|随|经|听|供述了|指认|殴打|联系|通知|明知|得知|通过|为)"
    rf"(?:同案)?(?:犯罪嫌疑人|{_SIDE}|被告)?$"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """`view[start:end]` names the defendants `members` (their n); `as_object` when somebody else is the one who acts."""

    start: int
    end: int
    members: frozenset[int]
    as_object: bool = False


@dataclass(frozen=True)
class Mentions:
    """Finds the defendants of one document wherever they are named."""

    document: Document
    everybody: frozenset[int]
    _owner: dict[str, int]
    _names: re.Pattern[str]

    @classmethod
    def read(cls, case: Case) -> Mentions:
        """Prepare the names of a case's defendants."""
        owner = {name: d.n for d in reversed(case.defendants) for name in d.names if len(name) > 1 or len(case.defendants) > 1}
        listed = "|".join(re.escape(name) for name in sorted(owner, key=len, reverse=True))
        names = re.compile(rf"(?<!第)(?P<name>{listed or '(?!)'})(?![\d×*某甲乙丙丁戊己庚辛条])")
        return cls(case.document, frozenset(d.n for d in case.defendants), owner, names)

    def between(self, start: int, end: int) -> list[Mention]:
        """The groups named between two places of the view, in order."""
        found: list[Mention] = []
        for m in self._matches(start, end):
            members = self._members(m, found)
            if found and m.lastgroup == "name" and self._joined(found[-1], m):
                last = found.pop()
                found.append(Mention(last.start, m.end(), last.members | members, last.as_object))
            else:
                found.append(
                    Mention(m.start(), m.end(), members, bool(_OBJECT.search(self.document.view, max(start, m.start() - 12), m.start())))
                )
        return found

    def _matches(self, start: int, end: int) -> list[re.Match[str]]:
        found = [m for pattern in (self._names, _COLLECTIVE) for m in pattern.finditer(self.document.view, start, end)]
        return sorted(found, key=lambda m: (m.start(), -m.end()))

    def _joined(self, last: Mention, m: re.Match[str]) -> bool:
        """Whether a name goes on with the list before it: nothing but 、和及 and titles stands between."""
        between = _JOINT.fullmatch(self.document.view, last.end, m.start())
        return bool(between and last.members and not (_JOINT_EDGE.match(between[0]) and len(between[0]) > 1))

    def _members(self, m: re.Match[str], before: list[Mention]) -> frozenset[int]:
        if m.lastgroup == "name":
            return frozenset({self._owner[m["name"]]})
        if m.lastgroup == "nobody":
            return frozenset()
        if m.lastgroup == "all":
            return self.everybody
        if m.lastgroup == "rest":
            return self.everybody - self._named_last(m.start(), before)
        return self._of_size(_count(m["number"] or m["pair"]), before)

    def _named_last(self, position: int, before: list[Mention]) -> frozenset[int]:
        """Those from whom 其他被告人 sets the others apart: named in the same sentence, else the last ones named."""
        start, _ = self.document.sentence_at(position)
        named = [b.members for b in before if b.start >= start] or [b.members for b in before[-1:]]
        return frozenset().union(*named)

    def _of_size(self, size: int, before: list[Mention]) -> frozenset[int]:
        """The last `size` defendants named together or one after the other; all when there are no more or none fit."""
        if size >= len(self.everybody):
            return self.everybody
        joined: frozenset[int] = frozenset()
        for group in reversed(before):
            if len(group.members) == size:
                return group.members
            joined |= group.members
            if len(joined) == size:
                return joined
        return self.everybody


def _count(words: str) -> int:
    digits = words.rstrip("人")
    return 10 + _COUNT[digits[1]] if len(digits) == 2 else _COUNT[digits]
