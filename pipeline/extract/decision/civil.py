"""Compensation that the court orders in the civil action joined to the case (附带民事诉讼, Criminal Procedure Law, articles 101-104).

What was paid or agreed before the judgment is no order; it is `compensation` among the circumstances.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from pipeline.extract.decision.mentions import Mentions
from pipeline.extract.decision.terms import MONEY, yuan
from pipeline.extract.decision.verdict import Place
from pipeline.schema import Section
from pipeline.text import Document, Expression

_ORDER = Expression(r"赔偿|赔付|补偿")
_NOT_ORDERED = re.compile(r"驳回|撤销|不予支持|已(?:经)?(?:赔偿|支付|给付|履行|赔付)|赔偿(?:协议|请求)|退赔")
# Parties to the civil action alone: parents, employers, insurers.
_OTHER_PAYER = re.compile(r"附带民事诉讼被告|监护人|法定代理人|公司|单位")
_INSURER = re.compile(r"保险[^。；]{0,20}公司|交强险")
_AMOUNT = re.compile(
    rf"(?P<total>(?:共计|合计|总计|总额|总共|共|等)(?:为|人民币|各项(?:经济)?损失|(?:物质|经济)?损失|款|费用|：){{0,3}})?(?P<sum>{MONEY})"
)
_IN_YUAN = re.compile(r"[元圆]$")
_ASIDE = re.compile(r"（[^（）]{0,300}）")

Ordered = dict[int, tuple[int | float, Place]]


def ordered_compensation(mentions: Mentions) -> Ordered:
    """n -> (yuan, where it stands) of what each defendant must pay; whoever is liable jointly is liable for the whole."""
    document, found = mentions.document, Ordered()
    for start, end in document.stretches(Section.DISPOSITION):
        for place in _ordering_sentences(document, start, end):
            for n, amount, where in _amounts(mentions, place):
                before = found.get(n)
                found[n] = (before[0] + amount, before[1]) if before else (amount, where)
    return found


def _ordering_sentences(document: Document, start: int, end: int) -> list[Place]:
    """Sentences that order compensation, up to their first ；."""
    found: dict[Place, bool] = {}
    for m in document.finditer(_ORDER, start, end):
        first, last = document.sentence_at(m.start())
        place = max(first, start), min(last, end)
        if place not in found:
            found[place] = not _NOT_ORDERED.search(document.view, *place)
    return [place for place, ordered in found.items() if ordered]


def _amounts(mentions: Mentions, place: Place) -> Iterable[tuple[int, int | float, Place]]:
    """(n, yuan, where) of each defendant whom the sentence orders to pay."""
    view = mentions.document.view
    named = [m for m in mentions.between(*place) if m.members]
    if not named and (len(mentions.everybody) > 1 or _OTHER_PAYER.search(view, *place)):
        return
    starts = [m.start for m in named] or [place[0]]
    payers = [m.members for m in named] or [mentions.everybody]
    payer: frozenset[int] | None = None
    for members, (start, end) in zip(payers, pairwise([*starts, place[1]]), strict=True):
        payer = payer if payer and not _ORDER.regex.search(view, start, end) else members
        if not _INSURER.search(view, start, end) and (found := _amount(view, start, end)):
            yield from ((n, *found) for n in sorted(payer))
            payer = None


def _amount(view: str, start: int, end: int) -> tuple[int | float, Place] | None:
    """The total that is stated, else the sum of the items; amounts in brackets were paid or are items of a total."""
    asides = [(m.start(), m.end()) for m in _ASIDE.finditer(view, start, end)]
    sums = [m for m in _AMOUNT.finditer(view, start, end) if _IN_YUAN.search(m["sum"]) and not any(a <= m.start() < b for a, b in asides)]
    total = next((m for m in sums if m["total"]), None) or (sums[0] if len(sums) == 1 else None)
    if total:
        return yuan(total["sum"]), (total.start("sum"), total.end("sum"))
    return (sum(yuan(m["sum"]) for m in sums), (sums[0].start("sum"), sums[-1].end("sum"))) if sums else None
