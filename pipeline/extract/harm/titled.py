"""Persons whom a document calls a victim: 被害人张某, 张某（被害人，殁年30岁）, 死者张某."""

from __future__ import annotations

import re
from collections.abc import Iterable
from operator import itemgetter

from pipeline.extract.harm.persons import FILLER, Mention, People, Side
from pipeline.schema import Section
from pipeline.text import Document, Expression

_TITLE = re.compile(
    r"(?:被害人|受害人|被害者|受害者|死者(?<!致死者)|伤者|被害女子|被害男子)[：，“]?(?:即|系)?(?:同事|民警|辅警|医生|护士|保安员?|协警|村民|司机|女孩|幼童|男童|女童)?([\ue000-\ue002])"
)
_APPOSITION = re.compile(
    rf"([\ue000-\ue002]){FILLER}*（(?:[^（）\ue000-\ue003]{{0,16}}[，、])?(?:即|系|均?为)?(?:本案)?(?:被害人|受害人|殁年|死者|伤者)(?![之的父母妻夫子女家亲\ue000-\ue003])"
)
_LONGEST_APPOSITION = 24
_KIN_FOLLOWS = re.compile(r"(?:的|之)[^，。；、]{0,4}(?:父|母|妻|夫|子|女儿|儿|亲属|家属|兄|弟|姐|妹|爷|奶|朋友|同事)")
_ANY = Expression("被害人|受害人|被害者|受害者|死者|伤者|被害女子|被害男子|殁年")
# The parties of a joined civil suit may be the dead person's family.
_PARTIES = (Section.HEADING, Section.PROCEDURE, Section.STATUTE)


def calls_victims(document: Document) -> bool:
    """Whether anybody may be called a victim where it counts."""
    return any(document.section_at(m.start()) not in _PARTIES for m in document.finditer(_ANY))


def titled(people: People, document: Document, both_sides: bool) -> dict[int, Mention]:
    """Keys of those called victims, each with the first mention that does so; defendants only where there are several (`both_sides`)."""
    found: dict[int, Mention] = {}
    for _, start, mentions in sorted(_callings(people, document), key=itemgetter(0)):
        if document.section_at(start) in _PARTIES:
            continue
        for mention in mentions:
            side = mention.person.side
            if side in (Side.OTHER, Side.ACCOMPLICE) or (side is Side.OFFENDER and both_sides and mention is mentions[0]):
                found.setdefault(mention.person.key, mention)
    return found


def _callings(people: People, document: Document) -> Iterable[tuple[int, int, list[Mention]]]:
    """Where somebody is called a victim, and who."""
    for word in document.finditer(_ANY):
        if m := _TITLE.match(people.marked, word.start()):
            yield m.start(1), m.start(), called(people, people.at(m.start(1)))
        bracket = people.view.rfind("（", max(0, word.start() - _LONGEST_APPOSITION), word.start())
        before = people.ending_at(bracket) if bracket > 0 else None
        if before and _APPOSITION.match(people.marked, before.start):
            yield before.start, before.start, [before]


def called(people: People, first: Mention) -> list[Mention]:
    """被害人A、B及C: all three; 被害人A与B发生争吵 calls only A one, and so does 被害人A、证人B."""
    called, listed = [first], people.listed_with(first)
    if _KIN_FOLLOWS.match(people.view, listed[-1].end):
        return called
    for mention in listed:
        if mention.start <= first.start:
            continue
        between = people.view[called[-1].end : mention.start]
        if "与" in between or re.search(r"证人|被告|群众|鉴定|辩护|公诉|代理|委托|法定|其|之|的|[他她让而]", between):
            break
        called.append(mention)
    return called
