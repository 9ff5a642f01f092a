"""Charges and sentences of each defendant, as the court of this document decided them.

First instance: the orders. Second instance and retrial: what the earlier judgment ordered, changed by what is upheld and ordered anew.
A text that breaks off before the orders has charges out of the court's reasons (其行为已构成…罪) and the sentence `unstated`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.extract.case import Case
from pipeline.extract.decision.charges import charges_in
from pipeline.extract.decision.civil import ordered_compensation
from pipeline.extract.decision.mentions import Mentions
from pipeline.extract.decision.orders import Orders, read_orders
from pipeline.extract.decision.verdict import LIFELONG, Kind, Place, Verdict
from pipeline.schema import Label, Section, Span
from pipeline.text import Document, Expression

_ORDERED = Expression(r"(?:[期判处]徒刑|拘役|管制|死刑|罚金|免[予于除]\S{0,4}处|无罪)")
_NOT_THIS_CASE = re.compile(
    r"曾因|曾于|前科|刑满|释放|因犯|被(?!告)[^，。；]{0,40}判处|减刑|建议|请求|量刑意见|处罚情况|应当?判处|抗诉|幅度|法定刑"
)
_TELLING = (Section.PRIOR_JUDGMENT, Section.PROCEDURE)
_BEFORE_ORDERS = (*_TELLING, Section.PROSECUTION, Section.DEFENCE, Section.FACTS, Section.EVIDENCE, Section.COURT_VIEW)
_REMANDED = re.compile(r"发回[^。；\n]{0,30}(?:重新?审|审理|审判)|指令[^。；\n]{0,30}审理")
_RETRIAL = re.compile(r"刑再|再[终初]?字|刑监|申诉人|再审")
_GUILTY = re.compile(r"(?<!不)(?<!是否)(?<!未)构成(?!要件|的?自首|立功|累犯|坦白)([^。；\n“”，]{2,60}?罪)(?![行犯责刑过])")
_REPORTED = re.compile(r"辩[称解护]|上诉[称人]|提出|认为不|抗诉|意见")


def disposition_labels(case: Case) -> list[Label]:
    """Labels of each defendant: `charge`, `sentence_kind`, `sentence_months`, `probation_months`, `fine` (yuan), `political_rights_months`
    ("life" for 终身), `property_confiscated` ("none", "all", "part" or yuan), `term_of_charge` and `civil_compensation` (yuan ordered).
    """
    mentions = Mentions.read(case)
    verdicts = _verdicts(case, mentions)
    ordered = ordered_compensation(mentions)
    labels: list[Label] = []
    found: dict[int, dict[str, Place]] | None = None
    for defendant in case.defendants:
        verdict = verdicts.get(defendant.n, Verdict())
        if not verdict.charges and verdict.sentence().kind is not Kind.NOT_GUILTY:
            found = _charges_of_reasons(case, mentions) if found is None else found
            verdict.charges = found[defendant.n]
        labels += _labels(case.document, defendant.unit, verdict)
        labels.append(_civil(case.document, defendant.unit, ordered.get(defendant.n)))
    return labels


def _civil(document: Document, unit: str, ordered: tuple[int | float, Place] | None) -> Label:
    if not ordered:
        return Label(unit, "civil_compensation", "0")
    amount, place = ordered
    return Label(unit, "civil_compensation", f"{amount:.2f}".removesuffix(".00"), spans=(document.span(*place, "order_compensation"),))


def _verdicts(case: Case, mentions: Mentions) -> dict[int, Verdict]:
    document = case.document
    stretches = document.stretches(Section.DISPOSITION)
    orders = _claimed(read_orders(mentions, stretches), case)
    if not document.appeal:
        return orders.new
    if any(_REMANDED.search(document.view, a, b) for a, b in stretches):
        return {}
    earlier = _earlier(case, mentions)
    return {d.n: _after_appeal(d.n, orders, earlier) for d in case.defendants}


def _earlier(case: Case, mentions: Mentions) -> Orders:
    """What the earlier court ordered: told where an earlier judgment is told, else anywhere before this court's orders."""
    told = _claimed(read_orders(mentions, _ordering(case.document, _TELLING)), case)
    if not _RETRIAL.search(case.document.view, 0, 1500) and all(d.n in told.new and told.new[d.n].sentenced for d in case.defendants):
        return told
    anywhere = _claimed(read_orders(mentions, _ordering(case.document, _BEFORE_ORDERS)), case)
    if _RETRIAL.search(case.document.view, 0, 1500):
        return anywhere  # of two earlier judgments the later one counts
    told.new = anywhere.new | {n: v for n, v in told.new.items() if v.sentenced and v.charges}
    return told


