"""The trial chain: which stored judgment is the earlier instance that a judgment cites, by case number, else by court, date and defendants."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pipeline.link import case_number, names
from pipeline.link.citations import CONTESTED, DECIDED, DISPOSED, Citation
from pipeline.link.nouns import Document, Link, Relation

_BY_STAGE = {
    "second": Relation.APPEAL,
    "retrial": Relation.RETRIAL,
    "review": Relation.REVIEW,
    "enforcement": Relation.ENFORCEMENT,
    "": Relation.LATER_INSTANCE,
}


class Cited(NamedTuple):
    """A citation with what it comes to: its relation, and the stored judgment that is meant ('' when there is none)."""

    citation: Citation
    relation: Relation
    cited_id: str


class Match(NamedTuple):
    """A stored judgment that a citation means."""

    document: Document
    score: float
    reason: str


@dataclass(frozen=True)
class Shelf:
    """Stored documents, copies left out, by case number and by day."""

    by_key: Mapping[str, Sequence[Document]]
    by_day: Mapping[str, Sequence[Document]]

    @classmethod
    def of(cls, documents: Iterable[Document]) -> Shelf:
        """Put the documents on the shelf."""
        by_key: dict[str, list[Document]] = {}
        by_day: dict[str, list[Document]] = {}
        for document in documents:
            if document.key:
                by_key.setdefault(document.key, []).append(document)
            if document.dated:
                by_day.setdefault(document.decided_on, []).append(document)
        return cls(by_key, by_day)


def relations(document: Document, citations: Sequence[Citation]) -> list[Relation]:
    """The relation of a judgment to each document that it cites; `MENTIONED` for those of other cases (prior convictions, accomplices)."""
    found = [_relation(document, citation, citations) for citation in citations]
    if document.stage in ("second", "retrial") and all(relation is Relation.MENTIONED for relation in found):
        # The history is not told: what the disposition upholds or quashes is the judgment under review.
        found = [_disposed(document, citation) for citation in citations]
    told = {citation.number: relation for citation, relation in zip(citations, found, strict=True) if relation is not Relation.MENTIONED}
    told.pop("", None)
    return [told.get(citation.number, relation) for citation, relation in zip(citations, found, strict=True)]


def _relation(document: Document, citation: Citation, citations: Sequence[Citation]) -> Relation:
    stage, cited = document.stage, case_number.stage(citation.number)
    if not citation.procedural or case_number.key(citation.number) == document.key != "":
        return Relation.MENTIONED
    if stage == "enforcement":
        return Relation.ENFORCEMENT
    if citation.cue not in (DECIDED, CONTESTED):
        return Relation.MENTIONED
    if stage == "first" or (stage == "second" and (cited == "second" or _sent_back(citation, citations))):
        return Relation.REMAND if citation.sent_back else Relation.MENTIONED
    return _BY_STAGE.get(stage, Relation.MENTIONED)


def _sent_back(citation: Citation, citations: Sequence[Citation]) -> bool:
    """Whether a later judgment of first instance is cited beside this one: then this is the one that was quashed and sent back."""
    later = (c for c in citations if c.procedural and c.cue == DECIDED and case_number.stage(c.number) == "first")
    return citation.sent_back and any(c.start > citation.start and c.number != citation.number for c in later)


def _disposed(document: Document, citation: Citation) -> Relation:
    upheld = citation.cue == DISPOSED and citation.court != "本院" and case_number.key(citation.number) != document.key
    return _BY_STAGE[document.stage] if upheld else Relation.MENTIONED


def cited(document: Document, citations: Sequence[Citation], shelf: Shelf) -> tuple[list[Cited], list[Link]]:
    """Every citation of a judgment with its relation and the stored judgment meant, and the links to the earlier instances."""
    found: list[Cited] = []
    links: dict[tuple[str, Relation], Link] = {}
    for citation, relation in zip(citations, relations(document, citations), strict=True):
        match = _match(document, citation, relation, shelf)
        found.append(Cited(citation, relation, match.document.judgment_id if match else ""))
        if match and relation is not Relation.MENTIONED:
            link = Link(document.judgment_id, match.document.judgment_id, relation, match.score, match.reason)
            key = (link.other_id, link.relation)
            links[key] = max(links.get(key, link), link, key=lambda link: link.score)
    return found, list(links.values())


def _match(document: Document, citation: Citation, relation: Relation, shelf: Shelf) -> Match | None:
    court = document.court if citation.court == "本院" else citation.court
    if match := _by_number(document, citation, court, shelf):
        return match
    if relation is Relation.MENTIONED or not court or len(citation.decided_on) < 10:
        return None
    return _by_parties(document, citation, court, shelf)


def _by_number(document: Document, citation: Citation, court: str, shelf: Shelf) -> Match | None:
    """The stored judgment with the cited number: of the cited court, and of the cited kind where several have the number."""
    key = case_number.key(citation.number)
    coded = case_number.is_coded(key)
    fitting = [
        other
        for other in shelf.by_key.get(key, ())
        if other.judgment_id != document.judgment_id and (coded or (court and other.court and names.same_court(court, other.court)))
    ]
    if not fitting:
        return None
    best = min(fitting, key=lambda d: (d.kind != citation.kind, d.decided_on != citation.decided_on, d.judgment_id))
    if _later(best, document):
        return None
    same_day = citation.decided_on and citation.decided_on == best.decided_on
    reason = f"cites {citation.number}" + ("; same court" if court and best.court else "") + ("; same date" if same_day else "")
    return Match(best, 0.99 if same_day else 0.97, reason)


def _by_parties(document: Document, citation: Citation, court: str, shelf: Shelf) -> Match | None:
    """The one judgment of the cited court and day on the same defendants, where one of the two numbers is not printed."""
    fitting = [
        other
        for other in shelf.by_day.get(citation.decided_on, ())
        if other.judgment_id != document.judgment_id
        and not (case_number.key(citation.number) and other.key)
        and other.court
        and names.same_court(court, other.court)
        and names.agree(document.defendants, other.defendants)
    ]
    if len(fitting) != 1:
        return None
    in_full = names.equal_in_full(document.defendants, fitting[0].defendants)
    people = "same defendant by full name" if in_full else "defendants' names fit"
    return Match(fitting[0], 0.9 if in_full else 0.7, f"cites a judgment of this court and date; {people}; case number not printed")


def _later(other: Document, document: Document) -> bool:
    """Whether the cited document is dated after the one that cites it: then the number is another's."""
    return other.dated and document.dated and other.decided_on > document.decided_on