def _after_appeal(n: int, orders: Orders, earlier: Orders) -> Verdict:
    """The earlier verdict on a defendant as the later court leaves it."""
    verdict = _changed(earlier.new.get(n, Verdict()), orders.upheld.get(n, Verdict()))
    new = orders.new.get(n, Verdict())
    upheld = orders.upheld.get(n)
    if new.charges and upheld:
        new.charges = upheld.charges | new.charges
        if new.sentenced and upheld.sentence().effective is Kind.FINE_ONLY and not new.sentence().fine:
            new.counts += upheld.counts  # 维持并处罚金部分，撤销主刑部分
    return _changed(verdict, new)


def _changed(before: Verdict, after: Verdict) -> Verdict:
    charges = after.charges or ({} if after.sentence().kind is Kind.NOT_GUILTY else before.charges)
    source = after if after.sentenced else before
    return Verdict(charges, source.counts, source.decided)


def _claimed(orders: Orders, case: Case) -> Orders:
    """Give the verdicts on persons whom the heading does not name to the defendants without one, where their numbers agree."""
    strangers = sorted((n for n in orders.new if n < 0), reverse=True)
    free = [d.n for d in case.defendants if d.n not in orders.new]
    if len(strangers) == len(free):
        for number, n in zip(strangers, free, strict=True):
            orders.new[n] = orders.new.pop(number)
    return orders


def _ordering(document: Document, sections: tuple[Section, ...]) -> list[Place]:
    """Sentences of some sections that tell what a court decided; never a defendant's record or what a party asks for."""
    found: dict[Place, bool] = {}
    for start, end in document.stretches(*sections):
        for m in document.finditer(_ORDERED, start, end):
            place = document.sentence_at(m.start())
            if place not in found:
                found[place] = not _NOT_THIS_CASE.search(document.view, *place)
    return [place for place, ours in found.items() if ours]


def _charges_of_reasons(case: Case, mentions: Mentions) -> dict[int, dict[str, Place]]:
    """Charges that the court finds made out, where no order names one."""
    document, found = case.document, {d.n: dict[str, Place]() for d in case.defendants}
    for start, end in document.stretches(Section.COURT_VIEW):
        named = [m for m in mentions.between(start, end) if m.members and not m.as_object]
        for at, stop, charges in _findings_of_guilt(document, start, end):
            before = [m for m in named if m.start < at]
            members = before[-1].members if before else mentions.everybody
            for n in members:
                for charge in charges:
                    found[n].setdefault(charge, (at, stop))
    return found


def _findings_of_guilt(document: Document, start: int, end: int) -> Iterator[tuple[int, int, list[str]]]:
    for m in _GUILTY.finditer(document.view, start, end):
        sentence_start, _ = document.sentence_at(m.start())
        if not _REPORTED.search(document.view, sentence_start, m.start()):
            yield m.start(), m.end(), charges_in(m[1])


def _labels(document: Document, unit: str, verdict: Verdict) -> Iterator[Label]:
    for charge, (start, end) in verdict.charges.items():
        yield Label(unit, "charge", charge, spans=(document.span(start, end, "conviction"),))
    sentence = verdict.sentence()

    def evidence(*names: str) -> tuple[Span, ...]:
        return tuple(document.span(*sentence.places[n], f"order_{n}") for n in names if n in sentence.places)

    fine = int(sentence.fine) if sentence.fine == int(sentence.fine) else sentence.fine
    yield Label(unit, "sentence_kind", sentence.effective.value, spans=evidence("kind", "fine")[:1])
    yield Label(unit, "sentence_months", str(sentence.months), spans=evidence("months"))
    yield Label(unit, "probation_months", str(sentence.probation), spans=evidence("probation"))
    yield Label(unit, "fine", str(fine), spans=evidence("fine"))
    rights = "life" if sentence.political == LIFELONG else str(sentence.political)
    yield Label(unit, "political_rights_months", rights, spans=evidence("political"))
    yield Label(unit, "property_confiscated", sentence.confiscated or "none", spans=evidence("confiscated"))
    yield from _terms_of_charges(document, unit, verdict)


def _terms_of_charges(document: Document, unit: str, verdict: Verdict) -> Iterator[Label]:
    """Labels `term_of_charge`, one for each count that has a penalty of its own: charge, kind and months, as 抢劫罪 fixed 36."""
    for count in verdict.counts:
        if count.charges and count.effective is not Kind.UNSTATED:
            value = f"{'、'.join(count.charges)} {count.effective.value} {count.months}"
            place = count.places.get("kind") or count.places["fine"]
            yield Label(unit, "term_of_charge", value, spans=(document.span(*place, "order_of_charge"),))
